from __future__ import annotations

import pytest

from ui.terminal import ProgressLine


class Clock:
    """Seconds that pass when they are told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "encoding 0/3000",
                "encoding 300/3000 (about 90 s left)",
                "encoding 600/3000 (about 14 min left)",
                "encoding 3000/3000",
            ],
        ),
        (
            "ko",
            [
                "벡터 계산 0/3000",
                "벡터 계산 300/3000 (약 90초 남음)",
                "벡터 계산 600/3000 (약 14분 남음)",
                "벡터 계산 3000/3000",
            ],
        ),
    ],
)
def test_what_is_left_is_estimated(
    language: str, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    line = ProgressLine(language, clock)
    for done, now in ((0, 0), (300, 10), (301, 10.1), (600, 200), (3000, 1000)):
        clock.now = now
        line("vectors", done, 3000)
    assert capsys.readouterr().err.splitlines() == lines


def test_nothing_is_estimated_too_early(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    line = ProgressLine("en", clock)
    for done in (0, 1, 2):
        clock.now += 1.0
        line("words", done, 2)
    assert capsys.readouterr().err.splitlines() == [
        "encoding words 0/2",
        "encoding words 1/2",
        "encoding words 2/2",
    ]


def test_waiting_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    ProgressLine("ko")("waiting", 0, 1)
    ProgressLine("en")("waiting", 0, 1)
    assert capsys.readouterr().err.splitlines() == [
        "다른 색인 작업을 기다립니다...",
        "waiting for another build...",
    ]
