"""The teacher's page: lessons, index, evaluation and opinions, beside the chat page at /teacher.

Every event checks who asks inside its function; none is public.
"""

# No `from __future__ import annotations` here: Gradio finds the request and the progress bar of an
# event by the annotations of its function.

import hmac
import html
import ipaddress
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

import fastapi
import gradio as gr

from ui.desk import Desk
from ui.endpoints import sentences
from ui.feedback import Opinion
from ui.texts import TEACHER_TEXTS
from ui.wiring import Progress

Result = TypeVar("Result")

TEACHER = "teacher"  # the name to log in with, where there is a password
LARGEST_UPLOAD = "50mb"
_VERDICTS = ((True, "yes"), (False, "no"))
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def mount(app: fastapi.FastAPI, desk: Desk, password: str, **options: object) -> None:
    """Puts the page at /teacher; without a password only for who sits at this machine."""
    entry: dict[str, Any] = {"auth_dependency": at_this_machine}
    if password:
        entry = {"auth": _password_check(password), "auth_message": TEACHER_TEXTS["log_in"]["ko"]}
    gr.mount_gradio_app(
        app,
        build_teacher(desk),
        path="/teacher",
        max_file_size=LARGEST_UPLOAD,
        i18n=_in_both_languages(),
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


def _password_check(password: str) -> Callable[[str, str], bool]:
    def check(name: str, given: str) -> bool:
        right = hmac.compare_digest(given.encode(), password.encode())
        return hmac.compare_digest(name.encode(), TEACHER.encode()) and right

    return check


def build_teacher(desk: Desk) -> gr.Blocks:
    """The page over a desk."""
    page: gr.Blocks
    work = _Work(desk)
    text = _in_both_languages()
    with gr.Blocks(title="Lesson Q&A", analytics_enabled=False) as page:
        gr.Markdown(text("title"), elem_id="title")
        with gr.Tab(text("lessons")):
            _lessons(work, text, page)
        with gr.Tab(text("evaluation")):
            _evaluation(work, text)
        with gr.Tab(text("opinions")):
            _opinions(work, text)
    page.queue(max_size=8, default_concurrency_limit=1)
    return page


def _in_both_languages() -> gr.I18n:
    languages: dict[str, dict[str, str]] = {
        "ko": {name: text["ko"] for name, text in TEACHER_TEXTS.items()},
        "en": {name: text["en"] for name, text in TEACHER_TEXTS.items()},
    }
    return gr.I18n(**languages)


def _lessons(work: "_Work", text: gr.I18n, page: gr.Blocks) -> None:
    info = gr.JSON(label=text("info"), elem_id="info")
    files = gr.File(file_count="multiple", label=text("files"), elem_id="files")
    overwrite = gr.Checkbox(label=text("overwrite"))
    with gr.Row():
        add = gr.Button(text("add"), elem_id="add")
        rebuild = gr.Button(text("rebuild"), variant="primary", elem_id="rebuild")
        verify = gr.Button(text("verify"), elem_id="verify")
    told = gr.Textbox(show_label=False, interactive=False, elem_id="told")
    add.click(work.add, [files, overwrite], [told, files], api_visibility="private")
    rebuild.click(work.rebuild, None, [told, info], api_visibility="private")
    verify.click(work.verify, None, told, api_visibility="private")
    page.load(work.info, None, info, api_visibility="private")


def _evaluation(work: "_Work", text: gr.I18n) -> None:
    gr.Markdown(text("evaluation_more"))
    files = gr.File(label=text("questions"), elem_id="questions")
    start = gr.Button(text("evaluate"), variant="primary", elem_id="evaluate")
    report = gr.HTML(elem_id="report")
    start.click(work.evaluate, files, report, api_visibility="private")


def _opinions(work: "_Work", text: gr.I18n) -> None:
    columns = [TEACHER_TEXTS[name]["ko"] for name in ("time", "liked", "question", "reason")]
    table = gr.Dataframe(headers=columns, interactive=False, elem_id="opinions")
    fetch = gr.Button(text("fetch"), elem_id="fetch")
    kept: gr.State = gr.State([])
    chosen: gr.State = gr.State(None)
    shown = gr.Textbox(label=text("chosen"), lines=4, interactive=False, elem_id="opinion")
    quotes = gr.Textbox(label=text("quotes"), lines=3, elem_id="quotes")
    keep = gr.Button(text("keep"), variant="primary", elem_id="keep")
    row = gr.Code(language="json", label=text("row"), elem_id="row")
    fetch.click(work.opinions, None, [table, kept], api_visibility="private")
    table.select(work.choose, kept, [chosen, shown], api_visibility="private")
    keep.click(work.keep, [chosen, quotes], row, api_visibility="private")


class _Work:
    """The events of the page; each lets in the teacher alone and tells failures in a sentence."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add(
        self, files: list[str] | None, overwrite: bool, request: gr.Request
    ) -> tuple[str, None]:
        names = _done(request, lambda: self._desk.add([Path(f) for f in files or []], overwrite))
        return f"{_say('added', request)}: {', '.join(names)}", None

    def rebuild(
        self,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> tuple[str, dict[str, Any]]:
        built = _done(request, lambda: self._desk.rebuild(_bar(progress)))
        told = [_say("rebuilt" if built else "unchanged", request)]
        told += [error.sentence(_language(request)) for error in self._desk.skipped.errors]
        return "\n".join(told), self.info(request)

    def verify(self, request: gr.Request) -> str:
        generation = _done(request, self._desk.verify)
        return f"{_say('whole', request)}: {generation}"

    def info(self, request: gr.Request) -> dict[str, Any]:
        return _done(request, self._desk.info)

    def evaluate(
        self,
        questions: str | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> str:
        file = Path(questions) if questions else None
        report = _done(request, lambda: self._desk.evaluate(file, _bar(progress)))
        return f'<iframe sandbox title="report" srcdoc="{html.escape(report)}"></iframe>'

    def opinions(self, request: gr.Request) -> tuple[list[list[str]], list[Opinion]]:
        found = _done(request, self._desk.opinions)
        verdict = {liked: TEACHER_TEXTS[name]["ko"] for liked, name in _VERDICTS}
        rows = [[o.time, verdict[o.liked], o.question, o.reason] for o in found]
        return rows, found

    def choose(
        self, kept: list[Opinion], request: gr.Request, event: gr.SelectData
    ) -> tuple[Opinion, str]:
        _authority(request)
        opinion = kept[event.index[0]]
        return opinion, f"{opinion.question}\n\n{opinion.answer}"

    def keep(self, chosen: Opinion | None, quotes: str, request: gr.Request) -> str:
        _authority(request)
        if chosen is None:
            raise gr.Error(_say("choose_first", request), print_exception=False)
        lines = [line for line in quotes.splitlines() if line.strip()]
        row = _done(request, lambda: self._desk.keep_question(chosen, lines))
        return json.dumps(row, ensure_ascii=False, indent=1)


def _authority(request: gr.Request) -> None:
    if request is None or request.username != TEACHER:
        raise gr.Error(_say("forbidden", request), print_exception=False)


def _done(request: gr.Request, work: Callable[[], Result]) -> Result:
    """What the work gives, for the teacher alone; a failure becomes a sentence on the page."""
    _authority(request)
    try:
        return work()
    except Exception as error:
        words = sentences(error)
        raise gr.Error(words[_language(request)], print_exception=False) from None


def _say(name: str, request: gr.Request) -> str:
    return TEACHER_TEXTS[name][_language(request)]


def _language(request: gr.Request) -> Literal["ko", "en"]:
    """The first language the browser asks for; Korean unless it is another."""
    wanted = str(request.headers.get("accept-language", "ko")) if request else "ko"
    return "ko" if wanted.lower().startswith(("ko", "*")) else "en"


def _bar(progress: gr.Progress) -> Progress:
    def show(stage: str, done: int, total: int) -> None:
        progress((done, total), desc=TEACHER_TEXTS.get(stage, {"ko": stage})["ko"])

    return show
