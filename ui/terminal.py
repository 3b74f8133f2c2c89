"""What a person sees on the terminal: answers with their sources, and progress."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from rag.answer import Answer
from ui.texts import page_name

_BOLD, _DIM, _CYAN, _YELLOW, _OFF = "\033[1m", "\033[2m", "\033[36m", "\033[33m", "\033[0m"
_STAGES = {
    "documents": ("강의 읽기", "reading lessons"),
    "terms": ("형태소 분석", "analysing words"),
    "vectors": ("벡터 계산", "encoding"),
    "questions": ("질문 답변", "answering"),
}
_STEPS = 2  # progress lines at most for each stage where the terminal cannot redraw one


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
    """Shows the progress of a build on stderr: one line redrawn, or a few lines in a log."""

    def __init__(self, language: str) -> None:
        self._korean = language == "ko"
        self._shown: tuple[str, int] | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Called as work goes on; ``done`` runs from 0 to ``total``."""
        step = done * _STEPS // max(total, 1)
        if sys.stderr.isatty():
            end = "\n" if done >= total else ""
            print(f"\r{self._name(stage)} {done}/{total}", end=end, file=sys.stderr, flush=True)
        elif self._shown != (stage, step):
            self._shown = (stage, step)
            print(f"{self._name(stage)} {done}/{total}", file=sys.stderr, flush=True)

    def _name(self, stage: str) -> str:
        korean, english = _STAGES[stage]
        return korean if self._korean else english
