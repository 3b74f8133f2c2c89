"""The chat page as a web application: its endpoints on Gradio, and who may open it."""

from __future__ import annotations

import functools
import os
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
_AT_ONCE = 4  # requests answered at the same time


@dataclass(frozen=True)
class Access:
    """What the page offers beside asking, and to whom; by default asking alone, to anyone."""

    users: Users | None = None  # who may log in; None: nobody has to
    feedback: Feedback | None = None  # where opinions about answers are kept
    desk: Desk | None = None  # what the teacher's page works on; None: there is no such page
    password: str = ""  # the teacher's; "" lets in only who sits at this machine
    mcp: bool = False  # whether the public endpoints are MCP tools too

    def __post_init__(self) -> None:
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
            api(_told(public), api_name=public.__name__)
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
    # Named fonts only: the default theme's would be fetched, if only from this server.
    theme = gr.themes.Base(font=("system-ui", "sans-serif"), font_mono=("monospace",))
    if access.mcp:
        from ui.tools import add_tools

        add_tools(app, Endpoints(live))
    if access.desk is not None:
        from ui.teacher import mount

        mount(app, access.desk, access.password, theme=theme, **_closed())
    gr.mount_gradio_app(
        app,
        build_page(live, access),
        path="",
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
