"""Reading a document: from its file to reviews with their recommendations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from kb.errors import NoRecommendations, WrongUsage
from kb.ingest.account import accounted
from kb.ingest.drafts import Draft
from kb.ingest.facts import facts_in_line, facts_of
from kb.ingest.formats import Contents
from kb.ingest.personal import checked
from kb.ingest.plans.actions_below import attach_actions
from kb.ingest.plans.blocks import BlocksRead, placed, read_blocks
from kb.ingest.plans.cuts import Words
from kb.ingest.plans.framed import flow_of
from kb.ingest.plans.headers import checked_overrides
from kb.ingest.plans.synonyms import FACT_FIELDS
from kb.ingest.prose.narrative import read_narrative, without_repeats
from kb.ingest.quotes import bounded
from kb.ingest.readings import LeftOut, Reading
from kb.ingest.recognition import read_recognised
from kb.ingest.records import recommendation_of, with_repeats_flagged
from kb.ingest.tables import Document, Paragraph, Table
from kb.ingest.themes import read_themes
from kb.ingest.units import AsItStood
from kb.printed import OtherCell, Recommendation, Source
from kb.text.agencies import Agencies
from kb.text.normalise import fold, fold_space

CONTRADICTED = "another line contradicts it"
__all__ = ["LeftOut", "Reading", "read_document"]


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
    read = partial(read_contents, agencies=agencies, columns=columns, url=url)
    return read_recognised(Contents.of(path), read)


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
    read = read_blocks(document, overrides, agencies)
    _read_text(document, read, agencies, overrides)
    _check_overrides(overrides, read, path)
    if not read.drafts:
        raise _nothing_read(read, path)
    read.notes[:0] = read.tables_left_out
    source = Source(file=contents.file, sha256=contents.sha256, place="", url=url)
    readings = _readings(document, read, source, agencies)
    return bounded(checked(accounted(document, readings)))


def _read_text(
    document: Document, read: BlocksRead, agencies: Agencies, overrides: Mapping[str, str]
) -> None:
    """What the text beside the tables says: recommendations that no table has, facts, the rest."""
    flow = flow_of(document, {(one.place, one.text) for one in read.left_out}, agencies)
    narrative = read_narrative(flow, agencies)
    again = without_repeats(narrative.drafts, read.drafts)
    why = {
        place: f"it stands in the action plan too, at {placed(other.table, other.places[:1])}"
        for draft, other in again
        for place in draft.places
    }
    repeated = {id(draft) for draft, _ in again}
    left = [(p, why[p.place]) for p in narrative.used if p.place in why]
    printed = {p.place for p in document.blocks if isinstance(p, Paragraph)}
    framed = {p.place for p in flow} - printed
    places = {paragraph.place for paragraph in read.paragraphs} | framed
    read.left_out = [one for one in read.left_out if one.place not in framed]
    laid_out = tuple(
        f"{block.name} ("
        for block in document.blocks
        if isinstance(block, Table)
        and any(placed(block.name, [row.place]) in framed for row in block.rows)
    )
    read.tables_left_out = [s for s in read.tables_left_out if not s.startswith(laid_out)]
    read.left_out += [
        LeftOut(p.place, p.printed.strip(), because)
        for p, because in (*left, *narrative.left_out)
        if p.place in places
    ]
    new = [draft for draft in narrative.drafts if id(draft) not in repeated]
    doubts = {p.place: p.flags for p in document.blocks if isinstance(p, Paragraph) and p.flags}
    for draft in new:
        draft.flags += dict.fromkeys(f for place in draft.places for f in doubts.get(place, ()))
    _give_actions(document, read, new, overrides, agencies)
    if read.drafts:
        for draft in new:
            draft.flags.append("it stands in the text of the report, not in its action plan")
    read.drafts += new
    facts = {**narrative.facts, **read.facts}
    read.facts = {name: facts[name] for name in facts if name not in narrative.contradicted}
    _leave_contradicted(read, narrative.contradicted)
    read.notes += narrative.notes
    read.shapes += [shape for shape in narrative.shapes if shape.place in places]


def _leave_contradicted(read: BlocksRead, fields: Set[str]) -> None:
    """Lines of facts that another line contradicts say none of them."""
    of_none = [
        shape
        for shape in read.shapes
        if shape.what == "fact" and facts_in_line(shape.text).keys() & fields
    ]
    read.shapes = [shape for shape in read.shapes if shape not in of_none]
    read.left_out += [LeftOut(one.place, one.text, CONTRADICTED) for one in of_none]


def _give_actions(
    document: Document,
    read: BlocksRead,
    drafts: Sequence[Draft],
    overrides: Mapping[str, str],
    agencies: Agencies,
) -> None:
    """Tables of actions that were left out, given to the recommendations of the text they serve."""
    left = {(one.place, one.text) for one in read.left_out}
    blocks = [
        block
        for block in document.blocks
        if not isinstance(block, Table)
        or all((placed(block.name, [r.place]), r.printed) in left for r in block.rows if r.filled)
    ]
    words = cache(lambda: Words.of(document))
    attached = attach_actions(blocks, drafts, overrides, words=words, agencies=agencies)
    names = tuple(f"{name} (" for name in attached.tables)
    read.left_out = [one for one in read.left_out if (one.place, one.text) not in attached.rows]
    read.tables_left_out = [said for said in read.tables_left_out if not said.startswith(names)]
    read.shapes += attached.shapes
    read.columns |= attached.columns


def _nothing_read(read: BlocksRead, path: Path) -> NoRecommendations:
    seen = "; ".join(fold_space(header)[:60] for header in read.headers_seen[:30])
    if read.empty:
        return NoRecommendations(
            f"there are no rows below the header of {', '.join(read.empty)}: {seen}",
            place=path.name,
            hint="Fill in the rows, or add the version of the plan that has them.",
        )
    if not seen:
        return NoRecommendations(
            "no recommendations were found: the document has no table with a column of them, no"
            " chapter of recommendations and none labelled “Recommendation 1”",
            place=path.name,
            hint="Add the action plan itself, or label the recommendations in the text.",
        )
    return NoRecommendations(
        "no table of this document has a recommendation under a column of that name"
        f"; headers seen: {seen}",
        place=path.name,
        hint="Name the column: --column recommendation='Its header'.",
    )


def _check_overrides(overrides: Mapping[str, str], read: BlocksRead, path: Path) -> None:
    seen = {fold(header) for header in read.columns}
    for name, header in overrides.items():
        if fold(header) not in seen:
            listed = "; ".join(dict.fromkeys(read.headers_seen)) or "none"
            raise WrongUsage(
                f"no table has a column {header!r} (given for {name})",
                place=path.name,
                hint=f"Headers seen: {fold_space(listed)[:1_000]}.",
            )


def _readings(
    document: Document, read: BlocksRead, source: Source, agencies: Agencies
) -> list[Reading]:
    """One reading for each value of the ``review`` column, in the order of the document."""
    groups: dict[str | None, list[Draft]] = {}
    for draft in read.drafts:
        groups.setdefault(draft.facts.get("review"), []).append(draft)
    if None in groups and len(groups) > 1:
        missing = groups.pop(None)
        read.left_out += [
            LeftOut(placed(draft.table, draft.places), draft.text, "its column 'review' is empty")
            for draft in missing
        ]
    labels = [shape.text for shape in read.shapes if "label" in shape.what]
    stood = AsItStood(document, [*read.columns, *labels])
    readings = []
    for name, drafts in groups.items():
        named, notes = _facts_in(drafts)
        recommendations, judged = _recommendations(drafts, source, agencies, stood)
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
    first = replace(readings[0], left_out=tuple(read.left_out), shapes=tuple(read.shapes))
    return [first, *readings[1:]]


def _recommendations(
    drafts: Sequence[Draft], source: Source, agencies: Agencies, stood: AsItStood
) -> tuple[tuple[Recommendation, ...], dict[int, tuple[str, ...]]]:
    """The recommendations of one review, and which of them the document judges."""
    judged: dict[int, tuple[str, ...]] = {}
    recommendations = []
    for position, draft in enumerate(drafts, start=1):
        themes = read_themes(draft.facts.get("themes"))
        if themes is not None:
            judged[position] = themes
        elif draft.facts.get("themes"):
            _keep_with(draft, "themes")
        placed_in = source.model_copy(
            update={
                "place": placed(draft.table, draft.places),
                "url": source.url or draft.facts.get("url"),
                "cells": stood.cells(draft.table, draft.places),
            }
        )
        recommendations.append(recommendation_of(draft, position, placed_in, agencies))
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
    if name in ("title", "themes") and draft.heading is None:
        draft.heading = value
    else:
        draft.other.append(OtherCell(header=name, text=value))
