"""The index folder: whole generations side by side, and one pointer to the current one.

    INDEX/CURRENT                       the name of the current generation
    INDEX/GENERATION/manifest.json      what it was built from, counts, sha256 of each file
    INDEX/GENERATION/documents.jsonl    the sources exactly as read, so citations can be checked
    INDEX/GENERATION/passages.jsonl     the passages, in reading order
    INDEX/GENERATION/terms.jsonl        the search terms of each passage
    INDEX/GENERATION/vectors.faiss      the vectors of the passages' texts
    INDEX/GENERATION/words.faiss        the vectors of single words

A build writes a new generation in a temporary folder, flushes it to disk, renames it and then
replaces CURRENT, so a reader finds the old index or the new one, never a half. Nothing is pickled.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.durable import replace, sync_folder, write
from index.manifest import (
    BUILD_COMMAND,
    FORMAT,
    Manifest,
    Recipe,
    generation_name,
    parse_manifest,
    record,
)
from index.related import word_list
from index.vectors import FloatArray, VectorIndex, vectors_from_bytes
from rag.errors import IndexDamaged, IndexMissing, IndexStoreError
from rag.lesson import Document, Lesson, Passage

_CURRENT = "CURRENT"
_FILES = ("documents.jsonl", "passages.jsonl", "terms.jsonl", "vectors.faiss", "words.faiss")


@dataclass(frozen=True)
class Generation:
    """One complete index in memory.

    ``terms[i]`` are those of passage i; ``vectors`` are of ``index.views.units`` and ``words`` of
    ``index.related.word_list``.
    """

    manifest: Manifest
    lesson: Lesson
    terms: tuple[tuple[str, ...], ...]
    vectors: FloatArray
    words: FloatArray


def current_manifest(folder: Path) -> Manifest:
    """The manifest of the current generation, without reading the rest.

    Raises IndexMissing when there is no index, IndexDamaged when the manifest is not whole.
    """
    return parse_manifest(_read(_current(folder) / "manifest.json"))


def load(folder: Path) -> Generation:
    """The current generation, every file checked against its size and sha256 before it is parsed.

    Raises IndexMissing, IndexDamaged or IndexMismatch (see ``rag.errors``).
    """
    generation = _current(folder)
    data = _read(generation / "manifest.json")
    manifest = parse_manifest(data)
    if generation_name(data) != generation.name or set(manifest.files) != set(_FILES):
        raise _damaged("manifest.json")
    contents = {name: _checked(generation, name, manifest) for name in _FILES}
    try:
        lesson = Lesson(
            tuple(_document(row) for row in _rows(contents["documents.jsonl"])),
            tuple(_passage(row) for row in _rows(contents["passages.jsonl"])),
        )
        terms = tuple(tuple(map(str, row)) for row in _rows(contents["terms.jsonl"]))
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged("passages.jsonl") from error
    vectors = vectors_from_bytes(
        contents["vectors.faiss"], manifest.vectors, manifest.recipe.dimension
    )
    words = vectors_from_bytes(
        contents["words.faiss"], len(word_list(terms)), manifest.recipe.word_dimension
    )
    _cross_check(manifest, lesson, terms)
    return Generation(manifest, lesson, terms, vectors, words)


def save(
    folder: Path,
    recipe: Recipe,
    lesson: Lesson,
    terms: Iterable[Iterable[str]],
    vectors: FloatArray,
    words: FloatArray,
) -> Manifest:
    """Writes a new generation and makes it the current one; the one before is kept.

    Raises IndexStoreError when the folder cannot be written; the old index is then untouched.
    """
    contents = {
        "documents.jsonl": _jsonl(asdict(document) for document in lesson.documents),
        "passages.jsonl": _jsonl(asdict(passage) for passage in lesson.passages),
        "terms.jsonl": _jsonl(list(row) for row in terms),
        "vectors.faiss": VectorIndex(vectors).to_bytes(),
        "words.faiss": VectorIndex(words).to_bytes(),
    }
    files = {name: record(data) for name, data in contents.items()}
    manifest = Manifest(FORMAT, recipe, len(lesson.passages), len(vectors), files)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _only_writer(folder):
            previous = _pointer(folder)
            _write_generation(folder, manifest, contents)
            replace(folder / _CURRENT, (manifest.generation + "\n").encode())
            _remove_old(folder, keep={manifest.generation, previous})
    except OSError as error:
        raise IndexStoreError(
            f"The index cannot be written to {folder}: {error.strerror or error}.",
            f"색인을 {folder}에 쓸 수 없습니다: {error.strerror or error}.",
        ) from error
    return manifest


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Holds the folder's lock; the system lets go of it when a writer dies."""
    with (folder / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_generation(folder: Path, manifest: Manifest, contents: Mapping[str, bytes]) -> None:
    target = folder / manifest.generation
    work = Path(tempfile.mkdtemp(prefix=".build-", dir=folder))
    try:
        for name, data in {**contents, "manifest.json": manifest.to_bytes()}.items():
            write(work / name, data)
        sync_folder(work)
        work.chmod(0o755)
        if target.exists():  # the same recipe built before: its files may be what is damaged
            shutil.rmtree(target)
        work.rename(target)
        sync_folder(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _remove_old(folder: Path, keep: set[str | None]) -> None:
    for entry in folder.iterdir():
        stale = entry.name.startswith(".build-") or re.fullmatch(r"[0-9a-f]{16}", entry.name)
        if stale and entry.name not in keep:
            shutil.rmtree(entry, ignore_errors=True)


def _pointer(folder: Path) -> str | None:
    """The generation CURRENT names, or None when there is no such file."""
    try:
        name = (folder / _CURRENT).read_bytes().decode("ascii", "replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    # Read from a file anyone may have written: never a path, only a generation's name.
    return name if re.fullmatch(r"[0-9a-f]{16}", name) else ""


def _current(folder: Path) -> Path:
    try:
        name = _pointer(folder)
    except OSError as error:
        raise _damaged(_CURRENT) from error
    if name is None:
        raise IndexMissing(
            f"There is no index in {folder}; run `{BUILD_COMMAND}`.",
            f"{folder}에 색인이 없습니다. `{BUILD_COMMAND}`를 실행해 주세요.",
        )
    if not name:
        raise _damaged(_CURRENT)
    return folder / name


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _damaged(path.name) from error


def _checked(generation: Path, name: str, manifest: Manifest) -> bytes:
    data = _read(generation / name)
    if record(data) != manifest.files[name]:
        raise _damaged(name)
    return data


def _cross_check(manifest: Manifest, lesson: Lesson, terms: tuple[tuple[str, ...], ...]) -> None:
    """Counts agree, and every passage's offsets slice its source back to its text."""
    if not manifest.passages == len(lesson.passages) == len(terms):
        raise _damaged("passages.jsonl")
    texts = {document.source: document.text for document in lesson.documents}
    for passage in lesson.passages:
        if texts.get(passage.source, "")[passage.start : passage.end] != passage.text:
            raise _damaged("passages.jsonl")


def _document(row: dict[str, Any]) -> Document:
    pages = tuple(row.pop("pages", ()))
    if not all(isinstance(start, int) for start in pages) or list(pages) != sorted(pages):
        raise TypeError("pages begin at offsets that rise")
    return Document(**row, pages=pages)


def _passage(row: dict[str, Any]) -> Passage:
    return Passage(**{**row, "heading": tuple(row["heading"])})


def _jsonl(rows: Iterable[object]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _rows(data: bytes) -> list[Any]:
    # Split at line feeds only: JSON strings may hold U+2028, at which splitlines() would cut.
    return [json.loads(line) for line in data.decode().split("\n") if line]


def _damaged(name: str) -> IndexDamaged:
    return IndexDamaged(
        f"The index file {name} is missing or damaged; run `{BUILD_COMMAND}` to make it again.",
        f"색인 파일 {name}이(가) 없거나 손상되었습니다. `{BUILD_COMMAND}`로 다시 만들어 주세요.",
    )
