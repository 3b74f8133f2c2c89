"""How much of this machine the reading of one lesson file may take."""

from __future__ import annotations

from dataclasses import dataclass

from rag.errors import CorpusError

MEGABYTE = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """Each is a whole number above 0, and an option of the command line under the same name.

    A file over one of them is refused with a sentence; nothing of it is read half.
    """

    max_file_mb: int = 50  # megabytes of the file as it lies on the disk
    max_text_mb: int = 10  # megabytes of text; a long textbook has about 2
    max_unpacked_mb: int = 200  # megabytes that a .docx or .pptx unpacks to
    max_pages: int = 2000  # of a PDF, slides of a presentation
    max_nesting: int = 100  # elements inside elements, lists in lists, groups in groups
    max_seconds: int = 60  # for one file, on the clock
    max_memory_mb: int = 1024  # megabytes of the process that reads it


AS_USUAL = Limits()


def too_large(source: str, megabytes: int) -> CorpusError:
    """The refusal of a file, or of text in one, of more than so many megabytes."""
    return CorpusError(
        f"The lesson {source} is larger than {megabytes} MB; split it.",
        f"강의 {source}이(가) {megabytes}MB보다 큽니다. 나누어 주세요.",
    )


def too_many_pages(source: str, pages: int, most: int) -> CorpusError:
    """The refusal of a file of too many pages or slides."""
    return CorpusError(
        f"The lesson {source} has {pages:,} pages, and the most is {most:,}; split it.",
        f"강의 {source}이(가) {pages:,}쪽입니다. {most:,}쪽까지 읽으니 나누어 주세요.",
    )


def too_deep(source: str, most: int) -> CorpusError:
    """The refusal of a file with things inside things inside things."""
    return CorpusError(
        f"The lesson {source} is nested more than {most} levels deep; make it flatter.",
        f"강의 {source}이(가) {most}단계보다 깊게 겹쳐 있습니다. 단순하게 고쳐 주세요.",
    )


def too_big_unpacked(source: str, megabytes: int) -> CorpusError:
    """The refusal of an archive that grows too much."""
    return CorpusError(
        f"The lesson {source} unpacks to more than {megabytes} MB; save it without large media.",
        f"강의 {source}의 압축을 풀면 {megabytes}MB가 넘습니다. 큰 그림이나 영상을 빼 주세요.",
    )


def too_slow(source: str, seconds: int) -> CorpusError:
    """The refusal of a file that keeps its reader busy for too long."""
    return CorpusError(
        f"The lesson {source} takes longer than {seconds} seconds to read; split it.",
        f"강의 {source}을(를) 읽는 데 {seconds}초가 넘게 걸립니다. 나누어 주세요.",
    )


def too_hungry(source: str, megabytes: int) -> CorpusError:
    """The refusal of a file that takes its reader too much memory."""
    return CorpusError(
        f"The lesson {source} needs more than {megabytes} MB of memory to read; split it.",
        f"강의 {source}을(를) 읽는 데 메모리가 {megabytes}MB보다 많이 듭니다. 나누어 주세요.",
    )
