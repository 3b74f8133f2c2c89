"""The teacher's page: lessons, index, evaluation and opinions, beside the chat page at /teacher.

What its events do is in ui.teacher_work; none of them is public.
"""

from __future__ import annotations

import ipaddress
from typing import Any

import fastapi
import gradio as gr

from ui.desk import Desk
from ui.teacher_view import STYLE
from ui.teacher_work import TEACHER, Work
from ui.texts import TEACHER_TEXTS
from ui.users import password_check

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
    work = Work(desk)
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


def _lessons(work: Work, text: gr.I18n, page: gr.Blocks) -> None:
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


def _evaluation(work: Work, text: gr.I18n) -> None:
    gr.Markdown(text("evaluation_more"))
    files = gr.File(label=text("questions"), elem_id="questions")
    with gr.Row():
        start = gr.Button(text("evaluate"), variant="primary", elem_id="evaluate")
        kept = gr.Button(text("evaluate_kept"), elem_id="evaluate-kept")
    report = gr.HTML(elem_id="report")
    start.click(work.evaluate, files, report, api_visibility="private")
    kept.click(work.evaluate_kept, None, report, api_visibility="private")


def _opinions(work: Work, text: gr.I18n, tab: gr.Tab) -> None:
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
