"""A document as HTML for reading, every piece of text marked with its place in the source.

A citation is ``[start, end)`` of the document; the page lights up exactly the shown characters
whose source offsets lie in it. Everything of the document is escaped text: HTML stays visible as
typed, images are their alternative text, links name their host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.typed import as_markdown, with_dates
from ui.lesson_inline import Inline, Piece, SourceText

_LINE_END = re.compile(r"\r\n?|\n")
_ATX = re.compile(r"#{1,6}(?=[ \t])")
_BLOCKS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "list_item": "li",
    "blockquote": "blockquote",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
}


@dataclass(frozen=True)
class LessonView:
    """A rendered document: its HTML, and the pieces of text in it in reading order."""

    html: str
    pieces: tuple[Piece, ...]

    def shown(self, start: int, end: int) -> str:
        """What a reader sees of ``[start, end)``, on one line: what a citation lights up."""
        words = (piece.overlap(start, end) for piece in self.pieces)
        return " ".join("".join(words).split())


@lru_cache(maxsize=64)
def view(text: str) -> LessonView:
    """The document with this text, rendered; offsets count code points of ``text``."""
    return _Renderer(text).run()


def _parser() -> MarkdownIt:
    # Inline content is parsed by ui.lesson_inline, for its offsets. Link definitions are read as
    # text, so that nothing that can be cited is missing from the page.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return with_dates(parser.disable(["inline", "text_join", "reference", "html_block"], True))


class _Renderer:
    def __init__(self, text: str) -> None:
        # As long as the original, so offsets agree: markdown-it would replace a NUL itself, and a
        # byte-order mark would hide the heading behind it.
        self.text = text.replace("\0", "\ufffd")
        if self.text.startswith("\ufeff"):
            self.text = " " + self.text[1:]
        self.lines = _lines(self.text)
        self.output: list[str] = []
        self.inline = Inline(self.output.append)
        self.row = (0, 0)  # the rest of the table row that the next cell is looked for in

    def run(self) -> LessonView:
        container = ""  # what the inline content that follows belongs to
        for token in _parser().parse(as_markdown(self.text)):
            if token.type == "inline":
                self.inline.render(self._content(token, container))
            elif token.type in ("fence", "code_block"):
                self._code(token)
            else:
                container = "atx" if token.markup.startswith("#") else token.tag
                self._block(token)
        return LessonView("".join(self.output), tuple(self.inline.pieces))

    def _block(self, token: Token) -> None:
        kind, _, side = token.type.rpartition("_")
        closing = "/" if side == "close" else ""
        if token.type == "hr":
            self.output.append("<hr>")
        elif kind == "heading":
            self.output.append(f"<{closing}{token.tag}>")
        elif kind == "ordered_list":
            start = token.attrGet("start")
            number = f' start="{int(start)}"' if start is not None and not closing else ""
            self.output.append(f"<{closing}ol{number}>")
        elif kind in _BLOCKS and not token.hidden:
            self.output.append(f"<{closing}{_BLOCKS[kind]}>")
        if token.type == "tr_open" and token.map:
            self.row = self.lines[token.map[0]]

    def _content(self, token: Token, container: str) -> SourceText:
        if container in ("th", "td"):
            return self._cell(token.content)
        first = token.map[0] if token.map else 0
        if container == "atx":
            return self._heading(token.content, first)
        return self._paragraph(token.content, first)

    def _heading(self, content: str, number: int) -> SourceText:
        start, end = self.lines[number]
        marks = _ATX.search(self.text, start, end)
        found = SourceText()
        found.add(content, self.text.find(content, marks.end() if marks else start, end))
        return found

    def _paragraph(self, content: str, first: int) -> SourceText:
        found = SourceText()
        for number, line in enumerate(content.split("\n"), first):
            if found.characters:
                found.add("\n", self.lines[number - 1][1])
            words = line.lstrip()
            found.add(words, self._at_the_end_of(number, words))
        return found

    def _cell(self, content: str) -> SourceText:
        """A table cell; markdown-it has taken the backslash off each escaped bar in it."""
        found = SourceText()
        for place, part in enumerate(content.split("|")):
            if place:
                found.add("|", self._next_in_row("|"))
            found.add(part, self._next_in_row(part))
        return found

    def _next_in_row(self, words: str) -> int:
        start = self.text.find(words, *self.row)
        if start >= 0:
            self.row = (start + len(words), self.row[1])
        return start

    def _code(self, token: Token) -> None:
        first = (token.map or [0])[0] + (token.type == "fence")
        self.output.append("<pre tabindex=0><code>")
        for number, line in enumerate(token.content.removesuffix("\n").split("\n"), first):
            found = SourceText()
            found.add(line, self._at_the_end_of(number, line) if line else -1)
            self.inline.plain(found, 0, len(line))
            self.output.append("\n")
        self.output.append("</code></pre>")

    def _at_the_end_of(self, number: int, words: str) -> int:
        """Where in the source ``words`` start, which end line ``number``; -1 if they do not."""
        start, end = self.lines[number] if number < len(self.lines) else (0, 0)
        line = self.text[start:end]
        for candidate in (line, line.rstrip()):
            if candidate.endswith(words):
                return start + len(candidate) - len(words)
        return -1


def _lines(text: str) -> list[tuple[int, int]]:
    """Start and end, without the line end, of each line as markdown-it counts lines."""
    lines, start = [], 0
    for match in _LINE_END.finditer(text):
        lines.append((start, match.start()))
        start = match.end()
    return [*lines, (start, len(text))]
