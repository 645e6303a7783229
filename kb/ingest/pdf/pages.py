"""The pages of a PDF file, one after another."""

from __future__ import annotations

from collections.abc import Iterator

from kb.ingest.pdf.layout import Page


def pages_of(data: bytes, name: str) -> Iterator[Page]:
    """Each page once; only one is held in memory at a time.

    Raises DamagedDocument for a file that is no PDF or is broken, DocumentError for one that
    asks for a password.
    """
    raise NotImplementedError
