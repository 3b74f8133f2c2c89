"""The public endpoints as tools of a Model Context Protocol server, for programs on this machine.

Gradio can make tools of endpoints too, but gives a client Python's notation for an answer object;
here it is JSON, with its schema.
"""

# No `from __future__ import annotations` here: the tools' schemas are made of their annotations.

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar

from fastapi import FastAPI
from mcp.server.fastmcp import FastMCP

from ui.endpoints import Endpoints, sentences

PATH = "/mcp"


def add_tools(app: FastAPI, endpoints: Endpoints) -> None:
    """Serves ``ask`` and ``search`` at PATH (streamable HTTP), while the application runs.

    The server keeps no sessions and refuses requests made for another host name than this
    machine's own (DNS rebinding).
    """

    def ask(
        question: str, history: list[str] | None = None, sources: list[str] | None = None
    ) -> dict[str, Any]:
        return _told(lambda: endpoints.ask(question, history, sources))

    def search(query: str, k: int = 10, sources: list[str] | None = None) -> list[dict[str, Any]]:
        return _told(lambda: endpoints.search(query, k, sources))

    server = FastMCP("lesson-qa", stateless_http=True, json_response=True, streamable_http_path="/")
    server.add_tool(ask, description=Endpoints.ask.__doc__, structured_output=True)
    server.add_tool(search, description=Endpoints.search.__doc__, structured_output=True)
    app.mount(PATH, server.streamable_http_app())
    app.router.lifespan_context = _running(server, app.router.lifespan_context)


Result = TypeVar("Result")


def _told(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except Exception as error:
        words = sentences(error)
        raise ValueError(f"{words['ko']} ({words['en']})") from None


def _running(
    server: FastMCP, others: Callable[[FastAPI], AbstractAsyncContextManager[Any]]
) -> Callable[[FastAPI], AbstractAsyncContextManager[Any]]:
    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[Any]:
        async with others(app) as state, server.session_manager.run():
            yield state

    return running
