"""Writing that is on the disk when the function returns, so a crash after it loses nothing."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def write(path: Path, data: bytes | memoryview) -> None:
    """Writes and flushes a new file; raises OSError, also when there is something at ``path``.

    Its name lasts once the folder is synced too.
    """
    # "x": never through a link that someone has put there.
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, data: bytes) -> None:
    """Puts ``data`` at ``path`` in one step: a reader finds the old file or the new one."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    write(new, data)
    new.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flushes a folder's own entries: names made, renamed and removed in it."""
    if sys.platform == "win32":
        return  # a folder cannot be opened there; NTFS keeps a journal of names
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
