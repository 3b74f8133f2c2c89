"""Which words of the lesson answer a question: chosen from the hits by the lesson's structure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.lesson import Lesson, Passage
from rag.normalize import match_key
from rag.question import Kind, Question
from rag.search import Hit
from rag.sentences import sentence_spans

LONGEST_ANSWER = 450  # characters of quoted words; lists are cut to the names of their items
_MOST_ITEMS = 12  # of a list
_MOST_PLACES = 2  # separate places of the lesson that one answer draws on
_CLOSE = 0.88  # a further place must score at least this share of the best one
_SENTENCE_CLOSE = 0.85  # a further sentence of a paragraph, likewise


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that the answer takes over: ``[start, end)`` of the passage's document.

    ``depth`` is 0 for a place of its own and 1 or more for what hangs under the one before.
    """

    passage: Passage
    start: int
    end: int
    score: float
    depth: int = 0


def choose(question: Question, hits: Sequence[Hit], lesson: Lesson) -> list[Evidence]:
    """The evidence for the question, in the order the answer gives it; empty without hits.

    A bullet brings its sub-bullets, a heading its section's outline, a paragraph its closest
    sentences; a further place comes along when it scores almost as well as the best.
    """
    if not hits:
        return []
    chosen: list[Evidence] = []
    for hit in _places(question, hits, lesson):
        chosen += _from_hit(question, hit, lesson, {e.passage.id for e in chosen})
    return _within_budget(chosen)


def choose_both(question: Question, both: Sequence[Hit], lesson: Lesson) -> list[Evidence]:
    """The evidence of a comparison: what is compared, side by side, and what hangs under each."""
    chosen: list[Evidence] = []
    for hit in both:
        chosen += _from_hit(question, hit, lesson, {e.passage.id for e in chosen})
    return _within_budget(chosen)


def _places(question: Question, hits: Sequence[Hit], lesson: Lesson) -> list[Hit]:
    best = hits[0]
    places = [best]
    taken = {p.id for p in lesson.subtree(best.passage)}
    if _gathers(question.kind, best.passage, lesson):
        return places
    for hit in hits[1:6]:
        above = {p.id for p in lesson.ancestors(hit.passage)}
        if hit.passage.id in taken or above & {p.passage.id for p in places}:
            continue
        if hit.passage.kind == "heading" or hit.score < _CLOSE * best.score:
            continue
        places.append(hit)
        taken |= {p.id for p in lesson.subtree(hit.passage)}
        if len(places) == _MOST_PLACES:
            break
    return places


def _gathers(kind: Kind, passage: Passage, lesson: Lesson) -> bool:
    """Whether the passage is a whole list by itself, so that nothing else need be added."""
    return kind in ("list", "definition") and bool(lesson.children(passage))


def _from_hit(question: Question, hit: Hit, lesson: Lesson, taken: set[str]) -> list[Evidence]:
    passage = hit.passage
    found: list[Evidence] = []
    if passage.id not in taken:
        found += [
            Evidence(passage, passage.start + start, passage.start + end, hit.score)
            for start, end in best_sentences(question, hit)
        ]
    found += [
        Evidence(below, below.start, below.end, hit.score, depth)
        for below, depth in _outline(passage, lesson)
        if below.id not in taken
    ]
    return found


def _outline(passage: Passage, lesson: Lesson) -> list[tuple[Passage, int]]:
    """What hangs under the passage, two levels deep, with depths from 1.

    A paragraph that only introduces a list gives its place to the list.
    """
    found: list[tuple[Passage, int]] = []
    for child in lesson.children(passage)[:_MOST_ITEMS]:
        found.append((child, 1))
        introduces = child.kind == "paragraph"
        for grandchild in lesson.children(child)[:_MOST_ITEMS]:
            found.append((grandchild, 1 if introduces else 2))
    return found


def best_sentences(question: Question, hit: Hit) -> list[tuple[int, int]]:
    """The spans of the passage's text that answer best, in reading order.

    Short passages are taken whole. In a paragraph each sentence is scored by its closeness in
    meaning and by the share of the question's terms it holds; the best one is taken and, when it
    is nearly as good, the next best.
    """
    text = hit.passage.text
    spans = sentence_spans(text)
    if hit.passage.kind in ("code", "row", "heading") or len(spans) < 2:
        return [(0, len(text))]
    scores = [
        (hit.sentences[i] if len(hit.sentences) == len(spans) else 0.0)
        + share_of_terms(question, text[start:end])
        for i, (start, end) in enumerate(spans)
    ]
    ranked = sorted(range(len(spans)), key=lambda i: (-scores[i], i))
    kept = [i for i in ranked[:2] if scores[i] >= _SENTENCE_CLOSE * scores[ranked[0]]]
    return [spans[i] for i in sorted(kept)]


def share_of_terms(question: Question, text: str) -> float:
    """The share of the question's content terms that the text holds, in [0, 1]."""
    key = match_key(text)
    terms = [match_key(term.form) for term in question.content]
    return sum(term in key for term in terms) / len(terms) if terms else 0.0


def _within_budget(evidence: Sequence[Evidence]) -> list[Evidence]:
    """To keep answers short, the deepest evidence is left out, then lists are cut to names."""
    kept = list(evidence)
    if _length(kept) > LONGEST_ANSWER:
        kept = [e for e in kept if e.depth < 2]
    if _length(kept) > LONGEST_ANSWER:
        kept = [_named(e) if e.depth else e for e in kept]
    return kept


def _length(evidence: Iterable[Evidence]) -> int:
    return sum(e.end - e.start for e in evidence)


_NAME = re.compile(r"\*{0,2}[^:*\n]{1,80}\*{0,2}(?=\s*:)")


def _named(evidence: Evidence) -> Evidence:
    """The evidence cut to the name before its colon, or to its first sentence."""
    text = evidence.passage.text
    name = _NAME.match(text)
    end = name.end() if name else (sentence_spans(text) or [(0, len(text))])[0][1]
    return Evidence(
        evidence.passage,
        evidence.start,
        evidence.start + end,
        evidence.score,
        evidence.depth,
    )
