"""Unit vectors in NumPy's .npy format, read without trusting what the file says of itself."""

from __future__ import annotations

import numpy as np

from index.manifest import BUILD_COMMAND
from index.vectors import FloatArray
from rag.errors import IndexDamaged

_HEADER = 128  # bytes
_LENGTH = 1e-4  # how far from 1 a unit vector's length may be; float32 keeps it within 1e-6


def npy_header(rows: int, dimension: int) -> bytes:
    """The header of a (rows, dimension) matrix of little-endian float32 numbers, row by row.

    Written here, because NumPy pads it differently from version to version.
    """
    words = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {dimension}), }}"
    head = b"\x93NUMPY\x01\x00" + (_HEADER - 10).to_bytes(2, "little")
    return head + words.encode().ljust(_HEADER - 10 - 1) + b"\n"


def npy_bytes(vectors: FloatArray) -> bytes:
    """The file of a matrix; the same matrix is the same bytes."""
    rows, dimension = vectors.shape
    numbers = np.ascontiguousarray(vectors, dtype="<f4")
    return b"".join([npy_header(rows, dimension), numbers.data.cast("B")])  # one copy


def unit_vectors(data: bytes, rows: int, dimension: int, name: str) -> FloatArray:
    """The (rows, dimension) float32 unit vectors of a file that ``npy_bytes`` wrote, read-only.

    Raises IndexDamaged, with the file's ``name``, when it is not of that shape, or a vector is not
    finite or not of length 1. Nothing is allocated by what the file says.
    """
    whole = len(data) == _HEADER + rows * dimension * 4
    if not whole or data[:_HEADER] != npy_header(rows, dimension):
        raise damaged(name)
    vectors = np.frombuffer(data, dtype="<f4", offset=_HEADER).reshape(rows, dimension)
    vectors = vectors.astype(np.float32, copy=False)
    with np.errstate(all="ignore"):  # a damaged number may be too large to be squared
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    # Written so that NaN, which is neither near nor far, is refused.
    if not bool((np.abs(lengths - 1.0) <= _LENGTH).all()):
        raise damaged(name)
    return vectors


def damaged(name: str) -> IndexDamaged:
    """The error for one file of an index."""
    return IndexDamaged(
        f"The index file {name} is missing or damaged; run `{BUILD_COMMAND}` to make it again.",
        f"색인 파일 {name}이(가) 없거나 손상되었습니다. `{BUILD_COMMAND}`로 다시 만들어 주세요.",
    )
