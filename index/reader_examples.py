"""What the packaged reader is taught with: questions, and places that answer them or do not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from index import e5
from index.e5_file import Stored
from index.reader import PairTokenizer
from rag.reading import Place

_BOTH, _CUT = 0.3, 0.4  # how often a second right place is seen, and one without what answers

# Ids, kinds, and a mark for each piece: of the place 1 among the answering words, 0 elsewhere; of
# the question 1 where the lesson gives nothing for it, 0 where it does; -1 where not known.
Row = tuple[list[int], list[int], list[float]]


@dataclass(frozen=True)
class Example:
    """A question and the places found for it, best first, with which of them answer it.

    ``words``: for each place, where in its text the answering words stand. ``cut``: places that
    answer, without the line that does. ``missing``: where in the question what no place gives
    anything for stands, if that is known.
    """

    question: str
    places: Sequence[Place]
    right: Sequence[bool]
    words: Sequence[Sequence[tuple[int, int]]]
    cut: Sequence[Place] = ()
    missing: tuple[int, int] | None = None


@dataclass(frozen=True)
class Seen:
    """The rows of an example: of its places, with which answer, and of those that were cut."""

    pairs: Sequence[tuple[Row, bool]]
    cut: Sequence[tuple[Row, bool]]


class Rows:
    """Examples as rows of pieces."""

    def __init__(self, stored: Stored) -> None:
        self._pairs = PairTokenizer(stored)

    def __call__(self, example: Example) -> Seen:
        """The pieces of the example's places, those of the answering words marked."""
        count = len(example.places)
        places = [*example.places, *example.cut]
        words = [*example.words, *([] for _ in example.cut)]
        right = [*example.right, *(False for _ in example.cut)]
        found = self._pairs(example.question, places)
        asked = next((kinds.index(1) for _, kinds in found), 0)
        marks = {answers: self._of_question(example, asked, answers) for answers in (True, False)}
        rows = [
            (ids, kinds, [*marks[answers], *self._among(kinds, place.text, spans)[asked:]])
            for (ids, kinds), place, spans, answers in zip(found, places, words, right, strict=True)
        ]
        pairs = list(zip(rows[:count], example.right, strict=True))
        return Seen(pairs, [(row, False) for row in rows[count:]])

    def _among(
        self, kinds: Sequence[int], text: str, spans: Sequence[tuple[int, int]]
    ) -> list[float]:
        first, last = kinds.index(2), len(kinds) - 1
        found = [-1.0] * first + [0.0] * (last - first) + [-1.0]
        for start, end in spans:
            before, within = self._counted(text, start, end)
            for piece in range(first + before, min(first + within, last)):
                found[piece] = 1.0
        return found

    def _of_question(self, example: Example, pieces: int, answers: bool) -> list[float]:
        """The marks of the question's pieces beside a place that ``answers`` or does not."""
        marks = [-1.0] * pieces
        missing = None if answers else example.missing
        if not answers and missing is None:
            return marks  # a place that does not answer may still give something for any word
        prompt = e5.PROMPTS["query"]
        text = prompt + example.question
        last = pieces - 2  # behind them two that end the question
        for piece in range(1 + self._counted(text, len(prompt), len(text))[0], last):
            marks[piece] = 0.0
        if missing is not None:
            before, within = self._counted(text, *(len(prompt) + place for place in missing))
            for piece in range(1 + before, min(1 + within, last)):
                marks[piece] = 1.0
        return marks

    def _counted(self, text: str, start: int, end: int) -> tuple[int, int]:
        """How many pieces stand before a span of the text and up to its end.

        As many as those words make alone: the cut may move one by a letter.
        """
        before, within = self._pairs.pieces([text[:start].rstrip(), text[:end]])
        return len(before) - 2, len(within) - 2


def some(seen: Seen, chance: random.Random) -> list[tuple[Row, bool]]:
    """Of an answerable question one place that answers or two, the first that does not, and one
    from further down; now and then one that was cut. Of another the first and one more.
    """
    right = [pair for pair in seen.pairs if pair[1]]
    wrong = [pair for pair in seen.pairs if not pair[1]]
    chosen = chance.sample(right, min(len(right), 1 + (chance.random() < _BOTH)))
    chosen += wrong[:1] + chance.sample(wrong[1:], min(len(wrong[1:]), 1))
    return chosen + (list(seen.cut[:1]) if chance.random() < _CUT else [])
