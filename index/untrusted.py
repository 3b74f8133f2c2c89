"""Reading the files of an index, which anyone may have written."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

LARGEST = 4_000_000_000  # bytes of one file; the vectors of some 30,000 lessons


def read(path: Path, most: int = LARGEST) -> bytes:
    """The bytes of a plain file of at most ``most`` bytes.

    Raises OSError when there is none, ValueError when it is longer, or a link, a pipe or a device:
    nothing outside the folder is opened, and nothing is waited for.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            raise ValueError("not a plain file of the expected size")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(descriptor)


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number")


_DECODER = json.JSONDecoder(parse_constant=_refuse)  # one for all: a row is read in microseconds


def parse(text: str) -> Any:  # noqa: ANN401 - any JSON
    """JSON from its first character to its last; raises ValueError for anything else.

    NaN and infinities, and nesting that no stack can hold, are not JSON here.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def is_count(value: object) -> bool:
    """Whether a value is a whole number from 0 to 2**53, what every reader of JSON can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 2**53


def count(value: object) -> int:
    """The value, when it is a count; raises ValueError when it is not."""
    if isinstance(value, int) and is_count(value):
        return value
    raise ValueError("not a count")


def text(value: object) -> str:
    """The value, when it is text that can be written as UTF-8; raises ValueError when not."""
    if not isinstance(value, str):
        raise ValueError("not text")
    value.encode()  # UnicodeEncodeError is a ValueError
    return value


def texts(value: object) -> tuple[str, ...]:
    """The value, when it is a list of texts; raises ValueError when it is not."""
    if not isinstance(value, list):
        raise ValueError("not a list")
    return tuple(text(part) for part in value)
