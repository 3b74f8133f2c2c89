"""What a teacher can do while the page runs: add lessons, rebuild, evaluate, read opinions."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.source import SUFFIXES, Reading, read_corpus
from index.durable import replace
from rag.errors import BusyError, CorpusError, FeedbackError, QuestionFileError
from ui.feedback import Feedback, Opinion, question_row
from ui.reading import Skipped
from ui.settings import Settings
from ui.wiring import Live, Parts, Progress, build_index, service_of, verify_index


class Desk:
    """The teacher's work on one corpus and its index. One long job at a time."""

    def __init__(self, live: Live, settings: Settings, parts: Parts, feedback: Feedback) -> None:
        self.live, self.settings, self.feedback = live, settings, feedback
        self._parts, self._working = parts, threading.Lock()
        self.skipped = Skipped(settings)  # the lessons that the latest rebuild could not read

    @property
    def questions(self) -> Path:
        """The question set that opinions are turned into."""
        return self.feedback.path.with_name("questions.jsonl")

    def add(self, files: Sequence[Path], overwrite: bool = False) -> list[str]:
        """Copies lessons into the corpus folder; returns their names.

        All are read first, so one that is no lesson leaves the folder as it was. Raises CorpusError
        for such a one, for a name that is taken, and when the corpus is a single file.
        """
        folder = self.settings.corpus
        if not folder.is_dir():
            raise CorpusError(
                "The corpus is a single file; start the page with --corpus FOLDER to add lessons.",
                "강의가 파일 하나입니다. 강의를 더하려면 --corpus 폴더로 페이지를 열어 주세요.",
            )
        contents: dict[str, bytes] = {}
        for file in files:
            if not file.name.lower().endswith(SUFFIXES):
                raise CorpusError(
                    f"The lesson {file.name} is in a format that cannot be read.",
                    f"강의 {file.name}은(는) 읽을 수 없는 형식입니다.",
                )
            read_corpus(file, Reading(self.settings.limits))
            if file.name in contents or (not overwrite and (folder / file.name).exists()):
                raise CorpusError(
                    f"There is a lesson {file.name} already; rename it, or choose to replace it.",
                    f"{file.name} 강의가 이미 있습니다. 이름을 바꾸거나 바꾸어 넣기를 골라 주세요.",
                )
            contents[file.name] = file.read_bytes()
        try:
            for name, data in contents.items():
                replace(folder / name, data)
        except OSError as error:
            raise CorpusError(
                f"The lessons cannot be written to {folder}: {error.strerror or error}.",
                f"강의를 {folder}에 쓸 수 없습니다: {error.strerror or error}.",
            ) from error
        return list(contents)

    def rebuild(self, progress: Progress) -> bool:
        """Makes the index current and answers from it from now on; False when nothing changed.

        Whoever is being answered meanwhile is answered from the index as it was. Raises a
        LessonError when the lessons or the index cannot be used; then all stays as it was.
        """
        from index import store

        with self._alone():
            self.skipped = Skipped(self.settings)
            _, built = build_index(self.settings, progress, self._parts, skipped=self.skipped)
            generation = store.load(self.settings.index)
            if generation.manifest.generation == self.live.service.generation:
                return False
            self.live.service = service_of(generation, self._parts, self.settings)
            return built

    def info(self) -> dict[str, Any]:
        """What answers now: generation, encoder, device, counts."""
        service = self.live.service
        lesson = service.assistant.lesson
        return {
            "generation": service.generation,
            "encoder": service.encoder,
            "device": service.device,
            "lessons": len(lesson.documents),
            "passages": len(lesson.passages),
            "index": str(self.settings.index),
        }

    def verify(self) -> str:
        """Checks the index, its files and its content; returns its generation.

        Raises CorpusError when the lessons cannot be read, IndexStoreError.
        """
        return verify_index(self.settings, lambda stage, done, total: None, self._parts).generation

    def evaluate(self, questions: Path | None, progress: Progress) -> str:
        """Scores the project's own questions, or those of a file, and returns the report's HTML.

        Raises QuestionFileError when the file is no question set over these lessons.
        """
        from ui.evaluate import run
        from ui.report import write_report

        with self._alone(), tempfile.TemporaryDirectory() as folder:
            rows, found = run(self.settings, progress, questions, parts=self._parts)
            write_report(Path(folder), rows, found)
            return (Path(folder) / "report.html").read_text("utf-8")

    def opinions(self, count: int = 50) -> list[Opinion]:
        """The latest opinions, newest first. Raises FeedbackError."""
        return self.feedback.recent(count)

    def keep_question(self, opinion: Opinion, quotes: Sequence[str]) -> dict[str, Any]:
        """Adds the opinion to the question set, with the words a right answer rests on.

        Raises QuestionFileError when a quote is not in a lesson word for word, or when they are of
        several lessons; FeedbackError when the file cannot be written.
        """
        documents = self.live.service.assistant.lesson.documents
        having = [d.source for d in documents if all(quote in d.text for quote in quotes)]
        if quotes and not having:
            raise QuestionFileError(
                "The lesson does not have these words; copy them from it exactly.",
                "강의에 그대로 있는 말이 아닙니다. 강의에서 그대로 복사해 주세요.",
            )
        row = {**question_row(opinion, quotes), "document": having[0] if quotes else ""}
        try:
            with self.questions.open("ab") as file:
                file.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
        except OSError as error:
            raise FeedbackError(
                f"The question could not be kept: {error.strerror or error}.",
                f"질문을 저장하지 못했습니다: {error.strerror or error}.",
            ) from error
        return row

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._working.acquire(blocking=False):
            raise BusyError(
                "A rebuild or an evaluation is going on; wait until it is done.",
                "색인을 만들거나 평가하는 중입니다. 끝난 뒤에 다시 해 주세요.",
            )
        try:
            yield
        finally:
            self._working.release()
