"""The chat page as a web application: its endpoints on Gradio, and who may open it."""

from __future__ import annotations

import functools
import inspect
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, ParamSpec, TypeVar

import gradio as gr
from fastapi import FastAPI
from gradio.events import api

from rag.errors import UsageError
from ui.desk import Desk
from ui.endpoints import Endpoints, sentences
from ui.feedback import Feedback
from ui.guard import Guard
from ui.page import asset, page_html, script
from ui.texts import TEXTS
from ui.users import Users
from ui.wiring import Live

P = ParamSpec("P")
R = TypeVar("R")
_WAITING = 64  # requests that may wait; the next is told that the page is busy
_ROOT_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_AT_ONCE = 4  # requests answered at the same time


@dataclass(frozen=True)
class Access:
    """What the page offers beside asking, and to whom; by default asking alone, to anyone."""

    users: Users | None = None  # who may log in; None: nobody has to
    feedback: Feedback | None = None  # where opinions about answers are kept
    desk: Desk | None = None  # what the teacher's page works on; None: there is no such page
    password: str = ""  # the teacher's; "" lets in only who sits at this machine
    mcp: bool = False  # whether the public endpoints are MCP tools too
    root_path: str = ""  # where a reverse proxy serves the page, e.g. "/lesson"; "" at the root

    def __post_init__(self) -> None:
        if not _ROOT_PATH.fullmatch(self.root_path):
            raise UsageError(
                f"A root path begins with a slash and ends without one, not {self.root_path!r}.",
                f"root path는 /로 시작하고 /로 끝나지 않아야 합니다: {self.root_path!r}.",
            )
        if self.mcp and find_spec("mcp") is None:
            raise UsageError(
                "MCP is not installed; run `pip install 'lesson-qa[mcp]'`.",
                "MCP가 설치되어 있지 않습니다. `pip install 'lesson-qa[mcp]'`를 실행해 주세요.",
            )
        if self.mcp and self.users:
            raise UsageError(
                "MCP tools ask for no password; choose either --mcp or --auth.",
                "MCP 도구는 비밀번호를 묻지 않습니다. --mcp와 --auth 가운데 하나만 골라 주세요.",
            )


def build_page(live: Live, access: Access) -> gr.Blocks:
    """The page with its endpoints: ``ask`` and ``search`` for all, the rest for the page itself."""
    # Gradio would summarise its own traffic with pandas after every event, for a monitoring page
    # that is switched off.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))
    endpoints = Endpoints(live, access.feedback)
    extras = {"feedback": access.feedback is not None, "teacher": access.desk is not None}
    page: gr.Blocks
    with gr.Blocks(title=TEXTS["title"]["ko"], analytics_enabled=False, fill_width=True) as page:
        gr.HTML(
            page_html(live.service, extras),
            js_on_load=script(),
            apply_default_css=False,
            padding=False,
        )
        for public in (endpoints.ask, endpoints.search):
            described = inspect.getdoc(public)
            api(_told(public), api_name=public.__name__, api_description=described)
        for private in (
            endpoints.turn,
            endpoints.why,
            endpoints.library,
            endpoints.lesson,
            endpoints.feedback,
        ):
            api(private, api_name=private.__name__, api_visibility="private")
    page.queue(max_size=_WAITING, default_concurrency_limit=_AT_ONCE)
    return page


def build_app(live: Live, access: Access) -> FastAPI:
    """The page as a web application: guarded, without monitoring, analytics or docs."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(Guard)
    theme = _theme()
    if access.mcp:
        from ui.tools import add_tools

        add_tools(app, Endpoints(live))
    if access.desk is not None:
        from ui.teacher import mount

        place = f"{access.root_path}/teacher" if access.root_path else None
        mount(app, access.desk, access.password, theme=theme, root_path=place, **_closed())
    gr.mount_gradio_app(
        app,
        build_page(live, access),
        path="",
        root_path=access.root_path or None,
        auth=access.users.check if access.users else None,
        auth_message=TEXTS["log_in"]["ko"],
        max_file_size=1,
        mcp_server=False,
        theme=theme,
        head=f"<style>{asset('page.css')}</style>",
        **_closed(),
    )
    return app


def _closed() -> dict[str, Any]:
    """Of both pages: nothing that tells others of what is asked here, nothing that is not needed.

    Made anew for each: Gradio writes into what it is given.
    """
    return {
        "app_kwargs": {"openapi_url": None},
        "footer_links": [],
        "run_history": False,
        "show_error": False,
        "ssr_mode": False,
        "enable_monitoring": False,
        "pwa": False,
    }


def _theme() -> gr.themes.Base:
    """The page's green, dark enough for white letters on it, and the system's fonts.

    Fonts are named only: the default theme's would be fetched, if only from this server.
    """
    green = gr.themes.Color(
        c50="#f0f7f4",
        c100="#e3eee9",
        c200="#c6ded4",
        c300="#9cc7b6",
        c400="#74d3b4",
        c500="#26775d",
        c600="#17674f",
        c700="#125440",
        c800="#0e4234",
        c900="#0b3429",
        c950="#071f18",
        name="lesson",
    )
    theme = gr.themes.Base(
        primary_hue=green, font=("system-ui", "sans-serif"), font_mono=("monospace",)
    )
    # The label of a field is grey on grey otherwise.
    return theme.set(
        block_label_text_color="*body_text_color", block_title_text_color="*body_text_color"
    )


def _told(endpoint: Callable[P, R]) -> Callable[P, R]:
    """The endpoint with its failures as sentences that a program's user can read."""

    @functools.wraps(endpoint)
    def told(*values: P.args, **named: P.kwargs) -> R:
        try:
            return endpoint(*values, **named)
        except Exception as error:
            words = sentences(error)
            raise gr.Error(f"{words['ko']} ({words['en']})", print_exception=False) from None

    return told
