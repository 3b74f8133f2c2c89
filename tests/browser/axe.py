"""What axe-core finds wrong in a page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

# What fades in has no contrast yet; what turns for ever has.
STILL = """() => document.getAnimations().every(
  (one) => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity)"""


def violations(page: Page, context: str = "#lesson-qa") -> list[tuple[str, str, str]]:
    """(impact, rule, element) of what axe finds serious or critical there."""
    page.wait_for_function(STILL)
    found: Any = Axe().run(page, context=context).response["violations"]
    return [
        (rule["impact"], rule["id"], node["html"][:120])
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
