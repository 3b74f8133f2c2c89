"""Files that are no text, converted in a process of their own that may die, hang or starve."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from corpus.archive import damaged
from corpus.conversion import KINDS
from corpus.limits import MEGABYTE, Limits, too_hungry, too_slow
from corpus.markup import Converted
from rag.errors import CorpusError

_ROOT = Path(__file__).parent.parent  # where the process finds this package, installed or not
_STARTING = 30  # seconds for the process to start; its first file may be late by the rest
_ENDING = 5  # seconds to wait for one that is already ending
_PIECE = 1 << 20  # bytes read at a time
_LONGEST_CHARACTER = 12  # bytes of JSON for one character


class Converter:
    """Converts one file after another; the process is started for the first and stopped at exit.

    A file that stops the process or goes over its time costs that file alone: the next one gets a
    new process.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Converter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def convert(self, data: bytes, suffix: str, source: str) -> Converted:
        """The Markdown of a file's bytes; ``suffix`` says what they are.

        Raises CorpusError for a file that cannot be read, or only with more than the limits allow.
        """
        try:
            reply = self._ask(data, {"suffix": suffix, "source": source, "size": len(data)})
        except BaseException:
            self._stop()
            raise
        if "english" in reply:
            raise CorpusError(reply["english"], reply["korean"])
        return Converted(reply["text"], tuple(reply["pages"]))

    def _ask(self, data: bytes, request: dict[str, Any]) -> dict[str, Any]:
        source = str(request["source"])
        kind = KINDS.get(request["suffix"], "text")
        process = self._process = self._process or self._start()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the process has no pipes")
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n" + data)
            process.stdin.flush()
        except BrokenPipeError:
            raise self._died(process, source, kind) from None
        most = self._limits.max_text_mb * MEGABYTE * _LONGEST_CHARACTER
        reply = _line(process.stdout.fileno(), time.monotonic() + self._limits.max_seconds, most)
        if reply is None:
            raise too_slow(source, self._limits.max_seconds)
        if not reply.endswith(b"\n"):
            raise self._died(process, source, kind)
        answer: dict[str, Any] = json.loads(reply)
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        limits = json.dumps(asdict(self._limits))
        command = [sys.executable, "-W", "ignore", "-m", "corpus.conversion", limits]
        process = subprocess.Popen(
            command,
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if process.stdout is not None:
            _line(process.stdout.fileno(), time.monotonic() + _STARTING, _PIECE)
        return process

    def _died(self, process: subprocess.Popen[bytes], source: str, kind: str) -> CorpusError:
        """Of a process that ended by itself: it fell over the file, or had no memory left."""
        with suppress(subprocess.TimeoutExpired):
            process.wait(_ENDING)
        if process.returncode in (-signal.SIGSEGV, -signal.SIGBUS):
            return damaged(source, kind)
        return too_hungry(source, self._limits.max_memory_mb)

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what was not yet sent has nobody left to read it
                if pipe is not None:
                    pipe.close()


def _line(pipe: int, until: float, most: int) -> bytes | None:
    """What comes through the pipe up to a line's end, or its own end; None when time is over."""
    pieces: list[bytes] = []
    length = 0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while length <= most:
            if not selector.select(max(0.0, until - time.monotonic())):
                return None
            piece = os.read(pipe, _PIECE)
            pieces.append(piece)
            length += len(piece)
            if not piece or piece.endswith(b"\n"):
                break
    return b"".join(pieces)
