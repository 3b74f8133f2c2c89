"""Text normalised for matching, with the way back to the original offsets."""

from __future__ import annotations

import unicodedata


def nfc_with_offsets(text: str) -> tuple[str, list[int]]:
    """The NFC form of ``text`` and, for each of its characters and its end, the original offset.

    ``offsets[i]`` is where the character sequence that composed to ``nfc[i]`` begins in ``text``;
    ``offsets[len(nfc)] == len(text)``. Decomposed Hangul (as macOS writes file names and some
    editors write text) composes to syllables; text already in NFC maps one to one.
    """
    if unicodedata.is_normalized("NFC", text):
        return text, list(range(len(text) + 1))
    pieces: list[str] = []
    offsets: list[int] = []
    start = 0
    for position in range(1, len(text) + 1):
        if position < len(text) and _joins_previous(text[position]):
            continue
        composed = unicodedata.normalize("NFC", text[start:position])
        pieces.append(composed)
        offsets.extend([start] * len(composed))
        start = position
    offsets.append(len(text))
    return "".join(pieces), offsets


def _joins_previous(character: str) -> bool:
    """Whether NFC may join it to the character before: a combining mark or a vowel/final jamo."""
    return unicodedata.combining(character) != 0 or "\u1160" <= character <= "\u11ff"


def match_key(text: str) -> str:
    """NFC (full-width forms folded by NFKC), case-folded text without white space, for matching."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
