"""What an answer is: its words, the citations its sentences rest on, and the JSON it leaves as."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from rag.lesson import Lesson, Passage


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words of the lesson that a sentence of an answer rests on.

    ``document.text[start:end] == quote`` for the document named ``source``; offsets count code
    points. ``number`` is the n of the ``[n]`` marker in the answer, from 1 in order of appearance.
    ``score`` is the evidence score of the cited passage in [0, 1]; ``page`` the number, from 1, of
    the page or slide it begins on, where a document has pages.
    """

    number: int
    source: str
    heading: tuple[str, ...]
    quote: str
    start: int
    end: int
    score: float
    page: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The citation of the design's contract; it names a page only where there is one."""
        row = {**asdict(self), "heading": list(self.heading)}
        if self.page is None:
            del row["page"]
        return row


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, or an honest refusal (``abstained``: no citations, maybe ``suggestions``)."""

    id: str
    question: str
    answer: str
    abstained: bool
    citations: tuple[Citation, ...]
    generator: str
    elapsed_ms: float
    understood: str = ""  # the question as understood, when a follow-up was completed
    suggestions: tuple[str, ...] = ()  # questions that the lesson can answer

    def to_json(self) -> dict[str, Any]:
        """The answer object of the design's contract, the same wherever it leaves the program."""
        return {
            "id": self.id,
            "question": self.question,
            "answer": self.answer,
            "abstained": self.abstained,
            "citations": [citation.to_json() for citation in self.citations],
            "generator": self.generator,
            "elapsed_ms": self.elapsed_ms,
        }


def cite(
    lesson: Lesson, passage: Passage, start: int, end: int, number: int, score: float
) -> Citation:
    """The citation of ``[start, end)`` of the passage's document, checked against its text.

    Raises ValueError when the span is empty or leaves the passage: a citation is never repaired.
    """
    if not passage.start <= start < end <= passage.end:
        raise ValueError(f"span {start}:{end} is not inside passage {passage.start}:{passage.end}")
    document = lesson.document(passage.source)
    return Citation(
        number=number,
        source=passage.source,
        heading=passage.heading,
        quote=document.text[start:end],
        start=start,
        end=end,
        score=score,
        page=document.page_at(start),
    )
