"""The engines there are, by the name that ``kb.toml`` and the manifest give them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kb.index.manifest import unreadable
from kb.index.postings import Postings
from kb.index.records import Records
from kb.index.wording import FIELDS
from kb.search.local_engine import LocalEngine
from kb.search.ranking import Ranker
from kb.search.synonyms import read_abbreviations

if TYPE_CHECKING:
    from kb.search.engine import Engine
    from kb.search.matching import Matching

ENGINES = ("arrays", "whoosh")


def open_engine(name: str, folder: Path, records: Records) -> Engine:
    """The engine of this name over a generation's folder; raises IndexUnreadable if damaged.

    The index holds what each of them reads.
    """
    if name not in ENGINES:
        raise unreadable(f"the index is for an engine {name!r}, which is none", folder)
    postings, abbreviations = Postings.open(folder, len(FIELDS)), read_abbreviations(folder)
    if len(postings) != len(records):
        raise unreadable("the postings do not fit the records", folder)
    ranker = Ranker(postings, abbreviations)
    matching: Matching
    if name == "whoosh":
        from kb.search.whoosh_text import WhooshMatching

        matching = WhooshMatching(folder, records.columns, ranker, len(records))
    else:
        from kb.search.array_matching import ArrayMatching

        matching = ArrayMatching(folder, postings, records.columns, ranker)
    return LocalEngine(records, ranker, matching, abbreviations)


def check_engines(folder: Path, records: Records) -> None:
    """Open all that any engine reads of a generation; raises IndexUnreadable if damaged."""
    for name in ENGINES:
        engine = open_engine(name, folder, records)
        try:
            engine.check()
        finally:
            engine.close()
