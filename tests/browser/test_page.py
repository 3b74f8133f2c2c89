from __future__ import annotations

import re
from functools import partial
from itertools import pairwise

import pytest
from playwright.sync_api import Page, Route, expect

from rag.assistant import Assistant
from rag.lesson import Lesson
from tests.browser.asking import FOLLOW_UP, OFF_TOPIC, QUESTION, ask
from tests.browser.conftest import Open
from ui.lesson_view import view
from ui.texts import TEXTS

pytestmark = pytest.mark.browser

WATCH = """() => {
  window.seen = []; window.times = [];
  new MutationObserver(() => {
    const body = document.querySelector("article .lq-body");
    if (!body || body.querySelector(".lq-thinking")) return;
    if (body.textContent !== window.seen.at(-1)) {
      window.seen.push(body.textContent); window.times.push(performance.now());
    }
  }).observe(document.querySelector(".lq-turns"), { childList: true, subtree: true });
}"""


def fulfil(status: int, route: Route) -> None:
    route.fulfill(status=status)


def lit(page: Page, number: int) -> str:
    marks = page.locator(f'.lq-document mark[data-citation~="{number}"]').all_text_contents()
    return " ".join("".join(marks).split())


def test_an_answer_appears_in_pieces_within_a_second(open_page: Open, assistant: Assistant) -> None:
    page = open_page()
    page.evaluate(WATCH)
    ask(page, QUESTION)
    seen, times = page.evaluate("window.seen"), page.evaluate("window.times")
    assert len(seen) >= 4
    assert all(len(a) < len(b) for a, b in pairwise(seen))
    assert times[-1] - times[0] < 1_000
    answer = re.sub(r"\s*(\[|\])|^\s*- ", "", assistant.ask(QUESTION).answer, flags=re.M)
    assert "".join(seen[-1].split()) == "".join(answer.split())


def test_a_citation_opens_the_lesson_at_exactly_its_words(
    open_page: Open, assistant: Assistant, lesson: Lesson
) -> None:
    page = open_page()
    ask(page, QUESTION)
    citations = assistant.ask(QUESTION).citations
    assert len(citations) > 1
    for citation in citations:
        page.click(f'.lq-body .lq-cite[data-number="{citation.number}"]')
        expect(page.locator("mark.lq-active").first).to_be_in_viewport()
        words = view(lesson.document(citation.source).text).shown(citation.start, citation.end)
        active = page.locator("mark.lq-active").all_text_contents()
        assert "".join(active) == words == lit(page, citation.number)
    everything = {number for c in citations for number in [c.number] if lit(page, c.number)}
    assert everything == {c.number for c in citations}  # all at once, one of them stronger


def test_why_an_answer_is_what_it_is_opens_and_closes(open_page: Open) -> None:
    page = open_page()
    ask(page, QUESTION)
    ask(page, FOLLOW_UP)
    button, steps = page.locator("[data-text=why]").last, page.locator(".lq-why").last
    expect(steps).to_be_hidden()
    button.click()
    expect(steps).to_contain_text("이해한 질문: NeMo 모델")  # the follow-up, made complete
    expect(steps).to_contain_text("판단: 답함")
    expect(button).to_have_attribute("aria-expanded", "true")
    button.click()
    expect(steps).to_be_hidden()


def test_pointing_at_a_citation_shows_its_quote(open_page: Open) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.hover(".lq-body .lq-cite >> nth=1")
    expect(page.locator(".lq-tip")).to_have_text("50개 이상의 언어와 35개의 코딩 언어 지원.")
    page.mouse.move(0, 0)
    expect(page.locator(".lq-tip")).to_be_hidden()
    page.focus(".lq-body .lq-cite >> nth=0")
    expect(page.locator(".lq-tip")).to_contain_text("NeMo 모델")


