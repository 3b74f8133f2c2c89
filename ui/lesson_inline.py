"""Inline Markdown as HTML in which every shown character knows where in the source it comes from.

CommonMark's emphasis rules leave ``**강조(영문)**는`` unparsed, because a Korean particle follows
the closing stars; here a pair of stars around words is emphasis whatever follows it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# Every repetition is bounded, so that a long line of opening marks costs a bounded number of steps.
_MARKUP = re.compile(
    r"""
      (?P<escape>  \\ (?P<escaped>[!-/:-@\[-`{-~]) )
    | (?P<code>    (?P<ticks>`+) (?!`) (?P<program>.{1,400}?) (?<!`) (?P=ticks) (?!`) )
    | (?P<image>   !\[ (?P<alt>[^\]\n]{0,400}) \] \( [^()\n]{0,1000} \) )
    | (?P<link>    \[ (?P<words>[^\]\n]{1,400}) \]
                   \( \s* (?P<url>[^()\s]{0,1000}) [^()\n]{0,400} \) )
    | (?P<auto>    < (?P<address>https?://[^\s<>]{1,1000}) > )
    | (?P<entity>  & (?: \#[0-9]{1,7} | \#[xX][0-9a-fA-F]{1,6} | [a-zA-Z][a-zA-Z0-9]{1,31} ) ; )
    | (?P<strong>  (?P<two>\*\*|(?<!\w)__) (?=\S) (?P<bold>.{1,800}?) (?<=\S) (?P=two) (?![*_]) )
    | (?P<em>      (?P<one>\*|(?<!\w)_) (?=[^\s*_]) (?P<italic>.{1,800}?) (?<=\S) (?P=one)
                   (?!\w*_) )
    | (?P<strike>  ~~ (?=\S) (?P<struck>.{1,800}?) (?<=\S) ~~ )
    | (?P<br>      (?:\ {2,} | \\) \n | <br\s*/?> )
    """,
    re.X | re.S,
)
_INSIDE = {
    "code": ("program", "code"),
    "image": ("alt", "i"),
    "auto": ("address", "span"),
    "strong": ("bold", "strong"),
    "em": ("italic", "em"),
    "strike": ("struck", "s"),
}
# Direction overrides can make a line read as what it is not: shown as a replacement sign instead.
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is shown for ``[start, end)`` of the source.

    Either one shown character for each source character, or a whole that cannot be cut (an entity).
    """

    start: int
    end: int
    shown: str

    def overlap(self, start: int, end: int) -> str:
        """What is shown of ``[start, end)``."""
        if self.end <= start or end <= self.start:
            return ""
        if self.end - self.start != len(self.shown):
            return self.shown
        return self.shown[max(start - self.start, 0) : max(end - self.start, 0)]


@dataclass
class SourceText:
    """Characters of a block with, for each, the source offsets it was read from (-1: nowhere)."""

    characters: str = ""
    starts: list[int] = field(default_factory=list)

    def add(self, characters: str, start: int) -> None:
        """Appends a run that begins at ``start`` of the source; -1 when it is not known."""
        self.characters += characters
        self.starts += [start + i if start >= 0 else -1 for i in range(len(characters))]

    def runs(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The longest stretches of ``[start, end)`` that are neighbours in the source too."""
        begin = start
        for place in range(start + 1, end + 1):
            if place == end or self.starts[place] != self.starts[place - 1] + 1:
                yield begin, place
                begin = place


@dataclass
class Inline:
    """Writes a block's inline content to ``write`` and keeps the pieces it showed."""

    write: Callable[[str], object]
    pieces: list[Piece] = field(default_factory=list)

    def render(self, text: SourceText, start: int = 0, end: int | None = None) -> None:
        """Markup becomes elements; everything else, raw HTML included, is shown as it stands."""
        stop = len(text.characters) if end is None else end
        while match := _MARKUP.search(text.characters, start, stop):
            self.plain(text, start, match.start())
            self._markup(text, match)
            start = match.end()
        self.plain(text, start, stop)

    def plain(self, text: SourceText, start: int, end: int) -> None:
        """Shows ``[start, end)`` character for character."""
        for begin, stop in text.runs(start, end) if start < end else ():
            shown = text.characters[begin:stop].translate(_BIDI)
            self._show(shown, text.starts[begin], text.starts[begin] + stop - begin)

    def _markup(self, text: SourceText, match: re.Match[str]) -> None:
        kind = match.lastgroup and next(k for k in _KINDS if match[k] is not None)
        if kind == "br":
            self.write("<br>")
        elif kind == "escape":
            self.plain(text, *match.span("escaped"))
        elif kind == "entity":
            first, last = text.starts[match.start()], text.starts[match.end() - 1]
            self._show(html.unescape(match[0]).translate(_BIDI), first, last + 1)
        elif kind == "link":
            self.render(text, *match.span("words"))
            self.write(_host(match["url"]))
        elif kind in ("code", "image", "auto"):
            self._element(kind, match, lambda a, b: self.plain(text, a, b))
        else:
            self._element(str(kind), match, lambda a, b: self.render(text, a, b))

    def _element(
        self, kind: str, match: re.Match[str], content: Callable[[int, int], None]
    ) -> None:
        group, tag = _INSIDE[kind]
        self.write(f"<{tag}>")
        content(*match.span(group))
        self.write(f"</{tag}>")

    def _show(self, shown: str, start: int, end: int) -> None:
        words = html.escape(shown)
        if start < 0:
            self.write(words)
            return
        self.pieces.append(Piece(start, end, shown))
        to = "" if end - start == len(shown) else f' data-to="{end}"'
        self.write(f'<span data-at="{start}"{to}>{words}</span>')


_KINDS = ("escape", "code", "image", "link", "auto", "entity", "strong", "em", "strike", "br")


def _host(url: str) -> str:
    """Where a link leads, as text: the page never links outside."""
    try:
        address = urlsplit(url)
    except ValueError:
        return ""
    if address.scheme not in ("http", "https") or not address.hostname:
        return ""
    return f' <span class="lq-host">({html.escape(address.hostname)})</span>'
