from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

from index.reranker import Reranker
from rag.errors import EncoderError
from rag.reading import Place

PLACES = [
    Place("과일", "사과는 빨간 과일이다"),
    Place("과일", "배는 노란 과일이다"),
    Place("", "사과"),
]


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
    scores = Reranker.load(name, "cpu").scores("사과가 뭐예요?", PLACES)
    expected = CrossEncoder(name, device="cpu").predict(
        [("사과가 뭐예요?", f"{place.path} › {place.text}") for place in PLACES],
        activation_fn=torch.nn.Sigmoid(),
    )
    assert np.allclose(1 / (1 + np.exp(-np.array(scores))), expected, atol=1e-6)


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
