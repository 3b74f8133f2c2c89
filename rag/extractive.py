"""Writing an answer out of the lesson's own words, with no language model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.evidence import Evidence
from rag.lesson import Lesson, Passage, label
from rag.naming import asked_before, asks_itself, topic_of
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
        """One statement for each piece of evidence; what is about the same stands together, and
        the steps below something keep their numbers.
        """
        statements: list[Statement] = []
        said: Passage | None = None  # what the statements before were about
        several = len({topic_of(item.passage, lesson) for item in evidence if not item.depth}) > 1
        for place in _together(evidence, lesson):
            item = evidence[place]
            about = topic_of(item.passage, lesson)
            topic = None if item.depth or about is None or about is said else about
            step = f"{item.passage.number}. " if item.depth and item.passage.number else ""
            answers = _question(item, lesson) if several else ""
            statements.append(
                Statement(step + answers + _with_topic(item, topic), place, item.depth)
            )
            said = said if item.depth else about
        return statements


def _question(item: Evidence, lesson: Lesson) -> str:
    """The question that the words answer, in a list of such, before their first sentence: "Yes."
    alone, among other places, says nothing.
    """
    passage = item.passage
    if item.start != passage.start or not _ANSWERS.match(readable(item)):
        return ""
    asked = asked_before(passage, lesson) or lesson.parent(passage)
    return f"{_ASKS.sub('', asked.plain)} – " if asked and asks_itself(asked) else ""


def _together(evidence: Sequence[Evidence], lesson: Lesson) -> Iterator[int]:
    """The places of the evidence as they are told: what hangs under the same thing follows the
    first of it, numbered steps in their order, and each brings what hangs under itself.
    """
    blocks: list[list[int]] = []
    for place, item in enumerate(evidence):
        if item.depth and blocks:
            blocks[-1].append(place)
        else:
            blocks.append([place])
    groups: dict[str, list[list[int]]] = {}
    for block in blocks:
        passage = evidence[block[0]].passage
        about = topic_of(passage, lesson)
        groups.setdefault(about.id if about else passage.id, []).append(block)
    for group in groups.values():
        steps = [evidence[block[0]].passage for block in group]
        if all(step.number is not None for step in steps):
            group.sort(key=lambda block: lesson.order[evidence[block[0]].passage.id])
        for block in group:
            yield from block


# What stands in code is kept as it is; a cut through it may leave one end.
_MARKUP = re.compile(
    r"(?<!`)(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)|\\([!-/:-@\[-`{-~])|\*\*|__|``?|"
    r"!?\[([^\]]*)\]\([^)]*\)",
    re.DOTALL,
)


# What a list of questions and answers begins its answers with.
_ASKS = re.compile(r"^(?:Q\d{0,2}|문|질문)\s?[.:)]\s*(?=\S)", re.I)
_ANSWERS = re.compile(r"^(?:A\d{0,2}[.:)]|답변?\s?[:)])\s+(?=\S)")


def readable(evidence: Evidence) -> str:
    """The evidence's words without markup, on one line."""
    passage = evidence.passage
    if (evidence.start, evidence.end) == (passage.start, passage.end):
        return passage.plain
    words = passage.text[evidence.start - passage.start : evidence.end - passage.start]
    return " ".join(_MARKUP.sub(r"\2\3\4", words).split())


def _with_topic(evidence: Evidence, above: Passage | None) -> str:
    """What a bullet is about, then its words: alone they do not say it ("DGX Cloud – ...")."""
    words = _ANSWERS.sub("", readable(evidence))
    if above is None or above.kind == "heading":
        return words
    topic = label(above)
    said = match_key(topic) in match_key(words) or _ANSWERS.match(f"{topic}: {words}")
    return words if said else f"{topic} – {words}"


def numbered(statements: Sequence[Statement]) -> tuple[str, Mapping[int, int]]:
    """The answer's text with ``[n]`` markers, and the evidence of each n in order."""
    numbers: dict[int, int] = {}
    lines = []
    for statement in statements:
        number = numbers.setdefault(statement.evidence, len(numbers) + 1)
        bullet = "  " * (statement.depth - 1) + "- " if statement.depth else ""
        lines.append(f"{bullet}{statement.text} [{number}]")
    return "\n".join(lines), numbers
