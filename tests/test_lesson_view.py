from __future__ import annotations

import html
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.lesson import Lesson
from ui.lesson_view import LessonView, view

TAGS = set("p ul ol li blockquote table thead tbody tr th td hr br pre code".split()) | set(
    "h1 h2 h3 h4 h5 h6 strong em s i span".split()
)


class Read(HTMLParser):
    """What a browser makes of the HTML: its tags, and each marked piece with its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[tuple[int, str]] = []
        self._at: int | None = None
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        at = dict(attrs).get("data-at")
        if at is not None:
            self._at = int(at)
            self.pieces.append((self._at, ""))

    def handle_endtag(self, tag: str) -> None:
        self._at = None if tag == "span" else self._at

    def handle_data(self, data: str) -> None:
        if self._at is not None:
            at, words = self.pieces[-1]
            self.pieces[-1] = (at, words + data)


def cited(text: str, quote: str) -> str:
    start = text.index(quote)
    return view(text).shown(start, start + len(quote))


def assert_exact(text: str, rendered: LessonView) -> None:
    """Every piece shows its own source characters; pieces are in order and in the HTML."""
    end = 0
    for piece in rendered.pieces:
        assert end <= piece.start < piece.end <= len(text)
        end = piece.end
        if len(piece.shown) == piece.end - piece.start and "&" not in text[piece.start : end]:
            source = text[piece.start : end].replace("\0", "\ufffd").replace("\r", "\n")
            assert piece.shown == source
    read = Read(rendered.html)
    assert read.pieces == [(piece.start, piece.shown) for piece in rendered.pieces]
    assert {tag for tag, _ in read.tags} <= TAGS
    allowed = {"data-at", "data-to", "class", "start", "tabindex"}
    assert all(set(attributes) <= allowed for _, attributes in read.tags)


@pytest.mark.parametrize(
    ("text", "quote", "shown"),
    [
        (
            "- **사과**: 빨간 과일입니다.\n- 배\n",
            "**사과**: 빨간 과일입니다.",
            "사과: 빨간 과일입니다.",
        ),
        ("# 제목\r\n\r\n하나\r\n둘 셋\r\n", "둘 셋", "둘 셋"),
        ("# 제목\r\n\r\n하나\r\n둘 셋\r\n", "하나\r\n둘", "하나 둘"),
        ("\ufeff## **제목** 끝 ##\n", "제목** 끝", "제목 끝"),
        ("- 가\n  - 나\n    1. 다 라\n    2. 다 마\n", "다 마", "다 마"),
        ("- 가\n\n\t- 탭으로 들인 줄\n", "들인 줄", "들인 줄"),
        ("> 인용\n> 두 번째 줄\n", "두 번째", "두 번째"),
        ("| 이름 | 값 |\n|---|---|\n| 가 | 가 |\n| 나 | 가 |\n", "| 나 | 가 |", "나가"),
        ("| a | b\\|c |\n|---|---|\n| `x\\|y` | |\n", "x\\|y", "x|y"),
        ("```python\nprint('**안녕**')\n\nx = 1\n```\n", "print('**안녕**')", "print('**안녕**')"),
        ("- 목록\n  ```\n  들인 코드\n  ```\n", "들인 코드", "들인 코드"),
        ("한글 😀 **굵게** 끝", "😀 **굵게** 끝", "😀 굵게 끝"),
        ("가\u1112\u1161\u11ab 나", "\u1112\u1161\u11ab 나", "\u1112\u1161\u11ab 나"),
        ("A &amp; B &lt;C&gt;", "& B".replace("&", "&amp;"), "& B"),
        ("**강조(영문)**는 조사가 붙어요.", "**강조(영문)**는", "강조(영문)는"),
        ("`코드 **그대로**` 뒤", "코드 **그대로**", "코드 **그대로**"),
        (r"별표 \*그대로\* 둔다", r"\*그대로\*", "*그대로*"),
        ("snake_case_name 그대로", "snake_case_name", "snake_case_name"),
        ("***둘 다*** 끝", "***둘 다***", "둘 다"),
        ("제목\n===\n본문", "제목", "제목"),
        ("[용어]: https://a.example 설명\n\n[용어] 보기", "설명", "설명"),
    ],
)
def test_a_citation_shows_exactly_its_words(text: str, quote: str, shown: str) -> None:
    assert cited(text, quote) == shown
    assert_exact(text, view(text))


def test_a_part_of_a_word_can_be_cited() -> None:
    text = "- **NeMo 모델**: 50개 이상의 언어"
    rendered = view(text)
    start = text.index("Mo 모")
    assert rendered.shown(start, start + 4) == "Mo 모"
    assert rendered.shown(0, 2) == ""  # the list marker has no rendering


def test_every_passage_of_the_lesson_can_be_cited(lesson: Lesson) -> None:
    for document in lesson.documents:
        assert_exact(document.text, view(document.text))
    for passage in lesson.passages:
        rendered = view(lesson.document(passage.source).text)
        shown = rendered.shown(passage.start, passage.end)
        assert shown == " ".join(passage.text.replace("**", "").split())


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<svg/onload=alert(1)>",
        "<!-- <script>alert(1)</script> -->",
        "<style>*{display:none}</style>",
        "[눌러요](javascript:alert(1))",
        "[눌러요](data:text/html,<script>alert(1)</script>)",
        "![그림](https://evil.example/beacon.png)",
        '![" onload="alert(1)](https://evil.example/x.png)',
        '[x](https://evil.example/" onmouseover="alert(1))',
        "<https://evil.example/?<script>>",
        "`<script>`",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "```<script>\n</code></pre><script>alert(1)</script>\n```",
        "| <script>a</script> |\n|---|\n| ![x](https://evil.example) |",
    ],
)
@pytest.mark.parametrize("place", ["{}", "# {}", "- {}", "> {}", "앞 **{}** 뒤"])
def test_nothing_of_a_lesson_becomes_markup(attack: str, place: str) -> None:
    rendered = view(place.format(attack))
    read = Read(rendered.html)
    assert {tag for tag, _ in read.tags} <= TAGS
    names = {name for _, attributes in read.tags for name in attributes}
    assert names <= {"data-at", "data-to", "class", "start", "tabindex"}


def test_a_link_is_text_that_names_its_host() -> None:
    rendered = view("[문서](https://docs.example/a?b=<c>) [여기](javascript:alert)")
    assert "(docs.example)" in rendered.html
    assert "javascript" not in rendered.html
    assert "<a" not in rendered.html


def test_an_image_is_its_alternative_text() -> None:
    rendered = view("앞 ![구조 그림](https://a.example/x.png) 뒤")
    assert "".join(piece.shown for piece in rendered.pieces) == "앞 구조 그림 뒤"
    assert "a.example" not in rendered.html


def test_direction_overrides_are_made_visible() -> None:
    text = "안전\u202e위험"
    assert view(text).pieces[0].shown == "안전\ufffd위험"


def test_markdown_breakers_are_rendered_in_bounded_time() -> None:
    started = time.perf_counter()
    for text in (
        "```\n열린 채로 끝",
        "> " * 10_000 + "깊은 인용",
        "[" * 20_000,
        "*" * 20_000 + "가",
        "**가 " * 5_000,
        "|" * 5_000 + "\n" + "|-" * 2_500 + "|\n" + "|" * 5_000,
        "가" * 200_000,
    ):
        view(text)
    assert time.perf_counter() - started < 20


MARKS = "** * _ ` # - 1. > | [ ]( ) ![ &amp; & \\ <b> 가나 😀 ~~".split()
SPACES = ("\n", "\r\n", "\r", "\n\n", " ", "  ", "\t", "\u3000", "\u2028", "\x0b", "\0")
BLOCKS = (
    "```\n",
    "# ",
    "- ",
    "1. ",
    "> ",
    "|---|---|\n",
    "| a | b |\n",
    "---\n",
    "===\n",
    "○ ",
    "① ",
)
MARKDOWN = st.lists(st.sampled_from([*MARKS, *SPACES, *BLOCKS]), max_size=40).map("".join)


@given(MARKDOWN)
def test_pieces_are_exact_whatever_the_document(text: str) -> None:
    assert_exact(text, view(text))


def test_html_and_pieces_agree_on_entities() -> None:
    text = "A &amp;&#44032;&nosuch; B"
    rendered = view(text)
    assert "".join(piece.shown for piece in rendered.pieces) == "A &가&nosuch; B"
    assert html.unescape(rendered.html).count("&nosuch;") == 1
