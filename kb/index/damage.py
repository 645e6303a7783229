"""What reading a damaged file raises, told as an index that cannot be read."""

from __future__ import annotations

import contextlib
import struct
import tokenize
import zlib
from collections.abc import Iterator
from pathlib import Path

from kb.errors import IndexUnreadable
from kb.index.manifest import unreadable

# A flipped byte may stand in a header that is parsed, in an offset, or in a text. Memory that runs
# out is no damage.
RAISED = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    tokenize.TokenError,
    zlib.error,
)


@contextlib.contextmanager
def reading(what: str, place: Path) -> Iterator[None]:
    """Turn whatever a damaged file makes its reader raise into IndexUnreadable."""
    try:
        yield
    except (IndexUnreadable, BrokenPipeError):
        raise
    except RAISED as error:
        told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise unreadable(f"{what} cannot be read ({told})", place) from error
