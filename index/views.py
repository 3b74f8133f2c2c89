"""What of a passage is searched: its own words, its words in context, and what hangs below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.lesson import Lesson, Passage, label
from rag.sentences import sentence_spans

View = Literal["own", "context", "below"]
VIEWS: tuple[View, ...] = ("own", "context", "below")
_BELOW_LENGTH = 400  # characters: USE averages over tokens, more text blurs the vector
SETTINGS = "views-2"  # changes with the texts below and the words of asking: an index knows its own


@dataclass(frozen=True, slots=True)
class Unit:
    """One text that gets one vector, and the passage (by its place in the lesson) it stands for."""

    row: int
    view: View
    text: str


def units(lesson: Lesson) -> list[Unit]:
    """The texts to encode, by passage in reading order.

    Each passage gives its sentences ("own"), itself behind the labels of what it hangs under
    ("context", when it hangs under anything or has several sentences) and, when it has children,
    itself followed by them ("below").
    """
    passages = lesson.passages
    above, below = field_rows(lesson, "context"), field_rows(lesson, "below")
    found: list[Unit] = []
    for row, passage in enumerate(passages):
        plain = passage.plain
        sentences = [plain[start:end] for start, end in sentence_spans(plain)] or [plain]
        found += [Unit(row, "own", sentence) for sentence in sentences]
        # The document's title stands above every passage alike, so it tells none from another.
        path = [label(passages[i]) for i in above[row] if passages[i].parent is not None]
        if path or len(sentences) > 1:
            found.append(Unit(row, "context", " ".join([*path, plain])))
        if below[row]:
            found.append(Unit(row, "below", _beginning(plain, below[row], passages)))
    return found


def _beginning(plain: str, below: Sequence[int], passages: Sequence[Passage]) -> str:
    """A passage followed by what is below it, as far as it is encoded."""
    parts, length = [plain], len(plain)
    for row in below:
        if length >= _BELOW_LENGTH:
            break
        parts.append(passages[row].plain)
        length += 1 + len(parts[-1])
    return " ".join(parts)[:_BELOW_LENGTH]


def field_rows(lesson: Lesson, view: View) -> list[Sequence[int]]:
    """For each passage, by its place, the places of those whose words make up its field ``view``.

    "own" is itself, "context" what it hangs under, outermost first, "below" what hangs under it in
    reading order.
    """
    if view == "own":
        return [(row,) for row in range(len(lesson.passages))]
    place, above = lesson.order, list[list[int]]()
    for passage in lesson.passages:  # a parent comes before what hangs under it
        parent = None if passage.parent is None else place[passage.parent]
        above.append([] if parent is None else [*above[parent], parent])
    if view == "context":
        return [*above]
    below: list[list[int]] = [[] for _ in lesson.passages]
    for row, ancestors in enumerate(above):
        for ancestor in ancestors:
            below[ancestor].append(row)
    return [*below]
