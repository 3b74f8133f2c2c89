"""What a search gives back, and the two things the core asks of one: finding and analysing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rag.lesson import Passage


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage found for a query.

    ``score`` is the fused score the hits are ordered by, higher is closer. ``dense`` is how
    close the passage's closest vector is to the query: 1 for the same direction, 0 for what a
    question about something else gets. ``lexical`` is the
    passage's BM25 score over its views, 0 when no term is shared. ``features`` are the parts the
    score was made of, by name.
    """

    passage: Passage
    score: float
    dense: float
    lexical: float
    features: Mapping[str, float] = field(default_factory=dict)
    # Of each sentence of ``passage.plain``: its closeness; once ranked, how well it answers.
    sentences: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A word or morpheme of a text; ``text[start:end]`` is what it was read from.

    ``form`` is normalised for matching (NFC, case-folded). ``tag`` is its part of speech in the
    Sejong tag set ("NNG" common noun, "NNP" name, "VV" verb, "SL" Latin letters, "SN" number, ...).
    """

    form: str
    tag: str
    start: int
    end: int
    common: bool = True  # a dictionary's word; False for one the analyser had to guess


class Retriever(Protocol):
    """Finds passages for a query."""

    def search(self, query: str, k: int, sources: Collection[str] = ()) -> Sequence[Hit]:
        """At most k hits, best first, equal scores in reading order.

        ``sources`` are the documents to look in; none of them means in all.
        """
        ...

    def correct(self, text: str) -> str:
        """The text with names the corpus lacks spelt as the corpus spells what they sound like."""
        ...

    def knows(self, form: str) -> bool:
        """Whether some passage has this term, in either script."""
        ...

    def terms_of(self, passage: Passage) -> frozenset[str]:
        """The content terms of a passage."""
        ...

    def alternatives(self, forms: Sequence[str]) -> Sequence[Mapping[str, float]]:
        """For each term of a question, the lesson's terms that stand for it, with weights to 1."""
        ...

    def rarity(self, form: str) -> float:
        """The inverse document frequency of a term over the passages, at least 0."""
        ...


class Analyzer(Protocol):
    """Splits Korean (and other) text into terms."""

    def terms(self, text: str) -> Sequence[Term]:
        """Every morpheme of the text, in order, particles and endings included."""
        ...
