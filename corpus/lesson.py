"""From lesson files to the tree of passages."""

from __future__ import annotations

from pathlib import Path

from corpus.markdown import cut
from corpus.source import STANDARD, Reading, read_corpus
from rag.errors import CorpusError
from rag.lesson import Lesson

# Changes whenever the same file would be converted or cut otherwise: an index knows its cutter.
CUTTER = "markdown-1, converters-1"
DEFAULT_CORPUS = Path(__file__).parent / "lesson-12.6-nvidia-cloud-solutions.md"


def read_lesson(path: Path, reading: Reading = STANDARD) -> Lesson:
    """The documents at ``path`` (a file or a folder) and their passages, in reading order.

    Raises CorpusError as ``read_corpus`` does, and when no word is left without the markup.
    """
    documents = read_corpus(path, reading)
    passages = tuple(passage for document in documents for passage in cut(document))
    if not passages:
        raise CorpusError(
            f"The lesson {path} holds no words; write some into it.",
            f"강의 {path}에 글이 없습니다. 내용을 적어 주세요.",
        )
    return Lesson(documents, passages)
