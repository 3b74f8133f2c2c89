"""How good one answer is, against its gold. A missing answer counts zero everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer import Answer
from rag.gold import GoldQuestion
from rag.lesson import Lesson
from rag.normalize import match_key

Span = tuple[str, int, int]  # (source, start, end)


@dataclass(frozen=True, slots=True)
class Score:
    """The measures of one answer, each in [0, 1] but for the length and the time.

    ``correct``: an answerable question is answered with all its facts and cites gold evidence; an
    unanswerable one is abstained from. ``citation_precision`` and ``citation_recall`` follow ALCE
    (Gao et al., 2023) on spans: the share of citations that overlap gold evidence, and the share
    of gold evidence that some citation overlaps. ``f1``: of the characters (KorQuAD 1.0's measure)
    of answer and gold answer, and is None without one.
    """

    correct: float
    abstained: bool
    fact_recall: float
    citation_precision: float
    citation_recall: float
    f1: float | None
    length: int
    elapsed_ms: float


def gold_spans(gold: GoldQuestion, lesson: Lesson) -> list[Span]:
    """Where each evidence quote stands. Raises ValueError for one that is nowhere."""
    found = []
    for quote in gold.evidence:
        for document in lesson.documents:
            start = document.text.find(quote)
            if start >= 0 and gold.document in ("", document.source):
                found.append((document.source, start, start + len(quote)))
                break
        else:
            raise ValueError(f"{gold.id}: evidence not in the lesson: {quote}")
    return found


def score(answer: Answer, gold: GoldQuestion, spans: Sequence[Span]) -> Score:
    """The measures of one answer; ``spans`` are the gold evidence."""
    cited = [(c.source, c.start, c.end) for c in answer.citations]
    answered = gold.answerable and not answer.abstained
    facts = _fact_recall(answer.answer, gold) if answered else 0.0
    hit = sum(any(overlap(c, g) for g in spans) for c in cited)
    held = sum(any(overlap(c, g) for c in cited) for g in spans)
    right = answered and facts == 1.0 and hit > 0
    return Score(
        correct=float(right if gold.answerable else answer.abstained),
        abstained=answer.abstained,
        fact_recall=facts,
        citation_precision=hit / len(cited) if answered and cited else 0.0,
        citation_recall=held / len(spans) if answered and spans else 0.0,
        f1=character_f1(answer.answer, gold.answer) if gold.answerable and gold.answer else None,
        length=len(answer.answer),
        elapsed_ms=answer.elapsed_ms,
    )


def character_f1(answer: str, gold: str) -> float:
    """F1 of the multisets of characters, spaces and punctuation left out (KorQuAD 1.0).

    0 when either side has no character; in [0, 1].
    """
    one, other = (Counter(c for c in match_key(text) if c.isalnum()) for text in (answer, gold))
    common = sum((one & other).values())
    if not common:
        return 0.0
    precision, recall = common / one.total(), common / other.total()
    return 2 * precision * recall / (precision + recall)


def _fact_recall(text: str, gold: GoldQuestion) -> float:
    if not gold.facts:
        return 1.0
    words = _bare(text)
    return sum(any(_bare(c) in words for c in fact) for fact in gold.facts) / len(gold.facts)


def _bare(text: str) -> str:
    return match_key(text).replace("*", "").replace("`", "").replace("|", "")


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
