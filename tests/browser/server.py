"""A chat page served for tests, on a free loopback port, in a thread of this process."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from ui.chat import Access
from ui.server import listen, server
from ui.wiring import Live, Service


@contextmanager
def served(service: Service | Live, access: Access | None = None) -> Iterator[str]:
    """The address of the page while the block runs."""
    live = service if isinstance(service, Live) else Live(service)
    servers: list[uvicorn.Server] = []

    async def run() -> None:
        servers.append(server(live, access or Access()))
        await servers[0].serve(sockets=[listener])

    with listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
        thread.start()
        deadline = time.monotonic() + 60
        while not (servers and servers[0].started):
            assert thread.is_alive() and time.monotonic() < deadline, "the page did not start"
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            servers[0].should_exit = True
            thread.join(timeout=30)
