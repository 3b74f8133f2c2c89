"""BM25 over the words of passages; the only module that names bm25s."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import bm25s
import numpy as np

from index.vectors import FloatArray

# k1 and b by KorQuAD dev (5,774 questions over 964 paragraphs), R@1 of morphemes + 0.5 bigrams:
# (1.5, 0.75) 0.912, (1.2, 0.75) 0.917, (0.9, 0.6) 0.923.
_K1, _B = 0.9, 0.6


class Bm25:
    """Lucene's BM25 over one list of terms for each passage."""

    def __init__(self, model: Any, documents: int) -> None:  # noqa: ANN401 - bm25s has no types
        self._model = model
        self._documents = documents

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> Bm25:
        """documents: the terms of each passage, in passage order; a passage may have none."""
        model = bm25s.BM25(method="lucene", k1=_K1, b=_B)
        vocabulary = {term: i for i, term in enumerate(sorted({t for d in documents for t in d}))}
        if not vocabulary:
            return cls(None, len(documents))
        # Numbered here, in sorted order: bm25s would number a set, in another order every run.
        numbered = [[vocabulary[term] for term in terms] for terms in documents]
        model.index((numbered, vocabulary), show_progress=False)
        return cls(model, len(documents))

    def scores(self, groups: Sequence[Mapping[str, float]]) -> FloatArray:
        """(passages,) BM25 score of each passage for the query's words, 0 with none shared.

        Each word is a group of alternative terms with their weights in (0, 1]; a passage counts
        the best of them. The sum is divided by the most the query could get, the inverse document
        frequencies of its words (one that no passage has counts as the rarest), so a score is the
        share of the question's weight that the passage holds: in [0, 1].
        """
        result = np.zeros(self._documents, dtype=np.float32)
        total = 0.0
        for group in groups:
            known = {term: weight for term, weight in group.items() if self._has(term)}
            total += max((self.rarity(term) for term in known), default=self.rarity(""))
            if known:
                columns = [np.float32(w) * self._model.get_scores([t]) for t, w in known.items()]
                result += np.max(columns, axis=0)
        share: FloatArray = np.clip(result / np.float32(total or 1.0), 0.0, 1.0)
        return share

    def _has(self, term: str) -> bool:
        return bool(term) and self._model is not None and term in self._model.vocab_dict

    def rarity(self, term: str) -> float:
        """Lucene's inverse document frequency, from the number of passages that have the term."""
        having = 0
        if self._has(term):
            column = self._model.vocab_dict[term]
            pointers = self._model.scores["indptr"]
            having = int(pointers[column + 1] - pointers[column])
        return float(np.log(1 + (self._documents - having + 0.5) / (having + 0.5)))
