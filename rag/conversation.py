"""Follow-up questions: what "그건 누가 관리해요?" is about, from the student's earlier questions.

Only questions the student typed count. Whatever a client claims an assistant said is never read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.asking import says_lesson
from rag.comparison import one_side, sides
from rag.lesson import Lesson, Passage, label
from rag.naming import named_by, names_of, with_particle
from rag.normalize import match_key
from rag.pointing import (
    beside,
    by_order,
    by_step,
    completed,
    of_both,
    only_tells,
    opens_with_ordinal,
    ordinal,
    points,
    without_opening,
)
from rag.question import Question
from rag.search import Retriever
from rag.topic import Topic, beside_topic, is_called, name_of, nouns_of, pointed_at

_SHORT = 3  # content terms; a longer question is complete in itself

MOST_TURNS = 8  # earlier questions that are looked at, the latest ones

_REPLYING = re.compile(r"^(?:(?:그렇다면|반대로|반면|대신)\b|나머지[는도를가])")
_ALONE = re.compile(
    r"^(?:그럼|그러면|그렇다면|그런데|근데|그리고)?\s*(.{1,40}?)(?:은|는)\s?요?\s*\?*$"
)
# "그럼 깻잎은 며칠이야?" asks the same of another thing, when that was asked before too.
_AGAIN = re.compile(
    r"^(?:그럼|그러면|그렇다면)\s+(.{1,40}?)(?:은|는)\s*(누구|어디|언제|며칠|얼마|몇\s?[가-힣]{1,2}?)"
    r"(?:이?야|이?지|이?죠|이?에요|예요|인가요?|인지요?|입니까|이?니)?\s*\?*$"
)
_HOW_MANY = re.compile(
    r"(?:그럼|그러면|그래서)?\s*(?:(?:모두|전부|총|다)\s*)*"
    r"몇\s*(?:개|가지|종류|단계|곳|군데|명)(?:[이나]|씩)?\s*"
    r"(?:이?야|이?에요|예요|이?죠|인가요?|인지요?|입니까|있[가-힣]+|돼요?|되나요?|됩니까)?\s*\?*"
)
_MARK = r"([은는이가을를과와](?=\s|$))?"
_MARKED = re.compile(
    r"(.{1,40}?)(이?란|은|는|이|가)\s+(.*)"
)  # what a question is about, by particle


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question made complete: its text, and the passage it points at, when it points at one.

    ``pointed``: at exactly this passage, "the second one", "the next step"; ``whole``: and at
    nothing else, "tell me more about the second one". ``subject`` is what it was completed with,
    ``alone`` the question without that, where it neither points nor is a name alone ("가격은요?").
    """

    text: str
    focus: Passage | None = None
    pointed: bool = False
    whole: bool = False
    subject: str = ""
    alone: str = ""


def is_follow_up(question: Question, lesson: Lesson, retriever: Retriever) -> bool:
    """Whether the question leans on what was asked before.

    It does when it points ("그건"), opens like a reply ("반대로 ...") or only asks about another
    thing ("NGC는요?", "가격은?", not "NGC의 가격은?"); otherwise, "그럼 ..." too, when it is short
    and names nothing of its own: neither a name (Latin letters, a proper noun) nor what a bullet
    or heading of the lesson is called.
    """
    if question.of_lesson and says_lesson(question.text):
        return False
    if points(question.text) or _REPLYING.search(question.text) or _against(question):
        return True
    if _ALONE.match(question.text):
        return not _says_more(question, lesson, retriever)
    if opens_with_ordinal(question.text):
        return True
    next_one = (beside(question.text) or ("",))[0] == "next"
    if ordinal(question.text) is not None or next_one:
        return len(question.content) <= _SHORT
    return len(question.content) <= _SHORT and not has_name(question, lesson, retriever)


def follow_up(
    question: Question,
    turns: Sequence[str],
    topic_after: Callable[[Sequence[str]], Topic | None],
    lesson: Lesson,
    retriever: Retriever,
) -> Resolved:
    """The question made complete if it leans on the turns before, of which there is at least one;
    else as it is. ``topic_after`` tells what some turns leave as the topic.
    """
    about = topic_after(turns) if is_follow_up(question, lesson, retriever) else None
    if about is None:
        return Resolved(question.text)
    both = of_both(question.text)
    if both:
        names = sides(about.question.text) or tuple(label(p) for p in about.two)
        if len(names) != 2 and len(turns) > 1 and (earlier := topic_after(turns[:-1])):
            names = tuple(n for t in (earlier, about) if (n := name_of(t, lesson)))
        if len(set(names)) == 2:
            joined = f"{with_particle(names[0], '과')} {with_particle(names[1], both[0])}"
            return Resolved(f"{joined} {both[1]}")
    return resolve(question, about, lesson, has_name(question, lesson, retriever))


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


