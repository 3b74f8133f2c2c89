"""Exact nearest-vector search by inner product; the only module that names FAISS."""

from __future__ import annotations

from typing import Protocol

import faiss
import numpy as np
import numpy.typing as npt

from rag.errors import IndexMismatch

FloatArray = npt.NDArray[np.float32]
RowArray = npt.NDArray[np.int64]

# Two engines (FAISS, a GPU matrix product) round a 512-term float32 dot product differently by up
# to about 1e-6. Candidates within this of the k-th score are kept and scored again in float64, so
# that every engine returns the same rows, the same scores and ties in the same order.
_ROUNDING = 1e-5


class Engine(Protocol):
    """Finds candidate rows; scores may be off by rounding and ties may come in any order."""

    def candidates(self, query: FloatArray, k: int) -> tuple[FloatArray, RowArray]:
        """The k best (scores, rows), best first.

        query: (dimension,); 1 <= k <= rows held.
        """
        ...


class FaissEngine:
    """``IndexFlatIP``: an exact scan of all vectors, at the memory bandwidth of one core."""

    def __init__(self, vectors: FloatArray) -> None:
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)

    def candidates(self, query: FloatArray, k: int) -> tuple[FloatArray, RowArray]:
        """The k best (scores, rows), best first; ties in any order."""
        scores, rows = self._index.search(query[None, :], k)
        return scores[0], rows[0]


class VectorIndex:
    """Unit vectors, searched exactly. Row i is the i-th vector that was added.

    ``vectors``: (n, dimension) float32, each of length 1. ``engine`` finds the candidates and
    defaults to FAISS on the CPU.
    """

    def __init__(self, vectors: FloatArray, engine: Engine | None = None) -> None:
        if vectors.ndim != 2 or not len(vectors):
            raise IndexMismatch(
                f"The index needs at least one vector, got an array of shape {vectors.shape}.",
                f"색인에는 벡터가 하나 이상 있어야 하는데 {vectors.shape} 배열을 받았습니다.",
            )
        self.vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self._engine = engine or FaissEngine(self.vectors)

    @property
    def dimension(self) -> int:
        """The number of components of each vector."""
        return int(self.vectors.shape[1])

    def __len__(self) -> int:
        return len(self.vectors)

    def search(
        self, query: FloatArray, k: int, among: RowArray | None = None
    ) -> tuple[FloatArray, RowArray]:
        """The k closest rows: (cosine similarities, rows), best first, equal scores by row.

        query: (dimension,), a unit vector. ``among``: the rows to look at, in order; None for all.
        At most as many rows come back as there are.
        Raises ValueError for k < 1 and IndexMismatch for another dimension or a vector that is
        not finite.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}")
        if query.shape != (self.dimension,) or not np.isfinite(query).all():
            raise IndexMismatch(
                f"The query vector must be {self.dimension} finite numbers, got {query.shape}.",
                f"질문 벡터는 유한한 수 {self.dimension}개여야 하는데 {query.shape}를 받았습니다.",
            )
        if among is None:
            rows = self._with_near_ties(query, min(k, len(self)))
        else:
            rows = self._among(query, min(k, len(among)), among)
        scores = self.score(query, rows)
        best = np.lexsort((rows, -scores))[:k]
        return scores[best], rows[best]

    def score(self, query: FloatArray, rows: RowArray) -> FloatArray:
        """The cosine similarity of the query and each of the rows, in [-1, 1]."""
        products = self.vectors[rows].astype(np.float64) * query.astype(np.float64)
        cosines: FloatArray = np.clip(products.sum(axis=1), -1.0, 1.0).astype(np.float32)
        return cosines

    def _with_near_ties(self, query: FloatArray, k: int) -> RowArray:
        """The k best rows and every row that rounding could have put among them."""
        width = min(len(self), k + 16)
        while True:
            scores, rows = self._engine.candidates(query, width)
            if width == len(self) or scores[-1] < scores[k - 1] - _ROUNDING:
                return rows
            width = min(len(self), width * 2)

    def _among(self, query: FloatArray, k: int, among: RowArray) -> RowArray:
        """The same of some rows only. All are multiplied: that copies no vector."""
        if not k:
            return among
        scores = (self.vectors @ query)[among]
        worst = np.partition(scores, -k)[-k]
        near: RowArray = among[scores >= worst - _ROUNDING]
        return near
