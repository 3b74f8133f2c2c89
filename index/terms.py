"""Korean morphemes by Kiwi, and the search terms made from them; only this module names Kiwi."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import Any

from rag.asking import ASKING
from rag.normalize import nfc_with_offsets
from rag.particles import FOLLOWS
from rag.search import Analyzer, Term

# What is searched for: nouns, verbs, adjectives, roots, modifiers, Latin letters, Chinese
# characters and numbers. Particles, endings, suffixes and punctuation are left out.
CONTENT_TAGS = frozenset({"NNG", "NNP", "NR", "VV", "VA", "XR", "MM", "MAG", "SL", "SH", "SN"})
# Changes when the terms change: an index knows which it was built with. Another version of Kiwi
# brings another dictionary.
ANALYZER = f"kiwi-terms-2 {version('kiwipiepy')} {version('kiwipiepy_model')}"


# Parts of a word that Kiwi may have cut in two.
_JOINED_TAGS = frozenset({"NNG", "NNP", "NNB", "NR", "XR", "MM", "XPN", "XSN"})
_HANGUL = re.compile(r"[가-힣]{2,}")
_GUESSED = 99  # Kiwi numbers its dictionary after its tags; an unknown word has its tag's number


class KiwiAnalyzer:
    """Kiwi behind the core's ``Analyzer`` protocol; the model loads at the first use (about 1.5 s).

    Safe to call from several threads.
    """

    @cached_property
    def _kiwi(self) -> Any:  # noqa: ANN401 - Kiwi's own class, imported only when needed
        from kiwipiepy import Kiwi

        # One worker: the program's own threads are the parallelism, and texts are short.
        return Kiwi(num_workers=1)

    def terms(self, text: str) -> list[Term]:
        """Every morpheme of ``text``, in order; offsets count the characters of ``text`` itself.

        Kiwi mis-tags decomposed Hangul, so it reads the NFC form; a lone surrogate reads as U+FFFD.
        """
        nfc, offsets = nfc_with_offsets(_without_surrogates(text))
        return [
            Term(form.casefold(), tag, offsets[start], offsets[end], token.id > _GUESSED)
            for token in self._kiwi.tokenize(nfc)
            for form, tag, start, end in _pieces(token)
        ]


def _pieces(token: Any) -> list[tuple[str, str, int, int]]:  # noqa: ANN401 - Kiwi's own class
    """A token as (form, tag, start, end): usually itself.

    Kiwi takes a name of two words for one token, and Chinese or Japanese text for one long token:
    names are parted at spaces, Chinese characters into overlapping pairs, kana into words.
    """
    tag = str(token.tag).partition("-")[0]  # "VV-I" (irregular) is a verb all the same
    start, end = token.start, token.start + token.len
    if tag in ("SH", "SW"):
        runs = [(m.group(), start + m.start()) for m in _CJK.finditer(token.form)]
        pairs = [
            (run[i : i + 2] if _is_long(run) else run, at + i)
            for run, at in runs
            for i in range(len(run) - 1 if _is_long(run) else 1)
        ]
        return [(form, "SH", at, at + len(form)) for form, at in pairs] or [
            (token.form, tag, start, end)
        ]
    words = [(m.group(), start + m.start()) for m in re.finditer(r"\S+", token.form)]
    if len(words) > 1 and end - start == len(token.form):
        return [(word, tag, at, at + len(word)) for word, at in words]
    return [(token.form, tag, start, end)]


_CJK = re.compile(r"[\u30a1-\u30ff]{2,}|[\u3400-\u9fff]+")  # katakana words, Chinese characters
_LONGEST_WORD = 3  # Chinese characters; a longer run is several words


def _is_long(run: str) -> bool:
    return len(run) > _LONGEST_WORD and run[0] >= "\u3400"


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


class LessonAnalyzer:
    """An analyzer that knows a lesson's words: two parts that the lesson writes as one stay one.

    Kiwi cuts a word that it does not know now so and now so: "파드" of a lesson is "파" and "드" in
    a question about it.
    """

    def __init__(self, analyzer: Analyzer, forms: Collection[str]) -> None:
        self._analyzer, self._forms = analyzer, forms

    def terms(self, text: str) -> list[Term]:
        """Every morpheme of ``text``, in order."""
        found: list[Term] = []
        for term in self._analyzer.terms(text):
            before = found[-1] if found else None
            if before and before.end == term.start and _may_join(before, term):
                form = before.form + term.form
                if form in self._forms and len(form) == term.end - before.start:
                    tag = "NNP" if "NNP" in (before.tag, term.tag) else "NNG"
                    found[-1] = Term(form, tag, before.start, term.end)
                    continue
            found.append(term)
        return found


def _may_join(before: Term, term: Term) -> bool:
    """Whether two terms may be one word: not "그" and "다음"."""
    pointing = before.form in ASKING and (before.tag == "MM" or term.form in ASKING)
    return {before.tag, term.tag} <= _JOINED_TAGS and not pointing


def with_words(rows: Sequence[Sequence[str]], texts: Sequence[str]) -> list[list[str]]:
    """The content terms of passages, with the words that Kiwi cut in some but not in others.

    ``texts``: of the passages. A word is added where it begins a word of the text, but for what may
    follow a noun, and is a term of another passage.
    """
    forms = {term for row in rows for term in row if len(term) > 1}
    return [[*row, *_whole(text, forms, set(row))] for row, text in zip(rows, texts, strict=True)]


def _whole(text: str, forms: Collection[str], known: Collection[str]) -> Iterator[str]:
    for word in dict.fromkeys(_HANGUL.findall(text)):
        longest = next((word[:n] for n in range(len(word), 1, -1) if word[:n] in forms), None)
        if longest and longest not in known and FOLLOWS.match(word[len(longest) :]):
            yield longest


def content_terms(terms: Iterable[Term]) -> list[str]:
    """The forms worth searching for, in order, repeats kept."""
    return [term.form for term in terms if term.tag in CONTENT_TAGS]


def character_bigrams(text: str) -> list[str]:
    """Overlapping pairs of letters inside each word of ``text``; a one-letter word is itself.

    They find what morphemes miss: words Kiwi cuts differently in another sentence, and typos.
    """
    words = "".join(c if c.isalnum() else " " for c in nfc_with_offsets(text)[0].casefold()).split()
    return [pair for word in words for pair in _pairs(word)]


def _pairs(word: str) -> Sequence[str]:
    return [word[i : i + 2] for i in range(len(word) - 1)] or [word]