def test_enter_while_composing_does_not_send(open_page: Open) -> None:
    page = open_page()
    box = page.locator("#lq-question")
    box.fill("NeMo 모델이 뭐예")
    box.evaluate(
        """(box) => {
          box.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
          const key = { key: "Enter", bubbles: true, cancelable: true };
          window.kept = [{ isComposing: true }, { keyCode: 229 }].map((how) =>
            box.dispatchEvent(new KeyboardEvent("keydown", { ...key, ...how })));
        }"""
    )
    assert page.evaluate("window.kept") == [True, True]  # left to the input method
    assert page.locator("article").count() == 0
    box.evaluate(
        """(box) => {
          box.value += "요?";
          box.dispatchEvent(new CompositionEvent("compositionend", { data: "요", bubbles: true }));
        }"""
    )
    box.press("Enter")
    box.press("Enter")
    expect(page.locator(".lq-asked")).to_have_count(1)
    expect(page.locator(".lq-asked")).to_contain_text("NeMo 모델이 뭐예요?")
    expect(box).to_have_value("")


def test_one_enter_in_a_real_composition_sends_once_and_whole(open_page: Open) -> None:
    """As Korean input methods do it: the Enter that ends a syllable also breaks the line."""
    page = open_page()
    page.focus("#lq-question")
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.insertText", {"text": "NeMo 모델이 뭐예"})
    for syllable in ("ㅇ", "요"):
        composed = {"text": syllable, "selectionStart": 1, "selectionEnd": 1}
        keyboard.send("Input.imeSetComposition", composed)
    page.evaluate(
        "document.querySelector('#lq-question').addEventListener("
        "'keydown', (event) => { window.composed = event.isComposing; })"
    )
    page.keyboard.press("Enter")
    assert page.evaluate("window.composed") is True
    assert page.locator("article").count() == 0  # the last syllable is still being written
    keyboard.send("Input.insertText", {"text": "요"})
    expect(page.locator(".lq-asked")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".lq-stop")).to_be_hidden()
    expect(page.locator(".lq-asked")).to_have_count(1)
    expect(page.locator(".lq-asked")).to_contain_text("NeMo 모델이 뭐예요?"[:-1])
    expect(page.locator("#lq-question")).to_have_value("")


def test_a_composition_that_keeps_its_enter_sends_nothing(open_page: Open) -> None:
    page = open_page()
    page.focus("#lq-question")
    keyboard = page.context.new_cdp_session(page)
    composed = {"text": "漢字", "selectionStart": 2, "selectionEnd": 2}
    keyboard.send("Input.imeSetComposition", composed)
    keyboard.send("Input.insertText", {"text": "漢字"})
    page.wait_for_timeout(100)
    expect(page.locator("#lq-question")).to_have_value("漢字")
    assert page.locator("article").count() == 0


def test_shift_enter_breaks_the_line(open_page: Open) -> None:
    page = open_page()
    page.fill("#lq-question", "하나")
    page.press("#lq-question", "Shift+Enter")
    page.keyboard.type("둘")
    expect(page.locator("#lq-question")).to_have_value("하나\n둘")
    assert page.locator("article").count() == 0


def test_escape_stops_and_the_next_question_is_answered(open_page: Open) -> None:
    page = open_page()
    page.route("**/call/turn", lambda route: None)  # the server is silent
    page.fill("#lq-question", QUESTION)
    page.press("#lq-question", "Enter")
    expect(page.locator(".lq-stop")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".lq-thinking")).to_have_text(TEXTS["stopped"]["ko"])
    page.unroute("**/call/turn")
    ask(page, QUESTION)
    expect(page.locator("article").last.locator(".lq-cite").first).to_be_visible()


def test_a_follow_up_says_how_it_was_understood(open_page: Open, assistant: Assistant) -> None:
    page = open_page()
    ask(page, QUESTION)
    ask(page, FOLLOW_UP)
    understood = assistant.ask(FOLLOW_UP, [QUESTION]).understood
    expect(page.locator(".lq-understood")).to_have_text(f"이렇게 이해했어요: {understood}")


def test_an_abstention_looks_different_and_leads_on(open_page: Open) -> None:
    page = open_page()
    ask(page, OFF_TOPIC)
    reply = page.locator(".lq-answer")
    expect(reply).to_have_class(re.compile("lq-abstained"))
    expect(reply.locator(".lq-sources")).to_have_count(0)
    chip = reply.locator(".lq-chip").first
    question = chip.text_content()
    chip.click()
    expect(page.locator(".lq-asked").last).to_contain_text(question or "")
    expect(page.locator("article").last.locator(".lq-cite").first).to_be_visible()


