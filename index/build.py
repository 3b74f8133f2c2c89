"""Building an index from a lesson, and opening one for searching."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index import make, store, views
from index.earlier import Earlier
from index.generation import Generation
from index.make import DocumentEncoder, Progress
from index.manifest import BUILD_COMMAND, Manifest, Recipe, sources_of
from index.related import word_list
from index.search import HybridRetriever, QueryEncoder
from index.terms import ANALYZER
from index.vectors import Engine, VectorIndex
from rag.errors import IndexMismatch, IndexStoreError
from rag.lesson import Document, Lesson, Passage
from rag.search import Analyzer
from rag.tuned import FusionWeights

# Tells how a document was cut before; None for one that was not.
Known = Callable[[Document], tuple[Passage, ...] | None]
Reader = Callable[[Known], Lesson]


def recipe_of(encoder: DocumentEncoder, cutter: str, documents: tuple[Document, ...]) -> Recipe:
    """What an index of these documents, cut and encoded so, depends on."""
    return Recipe(
        encoder=encoder.name,
        fingerprint=encoder.fingerprint,
        dimension=encoder.dimension,
        word_dimension=encoder.word_dimension,
        cutter=cutter,
        views=views.SETTINGS,
        analyzer=ANALYZER,
        sources=sources_of(documents),
    )


def build(
    folder: Path,
    lesson: Lesson | Reader,
    cutter: str,
    encoder: DocumentEncoder,
    analyzer: Analyzer,
    progress: Progress,
    full: bool = False,
) -> tuple[Manifest, bool]:
    """Makes the index of the lesson the current one; nothing is done when it already is.

    What is the same as in the index before is taken over from it, which gives the same bytes as
    making it again; ``full`` makes all of it again. Another build of the folder is waited for.
    Returns the manifest and whether anything was built. A damaged or outdated index is replaced.
    Raises IndexStoreError when the folder cannot be written; the old index is then untouched.
    """
    with store.writing(folder, lambda: progress("waiting", 0, 1)) as refused:
        before = _before(folder)
        if before and not before.notice and not refused:
            store.remove_old(folder)
        earlier = Earlier(None if full else before)
        if not isinstance(lesson, Lesson):
            same_cutter = earlier.recipe and earlier.recipe.cutter == cutter
            lesson = lesson(earlier.passages if same_cutter else Earlier(None).passages)
        recipe = recipe_of(encoder, cutter, lesson.documents)
        if before and not before.notice and not full and before.manifest.recipe == recipe:
            return before.manifest, False
        if refused:
            raise refused
        made_of = make.pieces(lesson)
        terms = make.terms(made_of, analyzer, make.usable_terms(earlier), progress)
        earlier = make.usable_vectors(earlier, recipe, made_of, encoder)
        vectors = make.vectors(made_of, encoder, earlier, progress)
        words = make.words(word_list(terms), encoder, earlier, progress)
        previous = before.manifest.generation if before else None
        return store.save(folder, recipe, lesson, terms, vectors, words, previous), True


def _before(folder: Path) -> Generation | None:
    try:
        return store.load(folder)
    except IndexStoreError:
        return None  # none yet, damaged, or another format: exactly what building is for


def check(present: Recipe, wanted: Recipe) -> None:
    """Raises IndexMismatch when an index made by one recipe cannot serve for the other."""
    if present == wanted:
        return
    if present.encoder == wanted.encoder and present.fingerprint != wanted.fingerprint:
        raise IndexMismatch(
            f"The encoder {wanted.encoder} has changed since the index was built; "
            f"run `{BUILD_COMMAND} --encoder {wanted.encoder}`.",
            f"색인을 만든 뒤 {wanted.encoder} 인코더가 바뀌었습니다. "
            f"`{BUILD_COMMAND} --encoder {wanted.encoder}`를 실행해 주세요.",
        )
    if present.encoder != wanted.encoder:
        raise IndexMismatch(
            f"The index was built with the encoder {present.encoder}, not with {wanted.encoder}; "
            f"run `{BUILD_COMMAND} --encoder {wanted.encoder}`.",
            f"색인이 {wanted.encoder}가 아닌 {present.encoder} 인코더로 만들어졌습니다. "
            f"`{BUILD_COMMAND} --encoder {wanted.encoder}`를 실행해 주세요.",
        )
    if present.sources != wanted.sources:
        raise IndexMismatch(
            f"The lesson has changed since the index was built; run `{BUILD_COMMAND}`.",
            f"색인을 만든 뒤 강의 파일이 바뀌었습니다. `{BUILD_COMMAND}`를 실행해 주세요.",
        )
    raise IndexMismatch(
        f"The index was built with other settings; run `{BUILD_COMMAND}`.",
        f"색인이 다른 설정으로 만들어졌습니다. `{BUILD_COMMAND}`를 실행해 주세요.",
    )


def retriever(
    generation: Generation,
    encoder: QueryEncoder,
    analyzer: Analyzer,
    weights: FusionWeights,
    engine: Engine | None = None,
) -> HybridRetriever:
    """A retriever over one generation of the index; ``engine`` is FAISS on the CPU by default."""
    return HybridRetriever(
        generation.lesson,
        generation.terms,
        VectorIndex(generation.vectors, engine),
        generation.words,
        encoder,
        analyzer,
        weights,
    )
