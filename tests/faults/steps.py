"""Kills a build with SIGKILL at each of its file operations in turn, and looks at what is left.

``python -m tests.faults.steps INDEX CORPUS LOST`` forks one build after another, each from the
index as it is in INDEX, and each killed one operation later than the one before, until one ends by
itself. LOST is "kept", or "cut": then whatever the build had written and not flushed is cut in half
first, as when the power fails. Prints one line of JSON for each.

The program has no hooks for this: Python's own profiler counts the operations.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from corpus.lesson import read_lesson
from index import store
from index.verify import check_files
from rag.errors import IndexStoreError
from rag.lesson import Lesson
from tests.cheap import bytes_of, cheap_build

# What changes a folder or a file, or opens one; each goes through one of these functions.
OPERATIONS = {
    *("open", "write", "flush", "close", "fsync", "mkdir", "rename", "replace", "unlink"),
    *("remove", "rmdir", "flock", "__exit__"),
}
MODULES = {"posix", "_io", "io", "fcntl"}


def stopped_at(step: int, index: Path, corpus: Path, cut: bool) -> int | None:
    """Builds in a child that is killed at its operation ``step``; its exit code, None if killed."""
    child = os.fork()
    if child == 0:
        try:
            Countdown(step, index, cut).start()
            cheap_build(index, corpus)
            sys.setprofile(None)
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


class Countdown:
    """Ends this process at its file operation number ``left`` from the start on."""

    def __init__(self, left: int, index: Path, cut: bool) -> None:
        self._left, self._index, self._cut = left, str(index.resolve()), cut
        self._unflushed: set[str] = set()

    def start(self) -> None:
        sync = os.fsync

        def flush(descriptor: Any) -> None:
            sync(descriptor)
            self._unflushed.discard(os.path.realpath(f"/proc/self/fd/{descriptor}"))

        os.fsync = flush  # type: ignore[assignment]
        sys.addaudithook(self._opened)
        sys.setprofile(self._counted)

    def _opened(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and arguments[2] & os.O_ACCMODE:
            self._unflushed.add(os.path.realpath(arguments[0]))

    def _counted(self, frame: FrameType, event: str, called: Any) -> None:
        if event != "c_call" or called.__name__ not in OPERATIONS:
            return
        kind = getattr(called, "__module__", None) or type(called.__self__).__module__
        if kind not in MODULES:
            return
        self._left -= 1
        if not self._left:
            sys.setprofile(None)
            self._fail_power()
            os.kill(os.getpid(), signal.SIGKILL)

    def _fail_power(self) -> None:
        for path in map(Path, self._unflushed if self._cut else ()):
            if str(path).startswith(self._index) and path.is_file():
                os.truncate(path, path.stat().st_size // 2)


def state(index: Path, new: Lesson) -> str:
    """Which lesson the index is of: "none", "old" or "new", or what is wrong with it."""
    try:
        found = store.load(index)
    except IndexStoreError as error:
        return type(error).__name__
    if found.notice:
        return "old, with a notice"
    check_files(index)
    return "new" if found.lesson == new else "old"


def main(index: Path, corpus: Path, cut: bool) -> int:
    before, new = index.with_name("before"), read_lesson(corpus)
    if index.exists():
        shutil.copytree(index, before)
    reference = index.with_name("reference")
    cheap_build(reference, corpus)
    for step in range(1, 1000):
        shutil.rmtree(index, ignore_errors=True)
        if before.exists():
            shutil.copytree(before, index)
        code = stopped_at(step, index, corpus, cut)
        found = state(index, new)
        cheap_build(index, corpus)
        mended = state(index, new) == "new" and bytes_of(index) == bytes_of(reference)
        left = sorted(path.name for path in index.iterdir() if path.name.startswith(".build"))
        generations = sum(path.is_dir() for path in index.iterdir())
        row = {"step": step, "code": code, "found": found, "mended": mended and not left}
        sys.stdout.write(json.dumps({**row, "generations": generations}) + "\n")
        if code is not None:
            return code
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "cut"))
