"""Texts to unit vectors: by a packaged model, or by any other through sentence-transformers."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from typing import Protocol

# Said before the libraries are imported, which read it then: no request that was not asked for.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import numpy as np
import torch

from index.device import choose_device
from index.packaged import PACKAGED
from index.vectors import FloatArray
from rag.errors import EncoderError, LessonError

DEFAULT_ENCODER = "use-multilingual-v3"
# Single words are always encoded by this one, which knows them best: beside multilingual-e5-small
# it finds the answer of 93 of 100 development questions, that encoder's own words 91 (documents
# left out).
WORD_ENCODER = "use-multilingual-v3"
_BATCH = 64  # texts encoded between two reports of progress
_LONGEST_TEXT = 20_000  # characters; no encoder reads more tokens than that
_KIND = (
    "encoder",
    "인코더",
    f"use --encoder {DEFAULT_ENCODER}",
    f"--encoder {DEFAULT_ENCODER}를 써 주세요",
)


class Model(Protocol):
    """What makes the vectors, on the device that its weights are on."""

    dimension: int

    def vectors(self, texts: Sequence[str], role: str) -> FloatArray:
        """(texts, dimension) vectors of any length; ``role``: "query" or "document"."""
        ...

    def to(self, device: str) -> Model:
        """The same model, its weights on the device."""
        ...


class Encoder:
    """One encoder on one device: questions and passages to unit vectors, and single words.

    ``notices`` grows by one entry when CUDA runs out of memory and the CPU takes over. ``words``
    is the encoder of single words, None when it is this one.
    """

    def __init__(
        self,
        model: Model,
        name: str,
        digest: str,
        device: str,
        words: Encoder | None = None,
    ) -> None:
        self._words: Encoder = words or self
        if words:
            digest = hashlib.sha256(f"{digest} {words.fingerprint}".encode()).hexdigest()
        self.name, self.device = name, device
        self.fingerprint: str = digest
        # One list for both: whichever of them leaves the GPU, it is told once.
        self.notices: list[LessonError] = words.notices if words else []
        self._model, self.dimension = model.to(device), model.dimension

    @classmethod
    def load(cls, name: str = DEFAULT_ENCODER, device: str = "auto") -> Encoder:
        """The encoder with this name: one of ``PACKAGED``, a local folder, or a model of the hub.

        device: "auto" (CUDA when there is one), "cpu" or "cuda". Raises EncoderError, telling
        what to do, when there is no such model here and none can be downloaded.
        """
        chosen = choose_device(device)
        words = None if name == WORD_ENCODER else cls.load(WORD_ENCODER, chosen)
        if name in PACKAGED:
            make, fingerprint = PACKAGED[name]
            return cls(make(), name, fingerprint(), chosen, words)
        # Its import takes seconds, which an answer by a packaged model need not wait for.
        from index.sentence_model import SentenceModel

        model = SentenceModel.load(name, _KIND)
        return cls(model, name, model.fingerprint(), chosen, words)

    @property
    def word_dimension(self) -> int:
        """The number of components of a word's vector."""
        return self._words.dimension

    def encode_words(self, words: Sequence[str]) -> FloatArray:
        """(len(words), word_dimension) unit vectors of single words."""
        return self._words.encode_queries(words)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """(len(texts), dimension) unit vectors of questions, with the model's query prompt."""
        return self._encode(texts, "query")

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> FloatArray:
        """(len(texts), dimension) unit vectors of passages, with the model's document prompt.

        ``progress`` is called with how many texts are done and how many there are.
        """
        report = progress or (lambda done, total: None)
        report(0, len(texts))
        parts = []
        for start in range(0, len(texts), _BATCH):
            parts.append(self._encode(texts[start : start + _BATCH], "document"))
            report(min(start + _BATCH, len(texts)), len(texts))
        return np.concatenate(parts) if parts else self._encode([], "document")

    def _encode(self, texts: Sequence[str], role: str) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        clean = [_readable(text) for text in texts]
        try:
            vectors = self._model.vectors(clean, role)
        except torch.OutOfMemoryError:
            if self.device == "cpu":
                raise
            self._fall_back()
            vectors = self._model.vectors(clean, role)
        return _unit(vectors, self.name)

    def _fall_back(self) -> None:
        self._model = self._model.to("cpu")
        torch.cuda.empty_cache()
        self.device = "cpu"
        self.tell_fall_back()

    def tell_fall_back(self) -> None:
        """Adds the notice that the CPU took over, once; the search on the GPU says it too."""
        if not self.notices:
            self.notices.append(
                EncoderError(
                    "The GPU ran out of memory; the CPU goes on, more slowly.",
                    "GPU 메모리가 부족해 CPU로 계속합니다. 조금 느려질 수 있어요.",
                )
            )


def _readable(text: str) -> str:
    """The text without what a tokenizer may choke on: lone surrogates, and more than it reads."""
    return text[:_LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8")


def _unit(vectors: FloatArray, name: str) -> FloatArray:
    """The vectors scaled to length 1; EncoderError when one has no direction."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not (np.isfinite(vectors).all() and (lengths > 1e-12).all()):
        raise EncoderError(
            f"The encoder {name} gave a vector that is zero or not finite.",
            f"{name} 인코더가 0이거나 유한하지 않은 벡터를 만들었습니다.",
        )
    unit: FloatArray = (vectors / lengths).astype(np.float32)
    return unit
