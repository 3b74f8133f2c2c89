"""The words of one view of every passage, scored by BM25."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.lexical import Bm25
from index.terms import character_bigrams
from index.vectors import FloatArray
from index.views import VIEWS, View, field_rows
from rag.lesson import Lesson

# Weight of character bigrams beside morphemes in the lexical score, by KorQuAD dev R@1:
# 0 -> 0.907, 0.3 -> 0.922, 0.5 -> 0.923, bigrams alone 0.902 (5,774 questions).
_BIGRAMS = 0.5
Words = Sequence[Mapping[str, float]]  # each word of a query: alternative terms with weights


@dataclass(frozen=True)
class Field:
    """One view of every passage as words: morphemes and character bigrams."""

    morphemes: Bm25
    bigrams: Bm25

    def scores(self, terms: Words, pairs: Words) -> FloatArray:
        """(passages,) BM25 over a query's morphemes and its character pairs, weighed together."""
        mixed = self.morphemes.scores(terms) + np.float32(_BIGRAMS) * self.bigrams.scores(pairs)
        return (mixed / np.float32(1 + _BIGRAMS)).astype(np.float32)


def fields(lesson: Lesson, terms: Sequence[Sequence[str]]) -> dict[View, Field]:
    """The words of every view; ``terms[i]`` are the content terms of passage i."""
    pairs = [character_bigrams(passage.plain) for passage in lesson.passages]
    found: dict[View, Field] = {}
    for view in VIEWS:
        members = field_rows(lesson, view)
        found[view] = Field(
            morphemes=Bm25.build([[t for row in rows for t in terms[row]] for rows in members]),
            bigrams=Bm25.build([[b for row in rows for b in pairs[row]] for rows in members]),
        )
    return found
