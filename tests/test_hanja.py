"""Chinese characters read as Korean reads them."""

from __future__ import annotations

import pytest

from rag.assistant import Assistant
from rag.hanja import in_hangul

WORDS = frozenset(
    "광포화점 심근 경색 최상위 계층 역사 연락 여자 국가 금속 낙원 봉군 붕괴 현상 특징".split()
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("光飽和点とは何ですか。", "광포화점とは何ですか。"),
        ("心筋梗塞とは?", "심근경색とは?"),  # 塞 is 새 and 색
        ("最上位階層は?", "최상위계층は?"),
        ("歷史와 連絡", "역사와 연락"),  # one character at the beginning of a word and inside it
        ("国家の女子", "국가の여자"),  # as Japan writes 國
        ("金屬", "금속"),
        ("蜂群崩壊現象の特徴", "봉군붕괴현상の특징"),
        ("樂園은 어디예요?", "낙원은 어디예요?"),  # 樂 is 낙, 락, 악 and 요
        ("弦は何ですか", "弦は何ですか"),
        ("怎样查看某个国家的历史和女子的说明", "怎样查看某个国家的历史和女子的说明"),
        ("Which country?", "Which country?"),
    ],
)
def test_characters_are_read_where_that_makes_a_word_of_the_lesson(text: str, read: str) -> None:
    assert in_hangul(text, WORDS) == read
    assert len(read) == len(text)


def test_a_long_run_takes_no_time_and_stays() -> None:
    assert in_hangul("樂" * 2_000 + "가", WORDS) == "樂" * 2_000 + "가"


def test_a_japanese_question_finds_the_lessons_words(assistant: Assistant) -> None:
    answer = assistant.ask("最上位階層とは何ですか?")
    assert answer.understood == "최상위계층とは何ですか?"
    assert answer.citations[0].quote.startswith("**최상위 계층")
