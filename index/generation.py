"""One complete index in a folder of its own, read without trusting what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.manifest import Manifest, generation_name, parse_manifest, record, sources_of
from index.matrix import damaged, unit_vectors
from index.related import word_list
from index.rows import read_lesson, read_terms
from index.untrusted import LARGEST, read
from index.vectors import FloatArray
from rag.errors import IndexStoreError
from rag.lesson import Lesson

FILES = ("documents.jsonl", "passages.jsonl", "terms.jsonl", "vectors.npy", "words.npy")
_LARGEST_MANIFEST = 64_000_000  # bytes; some 400,000 sources


@dataclass(frozen=True)
class Generation:
    """One complete index in memory.

    ``terms[i]`` are those of passage i; ``vectors`` are of ``index.views.units`` and ``words`` of
    ``index.related.word_list``. ``notice`` says that the current generation is damaged and this is
    another one, or is None.
    """

    manifest: Manifest
    lesson: Lesson
    terms: tuple[tuple[str, ...], ...]
    vectors: FloatArray
    words: FloatArray
    notice: IndexStoreError | None = None


def read_generation(path: Path, name: str = "") -> Generation:
    """The generation in the folder ``path``, each file checked by its sha256 before it is parsed.

    Its ``name`` is the folder's by default. Raises IndexDamaged or IndexMismatch.
    """
    manifest = read_manifest(path, name)
    if set(manifest.files) != set(FILES):
        raise damaged("manifest.json")
    contents = {name: _checked(path, name, manifest) for name in FILES}
    try:
        lesson = read_lesson(contents["documents.jsonl"], contents["passages.jsonl"])
    except (ValueError, TypeError, KeyError) as error:
        raise damaged("passages.jsonl") from error
    try:
        terms = read_terms(contents["terms.jsonl"])
    except ValueError as error:
        raise damaged("terms.jsonl") from error
    recipe = manifest.recipe
    if sources_of(lesson.documents) != recipe.sources:
        raise damaged("documents.jsonl")
    if not manifest.passages == len(lesson.passages) == len(terms):
        raise damaged("passages.jsonl")
    word_count = len(word_list(terms))
    return Generation(
        manifest,
        lesson,
        terms,
        unit_vectors(contents["vectors.npy"], manifest.vectors, recipe.dimension, "vectors.npy"),
        unit_vectors(contents["words.npy"], word_count, recipe.word_dimension, "words.npy"),
    )


def read_manifest(path: Path, name: str = "") -> Manifest:
    """The manifest in a generation's folder, which is named after what it says.

    Raises IndexDamaged or IndexMismatch.
    """
    try:
        if path.is_symlink():
            raise ValueError("a generation is no link")
        data = read(path / "manifest.json", _LARGEST_MANIFEST)
    except (OSError, ValueError) as error:
        raise damaged("manifest.json") from error
    if generation_name(data) != (name or path.name):
        raise damaged("manifest.json")
    return parse_manifest(data)


def _checked(path: Path, name: str, manifest: Manifest) -> bytes:
    expected = manifest.files[name]
    try:
        data = read(path / name, min(expected.size, LARGEST))
    except (OSError, ValueError, MemoryError) as error:
        raise damaged(name) from error
    if record(data) != expected:
        raise damaged(name)
    return data
