"""Whether an index is whole, and whether it says what its lesson and its encoder say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index import make
from index.earlier import Earlier, alike
from index.generation import Generation, read_generation
from index.make import DocumentEncoder, Progress
from index.manifest import BUILD_COMMAND
from index.matrix import damaged
from index.pointer import read_pointer
from index.related import word_list
from index.terms import content_terms
from index.vectors import FloatArray, VectorIndex
from rag.errors import IndexDamaged, IndexStoreError
from rag.lesson import Lesson
from rag.search import Analyzer

_SAMPLE = 64  # passages and words that are made again, spread evenly


def check_files(folder: Path) -> Generation:
    """The current generation, with every byte of it and of the one before checked by its hash.

    Counts, ids, the tree, offsets into the stored sources, the shapes of the vectors and their
    lengths are checked too. Raises IndexMissing, IndexMismatch or IndexDamaged.
    """
    pointer = read_pointer(folder)
    generation = read_generation(folder / pointer.current)
    if pointer.previous:
        try:
            read_generation(folder / pointer.previous)
        except IndexStoreError as error:
            raise IndexDamaged(
                "The index is whole, but the one before it, which is kept for emergencies, is "
                f"damaged; run `{BUILD_COMMAND} --full`.",
                "색인은 온전하지만 비상용으로 남겨 둔 그 전 색인이 손상되었습니다. "
                f"`{BUILD_COMMAND} --full`을 실행해 주세요.",
            ) from error
    return generation


def check_content(
    generation: Generation,
    lesson: Lesson,
    encoder: DocumentEncoder,
    analyzer: Analyzer,
    progress: Progress,
    every: bool = False,
) -> None:
    """Checks what hashes cannot tell: an index that was made to deceive, or on a broken machine.

    ``lesson`` is what the generation was made of, read and cut again; all passages are compared
    with it. Terms and vectors are made again and compared for a sample, or with ``every`` for all,
    and each passage of the sample must be what is found for its own words.
    Raises IndexDamaged naming the file.
    """
    if generation.lesson != lesson:
        raise damaged("passages.jsonl")
    made_of = make.pieces(lesson)
    texts = made_of.texts
    words = word_list(generation.terms)
    if len(texts) != len(generation.vectors):
        raise damaged("vectors.npy")
    if every:
        nothing = Earlier(None)
        terms = make.terms(made_of, analyzer, nothing, progress)
        vectors = make.vectors(made_of, encoder, nothing, progress)
        word_vectors = make.words(words, encoder, nothing, progress)
        _same_terms(generation, range(len(terms)), terms)
        _same(generation.vectors, vectors, "vectors.npy")
        _same(generation.words, word_vectors, "words.npy")
    rows = _spread(len(lesson.passages))
    plain = [lesson.passages[row].plain for row in rows]
    _same_terms(generation, rows, [content_terms(analyzer.terms(text)) for text in plain])
    rows = _spread(len(words))
    again = encoder.encode_words([words[row] for row in rows])
    _same(generation.words[rows], again, "words.npy")
    rows = _spread(len(texts))
    again = encoder.encode_documents([texts[row] for row in rows])
    _same(generation.vectors[rows], again, "vectors.npy")
    _find_themselves(generation.vectors, rows, texts, again)


def _spread(count: int) -> list[int]:
    """At most _SAMPLE of the numbers below ``count``, the first and the last among them."""
    return [int(row) for row in np.unique(np.linspace(0, count - 1, _SAMPLE).round())]


def _same_terms(
    generation: Generation, rows: Sequence[int], terms: Sequence[Sequence[str]]
) -> None:
    if [generation.terms[row] for row in rows] != [tuple(row) for row in terms]:
        raise damaged("terms.jsonl")


def _same(stored: FloatArray, made: FloatArray, name: str) -> None:
    if not alike(stored, made):
        raise damaged(name)


def _find_themselves(
    vectors: FloatArray, rows: Sequence[int], texts: Sequence[str], queries: FloatArray
) -> None:
    index = VectorIndex(vectors)
    for row, query in zip(rows, queries, strict=True):
        scores, found = index.search(query, 1)
        own = index.score(query, np.array([row]))[0]
        if texts[found[0]] != texts[row] and scores[0] - own > 1e-4:
            raise damaged("vectors.npy")
