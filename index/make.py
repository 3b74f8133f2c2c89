"""What an index is made of: terms and vectors, made or taken over from the index before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from index import views
from index.earlier import Earlier, Part, alike, parts, word_groups
from index.manifest import Recipe
from index.terms import ANALYZER, content_terms
from index.vectors import FloatArray
from rag.lesson import Lesson
from rag.search import Analyzer

# Called with a stage ("waiting", "terms", "vectors", "words"), how much of it is done and how much
# there is.
Progress = Callable[[str, int, int], None]
_CANARIES = 3  # documents encoded again to see that earlier vectors are what the encoder makes


class DocumentEncoder(Protocol):
    """The half of an encoder that building needs; ``index.encoder.Encoder`` is one."""

    name: str
    fingerprint: str
    dimension: int

    @property
    def word_dimension(self) -> int:
        """The number of components of a word's vector."""
        ...

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> FloatArray:
        """(len(texts), dimension) unit vectors of passages."""
        ...

    def encode_words(self, words: Sequence[str]) -> FloatArray:
        """(len(words), word_dimension) unit vectors of single words."""
        ...


@dataclass(frozen=True)
class Pieces:
    """A lesson, the texts of it that are encoded, and where each document's part of both lies."""

    lesson: Lesson
    texts: Sequence[str]
    parts: Mapping[str, Part]


def pieces(lesson: Lesson) -> Pieces:
    """The pieces of a lesson."""
    units = views.units(lesson)
    return Pieces(lesson, [unit.text for unit in units], parts(lesson, units))


def usable_terms(earlier: Earlier) -> Earlier:
    """The index before, when its terms were made as they are now."""
    recipe = earlier.recipe
    return earlier if recipe and recipe.analyzer == ANALYZER else Earlier(None)


def usable_vectors(
    earlier: Earlier, recipe: Recipe, made_of: Pieces, encoder: DocumentEncoder
) -> Earlier:
    """The index before, when its vectors are what the encoder still makes of its texts."""
    nothing = Earlier(None)
    if earlier.recipe is None or _encoding(earlier.recipe) != _encoding(recipe):
        return nothing
    kept = []
    for source, part in made_of.parts.items():
        known = earlier.vectors(source, made_of.lesson.passages[part.passages])
        if known is not None:
            kept.append((part, known))
    for part, known in kept[:: max(1, len(kept) // _CANARIES)][:_CANARIES]:
        if not alike(encoder.encode_documents(made_of.texts[part.vectors]), known):
            return nothing
    return earlier


def _encoding(recipe: Recipe) -> tuple[object, ...]:
    return (
        recipe.encoder,
        recipe.fingerprint,
        recipe.dimension,
        recipe.word_dimension,
        recipe.views,
    )


def terms(
    made_of: Pieces, analyzer: Analyzer, earlier: Earlier, progress: Progress
) -> list[Sequence[str]]:
    """The content terms of each passage."""
    lesson, places = made_of.lesson, made_of.parts
    known = {s: earlier.terms(s, lesson.passages[p.passages]) for s, p in places.items()}
    total = len(lesson.passages) - sum(len(rows or ()) for rows in known.values())
    found: list[Sequence[str]] = []
    done = 0
    for source, part in places.items():
        rows = known[source]
        if rows is not None:
            found += rows
            continue
        for passage in lesson.passages[part.passages]:
            progress("terms", done, total)
            found.append(content_terms(analyzer.terms(passage.plain)))
            done += 1
    progress("terms", done, total)
    return found


def vectors(
    made_of: Pieces, encoder: DocumentEncoder, earlier: Earlier, progress: Progress
) -> FloatArray:
    """The vectors of the lesson's units, encoded document by document.

    A vector depends in its last bits on what is encoded beside it: this way only on its document.
    """
    lesson, texts, places = made_of.lesson, made_of.texts, made_of.parts
    known = {s: earlier.vectors(s, lesson.passages[p.passages]) for s, p in places.items()}
    total = len(texts) - sum(len(v) for v in known.values() if v is not None)
    found: list[FloatArray] = []
    done = 0
    for source, part in places.items():
        made = known[source]
        if made is None:

            def report(now: int, of: int, before: int = done) -> None:
                progress("vectors", before + now, total)

            made = encoder.encode_documents(texts[part.vectors], report)
            done += len(made)
        found.append(made)
    return np.concatenate(found)


def words(
    chosen: Sequence[str], encoder: DocumentEncoder, earlier: Earlier, progress: Progress
) -> FloatArray:
    """The vectors of sorted words, encoded group by group."""
    known = {group: earlier.words(group) for group in word_groups(chosen)}
    total = sum(len(group) for group, made in known.items() if made is None)
    found: list[FloatArray] = []
    done = 0
    for group, rows in known.items():
        made = rows
        if made is None:
            made = encoder.encode_words(group)
            done += len(group)
            progress("words", done, total)
        found.append(made)
    return np.concatenate(found)
