"""Follow-up questions: what "그건 누가 관리해요?" is about, from the student's earlier questions.

Only questions the student typed count. Whatever a client claims an assistant said is never read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from rag.evidence import Evidence
from rag.lesson import Lesson, Passage, label
from rag.naming import is_name, named_by
from rag.naming import topic_of as topic_above
from rag.normalize import match_key
from rag.question import Question
from rag.search import Retriever

_SHORT = 3  # content terms; a longer question is complete in itself

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
_ALONE = re.compile(
    r"^(?:그럼|그러면|그렇다면|그런데|근데|그리고)?\s*(.{1,40}?)(?:은|는)\s?요\s*\?*$"
)
_MARKED = re.compile(r"(.{1,40}?)(?:이?란|은|는|이|가)\s")  # what a question is about, by particle
_NEXT = re.compile(r"다음|그\s*뒤|이후|그다음|next")
_BEFORE = re.compile(r"이전|앞\s*(단계|계층|것)|그\s*전|전\s*단계|previous")
_SECTION = re.compile(r"(다음|이전|앞)\s*(절|장|단원|주제|부분|섹션)|section|chapter", re.I)


@dataclass(frozen=True, slots=True)
class Topic:
    """What the conversation is about: a passage, the last question as it was understood, and the
    list that its answer showed, if it showed one.
    """

    passage: Passage
    question: Question
    listed: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question made complete: its text, and the passage it points at, when it points at one."""

    text: str
    focus: Passage | None = None
    pointed: bool = False  # at exactly this passage: "the second one", "the next step"


def is_follow_up(question: Question, lesson: Lesson, retriever: Retriever) -> bool:
    """Whether the question leans on what was asked before.

    It does when it points ("그건"), opens like a reply ("그럼 ...") or only asks about another
    thing ("NGC는요?"); otherwise when it is short and names nothing of its own: neither a name
    (Latin letters, a proper noun) nor what a bullet or heading of the lesson is called.
    """
    if _POINTING.search(question.text) or _OPENING.search(question.text):
        return True
    if _ALONE.match(question.text):
        return True
    if _ORDINAL.search(question.text) or _NEXT.search(question.text):
        return len(question.content) <= _SHORT
    if any(term.tag in ("NNP", "SL") for term in question.content):
        return False
    return len(question.content) <= _SHORT and not named_by(question.text, lesson, retriever)


def topic_of(
    question: Question, evidence: Sequence[Evidence], lesson: Lesson, retriever: Retriever
) -> Topic:
    """What a question and its answer were about: what it names, else where its answer began."""
    named = named_by(question.text, lesson, retriever)
    first, *others = evidence
    listed = takewhile(lambda item: item.depth, others)
    items = tuple(e.passage for e in listed if e.depth == 1 and e.passage.kind in ("item", "row"))
    return Topic(named[0] if named else first.passage, question, items)


def resolve(question: Question, topic: Topic, lesson: Lesson) -> Resolved:
    """The follow-up made complete with what the conversation is about."""
    pointed = _pointed_at(question.text, topic, lesson)
    if pointed is not None:
        return Resolved(f"{label(pointed)} {_rest(question.text)}".strip(), pointed, True)
    alone = _ALONE.match(question.text)
    if alone:
        return Resolved(_asked_of(alone.group(1), topic, lesson))
    name = _subject(topic, lesson)
    if match_key(name) in match_key(question.text):
        return Resolved(question.text, topic.passage)
    return Resolved(f"{name} {_rest(question.text)}".strip(), topic.passage)


def _asked_of(other: str, topic: Topic, lesson: Lesson) -> str:
    """What was asked of the topic, asked of another: "NGC는요?" after "DGX는 누가 만들어요?"."""
    before = topic.question.text
    name = next((n for n in _names(label(topic.passage)) if n in before), "")
    if name:
        return before.replace(name, other, 1)
    subject = _MARKED.match(before)
    if subject:
        return other + before[subject.end(1) :]
    return f"{_subject(topic, lesson)} {other}"


def _names(name: str) -> list[str]:
    """The name and its endings: "NVIDIA DGX Cloud", "DGX Cloud", "Cloud"."""
    words = name.split()
    return [" ".join(words[i:]) for i in range(len(words))]


def _pointed_at(text: str, topic: Topic, lesson: Lesson) -> Passage | None:
    """The passage an ordinal or "다음" points at: of the list that was shown, else counted from
    the topic; None without one.
    """
    ordinal, passage = _ORDINAL.search(text), topic.passage
    if ordinal:
        shown = topic.listed if len(topic.listed) > 1 else ()
        group = shown or lesson.children(passage) or lesson.siblings(passage)
        place = _place(ordinal, len(group))
        return group[place] if place < len(group) else None
    if passage.kind not in ("item", "row") and not _SECTION.search(text):
        return None
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


def _subject(topic: Topic, lesson: Lesson) -> str:
    """What the topic is called: the bullet that holds it, its own name, else the last question's
    nouns.
    """
    passage = topic.passage
    above = topic_above(passage, lesson)
    named = match_key(label(passage)) in match_key(topic.question.text)
    if not named and above is not None and above.kind == "item" and not lesson.children(passage):
        return label(above)
    if passage.kind in ("item", "heading") and is_name(label(passage)):
        return label(passage)
    nouns = [t for t in topic.question.content if t.tag in ("NNG", "NNP", "SL", "SH", "XR")]
    return " ".join(topic.question.text[t.start : t.end] for t in nouns) or label(passage)


def _rest(text: str) -> str:
    """The follow-up without the word that points."""
    return " ".join(_OPENING.sub("", _POINTING.sub(" ", text)).split())


def bounded(history: Sequence[str], longest: int) -> list[str]:
    """The last MOST_TURNS questions, each cut to ``longest`` characters, blank ones left out."""
    turns = [str(turn)[:longest].strip() for turn in history[-MOST_TURNS:]]
    return [turn for turn in turns if turn]