def test_an_example_is_asked_with_one_click(open_page: Open, assistant: Assistant) -> None:
    page = open_page()
    chips = page.locator(".lq-examples .lq-chip")
    assert tuple(chips.all_text_contents()) == assistant.examples(4)
    chips.first.click()
    expect(page.locator("article .lq-body")).to_be_visible()
    expect(page.locator(".lq-welcome")).to_be_hidden()


def test_failures_are_sentences(open_page: Open) -> None:
    page = open_page()
    for status, text in ((503, "busy"), (500, "failed")):
        page.route("**/call/turn", partial(fulfil, status))
        ask(page, QUESTION)
        expect(page.locator(".lq-problem").last).to_contain_text(TEXTS[text]["ko"])
        page.unroute("**/call/turn")
    page.route("**/call/turn", lambda route: route.abort())
    ask(page, QUESTION)
    expect(page.locator(".lq-problem").last).to_contain_text(TEXTS["offline"]["ko"])
    page.click("[data-do=language]")
    expect(page.locator(".lq-problem").last).to_contain_text(TEXTS["offline"]["en"])
    page.unroute("**/call/turn")
    page.locator("[data-text=again]").last.click()
    expect(page.locator("article").last.locator(".lq-cite").first).to_be_visible()
    expect(page.locator(".lq-stop")).to_be_hidden()
    page.route("**/call/turn", partial(fulfil, 401))
    ask(page, QUESTION)
    expect(page.locator(".lq-problem").last).to_contain_text(TEXTS["logged_out"]["en"])


def test_a_question_that_is_too_long_is_told_and_kept(open_page: Open) -> None:
    page = open_page()
    box, told = page.locator("#lq-question"), page.locator("#lq-length")
    box.fill("가" * 2_003)
    expect(told).to_have_text("질문이 너무 길어요. 3자만 줄여 주세요.")
    expect(box).to_have_attribute("aria-invalid", "true")
    box.press("Enter")
    expect(box).to_have_value("가" * 2_003)
    assert page.locator("article").count() == 0
    box.fill("😀" * 2_000)  # counted as the server counts: by code point
    expect(told).to_have_text("")
    box.press("Enter")
    expect(page.locator("article")).to_have_count(1)
    expect(page.locator(".lq-problem")).to_have_count(0)


def test_the_page_says_in_english_that_the_lesson_is_silent(open_page: Open) -> None:
    page = open_page()
    page.click("[data-do=language]")
    ask(page, OFF_TOPIC)
    expect(page.locator(".lq-body")).to_have_text("The lesson does not say.")
    page.click("[data-do=language]")
    expect(page.locator(".lq-body")).to_have_text("강의에 없는 내용이에요.")


def test_a_greeting_is_not_an_abstention(open_page: Open) -> None:
    page = open_page()
    ask(page, "안녕하세요")
    expect(page.locator(".lq-body")).to_contain_text("안녕하세요!")
    expect(page.locator(".lq-abstained")).to_have_count(0)
    expect(page.locator("[data-text=why]")).to_have_count(0)
    expect(page.locator("article .lq-chip").first).to_be_visible()


def test_a_new_conversation_can_be_taken_back(open_page: Open) -> None:
    page = open_page()
    ask(page, QUESTION)
    before = page.locator("article").inner_text()
    page.click("[data-do=new]")
    expect(page.locator("article")).to_have_count(0)
    page.click("[data-do=undo]")
    expect(page.locator("article")).to_have_text(re.compile(re.escape(before.split()[-1])))
    assert page.locator("article").inner_text() == before
    page.reload()
    expect(page.locator("article")).to_have_count(1)


