"""The engine over a few entries, for tests of what searches with it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from factories import make_entry, make_taxonomy

from kb.index.records import Records, write_records
from kb.model import Entry
from kb.search.indexing import build_search
from kb.search.whoosh_engine import WhooshEngine
from kb.text.abbreviations import load_abbreviations


def engine_over(folder: Path, entries: Iterable[Entry]) -> WhooshEngine:
    """The engine over these entries, indexed into a folder."""
    kept = list(entries)
    write_records(folder, kept, make_taxonomy())
    build_search(folder, kept, load_abbreviations())
    return WhooshEngine.open(folder, Records.open(folder))


def engine_over_texts(folder: Path, texts: Iterable[str]) -> WhooshEngine:
    """The engine over recommendations with these texts and nothing else."""
    entries = [make_entry(text, position=n, title="") for n, text in enumerate(texts, 1)]
    return engine_over(folder, entries)
