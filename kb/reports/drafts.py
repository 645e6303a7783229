"""Checked drafts: a plan that is not yet agreed, beside what was recommended before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kb.model import STATUS_NAMES
from kb.reports.dimensions import NOT_STATED
from kb.reports.report import Cell, Column, Marked, Report, Section, Table, columns

Row = Mapping[str, Any]  # what ``kb check --file X --json`` says of one draft
_VERDICTS = {
    "duplicate": "The same was asked before.",
    "overlapping": "Part of it was asked before, or much the same of somebody else.",
    "related": "The subject is the same, the ask another.",
    "new": "Nothing like it is stored.",
}
_TOLD_WHOLE = ("duplicate", "overlapping")


def checked_drafts(rows: Sequence[Row]) -> Report:
    """A report on drafts, each ``{id, draft, verdict, matches, history, notes, within, advice}``.

    ``advice`` may be missing; the rest is what the duplicate check answers.
    """
    return Report(
        name="drafts",
        title="Draft recommendations, checked",
        tables=(
            _verdicts_table(rows),
            _drafts_table(rows),
            _matches_table(rows),
            _within_table(rows),
            *([_advice_table(rows)] if any("advice" in row for row in rows) else []),
        ),
        data={"drafts": [dict(row) for row in rows], "summary": _summary(rows)},
        notes=(
            "A verdict compares words, what is asked and of whom; a person decides. Words that"
            " both recommendations have are underlined.",
            "“Asked before” counts the reviews of earlier ones that ask the same or nearly so;"
            " what asks part of it is not counted.",
        ),
        sections=tuple(_section(row) for row in rows),
    )


def _phrases(text: str, spans: Iterable[Sequence[int]]) -> list[str]:
    """The words of stretches of a text, each on one line and once, in order."""
    found = (" ".join(text[start:end].split()) for start, end in spans)
    return list({words.casefold(): words for words in found}.values())


def _summary(rows: Sequence[Row]) -> dict[str, int]:
    counts = Counter(str(row["verdict"]) for row in rows)
    return {
        "recommendations": len(rows),
        **{verdict: counts[verdict] for verdict in _VERDICTS},
        "repeated_within": sum(bool(row["within"]) for row in rows),
    }


def _verdicts_table(rows: Sequence[Row]) -> Table:
    summary = _summary(rows)
    lines = [(verdict, summary[verdict], words) for verdict, words in _VERDICTS.items()]
    return Table(
        "verdicts",
        "What was found",
        columns(("verdict", "Verdict"), ("recommendations", "Drafts", "count"), ("means", "Means")),
        tuple(lines),
    )


def _drafts_table(rows: Sequence[Row]) -> Table:
    cells: list[tuple[Cell, ...]] = [
        (
            row["id"],
            row["draft"],
            row["verdict"],
            next((one["id"] for one in row["matches"] if one["verdict"] != "new"), None),
            row["history"],
            ", ".join(one["id"] for one in row["within"]) or None,
            "\n".join(row["notes"]) or None,
        )
        for row in rows
    ]
    return Table(
        "drafts",
        "Each draft",
        columns(
            ("id", "No."),
            ("text", "Draft"),
            ("verdict", "Verdict"),
            Column("nearest", "Nearest", detail=True),
            ("history", "Asked before"),
            ("within", "Repeats no."),
            Column("notes", "Notes", detail=True),
        ),
        tuple(cells),
    )


_MATCH_COLUMNS = columns(
    ("draft", "Draft no."),
    ("id", "Recommendation"),
    ("verdict", "Verdict"),
    ("score", "Score", "score"),
    ("text", "Text"),
    ("review", "Review"),
    ("area", "Area"),
    ("year", "Year"),
    ("status", "Status"),
    ("completed", "Completed", "date"),
    ("outcome", "Outcome"),
    ("reasons", "Reasons"),
    ("shared", "Both say"),
    ("only_draft", "Only the draft"),
    ("only_earlier", "Only the earlier one"),
    ("citation", "Citation"),
)


def _matches_table(rows: Sequence[Row]) -> Table:
    cells: list[tuple[Cell, ...]] = [
        (
            row["id"],
            match["id"],
            match["verdict"],
            match["score"],
            match["text"],
            match["title"],
            match["area"],
            None if match["year"] is None else str(match["year"]),
            STATUS_NAMES.get(match["status"] or "", NOT_STATED),
            match["completed"],
            match["outcome"],
            "; ".join(match["reasons"]),
            *_words_of(row, match),
            match["citation"],
        )
        for row in rows
        for match in row["matches"]
    ]
    return Table(
        "matches",
        "Earlier recommendations",
        _MATCH_COLUMNS,
        tuple(cells),
        where="data",
    )


def _words_of(row: Row, other: Row) -> tuple[Cell, Cell, Cell]:
    """The phrases that both have, and those of one alone."""
    both = _phrases(row["draft"], [here for here, _ in other["shared"]])
    here = _phrases(row["draft"], other["only_text"])
    there = _phrases(other["text"], other["only_stored"])
    return tuple("; ".join(found) or None for found in (both, here, there))  # type: ignore[return-value]


def _within_table(rows: Sequence[Row]) -> Table:
    cells: list[tuple[Cell, ...]] = [
        (row["id"], one["id"], one["verdict"], one["score"], "; ".join(one["reasons"]))
        for row in rows
        for one in row["within"]
    ]
    return Table(
        "within",
        "Repeats in this draft",
        columns(
            ("draft", "Draft no."),
            ("id", "Repeats no."),
            ("verdict", "Verdict"),
            ("score", "Score", "score"),
            ("reasons", "Reasons"),
        ),
        tuple(cells),
        where="data",
    )


def _advice_table(rows: Sequence[Row]) -> Table:
    cells: list[tuple[Cell, ...]] = [
        (
            row["id"],
            hint["id"],
            hint["says"],
            "; ".join(_phrases(row["draft"], hint["words"])) or None,
            hint["see"],
        )
        for row in rows
        for hint in row.get("advice", ())
    ]
    return Table(
        "advice",
        "Hints on the wording",
        columns(
            ("draft", "Draft no."),
            ("hint", "Hint"),
            ("says", "Says"),
            ("words", "Words"),
            ("see", "See"),
        ),
        tuple(cells),
        where="data",
    )


def _section(row: Row) -> Section:
    alike = [match for match in row["matches"] if match["verdict"] != "new"]
    whole = [match for match in alike if match["verdict"] in _TOLD_WHOLE]
    marks = [here for here, _ in whole[0]["shared"]] if whole else []
    lines: list[tuple[str, str | Marked]] = [
        ("Draft", _marked(row["draft"], marks)),
        ("Verdict", row["says"]),
    ]
    if row["history"]:
        lines.append(("Asked before", row["history"]))
    lines += [("Note", note) for note in row["notes"]]
    lines += [
        (f"Repeats no. {one['id']}", f"{one['verdict']}: {'; '.join(one['reasons'])}")
        for one in row["within"]
    ]
    lines += [("Wording", _hint_words(row["draft"], hint)) for hint in row.get("advice", ())]
    parts = [_match_section(match, row) for match in whole]
    if len(alike) > len(whole):
        parts.append(_subject_section([match for match in alike if match not in whole]))
    return Section(f"Recommendation {row['id']}: {row['verdict']}", tuple(lines), tuple(parts))


def _subject_section(matches: Sequence[Row]) -> Section:
    lines = [
        (match["id"], f"{' '.join(match['text'].split())} ({match['says']})") for match in matches
    ]
    return Section("On the same subject", tuple(lines))


def _hint_words(text: str, hint: Row) -> str:
    """A hint on the wording as one line: what it says, and the words that it rests on."""
    quoted = ", ".join(f"“{words}”" for words in _phrases(text, hint["words"]))
    return f"{hint['says']} ({quoted})" if quoted else hint["says"]


def _match_section(match: Row, row: Row) -> Section:
    _, here, there = _words_of(row, match)
    lines: list[tuple[str, str | Marked | None]] = [
        ("Counted", "asks nearly the same" if _is_nearly_the_same(match) else None),
        ("Earlier", _marked(match["text"], [there for _, there in match["shared"]])),
        ("Made in", match["says"]),
        ("Outcome", match["outcome"]),
        ("Why", "; ".join(match["reasons"])),
        ("Only the draft", here if here is None else str(here)),
        ("Only the earlier one", there if there is None else str(there)),
        ("Source", match["citation"]),
    ]
    return Section(
        f"{match['id']}: {match['verdict']}",
        tuple((label, words) for label, words in lines if words),
    )


def _is_nearly_the_same(match: Row) -> bool:
    """Whether the history counts one that is no duplicate."""
    return bool(match["counted"]) and match["verdict"] != "duplicate"


def _marked(text: str, spans: Iterable[Sequence[int]]) -> Marked:
    return Marked(text, tuple(sorted((start, end) for start, end in spans)))
