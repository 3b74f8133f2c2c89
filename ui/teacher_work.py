"""The events of the teacher's page: each checks who asks and tells failures in a sentence."""

# No `from __future__ import annotations` here: Gradio finds the request and the progress bar of an
# event by the annotations of its function.

import json
from pathlib import Path
from typing import Any

import gradio as gr

from ui.desk import Desk
from ui.endpoints import sentences
from ui.feedback import Opinion
from ui.page import library
from ui.teacher_view import alert, facts, opinion_line, opinion_text, report
from ui.texts import TEACHER_TEXTS, Language
from ui.wiring import Progress

TEACHER = "teacher"  # the name to log in with, where there is a password


class Work:
    """The events of the page; each lets in the teacher alone and tells failures in a sentence."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add(
        self, files: list[str] | None, overwrite: bool, request: gr.Request
    ) -> tuple[str, dict[str, Any] | None]:
        """Copies the chosen files among the lessons; on failure they stay chosen."""
        _authority(request)
        if not files:
            return _say("no_files", request), None
        try:
            names = self._desk.add([Path(file) for file in files], overwrite)
        except Exception as error:
            return _sentence(error, request), gr.skip()  # the files stay, to be tried again
        return f"{_say('added', request)}: {', '.join(names)}", None

    def rebuild(
        self,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> tuple[str, str]:
        """Makes the index current: what came of it, and the index as it is now."""
        _authority(request)
        try:
            built = self._desk.rebuild(_bar(progress, request))
            told = [_say("rebuilt" if built else "unchanged", request)]
            told += [error.sentence(_language(request)) for error in self._desk.skipped.errors]
        except Exception as error:
            told = [_sentence(error, request)]
        return "\n".join(told), self.info(request)

    def verify(self, request: gr.Request) -> str:
        """Checks the index."""
        _authority(request)
        try:
            return f"{_say('whole', request)}: {self._desk.verify()}"
        except Exception as error:
            return _sentence(error, request)

    def info(self, request: gr.Request) -> str:
        """The index that answers now, as HTML."""
        _authority(request)
        lessons = library(self._desk.live.service)["lessons"]
        return facts(self._desk.info(), lessons, _language(request))

    def evaluate(
        self,
        questions: str | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> str:
        """Scores a question file, or the program's own questions: the report, as HTML."""
        _authority(request)
        file = Path(questions) if questions else None
        try:
            return report(self._desk.evaluate(file, _bar(progress, request)), _language(request))
        except Exception as error:
            return alert(_sentence(error, request))

    def evaluate_kept(
        self,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> str:
        """Scores the questions that opinions were turned into."""
        _authority(request)
        if not self._desk.questions.exists():
            return alert(_say("nothing_kept", request))
        return self.evaluate(str(self._desk.questions), request, progress)

    def opinions(self, request: gr.Request) -> tuple[dict[str, Any], list[Opinion], str, str]:
        """The latest opinions to choose from; what is shown of the chosen one is emptied."""
        _authority(request)
        try:
            found, told = self._desk.opinions(), ""
        except Exception as error:
            found, told = [], _sentence(error, request)
        lines = [(opinion_line(one, _language(request)), at) for at, one in enumerate(found)]
        return gr.update(choices=lines, value=None), found, told or _none(found, request), ""

    def choose(self, kept: list[Opinion], at: int | None, request: gr.Request) -> str:
        """The chosen opinion in full."""
        _authority(request)
        return "" if at is None else opinion_text(kept[at])

    def keep(self, kept: list[Opinion], at: int | None, quotes: str, request: gr.Request) -> str:
        """Makes a question of the chosen opinion; tells where it is kept."""
        _authority(request)
        if at is None:
            return _say("choose_first", request)
        lines = [line for line in quotes.splitlines() if line.strip()]
        try:
            row = self._desk.keep_question(kept[at], lines)
        except Exception as error:
            return _sentence(error, request)
        told = f"{_say('kept', request)}: {self._desk.questions}"
        return f"{told}\n\n{json.dumps(row, ensure_ascii=False, indent=1)}"


def _none(found: list[Opinion], request: gr.Request) -> str:
    return "" if found else _say("no_opinions", request)


def _authority(request: gr.Request) -> None:
    if request is None or request.username != TEACHER:
        raise gr.Error(_say("forbidden", request), print_exception=False)


def _sentence(error: Exception, request: gr.Request) -> str:
    return sentences(error)[_language(request)]


def _say(name: str, request: gr.Request) -> str:
    return TEACHER_TEXTS[name][_language(request)]


def _language(request: gr.Request) -> Language:
    """The first language the browser asks for; Korean unless it is another."""
    wanted = str(request.headers.get("accept-language", "ko")) if request else "ko"
    return "ko" if wanted.lower().startswith(("ko", "*")) else "en"


def _bar(progress: gr.Progress, request: gr.Request) -> Progress:
    def show(stage: str, done: int, total: int) -> None:
        words = TEACHER_TEXTS.get(stage)
        progress((done, total), desc=words[_language(request)] if words else stage)

    return show
