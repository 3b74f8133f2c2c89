"""The highest and the lowest, called as the lesson calls them."""

from __future__ import annotations

import pytest

from corpus.markdown import cut
from rag.lesson import Document, Lesson
from rag.places import as_called

LAYERS = "# 층\n\n- 가장 하단 계층: 땅\n- 중간 계층: 집\n- 최상위 계층: 하늘\n"


def lesson_of(text: str) -> Lesson:
    document = Document("a.md", text, "0")
    return Lesson((document,), tuple(cut(document)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("맨 위 계층은?", "최상위 계층은?"),
        ("제일 위는 뭐예요?", "최상위는 뭐예요?"),
        ("젤 아래층엔 뭐가 있어?", "가장 하단층엔 뭐가 있어?"),
        ("맨 아래 계층에는 뭐가 있어요?", "가장 하단 계층에는 뭐가 있어요?"),
        ("최하위 계층", "가장 하단 계층"),
        ("최상위 계층은?", "최상위 계층은?"),
        ("위 계층은?", "위 계층은?"),
        ("가장 위험한 것은?", "가장 위험한 것은?"),
    ],
)
def test_the_ends_are_called_as_the_lesson_calls_them(typed: str, meant: str) -> None:
    assert as_called(typed, lesson_of(LAYERS)) == meant


def test_without_one_word_for_it_nothing_is_changed() -> None:
    assert as_called("맨 위 계층은?", lesson_of("# 층\n\n- 하늘\n")) == "맨 위 계층은?"
    two = lesson_of("# 층\n\n- 최상위 계층\n- 최상단 선반\n")
    assert as_called("맨 위 계층은?", two) == "맨 위 계층은?"
