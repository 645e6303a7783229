"""Agency profile: every recommendation to one agency, by theme, status and year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches

import numpy as np

from kb.errors import NotFound
from kb.model import Entry, Taxonomy
from kb.reports.dimensions import NOT_STATED
from kb.reports.listing import (
    behind_statuses,
    item_json,
    list_table,
    status_cells,
    status_columns,
    status_json,
    status_table,
)
from kb.reports.report import Column, Report, Table, columns
from kb.reports.rows import Rows, year_of

Part = tuple[str, str, list[Entry]]  # id, name, entries
_NEAR_NAMES = 5


def agency_profile(
    rows: Rows, agency: str, taxonomy: Taxonomy, *, all_agencies: bool = False
) -> Report:
    """What one agency (its canonical name, whatever the case) has been asked.

    ``all_agencies`` takes in what is addressed to all agencies. Raises NotFound, with the nearest
    names, where nothing is addressed to this agency.
    """
    agencies = {name: places for name, places in rows.values("agency").parts().items() if name}
    name = _known_name(agencies, agency)
    own = [agencies[each] for each in agencies if each.casefold() == name.casefold()]
    asked = np.unique(np.concatenate(own))
    to_all = rows.values("sector").parts().get("all-agencies", asked[:0])
    shared = np.setdiff1d(to_all, asked)
    chosen = np.concatenate((asked, shared)) if all_agencies else asked
    entries = [rows.entry(at) for at in chosen.tolist()]
    place_of = {entry.id: at for entry, at in zip(entries, chosen.tolist(), strict=True)}
    themes = _by_theme(entries, taxonomy)
    years = _parted(entries, lambda entry: (year_of(entry) or NOT_STATED,))
    years.sort(key=lambda part: part[0])
    return Report(
        name="agency",
        title=f"Agency profile: {name}",
        tables=(
            status_table(entries, place_of),
            _part_table("themes", "Themes by status", "Theme", themes, place_of),
            _part_table("years", "Years by status", "Year", years, place_of),
            list_table("recommendations", "The recommendations", entries),
        ),
        data={
            "agency": name,
            "all_agencies": all_agencies,
            "denominators": {
                "recommendations": len(chosen),
                "to_the_agency": len(asked),
                "to_all_agencies": len(shared) if all_agencies else 0,
                "reviews": _reviews(entries),
            },
            "status": status_json(entries),
            "themes": [
                {"id": part, "name": words, **_counts(each)} for part, words, each in themes
            ],
            "years": [
                {"year": None if part == NOT_STATED else int(part), **_counts(each)}
                for part, _, each in years
            ],
            "items": [item_json(entry) for entry in entries],
        },
        notes=(
            *_notes(name, entries[: len(asked)], len(shared), all_agencies=all_agencies),
            *_near_names(agencies, name),
        ),
        counted=rows,
    )


def _near_names(agencies: Iterable[str], name: str) -> list[str]:
    """A note on agencies that a reader may have meant too, because their names hold this one."""
    near = {
        other
        for other in agencies
        if name.casefold() in other.casefold() and other.casefold() != name.casefold()
    }
    if not near:
        return []
    listed = "; ".join(sorted(near)[:_NEAR_NAMES])
    more = f" and {len(near) - _NEAR_NAMES} more" if len(near) > _NEAR_NAMES else ""
    return [
        f"Not counted here, though the name is part of theirs: {listed}{more}. For all agencies of"
        " one kind choose a sector: kb report themes --sector police."
    ]


def _known_name(agencies: Iterable[str], agency: str) -> str:
    names = {name.casefold(): name for name in agencies}
    found = names.get(agency.strip().casefold())
    if found is None:
        nearest = [names[near] for near in get_close_matches(agency.strip().casefold(), names, n=5)]
        hint = (
            f"Did you mean: {'; '.join(nearest)}?"
            if nearest
            else "'kb search --facets' lists the agencies."
        )
        raise NotFound(f"no recommendation here is addressed to {agency!r}", hint=hint)
    return found


def _parted(entries: Iterable[Entry], values: Callable[[Entry], Iterable[str]]) -> list[Part]:
    parts: dict[str, list[Entry]] = {}
    for entry in entries:
        for value in values(entry):
            parts.setdefault(value, []).append(entry)
    return [(value, value, each) for value, each in parts.items()]


def _by_theme(entries: Sequence[Entry], taxonomy: Taxonomy) -> list[Part]:
    names = {theme.id: theme.name for theme in taxonomy.themes()}
    parts = _parted(entries, lambda entry: dict.fromkeys(tag.id for tag in entry.themes))
    named = [(theme, names.get(theme, theme), each) for theme, _, each in parts]
    return sorted(named, key=lambda part: (-len(part[2]), part[1]))


def _reviews(entries: Iterable[Entry]) -> int:
    return len({entry.review.id for entry in entries})


def _counts(entries: Sequence[Entry]) -> dict[str, object]:
    return {
        "recommendations": len(entries),
        "reviews": _reviews(entries),
        "status": status_json(entries),
    }


def _part_table(
    name: str, title: str, label: str, parts: Sequence[Part], place_of: Mapping[str, int]
) -> Table:
    return Table(
        name,
        title,
        columns(
            ("name", label),
            Column("id", "Id", detail=True),
            ("recommendations", "Recommendations", "count"),
            ("reviews", "Reviews", "count"),
            *status_columns(),
        ),
        tuple(
            (words, part, len(each), _reviews(each), *status_cells(each))
            for part, words, each in parts
        ),
        behind=behind_statuses([each for _, _, each in parts], place_of),
    )


def _notes(name: str, own: Sequence[Entry], shared: int, *, all_agencies: bool) -> tuple[str, ...]:
    beside = (
        f"{shared:,} more are addressed to all agencies and are counted here."
        if all_agencies
        else f"{shared:,} more are addressed to all agencies and are not counted here."
    )
    return (
        f"{len(own):,} recommendations of {_reviews(own):,} reviews are addressed to {name}. "
        + beside,
        "A recommendation with several themes counts under each.",
    )
