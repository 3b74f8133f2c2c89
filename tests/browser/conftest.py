"""A real Chromium, and the chat page open in it; whatever a test does, no other host is asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.server import served
from ui.wiring import Service

expect.set_options(timeout=15_000)  # another worker's tests share the machine; no claim on speed

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
ARTEFACTS = Path(__file__).parent.parent / "artefacts"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium; install it, e.g. with `apt-get install chromium`")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address(service: Service) -> Iterator[str]:
    with served(service) as url:
        service.assistant.ask("NGC가 뭐예요?")  # what an answer loads is loaded now
        yield url


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Opens the page in a fresh browser profile; at the end, checks whom it talked to and how."""
    hosts: set[str] = set()
    complaints: list[str] = []
    contexts = []

    def open_page(
        url: str = address, size: Any = DESKTOP, scheme: Any = "light", locale: str = "ko-KR"
    ) -> Page:
        context = browser.new_context(viewport=size, color_scheme=scheme, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        page.wait_for_selector(".lq-document [data-at]", state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert hosts <= {"127.0.0.1", ""}  # "": data and blob addresses
    assert complaints == []
