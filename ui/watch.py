"""Noticing that lesson files change."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

PAUSE = 1.0  # seconds between two looks at the files

# Of each file: its path, size, place on the disk, and when content and entry were last written.
_Signature = tuple[tuple[str, int, int, int, int], ...]


def changes(corpus: Path, pause: float = PAUSE) -> Iterator[None]:
    """Gives once at the start, and again whenever the files of the corpus have changed.

    Files that are just being written are waited for: a change counts once two looks in a row,
    ``pause`` seconds apart, see the same. Times are compared for being the same, never with a
    clock. Never ends.
    """
    seen: _Signature | None = None
    while True:
        now = signature(corpus)
        if now != seen:
            if seen is not None:
                now = _settled(corpus, now, pause)
            seen = now
            yield
        time.sleep(pause)


def _settled(corpus: Path, seen: _Signature, pause: float) -> _Signature:
    while True:
        time.sleep(pause)
        now = signature(corpus)
        if now == seen:
            return now
        seen = now


def signature(corpus: Path) -> _Signature:
    """What changes when a file of the corpus does; files that vanish meanwhile are left out."""
    found = []
    for place, folders, files in os.walk(corpus):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [_entry(os.path.join(place, name)) for name in files if not name.startswith(".")]  # noqa: PTH118 - os.walk gives strings
    if not corpus.is_dir():
        found.append(_entry(str(corpus)))
    return tuple(sorted(found))


def _entry(path: str) -> tuple[str, int, int, int, int]:
    try:
        status = os.stat(path)  # noqa: PTH116 - one call instead of a Path for each file
    except OSError:
        return (path, 0, 0, 0, 0)
    return (path, status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
