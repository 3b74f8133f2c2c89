"""Every place that speaks of something: "DGX Cloud가 쓰이는 곳을 모두 찾아 줘"."""

from __future__ import annotations

import re

from rag.evidence import Evidence
from rag.lesson import Lesson, Passage
from rag.naming import named_by, names_of
from rag.normalize import match_key
from rag.question import Question
from rag.search import Retriever
from rag.structure import announces

_ALL = re.compile(r"모두|전부|다\s|모아|모은|빠짐없이|하나도|전체에서|\ball\b|\bevery")
_SPEAKS = re.compile(
    r"(?:나오|나온|등장|언급|쓰이|쓰인|사용|활용|포함|들어가|들어\s?있|필요|관련|연결)[가-힣\s]*"
    r"(?:곳|경우|부분|대목|데|사례|내용)|어디\s?어디|(?:등장|언급)[가-힣]*지|\b(?:mention|appear|used)"
)
_FEWEST, _MOST = 2, 8  # places; fewer are found by search, more are no answer


def mentions(question: Question, lesson: Lesson, retriever: Retriever) -> list[Evidence]:
    """The places that speak of what the question names, in reading order, when it wants them all.

    Empty for any other question. Headings, the name alone and what a lesson says it will teach
    do not count.
    """
    if not (_ALL.search(question.text) and _SPEAKS.search(question.text)):
        return []
    asked = match_key(question.text)
    names = (n for p in named_by(question.text, lesson, retriever) for n in names_of(p))
    keys = [key for name in names for key in _ends(name) if key in asked]
    if not keys:
        return []
    # What the question names first, and in full.
    key = min(keys, key=lambda key: (asked.index(key), -len(key)))
    places = [p for p in lesson.passages if _says(p, key, lesson)]
    few = _FEWEST <= len(places) <= _MOST
    return [Evidence(p, p.start, p.end, 1.0) for p in places] if few else []


def _ends(name: str) -> list[str]:
    """The name and what it is called for short, for matching: "NVIDIA DGX Cloud", "DGX Cloud"."""
    words = name.split()
    return [match_key(" ".join(words[start:])) for start in range(max(1, len(words) - 1))]


def _says(passage: Passage, key: str, lesson: Lesson) -> bool:
    """Whether the passage speaks of it, and is not just its name."""
    said = match_key(passage.plain)
    told = passage.kind != "heading" and key in said and not said.endswith(key)
    return told and not announces(passage, lesson)
