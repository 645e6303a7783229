"""What ``kb add`` says: counts first, then doubts, changes and what was left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from kb.cli.output import counted, say, wrapped
from kb.library.telling import account_lines, change_lines

if TYPE_CHECKING:
    from kb.ingest import LeftOut
    from kb.library.adding import Added
    from kb.model import Recommendation

_OUTCOMES = {
    "added": "added",
    "read-again": "read again",
    "also": "further document read",
    "unchanged": "unchanged",
}
_SHOWN = 20
_PLACES = 8  # of one doubt
_ONE_BY_ONE = 3  # texts left out for one reason that are told one by one
_ALIKE = re.compile(
    r"outside the chapter of recommendations|it stands in the table of contents|"
    r"it stands at the head or foot of pages|it is the number of a page|it is an? .+|"
    r".+ has no column of recommendations"
)
_PERSONAL = " may stand in "


def added_json(one: Added, *, dry_run: bool) -> dict[str, Any]:
    """The account of one review as data; after a dry run also what would be stored."""
    from kb.library.showing import would_store

    standing = [r for r in one.review.recommendations if not r.removed]
    account = one.reading.account
    data = {
        "review_id": one.review.id,
        "title": one.review.title,
        "outcome": one.outcome,
        "recommendations": len(standing),
        "flagged": sum(bool(r.flags) for r in standing),
        "judged": len(one.judged),
        "changes": [change.model_dump(mode="json") for change in one.changes],
        "account": {"cells": dict(account.cells), "paragraphs": dict(account.paragraphs)},
        "left_out": [_left(left) for left in one.reading.left_out],
        "left_out_cells": [_left(left) for left in account.left_out_cells],
        "notes": [*one.notes, *one.reading.notes],
        "columns": [{"header": h, "field": f} for h, f in one.reading.columns],
    }
    return data | ({"would_store": would_store(one.review)} if dry_run else {})


def _left(left: Any) -> dict[str, str]:
    return {"place": left.place, "text": left.text, "why": left.why}


def show_all(added: Sequence[Added], *, dry_run: bool, in_full: bool) -> None:
    """Every review that was added, the account of a document once where it holds several."""
    counted_files = set[str]()
    for one in added:
        is_first = one.reading.source.sha256 not in counted_files
        counted_files.add(one.reading.source.sha256)
        _show_added(one, with_account=is_first, dry_run=dry_run, in_full=in_full)


def _show_added(one: Added, *, with_account: bool, dry_run: bool, in_full: bool) -> None:
    """One review, for a person: personal data first, long lists cut short."""
    standing = [r for r in one.review.recommendations if not r.removed]
    count = counted(len(standing), "recommendation")
    click.echo(f"{one.review.id}: {_OUTCOMES[one.outcome]}, {count} — {one.review.title}")
    most = None if in_full else _SHOWN
    doubts = [(r, flag) for r in standing for flag in r.flags]
    _show_personal(one, doubts, most)
    for line in account_lines(one.reading.account) if with_account else ():
        click.echo(f"  {line}")
    for note in (*one.notes, *one.reading.notes):
        if _PERSONAL not in note:
            say(f"  note: {note}")
    if dry_run:
        _show_read(one, standing)
    _show_lines(doubt_lines(one.review.id, doubts, in_full=in_full), "doubts", most)
    _show_lines([f"  {line}" for line in change_lines(one)], "changes", most)
    if one.outcome == "read-again" and not one.changes:
        say("  nothing has changed")
    single, together = _left_out(one, in_full=in_full)
    _show_lines([_line_of(left) for left in single], "texts left out", most)
    for texts in together:
        say(_line_of_many(texts))
    if one.judged:
        say(f"  {len(one.judged)} rows carry themes: stored as complete judgements")


def doubt_lines(
    review_id: str, doubts: Sequence[tuple[Recommendation, str]], *, in_full: bool = False
) -> list[str]:
    """Each doubt once, with all the recommendations that have it ("case-3/1, /4 and 5 more")."""
    places: dict[str, list[int]] = {}
    for recommendation, flag in doubts:
        if _PERSONAL not in flag:
            places.setdefault(flag, []).append(recommendation.position)
    lines = []
    for flag, positions in places.items():
        named = positions if in_full else positions[:_PLACES]
        more = len(positions) - len(named)
        where = ", /".join(map(str, named)) + (f" and {more} more" if more else "")
        lines.append(f"  doubt at {review_id}/{where}: {flag}")
    return lines


def _show_personal(
    one: Added, doubts: Sequence[tuple[Recommendation, str]], most: int | None
) -> None:
    lines = [f"  {one.review.id}/{r.position}: {flag}" for r, flag in doubts if _PERSONAL in flag]
    lines += [f"  {note}" for note in one.reading.notes if _PERSONAL in note]
    if not lines:
        return
    say("  PERSONAL DATA may stand in this document; look before anyone else sees it:")
    _show_lines(lines, "places", most)
    say(
        f"  To take it out: redact the document, kb remove {one.review.id}, and add it again."
        " kb correct ID field=… changes what is shown; what stood before stays in corpus/."
    )


def _left_out(one: Added, *, in_full: bool) -> tuple[list[LeftOut], list[list[LeftOut]]]:
    """What was left out, cells of tables before paragraphs; and what a line tells for many.

    The chapters around the recommendations are most of a report: they are told together.
    """
    cells = {cell.place for cell in one.reading.account.left_out_cells}
    left = sorted(one.reading.left_out, key=lambda left: left.place not in cells)
    by_why: dict[str, list[LeftOut]] = {}
    for text in left:
        if not in_full and _ALIKE.fullmatch(text.why):
            by_why.setdefault(text.why, []).append(text)
    together = [texts for texts in by_why.values() if len(texts) > _ONE_BY_ONE]
    told = {id(text) for texts in together for text in texts}
    return [text for text in left if id(text) not in told], together


def _line_of(left: LeftOut) -> str:
    return f"  left out, {left.place} ({left.why}): {left.text[:100]!r}"


def _line_of_many(left: Sequence[LeftOut]) -> str:
    places = f"{left[0].place} to {left[-1].place}"
    first = left[0].text[:60]
    return f"  left out, {len(left)} texts, {places} ({left[0].why}): {first!r} … see --all"


def _show_lines(lines: Sequence[str], noun: str, most: int | None) -> None:
    for line in lines[:most]:
        say(line)
    if most is not None and len(lines) > most:
        say(f"  … and {len(lines) - most} more {noun}: --all")


_FIELDS = (
    ("heading", "under"),
    ("scope", "scope"),
    ("lead_agency", "lead"),
    ("action", "action"),
    ("milestones", "miles."),
    ("target_date", "target"),
    ("status", "status"),
    ("completed", "done"),
    ("outcome", "outcome"),
)


def _show_read(one: Added, standing: Sequence[Recommendation]) -> None:
    columns = ", ".join(f"{header!r} → {field}" for header, field in one.reading.columns)
    if columns:
        say(f"  columns: {columns}")
    facts = {n: getattr(one.review, n) for n in ("kind", "area", "report_date", "published")}
    facts = {name: value for name, value in facts.items() if value}
    if facts:
        click.echo("  facts: " + ", ".join(f"{name} {value}" for name, value in facts.items()))
    for recommendation in standing:
        _show_recommendation(recommendation)


def _show_recommendation(recommendation: Recommendation) -> None:
    from kb.library.showing import printed

    is_position = recommendation.number == str(recommendation.position)
    number = f"[{recommendation.number}] " if recommendation.number and not is_position else ""
    click.echo(wrapped(f"{recommendation.position}. {number}{recommendation.text}", "    "))
    cells = [(cell.header, cell.text) for cell in recommendation.other]
    fields = [(label, printed(recommendation, name)) for name, label in _FIELDS]
    fields += [*cells, *(("doubt", flag) for flag in recommendation.flags)]
    for label, text in (*fields, ("from", recommendation.source.place)):
        if text:
            click.echo(wrapped(f"{label}: {' '.join(text.split())}", "       "))