def resolve(question: Question, topic: Topic, lesson: Lesson, named: bool) -> Resolved:
    """The follow-up made complete with what the conversation is about.

    "NGC는요?", ``named``, asks of another thing what was asked before; "가격은요?" asks something
    else of the same.
    """
    pointed = pointed_at(question.text, topic, lesson)
    if pointed is not None:
        return _resolved_to(pointed, question)
    if len(topic.listed) > 1 and _HOW_MANY.fullmatch(question.text):
        return _counted(question, topic.listed, lesson)
    other = _against(question)
    name = name_of(topic, lesson)
    if other and name:
        one, rest = with_particle(name, "과"), other[1]
        particle = {"비교": "을", "차이": "의", "공통": "의"}.get(rest[:2], "은")
        return Resolved(f"{one} {with_particle(other[0], particle)} {rest}", topic.passage)
    alone = _ALONE.match(question.text)
    if alone and not points(question.text):
        another = alone[1] if named else beside_topic(alone[1], topic, lesson)
        if another:
            return Resolved(_asked_of(another, topic, lesson))
    again = _AGAIN.match(question.text)
    if again and again.group(2) in topic.question.text and not points(question.text):
        return Resolved(_asked_again(again.group(1), topic))
    # A question that points ("거기") may mean what was asked last, one that lacks a subject goes on
    # about the same.
    subject = name or (not points(question.text) and topic.subject) or nouns_of(topic)
    if match_key(subject) in match_key(question.text):
        return Resolved(question.text, topic.passage, subject=subject)
    text = completed(question.text, subject, bool(name))
    bare = "" if alone or points(question.text) else without_opening(question.text)
    return Resolved(text, topic.passage, subject=subject, alone=bare)


def _resolved_to(pointed: Passage, question: Question) -> Resolved:
    """The question about the passage that it points at by its place."""
    called = is_called(pointed)
    name = label(pointed) if called else f"‘{label(pointed).rstrip(' .…')}’"
    text, (start, end) = (
        by_order(question.text, name) or by_step(question.text, name) or (question.text, (0, 0))
    )
    whole = only_tells(question.text[:start], question.text[end:])
    return Resolved(text, pointed, True, whole, name if called else "")


def _counted(question: Question, listed: Sequence[Passage], lesson: Lesson) -> Resolved:
    """How many there are of what the last answer listed: the list tells."""
    above = lesson.parent(listed[0])
    called = label(above).rstrip(" :.") if above else ""
    text = f"{called} – {without_opening(question.text)}"
    return Resolved(text, above, above is not None, True, called)


def _against(question: Question) -> tuple[str, str] | None:
    """What the question compares with something said before, and how it goes on."""
    if question.kind != "comparison" or sides(question.text):
        return None
    return one_side(question.text)


def _asked_of(other: str, topic: Topic, lesson: Lesson) -> str:
    """What was asked of the topic, asked of another: "NGC는요?" after "DGX는 누가 만들어요?"."""
    before = topic.question.text
    called = label(topic.passage) if topic.passage else ""
    name = next((n for n in _names(called) if n in before), "")
    if name:
        said = re.compile(re.escape(name) + _MARK)
        return said.sub(lambda found: _marked(other, found[1] or ""), before, count=1)
    subject = _MARKED.match(before)
    if subject:
        _, mark, rest = subject.groups()
        return f"{_marked(other, mark)} {rest}"
    return f"{name_of(topic, lesson) or nouns_of(topic)} {other}"


def _asked_again(other: str, topic: Topic) -> str:
    """What was asked, asked of another thing of the same: "그럼 관리자는 누구예요?" after "NGC의
    이용자는 누구예요?" is "NGC의 관리자는 누구예요?".
    """
    before = topic.question.text
    subject = _MARKED.match(before)
    if subject is None:
        return f"{nouns_of(topic)} {other}"
    phrase, mark, rest = subject.groups()
    called = label(topic.passage) if topic.passage else ""
    owner = re.match(r".+의\s+", phrase)
    kept = owner[0] if owner else next((f"{n} " for n in _names(called) if f"{n} " in phrase), "")
    return f"{kept}{_marked(other, mark)} {rest}"


def _marked(name: str, mark: str) -> str:
    """The name with a particle; behind Latin letters the one that stood there before."""
    return with_particle(name, mark) if "가" <= name[-1] <= "힣" else name + mark


def _names(name: str) -> list[str]:
    """The name and its endings: "NVIDIA DGX Cloud", "DGX Cloud", "Cloud"."""
    words = name.split()
    return [" ".join(words[i:]) for i in range(len(words))]


def bounded(history: Sequence[str], longest: int) -> list[str]:
    """The last MOST_TURNS questions, each cut to ``longest`` characters, blank ones left out."""
    turns = [str(turn)[:longest].strip() for turn in history[-MOST_TURNS:]]
    return [turn for turn in turns if turn]
