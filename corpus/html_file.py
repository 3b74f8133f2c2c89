"""A web page as Markdown: its words, without scripts, navigation and what nobody sees."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector
from markdownify import ATX, MarkdownConverter

from corpus.encoding import decode
from corpus.limits import Limits, too_deep
from corpus.markup import Converted, clean, escaped, fence, one_line, table

_LEFT_OUT = (
    "script style noscript template nav iframe object embed svg canvas audio video math "
    "head button select input textarea datalist dialog"
).split()
_UNSEEN = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_LONGEST_TITLE = 200  # characters
_WIDEST = 100  # columns of a table


def convert(data: bytes, source: str, limits: Limits) -> Converted:
    """The page; raises CorpusError when its characters are unknown or it is nested too deeply."""
    declared = EncodingDetector.find_declared_encoding(data, is_html=True)
    return page(decode(data, source, declared), source, limits)


def page(markup: str, source: str, limits: Limits) -> Converted:
    """The page of this HTML. Raises CorpusError when it is nested too deeply."""
    soup = BeautifulSoup(clean(markup.removeprefix("\ufeff")), "lxml")
    title = one_line(soup.title.get_text()) if soup.title else ""
    _check_depth(soup, source, limits.max_nesting)
    for tag in soup.find_all(_nobody_reads):
        if not tag.decomposed:
            tag.decompose()
    content = soup.find("main") or soup
    for inner in content.find_all("table"):
        if inner.find_parent("table"):
            inner.replace_with(inner.get_text(" ", strip=True))  # no tables in tables in Markdown
    text = _Words().convert_soup(content)
    text = re.sub(r"[ \t]+$", "", text, flags=re.M)
    text = re.sub(r"\n{3,}", "\n\n", text).strip("\n")
    if title and text and len(title) <= _LONGEST_TITLE and not content.find("h1"):
        text = f"# {escaped(title)}\n\n{text}"
    return Converted(text + "\n" if text else "")


def _nobody_reads(tag: Tag) -> bool:
    if tag.name in _LEFT_OUT or tag.has_attr("hidden") or tag.get("aria-hidden") == "true":
        return True
    if tag.get("role") == "navigation" or _UNSEEN.search(str(tag.get("style", ""))):
        return True
    return tag.name == "footer" and tag.find_parent(("article", "main", "section")) is None


def _check_depth(soup: BeautifulSoup, source: str, most: int) -> None:
    depths = {id(soup): 0}
    for tag in soup.find_all(True):  # in document order: parents come first
        depth = depths[id(tag)] = depths[id(tag.parent)] + 1
        if depth > most:
            raise too_deep(source, most)


class _Words(MarkdownConverter):
    """The words of the page: links and pictures as what they say, tables whole."""

    def __init__(self) -> None:
        super().__init__(heading_style=ATX, bullets="-")
        self._row: list[_Cell] = []
        self._rows: list[list[_Cell]] = []

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Words that Markdown would read as markup."""
        return escaped(text) if text else ""

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The words of a link."""
        return text

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The words that stand for a picture."""
        return escaped(one_line(str(el.get("alt") or "")))

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Code, in a fence that it cannot close."""
        return f"\n\n{fence(el.get_text())}\n\n" if text.strip() else ""

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A cell, kept for its row."""
        self._row.append(_Cell(text.strip(), _span(el, "colspan"), _span(el, "rowspan")))
        return ""

    convert_th = convert_td

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A row, kept for its table."""
        self._rows.append(self._row)
        self._row = []
        return ""

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The table below its caption; one of a single column is a box around paragraphs."""
        rows, self._rows = _grid(self._rows), []
        if all(len(row) <= 1 for row in rows):
            words = "\n\n".join(cell for row in rows for cell in row)
        else:
            words = table(rows)
        return f"\n\n{text.strip()}\n\n{words}\n\n"


@dataclass(frozen=True, slots=True)
class _Cell:
    words: str
    columns: int
    rows: int


def _span(tag: Tag, name: str) -> int:
    value = str(tag.get(name) or "1")
    return min(int(value), _WIDEST) if re.fullmatch(r"[1-9][0-9]{0,5}", value) else 1


def _grid(rows: list[list[_Cell]]) -> list[list[str]]:
    """The words of each row; a cell over several rows says the same in each of them."""
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}  # column: how many rows more, and the words
    for cells in rows:
        row: list[str] = []
        waiting = list(reversed(cells))
        while len(row) < _WIDEST and (waiting or any(column >= len(row) for column in hanging)):
            if len(row) in hanging:
                more, words = hanging.pop(len(row))
                if more > 1:
                    hanging[len(row)] = (more - 1, words)
                row.append(words)
            elif waiting:
                cell = waiting.pop()
                for column in range(len(row), len(row) + cell.columns):
                    if cell.rows > 1:
                        hanging[column] = (cell.rows - 1, cell.words if column == len(row) else "")
                row += [cell.words, *[""] * (cell.columns - 1)]
            else:
                row.append("")
        grid.append(row[:_WIDEST])
    return grid
