"""Many visitors at once: each gets every answer, and none of another's."""

from __future__ import annotations

from rag.assistant import Assistant
from tests.bench.bench_page import VISITORS, visit
from tests.browser.server import served
from ui.wiring import Service


def test_twenty_visitors_get_every_answer_and_none_of_anothers(
    service: Service, assistant: Assistant
) -> None:
    with served(service) as url:
        load = visit(url, assistant, seconds=10)  # `make bench` asks for two minutes
    assert len(load.answers) == VISITORS
    assert min(load.answers) >= 1
