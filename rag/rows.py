"""The rows of a table that a question picks: the largest, cheapest or latest, those it compares.

No search can tell which of some numbers is the largest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.comparison import sides
from rag.evidence import Evidence
from rag.lesson import Lesson, Passage, split_name
from rag.naming import names_of
from rag.normalize import match_key
from rag.question import Question
from rag.search import Hit
from rag.structure import items_below, peers

_MOST = 8  # rows that are compared
_NEAR = 6  # hits that the table is looked for in
_FEW = 0.8  # of the rows, at least, must have a number to compare
_YEARS = r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)"
_LONGEST = 40  # characters of an item that is a number and little else
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
_WORDS = {"최대": 1, "최고": 1, "최다": 1, "최장": 1, "최소": -1, "최저": -1, "최단": -1}
_BEHIND = re.compile(r"(?<=.)[의은는]\s.*$|\s*(?:중|가운데)(?:에|에서)?$")  # "B의 가격", "B 중"
_OTHER = re.compile(r"왜|이유|까닭|어떻게|방법|번째|최.\s*(?:몇|얼마)")  # no row tells that
_NUMBER = re.compile(
    r"(?<![\d.,A-Za-z])(?<!제)(\d+(?:,\d{3})*(?:\.\d+)?)\s*(천|만|억)?\s*(시간|개월|[가-힣]|[A-Za-z]+)?"
)
_TIMES = {
    "천": 1e3, "만": 1e4, "억": 1e8, "초": 1, "분": 60, "시간": 3600, "일": 86400, "주": 604800,
    "개월": 2592000, "달": 2592000, "년": 31536000, "mm": 1e-3, "cm": 1e-2, "km": 1e3, "mg": 1e-6,
    "g": 1e-3,
}  # fmt: skip
_RANGE = re.compile(r"\d\s*[~∼～–-]\s*\d")
_NONE = re.compile(r"[-–—]?|없음|해당\s?없음|무료|x|n/?a", re.I)
_RULE = re.compile(r"\s*\|?(\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*$")
_CELLS = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class _Column:
    """What stands in one column: what it is called, and a cell for each row."""

    name: str
    cells: tuple[str, ...]


def picked_rows(question: Question, hits: Sequence[Hit], lesson: Lesson) -> list[Evidence]:
    """The rows that alone are asked for; empty without such."""
    rows = _compared(question, hits, lesson) or _extremes(question, hits, lesson)
    return [Evidence(row, row.start, row.end, hits[0].score if hits else 0.0) for row in rows]


def _compared(question: Question, hits: Sequence[Hit], lesson: Lesson) -> list[Passage]:
    """The rows of one table that are called as the two or more things that are compared; of a
    table with a column for each of these, the rows that the question names, else all.
    """
    named = sides(question.text) if question.kind == "comparison" else None
    if not named:
        return []
    keys = [match_key(_BEHIND.sub("", name)) for name in named]
    found_in = {hit.passage.parent: hit.passage for hit in hits if hit.passage.kind == "row"}
    for rows in (peers(row, lesson) for row in found_in.values()):
        called = [{match_key(n) for n in (_split(r.text)[0], *names_of(r))} for r in rows]
        found = [[r for r, names in zip(rows, called, strict=True) if key in names] for key in keys]
        if all(found):
            return [row for few in found for row in few]
        if {match_key(column.name) for column in _columns(rows, lesson)}.issuperset(keys):
            asked = match_key(question.text)
            about = [row for row in rows if match_key(_split(row.text)[0]) in asked]
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
    for group in _groups(hits, lesson):
        if hits[0].passage not in group and re.search(said, hits[0].passage.plain):
            return []
        for column in _meant(_columns(group, lesson), question.text, measure):
            values = [_value(cell, sign) for cell in column.cells]
            best = max((sign * value for value in values if value is not None), default=0.0)
            pairs = zip(group, values, strict=True)
            return [row for row, value in pairs if value is not None and sign * value == best]
    return []


def _asked(text: str) -> tuple[int, str, str] | None:
    """Whether most (1) or least (-1) is asked for, how that is said, and of what measure."""
    for word, sign in _WORDS.items():
        if word in text:
            return sign, word, ""
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


def _columns(group: Sequence[Passage], lesson: Lesson) -> list[_Column]:
    """The columns of a table after its first; of a list of names with a number and one unit
    behind each, those numbers.
    """
    if group[0].kind == "item":
        above = lesson.parent(group[0])
        cells = tuple(split_name(item.plain)[1] or item.plain for item in group)
        units = [[n[2] for n in _NUMBER.findall(cell)] for cell in cells]
        short = all(len(cell) <= _LONGEST for cell in cells)
        alike = short and all(len(found) == 1 and found == units[0] for found in units)
        return [_Column(above.plain if above else "", cells)] if alike and all(units[0]) else []
    rows = [_split(row.text) for row in group]
    before = lesson.document(group[0].source).text[: group[0].start].rstrip("| \t").splitlines()
    ruled = len(before) > 1 and _RULE.match(before[-1])
    names = _split(before[-2]) if ruled else []
    wide = min(map(len, [*rows, *([names] if names else [])]))
    return [
        _Column(names[n] if names else "", tuple(row[n] for row in rows)) for n in range(1, wide)
    ]


def _split(row: str) -> list[str]:
    return [cell.strip(" *`") for cell in _CELLS.split(row.strip().strip("|"))]


def _meant(columns: Sequence[_Column], text: str, measure: str) -> list[_Column]:
    """The columns of numbers that the question may mean, likeliest first: those of what it
    measures, and those it names; where it tells no measure, the only one that holds no years.
    """
    key = match_key(text)
    numeric = [column for column in columns if _numeric(column)]
    named = [column for column in numeric if any(word in key for word in _name(column.name))]
    if measure:
        of_it = [c for c in numeric if re.search(measure, " ".join((c.name, *c.cells)))]
        return [*(c for c in of_it if c in named), *of_it]
    counts = [column for column in numeric if not re.search(_YEARS, " ".join(column.cells))]
    return named or (counts if len(counts) == 1 else [])


def _numeric(column: _Column) -> bool:
    """Whether nearly all cells that are not empty begin with a number, and at least two."""
    told = [cell for cell in column.cells if not _NONE.fullmatch(cell)]
    known = sum(_value(cell, 1) is not None for cell in told)
    return known > 1 and known >= _FEW * len(told)


def _name(name: str) -> list[str]:
    """The words a column is called by, without the unit in brackets behind them."""
    words = re.sub(r"[(\[].*", "", name).split()
    return [match_key(word) for word in words if len(word) > 1]


def _value(cell: str, sign: int) -> float | None:
    """The number of a cell, in one unit of its kind; of a range the end that ``sign`` looks for."""
    found = _NUMBER.findall(cell)
    if not found:
        return None
    number, times, unit = found[-1 if sign > 0 and _RANGE.search(cell) else 0]
    value = float(number.replace(",", "")) * _TIMES.get(times, 1.0)
    year = unit == "년" and value > 1000
    return value if year else value * _TIMES.get(unit, 1.0)
