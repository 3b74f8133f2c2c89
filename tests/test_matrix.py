from __future__ import annotations

import io

import numpy as np
import pytest

from index.matrix import npy_bytes, npy_header, unit_vectors
from rag.errors import IndexDamaged
from tests.test_vectors import unit


def test_bytes_and_back() -> None:
    vectors = unit(5)
    data = npy_bytes(vectors)
    assert data == npy_bytes(vectors)
    assert unit_vectors(data, 5, 64, "vectors.npy").tolist() == vectors.tolist()


def test_numpy_reads_the_file_as_its_own() -> None:
    vectors = unit(3)
    read = np.load(io.BytesIO(npy_bytes(vectors)), allow_pickle=False)
    assert read.dtype == np.float32
    assert read.tolist() == vectors.tolist()


def flipped(data: bytes, byte: int, bit: int) -> bytes:
    return data[:byte] + bytes([data[byte] ^ 1 << bit]) + data[byte + 1 :]


GOOD = npy_bytes(unit(5))
NOT_FINITE = unit(5)
NOT_FINITE[2, 7] = np.nan
HUGE = unit(5)
HUGE[2, 7] = 3e38  # its square is beyond float32


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (GOOD[:-9], 5),
        (b"", 5),
        (b"x" * 300, 5),
        (GOOD, 6),
        (GOOD, 2**53),
        (GOOD + b" ", 5),
        (flipped(GOOD, -2, 6), 5),  # an exponent: FAISS would load it without a word
        (flipped(GOOD, 100, 0), 5),  # the padding of the header
        (npy_bytes(NOT_FINITE), 5),
        (npy_bytes(HUGE), 5),
        (npy_header(5, 64) + np.zeros((5, 64), "<f4").tobytes(), 5),
        (b"\x80\x04]." + GOOD[4:], 5),  # a pickle is never looked into
    ],
)
def test_damaged_bytes_are_refused(data: bytes, rows: int) -> None:
    with pytest.raises(IndexDamaged) as caught:
        unit_vectors(data, rows, 64, "vectors.npy")
    assert str(caught.value) == (
        "The index file vectors.npy is missing or damaged; "
        "run `lesson-qa index build` to make it again."
    )
