"""``lesson-qa evaluate``: a question set asked and scored, and the report about it."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.lesson import CUTTER, read_lesson
from corpus.markdown import cut
from corpus.questions import BASELINE, suite
from rag.assistant import Assistant
from rag.errors import QuestionFileError
from rag.evaluation import Row, answer_row, by, difference, interval, metrics, search_row
from rag.gold import GoldQuestion, parse_gold, parse_korquad
from rag.lesson import Lesson
from ui.reading import lesson_of
from ui.retrieval import retrieval
from ui.settings import Settings
from ui.terminal import ProgressLine
from ui.wiring import Parts, Progress, assistant_of, load_parts

Work = tuple[Assistant, list[GoldQuestion], Callable[[Assistant, GoldQuestion], Row]]


def evaluate(settings: Settings, options: argparse.Namespace) -> int:
    """Scores a question set; 1 when the gate finds a significant fall."""
    questions = Path(options.questions) if options.questions else None
    progress = ProgressLine(settings.language)
    rows, found = run(settings, progress, questions, options.split)
    _print_table(rows, found)
    if options.report:
        from ui.report import write_report

        write_report(Path(options.report), rows, found)
        print(f"{options.report}/report.html", file=sys.stderr)
    if options.write_baseline:
        _write_baseline(Path(options.write_baseline), rows)
    baseline = options.baseline or (str(BASELINE) if options.gate else None)
    return _compare(rows, Path(baseline), options.gate) if baseline else 0


def run(
    settings: Settings,
    progress: Progress,
    questions: Path | None = None,
    split: str | None = None,
    parts: Parts | None = None,
) -> tuple[list[Row], Mapping[str, float]]:
    """Asks and scores a question set, or the project's own; returns the rows and the metrics.

    Raises QuestionFileError when the file is no question set over the corpus.
    """
    with tempfile.TemporaryDirectory() as folder:
        chosen = (questions, split)
        work = _work(settings, chosen, Path(folder), progress, parts or load_parts(settings))
        rows = _answer_all(work, progress)
    return rows, {**retrieval(rows), **(metrics(rows) if any(r.answer for r in rows) else {})}


def _work(
    settings: Settings,
    chosen: tuple[Path | None, str | None],
    folder: Path,
    progress: Progress,
    parts: Parts,
) -> list[Work]:
    """Which questions are asked of which assistant, and how they are scored."""
    path, split = chosen
    if path is not None:
        text = _read(path)
        if path.suffix.lower() == ".json":
            documents, questions = parse_korquad(text)
            lesson = Lesson(documents, tuple(p for d in documents for p in cut(d)))
            return [
                (fresh_assistant(lesson, settings, folder, parts, progress), questions, search_row)
            ]
        questions = _of_split(parse_gold(text, path.name), split)
        lesson = lesson_of(settings)
        return [(fresh_assistant(lesson, settings, folder, parts, progress), questions, answer_row)]
    work: list[Work] = []
    for file, document in suite():
        gold = _of_split(parse_gold(_read(file), file.name), split)
        mine = [question for question in gold if question.document == document.name]
        if not mine:
            continue
        place = folder / document.stem
        lesson = read_lesson(document)
        work.append((fresh_assistant(lesson, settings, place, parts, progress), mine, answer_row))
    return work


def fresh_assistant(
    lesson: Lesson, settings: Settings, folder: Path, parts: Parts, progress: Progress
) -> Assistant:
    """An assistant over a fresh index: an evaluation never answers from an old one."""
    from index import build, store

    build.build(folder, lesson, CUTTER, parts.encoder, parts.analyzer, progress)
    return assistant_of(store.load(folder), parts, settings)


def _of_split(questions: list[GoldQuestion], split: str | None) -> list[GoldQuestion]:
    return [question for question in questions if split in (None, question.split)]


def _answer_all(work: Sequence[Work], progress: Progress) -> list[Row]:
    total = sum(len(questions) for _, questions, _ in work)
    rows: list[Row] = []
    for assistant, questions, row_of in work:
        for question in questions:
            progress("questions", len(rows), total)
            try:
                rows.append(row_of(assistant, question))
            except ValueError as error:
                raise QuestionFileError(
                    f"The gold evidence of question {question.id} is not in the lesson; "
                    "mend the question file or choose its --corpus.",
                    f"질문 {question.id}의 근거가 강의에 없습니다. "
                    "질문 파일을 고치거나 --corpus를 골라 주세요.",
                ) from error
    progress("questions", total, total)
    return rows


def _print_table(rows: Sequence[Row], found: Mapping[str, float]) -> None:
    """The metrics, then how many are right of each kind, with 95 % intervals, on stdout."""
    for name, value in found.items():
        print(f"{name:<20}{value:>10.3f}")
    if not any(row.answer for row in rows):
        return
    print(f"\n{'kind':<24}{'right':>8}{'of':>6}   95 %")
    for kind, group in by(rows, lambda row: row.gold.kind).items():
        right = [row.score.correct for row in group]
        low, high = interval(right)
        print(f"{kind:<24}{sum(right):>8.0f}{len(group):>6}   {low:.2f}-{high:.2f}")


def _compare(rows: Sequence[Row], baseline: Path, gate: bool) -> int:
    """The paired difference to an earlier run on stderr; 1 for a significant fall at the gate."""
    path = baseline / "rows.jsonl" if baseline.is_dir() else baseline
    old = dict(_old_rows(_read(path), path))
    change = difference({row.gold.id: row.score.correct for row in rows}, old)
    print(
        f"correct {change.mean:+.3f} (95 %: {change.low:+.3f} to {change.high:+.3f}) "
        f"against {path.name}; better: {len(change.better)}, worse: {len(change.worse)}",
        file=sys.stderr,
    )
    for name, ids in (("better", change.better), ("worse", change.worse)):
        if ids:
            print(f"  {name}: {', '.join(ids)}", file=sys.stderr)
    if gate and change.significant_fall:
        print("lesson-qa: the answers got significantly worse.", file=sys.stderr)
        return 1
    return 0


def _old_rows(text: str, path: Path) -> Iterator[tuple[str, float]]:
    for line in text.splitlines():
        try:
            row = json.loads(line)
            yield str(row["id"]), float(row["correct"])
        except (ValueError, KeyError, TypeError) as error:
            raise QuestionFileError(
                f"{path} holds no rows of an evaluation.",
                f"{path}은(는) 평가 결과 파일이 아닙니다.",
            ) from error


def _write_baseline(path: Path, rows: Sequence[Row]) -> None:
    lines = [json.dumps({"id": row.gold.id, "correct": row.score.correct}) for row in rows]
    with _told(path):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def row_json(row: Row) -> dict[str, Any]:
    """One row as ``rows.jsonl`` keeps it."""
    return {
        "id": row.gold.id,
        "correct": row.score.correct,
        "kind": row.gold.kind,
        "document": row.gold.document,
        "split": row.gold.split,
        "answerable": row.gold.answerable,
        "question": row.gold.question,
        "history": list(row.gold.history),
        "gold_evidence": list(row.gold.evidence),
        "gold_facts": [list(fact) for fact in row.gold.facts],
        "answer": row.answer.to_json() if row.answer else None,
        "understood": row.answer.understood if row.answer else "",
        "probability": round(row.probability, 4),
        "ranked": list(row.ranked),
        "relevant": list(row.relevant),
        "error": row.error,
        **asdict(row.score),
    }


def _read(path: Path) -> str:
    with _told(path):
        return path.read_bytes().decode("utf-8-sig", "replace")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise QuestionFileError(
            f"{path} cannot be read or written: {error.strerror or error}.",
            f"{path}을(를) 읽거나 쓸 수 없습니다: {error.strerror or error}.",
        ) from error
