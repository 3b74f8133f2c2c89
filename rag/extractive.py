"""Writing an answer out of the lesson's own words, with no language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.evidence import Evidence
from rag.lesson import Lesson, label
from rag.naming import topic_of
from rag.normalize import match_key
from rag.question import Question


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of an answer and the evidence (by its place) that it rests on; ``depth`` indents."""

    text: str
    evidence: int
    depth: int = 0


class Generator(Protocol):
    """Writes an answer from evidence; what it writes is only ever shown with its citations."""

    name: str

    def write(
        self, question: Question, evidence: Sequence[Evidence], lesson: Lesson
    ) -> Sequence[Statement]:
        """The statements of the answer, each resting on one item of the evidence."""
        ...


class ExtractiveGenerator:
    """Takes each piece of evidence over word for word, behind the name of what it is about."""

    name = "extractive"

    def write(
        self, question: Question, evidence: Sequence[Evidence], lesson: Lesson
    ) -> list[Statement]:
        """One statement for each piece of evidence, in order."""
        return [
            Statement(_with_topic(item, lesson), place, item.depth)
            for place, item in enumerate(evidence)
        ]


_MARKUP = re.compile(r"\\([!-/:-@\[-`{-~])|\*\*|__|``?|!?\[([^\]]*)\]\([^)]*\)")


def readable(evidence: Evidence) -> str:
    """The evidence's words without markup, on one line."""
    passage = evidence.passage
    if (evidence.start, evidence.end) == (passage.start, passage.end):
        return passage.plain
    words = passage.text[evidence.start - passage.start : evidence.end - passage.start]
    return " ".join(_MARKUP.sub(r"\1\2", words).split())


def _with_topic(evidence: Evidence, lesson: Lesson) -> str:
    """What a bullet is about, then its words: alone they do not say it ("DGX Cloud – ...")."""
    words = readable(evidence)
    above = topic_of(evidence.passage, lesson)
    if evidence.depth or above is None or above.kind == "heading":
        return words
    topic = label(above)
    return words if match_key(topic) in match_key(words) else f"{topic} – {words}"
