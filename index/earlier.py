"""What an earlier generation of an index has made already, for a build to take over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from index.generation import Generation
from index.related import word_list
from index.vectors import FloatArray
from index.views import Unit, units
from rag.lesson import Document, Lesson, Passage


@dataclass(frozen=True)
class Part:
    """One document of a lesson: where its passages and its vectors lie among all."""

    passages: slice
    vectors: slice


def parts(lesson: Lesson, units: Sequence[Unit]) -> dict[str, Part]:
    """The part of each document that has passages, by its source, in reading order."""
    found: dict[str, Part] = {}
    vector = 0
    for source, group in groupby(range(len(lesson.passages)), lambda i: lesson.passages[i].source):
        rows = list(group)
        first = vector
        while vector < len(units) and units[vector].row <= rows[-1]:
            vector += 1
        found[source] = Part(slice(rows[0], rows[-1] + 1), slice(first, vector))
    return found


def word_groups(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The sorted words in groups that are encoded together: by their first character.

    A vector depends in its last bits on what is encoded beside it. Which words those are must not
    depend on what happens to be new, or a build that takes over would not equal one that does not.
    """
    for _, group in groupby(words, lambda word: word[:1]):
        yield tuple(group)


class Earlier:
    """The parts of a generation by what they were made from; of None there are none.

    Vectors are taken over by whole documents, and those of words by whole groups: for the same
    reason as in ``word_groups``.
    """

    def __init__(self, generation: Generation | None) -> None:
        self._generation = generation
        self.recipe = generation.manifest.recipe if generation else None

    def passages(self, document: Document) -> tuple[Passage, ...] | None:
        """How exactly this document was cut, or None."""
        generation, part = self._generation, self._parts.get(document.source)
        if generation is None or part is None:
            return None
        if generation.lesson.document(document.source) != document:
            return None
        return generation.lesson.passages[part.passages]

    def terms(self, source: str, passages: Sequence[Passage]) -> Sequence[tuple[str, ...]] | None:
        """The terms of a document that had exactly these passages, or None."""
        part = self._same(source, passages)
        return self._generation.terms[part.passages] if self._generation and part else None

    def vectors(self, source: str, passages: Sequence[Passage]) -> FloatArray | None:
        """The vectors of a document that had exactly these passages, or None."""
        part = self._same(source, passages)
        return self._generation.vectors[part.vectors] if self._generation and part else None

    def words(self, group: tuple[str, ...]) -> FloatArray | None:
        """The vectors of a group that had exactly these words, or None."""
        place = self._word_groups.get(group)
        return self._generation.words[place] if self._generation and place else None

    def _same(self, source: str, passages: Sequence[Passage]) -> Part | None:
        generation, part = self._generation, self._parts.get(source)
        if generation is None or part is None:
            return None
        return part if generation.lesson.passages[part.passages] == tuple(passages) else None

    @cached_property
    def _parts(self) -> dict[str, Part]:
        if self._generation is None:
            return {}
        made = units(self._generation.lesson)
        if len(made) != len(self._generation.vectors):
            return {}  # made by hand: its vectors are of something else
        return parts(self._generation.lesson, made)

    @cached_property
    def _word_groups(self) -> dict[tuple[str, ...], slice]:
        found: dict[tuple[str, ...], slice] = {}
        start = 0
        for group in word_groups(word_list(self._generation.terms if self._generation else ())):
            found[group] = slice(start, start + len(group))
            start += len(group)
        return found


def alike(one: FloatArray, other: FloatArray) -> bool:
    """Whether two matrices of unit vectors are the same but for rounding."""
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=0.0, atol=1e-4))
