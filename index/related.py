"""Words that mean about the same: how a question's "요금" finds the lesson's "가격", or "price".

The lesson's words are encoded one by one. Raw vectors of single words all lie close together, so
their mean and strongest direction are taken out first ("all-but-the-top", Mu and Viswanath 2018):
with use-multilingual-v3, "price" is then 0.92 from "가격" and nothing unrelated above 0.45.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from index.vectors import FloatArray
from rag.asking import ASKING

# No encoder knows these private-use characters: words this close to them are unknown to it.
_UNKNOWN = "\ue000\ue001\ue002"
_SAME_AS_UNKNOWN = 0.7
_SAMPLE = 1_000  # words that the spread of cosines is taken from
_MOST = 12  # related words of one word
# In standard deviations of the cosine of two words, which differs between encoders (0.12 for
# use-multilingual-v3, 0.09 for multilingual-e5-small): _FAR says nothing, _NEAR that two words
# mean the same; between, it counts in proportion, and never as much as the word itself.
_FAR, _NEAR, _WEIGHT = 1.2, 6.0, 0.9


def word_list(terms: Iterable[Sequence[str]]) -> list[str]:
    """The words to encode: the lesson's terms and the words of asking, sorted.

    The words of asking are the background that mean and direction are taken from, also when a
    lesson has only a few words.
    """
    found = {term for row in terms for term in row}
    return sorted({*found, *ASKING, _UNKNOWN})


class RelatedWords:
    """The lesson's words by meaning. Immutable.

    ``words``: as ``word_list`` gives them; ``vectors``: (len(words), dimension) unit vectors.
    ``usable``: the words that may be given back.
    """

    def __init__(self, words: Sequence[str], vectors: FloatArray, usable: Iterable[str]) -> None:
        self._mean = vectors.mean(axis=0)
        centred = vectors - self._mean
        self._direction = np.linalg.svd(centred, full_matrices=False)[2][0]
        every = self._centre(vectors)
        self._unknown = every[list(words).index(_UNKNOWN)]
        # The mean cosine of two different words is about 0 once they are centred.
        pairs = (np.square(every @ every[:_SAMPLE].T).mean() - 1 / len(every)) or 1.0
        self._spread = float(np.sqrt(pairs))
        chosen = set(usable)
        rows = [i for i, w in enumerate(words) if w in chosen and self._is_known(every[i])]
        self._words = [words[i] for i in rows]
        self._vectors = every[rows]

    def near(self, vectors: FloatArray) -> list[dict[str, float]]:
        """For each unit vector of a word, the lesson's closest words, weighted in (0, _WEIGHT]."""
        if not self._words or not len(vectors):
            return [{} for _ in vectors]
        centred = self._centre(vectors)
        cosines = centred @ self._vectors.T
        found = []
        for vector, row in zip(centred, cosines / self._spread, strict=True):
            best = np.lexsort((np.arange(len(row)), -row))[:_MOST]
            known = self._is_known(vector)
            weights = _WEIGHT * np.clip((row[best] - _FAR) / (_NEAR - _FAR), 0.0, 1.0)
            pairs = zip(best, weights, strict=True)
            found.append({self._words[i]: float(w) for i, w in pairs if known and w > 0})
        return found

    def _is_known(self, vector: FloatArray) -> bool:
        return float(vector @ self._unknown) < _SAME_AS_UNKNOWN

    def _centre(self, vectors: FloatArray) -> FloatArray:
        moved = vectors - self._mean
        moved = moved - np.outer(moved @ self._direction, self._direction)
        lengths = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)
        return np.asarray(moved / lengths, dtype=np.float32)
