"""What a lesson is about, for questions of the lesson itself: "이 강의는 뭐에 대한 거예요?"."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.asking import says_lesson
from rag.evidence import Evidence, choose
from rag.lesson import Lesson, Passage
from rag.naming import leads_in, named_by
from rag.question import Question
from rag.search import Hit, Retriever

_MOST_TITLES = 12
_OPENS = re.compile(r"개요|소개|들어가|도입|시작하|머리말|서론|intro|overview", re.I)
_AIMS = re.compile(r"목표|objective|goal", re.I)
_LEARNS = re.compile(r"배[우운울웠]|배워|공부|\blearn", re.I)


def of_lesson_itself(question: Question, lesson: Lesson, retriever: Retriever) -> bool:
    """Whether a question asks about the lesson itself, and of no passage: "요약이 뭐예요?"."""
    if not question.of_lesson:
        return False
    return says_lesson(question.text) or not named_by(question.text, lesson, retriever)


def overview(question: Question, lesson: Lesson) -> list[Evidence]:
    """What says what the lesson is about: how it opens, then its title over its sections' names.

    Asked what one learns in it, the section that says so, where there is one. Of several documents
    their titles. Empty for a lesson of nothing but code and tables.
    """
    wants_all = replace(question, kind="list")

    def told(passage: Passage) -> list[Evidence]:
        return choose(wants_all, [Hit(passage, 1.0, 0.0, 0.0)], lesson)

    titles = [p for p in lesson.passages if p.parent is None and p.kind == "heading"]
    if len(lesson.documents) > 1:
        first: dict[str, Passage] = {}
        for title in titles:
            first.setdefault(title.source, title)
        few = list(first.values())[:_MOST_TITLES]
        return [Evidence(title, title.start, title.end, 1.0) for title in few]
    headings = [p for p in lesson.passages if p.kind == "heading"]
    aims = next((p for p in headings if _AIMS.search(p.plain)), None)
    if aims is not None and _LEARNS.search(question.text):
        return told(aims)
    opening = _opening(lesson)
    found = told(opening) if opening else []
    seen = {evidence.passage.id for evidence in found}
    outline = [evidence for title in titles[:1] for evidence in told(title)]
    return found + [e for e in outline if e.passage.kind == "heading" and e.passage.id not in seen]


def _opening(lesson: Lesson) -> Passage | None:
    """The first words under the title, or in a section that is called an introduction."""
    words = (p for p in lesson.passages if p.kind in ("paragraph", "item") and not leads_in(p))
    first = next(words, None)
    if first is None or (len(first.heading) > 1 and not _OPENS.search(first.heading[-1])):
        return None
    return first
