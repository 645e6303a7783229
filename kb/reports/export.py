"""Everything to take away: one recommendation a line or row, with the codebook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from kb.errors import StorageError, WrongUsage
from kb.model import SECTOR_NAMES, STATUS_NAMES, Entry, PrintedDate, Tag, Taxonomy
from kb.reports.formats.comma_separated import csv_bytes
from kb.reports.report import Cell, Column, columns
from kb.reports.rows import agency_names, sector_names

EXPORT_FORMATS = ("jsonl", "csv", "xlsx")

EXPORT_COLUMNS: tuple[Column, ...] = columns(
    ("id", "id"),
    ("review_id", "review_id"),
    ("review_title", "review_title"),
    ("kind", "kind"),
    ("area", "area"),
    ("region", "region"),
    ("year", "year"),
    ("year_of", "year_of"),
    ("published", "published", "date"),
    ("publication", "publication"),
    ("review_url", "review_url"),
    ("position", "position", "count"),
    ("number", "number"),
    ("heading", "heading"),
    ("text", "text"),
    ("scope_printed", "scope_printed"),
    ("scope", "scope"),
    ("status_printed", "status_printed"),
    ("status", "status"),
    ("lead_agency_printed", "lead_agency_printed"),
    ("agencies", "agencies"),
    ("sectors", "sectors"),
    ("action", "action"),
    ("milestones", "milestones"),
    ("target_date_printed", "target_date_printed"),
    ("target_date", "target_date", "date"),
    ("target_date_precision", "target_date_precision"),
    ("target_dates_all", "target_dates_all"),
    ("completed_printed", "completed_printed"),
    ("completed", "completed", "date"),
    ("completed_precision", "completed_precision"),
    ("completed_all", "completed_all"),
    ("outcome", "outcome"),
    ("actions", "actions"),
    ("other", "other"),
    ("flags", "flags"),
    ("corrections", "corrections"),
    ("source_file", "source_file"),
    ("source_sha256", "source_sha256"),
    ("source_place", "source_place"),
    ("source_url", "source_url"),
    ("themes", "themes"),
    ("themes_by", "themes_by"),
    ("themes_confidence", "themes_confidence"),
    ("themes_evidence", "themes_evidence"),
    ("suggestions", "suggestions"),
)

_MEANINGS: dict[str, str] = {
    "id": "The review's id, a slash, and the position of the recommendation in it",
    "year": "The review's year; year_of says whether of publication or of the report",
    "publication": "published, unpublished or unknown; unknown counts as unpublished",
    "position": "1…n at first reading; never used again for another recommendation",
    "number": "The number as the document prints it",
    "heading": "The sub-heading that it stood under",
    "scope": "local, regional or national; empty: the document does not say",
    "status": "complete, ongoing, in-progress, not-started or not-accepted; empty: not said",
    "agencies": "Canonical names of all who are asked, by ;",
    "sectors": "The sectors of the agencies, by ;",
    "target_date": "ISO date to its own precision, the first of several",
    "target_dates_all": "All dates of the cell, by ;",
    "completed": "ISO date to its own precision, the first of several",
    "actions": "The action rows, as JSON",
    "other": "Printed cells without a field of their own, as JSON",
    "flags": "What the reader of the document doubted, one a line",
    "corrections": "What a person set right, as JSON; the field itself has the corrected value",
    "themes": "Theme ids by ; (their meaning: codebook; who says so: themes_by)",
    "themes_by": "Who says so, in the order of themes: person, starter, rule, classifier, by +",
    "themes_confidence": "0 to 1, in the order of themes",
    "themes_evidence": "For each theme the words that speak for it and why, one theme a line",
    "suggestions": "Themes under the threshold, by ;",
}

_CODEBOOK_COLUMNS = columns(
    ("theme", "theme"),
    ("name", "name"),
    ("group", "group"),
    ("group_name", "group_name"),
    ("home_office", "home_office"),
    ("covers", "covers"),
    ("border", "border"),
)


def export(
    entries: Sequence[Entry],
    taxonomy: Taxonomy,
    format_name: str,
    head: Sequence[tuple[str, str]] = (),
) -> dict[str, bytes]:
    """File name → content, in one of ``EXPORT_FORMATS``.

    ``head`` (label, value) tells of the base: digest, versions, date, what was left out. Raises
    WrongUsage for another format, StorageError where a temporary file cannot be written.
    """
    match format_name:
        case "jsonl":
            return {
                "recommendations.jsonl": export_jsonl(entries),
                "codebook.jsonl": _codebook_jsonl(taxonomy),
            }
        case "csv":
            return export_csv(entries, taxonomy, head)
        case "xlsx":
            return {"recommendations.xlsx": export_xlsx(entries, taxonomy, head)}
        case _:
            raise WrongUsage(
                f"nothing can be exported as {format_name!r}",
                hint=f"Choose one of: {', '.join(EXPORT_FORMATS)}.",
            )


def export_jsonl(entries: Iterable[Entry]) -> bytes:
    """One recommendation a line, in the shape of DESIGN.md."""
    lines = (json.dumps(entry.as_json(), ensure_ascii=False) + "\n" for entry in entries)
    return "".join(lines).encode("utf-8", "replace")


def _codebook_jsonl(taxonomy: Taxonomy) -> bytes:
    names = [column.name for column in _CODEBOOK_COLUMNS]
    rows = (dict(zip(names, row, strict=True)) for row in _codebook(taxonomy))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def export_csv(
    entries: Sequence[Entry], taxonomy: Taxonomy, head: Sequence[tuple[str, str]] = ()
) -> dict[str, bytes]:
    """``recommendations.csv``, ``codebook.csv`` (the themes) and ``readme.csv`` (the columns)."""
    return {
        "recommendations.csv": csv_bytes([_header(EXPORT_COLUMNS), *map(export_row, entries)]),
        "codebook.csv": csv_bytes([_header(_CODEBOOK_COLUMNS), *_codebook(taxonomy)]),
        "readme.csv": csv_bytes([("about", "what it says"), *_readme(entries, taxonomy, head)]),
    }


def export_xlsx(
    entries: Sequence[Entry], taxonomy: Taxonomy, head: Sequence[tuple[str, str]] = ()
) -> bytes:
    """A workbook with the sheets Recommendations, Codebook and README."""
    from kb.reports.formats.sheets import Workbook

    try:
        workbook = Workbook("Recommendations")
        workbook.add_sheet("Recommendations", EXPORT_COLUMNS, [export_row(e) for e in entries])
        workbook.add_sheet("Codebook", _CODEBOOK_COLUMNS, list(_codebook(taxonomy)))
        about = columns(("label", "about"), ("value", "what it says"))
        workbook.add_sheet("README", about, list(_readme(entries, taxonomy, head)))
        return workbook.to_bytes()
    except OSError as error:
        raise StorageError(
            f"the workbook could not be written: {error}",
            hint="Make room in the folder for temporary files (TMPDIR), or choose csv.",
        ) from error


def _header(heads: Iterable[Column]) -> tuple[Cell, ...]:
    return tuple(column.label for column in heads)


def export_row(entry: Entry) -> tuple[Cell, ...]:
    """One recommendation as the cells of ``EXPORT_COLUMNS``."""
    return (
        *_review_cells(entry),
        *_printed_cells(entry),
        *_origin_cells(entry),
        *_tag_cells(entry),
    )


def _review_cells(entry: Entry) -> tuple[Cell, ...]:
    review = entry.review
    return (
        entry.id,
        review.id,
        review.title,
        review.kind,
        review.area,
        review.region,
        review.year.value,
        review.year.of,
        review.published,
        review.publication,
        review.url,
    )


def _printed_cells(entry: Entry) -> tuple[Cell, ...]:
    recommendation = entry.recommendation
    return (
        recommendation.position,
        recommendation.number,
        recommendation.heading,
        recommendation.text,
        recommendation.scope.printed,
        recommendation.scope.value,
        recommendation.status.printed,
        recommendation.status.value,
        recommendation.lead_agency,
        _joined(agency_names(entry)),
        _joined(sector_names(entry)),
        recommendation.action,
        recommendation.milestones,
        *_date_cells(recommendation.target_date),
        *_date_cells(recommendation.completed),
        recommendation.outcome,
    )


def _date_cells(printed: PrintedDate) -> tuple[Cell, ...]:
    return (printed.printed, printed.date, printed.precision, _joined(printed.all))


def _origin_cells(entry: Entry) -> tuple[Cell, ...]:
    recommendation = entry.recommendation
    source = recommendation.source
    return (
        _json([action.model_dump(mode="json") for action in recommendation.actions]),
        _json([cell.model_dump(mode="json") for cell in recommendation.other]),
        _joined(recommendation.flags, "\n"),
        _json([each.model_dump(mode="json") for each in recommendation.corrections]),
        source.file,
        source.sha256,
        source.place,
        source.url,
    )


def _tag_cells(entry: Entry) -> tuple[Cell, ...]:
    return (
        _joined(tag.id for tag in entry.themes),
        _joined("+".join(tag.by) for tag in entry.themes),
        _joined(str(tag.confidence) for tag in entry.themes),
        _joined((_evidence(tag) for tag in entry.themes), "\n"),
        _joined(tag.id for tag in entry.suggestions),
    )


def _evidence(tag: Tag) -> str:
    """``dash: "risk checklist" (rule 1 of dash) | …``; by a person alone nothing need be shown."""
    told = " | ".join(f'"{each.text}" ({each.why})' for each in tag.evidence)
    return f"{tag.id}: {told or ' + '.join(tag.by)}"


def _joined(parts: Iterable[str], by: str = ";") -> str | None:
    return by.join(parts) or None


def _json(rows: list[dict[str, object]]) -> str | None:
    return json.dumps(rows, ensure_ascii=False) if rows else None


def _codebook(taxonomy: Taxonomy) -> Iterator[tuple[Cell, ...]]:
    for group in taxonomy.groups:
        for theme in group.themes:
            yield (
                theme.id,
                theme.name,
                group.id,
                group.name,
                theme.home_office,
                theme.covers,
                theme.border,
            )


def _readme(
    entries: Sequence[Entry], taxonomy: Taxonomy, head: Sequence[tuple[str, str]]
) -> Iterator[tuple[Cell, ...]]:
    yield ("What this is", "Recommendations of Domestic Homicide Reviews, one a row")
    yield ("Recommendations", str(len(entries)))
    yield ("Reviews", str(len({entry.review.id for entry in entries})))
    yield ("Taxonomy version", taxonomy.version)
    yield from head
    yield (
        "Formulas",
        "In CSV a text that a spreadsheet program could take for a formula has an apostrophe "
        "before it; XLSX cells are text and need none.",
    )
    for column in EXPORT_COLUMNS:
        if column.name in _MEANINGS:
            yield (f"Column {column.label}", _MEANINGS[column.name])
    yield from ((f"Status {value}", name) for value, name in STATUS_NAMES.items())
    yield from ((f"Sector {value}", name) for value, name in SECTOR_NAMES.items())
