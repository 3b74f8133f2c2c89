"""What the packaged reader is taught with: questions, and places that answer them or do not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from index.e5_file import Stored
from index.reader import PairTokenizer
from rag.reading import Place

_BOTH, _CUT = 0.3, 0.4  # how often a second right place is seen, and one without what answers

# Ids, kinds, and for each piece 1 among the answering words, 0 elsewhere in the place, -1 outside.
Row = tuple[list[int], list[int], list[float]]


@dataclass(frozen=True)
class Example:
    """A question and the places found for it, best first, with which of them answer it.

    ``words``: for each place, where in its text the answering words stand. ``cut``: places that
    answer, without the line that does.
    """

    question: str
    places: Sequence[Place]
    right: Sequence[bool]
    words: Sequence[Sequence[tuple[int, int]]]
    cut: Sequence[Place] = ()


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
        found = self._pairs(example.question, places)
        rows = [
            (ids, kinds, self._among(kinds, place.text, spans))
            for (ids, kinds), place, spans in zip(found, places, words, strict=True)
        ]
        pairs = list(zip(rows[:count], example.right, strict=True))
        return Seen(pairs, [(row, False) for row in rows[count:]])

    def _among(
        self, kinds: Sequence[int], text: str, spans: Sequence[tuple[int, int]]
    ) -> list[float]:
        first, last = kinds.index(2), len(kinds) - 1
        found = [-1.0] * first + [0.0] * (last - first) + [-1.0]
        for start, end in spans:
            # As many pieces as the words before make alone: the cut may move one by a letter.
            before, within = (
                len(ids) - 2 for ids in self._pairs.pieces([text[:start].rstrip(), text[:end]])
            )
            for piece in range(first + before, min(first + within, last)):
                found[piece] = 1.0
        return found


def some(seen: Seen, chance: random.Random) -> list[tuple[Row, bool]]:
    """Of an answerable question one place that answers or two, the first that does not, and one
    from further down; now and then one that was cut. Of another the first and one more.
    """
    right = [pair for pair in seen.pairs if pair[1]]
    wrong = [pair for pair in seen.pairs if not pair[1]]
    chosen = chance.sample(right, min(len(right), 1 + (chance.random() < _BOTH)))
    chosen += wrong[:1] + chance.sample(wrong[1:], min(len(wrong[1:]), 1))
    return chosen + (list(seen.cut[:1]) if chance.random() < _CUT else [])
