"""How the lessons of the settings are read, and what is told of those that cannot be."""

from __future__ import annotations

import sys
from collections.abc import Callable

from corpus.lesson import read_lesson
from corpus.source import Reading, read_corpus
from rag.errors import CorpusError
from rag.lesson import Document, Lesson, Passage
from ui.settings import Settings

Progress = Callable[[str, int, int], None]


class Skipped:
    """The lessons that were left out, told on stderr as they are met."""

    def __init__(self, settings: Settings, quiet: bool = False) -> None:
        self._settings, self._quiet = settings, quiet
        self.errors: list[CorpusError] = []

    def __call__(self, error: CorpusError) -> None:
        """Keeps and, unless quiet, tells why one is left out."""
        self.errors.append(error)
        if not self._quiet:
            sys.stderr.write(f"lesson-qa: {error.sentence(self._settings.language)}\n")

    def check(self) -> None:
        """Raises CorpusError when some were left out and the settings are strict."""
        if self.errors and self._settings.strict:
            count = len(self.errors)
            raise CorpusError(
                f"{count} of the lessons cannot be read, and --strict allows none.",
                f"강의 {count}개를 읽을 수 없습니다. --strict는 하나도 빠뜨리지 않습니다.",
            )

    def summary(self, read: int) -> str:
        """How many lessons were read, and how many left out; nothing when none was."""
        count = len(self.errors)
        if not count:
            return ""
        if self._settings.language == "ko":
            return f"강의 {read}개를 읽었고 {count}개는 읽지 못해 건너뛰었습니다."
        return f"{read} lessons read, {count} skipped."


def lesson_of(
    settings: Settings,
    progress: Progress | None = None,
    known: Callable[[], tuple[Document, ...]] = tuple,
    skipped: Skipped | None = None,
    cut_before: Callable[[Document], tuple[Passage, ...] | None] = lambda document: None,
) -> Lesson:
    """The lesson of the settings; what cannot be read of a folder is told and left out.

    ``known()`` gives the documents of an index, which need not be converted again; ``cut_before``
    gives the passages of a document that was cut before, or None. Raises CorpusError when nothing
    can be read, and when something cannot and the settings are strict.
    """
    skipped = skipped or Skipped(settings)
    lesson = read_lesson(settings.corpus, cut_before, _reading(settings, skipped, known, progress))
    skipped.check()
    return lesson


def documents_of(
    settings: Settings, known: Callable[[], tuple[Document, ...]] = tuple
) -> tuple[Document, ...]:
    """The documents alone, without a word on those left out: their index was built without them.

    Raises CorpusError as ``lesson_of`` does.
    """
    skipped = Skipped(settings, quiet=True)
    documents = read_corpus(settings.corpus, _reading(settings, skipped, known))
    skipped.check()
    return documents


def _reading(
    settings: Settings,
    skipped: Skipped,
    known: Callable[[], tuple[Document, ...]],
    progress: Progress | None = None,
) -> Reading:
    def tell(done: int, total: int) -> None:
        if progress:
            progress("documents", done, total)

    return Reading(settings.limits, known, skipped, tell)
