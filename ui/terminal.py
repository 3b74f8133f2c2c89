"""What a person sees on the terminal: answers with their sources, and progress."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable
from typing import TextIO

from rag.answer import Answer
from ui.texts import page_name

_BOLD, _DIM, _CYAN, _YELLOW, _OFF = "\033[1m", "\033[2m", "\033[36m", "\033[33m", "\033[0m"
_STAGES = {
    "waiting": ("다른 색인 작업을 기다립니다", "waiting for another build"),
    "documents": ("강의 읽기", "reading lessons"),
    "terms": ("형태소 분석", "analysing words"),
    "vectors": ("벡터 계산", "encoding"),
    "words": ("단어 벡터", "encoding words"),
    "questions": ("질문 답변", "answering"),
}
# Progress lines at most for each stage where the terminal cannot redraw one: of little work, and
# of much, which is more than _MUCH.
_STEPS, _MORE_STEPS, _MUCH = 2, 10, 2_000
_PATIENCE = 3.0  # seconds of work before it is said how much is left


def print_answer(answer: Answer, language: str, output: TextIO) -> None:
    """The answer, then its sources with file, heading path and quote; colour on a terminal only."""
    colour = output.isatty() and "NO_COLOR" not in os.environ
    paint = (lambda code, text: f"{code}{text}{_OFF}") if colour else (lambda code, text: text)
    korean = language == "ko"
    if answer.understood:
        understood = "이렇게 이해했어요" if korean else "Understood as"
        print(paint(_DIM, f"{understood}: {answer.understood}"), file=output)
    print(paint(_YELLOW if answer.abstained else _BOLD, answer.answer), file=output)
    if answer.citations:
        print("\n" + paint(_DIM, "근거" if korean else "Sources"), file=output)
    for citation in answer.citations:
        source = citation.source
        if citation.page:
            source += f", {page_name(source, citation.page)['ko' if korean else 'en']}"
        place = " › ".join([source, *citation.heading])
        print(f"{paint(_CYAN, f'[{citation.number}]')} {paint(_DIM, place)}", file=output)
        for line in citation.quote.splitlines():
            print(f"    {line.strip()}", file=output)
    if answer.abstained and answer.suggestions:
        print("\n" + ("이런 질문은 답할 수 있어요:" if korean else "You can ask:"), file=output)
        for suggestion in answer.suggestions:
            print(f"  - {suggestion}", file=output)


class ProgressLine:
    """Shows the progress of a build on stderr: one line redrawn, or a few lines in a log.

    ``clock`` gives seconds that never run backwards.
    """

    def __init__(self, language: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._korean, self._clock = language == "ko", clock
        self._shown: tuple[str, int] | None = None
        self._begun = ("", 0.0, 0)  # the stage, when it was first told of, and how far it was then

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Called as work goes on; ``done`` runs from 0 to ``total``."""
        now = self._clock()
        if self._begun[0] != stage:
            self._begun = (stage, now, done)
        if stage == "waiting":
            print(f"{self._name(stage)}...", file=sys.stderr, flush=True)
            return
        line = f"{self._name(stage)} {done}/{total}{self._left(now, done, total)}"
        step = done * (_MORE_STEPS if total > _MUCH else _STEPS) // max(total, 1)
        if sys.stderr.isatty():
            end = "\n" if done >= total else ""
            print(f"\r\033[K{line}", end=end, file=sys.stderr, flush=True)
        elif self._shown != (stage, step):
            self._shown = (stage, step)
            print(line, file=sys.stderr, flush=True)

    def _left(self, now: float, done: int, total: int) -> str:
        """How long the stage will go on at the pace it had so far, once that can be told."""
        _, start, first = self._begun
        if now - start < _PATIENCE or done <= first or done >= total:
            return ""
        seconds = math.ceil((now - start) / (done - first) * (total - done))
        minutes = math.ceil(seconds / 60)
        if self._korean:
            return f" (약 {seconds}초 남음)" if seconds < 100 else f" (약 {minutes}분 남음)"
        return f" (about {seconds} s left)" if seconds < 100 else f" (about {minutes} min left)"

    def _name(self, stage: str) -> str:
        korean, english = _STAGES[stage]
        return korean if self._korean else english
