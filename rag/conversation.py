"""Follow-up questions: what "그건 누가 관리해요?" is about, from the student's earlier questions.

Only questions the student typed count. Whatever a client claims an assistant said is never read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest

from rag.asking import says_lesson
from rag.evidence import Evidence
from rag.lesson import Lesson, Passage, label, split_name
from rag.naming import is_name, is_sentence, named_by, names_of, with_particle
from rag.naming import topic_of as topic_above
from rag.normalize import match_key
from rag.pointing import by_order, completed, only_tells, ordinal, points
from rag.question import Question
from rag.search import Retriever

_SHORT = 3  # content terms; a longer question is complete in itself

MOST_TURNS = 8  # earlier questions that are looked at, the latest ones

_REPLYING = re.compile(r"^(?:(?:그렇다면|반대로|반면|대신)\b|나머지[는도를가])")
_ALONE = re.compile(
    r"^(?:그럼|그러면|그렇다면|그런데|근데|그리고)?\s*(.{1,40}?)(?:은|는)\s?요?\s*\?*$"
)
_MARK = r"([은는이가을를과와](?=\s|$))?"
_MARKED = re.compile(
    r"(.{1,40}?)(이?란|은|는|이|가)\s+(.*)"
)  # what a question is about, by particle
_HYPHENED = re.compile(r"\w*-\w*")  # between nouns of one word: "창안-톈산"
_NEXT = re.compile(r"다음|(?<![가-힣])(?:그\s*뒤|이후)|\bnext\b", re.I)
_BEFORE = re.compile(
    r"(?<![가-힣])(?:이전|앞\s*(?:단계|계층|것)|그\s*전|전\s*단계)|\bprevious\b", re.I
)
_SECTION = re.compile(r"(다음|이전|앞)\s*(절|장|단원|주제|부분|섹션)|section|chapter", re.I)


@dataclass(frozen=True, slots=True)
class Topic:
    """What the conversation is about: a passage, the last question as it was understood, the list
    that its answer showed, if it showed one, and what the last question was itself completed with.
    """

    passage: Passage
    question: Question
    listed: tuple[Passage, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question made complete: its text, and the passage it points at, when it points at one.

    ``pointed``: at exactly this passage, "the second one", "the next step"; ``whole``: and at
    nothing else, "tell me more about the second one". ``subject`` is what it was completed with.
    """

    text: str
    focus: Passage | None = None
    pointed: bool = False
    whole: bool = False
    subject: str = ""


def is_follow_up(question: Question, lesson: Lesson, retriever: Retriever) -> bool:
    """Whether the question leans on what was asked before.

    It does when it points ("그건"), opens like a reply ("반대로 ...") or only asks about another
    thing ("NGC는요?", "가격은?", not "NGC의 가격은?"); otherwise, "그럼 ..." too, when it is short
    and names nothing of its own: neither a name (Latin letters, a proper noun) nor what a bullet
    or heading of the lesson is called.
    """
    if points(question.text) or _REPLYING.search(question.text):
        return True
    if question.of_lesson and says_lesson(question.text):
        return False
    if _ALONE.match(question.text):
        return not _says_more(question, lesson, retriever)
    if ordinal(question.text) is not None or _NEXT.search(question.text):
        return len(question.content) <= _SHORT
    return len(question.content) <= _SHORT and not has_name(question, lesson, retriever)


def has_name(question: Question, lesson: Lesson, retriever: Retriever) -> bool:
    """Whether the question names something: a proper noun, Latin letters, a bullet or heading."""
    return _has_proper(question) or bool(named_by(question.text, lesson, retriever))


def _has_proper(question: Question) -> bool:
    return any(term.tag in ("NNP", "SL") for term in question.content)


def _says_more(question: Question, lesson: Lesson, retriever: Retriever) -> bool:
    """Whether the question names something, and has a word besides that name."""
    named = named_by(question.text, lesson, retriever)
    if not named and not _has_proper(question):
        return False
    names = match_key(" ".join(name for passage in named for name in names_of(passage)))
    return any(
        term.tag not in ("NNP", "SL", "SN") and match_key(term.form) not in names
        for term in question.content
    )


def topic_of(
    question: Question,
    evidence: Sequence[Evidence],
    lesson: Lesson,
    retriever: Retriever,
    subject: str = "",
) -> Topic:
    """What a question and its answer were about: what it names, else where its answer began."""
    named = named_by(question.text, lesson, retriever)
    first, *others = evidence
    listed = takewhile(lambda item: item.depth, others)
    items = tuple(e.passage for e in listed if e.depth == 1 and e.passage.kind in ("item", "row"))
    return Topic(named[0] if named else first.passage, question, items, subject)


