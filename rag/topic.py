"""What a conversation is about: a passage, what it is called, what the last answer listed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest

from rag.evidence import Evidence
from rag.lesson import Lesson, Passage, label, split_name
from rag.naming import is_name, is_sentence, named_by, names_of
from rag.naming import topic_of as topic_above
from rag.normalize import match_key
from rag.pointing import beside, ordinal
from rag.question import Question
from rag.search import Retriever
from rag.structure import peers

_HYPHENED = re.compile(r"\w*-\w*")  # between nouns of one word: "창안-톈산"
_NUMBERED = re.compile(r"제?\d+[가-힣]?$")  # right before a noun: "제3전시실", "2호선"
_HIGH = re.compile(r"상위|최상|상단|맨\s*위|꼭대기|\btop\b|upper", re.I)
_LOW = re.compile(r"하위|최하|하단|맨\s*아래|맨\s*밑|바닥|bottom|lower", re.I)
_STEP = re.compile(r"단계|순서|차례|절차|과정|할\s?일|\bstep", re.I)
_SECTION = re.compile(r"(다음|이전|앞)\s*(절|장|단원|주제|부분|섹션)|section|chapter", re.I)


@dataclass(frozen=True, slots=True)
class Topic:
    """What the conversation is about: a passage, the last question as it was understood, the list
    that its answer showed, if it showed one, what the last question was itself completed with, and
    the ``step`` of a procedure that the answer began with, and ``two`` things that it told of.

    ``passage`` is None after a question that names none and was not answered.
    """

    passage: Passage | None
    question: Question
    listed: tuple[Passage, ...] = ()
    subject: str = ""
    step: Passage | None = None
    two: tuple[Passage, ...] = ()


def topic_of(
    question: Question,
    evidence: Sequence[Evidence],
    lesson: Lesson,
    retriever: Retriever,
    subject: str = "",
    pointed: Passage | None = None,
) -> Topic:
    """What a question and its answer were about: what it names, else where its answer began.

    ``evidence``: of the answer, none where there was none. After "the first one", ``pointed``, "the
    second one" counts the same list.
    """
    named = [pointed] if pointed else named_by(question.text, lesson, retriever)[:1]
    about = [*named, *(e.passage for e in evidence[:1])]
    below = list(takewhile(lambda item: item.depth, evidence[1:]))
    levels = [[e.passage for e in below if e.depth == depth] for depth in (1, 2)]
    listed = tuple(passage for passage in levels[0] if passage.kind in ("item", "row"))
    two = next((level for level in levels if len(level) == 2), ())
    items = peers(pointed, lesson) if pointed else listed
    first = pointed or (evidence[0].passage if evidence else None)
    step = first if first and first.number is not None else None
    return Topic(about[0] if about else None, question, items, subject, step, tuple(two))


def pointed_at(text: str, topic: Topic, lesson: Lesson) -> Passage | None:
    """The passage that a text points at by its place: an ordinal of the list that was shown, else
    counted from the topic, or what stands next to the topic; None without one.
    """
    place, passage = ordinal(text), topic.passage
    if passage is None:
        return None
    if place is not None:
        shown = topic.listed if len(topic.listed) > 1 else ()
        group = shown or lesson.children(passage) or lesson.siblings(passage)
        return group[place] if -len(group) <= place < len(group) else None
    alone = passage.kind not in ("item", "row")
    if topic.step and (alone or _STEP.search(text)) and beside(text):
        passage = topic.step
    elif alone and not _SECTION.search(text):
        return None
    siblings = [p for p in lesson.siblings(passage) if p.kind == passage.kind]
    here = siblings.index(passage) if passage in siblings else 0
    there = here + _step(text, siblings, here)
    return siblings[there] if there != here and 0 <= there < len(siblings) else None


def _step(text: str, siblings: Sequence[Passage], here: int) -> int:
    """How far from the topic, which stands ``here``, the text points: 1 for "다음", -1 for "이전",
    for "그 위" the way in which the names of the siblings go up, for "나머지" to the other of two.
    """
    found = beside(text)
    if found is None:
        return 0
    if found[0] == "other":
        return 1 - 2 * here if len(siblings) == 2 else 0
    way = {"next": 1, "before": -1, "above": 1, "below": -1}[found[0]]
    if found[0] in ("next", "before"):
        return way
    low = [n for n, sibling in enumerate(siblings) if _LOW.search(label(sibling))]
    high = [n for n, sibling in enumerate(siblings) if _HIGH.search(label(sibling))]
    if not (low and high):
        return 0
    return way if low[0] < high[0] else -way


def name_of(topic: Topic, lesson: Lesson) -> str | None:
    """What the topic is called: the bullet that holds it, or its own name; None without one."""
    passage, asked = topic.passage, topic.question
    if passage is None:
        return None
    above = topic_above(passage, lesson)
    named = match_key(label(passage)) in match_key(asked.text)
    below = above is not None and above.kind == "item" and not lesson.children(passage)
    if above is not None and below and not named and is_called(above):
        return _called(above, asked.text, lesson)
    if is_called(passage):
        return _called(passage, asked.text, lesson)
    return None


def nouns_of(topic: Topic) -> str:
    """The nouns of the last question, else what its answer began with."""
    asked = topic.question
    nouns = [t for t in asked.content if t.tag in ("NNG", "NNP", "SL", "SH", "XR")]
    words = ""
    for term, after in zip_longest(nouns, nouns[1:]):
        gap = asked.text[term.end : after.start] if after else ""
        joined = _HYPHENED.fullmatch(gap) or (after and after.start == term.end)
        number = _NUMBERED.search(asked.text[: term.start])
        words += (number[0] if number else "") + asked.text[term.start : term.end]
        words += gap if joined else " "
    return " ".join(words.split()) or (label(topic.passage) if topic.passage else "")


def _called(passage: Passage, asked: str, lesson: Lesson) -> str:
    """That of the passage's names of which a question says most.

    When it says none, its label, or the name after the colon where more hangs under it: "Upper
    layer: the catalogue" is about the catalogue, "Language: Python" about the language.
    """
    key = match_key(asked)
    after = split_name(passage.plain)[1].rstrip(" .") if lesson.children(passage) else ""
    names = [name for name in names_of(passage) if not is_sentence(name)]

    def fits(name: str) -> tuple[float, bool]:
        words = name.split()
        return sum(match_key(word) in key for word in words) / len(words), name == after

    return max([label(passage), *names], key=fits)


def beside_topic(word: str, topic: Topic, lesson: Lesson) -> str | None:
    """The name of what stands beside the topic and begins with the word: of "가로는?" after "세로
    막대가 뭐예요?" the "가로 막대"; None without one.
    """
    passage, key = topic.passage, match_key(word)
    if passage is None or len(label(passage).split()) < 2 or len(key) < 2:
        return None
    names = (label(p) for p in lesson.siblings(passage) if p is not passage and is_called(p))
    return next((name for name in names if match_key(name.split()[0]) == key), None)


def is_called(passage: Passage) -> bool:
    """Whether what the passage is called is a name and no sentence."""
    name = label(passage)
    return passage.kind in ("item", "heading") and is_name(name) and not is_sentence(name)
