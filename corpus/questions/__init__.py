"""The project's own question sets: where they are and which lesson each is about."""

from __future__ import annotations

from pathlib import Path

from corpus.lesson import DEFAULT_CORPUS

HERE = Path(__file__).parent
BASELINE = HERE / "baseline.jsonl"  # the rows that the quality gate compares with


def suite() -> list[tuple[Path, Path]]:
    """(question file, lesson) pairs. Each further document is a lesson of its own."""
    documents = sorted((HERE / "documents").glob("*.md"))
    return [
        (HERE / "lesson.jsonl", DEFAULT_CORPUS),
        *((HERE / "library.jsonl", document) for document in documents),
    ]
