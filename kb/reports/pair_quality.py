"""How well the duplicate check tells repeats from near-misses, made into a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.reports.report import Cell, Report, Table, columns

Found = Mapping[str, Any]
_BY = {
    "people": "people's judgements",
    "judged": "the starter's judged pairs",
    "practice": "practice pairs, judged by their writers alone",
}
_SHARES = ("precision", "recall", "near_misses_called")


def pair_quality(found: Found) -> Report:
    """A report of ``kb evaluate --pairs``, given as the JSON object that scripts read."""
    return Report(
        name="pairs",
        title="How good the duplicate check is",
        tables=(_table(found),),
        data=dict(found),
        notes=(
            "Each pair was scored by a model that had seen neither text: its border of "
            "“duplicate” was set without the pair, too. Precision: of the pairs called duplicate, "
            "the share judged the same ask. Recall: of all pairs judged the same ask, the share "
            "called so. Near-misses called so are false alarms.",
            "Intervals are of 95% (Wilson's). Average precision says how far repeats rank before "
            "all others. The themes were learnt from some of these texts, which flatters.",
        ),
        head=(("Pairs", f"{found['pairs']:,}, held out in {found['folds']} folds"),),
    )


def _table(found: Found) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, one in found["by"].items():
        counts = (one["pairs"], one["repeats"], one["near_misses"], one["average_precision"])
        shares = [cell for share in _SHARES for cell in _cells(one[share])]
        rows.append((_BY[name], *counts, *shares))
    heads = columns(
        ("judged", "Judged by"),
        ("pairs", "pairs", "count"),
        ("repeats", "repeats", "count"),
        ("near_misses", "near-misses", "count"),
        ("average_precision", "AP", "score"),
        ("precision", "precision", "score"),
        ("precision_interval", "95% interval", "score interval"),
        ("recall", "recall", "score"),
        ("recall_interval", "95% interval", "score interval"),
        ("near_misses_called", "near-misses called", "score"),
        ("near_misses_interval", "95% interval", "score interval"),
    )
    return Table("pairs", "What is called “duplicate”", heads, tuple(rows))


def _cells(share: Found) -> tuple[Cell, Cell]:
    ends = None if share["low"] is None else (share["low"], share["high"])
    return share["value"], ends
