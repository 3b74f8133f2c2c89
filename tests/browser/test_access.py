"""What a screen reader and a keyboard find, by axe-core's rules."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.asking import OFF_TOPIC, QUESTION, ask
from tests.browser.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, Open

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious(open_page: Open, size: dict[str, int], scheme: str) -> None:
    page = open_page(size=size, scheme=scheme)
    assert violations(page) == []
    ask(page, QUESTION)
    page.click(".lq-answer [data-text=why]")
    ask(page, OFF_TOPIC)
    page.click(".lq-actions .lq-menu summary")
    assert violations(page) == []
    page.keyboard.press("Escape")
    if size is PHONE:
        page.click("[data-do=lesson]")
    page.click(".lq-contents summary")
    assert violations(page) == []


def test_axe_would_find_what_is_wrong(open_page: Open) -> None:
    page = open_page()
    page.evaluate("document.querySelector('[data-do=language]').replaceChildren()")
    page.evaluate("document.querySelector('[data-do=language]').removeAttribute('aria-label')")
    assert [rule for _, rule, _ in violations(page)] == ["button-name"]


def test_the_keyboard_reaches_everything(open_page: Open) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.locator("#lq-question").blur()
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.dataset.do || document.activeElement.dataset.text"
                " || document.activeElement.className || document.activeElement.id"
            )
        )
    wanted = {"new", "language", "menu", "contents", "copy", "why", "lq-cite", "lq-chip", "send"}
    assert wanted - {name.split()[0] for name in reached if name} == set()


def test_the_language_of_the_page_is_told(open_page: Open) -> None:
    page = open_page()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.click("[data-do=language]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".lq-document")).to_have_attribute("lang", "ko")
