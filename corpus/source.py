"""Reading lessons: a file or a folder of them, as documents of Markdown or plain text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from corpus.conversion import KINDS
from corpus.converter import Converter
from corpus.encoding import decode
from corpus.files import (
    TEXT_SUFFIXES,
    check_inside,
    check_name,
    lesson_files,
    read_bytes,
    readable,
)
from corpus.limits import AS_USUAL, Limits
from corpus.markup import Converted
from rag.errors import CorpusError
from rag.lesson import Document

SUFFIXES = (*TEXT_SUFFIXES, *KINDS)
# Lessons that somebody forgot to save as something this program reads: told, not passed over.
_FOREIGN = (".hwp", ".hwpx", ".doc", ".ppt", ".rtf", ".odt", ".odp")
_SMALL = 50_000  # bytes of text that no trick in it can make slow to cut
_LISTED = (".md, .txt, .html, .pdf, .docx, .pptx", ".ipynb")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a corpus is read.

    ``known()`` gives documents read earlier: one with the same name and bytes is not converted
    again; it is called only when a file would be. ``skip`` is told of each file of a folder that
    cannot be read, and the rest goes on; without it the first such error is raised. ``progress`` is
    called after each file that was converted, with how many of all files are done and how many
    there are.
    """

    limits: Limits = AS_USUAL
    known: Callable[[], tuple[Document, ...]] = tuple
    skip: Callable[[CorpusError], None] | None = None
    progress: Callable[[int, int], None] | None = None


STANDARD = Reading()


def read_corpus(path: Path, reading: Reading = STANDARD) -> tuple[Document, ...]:
    """The lessons of a file or a folder, folders recursively, in a fixed order.

    Hidden files and folders are left out; links out of the folder are not followed. Order: by path
    relative to ``path`` in NFC, compared by code point. Raises CorpusError when there is no lesson,
    when a single file cannot be read, and when none of a folder can.
    """
    with Converter(reading.limits) as converter:
        reader = _Reader(reading, converter)
        if path.is_dir():
            return reader.folder(path)
        source = readable(path.name)
        check_name(source)
        try:
            return (reader.file(path, source),)
        except OSError as error:
            raise _unreadable(str(path), error) from error


class _Reader:
    def __init__(self, reading: Reading, converter: Converter) -> None:
        self._reading, self._converter = reading, converter
        self._failures = 0

    @cached_property
    def _known(self) -> dict[tuple[str, str], Document]:
        return {(known.source, known.sha256): known for known in self._reading.known()}

    def folder(self, folder: Path) -> tuple[Document, ...]:
        names = lesson_files(
            folder,
            (*SUFFIXES, *_FOREIGN),
            lambda name, error: self._skip(_unreadable(name, error)),
        )
        if not names and not self._failures:
            raise CorpusError(
                f"The folder {folder} holds no lesson; put a {' or '.join(_LISTED)} file into it.",
                f"{folder} 폴더에 강의 파일이 없습니다. {', '.join(_LISTED)} 파일을 넣어 주세요.",
            )
        documents = []
        for done, name in enumerate(names, 1):
            try:
                documents.append(self._inside(folder, name))
            except CorpusError as error:
                self._skip(error)
            if self._reading.progress and name.lower().endswith(tuple(KINDS)):
                self._reading.progress(done, len(names))
        if not documents:
            raise CorpusError(
                f"None of the lessons in {folder} can be read.",
                f"{folder} 폴더의 강의를 하나도 읽을 수 없습니다.",
            )
        return tuple(documents)

    def _inside(self, folder: Path, name: str) -> Document:
        source = readable(name)
        check_name(source)
        try:
            check_inside(folder / name, folder, source)
            return self.file(folder / name, source)
        except OSError as error:
            raise _unreadable(source, error) from error

    def file(self, path: Path, source: str) -> Document:
        limits, suffix = self._reading.limits, path.suffix.lower()
        if suffix in _FOREIGN:
            raise CorpusError(
                f"The lesson {source} is in a format that cannot be read; save it as PDF or .docx.",
                f"강의 {source}은(는) 읽을 수 없는 형식입니다. PDF나 .docx로 저장해 주세요.",
            )
        text = suffix not in KINDS
        most = min(limits.max_text_mb, limits.max_file_mb) if text else limits.max_file_mb
        data = read_bytes(path, source, most)
        if text and len(data) <= _SMALL:
            return _document(source, data, Converted(decode(data, source)))
        known = self._known.get((source, hashlib.sha256(data).hexdigest()))
        if known is not None:
            return known
        if not data:
            raise _empty(source)
        return _document(source, data, self._converter.convert(data, suffix, source))

    def _skip(self, error: CorpusError) -> None:
        self._failures += 1
        if self._reading.skip is None:
            raise error
        self._reading.skip(error)


def _document(source: str, data: bytes, converted: Converted) -> Document:
    if not re.search(r"[^\ufeff\s]", converted.text):
        raise _empty(source)
    digest = hashlib.sha256(data).hexdigest()
    return Document(source, converted.text, digest, converted.pages)


def _empty(source: str) -> CorpusError:
    return CorpusError(
        f"The lesson {source} is empty; write something into it.",
        f"강의 {source}이(가) 비어 있습니다. 내용을 적어 주세요.",
    )


def _unreadable(name: str, error: OSError) -> CorpusError:
    return CorpusError(
        f"The lesson {name} cannot be read: {error.strerror or error}.",
        f"강의 {name}을(를) 읽을 수 없습니다: {error.strerror or error}.",
    )
