"""The lesson's own spelling of what a question names: "엔지씨", "앤비디아", "nvdia"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import zip_longest

from rag.asking import ASKING
from rag.hanja import LONGEST_READ
from rag.pairs import Pairs
from rag.particles import follows
from rag.search import Term
from rag.slips import ALIKE_SHORT, Usual, may_be_slip, may_mean, one_letter_off, one_slip, ordinary
from rag.sounds import (
    ALIKE_OTHER_SCRIPT,
    LONGEST_WORD,
    BySound,
    consonants,
    has_sound,
    long_key,
    sound_keys,
)

# A word is taken for another of the lesson when their sounds are at least this alike. Short words
# are alike by accident, so they must sound the same. Words of one script differ by a slip only.
_ALIKE_SAME_SCRIPT = 0.86
_PARTICLE_COSTS = 0.06  # of likeness, that a word is read without its last syllables
_SHORT = 2  # consonants
_SHORTEST_PREFIX = 2  # syllables of a Hangul word read without the particles after it
_NOUNS = frozenset({"NNG", "NNP", "SL", "XR"})
_HANGUL, _LATIN = re.compile(r"[가-힣]+"), re.compile(r"[A-Za-z][A-Za-z0-9]*")
_SHORTEST_PART, _ADDED = 2, 2  # syllables of a compound's part, and that a compound has more
_COMPOUND = 0.9  # times the share of the longer word that the shorter one is
_WORD = re.compile(r"[가-힣]+|[^\W_가-힣]+")  # "NGC카탈로그가" is two
_ALONE = re.compile(r"(?<![\w./:@`-])[a-z][a-z0-9]+(?![A-Za-z0-9_./:@`-])")  # no "nvidia-smi"
_FEW = 2  # words that name something; in an English sentence "it" and "who" are words
_MOST_WORDS = 60  # of a question in which names of two words are looked for, 5 ms for each at worst


class Vocabulary:
    """The words of a corpus, found by how they sound.

    ``forms``: the content terms of the passages. ``texts``: the passages' plain texts, for the
    spelling of Latin names ("DGX", not "dgx"). Immutable; safe to share between threads.
    """

    def __init__(self, forms: Iterable[str], texts: Iterable[str]) -> None:
        self._forms, texts = frozenset(forms), list(texts)
        self._surface: dict[str, str] = {}
        for text in texts:
            for word in _LATIN.findall(text):
                self._surface.setdefault(word.casefold(), word)
        self._said = frozenset(
            word for text in texts for word in _HANGUL.findall(text) if len(word) > 1
        )
        known = [form for form in sorted({*self._forms, *self._surface}) if has_sound(form)]
        self._sounds = {  # of words in Latin letters and of others
            latin: BySound((key, f) for f in known if f.isascii() is latin for key in sound_keys(f))
            for latin in (True, False)
        }
        self._pairs = Pairs(texts)
        self._long: dict[str, list[str]] = {}  # Latin words by how they sound with a long vowel
        self._initial: dict[str, list[str]] = {}  # and by their first letter
        for form in sorted(self._surface):
            self._initial.setdefault(form[0], []).append(form)
            if long := long_key(form):
                self._long.setdefault(long, []).append(form)
        # Compounds share their first or their last two syllables with their parts.
        self._edges: dict[tuple[str, bool], list[str]] = {}
        for form in sorted(self._forms):
            if _HANGUL.fullmatch(form) and len(form) >= _SHORTEST_PART:
                self._edges.setdefault((form[:_SHORTEST_PART], True), []).append(form)
                self._edges.setdefault((form[-_SHORTEST_PART:], False), []).append(form)
        self.closest = lru_cache(maxsize=4096)(self._closest)

    def knows(self, form: str) -> bool:
        """Whether a passage has this term."""
        return form in self._forms or form in self._surface

    def correct(self, text: str, terms: Sequence[Term]) -> str:
        """``text`` with each name the corpus lacks replaced by the word it sounds like, if any.

        "엔지씨에서 뭘 해요?" becomes "NGC에서 뭘 해요?". ``terms`` are the text's morphemes.
        """
        text = self._cased(text)
        if not _HANGUL.search(text):
            return text  # in English any word may be meant as it stands
        result, copied, before = [], 0, ""
        second: tuple[int, str] | None = None  # of a name of two words
        words = list(_WORD.finditer(text))
        following = words[1:] if len(words) <= _MOST_WORDS else []
        for word, after in zip_longest(words, following):
            latin, before = before * (text[: word.start()][-1:] == " "), word.group()
            if len(word.group()) > LONGEST_WORD or text[: word.start()][-1:].isdigit():
                continue
            inside = [t for t in terms if word.start() <= t.start and t.end <= word.end()]
            found, second = second or self._paired(latin, word.group()), None
            if not found and after and text[word.end() : after.start()] == " ":
                found, second = self._pairs.both(word.group(), after.group()) or (None, None)
            # Only names can be misspelt names; a verb the lesson lacks is just another verb.
            names = [t for t in inside if t.tag in _NOUNS and t.form not in ASKING]
            if not found and all(self.knows(t.form) for t in names):
                continue
            if any(character.isdigit() for character in word.group()):
                continue  # "A100" is a name of its own, however it sounds
            usual = dict(ordinary(text, inside))
            # What is spelt letter by letter is no word by sound: "CSV" is no "CSP".
            acronym = word.group().isascii() and word.group().isupper()
            found = found or (None if acronym else self._replacement(word.group(), usual))
            found = found or self._slip(word.group())
            if any(not (t.common or self.knows(t.form)) for t in names):
                found = found or self._letter(word.group())
            if found:
                length, before = found
                result += [text[copied : word.start()], self._surface.get(before, before)]
                copied = word.start() + length
        return "".join([*result, text[copied:]])

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """What the corpus's Hangul words begin with, themselves included; few texts ask."""
        ends = range(2, LONGEST_READ + 1)
        return frozenset(word[:end] for word in self._said for end in ends) - ASKING

    def _cased(self, text: str) -> str:
        """The text with names in small letters as the corpus writes them: "ngc가" is "NGC가"."""
        if not _HANGUL.search(text) and len(text.split()) > _FEW:
            return text
        return _ALONE.sub(lambda word: self._name(word.group()), text)

    def _name(self, word: str) -> str:
        known = self._surface.get(word, word)
        is_name = any(letter.isupper() for letter in known[1:]) and len(known) == len(word)
        return known if is_name and word not in ASKING else word

    def variants(self, form: str) -> dict[str, float]:
        """The term and the corpus's words that are about the same word, with weights.

        Words of the other script that sound like it: a lesson that writes both "클라우드" and
        "Cloud" is found by either. And compounds: "연체료" and "연체" are found by each other.
        """
        found = {form: 1.0, **self._compounds(form)}
        for key in sound_keys(form) if has_sound(form) else ():
            for alike, other in self._alike(key, not form.isascii()):
                found[other] = max(found.get(other, 0.0), alike * 0.9)
            for other in () if form.isascii() else self._long.get(key, ()):
                found[other] = max(found.get(other, 0.0), 0.9)
        return found

    def _alike(
        self, key: str, latin: bool, same_script: bool = False
    ) -> Iterator[tuple[float, str]]:
        """The corpus's words of one script that sound like the key, and how alike they are."""
        least = _ALIKE_SAME_SCRIPT if same_script else ALIKE_OTHER_SCRIPT
        for alike, other_key, other in self._sounds[latin].near(key, least):
            if _is_same(alike, key, other_key, same_script):
                yield alike, other

    def _compounds(self, form: str) -> dict[str, float]:
        if len(form) < _SHORTEST_PART or not _HANGUL.fullmatch(form):
            return {}
        beginning = self._edges.get((form[:_SHORTEST_PART], True), ())
        ending = self._edges.get((form[-_SHORTEST_PART:], False), ())
        related = [o for o in beginning if o.startswith(form) or form.startswith(o)]
        related += [o for o in ending if o.endswith(form) or form.endswith(o)]
        return {
            other: _COMPOUND * min(len(form), len(other)) / max(len(form), len(other))
            for other in related
            if other != form and abs(len(other) - len(form)) <= _ADDED
        }

    def _replacement(self, word: str, usual: Usual) -> tuple[int, str] | None:
        """How many letters of the word to replace by which form; the longest best match.

        ``usual`` are those of ``ordinary``: replaced by little but what sounds the same.
        """
        best: tuple[float, int, str] | None = None
        for length in range(len(word), min(_SHORTEST_PREFIX, len(word)) - 1, -1):
            prefix = word[:length]
            if not follows(word[length:]):
                continue  # "디폴트" is no name with "트" after it
            if prefix in self._said:
                return None  # the lesson writes it so
            match = None if prefix in ASKING else self.closest(prefix.casefold())
            if match and prefix in usual and not may_mean(match, *usual[prefix]):
                continue
            # What may be a particle is one: "디퓨전은" is "Diffusion" and "은".
            if match and (best is None or match[0] > best[0] - _PARTICLE_COSTS):
                best = (match[0], length, match[1])
        return (best[1], best[2]) if best else None

    def _paired(self, latin: str, word: str) -> tuple[int, str] | None:
        """The Latin word that the corpus writes behind another where ``word`` is in Hangul.

        "DGX 클라우드" means "DGX Cloud", though "클라우드" is written so elsewhere.
        """
        behind = self._pairs.behind(latin)
        if not behind or any(other[:2] == word[:2] for other in behind):
            return None
        found = [
            (likeness, -length, form)
            for length in range(2, len(word) + 1)
            if follows(word[length:])
            for form, likeness in self.variants(word[:length]).items()
            if form in behind and form.isascii() != word.isascii()
        ]
        _, length, form = max(found, default=(0.0, 0, ""))
        return (-length, form) if form else None

    def _slip(self, word: str) -> tuple[int, str] | None:
        """The only Latin word of the corpus that is ``word`` but for one slip of the hand."""
        typed = word.casefold()
        if not (word.isascii() and word.isalpha()) or typed in ASKING:
            return None
        found = [form for form in self._initial.get(typed[0], ()) if one_slip(typed, form)]
        return (len(word), found[0]) if len(found) == 1 else None

    def _letter(self, word: str) -> tuple[int, str] | None:
        """The only word of the corpus that ``word``, which is none, is but for one letter."""
        if not _HANGUL.fullmatch(word):
            return None
        for length in range(len(word), _SHORTEST_PREFIX - 1, -1):
            if follows(word[length:]):
                found = {f for f in one_letter_off(word[:length]) if f in self._forms} - ASKING
                if len(found) == 1:
                    return length, found.pop()
        return None

    def _closest(self, word: str) -> tuple[float, str] | None:
        """The form that sounds most like ``word`` and how alike they are, if alike enough."""
        # An English word is no Korean word misspelt (``variants`` finds it in the other script),
        # and a short word is too often another word.
        scripts = [True] if word.isascii() else [False, True]
        found = [
            (alike, form)
            for key in sound_keys(word)
            for latin in scripts
            for alike, form in self._alike(key, latin, latin == word.isascii())
            if form not in ASKING and (latin != word.isascii() or may_be_slip(word, form, alike))
        ]
        return max(found, key=lambda pair: pair[0], default=None)


def _is_same(alike: float, key: str, other: str, same_script: bool) -> bool:
    if min(consonants(key), consonants(other)) <= _SHORT:
        return alike >= ALIKE_SHORT
    return alike >= (_ALIKE_SAME_SCRIPT if same_script else ALIKE_OTHER_SCRIPT)
