"""Every way Lesson Q&A can fail, each one sentence that a student or an operator can read.

    LessonError                 base; exit code 1
    ├── UsageError              wrong words on the command line or in the environment; exit code 2
    ├── QuestionError           the question cannot be asked (empty, too long, not text)
    ├── QuestionFileError       a question file or one of its rows cannot be read
    ├── CorpusError             a lesson is missing, empty, too large or not readable text
    ├── EncoderError            an encoder cannot be loaded or gives unusable vectors
    ├── BusyError               another rebuild or evaluation is going on
    ├── FeedbackError           an opinion about an answer cannot be kept or read
    └── IndexStoreError         the index cannot be used
        ├── IndexMissing        there is none yet
        ├── IndexMismatch       it was built from another corpus, encoder or setting
        └── IndexDamaged        a file of it is missing, cut short or changed

Errors of outside libraries are translated where they enter, with the cause kept. The command line
shows one in one place, the chat page in one place; nothing else catches them.
"""

from __future__ import annotations


class LessonError(Exception):
    """A failure told in one sentence.

    ``str(error)`` is the sentence in English; ``error.korean`` is the same sentence in Korean.
    """

    exit_code = 1

    def __init__(self, english: str, korean: str) -> None:
        super().__init__(english)
        self.korean = korean

    def sentence(self, language: str) -> str:
        """The sentence in "ko" or, for any other language, in English."""
        return self.korean if language == "ko" else str(self)


class UsageError(LessonError):
    """Wrong words on the command line or in the environment."""

    exit_code = 2


class QuestionError(LessonError):
    """The question cannot be asked: it is empty, too long or not text."""


class QuestionFileError(LessonError):
    """A question file, or a row of one, cannot be read."""


class CorpusError(LessonError):
    """A lesson is missing, empty, too large or not readable text."""


class EncoderError(LessonError):
    """An encoder cannot be loaded, or gives vectors that cannot be searched."""


class BusyError(LessonError):
    """Another rebuild or evaluation is going on."""


class FeedbackError(LessonError):
    """An opinion about an answer cannot be kept, or those kept cannot be read."""


class IndexStoreError(LessonError):
    """The index cannot be used."""


class IndexMissing(IndexStoreError):
    """There is no index yet."""


class IndexMismatch(IndexStoreError):
    """The index was built from another corpus, encoder, setting or format."""


class IndexDamaged(IndexStoreError):
    """A file of the index is missing, cut short or changed."""
