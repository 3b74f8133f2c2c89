"""Whether the evidence answers the question, decided by measured features, never by a model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.evidence import Evidence
from rag.expected import lacks_what_is_asked
from rag.lesson import Lesson
from rag.normalize import match_key
from rag.question import Question
from rag.search import Hit, Retriever, Term
from rag.tuned import AbstainWeights

# Tags of names, Latin words and numbers: what cannot be paraphrased.
_NAMES = frozenset({"NNP", "SL", "SN", "SH"})


@dataclass(frozen=True, slots=True)
class Decision:
    """``probability`` that the evidence answers, in [0, 1], and the features it was made of."""

    answerable: bool
    probability: float
    features: Mapping[str, float]


def judge(
    question: Question,
    hits: Sequence[Hit],
    evidence: Sequence[Evidence],
    lesson: Lesson,
    retriever: Retriever,
    weights: AbstainWeights,
) -> Decision:
    """Logistic regression over ``features``; ``rag/tuned.json`` holds weights and threshold."""
    if not hits or not evidence:
        return Decision(False, 0.0, {})
    values = features(question, hits, evidence, lesson, retriever)
    logit = weights.bias + sum(weights.weights.get(k, 0.0) * v for k, v in values.items())
    probability = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
    return Decision(probability >= weights.threshold, probability, values)


def features(
    question: Question,
    hits: Sequence[Hit],
    evidence: Sequence[Evidence],
    lesson: Lesson,
    retriever: Retriever,
) -> dict[str, float]:
    """What the decision is made of, each about in [0, 1]; see the comments."""
    best = hits[0]
    text = _evidence_text(evidence, lesson)
    terms = question.content
    unknown = [t for t in terms if not retriever.knows(t.form)]
    missing = [t for t in terms if not _held(t, text)]
    count = max(len(terms), 1)
    return {
        "score": best.score,
        "dense": max(best.features.get("dense_own", 0.0), best.features.get("dense_context", 0.0)),
        "lexical_own": best.features.get("lexical_own", 0.0),
        "margin": best.score - hits[1].score if len(hits) > 1 else best.score,
        # The share of what is asked that the evidence and its surroundings speak of.
        "coverage": 1.0 - len(missing) / count if terms else 0.0,
        # Words the lesson has nowhere: a price, a person, another product.
        "unknown": len(unknown) / count,
        "unknown_name": float(any(t.tag in _NAMES for t in unknown)),
        "missing_name": float(any(t.tag in _NAMES for t in missing)),
        # A question about nothing in particular has no evidence.
        "empty": float(not terms),
        "lacking": float(
            lacks_what_is_asked(question.text, " ".join(e.passage.plain for e in evidence))
        ),
        "foreign": float(sum(c.isascii() for c in question.text) > 0.9 * len(question.text)),
    }


def _held(term: Term, text: str) -> bool:
    return match_key(term.form) in text


def _evidence_text(evidence: Sequence[Evidence], lesson: Lesson) -> str:
    """The evidence, what it hangs under and what hangs under it, as one matching key."""
    parts: dict[str, None] = {}
    for item in evidence:
        for passage in (*lesson.ancestors(item.passage), *lesson.subtree(item.passage)):
            parts.setdefault(passage.plain)
    return match_key(" ".join(parts))
