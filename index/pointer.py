"""CURRENT, the file that says which generation of an index is the current one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from index.durable import replace
from index.manifest import BUILD_COMMAND
from index.matrix import damaged
from index.untrusted import read
from rag.errors import IndexMissing

CURRENT = "CURRENT"
_NAME = "[0-9a-f]{16}"
_CONTENT = re.compile(f"({_NAME})\n(?:({_NAME})\n)?".encode())
_LONGEST = 100  # bytes


@dataclass(frozen=True, slots=True)
class Pointer:
    """The names of the current generation and of the one before it that was whole, if any."""

    current: str
    previous: str | None = None


def is_generation(name: str) -> bool:
    """Whether a name can be a generation's."""
    return re.fullmatch(_NAME, name) is not None


def read_pointer(folder: Path) -> Pointer:
    """What CURRENT says: names only, never a path.

    Raises IndexMissing when there is no such file, IndexDamaged when it is not as it was written.
    """
    try:
        found = _CONTENT.fullmatch(read(folder / CURRENT, _LONGEST))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(
            f"There is no index in {folder}; run `{BUILD_COMMAND}`.",
            f"{folder}에 색인이 없습니다. `{BUILD_COMMAND}`를 실행해 주세요.",
        ) from error
    except (OSError, ValueError) as error:
        raise damaged(CURRENT) from error
    if found is None:
        raise damaged(CURRENT)
    current, previous = found.groups()
    return Pointer(current.decode(), previous.decode() if previous else None)


def write_pointer(folder: Path, pointer: Pointer) -> None:
    """Makes the pointer the one that is read from now on, in one step; raises OSError."""
    names = [pointer.current, *([pointer.previous] if pointer.previous else [])]
    replace(folder / CURRENT, "".join(f"{name}\n" for name in names).encode())
