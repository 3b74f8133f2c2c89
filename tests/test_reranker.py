from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import CrossEncoder
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

from corpus.lesson import CUTTER
from index import build, store
from index.encoder import Encoder
from index.reranker import Reranker
from index.terms import KiwiAnalyzer
from rag.assistant import Assistant
from rag.errors import EncoderError
from rag.lesson import Lesson
from rag.tuned import tuned
from tests.conftest import quiet

PAIRS = ["사과는 빨간 과일이다", "배는 노란 과일이다", "사과"]


def tiny_model(folder: Path, labels: int) -> str:
    """A cross-encoder of one small layer with random weights, saved as such models are."""
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "사", "배"]))
    config = BertConfig(
        vocab_size=6,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return str(folder)


def test_scores_are_those_of_the_cross_encoder(tmp_path: Path) -> None:
    name = tiny_model(tmp_path / "model", 1)
    scores = Reranker.load(name, "cpu").scores("사과가 뭐예요?", PAIRS)
    logits = CrossEncoder(name, device="cpu").predict(
        [("사과가 뭐예요?", text) for text in PAIRS], activation_fn=None
    )
    assert len(scores) == 3
    assert all(0 < score < 1 for score in scores)
    assert np.allclose(np.argsort(scores), np.argsort(logits))


def test_a_model_with_two_scores_is_refused(tmp_path: Path) -> None:
    name = tiny_model(tmp_path / "model", 2)
    with pytest.raises(EncoderError) as caught:
        Reranker.load(name, "cpu")
    assert str(caught.value) == f"The model {name} is no reranker: it gives 2 scores a pair."


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(EncoderError) as caught:
        Reranker.load(str(tmp_path), "cpu")
    assert str(caught.value) == (
        f"The folder {tmp_path} holds no sentence-transformers model that can be loaded."
    )


class Favouring:
    """A reranker that likes the passages with one word."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.read = 0

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        self.read = max(self.read, len(texts))
        return [float(self.word in text) for text in texts]


def test_what_the_reranker_likes_comes_first(
    lesson: Lesson, encoder: Encoder, tmp_path: Path
) -> None:
    kiwi, numbers, reranker = KiwiAnalyzer(), tuned(), Favouring("Stable Diffusion")
    build.build(tmp_path, lesson, CUTTER, encoder, kiwi, quiet)
    generation = store.load(tmp_path)

    def first(reranker: Favouring | None) -> str:
        found = build.retriever(generation, encoder, kiwi, numbers.fusion, None, reranker)
        trace = Assistant(generation.lesson, found, kiwi, numbers).trace("어떤 모델이 있나요?")
        return trace.hits[0].passage.plain

    assert "Stable Diffusion" not in first(None)
    assert "Stable Diffusion" in first(reranker)
    assert reranker.read == 20
