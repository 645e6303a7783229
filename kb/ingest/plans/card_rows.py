"""The rows of a card: pairs of a label and its value, titles, and headers of actions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.ingest.facts import is_table_heading
from kb.ingest.plans.header_rows import is_header_row
from kb.ingest.plans.headers import label_field
from kb.ingest.plans.numbering import head_number
from kb.ingest.statuses import read_status
from kb.ingest.tables import Cell, Row
from kb.text.normalise import fold
from kb.text.patterns import late

_LONGEST_LABEL = 60  # characters
_NUMBER = re.compile(r"(?:[A-Za-z]{1,4}[ .-]?)?\d{1,3}(?:\.\d{1,3})*[.)]?")
_FEWEST_WORDS = 4  # of a recommendation beside its number
_LONG_TITLE = 8  # words from which a title without a number is a recommendation
_ASKS = late(r"\b(?:should|must|needs? to|to ensure|ensures?|will|shall)\b", re.IGNORECASE)
_IN_ONE_CELL = late(r"(?P<label>[^:\n]{2,60}):[ \t]*(?P<value>\S.*)", re.DOTALL)
_OF_TERMS = late(
    r"(?:meaning|definition|description|explanation|guidance|what (?:it|this) means|full (?:name|"
    r"title)|stands for|notes? on completion|what to (?:write|put|enter)|instructions?)s?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Pair:
    """A label, the field that it names ("kept" where it is none), and the value beside it."""

    label: str
    field: str
    value: str


def pairs_of(row: Row, overrides: Mapping[str, str]) -> list[Pair]:
    """The labels of a row with the values beside them; [] where it is no row of a card."""
    cells = [cell for cell in row.cells if not cell.goes_on]
    if len(row.filled) == 1 and (len(cells) == 1 or row.filled[0] is not cells[0]):
        return _pair_in_one_cell(row.filled[0], overrides)
    while len(cells) > 2 and not cells[-1].text and not cells[-1].tables:
        cells.pop()
    if len(cells) < 2 or heads_actions(row, overrides):
        return []
    if len(cells) == 4 and _label(cells[2].text, overrides) and _label(cells[0].text, overrides):
        return [_pair(cells[0], cells[1:2], overrides), _pair(cells[2], cells[3:], overrides)]
    if not _label(cells[0].text, overrides):
        return []
    if len(cells) == 3 and _label(cells[2].text, overrides):
        return [_pair(cells[0], cells[1:2], overrides), _pair(cells[2], [], overrides)]
    return [_pair(cells[0], cells[1:], overrides)]


def other_pair(row: Row) -> Pair | None:
    """A short text with a value beside it: a label of a card that names no known column."""
    cells = [cell for cell in row.cells if not cell.goes_on and (cell.text or cell.tables)]
    if len(cells) != 2 or cells[0] is not row.cells[0]:
        return None
    label, value = cells
    is_label = len(label.text) <= _LONGEST_LABEL and "\n" not in label.text
    return Pair(label.text, "kept", value.text) if is_label and value.text else None


def _pair(label: Cell, values: Sequence[Cell], overrides: Mapping[str, str]) -> Pair:
    text = "\n".join(cell.text for cell in values if cell.text)
    return Pair(label.text, str(_label(label.text, overrides)), text)


def _pair_in_one_cell(cell: Cell, overrides: Mapping[str, str]) -> list[Pair]:
    """ "Lead agency: Police" in a cell of its own."""
    match = _IN_ONE_CELL.fullmatch(cell.text.strip())
    field_ = label_field(match["label"], overrides) if match else None
    if match is None or field_ is None:
        return []
    return [Pair(match["label"], field_, match["value"].strip())]


def _label(text: str, overrides: Mapping[str, str]) -> str | None:
    """The field that a label names; "Recommendation 4" names the recommendation."""
    if not text or len(text) > _LONGEST_LABEL:
        return None
    found = head_number(text)
    if found and not found.rest and "rec" in fold(found.printed):
        return "recommendation"
    return label_field(text, overrides)


def heads_actions(row: Row, overrides: Mapping[str, str]) -> bool:
    """Whether a row is the header of actions; "Action | Complete" is a label and its value."""
    if not is_header_row(row, overrides):
        return False
    fields = {label_field(cell.text, overrides) for cell in row.filled}
    is_value = len(row.filled) == 2 and read_status(row.filled[1].text).value is not None
    return "action" in fields and not is_value


def is_title_row(row: Row) -> bool:
    """Whether a row is one cell across its table, or the same text in every column."""
    filled = row.filled
    if len({fold(cell.text) for cell in filled}) != 1:
        return False
    if len(filled) > 1:
        return len(filled) > 2
    return len(row.cells) == 1 or filled[0].span > 1 or filled[0] is row.cells[0]


def numbered_titles(rows: Sequence[Row]) -> dict[str, tuple[str, str]]:
    """Rows that print a number and, across what is left of the table, its recommendation.

    Where nothing is merged, the row below must be numbered under it ("3.1" or "3a" under "3").
    {place: (number, recommendation)}
    """
    filled = [row for row in rows if row.filled]
    titles = {}
    for row, below in zip(filled, [*filled[1:], None], strict=True):
        cells = row.filled
        if len(cells) != 2 or cells[0].at or not _NUMBER.fullmatch(cells[0].text.strip()):
            continue
        number, text = cells[0].text.strip(), cells[1]
        width = max(cell.at + cell.span for one in rows for cell in one.cells)
        is_merged = text.span > 1 and text.at + text.span == width
        under = bool(below) and _is_under(below.filled[0].text.strip(), number) if below else False
        if (is_merged or under) and len(text.text.split()) >= _FEWEST_WORDS:
            titles[row.place] = (number, text.text)
    return titles


def _is_under(number: str, above: str) -> bool:
    rest = number.removeprefix(above.rstrip(".)"))
    return rest != number and bool(re.fullmatch(r"\.\d{1,2}\.?|[ .]?\(?[a-z]\)?", rest))


def prints_recommendation(title: str) -> bool:
    """Whether a title is itself a recommendation, and not its number or a heading."""
    if is_table_heading(title):
        return False
    found = head_number(title)
    words = len((found.rest if found else title).split())
    if found is not None:
        return words > 3
    return words >= _LONG_TITLE and bool(_ASKS.search(title))


def is_list_of_terms(row: Row) -> bool:
    """Whether the first row heads a list of terms and what they mean."""
    return len(row.filled) == 2 and bool(_OF_TERMS.fullmatch(row.filled[1].text.strip()))
