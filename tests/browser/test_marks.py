from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from corpus.lesson import read_lesson
from rag.answer import Answer, Citation
from rag.errors import EncoderError
from rag.lesson import Lesson
from tests.browser.conftest import Open
from tests.browser.server import served
from ui.lesson_view import view
from ui.wiring import Service

pytestmark = pytest.mark.browser

FIRST = (
    "\ufeff# 어려운 <b>글</b>\r\n\r\n"
    "- 😀👨‍👩‍👧 **굵은 (영문)**은 A &amp; B\r\n  이어지는 줄\r\n"
    "  - 가나다 가나다\r\n\r\n"
    "| 이름 | 값 |\r\n|---|---|\r\n| 가 | x\\|y |\r\n| 나 | 가 |\r\n\r\n"
    "```\r\n<script>window.hacked = 1</script>\r\n```\r\n\r\n"
    '<img src=x onerror="window.hacked = 1"> ${window.hacked = 1} {{value}}\r\n\r\n'
    "[눌러요](javascript:window.hacked=1) ![그림](https://evil.example/beacon.png)\r\n"
)
SECOND = "# 둘째 강의\n\n둘째 강의의 문장입니다.\n"
SPANS = (  # source, cited characters, what a reader sees lit
    ("a.md", "👨‍👩‍👧 **굵은 (영문)**은", "👨‍👩‍👧 굵은 (영문)은"),
    ("a.md", "(영문)**은 A &amp; B\r\n  이어", "(영문)은 A & B 이어"),
    ("a.md", "나다 가나", "나다 가나"),
    ("a.md", "x\\|y |\r\n| 나", "x|y나"),
    ("a.md", "<script>window.hacked", "<script>window.hacked"),
    ("a.md", "src=x onerror", "src=x onerror"),
    ("a.md", "{window.hacked = 1} {{value}}", "{window.hacked = 1} {{value}}"),
    ("a.md", "눌러요](javascript:window.hacked=1) ![그림", "눌러요 그림"),
    ("b.md", "강의의 문장", "강의의 문장"),
)


class Quoting:
    """An assistant that cites the same spans whatever it is asked."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson

    def within(self, sources: object) -> Quoting:
        return self

    def ask(self, question: str, history: object = (), *, id: str = "") -> Answer:
        citations = []
        for number, (source, quote, _) in enumerate(SPANS, 1):
            start = self.lesson.document(source).text.index(quote)
            end = start + len(quote)
            citations.append(Citation(number, source, ("<i>제목</i>",), quote, start, end, 1.0))
        words = "\n".join(f"{'  ' * (n % 2)}- <u>{n}</u> [{n}]" for n in range(1, len(SPANS) + 1))
        answer = f"# <b>답</b> [99] **별**\n{words}\n끝"
        return Answer(id, question, answer, False, tuple(citations), "test", 0.0)

    def examples(self, count: int = 4) -> tuple[str, ...]:
        return ('<img src=x onerror="window.hacked=1">',)


@pytest.fixture(scope="module")
def address(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    corpus: Path = tmp_path_factory.mktemp("corpus")
    (corpus / "a.md").write_bytes(FIRST.encode())
    (corpus / "b.md").write_bytes(SECOND.encode())
    assistant: Any = Quoting(read_lesson(corpus))
    notice = EncoderError("The GPU is <b>full</b>; the CPU is used.", "GPU가 <b>꽉</b> 찼어요.")
    with served(replace(service, assistant=assistant, notices=lambda: (notice,))) as url:
        yield url


def test_marks_are_exact_in_a_document_made_to_break_them(open_page: Open) -> None:
    page = open_page()
    page.click(".lq-examples .lq-chip")
    for number, (source, _, shown) in enumerate(SPANS, 1):
        page.click(f'.lq-body .lq-cite[data-number="{number}"]')
        expect(page.locator("mark.lq-active").first).to_be_in_viewport()
        expect(page.locator(".lq-documents")).to_have_value(source)
        lit = page.locator(f'mark.lq-active[data-citation~="{number}"]').all_text_contents()
        assert " ".join("".join(lit).split()) == shown
        text = {"a.md": FIRST, "b.md": SECOND}[source]
        start = text.index(SPANS[number - 1][1])
        assert view(text).shown(start, start + len(SPANS[number - 1][1])) == shown
    assert page.evaluate("window.hacked") is None


def test_two_citations_of_the_same_words_are_both_there(open_page: Open) -> None:
    page = open_page()
    page.click(".lq-examples .lq-chip")
    both = page.locator('mark[data-citation="1 2"]')
    expect(both.first).to_be_attached()
    assert "".join(both.all_text_contents()) == "(영문)은"


def test_the_words_of_an_answer_are_not_markup(open_page: Open) -> None:
    page = open_page()
    page.click(".lq-examples .lq-chip")
    expect(page.locator(".lq-body > p").first).to_have_text("# <b>답</b> [99] **별**")
    expect(page.locator(".lq-body li").first).to_contain_text("<u>1</u>")
    expect(page.locator(".lq-place").first).to_contain_text("<i>제목</i>")
    expect(page.locator(".lq-asked")).to_contain_text("<img")
    assert page.evaluate("window.hacked") is None


def test_notices_are_visible_in_the_pages_language(open_page: Open) -> None:
    page = open_page()
    expect(page.locator(".lq-notices")).to_have_text("GPU가 <b>꽉</b> 찼어요.")
    page.click("[data-do=language]")
    expect(page.locator(".lq-notices")).to_contain_text("The GPU is <b>full</b>")


def test_another_document_can_be_chosen(open_page: Open) -> None:
    page = open_page()
    page.select_option(".lq-documents", "b.md")
    expect(page.locator(".lq-document h1")).to_have_text("둘째 강의")
