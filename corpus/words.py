"""The words inside pieces of Markdown: inline text, raw HTML, and code cut to readable length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html.parser import HTMLParser

from markdown_it.token import Token

LONGEST_CODE = 20  # lines of code in one passage, cut at the next blank line

_LONGEST_TITLE = 80  # characters; longer, or ending like a sentence, it is an emphasised sentence


def plain_words(token: Token) -> str:
    """The words of an inline token without markup, on one line, in NFC."""
    words = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type == "image":
            words.append(plain_words(child))
    return " ".join(unicodedata.normalize("NFC", "".join(words)).split())


def code_pieces(lines: Sequence[str]) -> list[tuple[int, int]]:
    """(first, end) of pieces of code of about LONGEST_CODE lines, cut at blank lines."""
    pieces: list[tuple[int, int]] = []
    start = 0
    for place in range(len(lines) + 1):
        last = place == len(lines)
        full = place - start >= LONGEST_CODE and not (last or lines[place].strip())
        if last or full:
            if any(line.strip() for line in lines[start:place]):
                pieces.append((start, place))
            start = place
    return pieces


# What nobody sees; left open, it goes on to the end. Python's own parser would look for the end of
# each of them again and again, which takes hours for some megabytes.
_UNSEEN = re.compile(
    r"<!--.*?(?:--\s*>|\Z)|<\?.*?(?:>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<![a-z].*?(?:>|\Z)",
    re.S | re.I,
)


def html_words(markup: str) -> str:
    """The words of raw HTML: no tags, comments, scripts or styles."""
    reader = _HtmlText()
    reader.feed(_UNSEEN.sub("", markup))
    reader.close()
    return reader.text


class _HtmlText(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self._hidden = 0

    @property
    def text(self) -> str:
        """The words so far."""
        return "".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """A tag parts words; scripts and styles begin to hide them."""
        self._hidden += tag in ("script", "style")
        self._pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """A tag parts words; scripts and styles end hiding them."""
        if tag in ("script", "style"):
            self._hidden = max(0, self._hidden - 1)
        self._pieces.append(" ")

    def handle_data(self, data: str) -> None:
        """Words are kept unless hidden."""
        if not self._hidden:
            self._pieces.append(data)


def is_title(token: Token) -> bool:
    """Whether a paragraph is one short line that is no sentence, as titles are in plain text."""
    words = token.content
    return len(words) <= _LONGEST_TITLE and not re.search(r"\n|[.?!:：。]$|[다요]$", words)


def is_bold_title(token: Token) -> bool:
    """Whether a paragraph is bold words alone, which is how many lessons write headings."""
    parts = [child for child in token.children or [] if child.type != "text" or child.content]
    return (
        len(parts) > 2
        and (parts[0].type, parts[-1].type) == ("strong_open", "strong_close")
        and sum(part.type == "strong_open" for part in parts) == 1
        and all(
            part.type in ("strong_open", "strong_close", "text", "code_inline") for part in parts
        )
        and len(token.content) <= _LONGEST_TITLE
        and not re.search(r"[.?!:：。]\**$", token.content)
    )
