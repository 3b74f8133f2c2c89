"""Several lessons, the teacher's page, and what is kept of a conversation."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asking import ask
from tests.browser.axe import violations
from tests.browser.conftest import ARTEFACTS, DESKTOP, PHONE, Open
from tests.browser.proxy import proxied
from tests.browser.server import served
from tests.conftest import quiet
from ui.chat import Access
from ui.desk import Desk
from ui.feedback import Feedback
from ui.settings import Settings, read_settings
from ui.wiring import Live, Parts, open_service

pytestmark = pytest.mark.browser

DOCUMENTS = Path(__file__).parent.parent.parent / "corpus" / "questions" / "documents"
QUESTION = "빵 반죽은 왜 부풀어 올라요?"
NEW_LESSON = "# 연 만들기\n\n- **방패연**: 가운데에 구멍이 뚫린 네모난 연입니다.\n"


@dataclass(frozen=True)
class School:
    url: str
    settings: Settings
    desk: Desk


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, parts: Parts) -> Iterator[School]:
    """For tests that leave the lessons as they are."""
    with opened(tmp_path_factory.mktemp("school"), parts) as school:
        yield school


@pytest.fixture
def own_school(tmp_path: Path, parts: Parts) -> Iterator[School]:
    with opened(tmp_path, parts) as school:
        yield school


@contextmanager
def opened(tmp_path: Path, parts: Parts) -> Iterator[School]:
    corpus = tmp_path / "lessons"
    corpus.mkdir()
    for name in ("baking-bread.md", "git-basics.md"):
        shutil.copy(DOCUMENTS / name, corpus)
    settings = read_settings(
        {
            "corpus": str(corpus),
            "index": str(tmp_path / "index"),
            "device": "cpu",
            "feedback": str(tmp_path / "data" / "feedback.jsonl"),
        },
        {},
    )
    live, feedback = Live(open_service(settings, quiet, parts)), Feedback(settings.feedback)
    desk = Desk(live, settings, parts, feedback)
    with served(live, Access(feedback=feedback, desk=desk)) as url:
        yield School(url, settings, desk)


def teacher(page: Page, school: School) -> None:
    page.goto(school.url + "teacher/")
    expect(page.locator("#info")).to_contain_text("use-multilingual-v3")


FACTS = "#info tr:has-text('{}') td"


def test_the_lessons_to_ask_can_be_chosen(open_page: Open, school: School) -> None:
    page = open_page(school.url)
    chooser = page.locator(".lq-choose")
    expect(chooser.locator("summary")).to_have_text("물어볼 강의: 모든 강의")
    chooser.locator("summary").click()
    page.fill(".lq-choose [type=search]", "git")
    expect(chooser.locator("li:visible")).to_have_count(1)
    page.check(".lq-choose li:visible input")
    page.keyboard.press("Escape")
    expect(chooser.locator("summary")).to_have_text("물어볼 강의: Git 기초 수업")
    expect(page.locator(".lq-documents")).to_have_value("git-basics.md")
    ask(page, QUESTION)
    expect(page.locator(".lq-abstained")).to_have_count(1)
    page.reload()
    expect(chooser.locator("summary")).to_contain_text("Git 기초 수업")
    chooser.locator("summary").click()
    page.uncheck(".lq-choose input:checked")
    ask(page, QUESTION)
    expect(page.locator("article").last.locator(".lq-place").first).to_contain_text(
        "baking-bread.md"
    )


def test_one_lesson_needs_no_choice(open_page: Open) -> None:
    page = open_page()
    expect(page.locator(".lq-choose")).to_be_hidden()
    page.click(".lq-actions .lq-menu summary")
    expect(page.locator("[data-do=json]")).to_be_visible()
    expect(page.locator("a[href='teacher/']")).to_be_hidden()
    expect(page.locator(".lq-thumb")).to_have_count(0)


def test_code_is_shown_as_it_is_written(open_page: Open, school: School) -> None:
    page = open_page(school.url)
    ask(page, "이름과 이메일은 어떤 명령으로 설정해요?")
    block = page.locator(".lq-body pre").first
    expect(block).to_have_text(
        'git config --global user.name "김하늘"\n'
        'git config --global user.email "haneul@example.com"',
        use_inner_text=True,
    )
    expect(page.locator(".lq-source span").first).to_contain_text('"김하늘" git config')
    block.locator("~ .lq-cite").click()
    expect(page.locator("mark.lq-active").first).to_be_in_viewport()


def test_steps_keep_their_numbers(open_page: Open, school: School) -> None:
    page = open_page(school.url)
    ask(page, "Git에서 충돌은 어떤 순서로 풀어요?")
    steps = page.locator(".lq-body ol:not(.lq-sources) > li")
    assert steps.evaluate_all("all => all.map((step) => step.value)") == [1, 2, 3, 4, 5]
    expect(steps.first).to_have_css("list-style-type", "decimal")
    expect(page.locator(".lq-sources").first).to_have_css("list-style-type", "none")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_words_are_found_in_the_lesson(
    open_page: Open, school: School, size: dict[str, int]
) -> None:
    page = open_page(school.url, size=size)
    if size is PHONE:
        page.click("[data-do=lesson]")
    page.fill(".lq-finder input", "효모")
    whole = (DOCUMENTS / "baking-bread.md").read_text("utf-8")
    count = page.evaluate("CSS.highlights.get('lq-found').size")
    assert count == whole.count("효모") > 3
    expect(page.locator(".lq-found")).to_have_text(f"1/{count}")
    page.press(".lq-finder input", "Enter")
    expect(page.locator(".lq-found")).to_have_text(f"2/{count}")
    page.press(".lq-finder input", "Shift+Enter")
    page.press(".lq-finder input", "Shift+Enter")
    expect(page.locator(".lq-found")).to_have_text(f"{count}/{count}")
    shown = "[...CSS.highlights.get('lq-found-now')].map(String)"
    assert page.evaluate(shown) == ["효모"]
    page.fill(".lq-finder input", "없는 낱말")
    expect(page.locator(".lq-found")).to_have_text("없어요")


def test_a_found_word_may_cross_markup_and_unicode_forms(open_page: Open) -> None:
    page = open_page()
    page.fill(".lq-finder input", "nvidia dgx cloud".upper())
    assert page.evaluate("[...CSS.highlights.get('lq-found-now')].map(String)") == [
        "NVIDIA DGX Cloud"
    ]
    page.fill(".lq-finder input", "\u1100\u1161\u1109\u1161\u11bc")  # 가상, decomposed
    assert page.evaluate("[...CSS.highlights.get('lq-found-now')].map(String)") == ["가상"]


def test_a_conversation_is_saved_with_its_citations(open_page: Open, school: School) -> None:
    page = open_page(school.url)
    ask(page, QUESTION)
    expected = school.desk.live.service.assistant.ask(QUESTION).to_json()
    saved = {}
    for kind in ("markdown", "json"):
        page.click(".lq-actions .lq-menu summary")
        with page.expect_download() as download:
            page.click(f"[data-do={kind}]")
        saved[kind] = Path(download.value.path()).read_text("utf-8")
    rows = json.loads(saved["json"])
    assert [{**row, "elapsed_ms": 0.0} for row in rows] == [{**expected, "elapsed_ms": 0.0}]
    assert f"## {QUESTION}" in saved["markdown"]
    for citation in expected["citations"]:
        assert f"  > {citation['quote'].splitlines()[0]}" in saved["markdown"]


def test_an_opinion_reaches_the_teacher_and_becomes_a_question(
    open_page: Open, own_school: School
) -> None:
    page = open_page(own_school.url)
    ask(page, QUESTION)
    page.click(".lq-thumb[data-text=like]")
    expect(page.locator(".lq-reason")).to_contain_text("의견을 남겼어요.")
    (opinion,) = own_school.desk.opinions()  # the click counts, without a reason
    assert (opinion.liked, opinion.reason) == (True, "")
    page.click(".lq-thumb[data-text=dislike]")
    page.fill(".lq-reason input", "너무 길어요 <b>")
    page.press(".lq-reason input", "Enter")
    expect(page.locator(".lq-reason")).to_have_text("의견 고마워요.")
    page.reload()
    expect(page.locator(".lq-thumb[aria-pressed=true]")).to_have_text("아쉬워요")
    (opinion,) = own_school.desk.opinions()  # one opinion: the last one
    assert (opinion.liked, opinion.reason, opinion.question) == (False, "너무 길어요 <b>", QUESTION)
    assert opinion.answer == own_school.desk.live.service.assistant.ask(QUESTION).answer

    teacher(page, own_school)
    page.get_by_role("tab", name="학생 의견").click()
    page.click("#keep")
    told = page.locator("#row textarea")
    expect(told).to_have_value("의견을 먼저 골라 주세요.")
    page.get_by_label(re.compile(f"아쉬워요 · {re.escape(QUESTION)} · 너무 길어요 <b>")).check()
    expect(page.locator("#opinion textarea")).to_have_value(f"{QUESTION}\n\n{opinion.answer}")
    page.fill("#quotes textarea", "강의에 없는 말")
    page.click("#keep")
    expect(told).to_have_value(re.compile("강의에 그대로 있는 말이 아닙니다."))
    quote = opinion.quotes[0].splitlines()[0]
    page.fill("#quotes textarea", quote)
    page.click("#keep")
    expect(told).to_have_value(re.compile(re.escape(QUESTION)))
    expect(told).to_have_value(re.compile(re.escape(str(own_school.desk.questions))))
    row = json.loads(own_school.desk.questions.read_text("utf-8"))
    assert (row["question"], row["evidence"], row["answerable"]) == (QUESTION, [quote], True)
    assert row["document"] == "baking-bread.md"
    page.screenshot(path=ARTEFACTS / "teacher-opinions.png")
    page.get_by_role("tab", name="평가").click()
    page.click("#evaluate-kept")
    report = page.frame_locator("#report iframe")
    expect(report.locator(".metrics tr:has-text('questions') td + td")).to_have_text(
        "1.000", timeout=60_000
    )


def test_a_lesson_is_added_and_answers_while_students_ask(
    open_page: Open, own_school: School, tmp_path: Path
) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    student, page = open_page(own_school.url), open_page(own_school.url)
    ask(student, QUESTION)
    old = student.locator(".lq-generation").text_content()
    teacher(page, own_school)
    page.click("#add")
    expect(page.locator("#told textarea")).to_have_value("더할 강의 파일을 먼저 골라 주세요.")
    lesson = tmp_path / "연.md"
    lesson.write_text(NEW_LESSON, "utf-8")
    page.set_input_files("#files input[type=file]", lesson)
    expect(page.locator("#files")).to_contain_text("연")
    page.click("#add")
    expect(page.locator("#told textarea")).to_have_value(
        "더했습니다. 이제 색인을 다시 만들어 주세요: 연.md"
    )
    page.click("#rebuild")
    expect(page.locator("#told textarea")).to_have_value(
        "색인을 다시 만들었습니다. 이제부터 새 색인으로 답합니다.", timeout=60_000
    )
    expect(page.locator(FACTS.format("강의"))).to_have_text("3")
    expect(page.locator("#info li", has_text="연 만들기")).to_be_visible()
    page.click("#verify")
    expect(page.locator("#told textarea")).to_have_value(
        f"색인이 온전합니다: {own_school.desk.live.service.generation}"
    )
    page.screenshot(path=ARTEFACTS / "teacher-lessons.png")
    page.set_input_files("#files input[type=file]", lesson)
    expect(page.locator("#files")).to_contain_text("연")
    page.click("#add")
    expect(page.locator("#told textarea")).to_have_value(re.compile("강의가 이미 있습니다"))
    expect(page.locator("#files")).to_contain_text("연")  # to be tried again

    ask(student, "방패연은 어떤 연이에요?")
    expect(student.locator("article").last.locator(".lq-body")).to_contain_text("네모난 연")
    assert student.locator(".lq-generation").text_content() != old
    expect(student.locator(".lq-documents option")).to_have_count(3)


def test_a_citation_of_a_lesson_that_changed_lights_nothing(
    open_page: Open, own_school: School
) -> None:
    page = open_page(own_school.url)
    ask(page, QUESTION)
    page.locator(".lq-cite").first.click()
    expect(page.locator("mark.lq-active").first).to_be_visible()
    lesson = own_school.settings.corpus / "baking-bread.md"
    lesson.write_text("# 빵\n\n새 첫머리입니다.\n\n" + lesson.read_text("utf-8"), "utf-8")
    assert own_school.desk.rebuild(quiet)
    page.reload()  # the conversation is kept; what it cites is not served any more
    expect(page.locator(".lq-document")).to_contain_text("새 첫머리입니다.")
    page.locator(".lq-cite").first.click()
    expect(page.locator(".lq-document")).to_contain_text("이 답을 드린 뒤에 강의가 바뀌었어요.")
    expect(page.locator("mark")).to_have_count(0)
    ask(page, QUESTION)
    page.locator("article").last.locator(".lq-cite").first.click()
    lit = page.locator("mark.lq-active")
    expect(lit.first).to_be_visible()
    cited = own_school.desk.live.service.assistant.ask(QUESTION).citations[0]
    assert "".join(lit.all_text_contents()) in cited.quote.replace("**", "")


def test_an_evaluation_shows_its_report(open_page: Open, school: School, tmp_path: Path) -> None:
    row = {
        "question": QUESTION,
        "document": "baking-bread.md",
        "evidence": ["이 기체가 글루텐 그물에 갇히면서 반죽이 풍선처럼 커진다."],
        "facts": [["글루텐"]],
        "kind": "fact",
    }
    off_topic = {"question": "오늘 주가는 얼마예요?", "answerable": False, "kind": "off-topic"}
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, (row, off_topic))), "utf-8")
    page = open_page(school.url)
    teacher(page, school)
    page.get_by_role("tab", name="평가").click()
    page.set_input_files("#questions input[type=file]", file)
    expect(page.locator("#questions")).to_contain_text("questions")
    page.click("#evaluate")
    report = page.frame_locator("#report iframe")
    expect(report.locator("body")).to_contain_text("answer_correct", timeout=60_000)
    expect(report.locator("img, svg").first).to_be_visible()
    box = page.locator("#report iframe").bounding_box()
    assert box and box["width"] > 1_000 and box["height"] > 500  # large enough to be read
    with page.expect_download() as download:
        page.get_by_text("보고서 파일로 저장").click()
    assert "answer_correct" in Path(download.value.path()).read_text("utf-8")
    page.screenshot(path=ARTEFACTS / "teacher-evaluation.png")


@pytest.mark.parametrize("width", [390, 360, 320])
def test_every_button_can_be_reached_on_a_phone(
    open_page: Open, school: School, width: int
) -> None:
    page = open_page(school.url, size={"width": width, "height": 700})
    ask(page, QUESTION)
    page.click(".lq-thumb[data-text=dislike]")
    page.click(".lq-actions .lq-menu summary")
    out = """(width) => [...document.querySelectorAll("#lesson-qa :is(button, a, summary, input)")]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }))
      .map((one) => [one.getBoundingClientRect(), one.textContent])
      .filter(([box]) => box.left < 0 || box.right > width).map(([, words]) => words)"""
    assert page.evaluate(out, width) == []
    page.keyboard.press("Escape")
    page.click("[data-do=language]")
    assert page.evaluate(out, width) == []
    overlaps = """() => {
      const boxes = [...document.querySelectorAll("article :is(button, input, summary)")]
        .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect());
      return boxes.some((a, i) => boxes.slice(i + 1).some((b) => a.left < b.right - 1 &&
        b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1));
    }"""
    assert page.evaluate(overlaps) is False


def test_an_answer_names_its_lesson_where_there_are_several(
    open_page: Open, school: School
) -> None:
    page = open_page(school.url)
    ask(page, QUESTION)
    expect(page.locator(".lq-from")).to_contain_text("집에서 굽는 시골빵")


def test_the_teachers_page_speaks_english(open_page: Open, own_school: School) -> None:
    page = open_page(own_school.url, locale="en-US")
    teacher(page, own_school)
    expect(page.locator("h1")).to_have_text("For the teacher")
    page.click("#verify")
    told = page.locator("#told textarea")
    expect(told).to_have_value(f"The index is whole: {own_school.desk.live.service.generation}")
    page.get_by_role("tab", name="Opinions").click()
    expect(page.locator("#opinion textarea")).to_have_value("There are no opinions yet.")
    page.get_by_role("tab", name="Evaluation").click()
    page.click("#evaluate-kept")
    expect(page.locator("#report [role=alert]")).to_contain_text("There are no questions")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious_for_the_teacher(
    open_page: Open, school: School, size: dict[str, int], scheme: str
) -> None:
    page = open_page(school.url, size=size, scheme=scheme)
    ask(page, QUESTION)
    page.click(".lq-thumb[data-text=dislike]")
    expect(page.locator(".lq-reason")).to_contain_text("의견을 남겼어요.")
    assert violations(page) == []
    teacher(page, school)
    assert violations(page, "body") == []
    page.get_by_role("tab", name="평가").click()
    assert violations(page, "body") == []
    page.get_by_role("tab", name="학생 의견").click()
    page.get_by_label(re.compile(QUESTION[:4])).first.check()
    assert violations(page, "body") == []
    shot = f"teacher-{'phone' if size is PHONE else 'desktop'}-{scheme}.png"
    page.screenshot(path=ARTEFACTS / shot)


def test_both_pages_work_behind_a_proxy_with_a_path(open_page: Open, own_school: School) -> None:
    desk = own_school.desk
    access = Access(
        feedback=desk.feedback, desk=desk, password="a teacher's word", root_path="/lesson"
    )
    with served(desk.live, access) as upstream, proxied(upstream, "/lesson") as url:
        page = open_page(url)
        refused: list[str] = []
        page.on("response", lambda r: refused.append(r.url) if r.status >= 400 else None)
        page.reload()
        ask(page, QUESTION)
        page.locator(".lq-body .lq-cite").first.click()
        expect(page.locator("mark.lq-active").first).to_be_in_viewport()
        page.goto(f"{url}teacher/")
        page.locator("input").nth(0).fill("teacher")
        page.locator("input").nth(1).fill("a teacher's word")
        page.keyboard.press("Enter")
        expect(page.locator("#info")).to_contain_text("use-multilingual-v3")
        page.click("#verify")
        expect(page.locator("#told textarea")).to_have_value(re.compile("색인이 온전합니다"))
    assert refused == []
