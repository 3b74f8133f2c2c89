"""The words of a paragraph that the code below it cannot be understood without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.evidence import Evidence
from rag.excerpt import answering_sentences
from rag.lesson import Lesson, Passage, label
from rag.question import Question
from rag.search import Hit

_LONGEST = 160  # characters of the paragraph


def with_paragraphs(
    question: Question, evidence: Sequence[Evidence], hits: Sequence[Hit], lesson: Lesson
) -> list[Evidence]:
    """The evidence, and before code below a paragraph the sentences of that which answer best.

    Those explain the code; a paragraph above a list or a table tells less. With them three of
    1,400 other questions more were answered right, of the development questions as many.
    """
    found: list[Evidence] = []
    seen = {item.passage.id for item in evidence}
    told = set[str]()
    deeper = 0
    for item in evidence:
        above = lesson.parent(item.passage)
        if not item.depth:
            deeper = int(above is not None and above.id in told)
            code = item.passage.kind == "code"
            if above is not None and code and above.id not in seen and _is_long(above):
                found += _sentences(question, above, item.score, hits)
                seen.add(above.id)
                told.add(above.id)
                deeper = 1
        found.append(replace(item, depth=item.depth + deeper))
    return found


def _is_long(passage: Passage) -> bool:
    return passage.kind == "paragraph" and label(passage).endswith("…")


def _sentences(
    question: Question, passage: Passage, score: float, hits: Sequence[Hit]
) -> list[Evidence]:
    known = (hit for hit in hits if hit.passage is passage)
    hit = next(known, Hit(passage=passage, score=score, dense=0.0, lexical=0.0))
    return [
        Evidence(passage, passage.start + start, passage.start + end, score)
        for start, end in answering_sentences(question, hit, _LONGEST)
    ]
