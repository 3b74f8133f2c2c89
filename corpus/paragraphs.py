"""From the lines on printed pages back to headings, paragraphs and lists.

A page knows where each line stands and how large it is, not what it is. The rules here are few and
careful: lines that may be two paragraphs stay two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.markup import Converted, Pages, escaped, one_line

_HEADING = 1.15  # times the size of most words
_LONGEST_HEADING = 120  # characters
_FULL = 0.85  # of the width of its neighbours: a line this long may go on in the next
_GAP = 1.6  # times the usual distance of two lines: more parts two paragraphs
_SPACED = 0.1  # of wrapped lines that end in a space, where spaces are shown at all
_EDGE = 2  # lines at the top and the bottom of a page that may be its header or footer
_REPEATED = 0.6  # of the pages on which a header or footer stands
_FEWEST_PAGES = 3  # that show what is repeated
_BULLET = re.compile(r"^\s*[•◦▪▫■□●○◆◇►▶‣⁃∙·*–\-※]\s+(?=\S)")
_NUMBERED = re.compile(r"^\s*(\d{1,2})[.)]\s+(?=[^\d\s])")
_MARKED = re.compile(r"^\s*(\(?\d{1,2}\)|[가-하][.)]|[①-⑳]|[A-Za-z][.)])\s")
_PAGE_NUMBER = re.compile(
    r"^\W*(page|p\.?)?\s*(\d{1,5}|[ivxlc]{1,7})\s*(/|of|중)?\s*\d{0,5}\s*(쪽|페이지)?\W*$", re.I
)
_ENDS = re.compile(r"[.!?。…:;][\"'”’)\]]*\s*$")
_HANGUL = re.compile("[가-힣]")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; places and sizes in points, upwards from the bottom of the page."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    cut: bool = False  # whether a hyphen at its end was only for the line's sake


def markdown(pages: Sequence[Sequence[Line]]) -> Converted:
    """The pages as Markdown: headings by size, wrapped lines joined, repeated edges left out."""
    kept = _without_edges(pages)
    lines = [line for page in kept for line in page]
    shape = _Shape(lines)
    blocks = [_blocks(page, shape) for page in kept]
    shows = _shows_spaces(block for page in blocks for block in page)
    out = Pages()
    above: Line | None = None
    for page in blocks:
        out.turn()
        for number, block in enumerate(page):
            words = _joined(block, shows)
            if number == 0 and above and _runs_on(above, block[0], shape):
                out.continued(words)
            else:
                out.block(_block(words, block[0], shape))
            above = block[-1]
    return out.converted()


class _Shape:
    """What is usual in a document: the size of its words, the sizes of its headings."""

    def __init__(self, lines: Sequence[Line]) -> None:
        weights: Counter[float] = Counter()
        for line in lines:
            weights[round(line.size, 1)] += len(line.text.strip())
        self.body = max(weights, key=lambda size: (weights[size], -size), default=0.0)
        large = {self._rounded(line) for line in lines if self.is_heading(line)}
        self._levels = {size: level for level, size in enumerate(sorted(large, reverse=True), 1)}

    def is_heading(self, line: Line) -> bool:
        words = line.text.strip()
        return (
            line.size >= self.body * _HEADING
            and len(words) <= _LONGEST_HEADING
            and any(character.isalpha() for character in words)
        )

    def level(self, line: Line) -> int:
        return min(self._levels[self._rounded(line)], 4)

    def _rounded(self, line: Line) -> int:
        return round(line.size)


def _without_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without their numbers and without what stands at the edge of most of them."""
    edges = [[*page[:_EDGE], *page[-_EDGE:]] for page in pages]
    seen = Counter(key for edge in edges for key in {_key(line) for line in edge})
    often = max(_FEWEST_PAGES, _REPEATED * sum(bool(page) for page in pages))
    kept = []
    for page in pages:
        last = len(page) - _EDGE
        kept.append(
            [
                line
                for place, line in enumerate(page)
                if _EDGE <= place < last
                or not (seen[_key(line)] >= often or _is_page_number(line, place, len(page)))
            ]
        )
    return kept


