"""Small makers of model objects, for tests of every area."""

from __future__ import annotations

from typing import Any

from kb.model import (
    Entry,
    Group,
    LeadAgency,
    PrintedScope,
    PrintedStatus,
    Recommendation,
    ReviewFacts,
    Source,
    Tag,
    Taxonomy,
    Theme,
    Year,
)

SOURCE = Source(file="plan.docx", sha256="0" * 64, place="table 1, row 2")


def make_taxonomy() -> Taxonomy:
    """Two groups with three themes."""
    risk = Group(
        id="risk",
        name="Risk",
        themes=(Theme(id="genograms", name="Genograms"), Theme(id="dash", name="DASH and risk")),
    )
    people = Group(id="people", name="People", themes=(Theme(id="training", name="Training"),))
    return Taxonomy(version="1", groups=(risk, people))


def make_entry(
    text: str = "Remind staff to use genograms.",
    *,
    review: str = "north-2020",
    position: int = 1,
    themes: tuple[str, ...] = (),
    agencies: tuple[tuple[str, str], ...] = (),
    status: str | None = None,
    scope: str | None = None,
    year: int | None = None,
    title: str = "Review of Anna",
    area: str | None = None,
    kind: str | None = None,
    publication: str = "published",
    **recommendation: Any,
) -> Entry:
    """One entry; ``agencies`` are (name, sector) pairs and other facts go to the recommendation."""
    leads = tuple(
        LeadAgency.model_validate({"printed": name, "name": name, "sector": sector})
        for name, sector in agencies
    )
    return Entry(
        id=f"{review}/{position}",
        recommendation=Recommendation(
            position=position,
            text=text,
            source=SOURCE,
            lead_agencies=leads,
            status=PrintedStatus.model_validate({"printed": status, "value": status}),
            scope=PrintedScope.model_validate({"printed": scope, "value": scope}),
            **recommendation,
        ),
        review=ReviewFacts.model_validate(
            {
                "id": review,
                "title": title,
                "area": area,
                "kind": kind,
                "publication": publication,
                "year": Year(value=year, of="publication" if year else None),
            }
        ),
        themes=tuple(Tag(id=theme, by=("rule",), confidence=0.9) for theme in themes),
    )
