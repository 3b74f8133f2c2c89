"""The parts put together: from settings to an assistant that answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.lesson import CUTTER, read_lesson
from rag.assistant import Assistant
from rag.errors import IndexMissing, LessonError
from rag.tuned import tuned
from ui.settings import Settings

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.manifest import Manifest

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Service:
    """A working assistant and what the page and ``index info`` say about it."""

    assistant: Assistant
    device: str  # "CPU" or "CUDA (name of the GPU)"
    encoder: str
    generation: str
    notices: Callable[[], tuple[LessonError, ...]]  # what went wrong and was worked around


def load_encoder(settings: Settings) -> Encoder:
    """The encoder of the settings; importing what it needs takes seconds, so only here."""
    from index.encoder import Encoder

    return Encoder.load(settings.encoder, settings.device)


def build_index(settings: Settings, progress: Progress) -> tuple[Manifest, bool]:
    """Makes the index of the corpus current; returns its manifest and whether it was built."""
    from index.build import build
    from index.terms import KiwiAnalyzer

    lesson = read_lesson(settings.corpus)
    return build(settings.index, lesson, CUTTER, load_encoder(settings), KiwiAnalyzer(), progress)


def open_service(settings: Settings, progress: Progress) -> Service:
    """Opens the index of the corpus, building it first when there is none.

    Raises a LessonError when the corpus cannot be read or the index cannot be used; an index that
    does not match is refused, not replaced: that is for the user to decide.
    """
    from index import build, store
    from index.terms import KiwiAnalyzer

    lesson = read_lesson(settings.corpus)
    encoder, analyzer = load_encoder(settings), KiwiAnalyzer()
    try:
        generation = store.load(settings.index)
    except IndexMissing:
        build.build(settings.index, lesson, CUTTER, encoder, analyzer, progress)
        generation = store.load(settings.index)
    build.check(generation.manifest.recipe, build.recipe_of(encoder, CUTTER, lesson.documents))
    numbers = tuned()
    retriever = build.retriever(generation, encoder, analyzer, numbers.fusion)
    return Service(
        assistant=Assistant(generation.lesson, retriever, analyzer, numbers),
        device=encoder.device,
        encoder=encoder.name,
        generation=generation.manifest.generation,
        notices=lambda: tuple(encoder.notices),
    )
