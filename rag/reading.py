"""Reading again: a model looks at the question and at what the first hits would show, together.

Search and ranking compare words and vectors that were made of question and passage apart. A reader
sees both at once, so it can tell what a passage speaks of from what it says of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log
from typing import Protocol

from rag.evidence import Evidence, shown
from rag.excerpt import best_sentences, readings, sentence_scores, told_whole
from rag.expected import lacks_what_is_asked
from rag.extractive import readable
from rag.lesson import Lesson
from rag.naming import asked_before
from rag.question import Question
from rag.search import Hit
from rag.sentences import sentence_spans

READ = 8  # hits that are read; the answer is among them for 96 % of the development questions
_ABOVE, _NAME = 3, 60  # of what a place hangs under: so many levels, so many characters of each
_LONGEST_SINGLY = 360  # characters of a paragraph that are read sentence by sentence
_LONGEST = 1_000  # characters of a place; no reader sees more
_LARGE = 4.0  # log-odds that count 1
# What a sentence's own score counts, the reader's log-odds of it alone and behind the one before,
# and that it lacks the number or date asked for: fitted, with _KEEN of rag/excerpt.py, on 417
# paragraphs that answer development questions. The sentence that answers then comes first in 90 %
# of them (by its own score alone in 79 %), and in 88 % of 183 of other lessons.
_NEAR, _ALONE, _BEHIND, _LACKS = 0.18, 0.12, 0.15, 0.25


@dataclass(frozen=True, slots=True)
class Place:
    """What a reader sees of a hit: what it hangs under, outermost first, and its words."""

    path: str
    text: str


class Reader(Protocol):
    """A model that reads a question and a place of a lesson together."""

    def scores(self, question: str, places: Sequence[Place]) -> Sequence[float]:
        """For each place, the log-odds that it answers the question."""
        ...


def place_of(question: Question, hit: Hit, lesson: Lesson) -> Place:
    """The place as it would stand in an answer, under what it hangs under."""
    asked = asked_before(hit.passage, lesson)
    path = [*lesson.ancestors(hit.passage)[-_ABOVE:], *([asked] if asked else [])]
    above = [passage.plain[:_NAME] for passage in path]
    words = [readable(evidence) for evidence in shown(question, hit, lesson)]
    return Place(" › ".join(above), "\n".join(words)[:_LONGEST])


def read(
    question: Question,
    hits: Sequence[Hit],
    lesson: Lesson,
    reader: Reader,
    weights: Mapping[str, float],
) -> list[Hit]:
    """The hits ranked again with the feature "read": what the reader says of the first READ.

    1 is log-odds of 4 that the place answers, -1 the same or more that it does not; a hit that is
    not read counts like the worst of those that are. Of a long paragraph several places are read,
    and the best counts: it is also what an answer shows. As the best of many says less than one,
    the log of their number is taken off. ``weights`` are those of ``rag.ranking``.
    """
    ways: dict[tuple[int, Place], Hit] = {}  # parts that show the same words are read once
    for n, hit in enumerate(hits[:READ]):
        for way in readings(question, hit):
            ways.setdefault((n, place_of(question, way, lesson)), way)
    scores = reader.scores(question.text, [place for _, place in ways])
    parts = Counter(n for n, _ in ways)
    best: dict[int, tuple[float, Hit]] = {}
    for ((n, _), way), score in zip(ways.items(), scores, strict=True):
        if n not in best or score > best[n][0]:
            best[n] = score, way
    said = [max((score - log(parts[n])) / _LARGE, -1.0) for n, (score, _) in best.items()]
    said += [min(said, default=0.0)] * (len(hits) - len(said))
    weight = weights.get("read", 0.0)
    again = [
        replace(hit, score=hit.score + weight * value, features={**hit.features, "read": value})
        for hit, value in zip([*(way for _, way in best.values()), *hits[READ:]], said, strict=True)
    ]
    again.sort(key=lambda hit: -hit.score)
    return [_sentence_by_sentence(question, again[0], lesson, reader), *again[1:]] if again else []


def _sentence_by_sentence(question: Question, hit: Hit, lesson: Lesson, reader: Reader) -> Hit:
    """The hit with what the reader says of each sentence in the scores of its sentences.

    Of a long paragraph those are read that an answer may show; the others count like the worst.
    """
    spans, start = sentence_spans(hit.passage.text), hit.passage.start
    window = best_sentences(question, hit, _LONGEST_SINGLY)
    if len(window) < 2 or told_whole(question, hit.passage):
        return hit
    path = place_of(question, hit, lesson).path
    parts = [Evidence(hit.passage, start + first, start + end, 0.0) for first, end in window]
    alone = [readable(part) for part in parts]
    behind = [" ".join(pair) for pair in pairwise(alone)]
    said = reader.scores(question.text, [Place(path, text) for text in (*alone, *behind)])
    pairs = (said[0], *said[len(alone) :])  # nothing stands before the first
    known = {
        span: _ALONE * one + _BEHIND * two - _LACKS * lacks_what_is_asked(question.text, text)
        for span, text, one, two in zip(window, alone, said, pairs, strict=False)
    }
    least = min(known.values())
    near = zip(spans, sentence_scores(hit, len(spans)), strict=True)
    return replace(
        hit, sentences=tuple(_NEAR * score + known.get(span, least) for span, score in near)
    )
