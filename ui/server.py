"""The web server of the page: where it listens, how it starts and stops."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from contextlib import suppress

import uvicorn

from rag.errors import UsageError
from ui.chat import Access, build_app
from ui.wiring import Live

_GRACE = 1  # seconds that open connections get to end when the server stops


def serve(live: Live, access: Access, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serves the page until it is interrupted; says on stderr where it is.

    Raises UsageError when nothing can listen at that host and port.
    """
    listener = listen(host, port)
    number = listener.getsockname()[1]
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{number}/"
    sys.stderr.write(f"강의 질문·답변 (Lesson Q&A): {address}\n")
    if access.desk is not None:
        sys.stderr.write(f"교사용 (for the teacher): {address}teacher/\n")
    if access.mcp:
        sys.stderr.write(f"MCP: {address}mcp/\n")
    asyncio.run(_run(live, access, listener))


async def _run(live: Live, access: Access, listener: socket.socket) -> None:
    web = server(live, access)
    # What the first answer must import and load is loaded while the student is still typing.
    warm = asyncio.create_task(asyncio.to_thread(_warm_up, live))
    await web.serve(sockets=[listener])
    await warm


def _warm_up(live: Live) -> None:
    with suppress(Exception):  # whoever asks next is told
        for question in live.service.assistant.examples(1):
            live.service.assistant.ask(question)


def server(live: Live, access: Access) -> uvicorn.Server:
    """The web server of the page, not yet started.

    To be made where an event loop runs: without one, Gradio makes several and closes none.
    """
    logging.getLogger("uvicorn.error").addFilter(_no_ending)
    config = uvicorn.Config(
        build_app(live, access),
        log_level="error",
        timeout_graceful_shutdown=_GRACE,
        server_header=False,
        root_path=access.root_path,
        # Who connects is who asks: a header must not make a stranger look like this machine.
        proxy_headers=False,
    )
    return uvicorn.Server(config)


def _no_ending(record: logging.LogRecord) -> bool:
    """Leaves out what is said of connections cut when the server stops: an open page has some."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, asyncio.CancelledError) or "graceful shutdown" in record.msg)


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
