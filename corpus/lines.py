"""The lines of a document as its Markdown parser counts them, with the way back to offsets."""

from __future__ import annotations

import re

_LINE_END = re.compile(r"\r\n?|\n")  # exactly where markdown-it ends a line, and nowhere else
_MARK = "\ufeff"
_LONGEST_FRONT_MATTER = 200  # lines


class Lines:
    """``starts[i]`` and ``ends[i]`` (without the line end) of line i, as offsets into the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.starts = [1 if text.startswith(_MARK) else 0]  # the byte-order mark is no content
        self.ends: list[int] = []
        for match in _LINE_END.finditer(text):
            self.ends.append(match.start())
            self.starts.append(match.end())
        self.ends.append(len(text))

    def line(self, number: int) -> str:
        """The characters of line ``number``, from 0, without its end."""
        return self._text[self.starts[number] : self.ends[number]]

    def span(self, first: int, content: str) -> tuple[int, int]:
        """Where ``content``, which begins in line ``first``, stands in the text.

        The parser has taken containers' markers and indentation off the front of each of its
        lines and white space off the end, so each is a suffix of its line, up to that space.
        """
        parts = content.split("\n")
        while parts and not parts[-1].strip():
            parts.pop()
        skipped = next(i for i, part in enumerate(parts) if part.strip())
        opening = parts[skipped].strip()
        # The parser also takes off lines of exotic white space (U+2028) that it counts as words.
        number = first + skipped
        while number + 1 < len(self.starts) and not self._before_end(number).endswith(opening):
            number += 1
        start = self.starts[number] + len(self._before_end(number)) - len(opening)
        last = min(number + len(parts) - 1 - skipped, len(self.starts) - 1)
        return start, self.starts[last] + len(self._before_end(last))

    def _before_end(self, number: int) -> str:
        return self.line(number).rstrip()

    def without_mark(self) -> str:
        """The text for a parser: no byte-order mark."""
        return self._text[self.starts[0] :]

    def without_front_matter(self) -> str:
        """The same, with YAML at the top left blank."""
        text = self.without_mark()
        if not text.startswith("---") or self.line(0).rstrip() != "---":
            return text
        for number in range(1, min(len(self.starts), _LONGEST_FRONT_MATTER)):
            if self.line(number).rstrip() in ("---", "..."):
                rest = self.starts[number + 1] if number + 1 < len(self.starts) else len(self._text)
                return "\n" * (number + 1) + self._text[rest:]
        return text
