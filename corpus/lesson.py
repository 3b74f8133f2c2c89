"""From lesson files to the tree of passages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.markdown import cut
from corpus.source import STANDARD, Reading, read_corpus
from rag.errors import CorpusError
from rag.lesson import Document, Lesson, Passage

# Changes whenever the same file would be converted or cut otherwise: an index knows its cutter.
CUTTER = "markdown-4, converters-2"
DEFAULT_CORPUS = Path(__file__).parent / "lesson-12.6-nvidia-cloud-solutions.md"


def read_lesson(
    path: Path,
    known: Callable[[Document], tuple[Passage, ...] | None] = lambda document: None,
    reading: Reading = STANDARD,
) -> Lesson:
    """The documents at ``path`` (a file or a folder) and their passages, in reading order.

    ``known`` gives the passages of a document that this cutter has cut before, or None.
    Raises CorpusError as ``read_corpus`` does, and when no word is left without the markup.
    """
    documents = read_corpus(path, reading)
    cuts = (known(document) or cut(document) for document in documents)
    passages = tuple(passage for passages in cuts for passage in passages)
    if not passages:
        raise CorpusError(
            f"The lesson {path} holds no words; write some into it.",
            f"강의 {path}에 글이 없습니다. 내용을 적어 주세요.",
        )
    return Lesson(documents, passages)
