"""Models whose weights come inside a package, as sentence-transformers modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from sentence_transformers.base.modules import InputModule
from torch import nn

from index import e5, e5_file, use

Tokenizer = Callable[[Sequence[str]], list[list[int]]]


class PackagedModule(InputModule):
    """Texts to vectors by a network whose weights stay in their package.

    ``network`` gives a vector for each text from the pieces of all texts and their lengths.
    ``role_prompts`` are what comes before a "query" and before a "document", if anything.
    """

    def __init__(
        self,
        network: nn.Module,
        pieces: Tokenizer,
        dimension: int,
        longest: int,
        role_prompts: Mapping[str, str],
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.network, self.pieces = network, pieces
        self.dimension, self.max_seq_length = dimension, longest
        self.role_prompts = role_prompts

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: object
    ) -> dict[str, torch.Tensor]:
        """The pieces of all texts one after another, and how many each text has."""
        ids = self.pieces([(prompt or "") + text for text in inputs])
        return {
            "input_ids": torch.tensor([piece for text in ids for piece in text]),
            "lengths": torch.tensor([len(text) for text in ids]),
        }

    def forward(
        self, features: dict[str, torch.Tensor], **kwargs: object
    ) -> dict[str, torch.Tensor]:
        """Adds "sentence_embedding": (texts, dimension)."""
        features["sentence_embedding"] = self.network(features["input_ids"], features["lengths"])
        return features

    def get_embedding_dimension(self) -> int:
        """Of the vectors."""
        return self.dimension

    def save(self, output_path: str, *args: object, **kwargs: object) -> None:
        """Nothing to write: the weights stay in their package."""

    def save_tokenizer(self, output_path: str, **kwargs: object) -> None:
        """Nothing to write, see ``save``."""


def universal_sentence_encoder() -> PackagedModule:
    """Google's universal-sentence-encoder-multilingual v3."""
    weights, pieces = use.package_files()
    network = use.UniversalSentenceEncoder(weights)
    return PackagedModule(network, use.UseTokenizer(pieces), use.DIMENSION, use.LONGEST, {})


def multilingual_e5() -> PackagedModule:
    """Multilingual E5 (small), trained with a word in front that tells questions from passages."""
    stored = e5_file.Stored.read(e5.package_file())
    network, pieces = e5.E5Network(stored), e5.E5Tokenizer(stored)
    return PackagedModule(network, pieces, e5_file.DIMENSION, e5.LONGEST, e5.PROMPTS)


# Each with what tells that its weights, or how they are read, have changed.
PACKAGED: Mapping[str, tuple[Callable[[], PackagedModule], Callable[[], str]]] = {
    "multilingual-e5-small": (multilingual_e5, e5.fingerprint),
    "use-multilingual-v3": (universal_sentence_encoder, use.fingerprint),
}
