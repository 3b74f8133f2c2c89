"""What of a lesson's structure a question asks for: a whole list, so many of a kind, all steps."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.lesson import Lesson, Passage, label
from rag.naming import asks_itself, leads_in, named_by, names_of
from rag.normalize import match_key
from rag.question import Question
from rag.search import Retriever
from rag.sentences import sentence_spans

NUMERALS = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
    "열": 10, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
}  # fmt: skip
_COUNTED = re.compile(
    rf"(?<![가-힣\d.])(\d{{1,2}}|{'|'.join(sorted(NUMERALS, key=len, reverse=True))})\s*"
    r"(?:가지|개(?![월년])|단계|종류|요소|갈래|항목|부분|곳|층|계층|조건|방법|방식|원칙|영역|유형|축|기둥|"
    r"\w{3,12}s\b)",
    re.I,
)
# One step or item of several is meant, not the whole list.
_ONE_OF = re.compile(
    r"다음|이전|직전|바로\s*(앞|뒤)|번\s*째|\d\s*단계|첫|마지막|"
    r"(?:가장|제일|맨)\s*(?:아래|밑|위|하단|상단|하위|상위|앞|뒤|끝)|최[상하]위|[은난한친]\s*(뒤|후|다음)"
)
_AFTER = re.compile(
    r"그?\s?다음(에(?!서)|엔|으로|번|\s*(할\s*일|단계|순서|차례|무엇|뭐|뭘|어떻게))|고\s*나(서|면)"
    r"|(마치|끝나|끝내)면|[은난한친린운인]\s(뒤|후|다음)(에|엔|로)?는?(?=\s|\?|$)|\b(after|next)\b",
    re.I,
)
# "누가", "왜", "어떻게": something of it is asked, not what it is.
_OF_IT = re.compile(
    r"누구|누가|어디|언제|왜|어떻|얼마|어느|어떤|무슨|who|when|where|why|how|which", re.I
)
_OF_KIND = re.compile(
    r"(?:어떤|무슨)\s+\S+?(?:이에요|예요|인가요|입니까|이야|야|이죠|죠|인지\s.*)\s*[?.]*$"
)
# What a question asks the number of: "몇 개의 계층", "몇 단계", "요소는 모두 몇 가지".
_HOW_MANY = (
    r"몇\s*(?:개|가지|종류|종)(?:의|로\s*된)?\s+([가-힣]{2,6}?)(?:으?로|이|가|은|는|을|를|에|이나|나)?(?=[\s?]|$)",
    r"몇\s*(단계|계층|층|유형|갈래|요소|항목)",
    r"([가-힣A-Za-z]{2,10}?)(?:이|가|은|는|에는|엔)?\s+(?:모두|총|전부|다)?\s*몇\s*(?:개|가지|종류|종|곳)(?!월)",
)
_AIMS = re.compile(r"목표|개요|목차|차례|objective|overview|agenda|outline", re.I)
_AFTERWARDS = re.compile(
    r"(강의|강좌|수업|과정|단원|장|절|차시|자료|교재|글)[을를이가]?\s*(모두|다|끝까지)?\s*"
    r"(마치|끝나|끝내|배우|듣|들으|읽|읽으)(고\s*나)?면|will be able to",
    re.I,
)


def stated_count(text: str) -> int | None:
    """How many things of a kind the question says there are ("세 가지 요소"), at least 2."""
    match = _COUNTED.search(text)
    if not match:
        return None
    said = match.group(1).casefold()
    count = int(said) if said.isdigit() else NUMERALS[said]
    return count if count > 1 else None


def peers(passage: Passage, lesson: Lesson) -> tuple[Passage, ...]:
    """The list or table the passage is part of: its siblings of the same kind, itself included."""
    if passage.kind not in ("item", "row"):
        return (passage,)
    alike = [p for p in lesson.siblings(passage) if p.kind == passage.kind]
    numbered = passage.number is not None
    return tuple(p for p in alike if (p.number is not None) == numbered)


def holds_count(passage: Passage, count: int | None, lesson: Lesson) -> bool:
    """Whether just so many things of one kind hang under the passage."""
    if count is None:
        return False
    return len(items_below(passage, lesson)) == count


def items_below(passage: Passage, lesson: Lesson) -> tuple[Passage, ...]:
    """The bullets and rows that hang under the passage."""
    return tuple(p for p in lesson.children(passage) if p.kind in ("item", "row"))


def announces(passage: Passage, lesson: Lesson) -> bool:
    """Whether the passage stands where a lesson says what it will teach, not where it teaches."""
    above = lesson.parent(passage)
    promised = above is not None and above.kind != "heading" and _AFTERWARDS.search(above.plain)
    return bool(promised) or any(_AIMS.search(title) for title in passage.heading[1:][-1:])


def whole_list(
    question: Question, passage: Passage, near: Sequence[Passage], lesson: Lesson
) -> tuple[Passage, ...]:
    """The whole list the passage is part of, when that is what the question asks for; else empty.

    What it asks of nothing but what all the items are called; all steps for a procedure; for a
    list, as many items as the question says or, where it does not say, as the passage itself says
    stand beside it, or when two thirds of ``near``, the passages found closest, are in it.
    """
    group = peers(passage, lesson)
    if len(group) < 2 or _ONE_OF.search(question.text):
        return ()
    if question.kind == "procedure" and passage.number is not None:
        # Unless its own steps are asked for.
        return () if _singled_out(question, passage, group, lesson) else group
    if _only_calls(question, group):
        return group
    if question.kind == "number":
        return counted_list(question.text, passage, lesson)
    count = stated_count(question.text)
    if question.kind != "list" or holds_count(passage, count, lesson):
        return ()
    if count is not None:
        return group if count == len(group) else ()
    deep = any(lesson.children(item) for item in group)
    if deep and not _calls(question, group):
        return ()
    # "There are three kinds." heads the list of them.
    heads = not deep and passage == group[0] and stated_count(passage.plain) == len(group) - 1
    if heads or (passage.kind == "row" and _heads(question, group)):
        return group
    found = [p for n in near for p in (n, *lesson.ancestors(n)) if p in group]
    if deep and 2 * len({p.id for p in found}) <= len(group):
        return ()  # what is in one of them is asked for
    return group if 3 * len(found) >= 2 * len(near) else ()


def _singled_out(
    question: Question, passage: Passage, group: Sequence[Passage], lesson: Lesson
) -> bool:
    """Whether something hangs under the passage, and of the group the question names only it."""
    others = " ".join(label(item) for item in group if item is not passage)
    nouns = [term.form for term in question.content if term.tag == "NNG"]
    return bool(lesson.children(passage)) and any(
        noun in label(passage) and noun not in others for noun in nouns
    )


def _calls(question: Question, group: Sequence[Passage]) -> bool:
    """Whether the question has a word that all of the group are called by, and names none."""
    return not _names_one(question, group) and any(
        all(noun in label(item) for item in group) for noun in _nouns(question)
    )


def _only_calls(question: Question, group: Sequence[Passage]) -> bool:
    """Whether the question is about nothing but what all of the group are called: "계층 알려줘"."""
    nouns = _nouns(question)
    plain = question.kind in ("fact", "definition") and not _OF_IT.search(question.text)
    about = plain and len(nouns) == len(question.content) == 1
    return about and all(nouns[0] in label(item) for item in group)


def _heads(question: Question, rows: Sequence[Passage]) -> bool:
    """Whether the question says what a table's first column is headed, and names no row."""
    head = match_key(rows[0].plain.partition(": ")[0])
    return len(head) > 1 and head in match_key(question.text) and not _names_one(question, rows)


