"""Many questions in, as many answers out: JSON lines read one at a time, answered in order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rag.answer import Answer
from rag.assistant import Assistant
from rag.errors import LessonError, QuestionFileError

_LONGEST_LINE = 1_000_000  # characters; a row is a question and a few earlier ones


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One row of a question file: ``history`` are earlier questions, oldest first."""

    id: str
    question: str
    history: tuple[str, ...]


def parse_row(line: str, number: int) -> QuestionRow:
    """The question in line ``number`` (from 1) of a file; without an id it gets the number.

    Raises QuestionFileError, naming the line, for anything that is not such a row.
    """
    if len(line) > _LONGEST_LINE:
        raise _broken(number, f"longer than {_LONGEST_LINE:,} characters")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _broken(number, "not JSON") from error
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        raise _broken(number, 'without a "question"')
    return QuestionRow(str(row.get("id", number)), row["question"], _history(row, number))


def _history(row: dict[str, Any], number: int) -> tuple[str, ...]:
    turns = row.get("history") or []
    if not isinstance(turns, list):
        raise _broken(number, 'with a "history" that is not a list')
    asked = [turn.get("question") if isinstance(turn, dict) else turn for turn in turns]
    questions = tuple(turn for turn in asked if isinstance(turn, str))
    if len(questions) != len(asked):
        raise _broken(number, 'with a "history" of something else than questions')
    return questions


def answer_lines(assistant: Assistant, lines: Iterable[str]) -> Iterator[Answer | LessonError]:
    """For each line that is not blank, in order: its answer, or what is wrong with the row.

    One row is held at a time, so memory does not grow with the file.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = parse_row(line, number)
            yield assistant.ask(row.question, row.history, id=row.id)
        except QuestionFileError as error:
            yield error
        except LessonError as error:
            yield QuestionFileError(f"Line {number}: {error}", f"{number}번째 줄: {error.korean}")


def _broken(number: int, reason: str) -> QuestionFileError:
    korean = {
        "not JSON": "JSON이 아니에요",
        'without a "question"': '"question"이 없어요',
        'with a "history" that is not a list': '"history"가 목록이 아니에요',
        'with a "history" of something else than questions': '"history"에 질문이 아닌 것이 있어요',
    }.get(reason, f"줄이 {_LONGEST_LINE:,}자보다 길어요")
    return QuestionFileError(
        f"Line {number} is skipped: it is {reason}.", f"{number}번째 줄을 건너뛰었어요: {korean}."
    )
