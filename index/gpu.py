"""The same search on a torch device: the vectors live on the GPU, a matrix product scores them."""

from __future__ import annotations

import numpy as np
import torch

from index.vectors import FloatArray, RowArray


class TorchEngine:
    """Candidates by one matrix-vector product and top-k on ``device`` ("cuda", "cpu").

    Raises torch.OutOfMemoryError when the vectors do not fit: the caller falls back to the CPU.
    """

    def __init__(self, vectors: FloatArray, device: str) -> None:
        self._vectors = torch.from_numpy(vectors).to(device)

    @torch.inference_mode()
    def candidates(self, query: FloatArray, k: int) -> tuple[FloatArray, RowArray]:
        """The k best (scores, rows), best first; ties in any order."""
        scores = self._vectors @ torch.from_numpy(query).to(self._vectors.device)
        best, rows = torch.topk(scores, k)
        return (
            best.cpu().numpy().astype(np.float32),
            rows.cpu().numpy().astype(np.int64),
        )
