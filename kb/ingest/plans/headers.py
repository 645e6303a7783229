"""Which field each column of a table is, told from the words of its header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kb.errors import WrongUsage
from kb.ingest.plans.synonyms import ALIASES, FIELDS, KEPT, SYNONYMS, WEAK
from kb.ingest.tables import Cell, Row
from kb.text.normalise import fold
from kb.text.patterns import late

_EXAMPLES = re.compile(r"[\s,(\[-]*\b(?:i\.? ?e\b|e\.? ?g\b).*$")
_OUTER = re.compile(r"^[^\w#]+|[^\w)#]+$")
LONGEST_HEADER = 120  # characters
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")  # in "DueDate", "RAGStatus"
_MOST_CUTS = 8  # places in a header where a line may have cut a word
_KEPT = "kept"  # stands for a known header whose column has no field


@dataclass(frozen=True)
class HeaderCell:
    """A header cell and the ways to read it: its own words, or with those above it."""

    text: str
    at: int
    span: int
    readings: tuple[str, ...]

    @classmethod
    def of(cls, cell: Cell) -> HeaderCell:
        """A header of one row."""
        return cls(cell.text, cell.at, cell.span, (cell.text,))


@dataclass(frozen=True)
class Column:
    """One column: its header as printed, its field (None = kept as another cell), its place.

    ``at`` is its first grid column and ``span`` how many it takes. ``spare`` is the field that
    it stands for in a row where that field's own column is empty: ``text`` beside
    ``recommendation``, ``status`` beside ``status_printed``, "Lead officer" beside "Lead agency".
    """

    header: str
    field: str | None
    at: int
    span: int = 1
    spare: str | None = None


@dataclass(frozen=True)
class Header:
    """The header of a table: its first row's number, its columns, and its rows as printed.

    ``weak`` says that its recommendations stand under a name like "Learning point", which is a
    column of recommendations only in a document that has no other.
    """

    row: int
    columns: tuple[Column, ...]
    printed: tuple[Row, ...] = ()
    weak: bool = False

    @property
    def end(self) -> int:
        """The number of the first row below the header."""
        return self.row + max(len(self.printed), 1)

    @property
    def fields(self) -> set[str]:
        """The fields that have a column."""
        return {column.field for column in self.columns if column.field}

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
    def _printed_words(self) -> set[tuple[str, ...]]:
        rows = {_words(cell.text for cell in row.filled) for row in self.printed}
        return {*rows, _words(column.header for column in self.columns)}

    def repeats(self, row: Row) -> bool:
        """Whether a row is this header, or one row of it, printed again."""
        filled = row.filled
        return bool(filled) and any(
            len(words) == len(filled)
            and all(_letters(cell.text) == word for cell, word in zip(filled, words, strict=True))
            for words in self._printed_words
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


def name_columns(
    cells: Iterable[Cell | HeaderCell], overrides: Mapping[str, str]
) -> tuple[Column, ...]:
    """The columns that these header cells stand for; each field is given once."""
    every = [cell if isinstance(cell, HeaderCell) else HeaderCell.of(cell) for cell in cells]
    listed = [cell for cell in every if len(cell.text) <= LONGEST_HEADER]
    chosen: dict[int, str] = {}
    wanted = {fold(header): field for field, header in overrides.items()}
    for cell in listed:
        fields = [
            wanted[fold(text)] for text in (cell.text, *cell.readings) if fold(text) in wanted
        ]
        if fields and fields[0] not in chosen.values():
            chosen[cell.at] = fields[0]
    for cell in listed:
        field = _printed_field(cell.text)
        if field and cell.at not in chosen and field not in {*chosen.values(), *overrides}:
            chosen[cell.at] = field
    named_first = sorted(listed, key=lambda cell: "outcome" not in fold(cell.text))
    for weak in (False, True):
        for cell in named_first:  # "Outcome" before "Progress", wherever they stand
            if cell.at not in chosen:
                field = _field_of(cell, weak=weak, taken={*chosen.values(), *overrides})
                if field:
                    chosen[cell.at] = field
    printed = {_printed_field(cell.text) for cell in listed}
    return tuple(_column(cell, chosen, printed) for cell in listed)


def is_weak(
    cells: Iterable[Cell | HeaderCell], columns: Sequence[Column], overrides: Mapping[str, str]
) -> bool:
    """Whether the column of recommendations has only the name of something near to it."""
    if "recommendation" in overrides:
        return False
    at = {column.at for column in columns if column.field == "recommendation"}
    every = [cell if isinstance(cell, HeaderCell) else HeaderCell.of(cell) for cell in cells]
    named = [text for cell in every if cell.at in at for text in cell.readings]
    return bool(named) and not any(_named(text, weak=False) == "recommendation" for text in named)


def label_field(text: str, overrides: Mapping[str, str] | None = None) -> str | None:
    """The field that a text names, "kept" where it names a column without one, or None."""
    if not text or len(text) > LONGEST_HEADER:
        return None
    for field, header in (overrides or {}).items():
        if fold(text) == fold(header):
            return field
    return _label_named(text)


@lru_cache(maxsize=8_192)
def _label_named(text: str) -> str | None:
    strong = _named(text, weak=False)
    return strong or _named(text, weak=True)


def may_name(text: str, field: str, overrides: Mapping[str, str]) -> bool:
    """Whether a cell alone may be the header of a field's column; a quick look before others."""
    if len(text) > LONGEST_HEADER:
        return False
    if field in overrides and fold(text) == fold(overrides[field]):
        return True
    return _names(text, field)


