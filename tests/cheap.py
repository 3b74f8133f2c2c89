"""An encoder and an analyzer that take no time, for tests of everything around them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpus.lesson import CUTTER, read_lesson
from index import build
from index.manifest import Manifest
from index.vectors import FloatArray
from rag.lesson import Lesson
from rag.search import Term


class CheapEncoder:
    """Unit vectors of a text's letter pairs.

    Like the real encoders it gives a text other last bits beside other texts.
    """

    name, fingerprint, dimension, word_dimension, device = "cheap", "cheap-1", 16, 8, "cpu"

    def __init__(self) -> None:
        self.encoded: list[str] = []  # every text of a document so far

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> FloatArray:
        self.encoded += texts
        if progress:
            progress(len(texts), len(texts))
        return _vectors(texts, self.dimension)

    def encode_words(self, words: Sequence[str]) -> FloatArray:
        return _vectors(words, self.word_dimension)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return _vectors(texts, self.dimension)


def _vectors(texts: Sequence[str], dimension: int) -> FloatArray:
    found = np.full((len(texts), dimension), 0.01)
    for row, text in zip(found, texts, strict=True):
        for pair in zip(text, text[1:] + " ", strict=True):
            digest = hashlib.sha256("".join(pair).encode()).digest()
            row[digest[0] % dimension] += 1 if digest[1] % 2 else -1
    beside = hashlib.sha256("\0".join(texts).encode()).digest()[0]
    found *= 1 + beside * 1e-7 * np.arange(dimension)
    unit = found / np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(unit, dtype=np.float32)


class CheapAnalyzer:
    """Words at spaces, all of them nouns."""

    def terms(self, text: str) -> list[Term]:
        return [
            Term(m.group().casefold(), "NNG", m.start(), m.end(), True)
            for m in re.finditer(r"\w+", text)
        ]


def _quiet(stage: str, done: int, total: int) -> None:
    """Not the one of conftest, which brings torch along."""


def cheap_build(index: Path, corpus: Path, full: bool = False) -> tuple[Manifest, bool]:
    """Makes the index of a corpus with the cheap encoder; returns what ``build`` does."""

    def read(known: build.Known) -> Lesson:
        return read_lesson(corpus, known)

    return build.build(index, read, CUTTER, CheapEncoder(), CheapAnalyzer(), _quiet, full)


def bytes_of(index: Path) -> dict[str, bytes]:
    """Every file of the current generation by its name."""
    folder = index / (index / "CURRENT").read_text().split()[0]
    return {path.name: path.read_bytes() for path in folder.iterdir()}
