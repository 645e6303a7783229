"""One connection of HTTP, on which nobody may take all the time there is to say what is wanted."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from kb.web.guard import BODY_SECONDS

HEAD_SECONDS = 20.0  # in which the head of a request must have come in whole
_GRACE = 10.0  # seconds in which the guard's refusal of a slow body is sent


class Connection(H11Protocol):
    """As uvicorn has it, with a time for what comes in; uvicorn limits the pauses between alone.

    What asks for another protocol is answered in HTTP, as if it had not asked, and not logged.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        """Wait for nothing yet."""
        super().__init__(*given, **named)
        self._awaited: object = None
        self._limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Await the head of the first request."""
        super().connection_made(transport)
        self._await()

    def data_received(self, data: bytes) -> None:
        """Read on, and await what is then missing."""
        super().data_received(data)
        self._await()

    def connection_lost(self, exc: Exception | None) -> None:
        """Await nothing more."""
        self._forget()
        super().connection_lost(exc)

    def _await(self) -> None:
        """Begin the time of what is missing now, unless it is the same as before."""
        missing = self.conn.their_state
        if missing is self._awaited:
            return
        self._forget()
        self._awaited = missing
        seconds = {h11.IDLE: HEAD_SECONDS, h11.SEND_BODY: BODY_SECONDS + _GRACE}.get(missing)
        if seconds is not None and not self.transport.is_closing():
            self._limit = self.loop.call_later(seconds, self.transport.close)

    def _forget(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: uvicorn would advise to install what no page needs."""
