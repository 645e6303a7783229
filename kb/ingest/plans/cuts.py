"""Rows that a page break cut, and words that it hyphenated, made whole again."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.ingest.plans.headers import Header
from kb.ingest.plans.numbering import head_number
from kb.ingest.tables import Cell, CellRun, Document, Paragraph, Row, Table
from kb.text.normalise import fold
from kb.text.patterns import late

_HYPHENS = "-\u2010\u00ad"
_LAST_WORD = late(rf"([^\W\d_]+(?:[{_HYPHENS}][^\W\d_]+)*)[{_HYPHENS}]$")
_FIRST_WORD = late(r"[^\W\d_]+")
_ENDS = late(r"[.?!:;][\"'”’)\]]*$")
_STARTS_INSIDE = late(r"[\"'“‘(]?[a-z]")
_HANGING = late(
    r"(?:,|\b(?:and|or|of|the|a|an|to|in|on|for|with|by|at|from|that|their|its|as|is|are|be|which|"
    r"who|when|between))$",
    re.IGNORECASE,
)
_PREFIXES = frozenset(
    "multi inter non self co re pre post anti well cross follow long short face one two ex mid "
    "high low up full part on so sub semi step".split()
)
_SHORT_FIELDS = frozenset({"number", "scope", "lead_agency", "target_date", "completed", "status"})
_FEWEST_CUT = 4  # words of a text that goes on in the next row although no page break is known
_BY_BREAK = "read as the lower part of the row that the page break cut"
_FIRST_OF_PAGE = "first on its page, without a recommendation: read as one more action"
_TEXT_LIFTED = "its recommendation's text goes on over the page break, beside a new action"
_BY_SENTENCE = "read as the lower part of the row above: it goes on in the middle of a sentence"


@dataclass(frozen=True)
class _Shown:
    """What a table shows of its cut rows: whether cells are known to end at the foot of a page
    (``told``), and the folded texts that each grid column prints.
    """

    header: Header
    told: bool
    texts: Mapping[int, set[str]]


class Words:
    """The words of a document, by which a hyphen at a line's end is kept or dropped."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Remember every word of these texts, compounds as well as their parts."""
        self._known: set[str] = set()
        for text in texts:
            self._known.update(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", fold(text)))

    @classmethod
    def of(cls, document: Document) -> Words:
        """The words of every block of a document."""
        return cls(text for block in document.blocks for text in _texts_of(block))

    def joined(self, upper: str, lower: str) -> str:
        """Two pieces of one text: a word that was cut is one word again.

        A hyphen stays where the compound stands elsewhere in the document, or where the joined
        word does not and the part before it is one that compounds begin with ("multi-agency").
        """
        upper, lower = upper.rstrip(), lower.lstrip()
        if not upper or not lower:
            return upper or lower
        before, after = _LAST_WORD.search(upper), _FIRST_WORD.match(lower)
        if before is None or after is None:
            return f"{upper}{' ' if _goes_on(upper, lower) else chr(10)}{lower}"
        if self._keeps_hyphen(before.group(1), after.group()):
            return upper[:-1] + "-" + lower
        return upper[:-1] + lower

    def _keeps_hyphen(self, left: str, right: str) -> bool:
        first, last = fold(left), fold(right)
        whole, compound = f"{first}{last}", f"{first}-{last}"
        if compound in self._known or not right[0].islower():
            return True
        if whole in self._known:
            return False
        return first.split("-")[-1] in _PREFIXES or "-" in first


def without_repeats(
    rows: Sequence[Row], header: Header, above: Sequence[Row]
) -> tuple[list[Row], list[str]]:
    """The rows without the header (and the title above it) printed again, and their places.

    A row below a header that a page repeats is the first of its page instead.
    """
    titles = {fold(row.printed) for row in above if row.filled}
    kept: list[Row] = []
    places: list[str] = []
    breaks, cut = False, None
    for number, row in enumerate(rows):
        below = rows[number + 1] if number + 1 < len(rows) else None
        again = fold(row.printed) in titles and below is not None and header.repeats(below)
        under = below_header(row, header) if row.after_break or breaks else None
        if under is not None:
            places.append(row.place)
            kept.append(under)
            breaks = False
        elif again or header.repeats(row):
            places.append(row.place)
            breaks, cut = breaks or row.after_break, None
        elif breaks:
            kept.append(replace(row, after_break=True, cut=row.cut if row.cut is not None else cut))
            breaks = False
        else:
            kept.append(row)
    return kept, places


def below_header(row: Row, header: Header) -> Row | None:
    """What stands below the header in a row that no rule parts from it: the rest of a cut row."""
    rest: list[Cell] = []
    named = 0
    for cell in row.cells:
        column = header.by_grid.get(cell.at)
        text = _without_words(cell.text, column.header) if column and cell.text else None
        named += text is not None
        if cell.text and text is None:
            return None
        rest.append(replace(cell, text=text or ""))
    if named < 2 or named < len(header.columns) or not any(cell.text for cell in rest):
        return None
    return replace(row, cells=tuple(rest), after_break=True, cut=True)


def _without_words(text: str, header: str) -> str | None:
    """The text behind the header that it begins with, however the two are spaced; else None."""
    letters = re.sub(r"\s+", "", header)
    pattern = r"\s*".join(re.escape(letter) for letter in letters)
    match = re.match(pattern, text.lstrip(), re.IGNORECASE)
    return text.lstrip()[match.end() :].strip() if match else None


def joined_rows(
    rows: Sequence[Row], header: Header, words: Callable[[], Words], *, whole: bool
) -> list[Row]:
    """The rows with each that a page break cut as one again, also over several pages.

    ``whole`` says that the format knows no cut rows: then a row goes on from the one above only
    where its own text does so in the middle of a sentence.
    """
    told = any(cell.at_foot for row in rows for cell in row.cells)
    shown = _Shown(header, told, _texts_by_column(rows))
    joined: list[Row] = []
    for printed in rows:
        row = _lifted(joined, printed, words)
        flag = _goes_on_from(joined, row, shown, whole=whole) if joined else None
        if flag is not None:
            row = _lifted(joined, row, words, below=True)
            joined[-1] = _one_row(joined[-1], row, words(), flag, shown.texts)
            continue
        if joined and row.after_break and row.cut is not True:
            row = _with_text_lifted(joined, row, header, told, words)
        joined.append(row)
    return joined


def _lifted(joined: list[Row], row: Row, words: Callable[[], Words], *, below: bool = False) -> Row:
    """A cell merged down over a page break may print more of its text there: it goes back up.

    With ``below`` the row is the lower part of the last one, whose own merged cells tell.
    """
    merged = {c.at for c in joined[-1].cells if c.goes_on} if below and joined else set()
    for cell in [c for c in row.cells if c.text and (c.goes_on or c.at in merged)]:
        if _lift(joined, cell, words):
            row = _without(row, cell)
    return row


def _lift(joined: list[Row], cell: Cell, words: Callable[[], Words]) -> bool:
    """Join a cell's text to that of the merged cell over it; False where there is none."""
    for number in range(len(joined) - 1, -1, -1):
        over = next((c for c in joined[number].cells if c.at == cell.at), None)
        if over is None:
            return False
        if not over.goes_on:
            cells = tuple(
                _one_cell(c, cell, words()) if c is over else c for c in joined[number].cells
            )
            joined[number] = replace(joined[number], cells=cells)
            return True
    return False


def _without(row: Row, cell: Cell) -> Row:
    cells = tuple(replace(c, text="") if c is cell else c for c in row.cells)
    return replace(row, cells=cells)


def _with_text_lifted(
    joined: list[Row], row: Row, header: Header, told: bool, words: Callable[[], Words]
) -> Row:
    """The first row of a page, which is a row of its own, without what is the one's above.

    A recommendation that goes on in the middle of a sentence goes back up; the rest is an action.
    """
    by_field = {c.field: c.at for c in header.columns if c.field}
    number, text = (
        next((cell for cell in row.filled if cell.at == by_field.get(name)), None)
        for name in ("number", "recommendation")
    )
    if number is not None or _is_across(row, header) or _is_across(joined[-1], header):
        return row
    if text is None:
        return replace(row, flags=(*row.flags, _FIRST_OF_PAGE))
    over = next((c for c in joined[-1].cells if c.at == text.at), None)
    if over is None or (told and not over.at_foot):
        return row
    upper = _text_over(joined, over).rstrip()
    unfinished = "number" in by_field and bool(upper) and not _ENDS.search(upper)
    if not unfinished and not _goes_on(upper, text.text):
        return row
    if not head_number(text.text) and _lift(joined, text, words):
        return replace(_without(row, text), flags=(*row.flags, _TEXT_LIFTED))
    return row


def _text_over(joined: Sequence[Row], over: Cell) -> str:
    """The text of a cell of the last row, or of the merged cell that it is the lower part of."""
    for row in reversed(joined):
        cell = next((c for c in row.cells if c.at == over.at), None)
        if cell is None or not cell.goes_on:
            return cell.text if cell else ""
    return ""


def _texts_by_column(rows: Sequence[Row]) -> dict[int, set[str]]:
    """Grid column → the texts that its cells print, folded."""
    texts: dict[int, set[str]] = {}
    for row in rows:
        for cell in row.filled:
            texts.setdefault(cell.at, set()).add(fold(cell.text))
    return texts


def _goes_on_from(joined: Sequence[Row], row: Row, shown: _Shown, *, whole: bool) -> str | None:
    """What to flag where a row goes on from the last ("" for nothing); None where it does not."""
    above, header = joined[-1], shown.header
    if not row.filled or not above.filled or row.cut is False:
        return None
    if _is_across(row, header) or _is_across(above, header):
        return None
    if row.cut is True:
        return "" if _only_at_foot(above, row) or not shown.told else _BY_BREAK
    if row.after_break:
        return _BY_BREAK if _goes_on_overleaf(joined, row, shown) else None
    if whole or any(cell.goes_on for cell in row.cells):
        return None
    return _BY_SENTENCE if _looks_cut(joined, row, shown, broken=False) else None


def _goes_on_overleaf(joined: Sequence[Row], row: Row, shown: _Shown) -> bool:
    """Whether the first row of a page goes on from the last of the page before."""
    above = joined[-1]
    if not shown.told:
        return _looks_cut(joined, row, shown, broken=True)
    if not _only_at_foot(above, row):
        return False
    if _says_shortly(above, shown.header) and _says_only_more(row, shown.header):
        return True
    return _looks_cut(joined, row, shown, broken=True)


def _is_across(row: Row, header: Header) -> bool:
    """Whether the row is one cell over several columns: a heading, not the piece of a row."""
    filled = row.filled
    columns = {column.at for at, column in header.by_grid.items()}
    return (
        len(filled) == 1
        and sum(filled[0].at <= at < filled[0].at + filled[0].span for at in columns) > 1
    )


def _only_at_foot(above: Row, row: Row) -> bool:
    """Whether every filled cell lies below one that reached the foot of its page, or is empty."""
    over = {cell.at: cell for cell in above.cells}
    filled = [over.get(cell.at) for cell in row.filled]
    reached = any(cell is not None and cell.at_foot for cell in filled)
    return reached and all(c is None or c.at_foot or not c.text for c in filled)


def _looks_cut(joined: Sequence[Row], row: Row, shown: _Shown, *, broken: bool) -> bool:
    """Whether the texts say that a row goes on from the one above.

    No number of its own, no short cell that starts anew, and a text that goes on in the middle of
    a sentence: any at a page break, elsewhere every one. At a page break two parts that together
    are what another row prints in that column are one. At a page break an unfinished
    recommendation also goes on in one whose own short cells are all empty.
    """
    over = {cell.at: _text_over(joined, cell) for cell in joined[-1].cells}
    inside, unfinished = [], False
    for cell in row.filled:
        column = shown.header.by_grid.get(cell.at)
        field = column.field if column else None
        upper = over.get(cell.at, "")
        goes_on = _goes_on(upper, cell.text)
        if broken and fold(f"{upper} {cell.text}") in shown.texts.get(cell.at, ()):
            goes_on = True
        if field == "number" or (field in _SHORT_FIELDS and not goes_on):
            return False
        if field == "recommendation" and not goes_on:
            unfinished = broken and bool(upper) and not _ENDS.search(upper.rstrip())
            if not unfinished:
                return False
        if field == "recommendation" and head_number(cell.text):
            return False
        if not broken and (_STARTS_INSIDE.match(upper) or _is_whole(upper)):
            return False
        inside.append(goes_on)
    if unfinished and _says_shortly(joined[-1], shown.header):
        return True
    return any(inside) if broken else bool(inside) and all(inside)


def _is_whole(text: str) -> bool:
    """Whether a text is too short to have been cut ("Complete"), and nothing of it hangs."""
    hangs = _HANGING.search(text.rstrip()) or _LAST_WORD.search(text.rstrip())
    return not hangs and len(text.split()) < _FEWEST_CUT


def _says_only_more(row: Row, header: Header) -> bool:
    """Whether a row has only the last words of an action or of what came of it."""
    columns = [header.by_grid.get(cell.at) for cell in row.filled]
    fields = {column.field if column else None for column in columns}
    return len(row.filled) == 1 and fields <= {"action", "milestones", "outcome"}


def _says_shortly(row: Row, header: Header) -> bool:
    """Whether a row has a scope, a lead, a date or the like, as each row of its table may have."""
    columns = [header.by_grid.get(cell.at) for cell in row.filled]
    return any(c is not None and c.field in _SHORT_FIELDS for c in columns)


def _goes_on(upper: str, lower: str) -> bool:
    """Whether a text goes on from another in the middle of a sentence."""
    upper, lower = upper.rstrip(), lower.lstrip()
    if not upper or not lower:
        return False
    if _LAST_WORD.search(upper) and lower[0].isalpha():
        return True
    if _ENDS.search(upper):
        return False
    return bool(_STARTS_INSIDE.match(lower) or _HANGING.search(upper))


def _one_row(above: Row, row: Row, words: Words, flag: str, texts: Mapping[int, set[str]]) -> Row:
    lower = {cell.at: cell for cell in row.cells}
    cells = [
        _one_cell(cell, lower.pop(cell.at), words, texts.get(cell.at, ()))
        if cell.at in lower
        else cell
        for cell in above.cells
    ]
    cells = sorted([*cells, *lower.values()], key=lambda cell: cell.at)
    flags = (*above.flags, *row.flags, *([flag] if flag else []))
    start = above.place.split(" to ")[0]
    return replace(
        above,
        cells=tuple(cells),
        place=f"{start} to {row.place}",
        flags=tuple(dict.fromkeys(flags)),
    )


def _one_cell(upper: Cell, lower: Cell, words: Words, texts: Container[str] = ()) -> Cell:
    """Both parts of a cell as one; in one line where another cell (``texts``) prints it so."""
    line = f"{upper.text} {lower.text}"
    return replace(
        upper,
        text=line if lower.text and fold(line) in texts else words.joined(upper.text, lower.text),
        at_foot=lower.at_foot if lower.text else upper.at_foot,
        tables=(*upper.tables, *lower.tables),
    )


def _texts_of(block: Table | CellRun | Paragraph) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, CellRun):
        yield from (cell.text for cell in block.cells)
    else:
        for row in block.rows:
            for cell in row.cells:
                yield cell.text
                for inner in cell.tables:
                    yield from _texts_of(inner)
