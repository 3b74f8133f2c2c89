from __future__ import annotations

import pytest

from rag.answer import Answer, Citation
from rag.gold import GoldQuestion
from rag.scoring import character_f1, score

GOLD = GoldQuestion(
    "q", "?", evidence=("x", "y"), facts=(("Oracle", "오라클"), ("구글 클라우드",)), answer="오라클"
)
SPANS = [("a.md", 10, 20), ("a.md", 30, 40)]


def answer(text: str, *spans: tuple[int, int]) -> Answer:
    cited = tuple(
        Citation(n, "a.md", (), "q", start, end, 1.0) for n, (start, end) in enumerate(spans, 1)
    )
    return Answer("q", "?", text, not spans, cited, "extractive", 2.0)


def test_an_answer_with_all_facts_and_gold_evidence_is_right() -> None:
    got = score(answer("**오라클**, 구글  클라우드 [1]", (15, 16)), GOLD, SPANS)
    assert (got.correct, got.fact_recall, got.citation_precision, got.citation_recall) == (
        1.0,
        1.0,
        1.0,
        0.5,
    )


def test_half_of_the_facts_or_other_words_are_wrong() -> None:
    half = score(answer("Oracle [1] [2]", (10, 20), (90, 99)), GOLD, SPANS)
    assert (half.correct, half.fact_recall, half.citation_precision) == (0.0, 0.5, 0.5)
    elsewhere = score(answer("Oracle 구글 클라우드 [1]", (20, 30)), GOLD, SPANS)
    assert (elsewhere.correct, elsewhere.citation_precision) == (0.0, 0.0)


def test_abstaining_is_right_only_where_the_lesson_does_not_say() -> None:
    refused = answer("강의에 없는 내용이에요.")
    assert score(refused, GOLD, SPANS).correct == 0.0
    assert score(refused, GoldQuestion("q", "?", answerable=False), ()).correct == 1.0
    assert score(answer("x", (1, 2)), GoldQuestion("q", "?", answerable=False), ()).correct == 0.0


def test_character_f1() -> None:
    assert character_f1("가나", "가나") == 1.0
    assert character_f1("가나다라", "가나") == pytest.approx(2 / 3)
    assert character_f1("", "가") == 0.0
