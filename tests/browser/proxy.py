"""A reverse proxy as schools have them: another port, a path of its own, which it takes off."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from ui.server import listen


@contextmanager
def proxied(upstream: str, path: str) -> Iterator[str]:
    """The address under which the proxy serves ``upstream`` while the block runs."""

    async def forward(request: Request) -> StreamingResponse:
        place = request.url.path.removeprefix(f"{path}/")
        query = f"?{request.url.query}" if request.url.query else ""
        headers = [*request.headers.raw, (b"x-forwarded-for", b"192.0.2.7")]
        body = await request.body()
        asked = client.build_request(request.method, upstream + place + query, content=body)
        asked.headers = httpx.Headers(headers)
        answer = await client.send(asked, stream=True)
        kept = {k: v for k, v in answer.headers.items() if k != "transfer-encoding"}
        return StreamingResponse(answer.aiter_raw(), answer.status_code, kept)

    client = httpx.AsyncClient(timeout=None)
    routes = [Route(f"{path}/{{place:path}}", forward, methods=["GET", "POST"])]
    config = uvicorn.Config(
        Starlette(routes=routes), log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)

    async def run() -> None:
        await server.serve(sockets=[listener])
        await client.aclose()

    with listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive() and time.monotonic() < deadline, "the proxy did not start"
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}{path}/"
        finally:
            server.should_exit = True
            thread.join(timeout=30)