def _nouns(question: Question) -> list[str]:
    return [term.form for term in question.content if term.tag == "NNG" and len(term.form) > 1]


def _names_one(question: Question, group: Sequence[Passage]) -> bool:
    key = match_key(question.text)
    return any(match_key(name) in key for item in group for name in names_of(item))


def told_below(question: Question, lesson: Lesson, retriever: Retriever) -> Passage | None:
    """What the question names and asks nothing else of, where what hangs under it tells of it."""
    kind = _OF_KIND.search(question.text)  # "어떤 서비스예요?" asks what it is
    tells = kind or question.kind in ("list", "definition") or not _OF_IT.search(question.text)
    if not tells or question.kind in ("comparison", "number", "procedure", "yesno"):
        return None
    start = kind.start() if kind else len(question.text)
    manner = ("VA", "MAG", "MM")  # "쉽게", "자세히"
    said = (term for term in question.content if term.start < start and term.tag not in manner)
    words = [match_key(term.form) for term in said]
    for passage in named_by(question.text, lesson, retriever):
        key = match_key(" ".join(names_of(passage)))
        if (
            lesson.children(passage)
            and not announces(passage, lesson)
            and all(w in key for w in words)
        ):
            return passage
    return None


def counted_noun(text: str) -> str:
    """What the text asks the number of: the "계층" of "몇 개의 계층이 있나요?"; else empty."""
    return next((found[1] for words in _HOW_MANY if (found := re.search(words, text))), "")


def counted_list(text: str, passage: Passage, lesson: Lesson) -> tuple[Passage, ...]:
    """The whole list that tells how many there are of what a text asks the number of; else empty.

    "몇 개의 계층이 있나요?" is told by a list each of whose items is called a 계층, or that hangs
    under what is called so.
    """
    noun = counted_noun(text)
    if not noun:
        return ()
    leads = [below for below in lesson.children(passage) if leads_in(below)]
    places = (passage, *reversed(lesson.ancestors(passage)), *leads)
    groups = [g for p in places for g in (peers(p, lesson), items_below(p, lesson)) if len(g) > 1]
    # "The top layer" has parts of its own, but it is one of the layers.
    each = (group for group in groups if _each_is(noun, group))
    return next(each, next((group for group in groups if _is_of(noun, group, lesson)), ()))


def _each_is(noun: str, group: Sequence[Passage]) -> bool:
    steps = noun == "단계" and all(item.number is not None for item in group)
    return steps or all(noun in label(item) for item in group)


def _is_of(noun: str, group: Sequence[Passage], lesson: Lesson) -> bool:
    above = lesson.parent(group[0])
    over = lesson.parent(above) if above is not None and leads_in(above) else None
    return any(p is not None and noun in label(p) for p in (above, over))


def step_after(question: Question, passage: Passage, lesson: Lesson) -> Passage | None:
    """The step after a numbered one, where the question asks what comes after."""
    if passage.number is None or not _AFTER.search(question.text):
        return None
    steps = peers(passage, lesson)
    return next((step for step in steps if step.number == passage.number + 1), None)


def answer_below(passage: Passage, lesson: Lesson) -> Passage | None:
    """The paragraph after one that asks: what a list of questions and answers gives as answer."""
    if passage.kind != "paragraph" or not asks_itself(passage):
        return None
    group = lesson.siblings(passage)
    place = group.index(passage) + 1
    after = group[place] if place < len(group) else None
    return after if after is not None and after.kind == "paragraph" else None


def stands_alone(question: Question, passage: Passage) -> bool:
    """Whether one fact is asked for and the passage tells it, whatever list stands below it."""
    if question.kind not in ("fact", "number") or passage.kind != "paragraph":
        return False
    return not leads_in(passage) and len(sentence_spans(passage.plain)) > 1
