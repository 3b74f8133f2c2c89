"""The parts put together: from settings to an assistant that answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from corpus.lesson import CUTTER
from rag.assistant import Assistant
from rag.errors import IndexMissing, IndexStoreError, LessonError
from rag.lesson import Document
from rag.tuned import tuned
from ui.reading import Skipped, documents_of, lesson_of
from ui.settings import Settings

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.generation import Generation
    from index.manifest import Manifest, Recipe
    from index.reader import LessonReader
    from index.reranker import Reranker
    from index.terms import KiwiAnalyzer
    from index.vectors import Engine, FloatArray

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Service:
    """A working assistant and what the page and ``index info`` say about it."""

    assistant: Assistant
    device: str  # "CPU" or "CUDA (name of the GPU)"
    encoder: str
    generation: str
    notices: Callable[[], tuple[LessonError, ...]]  # what went wrong and was worked around


class Live:
    """The service that answers now. A rebuild puts another in its place in one assignment.

    Whoever asks takes ``service`` once and so never sees half of two.
    """

    def __init__(self, service: Service) -> None:
        self.service = service


def load_encoder(settings: Settings) -> Encoder:
    """The encoder of the settings; importing what it needs takes seconds, so only here."""
    from index.encoder import Encoder

    return Encoder.load(settings.encoder, settings.device)


def reader_name(settings: Settings) -> str:
    """What reads the first hits again, or "none": by default the packaged reader, if installed."""
    from index import reader

    if settings.reranker == "auto":
        return reader.NAME if reader.installed() else "none"
    return settings.reranker


def load_reader(
    settings: Settings, tell_fall_back: Callable[[], None] = lambda: None
) -> LessonReader | Reranker | None:
    """The reader of the settings; None where there is none."""
    from index import reader

    name = reader_name(settings)
    if name == "none":
        return None
    if name == reader.NAME:
        return reader.LessonReader.load(settings.device, tell_fall_back=tell_fall_back)
    from index.reranker import Reranker

    return Reranker.load(name, settings.device)


def _indexed(settings: Settings) -> tuple[Document, ...]:
    """The documents of the index there is, so that those that did not change are read no more."""
    from index import store

    try:
        return known_of(store.load(settings.index))
    except IndexStoreError:
        return ()


def known_of(generation: Generation) -> tuple[Document, ...]:
    """The documents of a generation that need not be converted again: by today's converters."""
    same = generation.manifest.recipe.cutter == CUTTER
    return generation.lesson.documents if same else ()


@dataclass(frozen=True)
class Parts:
    """What takes seconds to load and serves any number of lessons."""

    encoder: Encoder
    analyzer: KiwiAnalyzer
    reader: LessonReader | Reranker | None = None


def index_parts(settings: Settings) -> Parts:
    """What making an index takes: no reader."""
    from index.terms import KiwiAnalyzer

    return Parts(load_encoder(settings), KiwiAnalyzer())


def load_parts(settings: Settings) -> Parts:
    """What answering takes, loaded: the encoder, Kiwi and the reader of the settings."""
    parts = index_parts(settings)
    parts.analyzer.terms("준비")  # loads Kiwi now, so that no answer's time holds it
    return replace(parts, reader=load_reader(settings, parts.encoder.tell_fall_back))


def build_index(
    settings: Settings,
    progress: Progress,
    parts: Parts | None = None,
    full: bool = False,
    skipped: Skipped | None = None,
) -> tuple[Manifest, bool]:
    """Makes the index of the corpus current; returns its manifest and whether it was built.

    What did not change is taken over from the index before; with ``full`` nothing is. ``skipped``
    is told of each lesson that cannot be read.
    """
    from index.build import build

    parts = parts or index_parts(settings)
    documents = tuple if full else partial(_indexed, settings)
    return build(
        settings.index,
        lambda known: lesson_of(settings, progress, documents, skipped, known),
        CUTTER,
        parts.encoder,
        parts.analyzer,
        progress,
        full,
    )


