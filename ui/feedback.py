"""What students thought of answers: kept line by line, read by the teacher."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.answer import Answer
from rag.errors import FeedbackError

LONGEST_REASON = 1_000  # characters
LARGEST = 10_000_000  # bytes of the file; visitors write it, so it has an end


@dataclass(frozen=True, slots=True)
class Opinion:
    """One answer with what a student thought of it."""

    liked: bool
    reason: str
    question: str
    history: tuple[str, ...]
    sources: tuple[str, ...]  # documents the student had chosen; empty for all
    answer: str
    abstained: bool
    quotes: tuple[str, ...]
    generation: str  # of the index that gave the answer
    time: str  # when it was kept, ISO 8601 in UTC
    mark: str = ""  # of the answer in the student's page; a later opinion replaces one with it


class Feedback:
    """A JSON-lines file of opinions. Any number of threads may add to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def add(
        self,
        answer: Answer,
        history: Sequence[str],
        sources: Sequence[str],
        generation: str,
        liked: bool,
        reason: str,
        mark: str = "",
    ) -> None:
        """Keeps what a student thought of an answer, in one write.

        Raises FeedbackError when the reason is too long, the file is full or cannot be written.
        """
        if len(reason) > LONGEST_REASON:
            raise FeedbackError(
                f"A reason has at most {LONGEST_REASON:,} characters.",
                f"이유는 {LONGEST_REASON:,}자까지 적을 수 있어요.",
            )
        opinion = Opinion(
            liked=liked,
            reason=reason.strip(),
            question=answer.question,
            history=tuple(history),
            sources=tuple(sources),
            answer=answer.answer,
            abstained=answer.abstained,
            quotes=tuple(citation.quote for citation in answer.citations),
            generation=generation,
            time=datetime.now(UTC).isoformat(timespec="seconds"),
            mark=mark,
        )
        line = json.dumps(asdict(opinion), ensure_ascii=False) + "\n"
        try:
            with self._lock:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self.path.open("ab") as file:
                    if file.tell() + len(line.encode()) > LARGEST:
                        raise OSError(28, "the file is full")
                    file.write(line.encode())
        except OSError as error:
            raise FeedbackError(
                f"The opinion could not be kept: {error.strerror or error}.",
                f"의견을 저장하지 못했어요: {error.strerror or error}.",
            ) from error

    def recent(self, count: int) -> list[Opinion]:
        """The latest opinions, newest first, without replaced ones and broken lines.

        Raises FeedbackError when the file is there and cannot be read.
        """
        try:
            lines = self.path.read_bytes().decode("utf-8", "replace").split("\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise FeedbackError(
                f"The opinions in {self.path} cannot be read: {error.strerror or error}.",
                f"{self.path}의 의견을 읽을 수 없습니다: {error.strerror or error}.",
            ) from error
        found: list[Opinion] = []
        marks: set[str] = set()
        for opinion in filter(None, map(_opinion, reversed(lines))):
            if opinion.mark and opinion.mark in marks:
                continue
            marks.add(opinion.mark)
            found.append(opinion)
            if len(found) == count:
                break
        return found


def question_row(opinion: Opinion, quotes: Sequence[str]) -> dict[str, Any]:
    """The opinion as a row for a question set.

    ``quotes`` are the lesson's words that a right answer rests on; without any, a right answer
    is that the lesson does not say.
    """
    row: dict[str, Any] = {"id": f"feedback-{opinion.time}", "question": opinion.question}
    if opinion.history:
        row["history"] = [{"question": question} for question in opinion.history]
    row["answerable"] = bool(quotes)
    row["evidence"] = list(quotes)
    return row


def _opinion(line: str) -> Opinion | None:
    try:
        raw = json.loads(line)
        lists = {name: tuple(raw[name]) for name in ("history", "sources", "quotes")}
        return Opinion(**{**raw, **lists})
    except (ValueError, TypeError, KeyError):
        return None
