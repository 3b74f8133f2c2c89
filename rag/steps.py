"""Which step a question asks for by its place: "예약의 두 번째 단계는?", "3단계에서 뭘 해요?"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.conversation import Resolved
from rag.coverage import Coverage
from rag.lesson import Lesson, Passage
from rag.normalize import match_key
from rag.pointing import only_tells, ordinal_at
from rag.question import Question
from rag.search import Hit, Retriever, Term
from rag.structure import items_below, peers

_NEAR = 6  # hits that the list of steps is looked for in
_HELD = 0.5  # of each word that is asked about
_NUMBERED = re.compile(r"(?<![\d.,~-])(\d{1,2})(?=\s*단계(?!로|까지|이상|가지|씩|부터|별))")
_ENDMOST = re.compile(
    r"(?:가장|맨|제일)\s*(?:(?P<first>먼저|처음)|(?P<last>마지막|나중|끝))|"
    r"(?<![가-힣])(?:첫(?=\s*(?:단계|순서|과정|스텝)))"
)
# What a step is called whatever it does; another noun must be what the list is called.
_STEP = re.compile(r"(?:단계|순서|과정|절차|작업|일|것|거|건|게|걸|항목|스텝|step)?", re.I)
_DO = r"(?:하|해야\s*(?:하|되|할)|할|하게\s*되)(?:는)?"  # "하는", "해야 할"
_END = (
    r"(?:에서는|에서|에는|에선|엔|에|으로는|로는|으로|로|은|는|이|가|을|를|의|만|도)?"
    r"(?:요|이에요|예요|인가요|이야|야)?(?=[\s?.!]|$)"
)
_CALLED = re.compile(
    rf"(?:(?:으?로|에)?\s+{_DO}\s+|\s*)(?P<noun>(?![뭘뭐누]|무[엇슨])[가-힣A-Za-z]+?)??{_END}", re.I
)
_WHO = re.compile(r"(?<![가-힣])누구[가-힣]*")
# "뭘 해야 하나요": asks what the step is, and nothing of it.
_DOING = re.compile(
    r"(?:뭘|뭐를|무엇을|무슨\s일을|어떤\s일을|뭐)?\s*(?<![가-힣])(?:해야\s*)?"
    r"(?:하|해|할|합|돼|되|됩)[가-힣]*(?=[\s?.!]|$)"
)


def at_step(
    resolved: Resolved,
    question: Question,
    hits: Sequence[Hit],
    lesson: Lesson,
    retriever: Retriever,
) -> Resolved:
    """The question pointing at the step of a numbered list that it asks for by its place, if so.

    The list is near the first hits, as long as that, and speaks of everything else that is asked
    about. A question that points already stays as it is.
    """
    if resolved.pointed:
        return resolved
    found = _place(question.text)
    called = _CALLED.match(question.text, found[1][1]) if found else None
    if found is None or called is None:
        return resolved
    (place, (start, _)), noun = found, called["noun"] or ""
    about = [t for t in question.content if t.end <= start or t.start >= called.end()]
    coverage = Coverage(about, retriever)
    for group in _numbered(hits, lesson):
        above = lesson.ancestors(group[0])
        by_name = match_key(noun) in match_key(" ".join(p.plain for p in above))
        speaks = min(coverage.held(*group, *above), default=1.0) >= _HELD
        if speaks and (by_name or _STEP.fullmatch(noun)):
            if not -len(group) <= place < len(group):
                return resolved
            rest = _rest(question.text[called.end() :], about, by_name)
            return Resolved(resolved.text, group[place], True, only_tells(rest), resolved.subject)
    return resolved


def _rest(text: str, about: Sequence[Term], by_name: bool) -> str:
    """What is asked of a step besides what it is; of what has a name, besides who it is."""
    words = _DOING.sub("", _WHO.sub("", text) if by_name else text).split()
    return " ".join(word for word in words if not any(term.form in word for term in about))


def _place(text: str) -> tuple[int, tuple[int, int]] | None:
    """Which step the text asks for, from 0, -1 the last, and where it says so."""
    numbered = _NUMBERED.search(text)
    if numbered:
        return int(numbered[1]) - 1, numbered.span()
    end = _ENDMOST.search(text)
    if end:
        return (-1 if end["last"] else 0), end.span()
    return ordinal_at(text)


def _numbered(hits: Sequence[Hit], lesson: Lesson) -> Iterator[tuple[Passage, ...]]:
    """The numbered lists that the first hits are in, or that hang under them."""
    for hit in hits[:_NEAR]:
        passage = hit.passage
        leads = [below for below in lesson.children(passage) if below.kind == "paragraph"]
        groups = [peers(passage, lesson), *(items_below(p, lesson) for p in (passage, *leads))]
        for group in groups:
            if len(group) > 1 and [p.number for p in group] == list(range(1, len(group) + 1)):
                yield group
