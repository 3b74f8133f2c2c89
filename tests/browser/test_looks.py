from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.asking import OFF_TOPIC, QUESTION, ask
from tests.browser.conftest import ARTEFACTS, DESKTOP, PHONE, Open

pytestmark = pytest.mark.browser

# The lowest contrast of any text on the page with the nearest opaque background behind it.
CONTRAST = """() => {
  const numbers = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = (c) => numbers(c).slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (let n = node; n; n = n.parentElement) {
      const c = getComputedStyle(n).backgroundColor;
      if ((numbers(c)[3] ?? 1) === 1) return c;
    }
    return "rgb(255, 255, 255)";
  };
  let worst = [99, ""];
  for (const node of document.querySelectorAll("#lesson-qa *")) {
    const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !node.checkVisibility() || node.disabled) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < worst[0]) worst = [ratio, node.className + ": " + node.textContent.slice(0, 40)];
  }
  return worst;
}"""


def test_on_a_phone_the_lesson_is_a_sheet(open_page: Open) -> None:
    page = open_page(size=PHONE)
    sheet = page.locator(".lq-lesson")
    expect(sheet).to_be_hidden()
    ask(page, QUESTION)
    expect(sheet).to_be_hidden()
    cite = page.locator(".lq-body .lq-cite").nth(1)
    cite.click()
    expect(sheet).to_be_visible()
    expect(sheet).to_have_attribute("role", "dialog")
    expect(page.locator("mark.lq-active").first).to_be_in_viewport()
    expect(page.locator("[data-do=close]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(cite).to_be_focused()
    page.click("[data-do=lesson]")
    expect(sheet).to_be_visible()
    page.click("[data-do=close]")
    expect(sheet).to_be_hidden()
    page.click("[data-do=lesson]")
    page.mouse.click(PHONE["width"] / 2, 20)  # beside the sheet
    expect(sheet).to_be_hidden()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]  # nothing sticks out


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_it_can_be_read_in_light_and_dark(
    open_page: Open, name: str, size: Any, scheme: str
) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page = open_page(size=size, scheme=scheme)
    shot = f"{name}-{scheme}"
    page.screenshot(path=ARTEFACTS / f"{shot}-start.png")
    assert page.evaluate(CONTRAST)[0] >= 4.5, page.evaluate(CONTRAST)
    ask(page, QUESTION)
    page.screenshot(path=ARTEFACTS / f"{shot}-answer.png")
    ask(page, OFF_TOPIC)
    page.screenshot(path=ARTEFACTS / f"{shot}-abstained.png")
    page.locator(".lq-body .lq-cite").nth(1).click()
    expect(page.locator("mark.lq-active").first).to_be_in_viewport()
    page.wait_for_timeout(500)  # the sheet has slid in, the lesson has scrolled
    page.screenshot(path=ARTEFACTS / f"{shot}-cited.png")
    assert page.evaluate(CONTRAST)[0] >= 4.5, page.evaluate(CONTRAST)
