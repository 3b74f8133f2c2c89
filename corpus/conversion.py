"""The process that turns files into Markdown, with a limit on its memory and nothing to lose.

``python -m corpus.conversion LIMITS`` reads requests from stdin, one line of JSON and then the
file's bytes, and writes an empty line when it is
ready, then one line of JSON for each to stdout. What a hostile file does to it, it
does to this process alone: ``corpus.converter`` starts it and stops it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

from corpus.archive import damaged
from corpus.encoding import decode
from corpus.limits import MEGABYTE, Limits, too_deep, too_hungry, too_large
from corpus.markdown import cut
from corpus.markup import Converted
from rag.errors import CorpusError
from rag.lesson import Document

# What the files are called in sentences, by their suffix.
KINDS = {
    ".html": "HTML",
    ".htm": "HTML",
    ".pdf": "PDF",
    ".docx": "Word (.docx)",
    ".pptx": "PowerPoint (.pptx)",
    ".ipynb": "Jupyter (.ipynb)",
}
_EXTRA = "pip install 'lesson-qa[documents]'"


def convert(data: bytes, suffix: str, source: str, limits: Limits) -> Converted:
    """The Markdown of a file's bytes, or the text of one that is text already.

    It is cut into passages once, so that the limits hold for that, too. Raises CorpusError for a
    file that cannot be read, whatever it holds.
    """
    try:
        converted = _converter(suffix, source)(data, source, limits)
    except CorpusError:
        raise
    except MemoryError as error:
        raise too_hungry(source, limits.max_memory_mb) from error
    except RecursionError as error:
        raise too_deep(source, limits.max_nesting) from error
    except Exception as error:  # the libraries meet broken files with errors of every kind
        raise damaged(source, KINDS.get(suffix, "text")) from error
    if len(converted.text.encode()) > limits.max_text_mb * MEGABYTE:
        raise too_large(source, limits.max_text_mb)
    cut(Document(source, converted.text, ""))
    return converted


def _converter(suffix: str, source: str) -> Callable[[bytes, str, Limits], Converted]:
    """The converter of a kind of file; only here are the libraries imported."""
    try:
        if suffix in (".html", ".htm"):
            from corpus.html_file import convert as converter
        elif suffix == ".pdf":
            from corpus.pdf_file import convert as converter
        elif suffix == ".docx":
            from corpus.docx_file import convert as converter
        elif suffix == ".pptx":
            from corpus.pptx_file import convert as converter
        elif suffix == ".ipynb":
            from corpus.notebook_file import convert as converter
        else:
            converter = _text
    except ImportError as error:
        raise CorpusError(
            f"The lesson {source} needs the readers of documents; run `{_EXTRA}`.",
            f"강의 {source}을(를) 읽으려면 문서 변환기가 필요합니다. `{_EXTRA}`를 실행해 주세요.",
        ) from error
    return converter


def _text(data: bytes, source: str, limits: Limits) -> Converted:
    return Converted(decode(data, source))


def main(arguments: list[str], requests: BinaryIO, replies: BinaryIO) -> None:
    """Answers requests until there are no more."""
    limits = Limits(**json.loads(arguments[0]))
    with suppress(ValueError, OSError):  # some systems have no such limit
        resource.setrlimit(resource.RLIMIT_AS, (limits.max_memory_mb * MEGABYTE,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    replies.write(b"\n")  # ready: time runs from the first request
    replies.flush()
    while header := requests.readline():
        request = json.loads(header)
        data = requests.read(request["size"])
        _leave_when_forgotten(limits.max_seconds)
        reply = _reply(data, request["suffix"], request["source"], limits)
        replies.write(json.dumps(reply).encode() + b"\n")
        replies.flush()


def _leave_when_forgotten(seconds: int) -> None:
    """The system ends this process when it works on though nobody waits for it any more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 2 * seconds + 10
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _reply(data: bytes, suffix: str, source: str, limits: Limits) -> dict[str, Any]:
    try:
        converted = convert(data, suffix, source, limits)
    except CorpusError as error:
        return {"english": str(error), "korean": error.korean}
    return {"text": converted.text, "pages": converted.pages}


if __name__ == "__main__":
    # What a library prints must not look like a reply.
    private = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    main(sys.argv[1:], sys.stdin.buffer, private)
