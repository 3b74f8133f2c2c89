"""One writer at a time, by a lock of the system, which lets go of it when a process dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSE = 0.1  # seconds between two looks at a lock that another holds


@contextmanager
def only_writer(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Holds the lock file at ``path``; another writer is waited for, after ``waiting()`` is called.

    The file stays, empty: a lock is what a process holds on it, never that it is there. A link in
    its place is not followed. Raises OSError when the file cannot be opened.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        told = False
        while not _taken(descriptor):
            if not told:
                waiting()
            told = True
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)  # which lets go of the lock


if sys.platform == "win32":
    import msvcrt

    def _taken(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
