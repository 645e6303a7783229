"""From a document to recommendations: one reader a format, one shared table reader."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.ingest.corrections import CORRECTABLE, corrected, correction_of
    from kb.ingest.reading import read_document
    from kb.ingest.readings import Account, LeftOut, Reading, ReviewFactsRead
    from kb.ingest.rereading import first_reading, reread

__all__ = [
    "CORRECTABLE",
    "Account",
    "LeftOut",
    "Reading",
    "ReviewFactsRead",
    "corrected",
    "correction_of",
    "first_reading",
    "read_document",
    "reread",
]
_MODULES = {
    "CORRECTABLE": "corrections",
    "Account": "readings",
    "LeftOut": "readings",
    "Reading": "readings",
    "ReviewFactsRead": "readings",
    "corrected": "corrections",
    "correction_of": "corrections",
    "first_reading": "rereading",
    "read_document": "reading",
    "reread": "rereading",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for, and no other part of reading with it."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
