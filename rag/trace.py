"""What happens between a question and its answer, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.abstain import Decision
from rag.evidence import Evidence
from rag.lesson import Passage
from rag.question import Question
from rag.search import Hit


@dataclass(frozen=True, slots=True)
class Trace:
    """Every step from a question to the decision, for answering and for explaining.

    ``subject`` is what a follow-up was completed with, "" for any other question; ``pointed``
    the passage that it points at by its place.
    """

    question: Question
    hits: Sequence[Hit]
    evidence: Sequence[Evidence]
    decision: Decision
    subject: str = ""
    pointed: Passage | None = None
