"""How good answers are over a question set: rows, flat metrics, intervals, paired differences."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, quantiles

from rag.answer import Answer
from rag.assistant import Assistant
from rag.errors import LessonError
from rag.gold import GoldQuestion
from rag.question import clean
from rag.scoring import Score, Span, gold_spans, overlap, score

_RESAMPLES = 1000  # of the bootstrap (Efron, 1979); percentile intervals at 95 %
_DEEP = 10  # hits that retrieval measures look at


@dataclass(frozen=True, slots=True)
class Row:
    """One question, its answer and how good it is.

    ``ranked`` are the first ids found, best first; ``relevant`` the ids that hold gold evidence.
    ``probability`` is that of the decision to answer and ``if_answered`` whether the answer would
    have been right had it been given: what the trade-off curve is made of. A question that could
    not be asked has an ``error`` and scores zero.
    """

    gold: GoldQuestion
    answer: Answer | None
    score: Score
    ranked: tuple[str, ...]
    relevant: tuple[str, ...]
    probability: float
    if_answered: float
    error: str = ""


_ZERO = Score(0.0, False, 0.0, 0.0, 0.0, None, 0, 0.0)


def answer_row(assistant: Assistant, gold: GoldQuestion) -> Row:
    """Asks one question and scores the answer. Raises ValueError for evidence that is nowhere."""
    spans = gold_spans(gold, assistant.lesson)
    relevant = _holding(assistant, spans)
    try:
        # Asked first: what is read once is remembered, and the time must be a student's.
        answer = assistant.ask(gold.question, gold.history, id=gold.id)
        trace = assistant.trace(clean(gold.question), gold.history)
        given = answer
        if answer.abstained and gold.answerable:
            given = _eager(assistant).ask(gold.question, gold.history)
    except LessonError as error:
        return Row(gold, None, _ZERO, (), relevant, 0.0, 0.0, str(error))
    ranked = tuple(hit.passage.id for hit in trace.hits[:_DEEP])
    right = score(given, gold, spans).correct if gold.answerable else 0.0
    probability = trace.decision.probability
    if not gold.answerable and answer.abstained:  # small talk is abstained from at any threshold
        probability = min(probability, assistant.numbers.abstain.threshold)
    return Row(gold, answer, score(answer, gold, spans), ranked, relevant, probability, right)


def search_row(assistant: Assistant, gold: GoldQuestion) -> Row:
    """Searches for one question whose gold is a whole document; no answer is written."""
    hits = assistant.trace(clean(gold.question), gold.history).hits
    ranked = tuple(dict.fromkeys(hit.passage.source for hit in hits))[:_DEEP]
    return Row(gold, None, _ZERO, ranked, (gold.document,), 0.0, 0.0)


def _eager(assistant: Assistant) -> Assistant:
    """The assistant that answers however weak the evidence is."""
    numbers = assistant.numbers
    return assistant.tuned_by(replace(numbers, abstain=replace(numbers.abstain, threshold=-1.0)))


def _holding(assistant: Assistant, spans: Sequence[Span]) -> tuple[str, ...]:
    return tuple(
        p.id
        for p in assistant.lesson.passages
        if any(overlap(span, (p.source, p.start, p.end)) for span in spans)
    )


def metrics(rows: Sequence[Row]) -> dict[str, float]:
    """The measures of the answers, by name; each in [0, 1] but for characters and milliseconds.

    ``answer_correct`` and ``false_abstain`` are over answerable questions, ``abstain_recall`` over
    the others, ``abstain_precision`` over all that were abstained from, ``correct`` over all.
    """
    answerable = [r for r in rows if r.gold.answerable]
    others = [r for r in rows if not r.gold.answerable]
    abstained = [r for r in rows if r.score.abstained]
    answered = [r for r in answerable if r.answer and not r.score.abstained]
    f1 = [r.score.f1 for r in answerable if r.score.f1 is not None]
    times = sorted(r.score.elapsed_ms for r in rows if r.answer)
    found = {
        "questions": float(len(rows)),
        "correct": _mean(r.score.correct for r in rows),
        "answer_correct": _mean(r.score.correct for r in answerable),
        "fact_recall": _mean(r.score.fact_recall for r in answerable),
        "citation_precision": _mean(r.score.citation_precision for r in answerable),
        "citation_recall": _mean(r.score.citation_recall for r in answerable),
        "false_abstain": _mean(float(r.score.abstained) for r in answerable),
        "abstain_recall": _mean(r.score.correct for r in others),
        "abstain_precision": _mean(float(not r.gold.answerable) for r in abstained),
        "answer_characters": _mean(float(r.score.length) for r in answered),
        "p50_ms": _quantile(times, 50),
        "p95_ms": _quantile(times, 95),
    }
    if f1:
        found["character_f1"] = fmean(f1)
    return {name: round(value, 4) for name, value in found.items()}


def by(rows: Sequence[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    """The rows in groups, in the order the groups first come up."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The bootstrap's 95 % interval of the mean; the same for the same values."""
    if not values:
        return 0.0, 0.0
    draw = random.Random(0)
    means = sorted(fmean(draw.choices(values, k=len(values))) for _ in range(_RESAMPLES))
    return means[round(0.025 * _RESAMPLES)], means[round(0.975 * _RESAMPLES) - 1]


@dataclass(frozen=True, slots=True)
class Difference:
    """New minus old over the questions both have; ``better`` and ``worse`` name those changed."""

    mean: float
    low: float
    high: float
    better: tuple[str, ...]
    worse: tuple[str, ...]

    @property
    def significant_fall(self) -> bool:
        """Whether the whole interval lies below zero."""
        return self.high < 0.0


def difference(new: Mapping[str, float], old: Mapping[str, float]) -> Difference:
    """The paired difference of two runs, question by question; 0 where they share none."""
    shared = [name for name in new if name in old]
    changes = [new[name] - old[name] for name in shared]
    low, high = interval(changes)
    return Difference(
        mean=_mean(changes),
        low=low,
        high=high,
        better=tuple(n for n, c in zip(shared, changes, strict=True) if c > 0),
        worse=tuple(n for n, c in zip(shared, changes, strict=True) if c < 0),
    )


def trade_off(rows: Sequence[Row]) -> Iterator[tuple[float, float, float]]:
    """(threshold, share rightly answered, share rightly abstained) for thresholds from 0 to 1."""
    answerable = [r for r in rows if r.gold.answerable]
    others = [r for r in rows if not r.gold.answerable]
    for step in range(101):
        threshold = step / 100
        yield (
            threshold,
            _mean(r.if_answered * (r.probability >= threshold) for r in answerable),
            _mean(float(r.probability < threshold) for r in others),
        )


def _mean(values: Sequence[float] | Iterator[float]) -> float:
    listed = list(values)
    return fmean(listed) if listed else 0.0


def _quantile(ordered: Sequence[float], percent: int) -> float:
    if len(ordered) < 2:
        return ordered[0] if ordered else 0.0
    return quantiles(ordered, n=100, method="inclusive")[percent - 1]
