"""Real parts, shared by the tests: the lesson, the encoder, an index and a working assistant."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.lesson import DEFAULT_CORPUS, read_lesson
from index.encoder import Encoder
from index.terms import KiwiAnalyzer
from rag.assistant import Assistant
from rag.lesson import Lesson
from ui.settings import Settings, read_settings
from ui.wiring import Parts, Service, load_reader, open_service

KIWI = KiwiAnalyzer()  # loads at its first use, and once for all tests


def quiet(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="session")
def lesson() -> Lesson:
    return read_lesson(DEFAULT_CORPUS)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder.load(device="cpu")


@pytest.fixture(scope="session")
def parts(encoder: Encoder) -> Parts:
    """What takes seconds to load and serves any number of lessons."""
    return Parts(encoder, KIWI, load_reader(read_settings({"device": "cpu"}, {})))


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    index = tmp_path_factory.mktemp("service") / "index"
    return read_settings({"index": str(index), "device": "cpu"}, {})


@pytest.fixture(scope="session")
def service(settings: Settings, parts: Parts) -> Service:
    return open_service(settings, quiet, parts)


@pytest.fixture(scope="session")
def assistant(service: Service) -> Assistant:
    return service.assistant


@pytest.fixture
def small_lesson(tmp_path: Path) -> Path:
    path = tmp_path / "small.md"
    path.write_text("# 과일\n\n- **사과**: 빨간 과일입니다.\n- **배**: 노란 과일입니다.\n", "utf-8")
    return path
