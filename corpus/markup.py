"""Writing Markdown: words that stay words, tables, code, and where each page begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_INLINE = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~])  # would take the mark behind it along
      | ` | ~(?=~)
      | \*(?=\S) | (?<=\S)\*  # with a space on both sides a star stays a star
      | (?<!\w)_(?=\S) | (?<=\S)_(?!\w)
      | <(?=[A-Za-z/!?])
      | &(?=\#?\w{1,32};)
      | (?<=\])\(
    """,
    re.X,
)
_HEADING = re.compile(r"^(\#{1,6})(?=[ \t]|$)", re.M)
_RULE = re.compile(r"^(?=[-=|:+ \t]*[-=])([-=|:+ \t]+)$", re.M)  # makes headings, lines, tables
_DEFINITION = re.compile(r"^(\[[^\]\n]{0,999}\]):", re.M)
# A date or a section's number is no list; "1. " before words is one, and stays it.
_NUMBER = re.compile(r"^(\d{3,9}|\d{1,9}(?=[.)][ \t]*(?:\d|$)))([.)])(?=[ \t]|$)", re.M)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Converted:
    """A file as Markdown; ``pages[i]`` is where page or slide i + 1 begins in ``text``."""

    text: str
    pages: tuple[int, ...] = ()


def clean(text: str) -> str:
    """The text with U+FFFD for controls and halves of characters, which no text may hold.

    Line ends become line feeds; tabs stay.
    """
    return _UNFIT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def escaped(text: str) -> str:
    """Plain words as Markdown that reads as the same words, with as few backslashes as possible.

    ``- `` and ``1. `` at the start of a line stay: who types them means a list.
    """
    text = _INLINE.sub(r"\\\g<0>", text)
    text = _HEADING.sub(r"\\\1", text)
    text = re.sub(r"^>", r"\\>", text, flags=re.M)
    text = _RULE.sub(r"\\\1", text)
    text = _DEFINITION.sub(r"\1\\:", text)
    return _NUMBER.sub(r"\1\\\2", text)


def one_line(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(text.split())


def fence(code: str, language: str = "") -> str:
    """A fenced block that no line of the code can close."""
    longest = max((len(ticks) for ticks in re.findall(r"`{3,}", code)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{code.strip(chr(10))}\n{ticks}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; the first row is the header."""
    width = max(map(len, rows), default=0)
    lines = [
        "| " + " | ".join(_cell(row[i]) if i < len(row) else "" for i in range(width)) + " |"
        for row in rows
    ]
    return "\n".join([*lines[:1], "|" + " --- |" * width, *lines[1:]]) if width else ""


def _cell(words: str) -> str:
    return one_line(words).replace("|", r"\|")


class Pages:
    """Blocks of Markdown put together page by page, with a line across between two pages."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._starts: list[int] = []
        self._length = 0
        self._fresh = False  # whether the page has nothing on it yet

    def turn(self) -> None:
        """Begins the next page."""
        self._starts.append(self._length)
        self._fresh = True

    def block(self, markdown: str) -> None:
        """Appends a block; an empty one is nothing."""
        if not markdown.strip():
            return
        if self._parts and self._fresh:
            self._write("---\n\n")
        if self._fresh and self._starts:
            self._starts[-1] = self._length
        self._fresh = False
        self._write(markdown.strip("\n") + "\n\n")

    def continued(self, words: str) -> None:
        """Goes on with the block before, which a page's end has cut."""
        last = self._parts.pop()
        self._length -= len(last)
        self._write(last.rstrip("\n") + " ")
        if self._fresh:
            self._starts[-1] = self._length
            self._fresh = False
        self._write(words + "\n\n")

    def converted(self) -> Converted:
        """All of it."""
        text = "".join(self._parts)
        return Converted(text.rstrip("\n") + "\n" if text else "", tuple(self._starts))

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
