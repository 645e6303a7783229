"""A file as the blocks that its reader makes of it."""

from __future__ import annotations

from pathlib import Path

from kb.ingest.formats import Contents
from kb.ingest.recognition import read_recognised
from kb.ingest.tables import Document


def document_of(path: Path) -> Document:
    """What the reader for this file makes of it, its scanned pages recognised where it can be."""
    return read_recognised(Contents.of(path), Contents.document)
