"""Identical asks to one country by several authors, in the ten first sessions of the UPR."""

from __future__ import annotations

import csv
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kb.similarity.facts import Facts
from kb.similarity.repeated import repeated
from kb.similarity.store import Similarity

MakeBase = Callable[[Sequence[str | Facts]], Similarity]
ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("DHR_SHARED", ROOT.parent / "shared"))
TABLE = SHARED / "data/upr/upr_sessions_01_10.csv"

pytestmark = pytest.mark.skipif(not TABLE.exists(), reason=f"the UPR's texts are not at {TABLE}")


def _rows() -> list[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _identical(rows: Sequence[dict[str, str]]) -> list[list[dict[str, str]]]:
    """The rows of each wording that several authors sent to one country, words alone compared."""
    by_ask: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_ask[(row["To"], *re.findall(r"\w+", row["Text"].lower()))].append(row)
    return [same for same in by_ask.values() if len({row["From"] for row in same}) > 1]


def test_identical_asks_to_one_country_by_several_authors_are_all_found(
    make_base: MakeBase,
) -> None:
    rows = _rows()
    base = make_base(
        [
            Facts(
                row["id"],
                f"{row['From']} in session {row['Session']}",
                row["Text"],
                row["To"],
                date=str(2008 + int(row["Session"]) // 3),
            )
            for row in rows
        ]
    )
    group_of = {
        facts.id: number for number, group in enumerate(repeated(base)) for facts in group.members
    }
    identical = _identical(rows)
    assert sum(map(len, identical)) > 200
    apart = [same for same in identical if len({group_of.get(row["id"]) for row in same}) > 1]
    missed = [same for same in identical if any(row["id"] not in group_of for row in same)]
    assert [same[0]["Text"] for same in apart] == []
    assert [same[0]["Text"] for same in missed] == []
