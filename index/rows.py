"""Documents, passages and terms as lines of JSON, read back without trusting them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any, get_args

from index.manifest import source_name
from index.untrusted import count, parse, text, texts
from rag.lesson import Document, Lesson, Passage, PassageKind

# Passages hang under each other no deeper than this: the cutter stops at 60 lists and quotes, and
# whoever walks the tree recurses.
_DEEPEST = 200
_KINDS = frozenset(get_args(PassageKind))


def json_lines(rows: Iterable[object]) -> bytes:
    """One line of JSON for each row."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def document_lines(lesson: Lesson) -> bytes:
    """The documents exactly as they were read."""
    return json_lines(asdict(document) for document in lesson.documents)


def passage_lines(lesson: Lesson) -> bytes:
    """The passages, in reading order."""
    # Not asdict: it copies deeply, which takes longer than all the rest of writing an index.
    names = [field.name for field in fields(Passage)]
    return json_lines({name: getattr(p, name) for name in names} for p in lesson.passages)


def read_lesson(documents: bytes, passages: bytes) -> Lesson:
    """The lesson of two files of lines.

    Raises ValueError, TypeError or KeyError unless each passage is of one of the documents, they
    come in reading order, each slices its document's text, and they form trees.
    """
    lesson = Lesson(
        tuple(Document(**_row(row, _DOCUMENT)) for row in _parsed(documents)),
        tuple(Passage(**_row(row, _PASSAGE)) for row in _parsed(passages)),
    )
    place = {document.source: i for i, document in enumerate(lesson.documents)}
    if len(place) != len(lesson.documents) or not lesson.passages:
        raise ValueError("a document comes twice, or there are no passages")
    depth: dict[str, int] = {}
    before = lesson.passages[0]
    for passage in lesson.passages:
        if place[passage.source] < place[before.source]:
            raise ValueError("the passages are not in reading order")
        start, end = passage.start, passage.end
        if start > end or lesson.document(passage.source).text[start:end] != passage.text:
            raise ValueError("a passage is not what its document says")
        above = None if passage.parent is None else lesson.passage(passage.parent)
        if above is not None and above.source != passage.source:
            raise ValueError("a passage hangs under another document")
        # KeyError for a parent that comes later, so that none hangs under itself.
        depth[passage.id] = 0 if above is None else depth[above.id] + 1
        if depth[passage.id] > _DEEPEST:
            raise ValueError("passages are nested too deep")
        before = passage
    return lesson


def read_terms(data: bytes) -> tuple[tuple[str, ...], ...]:
    """The terms of each passage; raises ValueError for anything else."""
    return tuple(texts(row) for row in _parsed(data))


def _parsed(data: bytes) -> list[Any]:
    # Split at line feeds only: JSON strings may hold U+2028, at which splitlines() would cut.
    lines = data.decode().split("\n")
    if lines.pop():
        raise ValueError("the last line is cut short")
    return [parse(line) for line in lines]


def _row(row: object, checks: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """The row's values, each checked; raises ValueError when it has others than these."""
    if not isinstance(row, dict) or row.keys() != checks.keys():
        raise ValueError("not the fields of a row")
    return {name: check(row[name]) for name, check in checks.items()}


def _kind(value: object) -> str:
    if text(value) in _KINDS:
        return text(value)
    raise ValueError("not a kind of passage")


def _maybe(check: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda value: None if value is None else check(value)


def _rising(value: object) -> tuple[int, ...]:
    """Offsets of pages: whole numbers that never fall."""
    if not isinstance(value, list):
        raise TypeError("pages are no list")
    offsets = tuple(count(offset) for offset in value)
    if list(offsets) != sorted(offsets):
        raise ValueError("pages begin at offsets that rise")
    return offsets


_DOCUMENT: Mapping[str, Callable[[Any], Any]] = {
    "source": source_name,
    "text": text,
    "sha256": text,
    "pages": _rising,
}
_PASSAGE: Mapping[str, Callable[[Any], Any]] = {
    "id": text,
    "source": text,
    "kind": _kind,
    "heading": texts,
    "parent": _maybe(text),
    "start": count,
    "end": count,
    "text": text,
    "plain": text,
    "number": _maybe(count),
    "level": count,
}