def _is_page_number(line: Line, place: int, lines: int) -> bool:
    return lines > 1 and place in (0, lines - 1) and bool(_PAGE_NUMBER.match(line.text))


def _key(line: Line) -> tuple[str, int]:
    """What a line says but for numbers, and how high it stands."""
    return re.sub(r"\d+", "#", one_line(line.text)), round(line.bottom / 4)


def _blocks(page: Sequence[Line], shape: _Shape) -> list[list[Line]]:
    """The lines of a page, those of one paragraph or heading together."""
    gaps = [a.bottom - b.bottom for a, b in pairwise(page)]
    steps = [gap for gap in gaps if gap > 0]
    usual = median(steps) if steps else 0.0
    blocks: list[list[Line]] = []
    for line in page:
        above = blocks[-1][-1] if blocks else None
        if above and _belongs(above, line, blocks[-1], page, usual, shape):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _belongs(
    above: Line,
    line: Line,
    block: Sequence[Line],
    page: Sequence[Line],
    usual: float,
    shape: _Shape,
) -> bool:
    gap = above.bottom - line.bottom
    if abs(above.size - line.size) > 0.1 * max(above.size, line.size) or _begins(line):
        return False
    if shape.is_heading(above) or shape.is_heading(line):
        both = shape.is_heading(above) and shape.is_heading(line)
        return both and 0 < gap <= _GAP * above.size and _is_full(above, page)
    near = 0 < gap <= max(_GAP * usual, 1.3 * line.size) and gap <= 3 * line.size
    return near and (above.cut or _is_full(above, page))


def _begins(line: Line) -> bool:
    """Whether a line opens an item of a list."""
    return any(mark.match(line.text) for mark in (_BULLET, _NUMBERED, _MARKED))


def _is_full(line: Line, page: Sequence[Line]) -> bool:
    """Whether the line reaches as far to the right as those of its column."""
    left = min(other.left for other in page)
    width = max(other.right for other in page) - left
    column = [other for other in page if abs(other.left - line.left) <= 0.2 * width]
    right = max(other.right for other in column)
    begin = min(other.left for other in column)
    return line.right - begin >= _FULL * (right - begin)


def _runs_on(above: Line, line: Line, shape: _Shape) -> bool:
    """Whether a page begins in the middle of the sentence that ended the page before."""
    if shape.is_heading(above) or shape.is_heading(line) or _begins(line):
        return False
    same = abs(above.size - line.size) <= 0.1 * line.size
    return same and len(above.text.strip()) > 15 and not _ENDS.search(above.text)


def _shows_spaces(blocks: Iterable[Sequence[Line]]) -> bool:
    """Whether the ends of wrapped lines show their spaces: one without was cut inside a word."""
    wrapped = [line.text.endswith(" ") for block in blocks for line in block[:-1]]
    return sum(wrapped) > _SPACED * len(wrapped)


def _joined(block: Sequence[Line], shows_spaces: bool) -> str:
    text = block[0].text.strip()
    for above, line in pairwise(block):
        words = line.text.strip()
        text += words if _without_space(words, above, shows_spaces) else f" {words}"
    return one_line(text)


def _without_space(words: str, above: Line, shows_spaces: bool) -> bool:
    inside = _HANGUL.match(above.text[-1]) and _HANGUL.match(words)
    return above.cut or bool(shows_spaces and inside)


def _block(words: str, first: Line, shape: _Shape) -> str:
    if shape.is_heading(first):
        return f"{'#' * shape.level(first)} {escaped(words)}"
    if bullet := _BULLET.match(words):
        return f"- {escaped(words[bullet.end() :])}"
    if numbered := _NUMBERED.match(words):
        return f"{numbered[1]}. {escaped(words[numbered.end() :])}"
    return escaped(words)
