"""Recommendations of the UPR as a corpus of reviews: twenty to a review, as many as are wanted.

The texts are those of `data/upr` where `../shared` is (or where `DHR_SHARED` names it). Beyond
their number each further text is the first half of one and the second half of another, chosen by a
fixed seed, so that texts differ and words stay as common as they were.
"""

from __future__ import annotations

import csv
import os
import random
import re
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from kb.model import Review
from kb.printed import LeadAgency, PrintedStatus, Recommendation, Source

ROOT = Path(__file__).resolve().parents[1]
UPR = Path("data/upr/upr_sessions_01_10.csv")
A_REVIEW = 20
SEED = 6
_STATUSES = {"Accepted": "complete", "Noted": "not-accepted"}
_PART = re.compile(r"(?<=[.;,])\s+")


def upr_reviews(size: int) -> Iterator[Review]:
    """Reviews of twenty recommendations each, the last one of what is left."""
    rows = upr_rows(size)
    for number, first in enumerate(range(0, size, A_REVIEW), start=1):
        yield review_of(number, list(islice(rows, min(A_REVIEW, size - first))))


def upr_rows(size: int) -> Iterator[dict[str, str]]:
    """So many rows of the UPR: the texts as they are, then mixed ones."""
    path = Path(os.environ.get("DHR_SHARED", ROOT.parent / "shared")) / UPR
    if not path.exists():
        sys.exit(f"the texts of the UPR are not here: {path}")
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    yield from rows[:size]
    chance = random.Random(SEED)
    for _ in range(size - len(rows)):
        one, other = chance.choice(rows), chance.choice(rows)
        yield {**one, "Text": _mixed(one["Text"], other["Text"])}


def review_of(number: int, rows: list[dict[str, str]]) -> Review:
    """A review with these recommendations, and the facts that filters and counts go by."""
    first = rows[0]
    year = 2008 + int(first["Session"]) // 3
    return Review(
        id=f"upr-{number:05}",
        title=f"Review of {first['To']}, part {number}",
        kind="state",
        area=first["To"],
        published=str(year),
        publication="published",
        next_position=len(rows) + 1,
        recommendations=tuple(_recommendation(at, row) for at, row in enumerate(rows, start=1)),
    )


def _recommendation(position: int, row: dict[str, str]) -> Recommendation:
    agency = LeadAgency(printed=row["From"], name=row["From"], sector="government")
    return Recommendation(
        position=position,
        text=row["Text"],
        lead_agency=row["From"],
        lead_agencies=(agency,),
        status=PrintedStatus(printed=row["Response"], value=_STATUSES.get(row["Response"])),  # type: ignore[arg-type]
        source=Source(file=UPR.name, sha256="0" * 64, place=f"row {row['id']}"),
    )


def _mixed(one: str, other: str) -> str:
    """The first half of the parts of one text and the second half of another's."""
    begin, end = _PART.split(one), _PART.split(other)
    if len(begin) < 2 or len(end) < 2:
        begin, end = one.split(), other.split()
    return " ".join([*begin[: (len(begin) + 1) // 2], *end[len(end) // 2 :]])
