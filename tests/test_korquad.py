"""Retrieval over a part of KorQuAD, through the product's own path."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.markdown import cut
from index.encoder import Encoder
from rag.evaluation import search_row
from rag.gold import parse_korquad
from rag.lesson import Lesson
from tests.conftest import KIWI
from ui.evaluate import fresh_assistant
from ui.retrieval import retrieval
from ui.settings import read_settings
from ui.terminal import ProgressLine
from ui.wiring import Parts

KORQUAD = Path(__file__).parents[2] / "shared" / "benchmarks" / "KorQuAD_v1.0_dev.json"
PARAGRAPHS, EVERY = 60, 2  # the first articles; every other of their questions


def test_the_paragraph_that_answers_is_found(encoder: Encoder, tmp_path: Path) -> None:
    if not KORQUAD.exists():
        pytest.skip("KorQuAD is not beside this checkout (shared/benchmarks)")
    documents, questions = parse_korquad(KORQUAD.read_text("utf-8"))
    documents = documents[:PARAGRAPHS]
    sources = {document.source for document in documents}
    asked = [question for question in questions if question.document in sources][::EVERY]
    lesson = Lesson(documents, tuple(p for d in documents for p in cut(d)))
    assistant = fresh_assistant(
        lesson,
        read_settings({"device": "cpu"}, {}),
        tmp_path,
        Parts(encoder, KIWI),
        ProgressLine("en"),
    )
    found = retrieval([search_row(assistant, question) for question in asked])
    # Measured over 100 paragraphs: 0.96 and 1.00; the README has the whole of it.
    assert len(asked) > 150
    assert found["R@1"] >= 0.93
    assert found["R@5"] >= 0.985