def test_a_full_storage_keeps_the_newest_turns(open_page: Open) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.evaluate("""() => {
      let room = "";
      for (let more = 2 ** 22; more >= 64; more /= 2) {
        const longer = room + "x".repeat(more);
        try { sessionStorage.setItem("lq-room", longer); room = longer; }
        catch { /* less than this is left */ }
      }
      const turn = sessionStorage.getItem("lq-turns").length;
      sessionStorage.setItem("lq-room", room.slice(turn / 4)); // room for a quarter of a turn more
    }""")
    ask(page, OFF_TOPIC)
    ask(page, FOLLOW_UP)
    page.evaluate("sessionStorage.removeItem('lq-room')")
    page.reload()
    expect(page.locator("article").last).to_be_visible()
    kept = page.locator(".lq-asked").all_text_contents()
    assert 0 < len(kept) < 3
    assert FOLLOW_UP in kept[-1]


def test_the_theme_can_be_changed_and_is_remembered(open_page: Open) -> None:
    page = open_page()
    page.click(".lq-actions .lq-menu summary")
    page.click("[data-do=theme]")
    expect(page.locator("body")).to_have_class(re.compile("dark"))
    page.reload()
    expect(page.locator("body")).to_have_class(re.compile("dark"))
    page.click(".lq-actions .lq-menu summary")
    expect(page.locator("[data-do=theme]")).to_have_text("밝은 화면으로 보기")
    page.click("[data-do=theme]")
    expect(page.locator("body")).not_to_have_class(re.compile("dark"))


def test_menus_close_at_escape_and_beside_them(open_page: Open) -> None:
    page = open_page()
    for menu in (".lq-contents", ".lq-actions .lq-menu"):
        page.click(f"{menu} summary")
        expect(page.locator(f"{menu}[open]")).to_have_count(1)
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(page.locator(f"{menu}[open]")).to_have_count(0)
        expect(page.locator(f"{menu} summary")).to_be_focused()
        page.click(f"{menu} summary")
        page.click(".lq-log")
        expect(page.locator(f"{menu}[open]")).to_have_count(0)


def test_the_page_speaks_english_too(open_page: Open) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.click("[data-do=language]")
    assert page.evaluate("document.documentElement.lang") == "en"
    words = "nodes => nodes.map(n => (n.dataset.text ? n.textContent : '') + (n.ariaLabel || ''))"
    spoken = page.locator("[data-text], [data-label]").evaluate_all(words)
    hangul = [text for text in spoken if re.search("[가-힣]", text)]
    assert hangul == [TEXTS["language"]["en"] + TEXTS["language_label"]["en"]]  # the way back
    page.reload()
    expect(page.locator("h1")).to_have_text("Lesson Q&A")


def test_a_conversation_outlives_a_reload_until_a_new_one_is_begun(open_page: Open) -> None:
    page = open_page()
    ask(page, QUESTION)
    before = page.locator("article").inner_text()
    page.reload()
    expect(page.locator("article .lq-cite").first).to_be_visible()
    assert page.locator("article").inner_text() == before
    ask(page, FOLLOW_UP)
    expect(page.locator(".lq-understood")).to_have_count(1)
    page.click("[data-do=new]")
    expect(page.locator("article")).to_have_count(0)
    expect(page.locator(".lq-welcome")).to_be_visible()
    ask(page, FOLLOW_UP)
    expect(page.locator(".lq-understood")).to_have_count(0)


def test_an_answer_is_copied_with_its_sources(open_page: Open, assistant: Assistant) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.click("[data-text=copy]")
    expect(page.locator("[data-text=copied]")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    answer = assistant.ask(QUESTION)
    assert answer.answer in copied
    assert all(f"[{c.number}] {c.source}" in copied for c in answer.citations)


def test_what_a_person_types_is_never_markup(open_page: Open) -> None:
    page = open_page()
    attack = '<img src=x onerror="window.hacked=1"><b>NeMo 모델이 뭐예요?</b>'
    ask(page, attack)
    expect(page.locator(".lq-asked")).to_contain_text(attack)
    page.reload()
    expect(page.locator(".lq-asked")).to_contain_text(attack)
    assert page.evaluate("window.hacked") is None


def test_the_contents_lead_to_a_heading(open_page: Open) -> None:
    page = open_page()
    page.click(".lq-contents summary")
    entry = page.locator(".lq-contents ol button").last
    name = entry.text_content()
    entry.click()
    heading = page.locator(".lq-document h4", has_text=name or "").last
    expect(heading).to_be_in_viewport()
    expect(entry).to_be_hidden()
