"""Entries straight into an index: what a build does with them once they are read and tagged."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kb.index.records import RecordsWriter
from kb.index.wording import WordingWriter
from kb.model import Entry, Taxonomy
from kb.search.indexing import index_wording, texts_of
from kb.search.whoosh_text import write_segments
from kb.text.abbreviations import load_abbreviations


def write_records(folder: Path, entries: Iterable[Entry], taxonomy: Taxonomy) -> None:
    """Write the records and columns of these entries, in row order, into a folder."""
    records = RecordsWriter(folder, taxonomy)
    for entry in entries:
        records.add(entry)
    records.close()


def write_index(folder: Path, entries: Iterable[Entry], taxonomy: Taxonomy) -> Path:
    """Write all that engines read of these entries into a folder, which it returns."""
    abbreviations, kept = load_abbreviations(), list(entries)
    write_records(folder, kept, taxonomy)
    words = WordingWriter(abbreviations)
    for entry in kept:
        words.add(texts_of(entry))
    wording = words.wording()
    wording.save(folder)
    index_wording(folder, wording, abbreviations)
    write_segments(folder, wording)
    return folder
