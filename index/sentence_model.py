"""Encoders through sentence-transformers: any model of the hub or of a local folder.

The packaged models are sentence-transformers models too, for whoever wants to train or compare
them with its tools (``packaged_model``); the program itself runs them without that library, whose
import takes longer than everything else that a first answer needs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from torch import Tensor, nn

from index.e5 import LONGEST, PROMPTS
from index.models import load_model
from index.packaged import PACKAGED, Packaged
from index.vectors import FloatArray
from rag.errors import EncoderError

_BATCH = 64  # texts at once
# Models of the hub whose prompts their authors give in words only.
_PROMPTS = {"multilingual-e5": PROMPTS}


class SentenceModel:
    """A sentence-transformers model with its query and document prompts."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self._model = model.eval()
        dimension = model.get_embedding_dimension()
        if not dimension:
            raise EncoderError(
                f"The model {name} gives no sentence vectors.",
                f"{name} 모델은 문장 벡터를 만들지 않습니다.",
            )
        self.dimension = int(dimension)

    @classmethod
    def load(cls, name: str, kind: tuple[str, str, str, str]) -> SentenceModel:
        """The model with this name; ``kind`` and what is raised: see ``index.models``."""
        prompts = next((p for part, p in _PROMPTS.items() if part in name), None)

        def make(local: bool) -> SentenceTransformer:
            return SentenceTransformer(name, device="cpu", prompts=prompts, local_files_only=local)

        return cls(load_model(name, make, kind), name)

    def to(self, device: str) -> SentenceModel:
        """The same model, its weights on the device."""
        self._model.to(device)
        return self

    def vectors(self, texts: Sequence[str], role: str) -> FloatArray:
        """(texts, dimension) vectors of any length; ``role``: "query" or "document"."""
        encode = self._model.encode_query if role == "query" else self._model.encode_document
        found: FloatArray = encode(list(texts), batch_size=_BATCH, show_progress_bar=False)
        return found

    def fingerprint(self) -> str:
        """sha256 over the model's tensors, their names and its prompts, in hexadecimal."""
        digest = hashlib.sha256(repr(sorted(self._model.prompts.items())).encode())
        for key, tensor in sorted(self._model.state_dict().items()):
            digest.update(f"{key}{tuple(tensor.shape)}{tensor.dtype}".encode())
            digest.update(tensor.detach().contiguous().cpu().view(torch.uint8).numpy().tobytes())
        return digest.hexdigest()


class _PackagedModule(InputModule):
    """A packaged model as a module of sentence-transformers."""

    max_seq_length = LONGEST

    def __init__(self, packaged: Packaged) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.packaged = packaged

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: object
    ) -> dict[str, Tensor]:
        """The pieces of all texts one after another, and how many each text has."""
        ids, lengths = self.packaged.numbered([(prompt or "") + text for text in inputs])
        return {"input_ids": ids, "lengths": lengths}

    def forward(self, features: dict[str, Tensor], **kwargs: object) -> dict[str, Tensor]:
        """Adds "sentence_embedding": (texts, dimension)."""
        found = self.packaged.network(features["input_ids"], features["lengths"])
        return {**features, "sentence_embedding": found}

    def get_embedding_dimension(self) -> int:
        """Of the vectors."""
        return self.packaged.dimension

    def save(self, output_path: str, *args: object, **kwargs: object) -> None:
        """Nothing to write: the weights stay in their package."""

    def save_tokenizer(self, output_path: str, **kwargs: object) -> None:
        """Nothing to write, see ``save``."""


def packaged_model(name: str) -> SentenceTransformer:
    """One of ``PACKAGED`` as a sentence-transformers model, prompts included.

    Raises KeyError for another name, EncoderError when its package is missing.
    """
    packaged = PACKAGED[name][0]()
    modules: list[nn.Module] = [_PackagedModule(packaged)]
    return SentenceTransformer(modules=modules, prompts=dict(packaged.prompts), device="cpu")
