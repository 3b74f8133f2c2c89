"""Reading lesson files: which files, in which order, and as which characters."""

from __future__ import annotations

import codecs
import hashlib
import os
import unicodedata
from pathlib import Path

from rag.errors import CorpusError
from rag.lesson import Document

SUFFIXES = (".md", ".markdown", ".txt")
# A long textbook is about 2 MB of text; more in one file is rather a mistake than a lesson.
LARGEST_FILE = 10_000_000  # bytes
_KOREAN_SHARE = 0.7  # of the characters beyond ASCII that must be Hangul for text to be CP949


def read_corpus(path: Path) -> tuple[Document, ...]:
    """The lesson files of a file or a folder, folders recursively, in a fixed order.

    Hidden files and folders are left out, and links to folders are not followed. Order: by path
    relative to ``path`` in NFC, compared by code point. Raises CorpusError when there is no lesson
    or one cannot be read; the sentence names the file.
    """
    try:
        if path.is_dir():
            names = _lesson_files(path)
            if not names:
                raise CorpusError(
                    f"The folder {path} holds no lesson; put a .md or .txt file into it.",
                    f"{path} 폴더에 강의 파일이 없습니다. .md나 .txt 파일을 넣어 주세요.",
                )
            return tuple(_read(path / name, _readable(name)) for name in names)
        return (_read(path, _readable(path.name)),)
    except OSError as error:
        raise CorpusError(
            f"The lesson {path} cannot be read: {error.strerror or error}.",
            f"강의 {path}을(를) 읽을 수 없습니다: {error.strerror or error}.",
        ) from error


def _lesson_files(folder: Path) -> list[str]:
    found = []
    for place, folders, files in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            (Path(place) / name).relative_to(folder).as_posix()
            for name in files
            if not name.startswith(".") and name.lower().endswith(SUFFIXES)
        ]
    return sorted(found, key=lambda name: (unicodedata.normalize("NFC", _readable(name)), name))


def _readable(name: str) -> str:
    r"""A file's name as text in every locale; bytes of it that are not UTF-8 read as "\xb0"."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _raise(error: OSError) -> None:
    raise error


def _read(path: Path, source: str) -> Document:
    if not path.is_file():
        raise FileNotFoundError(2, "no such file", str(path))
    if path.stat().st_size > LARGEST_FILE:
        raise CorpusError(
            f"The lesson {source} is larger than {LARGEST_FILE // 1_000_000} MB; split it.",
            f"강의 {source}이(가) {LARGEST_FILE // 1_000_000}MB보다 큽니다. 나누어 주세요.",
        )
    data = path.read_bytes()
    text = decode(data, source)
    if not text.strip("\ufeff \t\r\n"):
        raise CorpusError(
            f"The lesson {source} is empty; write something into it.",
            f"강의 {source}이(가) 비어 있습니다. 내용을 적어 주세요.",
        )
    return Document(source=source, text=text, sha256=hashlib.sha256(data).hexdigest())


def decode(data: bytes, source: str) -> str:
    """The characters of a file: UTF-8, UTF-16 with its mark, or Korean CP949 (EUC-KR).

    A UTF-8 byte-order mark stays as U+FEFF, so that offsets equal those of ``bytes.decode``.
    Raises CorpusError for anything else; nothing is guessed and nothing is replaced.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8", "cp949"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and (encoding != "cp949" or _looks_korean(text)):
            return text
    raise CorpusError(
        f"The lesson {source} is not text in UTF-8, UTF-16 or CP949; save it as UTF-8.",
        f"강의 {source}은(는) UTF-8, UTF-16, CP949 텍스트가 아닙니다. UTF-8로 저장해 주세요.",
    )


def _looks_korean(text: str) -> bool:
    """CP949 decodes nearly any bytes; only those that give mostly Hangul were written in it."""
    beyond = [character for character in text if not character.isascii()]
    hangul = sum("가" <= character <= "힣" for character in beyond)
    return bool(beyond) and hangul >= _KOREAN_SHARE * len(beyond)
