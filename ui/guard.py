"""What every request to the page must pass, and the headers every response carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_UPLOAD = 51_000_000  # bytes; what the teacher's page takes at once (see ui.teacher)
LARGEST_REQUEST = 1_000_000  # bytes; a question and eight earlier ones are at most a quarter of it

# Gradio's own scripts are inline and compile templates, so they need both "unsafe" words; what the
# policy does give is that nothing is fetched from, sent to or framed by another host.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
# Routes of Gradio that keep what a visitor sends, and that no part of this page uses.
_CLOSED = ("/gradio_api/upload", "/gradio_api/deep_link", "/gradio_api/component_server")


class Guard:
    """ASGI middleware: closes unused routes, refuses foreign pages, bounds bodies, adds headers."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers 403, 404, 411 or 413 itself."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        refusal = _refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self.app(scope, receive, send_with_headers)
            return
        # The body is read and dropped: a client in the middle of sending it would see a broken
        # connection instead of the answer.
        while (await receive()).get("more_body"):
            pass
        status, sentence = refusal
        body = b'{"detail": "' + sentence.encode() + b'"}'
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        start = {"type": "http.response.start", "status": status, "headers": headers}
        await send_with_headers(start)
        await send({"type": "http.response.body", "body": body})


def _refusal(scope: Scope) -> tuple[int, str] | None:
    """The status and sentence a request is refused with; None when it may pass."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    if path.startswith(_CLOSED):
        return 404, "There is no such address."
    if scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return None
    headers = dict(scope["headers"])
    if _from_another_page(headers):
        return 403, "The request comes from the page of another site."
    declared = headers.get(b"content-length", b"")
    if not declared.isdigit():
        return 411, "The request does not say how long it is."
    upload = path.startswith("/teacher/gradio_api/upload")
    most = LARGEST_UPLOAD if upload else LARGEST_REQUEST
    if int(declared) > most:
        return 413, f"The request is too long; the most is {most:,} bytes."
    return None


def _from_another_page(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a browser sends the request for a page of another origin.

    Browsers say so themselves to addresses they trust (https and this machine); elsewhere the
    page's origin must be the host that is asked. Programs send neither header.
    """
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site not in (b"same-origin", b"none")
    origin = headers.get(b"origin")
    if origin is None:
        return False
    asked = {headers.get(b"host"), headers.get(b"x-forwarded-host")}
    return origin.partition(b"://")[2] not in asked
