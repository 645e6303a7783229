"""Signed words that prove that a form came from a page of this server, for this person.

No session is kept: a token holds its time and a signature over time, person and purpose.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time

AGE = 12 * 3600  # seconds for which a page's form may be sent
_SHAPE = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})")


def signed(key: bytes, who: str, *, now: float | None = None) -> str:
    """A token for the forms of a page that this person sees now."""
    issued = str(int(time.time() if now is None else now))
    return f"{issued}.{_signature(key, issued, who)}"


def is_genuine(key: bytes, who: str, token: str, *, now: float | None = None) -> bool:
    """Whether a token was made here, for this person, and not too long ago."""
    found = _SHAPE.fullmatch(token)
    if found is None:
        return False
    issued, signature = found.groups()
    age = (time.time() if now is None else now) - int(issued)
    is_ours = hmac.compare_digest(signature, _signature(key, issued, who))
    return is_ours and -60 <= age <= AGE


def _signature(key: bytes, issued: str, who: str) -> str:
    return hmac.new(key, f"{issued}\0{who}".encode(), hashlib.sha256).hexdigest()
