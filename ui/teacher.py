"""The teacher's page: lessons, index, evaluation and opinions, beside the chat page at /teacher.

Every event checks who asks inside its function; none is public.
"""

# No `from __future__ import annotations` here: Gradio finds the request and the progress bar of an
# event by the annotations of its function.

import ipaddress
import json
from pathlib import Path
from typing import Any

import fastapi
import gradio as gr

from ui.desk import Desk
from ui.endpoints import sentences
from ui.feedback import Opinion
from ui.page import library
from ui.teacher_view import STYLE, alert, facts, opinion_line, opinion_text, report
from ui.texts import TEACHER_TEXTS, Language
from ui.users import password_check
from ui.wiring import Progress

TEACHER = "teacher"  # the name to log in with, where there is a password
LARGEST_UPLOAD = "50mb"
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def mount(app: fastapi.FastAPI, desk: Desk, password: str, **options: object) -> None:
    """Puts the page at /teacher; without a password only for who sits at this machine."""
    entry: dict[str, Any] = {"auth_dependency": at_this_machine}
    if password:
        entry = {
            "auth": password_check(TEACHER, password),
            "auth_message": TEACHER_TEXTS["log_in"]["ko"],
        }
    gr.mount_gradio_app(
        app,
        build_teacher(desk),
        path="/teacher",
        max_file_size=LARGEST_UPLOAD,
        i18n=_in_both_languages(),
        head=f"<style>{STYLE}</style>",
        **entry,
        **options,
    )


def at_this_machine(request: fastapi.Request) -> str | None:
    """The teacher, when the request comes from this machine itself and was made for it.

    One that a proxy passed on comes from anywhere, and one for another host name is a foreign
    page's (DNS rebinding): neither is let in.
    """
    client = request.client.host if request.client else ""
    local = _is_loopback(client) and _is_loopback(request.url.hostname or "")
    return TEACHER if local and not any(name in request.headers for name in _FORWARDED) else None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def build_teacher(desk: Desk) -> gr.Blocks:
    """The page over a desk."""
    page: gr.Blocks
    work = _Work(desk)
    text = _in_both_languages()
    # What is uploaded is copied where it belongs at once; the upload itself is gone in a day.
    with gr.Blocks(title="Lesson Q&A", analytics_enabled=False, delete_cache=(3600, 86400)) as page:
        gr.Markdown(text("title"), elem_id="title")
        with gr.Tab(text("lessons")):
            _lessons(work, text, page)
        with gr.Tab(text("evaluation")):
            _evaluation(work, text)
        with gr.Tab(text("opinions")) as tab:
            _opinions(work, text, tab)
    page.queue(max_size=8, default_concurrency_limit=1)
    return page


def _in_both_languages() -> gr.I18n:
    languages: dict[str, dict[str, str]] = {
        "ko": {name: text["ko"] for name, text in TEACHER_TEXTS.items()},
        "en": {name: text["en"] for name, text in TEACHER_TEXTS.items()},
    }
    return gr.I18n(**languages)


def _lessons(work: "_Work", text: gr.I18n, page: gr.Blocks) -> None:
    info = gr.HTML(elem_id="info")
    files = gr.File(file_count="multiple", label=text("files"), elem_id="files")
    overwrite = gr.Checkbox(label=text("overwrite"))
    with gr.Row():
        add = gr.Button(text("add"), elem_id="add")
        rebuild = gr.Button(text("rebuild"), variant="primary", elem_id="rebuild")
        verify = gr.Button(text("verify"), elem_id="verify")
    told = gr.Textbox(label=text("told"), lines=2, interactive=False, elem_id="told")
    private: dict[str, Any] = {"api_visibility": "private", "show_progress_on": told}
    add.click(work.add, [files, overwrite], [told, files], **private)
    rebuild.click(work.rebuild, None, [told, info], **private)
    verify.click(work.verify, None, told, **private)
    page.load(work.info, None, info, api_visibility="private")


def _evaluation(work: "_Work", text: gr.I18n) -> None:
    gr.Markdown(text("evaluation_more"))
    files = gr.File(label=text("questions"), elem_id="questions")
    with gr.Row():
        start = gr.Button(text("evaluate"), variant="primary", elem_id="evaluate")
        kept = gr.Button(text("evaluate_kept"), elem_id="evaluate-kept")
    report = gr.HTML(elem_id="report")
    start.click(work.evaluate, files, report, api_visibility="private")
    kept.click(work.evaluate_kept, None, report, api_visibility="private")


def _opinions(work: "_Work", text: gr.I18n, tab: gr.Tab) -> None:
    fetch = gr.Button(text("fetch"), elem_id="fetch")
    rows = gr.Radio([], label=text("rows"), elem_id="rows")
    kept: gr.State = gr.State([])
    shown = gr.Textbox(label=text("chosen"), lines=4, interactive=False, elem_id="opinion")
    quotes = gr.Textbox(label=text("quotes"), lines=3, elem_id="quotes")
    keep = gr.Button(text("keep"), variant="primary", elem_id="keep")
    row = gr.Textbox(label=text("row"), lines=3, interactive=False, elem_id="row")
    for event in (tab.select, fetch.click):
        event(work.opinions, None, [rows, kept, shown, row], api_visibility="private")
    rows.input(work.choose, [kept, rows], shown, api_visibility="private")
    keep.click(work.keep, [kept, rows, quotes], row, api_visibility="private")


class _Work:
    """The events of the page; each lets in the teacher alone and tells failures in a sentence."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add(
        self, files: list[str] | None, overwrite: bool, request: gr.Request
    ) -> tuple[str, dict[str, Any] | None]:
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
        _authority(request)
        try:
            built = self._desk.rebuild(_bar(progress, request))
            told = [_say("rebuilt" if built else "unchanged", request)]
        except Exception as error:
            told = [_sentence(error, request)]
        return "\n".join(told), self.info(request)

    def verify(self, request: gr.Request) -> str:
        _authority(request)
        try:
            return f"{_say('whole', request)}: {self._desk.verify()}"
        except Exception as error:
            return _sentence(error, request)

    def info(self, request: gr.Request) -> str:
        _authority(request)
        lessons = library(self._desk.live.service)["lessons"]
        return facts(self._desk.info(), lessons, _language(request))

    def evaluate(
        self,
        questions: str | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> str:
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
        _authority(request)
        if not self._desk.questions.exists():
            return alert(_say("nothing_kept", request))
        return self.evaluate(str(self._desk.questions), request, progress)

    def opinions(self, request: gr.Request) -> tuple[dict[str, Any], list[Opinion], str, str]:
        _authority(request)
        try:
            found, told = self._desk.opinions(), ""
        except Exception as error:
            found, told = [], _sentence(error, request)
        lines = [(opinion_line(one, _language(request)), at) for at, one in enumerate(found)]
        return gr.update(choices=lines, value=None), found, told or _none(found, request), ""

    def choose(self, kept: list[Opinion], at: int | None, request: gr.Request) -> str:
        _authority(request)
        return "" if at is None else opinion_text(kept[at])

    def keep(self, kept: list[Opinion], at: int | None, quotes: str, request: gr.Request) -> str:
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
