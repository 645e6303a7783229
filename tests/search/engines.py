"""The engines over a few entries, for tests of what searches with them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from factories import make_entry, make_taxonomy
from indexed import write_index

from kb.index.records import Records
from kb.model import Entry
from kb.search.engine import Engine
from kb.search.engines import open_engine


def index_entries(folder: Path, entries: Iterable[Entry]) -> Path:
    """Write all that engines read of these entries into a folder."""
    return write_index(folder, entries, make_taxonomy())


def opened(folder: Path, name: str = "arrays") -> Engine:
    """The engine of this name over what is indexed in a folder."""
    return open_engine(name, folder, Records.open(folder))


def engine_over(folder: Path, entries: Iterable[Entry], name: str = "arrays") -> Engine:
    """The engine over these entries, indexed into a folder."""
    return opened(index_entries(folder, entries), name)


def engine_over_texts(folder: Path, texts: Iterable[str], name: str = "arrays") -> Engine:
    """The engine over recommendations with these texts and nothing else."""
    entries = [make_entry(text, position=n, title="") for n, text in enumerate(texts, 1)]
    return engine_over(folder, entries, name)
