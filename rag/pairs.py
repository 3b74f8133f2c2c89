"""Names of two words, of which the first is in Latin letters: "Circuit Breaker", "API 키"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache

from rag.particles import follows
from rag.sounds import ALIKE_OTHER_SCRIPT, BySound, long_key, similarity, sound_keys

_PAIR = re.compile(r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9]*)(?= ([A-Za-z][A-Za-z0-9]*|[가-힣]+))")
_HANGUL = re.compile(r"[가-힣]{2,}")
_SHORTEST = 3  # letters of a Latin word that is known by its sound

Second = tuple[int, str]  # so many letters of a word are this one


class Pairs:
    """What the texts of a corpus write right behind each Latin word. Immutable."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._behind: dict[str, set[str]] = {}
        for text in texts:
            for latin, after in _PAIR.findall(text):
                self._behind.setdefault(latin.casefold(), set()).add(after.casefold())
        first = (latin for latin in sorted(self._behind) if len(latin) >= _SHORTEST)
        self._first = BySound((key, latin) for latin in first for key in _keys(latin))
        self._sounding = lru_cache(maxsize=1024)(self._sounding_like)

    def behind(self, latin: str) -> Set[str]:
        """What stands behind the Latin word, in lower case."""
        return self._behind.get(latin.casefold(), frozenset())

    def both(self, word: str, after: str) -> tuple[Second, Second] | None:
        """Two words in Hangul as the corpus writes them one behind the other in Latin letters.

        "서킷 브레이커는" is "Circuit Breaker" and "는". Each alone may sound so by accident or be a
        word of its own, both together are the name.
        """
        if not (_HANGUL.fullmatch(word) and _HANGUL.fullmatch(after)):
            return None
        found = [
            (alike + best, latin, -length, second)
            for alike, latin in self._sounding(word)
            for best, length, second in _best(after, self.behind(latin))
        ]
        _, latin, length, second = max(found, default=(0.0, "", 0, ""))
        if not latin or any(f"{word} {after[:-length]}" in text for text in self._texts):
            return None  # the corpus writes it so too
        return (len(word), latin), (-length, second)

    def _sounding_like(self, word: str) -> list[tuple[float, str]]:
        found = (self._first.near(key, ALIKE_OTHER_SCRIPT) for key in sound_keys(word))
        return [(alike, latin) for near in found for alike, _, latin in near]


def _keys(latin: str) -> tuple[str, ...]:
    long = long_key(latin)
    return (*sound_keys(latin), long) if long else sound_keys(latin)


def _best(word: str, forms: Iterable[str]) -> Iterator[tuple[float, int, str]]:
    """How alike, how much of the word and which of the forms, in Latin letters, it sounds like."""
    for form in forms:
        if not form.isascii() or len(form) < _SHORTEST:
            continue
        for length in range(2, len(word) + 1):
            if follows(word[length:]):
                for key in sound_keys(word[:length]):
                    alike = max((similarity(key, k) for k in _keys(form)), default=0.0)
                    if alike >= ALIKE_OTHER_SCRIPT:
                        yield alike, length, form
