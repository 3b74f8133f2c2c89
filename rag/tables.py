"""The columns of tables and lists, and the numbers in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.lesson import Lesson, Passage, split_name
from rag.normalize import match_key

_FEW = 0.8  # of the cells, at least, must have a number to compare
_LONGEST = 40  # characters of an item that is a number and little else
_HEAD = 4_000  # characters before a table that its header is looked for in
NUMBER = re.compile(
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
class Column:
    """What stands in one column: what it is called, and a cell for each row."""

    name: str
    cells: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """The words it is called by, for matching, without the unit in brackets behind them."""
        words = re.sub(r"[(\[].*", "", self.name).split()
        return [match_key(word) for word in words if len(word) > 1]

    @property
    def numeric(self) -> bool:
        """Whether nearly all cells that are not empty hold a number, and at least two."""
        told = [cell for cell in self.cells if not _NONE.fullmatch(cell)]
        known = sum(value_of(cell, 1) is not None for cell in told)
        return known > 1 and known >= _FEW * len(told)


def columns_of(group: Sequence[Passage], lesson: Lesson) -> list[Column]:
    """The columns of a table after its first; of a list of names with a number and one unit
    behind each, those numbers. ``group``: its rows or items, at least one.
    """
    if group[0].kind == "item":
        above = lesson.parent(group[0])
        cells = tuple(split_name(item.plain)[1] or item.plain for item in group)
        units = [[found[2] for found in NUMBER.findall(cell)] for cell in cells]
        short = all(len(cell) <= _LONGEST for cell in cells)
        alike = short and all(len(found) == 1 and found == units[0] for found in units)
        return [Column(above.plain if above else "", cells)] if alike and all(units[0]) else []
    rows = [cells_of(row) for row in group]
    start, text = group[0].start, lesson.document(group[0].source).text
    before = text[max(0, start - _HEAD) : start].rstrip("| \t").splitlines()
    ruled = len(before) > 1 and _RULE.match(before[-1])
    names = _split(before[-2]) if ruled else []
    wide = min(map(len, [*rows, *([names] if names else [])]))
    return [
        Column(names[n] if names else "", tuple(row[n] for row in rows)) for n in range(1, wide)
    ]


def cells_of(row: Passage) -> list[str]:
    """The cells of a table's row, without markup around their words."""
    return _split(row.text)


def _split(row: str) -> list[str]:
    return [cell.strip(" *`") for cell in _CELLS.split(row.strip().strip("|"))]


def value_of(cell: str, sign: int) -> float | None:
    """The number of a cell, in one unit of its kind (seconds, metres, kilograms, ones); of a range
    the end that ``sign``, 1 for the most and -1 for the least, looks for. None without a number.
    """
    found = NUMBER.findall(cell)
    if not found:
        return None
    number, times, unit = found[-1 if sign > 0 and _RANGE.search(cell) else 0]
    value = float(number.replace(",", "")) * _TIMES.get(times, 1.0)
    year = unit == "년" and value > 1000
    return value if year else value * _TIMES.get(unit, 1.0)
