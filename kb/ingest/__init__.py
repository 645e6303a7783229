"""From a document to recommendations: one reader a format, one shared table reader."""

from __future__ import annotations

from kb.ingest.account import Account
from kb.ingest.corrections import CORRECTABLE, corrected, correction_of
from kb.ingest.drafts import LeftOut
from kb.ingest.facts import ReviewFactsRead
from kb.ingest.reading import Reading, read_document
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
