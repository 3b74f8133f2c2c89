"""How much of what a question asks about some passages speak of, by words and by meaning."""

from __future__ import annotations

from collections.abc import Sequence

from rag.lesson import Passage
from rag.normalize import match_key
from rag.search import Retriever, Term

# How much a term says of what is asked, by its part of speech: names and nouns, then verbs, whose
# meaning shifts with their company, then adverbs, counters and modifiers.
_TELLS = {"VV": 0.5, "VA": 0.5, "MAG": 0.25, "MM": 0.25, "NNB": 0.25, "NR": 0.5}

# Tags of names, Latin words and numbers: what cannot be paraphrased.
NAMES = frozenset({"NNP", "SL", "SN", "SH"})


class Coverage:
    """The content terms of one question, weighted by rarity, looked for in passages."""

    def __init__(self, terms: Sequence[Term], retriever: Retriever) -> None:
        self.terms = terms
        self._retriever = retriever
        # A word the lesson lacks is as telling as its rarest; a common word that stands for it
        # tells as little as that common word does.
        rarity = retriever.rarity
        self._alternatives = [
            {form: w * min(1.0, rarity(form) / rarity(t.form)) for form, w in known.items()}
            for t, known in zip(terms, retriever.alternatives([t.form for t in terms]), strict=True)
        ]
        self.weights = [retriever.rarity(t.form) * _TELLS.get(t.tag, 1.0) for t in terms]
        self.name_weights = [w * (t.tag in NAMES) for t, w in zip(terms, self.weights, strict=True)]

    def held(self, *passages: Passage) -> list[float]:
        """For each term, how well the passages hold it, in [0, 1]: 1 for the word itself."""
        words = frozenset[str]().union(*(self._retriever.terms_of(p) for p in passages))
        return [
            max((weight for form, weight in known.items() if form in words), default=0.0)
            for known in self._alternatives
        ]

    def held_in_text(self, passage: Passage, text: str) -> list[float]:
        """The same for a part of the passage's text."""
        words, key = self._retriever.terms_of(passage), match_key(text)
        return [
            max((w for form, w in known.items() if form in words and form in key), default=0.0)
            for known in self._alternatives
        ]

    def known(self) -> list[float]:
        """For each term, how well the lesson as a whole holds it, in [0, 1]."""
        return [
            1.0
            if self._retriever.knows(term.form)
            else max((w for form, w in known.items() if form != term.form), default=0.0)
            for term, known in zip(self.terms, self._alternatives, strict=True)
        ]

    def share_of_names(self, held: Sequence[float]) -> float:
        """The share of the weight of names and numbers that is held; 1 without any."""
        return self.share(held, self.name_weights) if any(self.name_weights) else 1.0

    def share(self, held: Sequence[float], weights: Sequence[float] | None = None) -> float:
        """The share of the question's weight that is held, in [0, 1]; 0 without terms."""
        chosen = self.weights if weights is None else weights
        total = sum(chosen)
        return sum(w * h for w, h in zip(chosen, held, strict=True)) / total if total else 0.0
