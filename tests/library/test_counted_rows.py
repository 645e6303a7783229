"""What reports count from the index is what its records say, as people judged them up to now."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from bases import done

from kb.library import KnowledgeBase
from kb.library.counted import IndexRows
from kb.reports import (
    EntryRows,
    agency_profile,
    briefing,
    progress,
    review_profile,
    theme_frequency,
)
from kb.reports.rows import READERS

FILTERS = [{}, {"status": ["complete"]}, {"theme": ["genograms"]}, {"year": "1900..1901"}]


def _held(rows: IndexRows | EntryRows, name: str) -> list[set[str]]:
    values = rows.values(name)
    bounds = zip(values.starts[:-1].tolist(), values.starts[1:].tolist(), strict=True)
    return [{values.values[code] for code in values.codes[a:b].tolist()} for a, b in bounds]


@pytest.mark.parametrize("name", list(READERS))
@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("judged", [False, True])
def test_arrays_say_what_the_records_say(
    home: Path, name: str, filters: dict[str, list[str]], judged: bool
) -> None:
    if judged:
        done("judge", "fellside-7/1", "--theme", "-genograms", "--theme", "+training", home=home)
    base = KnowledgeBase.open(home)
    rows, plain = IndexRows(base, filters), EntryRows(base.entries(**filters))
    assert len(rows) == len(plain)
    assert _held(rows, name) == _held(plain, name)
    assert [rows.entry(at) for at in range(len(rows))] == base.entries(**filters)
    places = np.arange(len(rows))
    assert rows.texts(places) == plain.texts(places)
    assert rows.ids(places) == plain.ids(places)


def test_every_report_says_the_same_of_both(home: Path) -> None:
    base = KnowledgeBase.open(home)
    today, agency = date(2026, 1, 1), "Fellside Constabulary"
    reports = [
        (
            theme_frequency(rows, base.taxonomy, "sector").data,
            progress(rows, today).data,
            review_profile(rows, "fellside-7", base.taxonomy).data,
            agency_profile(rows, agency, base.taxonomy).data,
            briefing(rows, "genograms", base.taxonomy).data,
        )
        for rows in (IndexRows(base, {}), EntryRows(base.entries()))
    ]
    assert reports[0] == reports[1]
