"""Steps asked for by their place, with nothing asked before."""

from __future__ import annotations

import pytest

from rag.assistant import Assistant
from tests.conftest import quiet
from ui.settings import read_settings
from ui.wiring import Parts, open_service

LIBRARY = """# 도서관 이용

## 예약 절차

1. 도서관 앱에 로그인한다.
2. 책을 검색하고 '예약'을 누른다.
3. 도착 알림을 받으면 3일 안에 찾아간다.

## 열람실

- 2층에는 제1열람실이 있다.
- 지하 1층에는 제2열람실이 있다.

## 지금까지의 관장

1. 김하늘은 1990년에 첫 책을 들였다.
2. 이바다는 건물을 넓혔다.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, parts: Parts) -> Assistant:
    folder = tmp_path_factory.mktemp("library")
    (folder / "a.md").write_text(LIBRARY, "utf-8")
    options = {"corpus": str(folder / "a.md"), "index": str(folder / "ix"), "device": "cpu"}
    return open_service(read_settings(options, {}), quiet, parts).assistant


FIRST, SECOND, THIRD = (
    "도서관 앱에 로그인한다.",
    "책을 검색하고 '예약'을 누른다.",
    "도착 알림을 받으면 3일 안에 찾아간다.",
)


@pytest.mark.parametrize(
    ("question", "step"),
    [
        ("예약 절차의 두 번째 단계는 뭐예요?", SECOND),
        ("예약 절차 3단계에서는 뭘 하나요?", THIRD),
        ("예약할 때 가장 먼저 해야 하는 일은 뭔가요?", FIRST),
        ("예약의 첫 단계 알려 줘", FIRST),
        ("예약할 때 맨 마지막에 하는 일은?", THIRD),
        ("세번째로 뭐 해요 예약?", THIRD),
        ("What is the second step of 예약?", SECOND),
    ],
)
def test_the_step_alone_is_told(library: Assistant, question: str, step: str) -> None:
    assert [citation.quote for citation in library.ask(question).citations] == [step]


@pytest.mark.parametrize(
    "question",
    [
        "예약 절차의 다섯 번째 단계는?",  # there are three
        "예약의 두 번째 단계는 누가 만들었어요?",
        "예약의 두 번째 단계는 얼마예요?",
    ],
)
def test_what_a_step_does_not_say_is_abstained_from(library: Assistant, question: str) -> None:
    assert library.ask(question).abstained


@pytest.mark.parametrize(
    "question",
    [
        "마지막 열람실은 어디예요?",  # no numbered list
        "예약 절차를 3단계로 나눈 이유는?",
        "두 번째로 큰 열람실은 어디예요?",
        "첫 책은 언제 들였어요?",
    ],
)
def test_other_places_are_no_steps(library: Assistant, question: str) -> None:
    assert library.trace(question).pointed is None


def test_a_noun_must_be_what_the_list_is_called(library: Assistant) -> None:
    director = library.ask("두 번째 관장은 누구예요?")
    assert director.citations[0].quote == "이바다는 건물을 넓혔다."
    assert library.trace("두 번째 건물은 뭐예요?").pointed is None


def test_the_next_question_goes_on_from_the_step(library: Assistant) -> None:
    answer = library.ask("그 다음은요?", ["예약 절차의 첫 번째 단계는?"])
    assert [citation.quote for citation in answer.citations] == [SECOND]
