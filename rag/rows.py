"""The rows of a table that a question picks: the largest, the latest, those above a bound, those it
compares.

No search can tell which of some numbers is the largest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.comparison import sides
from rag.evidence import Evidence
from rag.lesson import Lesson, Passage
from rag.naming import names_of
from rag.normalize import match_key
from rag.question import Question
from rag.search import Hit
from rag.structure import items_below, peers
from rag.tables import Column, cells_of, columns_of, value_of

_MOST = 8  # rows that are compared
_NEAR = 6  # hits that the table is looked for in
_YEARS = r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)"
_SUPERLATIVE = r"(?:가장|제일|젤|맨)\s*(?:더\s*)?"
# What is measured: how more and less of it is said, and how its column or numbers are written.
_MEASURES = (
    (
        r"비[싼싸]",
        r"[싼싸]|저렴|값싼",
        r"가격|값|요금|비용|금액|단가|\d\s*(?:천|만|억)?\s*(?:원|달러)|[$₩]",
    ),
    (
        r"최근|새로|늦게|늦은|나중|최신",
        r"오래\s?[된전]|먼저|일찍|이른",
        rf"연도|년도|날짜|일자|시기|출시|{_YEARS}",
    ),
    (r"무[거겁]", r"가[벼볍]", r"무게|중량|\d\s*(?:k?g|그램|킬로)\b"),
    (r"뜨[거겁]", r"차[가갑]", r"온도|\d\s*(?:℃|°|도\b)"),
    (
        r"긴|길[다게고어]|오래",
        r"짧|빨리|빠[르른]",
        r"시간|기간|주기|길이|\d\s*(?:시간|[분초일주년]|개월|[ck]?m)",
    ),
    (r"많|[큰크]|높|넓|깊|두꺼|두껍", r"적[은게다고어]|작|낮|좁|얕|얇", ""),
)
_WORD = re.compile(r"(?:(?P<high>최[대고다장])|최[소저단])(?=인\s)")  # "정원이 최대인 차량"
_MORE = re.compile(r"(?:중|가운데)(?:에|에서)?\s.*(?:더|어느|뭐|무엇)|어느\s(?:쪽|것|게)")
_BEHIND = re.compile(r"(?<=.)[의은는]\s.*$|\s*(?:중|가운데)(?:에|에서)?$")  # "B의 가격", "B 중"
_BOUND = re.compile(
    r"(?P<limit>\d[\d,.]*\s*(?:천|만|억)?\s*(?P<unit>시간|개월|[가-힣]|[A-Za-z]+|%|℃)?)\s*"
    r"(?:(?P<least>이상|이후|부터)|(?P<most>이하|이전|까지)|"
    r"(?P<below>미만|보다\s*(?:적|작|낮|짧|[싼싸])|[이가]?\s?안\s?되)|"
    r"(?P<above>초과|[을를이가]?\s?넘|보다\s*(?:많|[큰크]|높|긴|길|비[싼싸]|늦)))"
    r"(?![가-힣]{0,3}(?:면|\s때|\s경우))"  # what happens then is another question
)
_WHICH = re.compile(r"뭐|무엇|뭔|어떤|어느|무슨|모두|전부|몇|있|알려|[은는]\s*\?|which|what", re.I)
_OTHER = re.compile(r"왜|이유|까닭|어떻게|방법|번째")  # no row tells that


def picked_rows(question: Question, hits: Sequence[Hit], lesson: Lesson) -> list[Evidence]:
    """The rows that alone are asked for; empty without such."""
    rows = _compared(question, hits, lesson) or _extremes(question, hits, lesson)
    rows = rows or _beyond(question, hits, lesson)
    return [Evidence(row, row.start, row.end, hits[0].score if hits else 0.0) for row in rows]


def _compared(question: Question, hits: Sequence[Hit], lesson: Lesson) -> list[Passage]:
    """The rows of one table that are called as the two or more things that are compared; of a
    table with a column for each of these, the rows that the question names, else all.
    """
    compares = question.kind == "comparison" or _MORE.search(question.text)
    named = sides(question.text) if compares else None
    if not named:
        return []
    keys = [match_key(_BEHIND.sub("", name)) for name in named]
    found_in = {hit.passage.parent: hit.passage for hit in hits if hit.passage.kind == "row"}
    for rows in (peers(row, lesson) for row in found_in.values()):
        called = [{match_key(n) for n in (cells_of(r)[0], *names_of(r))} for r in rows]
        found = [[r for r, names in zip(rows, called, strict=True) if key in names] for key in keys]
        if all(found):
            return [row for few in found for row in few]
        if {match_key(column.name) for column in columns_of(rows, lesson)}.issuperset(keys):
            asked = match_key(question.text)
            about = [row for row in rows if match_key(cells_of(row)[0]) in asked]
            return (about or list(rows))[:_MOST]
    return []


def _extremes(question: Question, hits: Sequence[Hit], lesson: Lesson) -> list[Passage]:
    """The row that has most or least of what the question asks, and those that have as much.

    Empty where the question has no superlative, where no table or list near the first hits has a
    column of numbers that it means, and where the best hit says the superlative itself.
    """
    asked = _asked(question.text)
    if asked is None or not hits or _OTHER.search(question.text):
        return []
    sign, said, measure = asked
    groups = list(_groups(hits, lesson))
    if any(_names(question.text, row) for group in groups for row in group):
        return []  # the most within one row is asked for
    for group in groups:
        if hits[0].passage not in group and re.search(said, hits[0].passage.plain):
            return []
        for column in _meant(columns_of(group, lesson), question.text, measure):
            values = [value_of(cell, sign) for cell in column.cells]
            best = max((sign * value for value in values if value is not None), default=0.0)
            pairs = zip(group, values, strict=True)
            return [row for row, value in pairs if value is not None and sign * value == best]
    return []


def _names(text: str, row: Passage) -> bool:
    """Whether the text says what stands in the first cell of a row: "전등이 40cm일 때"."""
    first = cells_of(row)[0] if row.kind == "row" else ""
    return bool(first) and bool(re.search(rf"(?<![\d가-힣]){re.escape(first)}(?!\d)", text))


def _beyond(question: Question, hits: Sequence[Hit], lesson: Lesson) -> list[Passage]:
    """The rows whose number lies on the side of a bound that the question asks for: "수량이 30개
    이상인 기구는?", "2020년 뒤에 산 것은?".

    Empty without a bound, where the lesson itself says it, and where no column is meant.
    """
    bound = _BOUND.search(question.text)
    if bound is None or _OTHER.search(question.text) or not _WHICH.search(question.text):
        return []
    limit, said = value_of(bound["limit"], 1), match_key(bound[0])
    if limit is None or any(said in match_key(hit.passage.plain) for hit in hits[:_NEAR]):
        return []
    side = 1 if bound["least"] or bound["above"] else -1
    closed = bool(bound["least"] or bound["most"])
    for group in _groups(hits, lesson):
        counted = [c for c in columns_of(group, lesson) if _in_unit(c, bound["unit"] or "")]
        for column in _meant(counted, question.text, _YEARS if re.match(_YEARS, said) else ""):
            values = [value_of(cell, side) for cell in column.cells]
            return [
                row
                for row, value in zip(group, values, strict=True)
                if value is not None and (side * (value - limit) > 0 or (closed and value == limit))
            ][:_MOST]
    return []


def _in_unit(column: Column, unit: str) -> bool:
    words = " ".join((column.name, *column.cells))
    return not unit or unit in words or (unit == "년" and bool(re.search(_YEARS, words)))


def _asked(text: str) -> tuple[int, str, str] | None:
    """Whether most (1) or least (-1) is asked for, how that is said, and of what measure."""
    word = _WORD.search(text)
    if word:
        return 1 if word["high"] else -1, word[0], ""
    for high, low, column in _MEASURES:
        for sign, words in ((1, high), (-1, low)):
            found = re.search(rf"{_SUPERLATIVE}(?:많이\s*)?(?:{words})", text)
            if found:
                return sign, re.escape(found[0]), column
    return None


def _groups(hits: Sequence[Hit], lesson: Lesson) -> Iterator[tuple[Passage, ...]]:
    """The tables and lists that the first hits are in, or that hang under them."""
    seen: set[str] = set()
    for hit in hits[:_NEAR]:
        leads = [below for below in lesson.children(hit.passage) if below.kind == "paragraph"]
        below = [items_below(p, lesson) for p in (hit.passage, *leads)]
        for group in (peers(hit.passage, lesson), *below):
            alike = tuple(p for p in group if group and p.kind == group[0].kind)
            if len(alike) > 1 and alike[0].kind in ("item", "row") and alike[0].id not in seen:
                seen.add(alike[0].id)
                yield alike


def _meant(columns: Sequence[Column], text: str, measure: str) -> list[Column]:
    """The columns of numbers that the question may mean, likeliest first: those of what it
    measures, and those it names; where it tells no measure, the only one that holds no years.
    """
    key = match_key(text)
    numeric = [column for column in columns if column.numeric]
    named = [column for column in numeric if any(word in key for word in column.words)]
    if measure:
        of_it = [c for c in numeric if re.search(measure, " ".join((c.name, *c.cells)))]
        return [*(c for c in of_it if c in named), *of_it]
    counts = [column for column in numeric if not re.search(_YEARS, " ".join(column.cells))]
    return named or (counts if len(counts) == 1 else [])
