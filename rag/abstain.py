"""Whether the evidence answers the question, decided by measured features, never by a model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.coverage import Coverage
from rag.evidence import Evidence, probabilities
from rag.expected import expects_value, lacks_what_is_asked
from rag.lesson import Lesson, Passage
from rag.question import Question
from rag.search import Hit, Retriever
from rag.sentences import sentence_spans
from rag.tuned import AbstainWeights

# Tags of names, Latin words and numbers: what cannot be paraphrased.
_NAMES = frozenset({"NNP", "SL", "SN", "SH"})
_NOUNS = _NAMES | {"NNG", "XR"}


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
    best = hits[0].features
    coverage = Coverage(question.content, retriever)
    passages = list(dict.fromkeys(e.passage for e in evidence))
    around = [a for p in passages for a in (*lesson.ancestors(p), *lesson.children(p))]
    own, above = coverage.held(*passages), coverage.held(*around)
    held = [max(pair) for pair in zip(own, above, strict=True)]
    known = coverage.known()
    # What is asked about the thing: words that no name around the evidence says.
    named = coverage.held_in_names(*passages, *around)
    aspect = [w * (1 - n) for w, n in zip(coverage.weights, named, strict=True)]
    names = [w * (t.tag in _NAMES) for w, t in zip(coverage.weights, coverage.terms, strict=True)]
    nouns = [w * (t.tag in _NOUNS) for w, t in zip(coverage.weights, coverage.terms, strict=True)]
    likely = probabilities(hits)
    return {
        # The share of what is asked that the best hit, and all evidence, speak of.
        "best": best.get("all", 0.0),
        "covered": coverage.share(held),
        "known": coverage.share(known),
        "aspect": coverage.share(held, aspect),
        "aspect_missing": min(sum(a * (1 - h) for a, h in zip(aspect, held, strict=True)) / 10, 1),
        "missing": min(
            sum(w * (1 - h) for w, h in zip(coverage.weights, held, strict=True)) / 10, 1
        ),
        # A name the lesson lacks: a person, another product.
        "strange": min(sum(w * (1 - k) for w, k in zip(names, known, strict=True)) / 5, 1),
        "name_missing": min(sum(w * (1 - h) for w, h in zip(names, held, strict=True)) / 5, 1),
        "dense": max(best.get("dense_own", 0.0), best.get("dense_context", 0.0)),
        "dense_any": max(hit.dense for hit in hits[:5]),
        "lexical": best.get("lexical_own", 0.0) + best.get("lexical_context", 0.0),
        "sentence": best.get("sentence_both", 0.0) / 2,
        "named": best.get("named", 0.0),
        "sure": likely[0],
        "score": hits[0].score / 10,
        # A question about nothing in particular has no evidence.
        "empty": float(not question.content),
        "few": float(len(question.content) == 1),
        # The heaviest word that nothing in the evidence speaks of.
        "gap": max((w * (1 - h) for w, h in zip(nouns, held, strict=True)), default=0.0) / 5,
        "value_held": _value_held(question, (*passages, *around), above, coverage),
        "lacking": float(
            lacks_what_is_asked(question.text, " ".join(p.plain for p in (*passages, *around)))
        ),
        "value": float(expects_value(question.text)),
        "foreign": float(sum("가" <= c <= "힣" for c in question.text) < 2),
        "yesno": float(question.kind == "yesno"),
        "definition": float(question.kind == "definition"),
    }


def _value_held(
    question: Question, passages: Sequence[Passage], above: Sequence[float], coverage: Coverage
) -> float:
    """How much of the question the sentence speaks of that holds such a value as is asked for.

    1 for a question that asks for no value, 0 when no sentence holds one.
    """
    if not expects_value(question.text):
        return 1.0
    best = 0.0
    for passage in passages:
        for start, end in sentence_spans(passage.plain):
            sentence = passage.plain[start:end]
            if not lacks_what_is_asked(question.text, sentence):
                inside = coverage.held_in_text(passage, sentence)
                both = [max(pair) for pair in zip(inside, above, strict=True)]
                best = max(best, coverage.share(both))
    return best
