"""The page in a real browser and under load, each against its raw limit in the same process.

``python -m tests.bench.bench_page``.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from corpus.questions import suite
from rag.assistant import Assistant
from rag.gold import GoldQuestion, parse_gold
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.server import served
from tests.test_chat import post
from ui.settings import read_settings
from ui.wiring import open_service

VISITORS, SECONDS, ROUNDS = 20, 120.0, 7


@dataclass(frozen=True)
class Load:
    """How many answers each visitor got, and how long each waited in seconds, sorted."""

    answers: list[int]
    waited: list[float]


def visit(url: str, assistant: Assistant, seconds: float) -> Load:
    """Twenty visitors ask for a while; raises AssertionError for an answer that is not theirs."""
    file, _ = next(iter(suite()))
    rows = parse_gold(file.read_text("utf-8"), file.name)[: VISITORS * 3]
    expected = {row.id: assistant.ask(row.question, row.history).to_json() for row in rows}
    until = time.monotonic() + seconds
    waited: list[float] = []
    lock = threading.Lock()

    def one(row: GoldQuestion) -> None:
        started = time.monotonic()
        answer = post(url, "turn", [row.question, list(row.history), []])["answer"]
        with lock:
            waited.append(time.monotonic() - started)
        assert _essence(answer) == _essence(expected[row.id])

    def visitor(number: int) -> int:
        asked = 0
        while time.monotonic() < until or not asked:
            one(rows[(number + asked * VISITORS) % len(rows)])
            asked += 1
        return asked

    with ThreadPoolExecutor(VISITORS) as visitors:
        return Load(list(visitors.map(visitor, range(VISITORS))), sorted(waited))


def _essence(answer: dict[str, Any]) -> tuple[object, ...]:
    places = [(c["source"], c["start"], c["end"]) for c in answer["citations"]]
    return answer["question"], answer["answer"], places


def first_paint(page: Page, url: str) -> tuple[float, float]:
    """Milliseconds until the browser painted anything, and until there is something to click."""
    page.goto("about:blank")
    page.goto(url, wait_until="commit")
    page.wait_for_selector(".lq-examples .lq-chip")
    usable: float = page.evaluate("performance.now()")
    paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    page.wait_for_function(f"() => {paint} > 0")
    return page.evaluate(paint), usable


def first_words(page: Page, question: str) -> float:
    """Milliseconds from Enter to the first words of the answer on the page."""
    page.fill("#lq-question", question)
    taken: float = page.evaluate(
        """() => new Promise((done) => {
          const box = document.querySelector("#lq-question"), started = performance.now();
          const turns = document.querySelector(".lq-turns");
          new MutationObserver((_, watch) => {
            const said = turns.querySelector("article:last-child .lq-body");
            if (!said?.querySelector("p:not(.lq-thinking), li")) return;
            watch.disconnect();
            requestAnimationFrame(() => done(performance.now() - started));
          }).observe(turns, { childList: true, subtree: true });
          box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true }));
        })"""
    )
    page.wait_for_selector(".lq-send.lq-stop", state="hidden")
    return taken


def fetched(url: str) -> float:
    """Milliseconds to fetch the page's HTML."""
    started = time.perf_counter()
    with urllib.request.urlopen(url) as response:
        response.read()
    return (time.perf_counter() - started) * 1000


def main() -> int:
    file, _ = next(iter(suite()))
    rows = parse_gold(file.read_text("utf-8"), file.name)
    asked = [row.question for row in rows if row.answerable]
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"index": str(Path(folder)), "device": "cpu"}, {})
        service = open_service(settings, lambda stage, done, total: None)
        assistant = service.assistant
        for question in asked[:ROUNDS]:
            assistant.ask(question)
        with served(service) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            page = browser.new_page()
            paints = [first_paint(page, url) for _ in range(ROUNDS)]
            words = [first_words(page, question) for question in asked[:ROUNDS]]
            raw = [assistant.ask(question).elapsed_ms for question in asked[:ROUNDS]]
            pages = [fetched(url) for _ in range(ROUNDS)]
            browser.close()
            load = visit(url, assistant, SECONDS)
    started = time.perf_counter()
    for question in asked[:100]:
        assistant.ask(question)
    alone = 100 / (time.perf_counter() - started)
    write = sys.stdout.write
    write(f"first paint         {median(p for p, _ in paints):>7.0f} ms\n")
    write(f"first useful paint  {median(u for _, u in paints):>7.0f} ms\n")
    write(f"  the HTML alone    {median(pages):>7.0f} ms\n")
    write(f"first words         {median(words):>7.0f} ms\n")
    write(f"  the answer alone  {median(raw):>7.0f} ms\n")
    waited = load.waited
    write(
        f"{sum(load.answers)} answers to {VISITORS} visitors in {SECONDS:.0f} s "
        f"({sum(load.answers) / SECONDS:.1f}/s; one thread, no server: {alone:.1f}/s); wait "
        f"p50 {median(waited):.2f} s, p95 {waited[int(len(waited) * 0.95)]:.2f} s\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
