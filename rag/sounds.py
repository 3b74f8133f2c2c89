"""How a word sounds, so that "쿠버네티스", "Kubernetes" and "쿠베르네티스" are near each other.

Korean writes foreign names as they sound, in several ways, and learners mishear them. A word of
either script becomes a key of rough sounds: consonants that Hangul cannot tell apart (r/l, f/p,
b/v, z/j) fall together, doubled sounds are one, and the filler vowel ㅡ is dropped. Vowels differ
freely between English spelling and Korean hearing, so they count less than consonants.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

ALIKE_OTHER_SCRIPT = 0.78  # keys of words of two scripts that may be the same word
_VOWEL_COST = 0.4  # of a missing, added or different vowel, where a consonant costs 1
_NEAR_COST = 0.5  # of one consonant for another that is often heard for it
_NEAR = frozenset(map(frozenset, ("sj", "tj", "kj", "pm", "nm", "tl", "hk", "ks", "hp", "ts")))
_VOWELS = frozenset("aeiou")  # of keys; never the empty string

# By the order of Unicode's syllable block (Unicode 15, section 3.12), "-" for no sound.
_INITIALS = "k k n t t l m p p s s - j j j k t p h".split()
_MEDIALS = "a e a e e e e e o a e e o u e e i u - i i".split()
_FINALS = "- k k k n n n t l l l l l l l l m p p t t n j j k t p h".split()
_ENGLISH = (
    ("tion", "sen"), ("sion", "sen"), ("sch", "s"), ("tch", "j"), ("ch", "j"), ("sh", "s"),
    ("ph", "p"), ("th", "s"), ("ck", "k"), ("qu", "ku"), ("gh", "k"), ("wh", "u"), ("ge", "je"),
    ("gi", "ji"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("x", "ks"), ("ee", "i"), ("oo", "u"),
    ("ou", "au"), ("ng", "n"), ("kn", "n"),
    ("dh", "d"), ("bh", "b"), ("rh", "r"), ("kh", "k"),
)  # fmt: skip
_LETTERS = dict(
    zip("bcdfgjklmnpqrstvwyzx", "pktpkjklmnpklstpuijk", strict=True),
    a="a", e="e", i="i", o="o", u="u", h="h",
)  # fmt: skip
_LETTER_NAMES = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz0123456789",
        """에이 비 씨 디 이 에프 지 에이치 아이 제이 케이 엘 엠 엔 오 피 큐 알 에스 티
        유 브이 더블유 엑스 와이 제트 제로 원 투 쓰리 포 파이브 식스 세븐 에잇 나인""".split(),
        strict=True,
    )
)
# Two consonants that no English syllable begins with: the first one is read as a letter.
_UNSPEAKABLE = re.compile(
    r"(?![bcfgkps][lr]|[dtw]r|[cgknpstw]h|s[cfkmnpqtvw]|[dt]w|gn|kn|ps|ts|mc|x)[b-df-hj-np-tv-z]"
    r"(?=[b-df-hj-np-tv-xz].*[aeiou])"
)
_LONG_VOWEL = re.compile(r"[b-df-hj-np-tv-xz]+[ai][b-df-hj-np-tv-xz]l?e")
LONGEST_WORD = 24  # letters; comparing longer runs of them would take seconds
_LONGEST_ACRONYM = 5  # letters; longer words are read as words


@lru_cache(maxsize=100_000)
def sound_keys(word: str) -> tuple[str, ...]:
    """The sound keys of a word of Hangul or Latin letters; a short Latin word is also spelt out.

    "DGX" gives the key of the word and that of "디지엑스". Other characters give nothing, and so
    does what is too long for a word.
    """
    if len(word) > LONGEST_WORD:
        return ()
    keys = [_collapse("".join(_sound(c) for c in _prepare(word)))]
    folded = word.casefold()
    if re.match(r"g[ei]", folded):  # "git" and "gear" sound hard, "gene" soft
        keys.append("k" + keys[0][1:])
    if _UNSPEAKABLE.match(folded):  # "NVIDIA" begins with the name of its first letter
        keys.append(_collapse(sound_keys(_LETTER_NAMES[folded[0]])[0] + sound_keys(folded[1:])[0]))
    if word.isascii() and word.isalnum() and len(word) <= _LONGEST_ACRONYM:
        keys.append(sound_keys("".join(_LETTER_NAMES[c] for c in word.casefold()))[0])
    return tuple(key for key in keys if key)


def long_key(word: str) -> str | None:
    """The sound key of a Latin word with a long vowel before a silent e: "base" is "beis".

    None for any other word. Short Korean words sound so by accident ("메일", "male"), so this says
    less than ``sound_keys``.
    """
    folded = word.casefold()
    if not _LONG_VOWEL.fullmatch(folded):
        return None
    said = "".join(_sound(c) for c in _prepare(folded))
    return _collapse(said.replace("a", "ei") if "a" in said else said.replace("i", "ai"))


def similarity(one: str, other: str) -> float:
    """How alike two sound keys are, in [0, 1]: 1 - weighted edit distance / weighted length."""
    longest = max(weight(one), weight(other))
    return 1.0 - _distance(one, other) / longest if longest else 0.0


class BySound:
    """Words by their sound keys. Immutable."""

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        """``words``: (key, word), in the order in which ``near`` gives them."""
        self._words: dict[str, list[tuple[str, str, float]]] = {}
        for key, word in words:
            self._words.setdefault(bucket_of(key), []).append((key, word, weight(key)))

    def near(self, key: str, least: float) -> Iterator[tuple[float, str, str]]:
        """How alike, the key and the word, of each that is at least ``least`` alike."""
        long = weight(key)
        for other, word, other_long in self._words.get(bucket_of(key), ()):
            if min(long, other_long) < least * max(long, other_long):
                continue  # too different in length to be alike: most words, so it comes first
            if (alike := similarity(key, other)) >= least:
                yield alike, other, word


def consonants(key: str) -> int:
    """How many consonants a key has: short keys are alike by accident."""
    return sum(sound not in _VOWELS for sound in key)


def _prepare(word: str) -> str:
    folded = unicodedata.normalize("NFKC", word).casefold()
    if folded.isascii():
        for spelling, sound in _ENGLISH:
            folded = folded.replace(spelling, sound)
        if len(folded) > 3 and folded.endswith("e") and folded[-2] not in _VOWELS:
            folded = folded[:-1]  # a final e is silent: "stable", "code"
        folded = "".join(c for i, c in enumerate(folded) if not _silent_r(folded, i))
    return folded


def _silent_r(word: str, place: int) -> bool:
    """Whether Korean drops this r: after a vowel, unless a vowel follows ("server", "docker")."""
    after = word[place + 1 : place + 2]
    return (
        word[place] == "r" and word[place - 1 : place] in _VOWELS and after not in {*_VOWELS, "y"}
    )


def _sound(character: str) -> str:
    code = ord(character) - 0xAC00
    if 0 <= code < 11172:
        syllable = _INITIALS[code // 588] + _MEDIALS[code % 588 // 28] + _FINALS[code % 28]
        return syllable.replace("-", "")
    return _LETTERS.get(character, "")


def _collapse(sounds: str) -> str:
    return "".join(s for i, s in enumerate(sounds) if i == 0 or s != sounds[i - 1])


def _cost(sound: str) -> float:
    return _VOWEL_COST if sound in _VOWELS else 1.0


def weight(key: str) -> float:
    """The length of a sound key, a vowel counting less than a consonant."""
    return sum(map(_cost, key))


def _swap(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        return _VOWEL_COST
    if one in _VOWELS or other in _VOWELS:
        return 1.0 + _VOWEL_COST  # no cheaper than taking one out and putting the other in
    return _NEAR_COST if frozenset((one, other)) in _NEAR else 1.0


def _distance(one: str, other: str) -> float:
    """Weighted Levenshtein distance (Wagner and Fischer, 1974)."""
    row = [0.0]
    for sound in other:
        row.append(row[-1] + _cost(sound))
    for a in one:
        above = row
        row = [above[0] + _cost(a)]
        for j, b in enumerate(other):
            row.append(min(above[j] + _swap(a, b), above[j + 1] + _cost(a), row[j] + _cost(b)))
    return row[-1]


def has_sound(form: str) -> bool:
    """Whether a word can be known by its sound: it has two letters, or is 깃 but not 이.

    A number is none, though its digits are read aloud: "10" is not "연체료", for all its "en jelo".
    """
    if form.isdecimal():
        return False
    return len(form) > 1 or len(sound_keys(form)[0] if sound_keys(form) else "") > 2


def bucket_of(key: str) -> str:
    """Keys compared with each other share this: whether they start with a vowel or which sound."""
    return "vowel" if key[0] in "aeiou" else key[0]
