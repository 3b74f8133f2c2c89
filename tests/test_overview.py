"""Questions about the lesson itself: what it is about, what it covers, a summary."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.markdown import cut
from rag.assistant import Assistant
from rag.lesson import Document, Lesson
from rag.overview import overview
from rag.question import Question, understand
from tests.conftest import KIWI, quiet
from tests.test_structure import lesson_of
from ui.settings import read_settings
from ui.wiring import Parts, open_service

WATER = """# 물의 여행

이 단원은 물이 어떻게 도는지 다룬다. 바다에서 시작한다.

## 배움 목표

- 구름이 생기는 까닭을 말한다

## 바다

물이 데워진다.

## 하늘

- 구름이 된다
"""


def asked(text: str) -> Question:
    return understand(text, text, KIWI)


def told(text: str, lesson: Lesson) -> list[tuple[int, str]]:
    return [(e.depth, e.passage.plain) for e in overview(asked(text), lesson)]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("이번 단원에서 다루는 주제가 뭔가요?", True),
        ("이강의 뭐에대한거야", True),
        ("오늘 배운 내용 정리해줘", True),
        ("요약해 주세요", True),
        ("What is this lesson about?", True),
        ("이 강의의 단점은?", False),
        ("이 강의는 누가 만들었어요?", False),
        ("이 강의에서 다루는 구름이 뭐예요?", False),
        ("강의가 몇 개예요?", False),
        ("정리해 주세요", False),
        ("자료란 무엇인가?", False),
        ("문서가 뭐예요?", False),
        ("Tell me about class", False),
        ("뭐예요?", False),
    ],
)
def test_what_asks_for_the_lesson_as_a_whole(text: str, whole: bool) -> None:
    assert asked(text).of_lesson is whole


def test_a_lesson_is_told_by_how_it_opens_and_its_sections() -> None:
    opening = (0, "이 단원은 물이 어떻게 도는지 다룬다. 바다에서 시작한다.")
    sections = [(0, "물의 여행"), (1, "배움 목표"), (1, "바다"), (1, "하늘")]
    found = told("이 강의는 뭐에 대한 거예요?", lesson_of(WATER))
    assert found[0] == opening
    assert found[-4:] == sections
    without = lesson_of(
        WATER.replace("이 단원은 물이 어떻게 도는지 다룬다. 바다에서 시작한다.", "")
    )
    assert told("이 강의는 뭐에 대한 거예요?", without) == sections


def test_what_one_learns_is_told_by_the_section_that_says_so() -> None:
    aims = [(0, "배움 목표"), (1, "구름이 생기는 까닭을 말한다")]
    assert told("이 단원에서 뭘 배워요?", lesson_of(WATER)) == aims


def test_a_passage_of_that_name_is_asked_about(tmp_path: Path, parts: Parts) -> None:
    (tmp_path / "a.md").write_text(
        "# 글쓰기\n\n- **요약**: 글을 줄이는 일이다.\n- **인용**: 옮긴다.\n"
    )
    options = {"corpus": str(tmp_path / "a.md"), "index": str(tmp_path / "ix"), "device": "cpu"}
    writing = open_service(read_settings(options, {}), quiet, parts).assistant
    assert writing.ask("요약이 뭐예요?").citations[0].quote.startswith("**요약**")
    assert writing.ask("이 강의를 요약해 주세요").citations[0].quote.startswith("글쓰기")


def test_several_lessons_are_told_by_their_titles() -> None:
    one, other = lesson_of(WATER), Document("b.md", "# 불\n\n뜨겁다.\n", "1" * 64)
    both = Lesson((*one.documents, other), (*one.passages, *cut(other)))
    assert told("무슨 강의예요?", both) == [(0, "물의 여행"), (0, "불")]


def test_a_lesson_without_headings_is_told_by_how_it_opens() -> None:
    assert told("요약해 주세요", lesson_of("물이 돈다.\n\n구름이 된다.\n")) == [(0, "물이 돈다.")]
    assert told("요약해 주세요", lesson_of("```\nprint(1)\n```\n")) == []


def test_the_lesson_is_asked_about_whatever_came_before(assistant: Assistant) -> None:
    opening = "이 단원에서는 **NVIDIA의 클라우드 기반 AI 솔루션**"
    before = ["DGX Cloud가 뭐예요?"]
    whole = assistant.ask("이 강의 요약해 주세요", before)
    assert whole.citations[0].quote.startswith(opening)
    assert not assistant.ask("요약해 주세요").abstained
    assert "DGX Cloud" in assistant.trace("요약해 주세요", before).question.text
