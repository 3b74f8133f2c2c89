"""Models whose weights come inside a package, as plain torch: nothing else need be imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from index import e5, e5_file, use
from index.vectors import FloatArray

Tokenizer = Callable[[Sequence[str]], list[list[int]]]


class Packaged(nn.Module):
    """Texts to vectors by a network whose weights stay in their package.

    ``network`` gives a vector for each text from the pieces of all texts and their lengths.
    ``prompts`` are what comes before a "query" and before a "document", if anything.
    """

    def __init__(
        self, network: nn.Module, pieces: Tokenizer, dimension: int, prompts: Mapping[str, str]
    ) -> None:
        super().__init__()
        self.network, self.pieces = network.eval(), pieces
        self.dimension, self.prompts = dimension, prompts

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.network.buffers()).device

    def numbered(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """The pieces of all texts one after another, and how many each text has."""
        ids = self.pieces(texts)
        every = [piece for text in ids for piece in text]
        return torch.tensor(every), torch.tensor([len(text) for text in ids])

    def vectors(self, texts: Sequence[str], role: str) -> FloatArray:
        """(texts, dimension) vectors of any length, made on the device the weights are on."""
        prompt = self.prompts.get(role, "")
        ids, lengths = (part.to(self.device) for part in self.numbered([prompt + t for t in texts]))
        with torch.inference_mode():
            found: FloatArray = self.network(ids, lengths).cpu().numpy()
        return found


def universal_sentence_encoder() -> Packaged:
    """Google's universal-sentence-encoder-multilingual v3."""
    weights, pieces = use.package_files()
    network = use.UniversalSentenceEncoder(weights)
    return Packaged(network, use.UseTokenizer(pieces), use.DIMENSION, {})


def multilingual_e5() -> Packaged:
    """Multilingual E5 (small), trained with a word in front that tells questions from passages."""
    stored = e5_file.Stored.read(e5.package_file())
    network, pieces = e5.E5Network(stored), e5.E5Tokenizer(stored)
    return Packaged(network, pieces, e5_file.DIMENSION, e5.PROMPTS)


# Each with what tells that its weights, or how they are read, have changed.
PACKAGED: Mapping[str, tuple[Callable[[], Packaged], Callable[[], str]]] = {
    "multilingual-e5-small": (multilingual_e5, e5.fingerprint),
    "use-multilingual-v3": (universal_sentence_encoder, use.fingerprint),
}
