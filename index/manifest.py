"""What an index says about itself: what it was built from, and the hash of each of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rag.errors import IndexDamaged, IndexMismatch
from rag.lesson import Document

FORMAT = 3  # of the index folder; another number is refused
BUILD_COMMAND = "lesson-qa index build"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything an index depends on: the same recipe makes the same index, byte for byte."""

    encoder: str
    fingerprint: str  # of the encoder's weights
    dimension: int
    word_dimension: int
    cutter: str  # how documents become passages
    views: str  # which texts of a passage are encoded
    analyzer: str  # how text becomes terms
    sources: tuple[tuple[str, str], ...]  # (source, sha256 of the file's bytes), in corpus order


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a generation: its size in bytes and the sha256 of its content."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The recipe, the counts and the files of one generation of the index."""

    format: int
    recipe: Recipe
    passages: int
    vectors: int
    files: Mapping[str, FileRecord]

    def to_bytes(self) -> bytes:
        """Canonical JSON: the same manifest is the same bytes."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        return (text + "\n").encode()

    @property
    def generation(self) -> str:
        """The name of the generation this manifest belongs to."""
        return generation_name(self.to_bytes())


def generation_name(manifest: bytes) -> str:
    """The first 16 hexadecimal digits of the sha256 of a manifest file's bytes."""
    return hashlib.sha256(manifest).hexdigest()[:16]


def sources_of(documents: tuple[Document, ...]) -> tuple[tuple[str, str], ...]:
    """What a recipe keeps of the documents."""
    return tuple((document.source, document.sha256) for document in documents)


def record(data: bytes) -> FileRecord:
    """Size and hash of a file's content."""
    return FileRecord(len(data), hashlib.sha256(data).hexdigest())


def parse_manifest(data: bytes) -> Manifest:
    """The manifest in ``data``.

    Raises IndexMismatch for another format version and IndexDamaged for anything that is not a
    whole manifest: nothing in it is trusted beyond its declared types.
    """
    try:
        raw = json.loads(data)
        if isinstance(raw, dict) and _is_int(raw.get("format")) and raw["format"] != FORMAT:
            raise IndexMismatch(
                f"The index has format {raw['format']}, this program reads format {FORMAT}; "
                f"run `{BUILD_COMMAND}` to make it again.",
                f"색인의 형식이 {raw['format']}번인데 이 프로그램은 {FORMAT}번을 읽습니다. "
                f"`{BUILD_COMMAND}`로 다시 만들어 주세요.",
            )
        return _manifest(raw)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexDamaged(
            f"The index's manifest.json is damaged; run `{BUILD_COMMAND}` to make it again.",
            f"색인의 manifest.json이 손상되었습니다. `{BUILD_COMMAND}`로 다시 만들어 주세요.",
        ) from error


def _manifest(raw: dict[str, Any]) -> Manifest:
    recipe = raw["recipe"]
    return Manifest(
        format=_int(raw["format"]),
        recipe=Recipe(
            encoder=_str(recipe["encoder"]),
            fingerprint=_str(recipe["fingerprint"]),
            dimension=_int(recipe["dimension"]),
            word_dimension=_int(recipe["word_dimension"]),
            cutter=_str(recipe["cutter"]),
            views=_str(recipe["views"]),
            analyzer=_str(recipe["analyzer"]),
            sources=tuple((_str(name), _str(sha)) for name, sha in recipe["sources"]),
        ),
        passages=_int(raw["passages"]),
        vectors=_int(raw["vectors"]),
        files={
            _str(name): FileRecord(_int(entry["size"]), _str(entry["sha256"]))
            for name, entry in raw["files"].items()
        },
    )


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _int(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise TypeError("not a count")


def _str(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError("not a string")
