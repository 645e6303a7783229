"""Word documents: every printed text, each with its place in words."""

from __future__ import annotations

from kb.ingest.readers.word.reader import read_word

__all__ = ["read_word"]
