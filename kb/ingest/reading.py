"""Reading a document: from its file to reviews with their recommendations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kb.errors import NoRecommendations, WrongUsage
from kb.ingest.alignment import Aligner
from kb.ingest.facts import (
    ReviewFactsRead,
    facts_in_line,
    facts_of,
    is_table_heading,
    is_title,
)
from kb.ingest.formats import Contents
from kb.ingest.headers import Header, checked_overrides, find_header, header_of_run
from kb.ingest.records import Draft, Gathered, gather, recommendation_of, with_repeats_flagged
from kb.ingest.statuses import read_scope
from kb.ingest.synonyms import FACT_FIELDS
from kb.ingest.tables import CellRun, Document, Paragraph, Row, Table
from kb.ingest.themes import read_themes
from kb.model import OtherCell, Recommendation, Source
from kb.text.agencies import Agencies
from kb.text.normalise import fold, fold_space

_PLACES_LISTED = 20
_FEWEST_COLUMNS, _FEWEST_ROWS = 3, 2  # a table left out that has fewer is no plan


@dataclass(frozen=True)
class LeftOut:
    """Text that went into no field: its place, the text and why."""

    place: str
    text: str
    why: str


@dataclass(frozen=True)
class Reading:
    """One review as a document prints it.

    ``judged`` maps positions to theme ids: a key is a complete judgement (an empty tuple: no
    theme). ``columns`` are (header as printed, field or None) for showing.
    """

    name: str | None
    facts: ReviewFactsRead
    recommendations: tuple[Recommendation, ...]
    source: Source
    judged: dict[int, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    columns: tuple[tuple[str, str | None], ...] = ()


@dataclass
class _Read:
    """What has been gathered from the blocks of a document."""

    drafts: list[tuple[Draft, Header, str]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    columns: dict[str, str | None] = field(default_factory=dict)
    headers_seen: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    tables_left_out: list[str] = field(default_factory=list)
    title: str | None = None
    facts: dict[str, str] = field(default_factory=dict)
    heading: Paragraph | None = None


def read_document(
    path: Path,
    *,
    agencies: Agencies,
    columns: Mapping[str, str] | None = None,
    url: str | None = None,
) -> list[Reading]:
    """The reviews of a document, one or, where it has a column ``review``, several.

    ``columns`` maps a field to the header of its column, over what the header would tell.
    Raises DocumentError where the file cannot be read or holds no recommendation, WrongUsage
    where ``columns`` names no field or a header that is not in the document.
    """
    contents = Contents.of(path)
    return read_contents(contents, agencies=agencies, columns=columns, url=url)


def read_contents(
    contents: Contents,
    *,
    agencies: Agencies,
    columns: Mapping[str, str] | None = None,
    url: str | None = None,
) -> list[Reading]:
    """``read_document`` for a file whose bytes are in memory; raises what it raises."""
    overrides = checked_overrides(columns or {})
    document, path = contents.document(), Path(contents.file)
    read = _Read(notes=list(document.notes))
    for block in document.blocks:
        _read_block(block, read, overrides, agencies)
    _give_up_heading(read)
    _check_overrides(overrides, read, path)
    if not read.drafts:
        raise _nothing_read(read, path)
    read.notes[:0] = read.tables_left_out
    source = Source(file=contents.file, sha256=contents.sha256, place="", url=url)
    return _readings(document, read, source, agencies)


def _read_block(
    block: Table | CellRun | Paragraph,
    read: _Read,
    overrides: Mapping[str, str],
    agencies: Agencies,
) -> None:
    if isinstance(block, Paragraph):
        _read_paragraph(block, read)
        return
    rows: Sequence[Row]
    if isinstance(block, CellRun):
        header = header_of_run(block, overrides)
        before = block.cells[: header.row] if header else block.cells
        left = [Paragraph(c.text, f"lines {c.first_line}–{c.last_line}") for c in before]
        rows = _rows_of_run(block, header, agencies) if header else ()
    else:
        header = find_header(block.rows[:1] if block.records else block.rows, overrides)
        above = block.rows[: header.row] if header else block.rows
        left = [Paragraph(r.printed, _place(block.name, [r.place])) for r in above if r.filled]
        rows = _rows_below(block, header, agencies) if header else ()
    if header is None:
        _give_up_heading(read)
        read.headers_seen += [p.text for p in left[: 1 if isinstance(block, Table) else 12]]
        if isinstance(block, Table) and (said := _table_left_out(block)):
            read.tables_left_out.append(said)
        why = f"{block.name} has no column of recommendations"
        read.left_out += [LeftOut(p.place, p.text, why) for p in left if p.text]
        return
    for paragraph in left:
        _read_paragraph(paragraph, read)
    records = isinstance(block, Table) and block.records
    gathered = gather(rows, header, agencies, records=records)
    if not rows:
        read.empty.append(block.name)
    if read.heading and gathered.drafts:
        _put_under(read.heading.text.strip(), gathered.drafts, header)
        read.heading = None
    _give_up_heading(read)
    _take(gathered, header, block.name, read, records=records)


def _nothing_read(read: _Read, path: Path) -> NoRecommendations:
    seen = "; ".join(fold_space(header)[:60] for header in read.headers_seen[:30])
    if read.empty:
        return NoRecommendations(
            f"there are no rows below the header of {', '.join(read.empty)}: {seen}",
            place=path.name,
            hint="Fill in the rows, or add the version of the plan that has them.",
        )
    return NoRecommendations(
        "no table of this document has a recommendation under a column of that name"
        + (f"; headers seen: {seen}" if seen else ""),
        place=path.name,
        hint="Name the column: --column recommendation='Its header'.",
    )


def _table_left_out(table: Table) -> str | None:
    """What to say first of a table left out whole that may well be a plan; None of a small one."""
    rows = [row for row in table.rows if row.filled]
    columns = {cell.at for row in rows for cell in row.filled}
    head = next((n for n, row in enumerate(rows) if len(row.filled) >= _FEWEST_COLUMNS), 0)
    if len(columns) < _FEWEST_COLUMNS or len(rows) < _FEWEST_ROWS:
        return None
    headers = "; ".join(fold_space(cell.text)[:60] for cell in rows[head].filled[:12])
    below = len(rows) - head - 1
    return (
        f"{table.name} ({below} row{'' if below == 1 else 's'}, columns: {headers}) was left out:"
        " no column of recommendations; name it with --column recommendation='Its header'"
    )


def _rows_of_run(run: CellRun, header: Header, agencies: Agencies) -> list[Row]:
    return Aligner(header.columns, agencies).rows(run, header.row + len(header.columns))


def _rows_below(table: Table, header: Header, agencies: Agencies) -> Sequence[Row]:
    if table.records:
        return table.rows[header.row + 1 :]
    aligner = Aligner(header.columns, agencies)
    return [aligner.straightened(row) for row in table.rows[header.row + 1 :]]


def _take(gathered: Gathered, header: Header, name: str, read: _Read, *, records: bool) -> None:
    read.headers_seen += [column.header for column in header.columns]
    read.columns |= {c.header: c.field or (c.spare if records else None) for c in header.columns}
    read.drafts += [(draft, header, name) for draft in gathered.drafts]
    read.left_out += [
        LeftOut(_place(name, [row.place]), row.printed, why) for row, why in gathered.left_out
    ]
    for place in gathered.repeated_headers:
        read.notes.append(f"the header stands again at {place} and was skipped")
    if gathered.without_text:
        read.notes.append(_without_text(gathered.without_text, name))


def _without_text(rows: Sequence[Row], name: str) -> str:
    places = ", ".join(row.place for row in rows[:_PLACES_LISTED])
    more = len(rows) - _PLACES_LISTED
    places += f" and {more} more" if more > 0 else ""
    count = "1 row has" if len(rows) == 1 else f"{len(rows)} rows have"
    return f"{count} no text and {'was' if len(rows) == 1 else 'were'} left out: {name}, {places}"


def _put_under(heading: str, drafts: Sequence[Draft], header: Header) -> None:
    """The heading above a table is that of its rows, and their scope where no column has it."""
    has_scope = any(column.field == "scope" for column in header.columns)
    says_scope = read_scope(heading).value and not re.search(r"\b(?:for|to)\b", heading)
    for draft in drafts:
        draft.heading = draft.heading or heading
        if says_scope and not has_scope:
            draft.values["scope"] = heading
            draft.flags.append(f"the scope was read from the heading “{heading}”")


def _give_up_heading(read: _Read) -> None:
    """What looked like the heading of a table has none below it: it is a paragraph like others."""
    paragraph, read.heading = read.heading, None
    if paragraph:
        _place_paragraph(paragraph, read)


def _read_paragraph(paragraph: Paragraph, read: _Read) -> None:
    if not paragraph.text.strip():
        return
    _give_up_heading(read)
    facts = facts_in_line(paragraph.text)
    if facts and not read.facts.keys() & facts.keys():
        read.facts |= facts
    elif is_table_heading(paragraph.text):
        read.heading = paragraph
    else:
        _place_paragraph(paragraph, read)


def _place_paragraph(paragraph: Paragraph, read: _Read) -> None:
    if read.title is None and not read.drafts and is_title(paragraph.text):
        read.title = paragraph.text.strip()
        return
    read.left_out.append(LeftOut(paragraph.place, paragraph.text.strip(), "outside any table"))


def _check_overrides(overrides: Mapping[str, str], read: _Read, path: Path) -> None:
    seen = {fold(header) for header in read.columns}
    for name, header in overrides.items():
        if fold(header) not in seen:
            listed = "; ".join(dict.fromkeys(read.headers_seen)) or "none"
            raise WrongUsage(
                f"no table has a column {header!r} (given for {name})",
                place=path.name,
                hint=f"Headers seen: {fold_space(listed)[:1_000]}.",
            )


def _readings(document: Document, read: _Read, source: Source, agencies: Agencies) -> list[Reading]:
    """One reading for each value of the ``review`` column, in the order of the document."""
    groups: dict[str | None, list[tuple[Draft, Header, str]]] = {}
    for item in read.drafts:
        groups.setdefault(item[0].facts.get("review"), []).append(item)
    if None in groups and len(groups) > 1:
        missing = groups.pop(None)
        read.left_out += [
            LeftOut(_place(table, draft.places), draft.text, "its column 'review' is empty")
            for draft, _, table in missing
        ]
    readings = []
    for name, items in groups.items():
        named, notes = _facts_in([item[0] for item in items])
        recommendations, judged = _recommendations(items, source, agencies)
        title = read.title if name is None else None
        lines = read.facts if name is None else {}
        readings.append(
            Reading(
                name=name,
                facts=facts_of({**lines, **document.facts, **named}, title, source.url),
                recommendations=recommendations,
                source=source,
                judged=judged,
                notes=(*read.notes, *notes),
                columns=tuple(read.columns.items()),
            )
        )
    first = replace(readings[0], left_out=tuple(read.left_out))
    return [first, *readings[1:]]


def _recommendations(
    items: Sequence[tuple[Draft, Header, str]], source: Source, agencies: Agencies
) -> tuple[tuple[Recommendation, ...], dict[int, tuple[str, ...]]]:
    """The recommendations of one review, and which of them the document judges."""
    judged: dict[int, tuple[str, ...]] = {}
    recommendations = []
    for position, (draft, header, table) in enumerate(items, start=1):
        themes = read_themes(draft.facts.get("themes"))
        if themes is not None:
            judged[position] = themes
        elif draft.facts.get("themes"):
            draft.other.append(OtherCell(header="themes", text=draft.facts["themes"]))
        placed = source.model_copy(
            update={
                "place": _place(table, draft.places),
                "url": source.url or draft.facts.get("url"),
            }
        )
        recommendations.append(recommendation_of(draft, position, placed, agencies, header))
    return tuple(with_repeats_flagged(recommendations)), judged


def _facts_in(drafts: Sequence[Draft]) -> tuple[dict[str, str], list[str]]:
    """The value of each fact column; where rows differ it is none of the review's, but theirs.

    A title is then the row's heading, an address that of its source; anything else is kept as
    printed beside the recommendation.
    """
    facts: dict[str, str] = {}
    notes = []
    for name in FACT_FIELDS:
        values = list(dict.fromkeys(d.facts[name] for d in drafts if name in d.facts))
        if len(values) == 1:
            facts[name] = values[0]
        elif values:
            notes.append(f"{name} differs between rows: it was kept with each recommendation")
            for draft in drafts:
                _keep_with(draft, name)
    return facts, notes


def _keep_with(draft: Draft, name: str) -> None:
    value = draft.facts.get(name)
    if value is None or name == "url":
        return
    if name == "title" and draft.heading is None:
        draft.heading = value
    else:
        draft.other.append(OtherCell(header=name, text=value))


def _place(table: str, places: Sequence[str]) -> str:
    where = places[0] if len(places) == 1 else f"{places[0]} to {places[-1]}"
    return where if where.startswith(("line", "object", "the keys")) else f"{table}, {where}"
