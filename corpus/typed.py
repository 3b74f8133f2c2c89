"""Lists as they are typed where nothing makes lists: lines that begin with "○", "①", "가.", "(1)".

Korean lessons are full of them, and Markdown takes them for one paragraph. So the parser reads such
a line as an item of a list; it is told so by another beginning of the line, and its words, which
citations point at, stay as they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, paragraph

# By how high they stand where offices write them.
_RANKS = ("□■◇◆▷▶►▸", "○●◎◦‣•", "▪▫⁃·∙ㆍ-*+")
_BULLETS = "".join(_RANKS)[:-3]
_LETTERS = "가나다라마바사아자차카타파하"
_TYPED = re.compile(
    rf"(?P<bullet>[{_BULLETS}])\s+|(?P<circled>[①-⑳❶-❿⑴-⒇])\s*|(?P<note>※)\s*|"
    rf"(?P<letter>[{_LETTERS}])(?P<close>[.)])\s+|"
    rf"\((?:(?P<inner>[{_LETTERS}])|(?P<digits>\d{{1,2}}))\)\s*|"
    r"(?P<roman>[Ⅰ-Ⅻ])[.)]?\s+"
)
# What makes lists in Markdown; "1)" and "1." too, but not "(1)".
_NATIVE = re.compile(r"(?P<bullet>[-*+])\s+|(?P<digits>\d{1,2})(?P<close>[.)])\s+")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_HEADING = re.compile(r"\s{0,3}#{1,6}(\s|$)")
# "2024. 3. 1." and "3. 1." are dates; Markdown sees a list in a list in a list.
_DATE = re.compile(r"\d{3,}[.)]|\d{1,2}\.\s*\d{1,2}\.(?!\d)")
_INDENTED = 4  # columns; where no list is, Markdown takes such a line for code
_LONGEST_NAME = 40  # characters of an item that may be the name of what stands below it
_ENDS = re.compile(r"[.?!。:：,]$|다$|(?<![개필수주중민])요$")  # "개요" is a name


@dataclass(frozen=True)
class _Mark:
    kind: str  # equal for what stands at one level
    number: int | None
    length: int  # of the mark and the space behind it
    typed: bool


@dataclass(frozen=True)
class _Item:
    mark: _Mark
    indent: int  # as typed
    column: int  # where its words begin for the parser
    name: bool  # whether it may be the name of the paragraphs below it


def as_markdown(text: str, plain: bool = False) -> str:
    """The text with typed lists as Markdown's: as many lines, with the same words at their ends.

    In ``plain`` text, which is no Markdown, "-" and "1." are typed marks as well.
    """
    parts = re.split(r"(\r\n?|\n)", text)
    reader = _Reader(plain)
    parts[::2] = map(reader.line, parts[::2])
    return "".join(parts)


def with_dates(parser: MarkdownIt) -> MarkdownIt:
    """The parser, which now takes a date at the beginning of a line for words."""
    parser.block.ruler.before("list", "date", _date, {"alt": ["list"]})
    return parser


def _date(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    found = _DATE.match(state.src, state.bMarks[first] + state.tShift[first])
    return bool(found) and (silent or paragraph(state, first, end, silent))


class _Reader:
    def __init__(self, plain: bool) -> None:
        self._plain = plain
        self._items: list[_Item] = []  # those that the next line may stand under, outermost first
        self._last: dict[str, int] = {}  # the number that each kind of mark has come to
        self._fence = ""
        self._blank = True  # whether the line before was
        self._goes_on = False  # a paragraph below an item, in the lines after its first

    def line(self, line: str) -> str:
        """One line as the parser is to read it."""
        after_blank, self._blank = self._blank, not line.strip()
        if self._blank or (not self._plain and self._is_code(line)):
            self._goes_on = False
            return line
        if not self._plain and _HEADING.match(line):
            self._items.clear()
            self._last.clear()
            return line
        words = line.lstrip()
        indent = len(line) - len(words)
        mark = self._mark(words, indent)
        note = mark is not None and mark.kind == "※"
        if note and after_blank and not self._plain:
            self._close(indent)  # headings tell what it is about
        if mark is None or (note and (after_blank or not self._items)):
            return self._words(line, words, after_blank)  # such a note is on more than one item
        self._goes_on = False
        if mark.typed or self._plain or any(item.mark.typed for item in self._items):
            return self._item(words, mark, indent, after_blank)
        self._close(indent)
        self._open(words, mark, indent, indent + mark.length)
        return line  # Markdown's own

    def _is_code(self, line: str) -> bool:
        fence = _FENCE.match(line)
        if self._fence:
            if fence and fence[1].startswith(self._fence):
                self._fence = ""
            return True
        self._fence = fence[1] if fence else ""
        return bool(fence)

    def _mark(self, words: str, indent: int) -> _Mark | None:
        native = _NATIVE.match(words)
        found = native or _TYPED.match(words)
        if not found or len(words) == found.end():
            return None
        if not self._items and indent >= _INDENTED and not self._plain:
            return None
        mark = _read(found, self._plain or found is not native)
        if not mark.typed:
            return mark
        follows = mark.number is None or mark.number in (1, self._last.get(mark.kind, 0) + 1)
        return mark if follows else None

    def _close(self, indent: int) -> None:
        """Nothing stands below an item any more that stands as deep as this or deeper."""
        while self._items and self._items[-1].indent >= indent:
            self._items.pop()

    def _item(self, words: str, mark: _Mark, indent: int, after_blank: bool) -> str:
        while self._items and self._items[-1].indent > indent + 1:
            self._items.pop()
        sentence = bool(_ENDS.search(words.rstrip()))
        while self._items and _stands_beside(self._items[-1], mark, indent, after_blank, sentence):
            self._items.pop()
        kinds = [item.mark.kind for item in self._items]
        if mark.kind in kinds:
            del self._items[kinds.index(mark.kind) :]
        start = self._items[-1].column if self._items else 0
        said = f"{mark.number}. " if mark.number is not None else "- "
        if mark.kind != "※":
            self._open(words, mark, indent, start + len(said))
        return " " * start + said + words[mark.length :]

    def _open(self, words: str, mark: _Mark, indent: int, column: int) -> None:
        """Whatever stands deeper from now on stands below this item."""
        rest = words[mark.length :]
        if mark.number is not None:
            self._last[mark.kind] = mark.number
        name = mark.number is not None and len(rest) <= _LONGEST_NAME
        self._items.append(_Item(mark, indent, column, name and not _ENDS.search(rest.rstrip())))

    def _words(self, line: str, words: str, after_blank: bool) -> str:
        """A line without a mark: it goes on in the item above, or is a paragraph."""
        if not self._items:
            return line
        if not after_blank:
            # A short name is a line of its own, and what follows no part of it.
            under = self._items[-1].name and self._items[-1].mark.typed and not self._goes_on
            return " " * self._items[-1].column + "> " + words if under else line
        self._goes_on = True
        while self._items and not (self._items[-1].name and self._items[-1].mark.typed):
            self._items.pop()
        return " " * self._items[-1].column + words if self._items else line


def _stands_beside(
    item: _Item, mark: _Mark, indent: int, after_blank: bool, sentence: bool
) -> bool:
    """Whether what begins with the mark, no deeper than the item, does not stand below it."""
    if item.indent < indent:
        return False
    if mark.kind == "※":
        return sentence and not item.name  # it needs no item to be understood
    higher = -1 < _rank(mark.kind) < _rank(item.mark.kind)
    return higher or (after_blank and not item.mark.typed and not item.name)


def _rank(bullet: str) -> int:
    """0 for the highest; the same for all that is no bullet."""
    return next((n for n, ranked in enumerate(_RANKS) if bullet in ranked), -1)


def _read(found: re.Match[str], typed: bool) -> _Mark:
    said = {name: words for name, words in found.groupdict().items() if words}
    close = said.get("close", "()")
    if circled := said.get("circled"):
        first = next(first for first in "❶⑴①" if circled >= first)
        return _Mark(first, ord(circled) - ord(first) + 1, found.end(), typed)
    if letter := said.get("letter") or said.get("inner"):
        return _Mark("가" + close, _LETTERS.index(letter) + 1, found.end(), typed)
    if roman := said.get("roman"):
        return _Mark("Ⅰ", ord(roman) - ord("Ⅰ") + 1, found.end(), typed)
    if digits := said.get("digits"):
        return _Mark("1" + close, int(digits), found.end(), typed)
    return _Mark(said.get("bullet") or said["note"], None, found.end(), typed)
