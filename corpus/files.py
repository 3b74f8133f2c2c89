"""The files of a corpus: which there are, in which order, and their bytes."""

from __future__ import annotations

import os
import stat
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from corpus.limits import MEGABYTE, too_large
from rag.errors import CorpusError

TEXT_SUFFIXES = (".md", ".markdown", ".txt")
_TRIES, _PAUSE = 4, 0.05  # at a file that is written while it is read; seconds between them
_LOCKS = "~$"  # how the names begin of the files that Office makes beside an open one


def lesson_files(
    folder: Path, suffixes: tuple[str, ...], failed: Callable[[str, OSError], None]
) -> list[str]:
    """Paths, relative to the folder, of the files in it whose names end so.

    Hidden files and folders are left out, and links to folders are not followed. Order: by path in
    NFC, compared by code point. ``failed`` is told of a folder that cannot be listed.
    """

    def tell(error: OSError) -> None:
        failed(os.path.relpath(error.filename or folder, folder), error)

    found = []
    for place, folders, files in os.walk(folder, onerror=tell):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            (Path(place) / name).relative_to(folder).as_posix()
            for name in files
            if not name.startswith((".", _LOCKS)) and name.lower().endswith(suffixes)
        ]
    return sorted(found, key=lambda name: (unicodedata.normalize("NFC", readable(name)), name))


def readable(name: str) -> str:
    r"""A file's name as text in every locale; bytes of it that are not UTF-8 read as "\xb0"."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def check_name(source: str) -> None:
    """Raises CorpusError for a name that no screen and no text file can hold."""
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in source):
        shown = source.encode("unicode_escape", "surrogatepass").decode()
        raise CorpusError(
            f"The name of the lesson {shown} holds broken characters; rename it.",
            f"강의 {shown}의 이름에 깨진 글자가 있습니다. 이름을 바꾸어 주세요.",
        )


def check_inside(path: Path, folder: Path, source: str) -> None:
    """Raises CorpusError for a link that leads out of the folder; OSError for one to nowhere."""
    # Path.resolve has an error of its own for links that go round in a circle.
    target = Path(os.path.realpath(path, strict=True))
    if not target.is_relative_to(os.path.realpath(folder)):
        raise CorpusError(
            f"The lesson {source} is a link that leads out of the folder; copy the file into it.",
            f"강의 {source}은(는) 폴더 밖을 가리키는 링크입니다. 파일을 폴더에 복사해 주세요.",
        )


def read_bytes(path: Path, source: str, most_mb: int) -> bytes:
    """The bytes of a regular file as they were at one moment.

    Raises CorpusError when there are more than ``most_mb`` megabytes, or when somebody writes the
    file again and again; OSError when it cannot be read.
    """
    for tried in range(_TRIES):
        if tried:
            time.sleep(_PAUSE)  # saving takes a moment; at once it would be caught again
        if not path.is_file():
            raise FileNotFoundError(2, "no such file", str(path))
        # Opening a pipe that came in its place would wait for a writer.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise FileNotFoundError(2, "no such file", str(path))
            if before.st_size > most_mb * MEGABYTE:
                raise too_large(source, most_mb)
            data = file.read(most_mb * MEGABYTE + 1)
            after = os.fstat(file.fileno())
        if len(data) > most_mb * MEGABYTE:
            raise too_large(source, most_mb)
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        if same and len(data) == after.st_size:
            return data
    raise CorpusError(
        f"The lesson {source} is being written; try again when it is saved.",
        f"강의 {source}이(가) 저장되는 중입니다. 저장이 끝난 뒤 다시 해 주세요.",
    )
