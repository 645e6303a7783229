"""Who sends a request: the person who started the server, or whom the proxy has signed in."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from kb.model import STARTER
from kb.web.serving import Serving

_LONGEST = 200


def who_asks(serving: Serving, connection: HTTPConnection) -> str:
    """The name under which judgements of this request are kept.

    Raises HTTPException 403 where a proxy must have named a person and has not: the header is
    believed from the proxy's own address alone.
    """
    if serving.auth_header is None:
        return serving.who
    peer = connection.client.host if connection.client else ""
    if peer not in serving.proxies:
        raise HTTPException(403, "This server answers its proxy alone.")
    names = [_decoded(name).strip() for name in connection.headers.getlist(serving.auth_header)]
    if len(names) != 1 or not is_a_name(names[0]):
        raise HTTPException(403, "The proxy did not say who is signed in.")
    return names[0]


def _decoded(header: str) -> str:
    """A header's text: headers are read as Latin-1, and proxies mostly write UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def is_a_name(name: str) -> bool:
    """Whether a person can be called so."""
    return bool(name) and len(name) <= _LONGEST and name.isprintable() and name != STARTER
