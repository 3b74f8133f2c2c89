from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from index.gpu import FallbackEngine, TorchEngine
from index.vectors import Engine, FloatArray, RowArray, VectorIndex
from rag.errors import IndexMismatch

DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.skipif(
    not torch.cuda.is_available(), reason="torch sees no CUDA device"))]  # fmt: skip


def unit(rows: int, seed: int = 0, dimension: int = 64) -> FloatArray:
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def test_scores_are_cosines_best_first_ties_by_row() -> None:
    vectors = np.array([[0, 1], [1, 0], [0.6, 0.8], [1, 0]], dtype=np.float32)
    scores, rows = VectorIndex(vectors).search(np.array([1, 0], dtype=np.float32), 3)
    assert rows.tolist() == [1, 3, 2]
    assert scores.tolist() == pytest.approx([1.0, 1.0, 0.6])


def test_no_more_than_there_are() -> None:
    _, rows = VectorIndex(unit(3)).search(unit(1)[0], 10)
    assert sorted(rows.tolist()) == [0, 1, 2]


@pytest.mark.parametrize("device", DEVICES)
def test_every_device_gives_the_hits_of_faiss(device: str) -> None:
    # Every vector stands there three times, so ties are everywhere, also at the k-th place.
    vectors = np.concatenate([unit(500), unit(500), unit(500)])
    on_cpu = VectorIndex(vectors)
    on_device = VectorIndex(vectors, TorchEngine(vectors, device))
    for query in unit(50, seed=1):
        expected, found = on_cpu.search(query, 10), on_device.search(query, 10)
        assert found[1].tolist() == expected[1].tolist()
        assert found[0].tolist() == expected[0].tolist()
        exact = vectors.astype(np.float64) @ query
        assert expected[1].tolist() == np.lexsort((np.arange(1500), -exact.round(9)))[:10].tolist()


class Rough(Engine):
    """An engine whose scores are off by rounding, as another device's may be."""

    def __init__(self, vectors: FloatArray) -> None:
        self.vectors = vectors

    def candidates(self, query: FloatArray, k: int) -> tuple[FloatArray, np.ndarray]:
        noise = np.random.default_rng(7).uniform(-3e-6, 3e-6, len(self.vectors))
        scores = self.vectors @ query + noise
        best = np.argsort(-scores)[:k]
        return scores[best].astype(np.float32), best


def test_rounding_of_an_engine_does_not_show() -> None:
    vectors = np.repeat(unit(40), 30, axis=0)
    query = unit(1, seed=3)[0]
    expected = VectorIndex(vectors).search(query, 10)
    found = VectorIndex(vectors, Rough(vectors)).search(query, 10)
    assert found[1].tolist() == expected[1].tolist()
    assert found[0].tolist() == expected[0].tolist()


def test_bad_queries_are_refused() -> None:
    index = VectorIndex(unit(3))
    with pytest.raises(ValueError, match=r"^k must be at least 1, got 0$"):
        index.search(unit(1)[0], 0)
    for query in (np.zeros(3, np.float32), np.full(64, np.nan, np.float32)):
        with pytest.raises(IndexMismatch) as caught:
            index.search(query, 1)
        assert str(caught.value) == (
            f"The query vector must be 64 finite numbers, got {query.shape}."
        )


def test_no_vectors_make_no_index() -> None:
    with pytest.raises(IndexMismatch) as caught:
        VectorIndex(np.zeros((0, 4), np.float32))
    assert str(caught.value) == (
        "The index needs at least one vector, got an array of shape (0, 4)."
    )


class Full:
    """A GPU that takes the vectors and runs out of memory at the first search."""

    def candidates(self, query: FloatArray, k: int) -> tuple[FloatArray, RowArray]:
        raise torch.OutOfMemoryError("CUDA out of memory")


def _refuse(vectors: FloatArray) -> Engine:
    raise torch.OutOfMemoryError("CUDA out of memory")


@pytest.mark.parametrize("make", [_refuse, lambda vectors: Full()], ids=["loading", "searching"])
def test_a_full_gpu_gives_way_to_the_cpu_and_says_so_once(
    make: Callable[[FloatArray], Engine],
) -> None:
    vectors, told = unit(20), []
    engine = FallbackEngine(vectors, make, lambda: told.append(True))
    index = VectorIndex(vectors, engine)
    query = unit(1, seed=3)[0]
    for _ in range(2):
        assert (
            index.search(query, 5)[1].tolist() == VectorIndex(vectors).search(query, 5)[1].tolist()
        )
    assert told == [True]