def resolve(question: Question, topic: Topic, lesson: Lesson, named: bool) -> Resolved:
    """The follow-up made complete with what the conversation is about.

    "NGC는요?", ``named``, asks of another thing what was asked before; "가격은요?" asks something
    else of the same.
    """
    pointed = _pointed_at(question.text, topic, lesson)
    if pointed is not None:
        return _resolved_to(pointed, question)
    alone = _ALONE.match(question.text)
    if alone and named and not points(question.text):
        return Resolved(_asked_of(alone.group(1), topic, lesson))
    name = _name(topic, lesson)
    # A question that points ("거기") may mean what was asked last, one that lacks a subject goes on
    # about the same.
    subject = name or (not points(question.text) and topic.subject) or _nouns(topic)
    if match_key(subject) in match_key(question.text):
        return Resolved(question.text, topic.passage, subject=subject)
    text = completed(question.text, subject, bool(name))
    return Resolved(text, topic.passage, subject=subject)


def _resolved_to(pointed: Passage, question: Question) -> Resolved:
    """The question about the passage that it points at by its place."""
    name, called = label(pointed), _is_called(pointed)
    text, (start, end) = by_order(question.text, name) or ("", (0, 0))
    whole = bool(text) and only_tells(question.text[:start], question.text[end:])
    text = text if text and called else completed(question.text, name, called)
    return Resolved(text, pointed, True, whole, name if called else "")


def _asked_of(other: str, topic: Topic, lesson: Lesson) -> str:
    """What was asked of the topic, asked of another: "NGC는요?" after "DGX는 누가 만들어요?"."""
    before = topic.question.text
    name = next((n for n in _names(label(topic.passage)) if n in before), "")
    if name:
        said = re.compile(re.escape(name) + _MARK)
        return said.sub(lambda found: _marked(other, found[1] or ""), before, count=1)
    subject = _MARKED.match(before)
    if subject:
        _, mark, rest = subject.groups()
        return f"{_marked(other, mark)} {rest}"
    return f"{_name(topic, lesson) or _nouns(topic)} {other}"


def _marked(name: str, mark: str) -> str:
    """The name with a particle; behind Latin letters the one that stood there before."""
    return with_particle(name, mark) if "가" <= name[-1] <= "힣" else name + mark


def _names(name: str) -> list[str]:
    """The name and its endings: "NVIDIA DGX Cloud", "DGX Cloud", "Cloud"."""
    words = name.split()
    return [" ".join(words[i:]) for i in range(len(words))]


def _pointed_at(text: str, topic: Topic, lesson: Lesson) -> Passage | None:
    """The passage an ordinal or "다음" points at: of the list that was shown, else counted from
    the topic; None without one.
    """
    place, passage = ordinal(text), topic.passage
    if place is not None:
        shown = topic.listed if len(topic.listed) > 1 else ()
        group = shown or lesson.children(passage) or lesson.siblings(passage)
        return group[place] if -len(group) <= place < len(group) else None
    if passage.kind not in ("item", "row") and not _SECTION.search(text):
        return None
    siblings = [p for p in lesson.siblings(passage) if p.kind == passage.kind]
    here = siblings.index(passage) if passage in siblings else 0
    if _NEXT.search(text) and here + 1 < len(siblings):
        return siblings[here + 1]
    if _BEFORE.search(text) and here > 0:
        return siblings[here - 1]
    return None


def _name(topic: Topic, lesson: Lesson) -> str | None:
    """What the topic is called: the bullet that holds it, or its own name; None without one."""
    passage, asked = topic.passage, topic.question
    above = topic_above(passage, lesson)
    named = match_key(label(passage)) in match_key(asked.text)
    below = above is not None and above.kind == "item" and not lesson.children(passage)
    if above is not None and below and not named and _is_called(above):
        return _called(above, asked.text, lesson)
    if _is_called(passage):
        return _called(passage, asked.text, lesson)
    return None


def _nouns(topic: Topic) -> str:
    """The nouns of the last question, else what its answer began with."""
    asked = topic.question
    nouns = [t for t in asked.content if t.tag in ("NNG", "NNP", "SL", "SH", "XR")]
    words = ""
    for term, after in zip_longest(nouns, nouns[1:]):
        gap = asked.text[term.end : after.start] if after else ""
        joined = _HYPHENED.fullmatch(gap) or (after and after.start == term.end)
        words += asked.text[term.start : term.end] + (gap if joined else " ")
    return " ".join(words.split()) or label(topic.passage)


def _called(passage: Passage, asked: str, lesson: Lesson) -> str:
    """That of the passage's names of which a question says most.

    When it says none, its label, or the name after the colon where more hangs under it: "Upper
    layer: the catalogue" is about the catalogue, "Language: Python" about the language.
    """
    key = match_key(asked)
    after = split_name(passage.plain)[1].rstrip(" .") if lesson.children(passage) else ""

    def fits(name: str) -> tuple[float, bool]:
        words = name.split()
        return sum(match_key(word) in key for word in words) / len(words), name == after

    return max([label(passage), *names_of(passage)], key=fits)


def _is_called(passage: Passage) -> bool:
    """Whether what the passage is called is a name and no sentence."""
    name = label(passage)
    return passage.kind in ("item", "heading") and is_name(name) and not is_sentence(name)


def bounded(history: Sequence[str], longest: int) -> list[str]:
    """The last MOST_TURNS questions, each cut to ``longest`` characters, blank ones left out."""
    turns = [str(turn)[:longest].strip() for turn in history[-MOST_TURNS:]]
    return [turn for turn in turns if turn]