@lru_cache(maxsize=8_192)
def _names(text: str, field: str) -> bool:
    patterns = [p for weak in (False, True) for name, p in _patterns(weak) if name == field]
    return _printed_field(text) == field or any(
        pattern.fullmatch(form) for form in _every_form(text) for pattern in patterns
    )


def is_known(text: str, overrides: Mapping[str, str]) -> bool:
    """Whether a text is the header of a column."""
    return label_field(text, overrides) is not None


def _column(cell: HeaderCell, chosen: Mapping[int, str], printed: Set[str | None]) -> Column:
    field, spare = chosen.get(cell.at), None
    name = fold(cell.text.replace("_", " "))
    if field is None and name in ("text", "recommendation"):
        spare = "recommendation"
    elif field is None:
        named = name.replace(" ", "_")
        spare = named if named in printed else None
        if spare is None and _field_of(cell, weak=True, taken=set()) == "lead_agency":
            spare = "lead_agency"
    return Column(cell.text, field, cell.at, cell.span, spare)


def _printed_field(text: str) -> str | None:
    """The field of a column of ``kb export`` that holds it as printed ("status_printed")."""
    name = fold(text)
    field = name.removesuffix("_printed")
    return field if field != name and field in FIELDS else None


def _field_of(cell: HeaderCell, *, weak: bool, taken: set[str]) -> str | None:
    """The first field not taken that a way of reading the cell names; None where it is kept."""
    for text in cell.readings:
        for form in _every_form(text):
            if _field(form, weak=False) == _KEPT:
                return None
            for field in _fields(form, weak=weak):
                if field not in taken:
                    return field
    return None


def _named(text: str, *, weak: bool) -> str | None:
    return next((f for form in _every_form(text) if (f := _field(form, weak=weak))), None)


def _field(form: str, *, weak: bool) -> str | None:
    return next(iter(_fields(form, weak=weak)), None)


@lru_cache(maxsize=8_192)
def _fields(form: str, *, weak: bool) -> tuple[str, ...]:
    """The fields whose patterns this form matches, in their order."""
    found = [field for field, pattern in _patterns(weak) if pattern.fullmatch(form)]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4_096)
def _every_form(text: str) -> tuple[str, ...]:
    """A header folded; without brackets at its end; and with words joined that a line's end cut."""
    forms = [form for way in _uncut(text) for form in _forms(way)]
    return tuple(dict.fromkeys([*forms, *_in_one_language(text)]))


def _in_one_language(text: str) -> list[str]:
    """The side of "Cam gweithredu / Action" that names a field, where only one does."""
    sides = text.split(" / ")
    if len(sides) != 2 or not all(side.strip() for side in sides):
        return []
    named = [side for side in sides if _named(side, weak=False)]
    fields = {_named(side, weak=False) for side in named}
    return [form for side in named for form in _forms(side)] if len(fields) == 1 else []


def _uncut(text: str) -> Iterator[str]:
    text = text.replace("_x0020_", " ").replace("_", " ")
    yield text
    if _HUMP.search(text):
        yield _HUMP.sub(" ", text)
    if re.search(r"\w[-\u00ad]\s+\w", text):
        yield re.sub(r"(?<=\w)[-\u00ad]\s+(?=\w)", "", text)
    if "\n" in text:
        yield re.sub(r"(?<=\w)\n(?=[a-z])", "", text)
    spaces = [match.span() for match in re.finditer(r"(?<=[a-z])\s+(?=[a-z]{1,4}\b)", text)]
    if len(spaces) <= _MOST_CUTS:
        for start, end in spaces:
            yield text[:start] + text[end:]


def _forms(text: str) -> list[str]:
    folded = _OUTER.sub("", _EXAMPLES.sub("", fold(text)))
    bare = _OUTER.sub("", re.sub(r"\([^()]*\)\s*$", "", folded))
    first = _OUTER.sub("", fold(text))
    return [form for form in dict.fromkeys((folded, bare, first)) if form]


def _words(texts: Iterable[str]) -> tuple[str, ...]:
    """Header texts for comparison; a line's end may cut their words at any place."""
    return tuple(map(_letters, texts))


def _letters(text: str) -> str:
    return fold(text).replace(" ", "").replace("-", "")


@lru_cache(maxsize=2)
def _patterns(weak: bool) -> list[tuple[str, re.Pattern[str]]]:
    kept = [] if weak else [(_KEPT, late(p)) for p in KEPT]
    table = WEAK if weak else SYNONYMS
    return kept + [(field, late(p)) for field, patterns in table.items() for p in patterns]
