"""The check of a draft: for each of its recommendations a verdict, and what was asked before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.model import STATUS_NAMES
from kb.reports.dimensions import NOT_STATED
from kb.reports.report import Cell, Report, Table, columns

VERDICT_NAMES = {
    "duplicate": "Asked before",
    "overlapping": "Partly asked before",
    "related": "Same subject, another ask",
    "new": "New",
}


@dataclass(frozen=True)
class Checked:
    """A draft's number and text, and its answer ``{verdict, matches, history, notes}``."""

    number: str
    text: str
    answer: Mapping[str, Any]


def checked(drafts: Sequence[Checked], titles: Mapping[str, str]) -> Report:
    """A report of checked drafts, in their order; ``titles`` are those of reviews, by id."""
    verdicts = Counter(draft.answer["verdict"] for draft in drafts)
    counts = (f"{many} {VERDICT_NAMES[v].lower()}" for v in VERDICT_NAMES if (many := verdicts[v]))
    return Report(
        name="check",
        title="Check of a draft against what was recommended before",
        tables=(_drafts_table(drafts), _matches_table(drafts, titles)),
        data={
            "drafts": [{"id": d.number, "text": d.text, **d.answer} for d in drafts],
            "denominators": {"drafts": len(drafts), **{v: verdicts[v] for v in VERDICT_NAMES}},
        },
        notes=(
            f"{len(drafts)} checked: {', '.join(counts) or 'none'}.",
            "Verdicts are made by machine from words, their stems and their asks; a repeat in"
            " wholly other words may be missed. Read the texts before relying on a verdict.",
        ),
    )


def _drafts_table(drafts: Sequence[Checked]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            draft.number,
            draft.text,
            VERDICT_NAMES[draft.answer["verdict"]],
            draft.answer["history"],
            "\n".join(draft.answer["notes"]) or None,
        )
        for draft in drafts
    ]
    heads = columns(
        ("id", "Draft"),
        ("text", "Text"),
        ("verdict", "Verdict"),
        ("history", "What became of it"),
        ("notes", "Notes"),
    )
    return Table("drafts", "The drafts", heads, tuple(rows))


def _matches_table(drafts: Sequence[Checked], titles: Mapping[str, str]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            draft.number,
            match["id"],
            match["text"],
            titles.get(match["review_id"], match["review_id"]),
            VERDICT_NAMES[match["verdict"]],
            match["score"],
            STATUS_NAMES.get(match["status"] or "", NOT_STATED),
            "\n".join(match["reasons"]) or None,
        )
        for draft in drafts
        for match in draft.answer["matches"]
        if match["verdict"] != "new"
    ]
    heads = columns(
        ("draft", "Draft"),
        ("id", "Recommendation"),
        ("text", "Text"),
        ("review", "Review"),
        ("verdict", "Verdict"),
        ("score", "Score", "score"),
        ("status", "Status"),
        ("reasons", "Reasons"),
    )
    return Table("matches", "What was recommended before", heads, tuple(rows))
