"""Which hit answers: search scores weighed together with what kind of answer is asked for."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.coverage import Coverage
from rag.excerpt import sentence_scores
from rag.expected import expects_value, lacks_what_is_asked
from rag.lesson import Lesson, Passage
from rag.naming import asked_before, asks_itself, leads_in, share_named
from rag.question import Question
from rag.search import Hit, Retriever
from rag.sentences import sentence_spans
from rag.structure import announces, holds_count, stated_count

_WHY = re.compile(r"왜|이유|까닭|때문|why|なぜ|为什么", re.I)
_REASON = re.compile(r"때문|위해|위한|이유|까닭|므로|어서\s|아서\s|덕분|도록|하여\s")
_DEFINING = 0.5  # of a sentence that defines, beside its closeness and share, each up to 1
_CALLED = (
    r"(?:\([^)]*\))?\s*(?:이?라고|이?라)\s*"
    r"(?:부르|부른|불러|불렀|불리|하며|하고|한다|합니다|해요|함)"
)
_SUBJECT = r"(?:은|는|이란|란|이라는|라는|이라고|라고)"


def rank(
    question: Question,
    hits: Sequence[Hit],
    lesson: Lesson,
    retriever: Retriever,
    weights: Mapping[str, float],
    focus: Passage | None = None,
) -> list[Hit]:
    """The hits by the weighted sum of ``features``, best first, equal sums in their old order.

    The weights are in ``rag/tuned.json``; a hit's ``score`` becomes the sum.
    """
    coverage = Coverage(question.content, retriever)
    scored = []
    for hit in hits:
        answering = replace(hit, sentences=_sentences(question, hit, coverage))
        values = features(question, answering, lesson, retriever, coverage, focus)
        total = sum(weights.get(name, 0.0) * value for name, value in values.items())
        scored.append(replace(answering, score=total, features=values))
    return sorted(scored, key=lambda hit: -hit.score)


def probabilities(hits: Sequence[Hit]) -> list[float]:
    """For each hit, how likely it is the one that answers: the softmax the ranking is fitted by."""
    best = max((hit.score for hit in hits), default=0.0)
    weights = [math.exp(hit.score - best) for hit in hits]
    return [weight / sum(weights) for weight in weights]


def _sentences(question: Question, hit: Hit, coverage: Coverage) -> tuple[float, ...]:
    """How well each sentence of the passage answers: its closeness and its share of the words."""
    plain = hit.passage.plain
    spans = sentence_spans(plain)
    closest = sentence_scores(hit, len(spans))
    return tuple(
        near
        + coverage.share(coverage.held_in_text(hit.passage, plain[start:end]))
        + _DEFINING * (question.kind == "definition" and _defines(plain[start:end], question))
        for near, (start, end) in zip(closest, spans, strict=True)
    )


def features(
    question: Question,
    hit: Hit,
    lesson: Lesson,
    retriever: Retriever,
    coverage: Coverage,
    focus: Passage | None,
) -> dict[str, float]:
    """What a hit is weighed by, each about in [0, 1]: the search's own features and these."""
    passage = hit.passage
    own = coverage.held(passage)
    asked = asked_before(passage, lesson)
    above = coverage.held(*lesson.ancestors(passage), *([asked] if asked else []))
    below = coverage.held(*list(lesson.subtree(passage))[1:])
    either = [max(pair) for pair in zip(own, above, strict=True)]
    holds = bool(lesson.children(passage))
    wants_all = question.kind in ("list", "definition", "procedure")
    named, _ = share_named(passage, question.text, retriever)
    asks_amount = expects_value(question.text)
    count = stated_count(question.text)
    return {
        **hit.features,
        "own": coverage.share(own),
        "either": coverage.share(either),
        "all": coverage.share([max(pair) for pair in zip(either, below, strict=True)]),
        "below": coverage.share(below),
        "names": coverage.share_of_names(either),
        "sentence_both": max(hit.sentences, default=0.0),
        "named": named,
        "named_definition": named * (question.kind == "definition"),
        "defines": float(question.kind == "definition" and _defines(passage.plain, question)),
        "counted": float(holds_count(passage, count, lesson)),
        "steps": float(question.kind == "procedure" and _has_steps(passage, lesson)),
        "announces": float(announces(passage, lesson)),
        "holder_all": float(holds and wants_all),
        "holder_one": float(holds and not wants_all),
        "heading_all": float(passage.kind == "heading" and wants_all),
        "heading_one": float(passage.kind == "heading" and not wants_all),
        "title": float(passage.parent is None and passage.kind == "heading"),
        "lead": float(leads_in(passage)),
        "asks": float(asks_itself(passage)),
        "answers": coverage.share(coverage.held(asked)) if asked else 0.0,
        "value": float(asks_amount and not lacks_what_is_asked(question.text, passage.plain)),
        "reason": float(bool(_WHY.search(question.text)) and bool(_REASON.search(passage.plain))),
        **_near(passage, focus, lesson),
    }


def _near(passage: Passage, focus: Passage | None, lesson: Lesson) -> dict[str, float]:
    """How close the passage is to what a follow-up points at."""
    if focus is None:
        return {}
    return {
        "focus_itself": float(focus.id == passage.id),
        "focus_below": float(focus in lesson.ancestors(passage)),
        "focus_beside": float(focus.parent == passage.parent and focus.id != passage.id),
        "focus_section": float(focus.heading == passage.heading),
    }


def _has_steps(passage: Passage, lesson: Lesson) -> bool:
    """Whether a numbered list hangs under the passage."""
    return sum(child.number is not None for child in lesson.children(passage)) > 1


def _defines(words: str, question: Question) -> bool:
    """Whether a sentence tells what is asked for: "X는 ...", "이것을 X라고 한다"."""
    names = [t for t in question.content if t.tag in ("NNG", "NNP", "SL", "XR")]
    if not names:
        return False
    name = r"\s*".join(re.escape(term.form) for term in names)
    text = words.casefold()
    return bool(
        re.search(rf"(?:^|[.?!]\s+|이를\s|이것을\s|‘|')[^\s]*{name}[’')\s]*{_SUBJECT}", text)
        or re.search(rf"{name}[’')\s]*{_CALLED}", text)
    )
