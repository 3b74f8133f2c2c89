"""Whether a word may be another one, misspelt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rag.search import Term

Usual = Mapping[str, tuple[int, bool]]  # what ``ordinary`` gives

_SHORTEST_TYPO = 3  # syllables; a shorter Hangul word is too often another word
ALIKE_SHORT = 0.99  # sounds the same
_ALIKE = 0.95  # an ordinary word of Korean is seldom a name misspelt
_SHORTEST = 5  # letters; of shorter words a letter more or less makes another


def one_slip(typed: str, form: str) -> bool:
    """Whether a letter between the first and the last is missing or too many, or two there have
    changed places: "Scala" is no "scalar", and "Llama" no "Llama3".
    """
    short, long = sorted((typed, form), key=len)
    if len(long) < _SHORTEST or short[0] != long[0] or short[-1] != long[-1]:
        return False
    if len(short) == len(long):
        # Of five letters two swapped make another word: "angle" is no "angel".
        return len(long) > _SHORTEST and any(
            short[:n] + short[n + 1] + short[n] + short[n + 2 :] == long
            for n in range(1, len(long) - 2)
        )
    one_more = len(long) == len(short) + 1
    return one_more and any(long[:n] + long[n + 1 :] == short for n in range(1, len(long) - 1))


def one_letter_off(word: str) -> Iterator[str]:
    """Every word of Hangul that differs from ``word`` in one letter of one syllable, a final one
    too many or missing included: "시험" for "시엄".
    """
    for n, syllable in enumerate(word):
        code = ord(syllable) - 0xAC00
        initial, medial, final = code // 588, code % 588 // 28, code % 28
        others = [(i, medial, final) for i in range(19)] + [(initial, m, final) for m in range(21)]
        others += [(initial, medial, f) for f in range(28)]
        for i, m, f in others:
            other = chr(0xAC00 + i * 588 + m * 28 + f)
            if other != syllable:
                yield word[:n] + other + word[n + 1 :]


def may_be_slip(word: str, form: str, alike: float) -> bool:
    """Whether a word may be another of its script misspelt: short ones must sound the same."""
    shortest = min(len(word), len(form))
    same = shortest == len(word) == len(form) == 2 and alike >= ALIKE_SHORT
    return shortest >= _SHORTEST_TYPO or same


def ordinary(text: str, terms: Sequence[Term]) -> Iterator[tuple[str, tuple[int, bool]]]:
    """The dictionary's nouns among the terms of a word, alone and with the particles after them,
    each with the noun's length and whether it is a name.
    """
    noun: Term | None = None
    for term in terms:
        if term.tag in ("NNG", "NNP") and term.common:
            # What Kiwi reads as another noun and "ㄴ" is not that noun: "디퓨저ㄴ".
            noun = term if text[term.start : term.end].casefold() == term.form else None
        elif not term.tag.startswith(("J", "XSN")):
            noun = None
        if noun is not None:
            yield text[noun.start : term.end], (noun.end - noun.start, noun.tag == "NNP")


def may_mean(match: tuple[float, str], syllables: int, name: bool) -> bool:
    """Whether a dictionary's word of so many syllables may mean what sounds like it.

    A ``name`` may well be one that the lesson writes in Latin letters.
    """
    long = match[1].isascii() or syllables >= _SHORTEST_TYPO
    return long and (name or match[0] >= _ALIKE)
