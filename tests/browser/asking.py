"""What the browser tests do on the page, as a student would."""

from __future__ import annotations

from playwright.sync_api import Page, expect

QUESTION = "NeMo 모델이 뭐예요?"
FOLLOW_UP = "그건 몇 개 언어를 지원하나요?"
OFF_TOPIC = "서울 날씨는 어때요?"


def ask(page: Page, question: str) -> None:
    """Asks and waits until the answer is whole."""
    count = page.locator("article").count()
    page.fill("#lq-question", question)
    page.press("#lq-question", "Enter")
    expect(page.locator("article")).to_have_count(count + 1)
    expect(page.locator(".lq-send.lq-stop")).to_be_hidden()
