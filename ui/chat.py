"""The chat page on a Gradio server. The one module that names Gradio."""

# No `from __future__ import annotations` here: Gradio reads the endpoints' types from their
# annotations and takes a return type that is a string for no type at all.

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from gradio.events import api

from rag.conversation import MOST_TURNS
from rag.errors import LessonError, QuestionError, UsageError
from rag.question import LONGEST_QUESTION, clean
from ui.explain import explain
from ui.guard import Guard
from ui.lesson_view import view
from ui.page import asset, in_both_languages, page_html, script, turn_json
from ui.texts import TEXTS, Text

if TYPE_CHECKING:
    from ui.wiring import Service

_WAITING = 64  # requests that may wait; the next is told that the page is busy
_AT_ONCE = 4  # requests answered at the same time
_GRACE = 1  # seconds that open connections get to end when the server stops

_log = logging.getLogger(__name__)
_Endpoint = Callable[..., dict[str, Any]]


def build_page(service: "Service") -> gr.Blocks:
    """The page with its endpoints: ``ask`` for everyone, the others for the page itself."""
    # Gradio would summarise its own traffic with pandas after every event, for a monitoring page
    # that is switched off.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))
    page: gr.Blocks
    with gr.Blocks(title=TEXTS["title"]["ko"], analytics_enabled=False, fill_width=True) as page:
        gr.HTML(
            page_html(service),
            js_on_load=script(),
            apply_default_css=False,
            padding=False,
        )
        api(_ask(service), api_name="ask")
        api(_turn(service), api_name="turn", api_visibility="private")
        api(_why(service), api_name="why", api_visibility="private")
        api(_lesson(service), api_name="lesson", api_visibility="private")
    page.queue(max_size=_WAITING, default_concurrency_limit=_AT_ONCE)
    return page


def build_app(service: "Service") -> FastAPI:
    """The page as a web application: guarded, without uploads, monitoring, analytics or docs."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(Guard)
    gr.mount_gradio_app(
        app,
        build_page(service),
        path="",
        app_kwargs={"openapi_url": None},
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        # Named fonts only: the default theme's would be fetched, if only from this server.
        theme=gr.themes.Base(font=("system-ui", "sans-serif"), font_mono=("monospace",)),
        head=f"<style>{asset('page.css')}</style>",
    )
    return app


def serve(service: "Service", host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serves the page until it is interrupted; says on stderr where it is.

    Raises UsageError when nothing can listen at that host and port.
    """
    listener = listen(host, port)
    number = listener.getsockname()[1]
    name = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"강의 질문·답변 (Lesson Q&A): http://{name}:{number}/\n")
    asyncio.run(_run(service, listener))


async def _run(service: "Service", listener: socket.socket) -> None:
    web = server(service)
    # What the first answer must import and load is loaded while the student is still typing.
    warm = asyncio.create_task(asyncio.to_thread(_warm_up, service))
    await web.serve(sockets=[listener])
    await warm


def _warm_up(service: "Service") -> None:
    with suppress(Exception):  # whoever asks next is told
        for question in service.assistant.examples(1):
            service.assistant.ask(question)


def server(service: "Service") -> uvicorn.Server:
    """The web server of the page, not yet started.

    To be made where an event loop runs: without one, Gradio makes several and closes none.
    """
    config = uvicorn.Config(
        build_app(service), log_level="error", timeout_graceful_shutdown=_GRACE, server_header=False
    )
    return uvicorn.Server(config)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at the address; port 0 takes any free one. Raises UsageError."""
    try:
        if not 0 <= port <= 65_535:
            raise OSError("ports go from 0 to 65535")
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server((str(address[0]), port), family=socket.AddressFamily(family))
    except OSError as error:
        known = (error.errno or 0) > 0  # then Python's own words say too much
        reason = os.strerror(error.errno or 0) if known else error.strerror or error
        raise UsageError(
            f"The page cannot be served at {host}:{port} ({reason}); "
            "choose another port with --port, or another address with --host.",
            f"{host}:{port}에서 페이지를 열 수 없습니다({reason}). "
            "--port로 다른 포트를, 또는 --host로 다른 주소를 골라 주세요.",
        ) from error


def _ask(service: "Service") -> _Endpoint:
    def ask(question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Answers a question about the lesson with citations, or says the lesson does not tell.

        Args:
            question: the question, at most 2,000 characters.
            history: earlier questions of the same student, oldest first; the last 8 are read.

        Returns:
            the answer object: id, question, answer, abstained, citations (number, source, heading,
            quote, start, end, score), generator and elapsed_ms.

        """
        try:
            answer = service.assistant.ask(_text(question), _questions(history))
            return answer.to_json()
        except Exception as error:
            sentence = _sentences(error)
            raise gr.Error(f"{sentence['ko']} ({sentence['en']})", print_exception=False) from None

    return ask


def _turn(service: "Service") -> _Endpoint:
    def turn(question: str, history: list[str]) -> dict[str, Any]:
        """One turn of the page: an answer or an error in both languages, and current notices."""
        result: dict[str, Any]
        try:
            answer = service.assistant.ask(_text(question), _questions(history))
            result = {"answer": turn_json(answer, service)}
        except Exception as error:
            result = {"error": _sentences(error)}
        return {**result, "notices": in_both_languages(service.notices())}

    return turn


def _why(service: "Service") -> _Endpoint:
    def why(question: str, history: list[str]) -> dict[str, Any]:
        """Why the answer to a question is what it is, as lines of text in both languages."""
        try:
            trace = service.assistant.trace(clean(_text(question)), _questions(history))
            return {
                language: "\n".join(explain(service.assistant, trace, language))
                for language in ("ko", "en")
            }
        except Exception as error:
            return dict(_sentences(error))

    return why


def _lesson(service: "Service") -> _Endpoint:
    sources = {document.source: document for document in service.assistant.lesson.documents}

    def lesson(source: str) -> dict[str, Any]:
        """A document as HTML; empty when there is none of that name."""
        document = sources.get(source) if isinstance(source, str) else None
        return {"html": view(document.text).html if document else ""}

    return lesson


def _text(question: object) -> str:
    """What a client sent as a question; raises QuestionError when it is no text."""
    if isinstance(question, str):
        return question
    raise QuestionError("A question is text.", "질문은 글로 적어 주세요.")


def _questions(history: object) -> list[str]:
    """The questions in what a client sent as history: no roles, no answers, nothing malformed."""
    turns = history[-MOST_TURNS:] if isinstance(history, list) else []
    questions = []
    for turn in turns:
        if isinstance(turn, str):
            try:
                questions.append(clean(turn[:LONGEST_QUESTION]))
            except QuestionError:  # an empty or broken earlier question says nothing: leave it out
                continue
    return questions


def _sentences(error: Exception) -> Text:
    """An error in both languages; one that is not ours is logged, and told in general words."""
    if isinstance(error, LessonError):
        return {"ko": error.sentence("ko"), "en": error.sentence("en")}
    _log.error("an answer failed", exc_info=error)
    return TEXTS["failed"]
