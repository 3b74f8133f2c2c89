"""What an index says about itself: what it was built from, and the hash of each of its files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from index.untrusted import count, is_count, parse, text
from rag.errors import IndexDamaged, IndexMismatch
from rag.lesson import Document

FORMAT = 4  # of the index folder; another number is refused
BUILD_COMMAND = "lesson-qa index build"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LARGEST_DIMENSION = 65_536


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
    manifest as ``to_bytes`` writes it, byte for byte: nothing in it is trusted beyond that.
    """
    try:
        raw = parse(data.decode())
        if isinstance(raw, dict) and is_count(raw.get("format")) and raw["format"] != FORMAT:
            raise IndexMismatch(
                f"The index has format {raw['format']}, this program reads format {FORMAT}; "
                f"run `{BUILD_COMMAND}` to make it again.",
                f"색인의 형식이 {raw['format']}번인데 이 프로그램은 {FORMAT}번을 읽습니다. "
                f"`{BUILD_COMMAND}`로 다시 만들어 주세요.",
            )
        manifest = _manifest(raw)
        if manifest.to_bytes() != data:
            raise ValueError("not as this program writes it")
        return manifest
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(
            f"The index's manifest.json is damaged; run `{BUILD_COMMAND}` to make it again.",
            f"색인의 manifest.json이 손상되었습니다. `{BUILD_COMMAND}`로 다시 만들어 주세요.",
        ) from error


def _manifest(raw: dict[str, Any]) -> Manifest:
    recipe = raw["recipe"]
    sources = tuple((source_name(name), _sha256(sha)) for name, sha in recipe["sources"])
    if len({name for name, _ in sources}) != len(sources):
        raise ValueError("a source comes twice")
    return Manifest(
        format=count(raw["format"]),
        recipe=Recipe(
            encoder=text(recipe["encoder"]),
            fingerprint=text(recipe["fingerprint"]),
            dimension=_dimension(recipe["dimension"]),
            word_dimension=_dimension(recipe["word_dimension"]),
            cutter=text(recipe["cutter"]),
            views=text(recipe["views"]),
            analyzer=text(recipe["analyzer"]),
            sources=sources,
        ),
        passages=count(raw["passages"]),
        vectors=count(raw["vectors"]),
        files={
            text(name): FileRecord(count(entry["size"]), _sha256(entry["sha256"]))
            for name, entry in raw["files"].items()
        },
    )


def source_name(value: object) -> str:
    """The value, when it is a path inside a corpus folder; raises ValueError when it is not."""
    name = text(value)
    if "\0" in name or any(part in ("", ".", "..") for part in name.split("/")):
        raise ValueError("a source leads elsewhere")
    return name


def _sha256(value: object) -> str:
    if _SHA256.fullmatch(text(value)):
        return text(value)
    raise ValueError("not a sha256")


def _dimension(value: object) -> int:
    if 1 <= count(value) <= _LARGEST_DIMENSION:
        return count(value)
    raise ValueError("not a dimension")
