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
SETTINGS = "views-1"  # changes when the texts below change: an index knows which it was built with


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
    found: list[Unit] = []
    for row, passage in enumerate(lesson.passages):
        plain = passage.plain
        sentences = [plain[start:end] for start, end in sentence_spans(plain)] or [plain]
        found += [Unit(row, "own", sentence) for sentence in sentences]
        path = context_labels(lesson, passage)
        if path or len(sentences) > 1:
            found.append(Unit(row, "context", " ".join([*path, plain])))
        below = [child.plain for child in lesson.subtree(passage)][1:]
        if below:
            found.append(Unit(row, "below", " ".join([plain, *below])[:_BELOW_LENGTH]))
    return found


def context_labels(lesson: Lesson, passage: Passage) -> list[str]:
    """The labels of what the passage hangs under, outermost first, the document's title left out.

    The title stands above every passage alike, so it tells none from another.
    """
    above = lesson.ancestors(passage)
    return [label(ancestor) for ancestor in above if ancestor.parent is not None]


def field_passages(lesson: Lesson, view: View) -> list[Sequence[Passage]]:
    """For each passage in reading order, the passages whose words make up its field ``view``."""
    if view == "own":
        return [(passage,) for passage in lesson.passages]
    if view == "context":
        return [lesson.ancestors(passage) for passage in lesson.passages]
    return [tuple(lesson.subtree(passage))[1:] for passage in lesson.passages]