def verify_index(
    settings: Settings, progress: Progress, parts: Parts | None = None, every: bool = False
) -> Manifest:
    """Checks every file of the index, and that it says what the corpus and the encoder say.

    ``every`` passage is made again, not only a sample. Returns the manifest. Raises CorpusError
    when the corpus cannot be read, IndexStoreError when anything is wrong with the index.
    """
    from index import build, verify
    from index.manifest import sources_of

    generation = verify.check_files(settings.index)
    lesson = lesson_of(settings, progress, skipped=Skipped(settings, quiet=True))  # nothing trusted
    present = generation.manifest.recipe
    # What takes no encoder to find is told first: loading one takes seconds.
    build.check(present, replace(present, cutter=CUTTER, sources=sources_of(lesson.documents)))
    parts = parts or index_parts(settings)
    build.check(present, build.recipe_of(parts.encoder, CUTTER, lesson.documents))
    verify.check_content(generation, lesson, parts.encoder, parts.analyzer, progress, every)
    return generation.manifest


def open_service(settings: Settings, progress: Progress, parts: Parts | None = None) -> Service:
    """Opens the index of the corpus, building it first when there is none.

    Of a damaged index the one before is opened, with a notice. Raises a LessonError when the corpus
    cannot be read or the index cannot be used; an index that does not match is refused, not
    replaced: that is for the user to decide.
    """
    from index import build, store

    try:
        generation = store.load(settings.index)
    except IndexMissing:
        parts = parts or load_parts(settings)
        build_index(settings, progress, parts)
        generation = store.load(settings.index)
    documents = documents_of(settings, lambda: known_of(generation))
    parts = parts or load_parts(settings)
    wanted = build.recipe_of(parts.encoder, CUTTER, documents)
    if generation.notice:  # of the others, the one that fits best
        generation = store.load(settings.index, wanted)
    _check(generation, wanted, documents)
    return service_of(generation, parts, settings)


def _check(generation: Generation, wanted: Recipe, documents: tuple[Document, ...]) -> None:
    from index import build
    from index.matrix import damaged

    present = generation.manifest.recipe
    if generation.notice:  # of the lessons as they were: the notice says so
        wanted = replace(wanted, sources=present.sources)
    build.check(present, wanted)
    if not generation.notice and generation.lesson.documents != documents:
        raise damaged("documents.jsonl")


def service_of(generation: Generation, parts: Parts, settings: Settings) -> Service:
    """A service over one generation of an index."""
    from index.device import device_name

    encoder = parts.encoder
    return Service(
        assistant=assistant_of(generation, parts, settings),
        device=device_name(encoder.device),
        encoder=encoder.name,
        generation=generation.manifest.generation,
        notices=lambda: (*([generation.notice] if generation.notice else []), *encoder.notices),
    )


def assistant_of(generation: Generation, parts: Parts, settings: Settings) -> Assistant:
    """An assistant over one generation of an index, with the tuned numbers."""
    from index import build

    numbers = tuned(settings.encoder, parts.reader.name if parts.reader else "")
    if settings.threshold is not None:
        numbers = replace(numbers, abstain=replace(numbers.abstain, threshold=settings.threshold))
    encoder = parts.encoder
    engine = _gpu_engine(generation.vectors, encoder) if encoder.device == "cuda" else None
    retriever = build.retriever(generation, encoder, parts.analyzer, numbers.fusion, engine)
    lesson, analyzer = generation.lesson, retriever.analyzer
    return Assistant(lesson, retriever, analyzer, numbers, reader=parts.reader)


def _gpu_engine(vectors: FloatArray, encoder: Encoder) -> Engine:
    from index.gpu import FallbackEngine, TorchEngine

    return FallbackEngine(vectors, lambda v: TorchEngine(v, "cuda"), encoder.tell_fall_back)
