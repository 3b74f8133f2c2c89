"""Follow-up questions: what "그건 누가 관리해요?" is about, from the student's earlier questions.

Only questions the student typed count. Whatever a client claims an assistant said is never read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.lesson import Lesson, Passage, label
from rag.normalize import match_key
from rag.question import Question
from rag.search import Retriever

MOST_TURNS = 8  # earlier questions that are looked at, the latest ones

_POINTING = re.compile(
    r"(^|\s)(그것|그거|그게|그건|그걸|이것|이거|이게|이건|이걸|저것|저거|저게|저건|거기|여기|그곳|이곳|"
    r"그쪽|이쪽|그들|걔|얘|그\s|이\s(?!문장)|해당|앞의|앞에|방금|위의|아까|둘|두\s*(개|가지|것)|"
    r"it|its|that|this|they|them|those|these|それ|它)(?![가-힣]{3,})",
    re.I,
)
_OPENING = re.compile(
    r"^(그럼|그러면|그렇다면|그런데|근데|그리고|또|반대로|반면|대신|나머지|then|and|so)\b", re.I
)
_ORDINAL = re.compile(
    r"(첫|두|세|네|다섯|여섯|일곱|여덟)\s*번\s*째|([1-9])\s*번\s*째?|(마지막)|(first|second|third|last)",
    re.I,
)
_ORDINALS = {
    "첫": 0, "두": 1, "세": 2, "네": 3, "다섯": 4, "여섯": 5, "일곱": 6, "여덟": 7,
    "first": 0, "second": 1, "third": 2,
}  # fmt: skip
_NEXT = re.compile(r"다음|그\s*뒤|이후|그다음|next")
_BEFORE = re.compile(r"이전|앞\s*(단계|계층|것)|그\s*전|전\s*단계|previous")
_OTHERS = re.compile(r"나머지|다른\s*(것|거|건|하나|쪽|종류)|또\s*(다른|뭐|어떤)|반대|other")


@dataclass(frozen=True, slots=True)
class Topic:
    """What the conversation is about: the passage the last answer rested on first."""

    passage: Passage
    question: str  # the last question, as understood


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question made complete: its text, and the passage it points at, when it points at one."""

    text: str
    focus: Passage | None = None


def is_follow_up(question: Question, retriever: Retriever) -> bool:
    """Whether the question leans on what was asked before.

    It does when it points ("그건"), opens like a reply ("그럼 ..."), or names nothing the lesson
    knows, so that it has no subject of its own.
    """
    if _POINTING.search(question.text) or _OPENING.search(question.text):
        return True
    if _ORDINAL.search(question.text) or _NEXT.search(question.text):
        return len(question.content) <= 3
    named = [t for t in question.content if t.tag in ("NNP", "SL", "SH", "XR", "NNG")]
    known = [t for t in named if retriever.knows(t.form)]
    return len(known) <= 1 and len(question.content) <= 3


def resolve(question: Question, topic: Topic, lesson: Lesson) -> Resolved:
    """The follow-up made complete with what the conversation is about."""
    pointed = _pointed_at(question.text, topic.passage, lesson)
    if pointed is not None:
        name = label(pointed)
        return Resolved(f"{name} {_rest(question.text)}".strip(), pointed)
    name = _subject(topic.passage, lesson)
    if match_key(name) in match_key(question.text):
        return Resolved(question.text)
    return Resolved(f"{name} {_rest(question.text)}".strip(), topic.passage)


def _pointed_at(text: str, passage: Passage, lesson: Lesson) -> Passage | None:
    """The passage an ordinal or "다음" points at, counted from the topic; None without one."""
    ordinal = _ORDINAL.search(text)
    if ordinal:
        group = lesson.children(passage) or lesson.siblings(passage)
        place = _place(ordinal, len(group))
        return group[place] if place < len(group) else None
    siblings = [p for p in lesson.siblings(passage) if p.kind == passage.kind]
    here = siblings.index(passage) if passage in siblings else 0
    if _NEXT.search(text) and here + 1 < len(siblings):
        return siblings[here + 1]
    if _BEFORE.search(text) and here > 0:
        return siblings[here - 1]
    return None


def _place(match: re.Match[str], count: int) -> int:
    korean, digit, last, english = match.groups()
    if last or (english or "").casefold() == "last":
        return max(count - 1, 0)
    return int(digit) - 1 if digit else _ORDINALS[(korean or english).casefold()]


def _subject(passage: Passage, lesson: Lesson) -> str:
    """What a passage is about: the name of the bullet that holds it, else its own, else heading."""
    above = lesson.parent(passage)
    if above is not None and above.kind == "item" and not lesson.children(passage):
        return label(above)
    return label(passage)


def _rest(text: str) -> str:
    """The follow-up without the word that points."""
    return " ".join(_OPENING.sub("", _POINTING.sub(" ", text)).split())


def bounded(history: Sequence[str], longest: int) -> list[str]:
    """The last MOST_TURNS questions, each cut to ``longest`` characters, blank ones left out."""
    turns = [str(turn)[:longest].strip() for turn in history[-MOST_TURNS:]]
    return [turn for turn in turns if turn]
