"""Words parted and joined, and dates written, as the lesson does: "고객센터" where it writes "고객
센터", "8월 1일" where it writes "8. 1.".

Korean is spaced freely. The search cuts words into morphemes and hardly minds, but what was learnt
from sentences does: of "고객센터 전화번호는?" the reader was less sure by 1.1 of the 2 that it has.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile

from rag.particles import follows

_TOKEN = re.compile(r"[가-힣A-Za-z]+")
_TWO = re.compile(r"([가-힣A-Za-z]+)(?=[ \t]([가-힣A-Za-z]+))")
_SHORTEST, _LONGEST = 2, 20  # letters of a part, of a word that is looked at
_MOST_PARTS = 4
_DATE = re.compile(
    r"(?<![\d.,/])(\d{1,2})(?:월\s?(\d{1,2})일|\.\s?(\d{1,2})\.(?!\d)|/(\d{1,2})(?![\d/.,]))"
)


class Spacing:
    """How the texts of a corpus space their words and write their dates. Immutable; safe to share
    between threads.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        words: set[str] = set()
        self._behind: dict[str, set[str]] = {}
        self._dates: dict[tuple[int, int], list[str]] = {}
        for text in texts:
            for date in _DATE.finditer(text):
                self._dates.setdefault(_day(date), []).append(date[0])
            folded = text.casefold()
            words.update(_TOKEN.findall(folded))
            for first, second in _TWO.findall(folded):
                if _SHORTEST <= len(first) <= _LONGEST:
                    self._behind.setdefault(first, set()).add(second)
        self._words = sorted(words)

    def as_written(self, text: str) -> str:
        """The text with its words and dates as the corpus writes them, if only so."""
        text = _DATE.sub(self._written, text)
        return self._joined(_TOKEN.sub(lambda found: self._parted(found[0]), text))

    def _written(self, date: re.Match[str]) -> str:
        forms = self._dates.get(_day(date), [date[0]])
        alike = any("월" in form for form in forms) == ("월" in date[0])
        return date[0] if alike else forms[0]

    def _parted(self, word: str) -> str:
        if not 2 * _SHORTEST - 1 <= len(word) <= _LONGEST or self._is_written(word):
            return word
        cuts = next(self._cuts(word.casefold(), 0, _MOST_PARTS), ())
        places = [0, *cuts, len(word)]
        return " ".join(word[start:end] for start, end in pairwise(places))

    def _cuts(self, word: str, start: int, parts: int) -> Iterator[tuple[int, ...]]:
        """Where the word is parted from ``start`` on, longest parts first."""
        for cut in range(len(word) - 1, start + _SHORTEST - 1, -1):
            behind = self._behind.get(word[start:cut], ())
            if any(_is_part(stem) and _among(stem, behind) for stem in _stems(word[cut:])):
                yield (cut,)
            elif behind and parts > 2:
                further = self._cuts(word, cut, parts - 1)
                yield from ((cut, *more) for more in further if word[cut : more[0]] in behind)

    def _joined(self, text: str) -> str:
        result, copied = [], 0
        for found in _TWO.finditer(text):
            first, second = found[1].casefold(), found[2].casefold()
            behind = self._behind.get(first, ())
            # In English "one line" is no "oneline".
            long = len(first) >= _SHORTEST and found.start() >= copied and not found[0].isascii()
            stems = [stem for stem in _stems(second) if len(stem) >= _SHORTEST]
            apart = any(_among(stem, behind) for stem in stems)
            if long and not apart and any(self._is_word(first + stem) for stem in stems):
                result.append(text[copied : found.end()])
                copied = found.end() + 1
        return "".join((*result, text[copied:]))

    def _is_written(self, word: str) -> bool:
        return any(self._is_word(stem) for stem in _stems(word.casefold()) if len(stem) > 2)

    def _is_word(self, stem: str) -> bool:
        """Whether the corpus has this word, whatever particle it may have there."""
        after = range(bisect_left(self._words, stem), len(self._words))
        words = (self._words[place] for place in after)
        return _among(stem, takewhile(lambda word: word.startswith(stem), words))


def _day(date: re.Match[str]) -> tuple[int, int]:
    return int(date[1]), int(date[2] or date[3] or date[4])


def _among(stem: str, words: Iterable[str]) -> bool:
    return any(word.startswith(stem) and follows(word[len(stem) :]) for word in words)


def _stems(word: str) -> list[str]:
    """The word, and it without each ending that may be a particle."""
    return [word[:end] for end in range(len(word), 0, -1) if follows(word[end:])]


def _is_part(stem: str) -> bool:
    """Whether it is no particle that the word before has."""
    return len(stem) >= _SHORTEST or not follows(stem)
