from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import BoW, Dense

from index.encoder import DEFAULT_ENCODER, Encoder, _unit
from index.packaged import PACKAGED, Packaged
from index.sentence_model import packaged_model
from rag.errors import EncoderError


def local_model(folder: Path) -> Path:
    """A tiny sentence-transformers model of library modules, saved to a folder."""
    torch.manual_seed(0)
    bag = BoW(vocab=["apple", "pear", "cloud"])
    model = SentenceTransformer(modules=[bag, Dense(3, 8, bias=True)], device="cpu")
    model.save(str(folder))
    return folder


def test_vectors_are_unit_and_of_the_right_shape(encoder: Encoder) -> None:
    found = encoder.encode_queries(["클라우드", "What is a cloud?"])
    assert found.shape == (2, 512)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert encoder.encode_documents([]).shape == (0, 512)
    assert encoder.encode_queries([]).shape == (0, 512)


def test_the_model_is_on_its_device(encoder: Encoder) -> None:
    assert (encoder.device, encoder.dimension, encoder.name) == ("cpu", 512, "use-multilingual-v3")
    assert isinstance(encoder._model, Packaged)
    assert encoder._model.device.type == "cpu"
    assert len(encoder.fingerprint) == 64


@pytest.mark.parametrize("name", PACKAGED)
def test_packaged_models_are_sentence_transformers_models_too(name: str) -> None:
    texts = ["짧은 글", "조금 더 긴 문장입니다. " * 5, "DGX Cloud"]
    encoder, model = Encoder.load(name, "cpu"), packaged_model(name)
    for ours, theirs in (
        (encoder.encode_queries, model.encode_query),
        (encoder.encode_documents, model.encode_document),
    ):
        # The default encoder's vectors are unit as they come; E5's become so.
        there = theirs(texts, normalize_embeddings=name != DEFAULT_ENCODER)
        assert np.abs(ours(texts) - there).max() < 2e-6
    assert model.get_embedding_dimension() == encoder.dimension


def test_a_first_answer_need_not_import_sentence_transformers(tmp_path: Path) -> None:
    code = (
        "import sys; from ui.settings import read_settings; from ui.wiring import open_service\n"
        "settings = read_settings({'index': sys.argv[1], 'device': 'cpu'}, {})\n"
        "service = open_service(settings, lambda *done: None)\n"
        "print(service.assistant.ask('DGX Cloud는 어디서 호스팅되나요?').abstained)\n"
        "print({'sentence_transformers', 'transformers', 'huggingface_hub'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "index")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "False\nset()\n"


def test_meaning_crosses_languages(encoder: Encoder) -> None:
    korean, english, other = encoder.encode_queries(
        ["고양이가 잠을 잔다.", "The cat is sleeping.", "주가가 크게 올랐다."]
    )
    assert korean @ english > 0.7 > 0.4 > korean @ other


def test_progress_is_reported(encoder: Encoder) -> None:
    seen: list[tuple[int, int]] = []
    encoder.encode_documents(["글"] * 130, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 130), (64, 130), (128, 130), (130, 130)]


@pytest.mark.parametrize("text", ["", "\ud800", "\0", "가" * 1_000_000, "\u200b", "😀"])
def test_odd_texts_have_vectors(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.encode_queries([text])).all()


def test_a_local_folder_is_an_encoder(tmp_path: Path) -> None:
    folder = local_model(tmp_path / "model")
    encoder = Encoder.load(str(folder), "cpu")
    assert encoder.dimension == 8
    assert encoder.encode_documents(["apple pear"]).shape == (1, 8)
    assert encoder.fingerprint == Encoder.load(str(folder), "cpu").fingerprint


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError) as caught:
        Encoder.load(str(tmp_path), "cpu")
    assert str(caught.value) == (
        f"The folder {tmp_path} holds no sentence-transformers model that can be loaded."
    )


def test_an_encoder_out_of_reach_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    started = time.monotonic()
    with pytest.raises(EncoderError) as caught:
        Encoder.load("nobody/no-such-encoder", "cpu")
    assert str(caught.value) == (
        "The encoder nobody/no-such-encoder is not on this computer and could not be downloaded; "
        "connect to the network once, give a local folder, or use --encoder use-multilingual-v3."
    )
    assert time.monotonic() - started < 60


def test_cuda_is_refused_where_there_is_none() -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    with pytest.raises(EncoderError) as caught:
        Encoder.load(device="cuda")
    assert str(caught.value) == (
        "There is no CUDA device that torch can use; choose --device cpu or auto."
    )


def test_out_of_memory_falls_back_to_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Encoder.load(device="cpu")
    expected = encoder.encode_queries(["질문"])
    on_cpu = encoder._model.vectors

    def full(texts: Sequence[str], role: str) -> np.ndarray:
        if encoder.device == "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return on_cpu(texts, role)

    monkeypatch.setattr(encoder._model, "vectors", full)
    encoder.device = "cuda"
    assert encoder.encode_queries(["질문"]).tolist() == expected.tolist()
    assert encoder.device == "cpu"
    assert [str(notice) for notice in encoder.notices] == [
        "The GPU ran out of memory; the CPU goes on, more slowly."
    ]


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_vectors_without_direction_are_refused(value: float) -> None:
    with pytest.raises(EncoderError) as caught:
        _unit(np.full((1, 4), value, dtype=np.float32), "x")
    assert str(caught.value) == "The encoder x gave a vector that is zero or not finite."
