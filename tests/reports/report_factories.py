"""Small makers of entries, and a base big enough to count, for the tests of reports."""

from __future__ import annotations

import random
from typing import Any

from kb.model import (
    Entry,
    Evidence,
    Group,
    LeadAgency,
    PrintedDate,
    PrintedStatus,
    Recommendation,
    ReviewFacts,
    Source,
    Tag,
    Taxonomy,
    Theme,
    Year,
)

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+44 20",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1",
    "<script>alert(1)</script>",
    "a | b | c",
    "first line\nsecond line",
    '"quoted", and; parted',
    "bell \x07 and escape \x1b[31m",
    "_x0041_",
    "*bold* `code` [link](http://example.org)",
    "é – ’ 🙂",
)
TAXONOMY = Taxonomy(
    version="7",
    groups=(
        Group(
            id="risk",
            name="Risk",
            themes=(
                Theme(id="dash", name="DASH", home_office="identification of risk", covers="DASH"),
                Theme(id="genograms", name="Genograms", home_office="record keeping"),
            ),
        ),
        Group(
            id="people",
            name="People",
            themes=(
                Theme(id="training", name="Training", home_office="training", border="Not DASH"),
                Theme(id="rural", name="Rural"),
            ),
        ),
    ),
)


def make_tag(theme: str, *by: str) -> Tag:
    """One tag with evidence; by a rule where nothing else is said."""
    return Tag.model_validate(
        {
            "id": theme,
            "by": by or ("rule",),
            "confidence": 0.9,
            "evidence": [Evidence(start=0, end=6, text="Remind", why=f"rule 1 of {theme}")],
        }
    )


def make_date(iso: str | None) -> PrintedDate:
    """A printed date; its precision is that of the text."""
    if iso is None:
        return PrintedDate()
    precision = {4: "year", 7: "month", 10: "day"}[len(iso)]
    return PrintedDate.model_validate(
        {"printed": iso, "date": iso, "precision": precision, "all": (iso,)}
    )


def make_entry(
    text: str = "Remind staff to use genograms.",
    *,
    review: str = "north-2020",
    position: int = 1,
    themes: tuple[str | Tag, ...] = (),
    agencies: tuple[tuple[str, str], ...] = (),
    status: str | None = None,
    target: str | None = None,
    completed: str | None = None,
    facts: dict[str, Any] | None = None,
    year: int | None = 2020,
    **recommendation: Any,
) -> Entry:
    """One entry; ``agencies`` are (name, sector), ``facts`` those of the review."""
    leads = tuple(
        LeadAgency.model_validate({"printed": name, "name": name, "sector": sector})
        for name, sector in agencies
    )
    return Entry(
        id=f"{review}/{position}",
        recommendation=Recommendation(
            position=position,
            text=text,
            source=Source(file="plan.docx", sha256="0" * 64, place="table 1, row 2"),
            lead_agencies=leads,
            status=PrintedStatus.model_validate({"printed": status, "value": status}),
            target_date=make_date(target),
            completed=make_date(completed),
            **recommendation,
        ),
        review=ReviewFacts.model_validate(
            {
                "id": review,
                "title": f"Review {review}",
                "publication": "published",
                "year": Year(value=year, of="publication" if year else None),
                **(facts or {}),
            }
        ),
        themes=tuple(t if isinstance(t, Tag) else make_tag(t) for t in themes),
    )


def make_base(reviews: int = 14, seed: int = 1) -> list[Entry]:
    """A base by lot, the same each time: 1 to 8 recommendations a review, some hostile texts."""
    lot = random.Random(seed)
    agencies = (("Avon Police", "police"), ("NHS Kent", "health"), ("All agencies", "all-agencies"))
    statuses = ("complete", "ongoing", "in-progress", "not-started", "not-accepted", None)
    entries = []
    for number in range(reviews):
        year = lot.choice((2015, 2017, 2019, 2021, None))
        facts = {"area": lot.choice(("North", "South", None)), "kind": lot.choice(("DHR", "DARDR"))}
        for position in range(1, lot.randint(1, 8) + 1):
            themes = lot.sample(("dash", "genograms", "training"), lot.randint(0, 3))
            entries.append(
                make_entry(
                    lot.choice((*HOSTILE, "Train all staff.", "Complete a DASH each time.")),
                    review=f"review-{number}",
                    position=position,
                    themes=tuple(
                        make_tag(t, *lot.choice((("person",), ("rule", "classifier"), ("rule",))))
                        for t in themes
                    ),
                    agencies=tuple(lot.sample(agencies, lot.randint(0, 2))),
                    status=lot.choice(statuses),
                    target=lot.choice((None, "2020-06-30", "2023-02", "2031", "2025-11-22")),
                    completed=lot.choice((None, "2016-05")),
                    outcome=lot.choice((None, " ", "=1+1", "All staff were trained by May.")),
                    year=year,
                    facts=facts,
                )
            )
    return entries
