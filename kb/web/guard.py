"""What stands before every page: whom it is addressed to, where it comes from, how long it takes.

It also puts the headers on every answer that keep a browser from doing more than it should.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb.web.people import who_asks
from kb.web.serving import Serving

STATES = ("/healthz", "/readyz")  # asked by programs, not by people
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
BODY_SECONDS = 120.0  # in which a request must have come in whole
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_log = logging.getLogger("kb.web")

Refusal = Callable[[Request, HTTPException], Awaitable[Response]]
Failure = Callable[[Request, str], Response]


class Guard:
    """Refuses what is not meant for this server; turns what fails into a page with a reference."""

    def __init__(
        self, app: ASGIApp, *, serving: Serving, refused: Refusal, failed: Failure
    ) -> None:
        """``refused`` and ``failed`` make the pages that tell of a refusal and of a failure."""
        self._app = app
        self._serving = serving
        self._refused = refused
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no page uses a WebSocket
            await send({"type": "websocket.close", "code": 1008})
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        request = Request(scope, receive)
        try:
            self._check(request)
            await self._app(scope, _in_time(receive), send_guarded)
        except HTTPException as error:
            answer = await self._refused(request, error)
            await answer(scope, receive, send_guarded)
        except Exception:  # the last line: whatever it is, nobody is shown a traceback
            reference = secrets.token_hex(4)
            _log.exception("a request failed, reference %s", reference)
            if started:
                raise
            await self._failed(request, reference)(scope, receive, send_guarded)

    def _check(self, request: Request) -> None:
        hosts = request.headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._serving.hosts:
            raise HTTPException(421, "This server is not known under that name.")
        if request.method not in SAFE_METHODS:
            _check_origin(request.headers, self._serving.origins)
        is_state = request.scope["path"] in STATES
        request.state.who = "" if is_state else who_asks(self._serving, request)


def _check_origin(headers: Headers, allowed: frozenset[str]) -> None:
    """Refuse what another site's page sent; a program that is no browser says neither header."""
    origins = headers.getlist("origin")
    if any(origin.lower() not in allowed for origin in origins):
        raise HTTPException(403, "This was sent from another site.")
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "This was sent from another site.")


def _in_time(receive: Receive) -> Receive:
    """The same, but a body must have come in whole before its time is over."""
    until = time.monotonic() + BODY_SECONDS
    is_whole = False

    async def receive_in_time() -> Message:
        nonlocal is_whole
        if is_whole:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, until - time.monotonic()))
        except TimeoutError as error:
            raise HTTPException(408, "The request did not come in whole in time.") from error
        is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return receive_in_time
