"""Finding the header row of a table, and which field each of its columns is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kb.errors import WrongUsage
from kb.ingest.synonyms import ALIASES, FIELDS, SYNONYMS, WEAK
from kb.ingest.tables import Cell, CellRun, Row
from kb.text.normalise import fold

_EXAMPLES = re.compile(r"[\s,(\[-]*\b(?:i\.? ?e\b|e\.? ?g\b).*$")
_OUTER = re.compile(r"^[^\w#]+|[^\w)#]+$")
_LONGEST_HEADER = 120  # characters
_ROWS_SEARCHED = 40
_CELLS_SEARCHED = 60


@dataclass(frozen=True)
class Column:
    """One column: its header as printed, its field (None = kept as another cell), its place.

    ``at`` is its first grid column and ``span`` how many it takes. ``spare`` is the field that
    it stands for in a row where that field's own column is empty: ``text`` beside
    ``recommendation``, ``status`` beside ``status_printed``.
    """

    header: str
    field: str | None
    at: int
    span: int = 1
    spare: str | None = None


@dataclass(frozen=True)
class Header:
    """The header row of a table: its number among the rows, and its columns."""

    row: int
    columns: tuple[Column, ...]

    @cached_property
    def by_grid(self) -> dict[int, Column]:
        """Grid column → the column that it belongs to."""
        return {c.at + n: c for c in reversed(self.columns) for n in range(c.span)}

    @cached_property
    def is_export(self) -> bool:
        """Whether this is what ``kb export`` wrote: machine's tags beside what was printed."""
        names = {fold(column.header) for column in self.columns}
        return "review_id" in names and ("suggestions" in names or "themes_by" in names)

    @cached_property
    def names_completion(self) -> bool:
        """Whether the header of the outcomes says that they are completions."""
        return any(c.field == "outcome" and "complet" in fold(c.header) for c in self.columns)

    def repeats(self, row: Row) -> bool:
        """Whether a row is this header printed again."""
        filled = row.filled
        return len(filled) == len(self.columns) and all(
            fold(cell.text) == fold(column.header)
            for cell, column in zip(filled, self.columns, strict=True)
        )


def checked_overrides(columns: Mapping[str, str]) -> dict[str, str]:
    """Field → header, as given by a person; raises WrongUsage naming an unknown field."""
    overrides: dict[str, str] = {}
    for name, header in columns.items():
        field = ALIASES.get(name, name)
        if field not in FIELDS:
            allowed = ", ".join(sorted({*FIELDS, *ALIASES}))
            raise WrongUsage(
                f"there is no field {name!r} to read a column into", hint=f"Fields: {allowed}."
            )
        overrides[field] = header
    return overrides


def find_header(rows: Sequence[Row], overrides: Mapping[str, str]) -> Header | None:
    """The row that names most fields, the recommendation among them; None where none does."""
    best: Header | None = None
    best_count = 0
    for number, row in enumerate(rows[:_ROWS_SEARCHED]):
        columns = name_columns(row.filled, overrides)
        fields = {column.field for column in columns if column.field}
        if "recommendation" in fields and len(fields) > best_count:
            best, best_count = Header(number, columns), len(fields)
    return best


def header_of_run(run: CellRun, overrides: Mapping[str, str]) -> Header | None:
    """The header at the head of a run of cells: up to the first blank line, else known words.

    ``row`` is the number of its first cell. None where no column is the recommendation.
    """
    known = [is_known(cell.text, overrides) for cell in run.cells[:_CELLS_SEARCHED]]
    if True not in known:
        return None
    start = known.index(True)
    ends = [n for n in range(start + 1, len(known)) if run.cells[n].after_blank]
    end = ends[0] if ends else len(run.cells)
    if sum(known[start:end]) * 2 <= end - start:
        end = start + known[start:].index(False) if False in known[start:] else len(known)
    cells = [Cell(cell.text, at) for at, cell in enumerate(run.cells[start:end])]
    columns = name_columns(cells, overrides)
    named = any(column.field == "recommendation" for column in columns)
    return Header(start, columns) if named and len(columns) == len(cells) else None


def name_columns(cells: Iterable[Cell], overrides: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns that these header cells stand for; each field is given once."""
    listed = [cell for cell in cells if len(cell.text) <= _LONGEST_HEADER]
    chosen: dict[int, str] = {}
    wanted = {fold(header): field for field, header in overrides.items()}
    for cell in listed:
        field = wanted.get(fold(cell.text))
        if field and field not in chosen.values():
            chosen[cell.at] = field
    for cell in listed:
        field = _printed_field(cell.text)
        if field and cell.at not in chosen and field not in {*chosen.values(), *overrides}:
            chosen[cell.at] = field
    for patterns in (SYNONYMS, WEAK):
        for cell in listed:
            if cell.at not in chosen:
                taken = {*chosen.values(), *overrides}
                field = _field(cell.text, weak=patterns is WEAK, taken=taken)
                if field:
                    chosen[cell.at] = field
    printed = {_printed_field(cell.text) for cell in listed}
    return tuple(_column(cell, chosen, printed) for cell in listed)


def _column(cell: Cell, chosen: Mapping[int, str], printed: Set[str | None]) -> Column:
    field, spare = chosen.get(cell.at), None
    name = fold(cell.text.replace("_", " "))
    if field is None and name in ("text", "recommendation"):
        spare = "recommendation"
    elif field is None:
        named = name.replace(" ", "_")
        spare = named if named in printed else None
    return Column(cell.text, field, cell.at, cell.span, spare)


def _printed_field(text: str) -> str | None:
    """The field of a column of ``kb export`` that holds it as printed ("status_printed")."""
    name = fold(text)
    field = name.removesuffix("_printed")
    return field if field != name and field in FIELDS else None


def is_known(text: str, overrides: Mapping[str, str]) -> bool:
    """Whether a text is the header of a field."""
    return len(text) <= _LONGEST_HEADER and (
        fold(text) in {fold(header) for header in overrides.values()}
        or _field(text, weak=False, taken=set()) is not None
        or _field(text, weak=True, taken={*WEAK} - {"lead_agency", "number"}) is not None
    )


def _field(text: str, *, weak: bool, taken: set[str]) -> str | None:
    for form in _forms(text):
        for field, pattern in _patterns(weak):
            if field not in taken and pattern.fullmatch(form):
                return field
    return None


def _forms(text: str) -> list[str]:
    """The header folded, and without what stands in brackets at its end."""
    folded = _OUTER.sub("", _EXAMPLES.sub("", fold(text.replace("_", " "))))
    bare = _OUTER.sub("", re.sub(r"\([^()]*\)\s*$", "", folded))
    return [form for form in dict.fromkeys((folded, bare)) if form]


@lru_cache(maxsize=2)
def _patterns(weak: bool) -> list[tuple[str, re.Pattern[str]]]:
    table = WEAK if weak else SYNONYMS
    return [(field, re.compile(p)) for field, patterns in table.items() for p in patterns]
