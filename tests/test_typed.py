"""Lists typed without Markdown, as Korean lessons write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.markdown import cut
from corpus.typed import as_markdown
from rag.lesson import Document
from ui.lesson_view import view

RULES = """# 도서관

## 대출

○ 권수: 열 권
 - 대학원생은 스무 권
○ 기간: 14일
  (한 번 늘릴 수 있음)
※ 방학에는 30일

※ 시험 기간에는 늘릴 수 없음

## 예약

① 로그인한다.
② 책을 찾아 누른다.

두 권까지 된다.

③ 3일 안에 찾아간다.

## 열람실

가. 위치
- 2층

나. 시간
24시간 연다.
시험 때도 같다.

평일만 그렇다.

(1) 자리는 기계에서 고른다.
(2) 90분 뒤에는 돌려준다.

2024. 3. 1. 고침
"""


def outline(text: str, source: str = "a.md") -> list[str]:
    """Each passage behind dashes for its depth, its number and its kind unless it is an item."""
    document = Document(source, text, "0" * 64)
    found: list[str] = []
    depths: dict[str | None, int] = {None: -1}
    for p in cut(document):
        assert document.text[p.start : p.end] == p.text
        depths[p.id] = depths[p.parent] + 1
        kind = "" if p.kind == "item" else f"{p.kind}: "
        number = f"{p.number}. " if p.number is not None else ""
        found.append("-" * depths[p.id] + f"{kind}{number}{p.plain}")
    return found


def test_typed_lists_are_lists() -> None:
    assert outline(RULES) == [
        "heading: 도서관",
        "-heading: 대출",
        "--권수: 열 권",
        "---대학원생은 스무 권",
        "--기간: 14일 (한 번 늘릴 수 있음)",
        "---방학에는 30일",
        "--paragraph: ※ 시험 기간에는 늘릴 수 없음",
        "-heading: 예약",
        "--1. 로그인한다.",
        "--2. 책을 찾아 누른다.",
        "--paragraph: 두 권까지 된다.",
        "--3. 3일 안에 찾아간다.",
        "-heading: 열람실",
        "--1. 위치",
        "---2층",
        "--2. 시간",
        "---paragraph: 24시간 연다. 시험 때도 같다.",
        "---paragraph: 평일만 그렇다.",
        "----1. 자리는 기계에서 고른다.",
        "----2. 90분 뒤에는 돌려준다.",
        "---paragraph: 2024. 3. 1. 고침",
    ]


def test_plain_text_has_lists_and_a_title_too() -> None:
    text = (
        "도서관\r\n\r\n1. 대출\r\n 가. 권수\r\n  - 열 권\r\n2. 예약\r\n앱에서 한다.\r\n\r\n# 끝\r\n"
    )
    assert outline(text, "a.txt") == [
        "heading: 도서관",
        "-1. 대출",
        "--1. 권수",
        "---열 권",
        "-2. 예약",
        "--paragraph: 앱에서 한다.",
        "--paragraph: # 끝",
    ]
    assert outline("첫 줄\n", "a.txt") == ["paragraph: 첫 줄"]
    assert outline("첫 줄이다\n\n둘째\n", "a.txt") == ["paragraph: 첫 줄이다", "paragraph: 둘째"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        # Below numbers that Markdown makes a list of; a dash below a circle, a circle above it.
        ("1. 개요\n  가. 목적\n  나. 기간\n2. 끝\n", ["1. 개요", "-1. 목적", "-2. 기간", "2. 끝"]),
        ("1) 개요\n    가) 목적\n2) 끝\n", ["1. 개요", "-1. 목적", "2. 끝"]),
        ("1. 개요\n\n○ 목적\n\n2. 끝\n", ["1. 개요", "-목적", "2. 끝"]),
        ("1. 물을 끓인다.\n\n○ 목적\n", ["1. 물을 끓인다.", "목적"]),
        ("Ⅰ. 모임\n 1) 날\nⅡ. 돈\n", ["1. 모임", "-1. 날", "2. 돈"]),
        ("□ 첫날\n○ 하나\n- 둘\n○ 셋\n□ 끝\n", ["첫날", "-하나", "--둘", "-셋", "끝"]),
        # A note that is a sentence is on all of them, one that is none on the last.
        ("1. 환불\n □ 7일 전\n □ 당일\n ※ 아프면 다 돌려준다.\n",
         ["1. 환불", "-7일 전", "-당일", "-아프면 다 돌려준다."]),
        ("○ 기간: 14일\n※ 방학에는 30일\n", ["기간: 14일", "-방학에는 30일"]),
        ("가. 불\n ① 끈다.\n\n※ 소화기는 문 옆에 있다.\n",
         ["1. 불", "-1. 끈다.", "paragraph: ※ 소화기는 문 옆에 있다."]),
    ],
)  # fmt: skip
def test_what_stands_below_what(text: str, lines: list[str]) -> None:
    assert outline(text) == lines


def test_a_paragraph_below_an_item_goes_on_over_its_lines() -> None:
    text = "제목\n\n1. 배경\n  첫 문단은 여기서\n이어진다.\n\n  둘째 문단도 여기서\n이어진다.\n"
    assert outline(text, "a.txt") == [
        "heading: 제목",
        "-1. 배경",
        "--paragraph: 첫 문단은 여기서 이어진다.",
        "--paragraph: 둘째 문단도 여기서 이어진다.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "○○고등학교에 다닌다.\n",
        "다. 그래서 끝났다.\n",  # a line that was broken inside a word
        "③에서 말한 것과 같다.\n",
        "글이다.\n\n```\n○ 코드\n① 코드\n```\n",
        "- 하나\n  - 둘\n\n1. 셋\n   - 넷\n",
        "가.\n",
        "(주)회사\n",
        "1) 하나\n2) 둘\n",
        "    ○ 들여 쓴 코드\n",
    ],
)
def test_what_is_no_typed_list_stays_as_it_is(text: str) -> None:
    assert as_markdown(text) == text


@pytest.mark.parametrize("text", ["2024. 3. 1. 개강\n", "3. 1. 삼일절\n", "1. 하나\n2024. 3. 1.\n"])
def test_a_date_begins_no_list(text: str) -> None:
    assert outline(text)[-1] == f"paragraph: {text.splitlines()[-1]}"
    assert view(text).shown(0, len(text)).endswith(text.splitlines()[-1])


def test_the_page_shows_typed_lists_as_lists_and_lights_their_words() -> None:
    shown = view(RULES)
    assert shown.html.count("<ol") == 4
    start = RULES.index("책을 찾아")
    assert shown.shown(start, start + 11) == "책을 찾아 누른다."
    assert "○" not in re.sub(r"<[^>]+>", "", shown.html)


_MARKED = "○ 하나@① 둘@② 셋@가. 넷@나) 다섯@(1) 여섯@※ 일곱@- 여덟@1. 아홉@  ■ 열"
LINES = st.sampled_from(
    [*_MARKED.split("@"), "글이다.", "", "```", "# 제목", "2024. 1. 1.", "> 말"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=14), st.sampled_from(["a.md", "a.txt"]))
def test_as_many_lines_with_the_same_words_at_their_ends(lines: list[str], source: str) -> None:
    text = "\n".join(lines)
    made = as_markdown(text, source == "a.txt").split("\n")
    assert len(made) == max(len(lines), 1)
    marks = re.compile(r"^\s*(?:[○■※>-]|[①②]|\(1\)|[가나][.)]|1\.)?\s*")
    for line, new in zip(lines, made, strict=False):
        assert new.endswith(marks.sub("", line))
    outline(text, source)
