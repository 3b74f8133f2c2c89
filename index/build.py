"""Building an index from a lesson, and opening one for searching."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from index import store, views
from index.manifest import BUILD_COMMAND, Manifest, Recipe, sources_of
from index.related import word_list
from index.search import HybridRetriever, PairScorer
from index.terms import ANALYZER, KiwiAnalyzer, content_terms
from index.vectors import Engine, VectorIndex
from rag.errors import IndexMismatch, IndexStoreError
from rag.lesson import Document, Lesson
from rag.tuned import FusionWeights

if TYPE_CHECKING:
    from index.encoder import Encoder

# Called with a stage ("terms", "vectors"), how much of it is done and how much there is.
Progress = Callable[[str, int, int], None]


def recipe_of(encoder: Encoder, cutter: str, documents: tuple[Document, ...]) -> Recipe:
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
    lesson: Lesson,
    cutter: str,
    encoder: Encoder,
    analyzer: KiwiAnalyzer,
    progress: Progress,
) -> tuple[Manifest, bool]:
    """Makes the index of the lesson the current one; nothing is done when it already is.

    Returns the manifest and whether anything was built. A damaged or outdated index is replaced.
    Raises IndexStoreError when the folder cannot be written; the old index is then untouched.
    """
    recipe = recipe_of(encoder, cutter, lesson.documents)
    try:
        present = store.load(folder)
        if present.manifest.recipe == recipe:
            return present.manifest, False
    except IndexStoreError:
        pass  # none yet, damaged, or another format: exactly what building is for
    terms = []
    for done, passage in enumerate(lesson.passages):
        progress("terms", done, len(lesson.passages))
        terms.append(content_terms(analyzer.terms(passage.plain)))
    texts = [unit.text for unit in views.units(lesson)]
    vectors = encoder.encode_documents(
        texts, progress=lambda done, total: progress("vectors", done, total)
    )
    words = encoder.encode_words(word_list(terms))
    return store.save(folder, recipe, lesson, terms, vectors, words), True


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
    generation: store.Generation,
    encoder: Encoder,
    analyzer: KiwiAnalyzer,
    weights: FusionWeights,
    engine: Engine | None = None,
    reranker: PairScorer | None = None,
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
        reranker,
    )
