"""Cutting a Markdown lesson into passages along its own structure."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.lines import Lines
from corpus.typed import as_markdown, with_dates
from corpus.words import code_pieces, html_words, is_bold_title, is_title, plain_words
from rag.lesson import Document, Passage, PassageKind

# Quotes and lists nested deeper than this lose what is inside: no lesson is, an attack may be.
_DEEPEST = 60
# Each passage repeats the headings above it: one of a megabyte must not become gigabytes.
_LONGEST_HEADING = 500  # characters
# A paragraph that introduces the list, table or code right below it: it is short, ends in a colon,
# or its last sentence points down ("다음과 같다", "아래 표") or counts what comes ("세 영역을
# 오간다").
_LEAD_IN = re.compile(
    r"[:：]$|(다음|아래|이렇|하나씩|(두|세|네|다섯|여섯|일곱|여덟|아홉|열|\d+)\s*(가지|개|단계|부분|"
    r"종류|곳|영역|경우|조건|명령|방법|요소|항목))[^.?!。]*[.。]?$"
)


_BOLD_LEVEL = 7  # of a title in bold, which stands below all headings
_SHORT_LEAD = 120  # characters


@dataclass
class _Frame:
    """An open container: what its blocks hang under, and what they may hang under instead."""

    parent: Passage | None
    item: bool = False
    number: int | None = None
    own: Passage | None = None  # the item's own words, once seen
    begun: bool = False  # whether the item has any block yet
    lead: Passage | None = None  # a paragraph just above that ends in a colon

    @property
    def holder(self) -> Passage | None:
        return self.own or self.parent


def cut(document: Document) -> tuple[Passage, ...]:
    """The passages of a document, in reading order; none for a document of markup alone.

    Headings, list items (nested to any depth), paragraphs, table rows and code become passages; an
    item's text is its own first paragraph. A list, table or code right below a paragraph that
    introduces it hangs under that. A heading that begins the document, right before one of its
    level, is the title of all. HTML comments and front matter are dropped; text (.txt) is cut at
    blank lines and where lists are typed, below its title.
    """
    cutter = _Cutter(document)
    if document.source.lower().endswith(".txt"):
        cutter.cut_text()
    else:
        cutter.cut_markdown()
    return tuple(cutter.passages)


class _Cutter:
    def __init__(self, document: Document) -> None:
        self.passages: list[Passage] = []
        self._document = document
        # As long as the original: the parser puts the same sign in the place of a NUL.
        self._lines = Lines(document.text.replace("\0", "\ufffd"))
        self._headings: list[Passage] = []
        self._title = 0  # 1 once the first of the headings is known to stand above all others
        self._frames = [_Frame(None)]
        self._seen: Counter[str] = Counter()

    def cut_text(self) -> None:
        parser = MarkdownIt("zero", {"maxNesting": _DEEPEST}).enable(["list", "blockquote"])
        tokens = with_dates(parser).parse(as_markdown(self._lines.without_mark(), plain=True))
        if len(tokens) > 3 and tokens[0].type == "paragraph_open" and is_title(tokens[1]):
            tokens[0].type, tokens[0].tag = "heading_open", "h1"  # of all that follows
        self._cut(tokens)

    def cut_markdown(self) -> None:
        parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(
            ["table", "strikethrough"]
        )
        text = as_markdown(self._lines.without_front_matter())
        self._cut(with_dates(parser).parse(text))

    def _cut(self, tokens: Sequence[Token]) -> None:
        opened = ("paragraph_open", "heading_open")
        for place, token in enumerate(tokens):
            if token.type == "inline" and tokens[place - 1].type in opened:
                self._words(token, tokens[place - 1])
            elif token.type in ("fence", "code_block"):
                self._code(token)
            elif token.type == "html_block":
                self._html(token)
            elif token.type == "table_open":
                self._table(tokens[at] for at in range(place, len(tokens)))
            else:
                self._container(token)

    def _container(self, token: Token) -> None:
        top = self._frames[-1]
        if token.type in ("bullet_list_open", "ordered_list_open"):
            goes_on = token.attrGet("start") is not None  # a list that begins at 3
            self._frames.append(_Frame(top.holder if goes_on else top.lead or top.holder))
            top.lead, top.begun = None, True
        elif token.type == "list_item_open":
            number = int(token.info) if token.info.isdigit() else None
            self._frames.append(_Frame(top.parent, item=True, number=number))
        elif token.type == "blockquote_open":
            self._frames.append(_Frame(top.holder))
            top.lead, top.begun = None, True
        elif token.type in (
            "bullet_list_close",
            "ordered_list_close",
            "list_item_close",
            "blockquote_close",
        ):
            self._frames.pop()

    def _words(self, token: Token, opening: Token) -> None:
        plain = plain_words(token)
        if not plain or token.map is None:
            return
        top = self._frames[-1]
        if len(self._frames) == 1 and (opening.type == "heading_open" or is_bold_title(token)):
            self._heading(token, opening, plain)
            return
        kind: PassageKind = "item" if top.item and not top.begun else "paragraph"
        if kind == "item":
            top.own = self._add(kind, self._span(token, opening), plain, top.parent, top.number)
        else:
            passage = self._add(kind, self._span(token, opening), plain, top.holder)
            top.lead = passage if _LEAD_IN.search(plain) or len(plain) <= _SHORT_LEAD else None
        top.begun = True

    def _heading(self, token: Token, opening: Token, plain: str) -> None:
        level = int(opening.tag[1:]) if opening.type == "heading_open" else _BOLD_LEVEL
        if len(self.passages) == 1 and self._headings and self._headings[0].level == level:
            self._title = 1
        while len(self._headings) > self._title and self._headings[-1].level >= level:
            self._headings.pop()
        above = self._headings[-1] if self._headings else None
        passage = self._add("heading", self._span(token, opening), plain, above, level=level)
        self._headings.append(passage)
        self._frames[0] = _Frame(passage)

    def _span(self, token: Token, opening: Token) -> tuple[int, int]:
        first = (token.map or [0])[0]
        if opening.markup.startswith("#"):
            line = self._lines.line(first)
            start = self._lines.starts[first] + line.index(token.content, line.index("#"))
            return start, start + len(token.content)
        return self._lines.span(first, token.content)

    def _code(self, token: Token) -> None:
        first = (token.map or [0])[0] + (token.type == "fence")
        lines = token.content.split("\n")
        for start, end in code_pieces(lines):
            content = "\n".join(lines[start:end])
            self._add("code", self._lines.span(first + start, content), content, self._under())
        self._frames[-1].lead, self._frames[-1].begun = None, True

    def _html(self, token: Token) -> None:
        words = html_words(token.content)
        if token.map is not None and words.strip():
            span = self._lines.span(token.map[0], token.content)
            self._add("paragraph", span, words, self._frames[-1].holder)

    def _table(self, tokens: Iterable[Token]) -> None:
        """One passage for each body row; a table of a header alone gives that."""
        under = self._under()
        row: list[Token] = []
        rows: list[list[Token]] = []
        for token in tokens:
            if token.type == "inline":
                row.append(token)
            elif token.type == "tr_close":
                rows.append(row)
                row = []
            elif token.type == "table_close":
                break
        header = [plain_words(cell) for cell in rows[0]]
        for cells in rows[1:] or rows[:1]:
            names = header if rows[1:] else [""] * len(header)
            plain = ", ".join(
                f"{name}: {words}" if name else words
                for name, words in zip(names, map(plain_words, cells), strict=True)
                if words
            )
            if plain:
                self._add("row", self._row_span(cells), plain, under)
        self._frames[-1].lead, self._frames[-1].begun = None, True

    def _row_span(self, cells: Sequence[Token]) -> tuple[int, int]:
        number = next(cell.map[0] for cell in cells if cell.map)
        line = self._lines.line(number)
        first = next(cell.content for cell in cells if cell.content)
        places = [line.find("|"), line.find(first.split("|")[0])]
        start = min(place for place in places if place >= 0)
        return self._lines.starts[number] + start, self._lines.starts[number] + len(line.rstrip())

    def _under(self) -> Passage | None:
        return self._frames[-1].lead or self._frames[-1].holder

    def _add(
        self,
        kind: PassageKind,
        span: tuple[int, int],
        plain: str,
        parent: Passage | None = None,
        number: int | None = None,
        level: int = 0,
    ) -> Passage:
        plain = " ".join(unicodedata.normalize("NFC", plain).split())
        text = self._document.text[span[0] : span[1]]
        start = span[0] + len(text) - len(text.lstrip())
        text = text.strip()
        heading = tuple(passage.plain[:_LONGEST_HEADING] for passage in self._headings)
        passage = Passage(
            id=self._id(kind, heading, plain),
            source=self._document.source,
            kind=kind,
            heading=heading,
            parent=parent.id if parent else None,
            start=start,
            end=start + len(text),
            text=text,
            plain=plain,
            number=number,
            level=level,
        )
        self.passages.append(passage)
        return passage

    def _id(self, kind: str, heading: tuple[str, ...], plain: str) -> str:
        """From content, and from position only among passages that are otherwise the same."""
        key = json.dumps([self._document.source, kind, heading, plain], ensure_ascii=False)
        self._seen[key] += 1
        name = f"{key}#{self._seen[key]}"
        return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
