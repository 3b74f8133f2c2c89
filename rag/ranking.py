"""Which hit answers: search scores weighed together with what kind of answer is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.lesson import Lesson, Passage, label
from rag.normalize import match_key
from rag.question import Question
from rag.search import Hit, Retriever


def rank(
    question: Question,
    hits: Sequence[Hit],
    lesson: Lesson,
    retriever: Retriever,
    weights: Mapping[str, float],
) -> list[Hit]:
    """The hits by the weighted sum of ``features``, best first, equal sums in their old order.

    The weights are in ``rag/tuned.json``; a hit's ``score`` becomes the sum.
    """
    scored = []
    for hit in hits:
        values = features(question, hit, lesson, retriever)
        total = sum(weights.get(name, 0.0) * value for name, value in values.items())
        scored.append(replace(hit, score=total, features=values))
    return sorted(scored, key=lambda hit: -hit.score)


def features(
    question: Question, hit: Hit, lesson: Lesson, retriever: Retriever
) -> dict[str, float]:
    """What a hit is weighed by, each about in [0, 1]: the search's own features and these."""
    passage = hit.passage
    own = match_key(passage.plain)
    around = own + match_key(" ".join(p.plain for p in lesson.ancestors(passage)))
    weight = {match_key(t.form): retriever.rarity(t.form) for t in question.content}
    total = sum(weight.values()) or 1.0
    covered = {term for term in weight if term in around}
    # What is asked of the thing: terms that what the passage hangs under does not hold.
    above = around[len(own) :]
    aspect = {term: w for term, w in weight.items() if term not in above}
    aspect_total = sum(aspect.values()) or 1.0
    holds = bool(lesson.children(passage))
    wants_all = question.kind in ("list", "definition", "procedure")
    return {
        **hit.features,
        "covered": sum(weight[term] for term in covered) / total,
        "aspect_covered": sum(w for term, w in aspect.items() if term in own) / aspect_total
        if aspect
        else 0.0,
        "named": _named(passage, question),
        "named_definition": _named(passage, question) * (question.kind == "definition"),
        "holder_all": float(holds and wants_all),
        "holder_one": float(holds and not wants_all),
        "heading_all": float(passage.kind == "heading" and wants_all),
        "heading_one": float(passage.kind == "heading" and not wants_all),
        "title": float(passage.parent is None and passage.kind == "heading"),
        "lead": float(passage.plain.endswith((":", "：", "?"))),
    }


def _named(passage: Passage, question: Question) -> float:
    """How much of the passage's name the question says, in [0, 1], by letters."""
    words = [match_key(word) for word in label(passage).replace("(", " ").replace(")", " ").split()]
    if not words or (label(passage) == passage.plain and len(passage.plain) > 40):
        return 0.0
    asked = match_key(question.text)
    return sum(len(word) for word in words if word in asked) / sum(map(len, words))
