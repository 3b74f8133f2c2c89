"""The same search on a torch device: the vectors live on the GPU, a matrix product scores them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from index.vectors import Engine, FaissEngine, FloatArray, RowArray


class TorchEngine:
    """Candidates by one matrix-vector product and top-k on ``device`` ("cuda", "cpu").

    Raises torch.OutOfMemoryError when the vectors do not fit.
    """

    def __init__(self, vectors: FloatArray, device: str) -> None:
        self._vectors = torch.tensor(vectors).to(device)  # a copy: stored vectors are read-only

    @torch.inference_mode()
    def candidates(self, query: FloatArray, k: int) -> tuple[FloatArray, RowArray]:
        """The k best (scores, rows), best first; ties in any order."""
        scores = self._vectors @ torch.from_numpy(query).to(self._vectors.device)
        best, rows = torch.topk(scores, k)
        return (
            best.cpu().numpy().astype(np.float32),
            rows.cpu().numpy().astype(np.int64),
        )


class FallbackEngine:
    """The GPU until it runs out of memory, FAISS on the CPU from then on.

    ``make`` puts vectors on the GPU; ``tell`` is called once, when the CPU takes over.
    """

    def __init__(
        self,
        vectors: FloatArray,
        make: Callable[[FloatArray], Engine],
        tell: Callable[[], None],
    ) -> None:
        self._vectors, self._tell = vectors, tell
        try:
            self._engine = make(vectors)
        except torch.OutOfMemoryError:
            self._engine = self._on_cpu()

    def candidates(self, query: FloatArray, k: int) -> tuple[FloatArray, RowArray]:
        """The k best (scores, rows), best first; ties in any order."""
        try:
            return self._engine.candidates(query, k)
        except torch.OutOfMemoryError:
            self._engine = self._on_cpu()
            return self._engine.candidates(query, k)

    def _on_cpu(self) -> Engine:
        self._tell()
        return FaissEngine(self._vectors)
