"""What a workbook says of its cells beside their values: hidden rows, number formats, comments."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any

from kb.ingest.readers.archives import BROKEN_ZIP
from kb.ingest.readers.number_formats import BUILT_IN

_TRUE = ("1", "true", "on")
_THREADED = re.compile(r"\[Threaded comment\].*?Comment:\s*", re.DOTALL)
_CODES = re.compile(r"&(?:[&LCRPNDTFAGZSXYBIUEOH]|\"[^\"]*\"|K[0-9A-F+-]{6}|\d{1,3})")
_PAGE = re.compile(r"(?:page|of|\W)*", re.IGNORECASE)  # what is left of "Page &P of &N"
_MOST_COLUMNS, _MOST_ROWS = 16_384, 1_048_576  # of any sheet
_MOST_NOTED = 2_000_000  # cells of which a format or a shown text is kept


@dataclass
class Marks:
    """Of one sheet, by row and column from 0.

    ``formats`` are the number formats of cells with numbers, ``shown`` the text that a cell
    shows; ``merged`` are (top, left, bottom, right) where the reader of values does not tell them,
    ``comments`` (row, column, text); ``last`` is the last row and column with a value. ``struck``
    are the words struck through in a cell (none named: all of them), ``unvalued`` the columns of
    each row with a formula whose value is not stored, ``beside`` (what it is, text) what stands in
    no cell.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    comments: list[tuple[int, int, str]] = field(default_factory=list)
    struck: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    unvalued: dict[int, list[int]] = field(default_factory=dict)
    beside: list[tuple[str, str]] = field(default_factory=list)
    last: tuple[int, int] = (-1, -1)

    def has_value(self, row: int, column: int) -> None:
        """Note that a cell holds something."""
        self.last = (max(self.last[0], row), max(self.last[1], column))


def marks_of(data: bytes) -> dict[str, Marks]:
    """Sheet name → its marks; empty where the workbook is no archive of XML, or a broken one."""
    from lxml import etree

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return dict(_of_excel(archive, names))
            return dict(_of_open_document(archive)) if "content.xml" in names else {}
    except (*BROKEN_ZIP, etree.XMLSyntaxError):
        return {}


def address(row: int, column: int) -> str:
    """A cell as people name it: ``B5``."""
    return f"{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    """A column (from 0) as people name it: ``A`` … ``Z``, ``AA`` …."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _elements(file: IO[bytes], *tags: str) -> Iterator[Any]:
    """The elements with these names as each ends; what has been passed is freed."""
    from lxml import etree

    wanted = [f"{{*}}{tag}" for tag in tags]
    steps = etree.iterparse(
        file, events=("end",), tag=wanted, resolve_entities=False, no_network=True
    )
    for _, element in steps:
        yield element


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _get(element: Any, name: str) -> str | None:
    """An attribute, whatever its namespace."""
    return next((v for key, v in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _count(text: str | None, most: int) -> int:
    return min(int(text), most) if text and re.fullmatch(r"\d{1,9}", text) else 1


# Excel ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Styles:
    """By the number of a cell's style its number format, and whether it strikes its text through.

    ``struck_parts`` are the words struck through in a shared text, by its number.
    """

    formats: tuple[str, ...] = ()
    struck: frozenset[int] = frozenset()
    struck_parts: dict[int, list[str]] = field(default_factory=dict)


def _of_excel(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, Marks]]:
    styles = _styles(archive, names)
    targets = _relations(archive, "xl/workbook.xml", names)
    with archive.open("xl/workbook.xml") as part:
        sheets = [(_get(e, "name") or "", _get(e, "id") or "") for e in _elements(part, "sheet")]
    for name, relation in sheets:
        path = targets.get(relation, ("", ""))[1]
        if path in names:
            marks = _sheet(archive, path, styles)
            for kind, target in _relations(archive, path, names).values():
                if kind.endswith("/comments") and target in names:
                    marks.comments += _comments(archive, target)
                elif kind.endswith("/drawing") and target in names:
                    marks.beside += (("text box", text) for text in _drawn(archive, target))
            yield name, marks


def _relations(archive: zipfile.ZipFile, path: str, names: set[str]) -> dict[str, tuple[str, str]]:
    """Id → (type, path) of the parts that a part refers to."""
    folder, _, file = path.rpartition("/")
    where = f"{folder}/_rels/{file}.rels"
    if where not in names:
        return {}
    with archive.open(where) as part:
        return {
            e.get("Id", ""): (
                e.get("Type", ""),
                posixpath.normpath(posixpath.join("/", folder, e.get("Target", ""))).lstrip("/"),
            )
            for e in _elements(part, "Relationship")
        }


def _styles(archive: zipfile.ZipFile, names: set[str]) -> _Styles:
    codes = dict(BUILT_IN)
    formats: list[str] = []
    fonts: list[bool] = []
    struck: list[bool] = []
    if "xl/styles.xml" in names:
        with archive.open("xl/styles.xml") as part:
            for element in _elements(part, "numFmt", "fonts", "cellXfs"):
                if _name(element) == "numFmt":
                    codes[_count(element.get("numFmtId"), 10**9)] = element.get("formatCode") or ""
                elif _name(element) == "fonts":
                    fonts = [_is_struck(font) for font in element]
                else:
                    formats = [codes.get(_index(xf, "numFmtId"), "") for xf in element]
                    struck = [_index(xf, "fontId") in _places(fonts) for xf in element]
    return _Styles(tuple(formats), _places(struck), _struck_parts(archive, names))


def _index(element: Any, name: str) -> int:
    text = element.get(name) or "0"
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _places(switches: Sequence[bool]) -> frozenset[int]:
    return frozenset(number for number, is_on in enumerate(switches) if is_on)


def _is_struck(look: Any | None) -> bool:
    found = None if look is None else look.find("{*}strike")
    return found is not None and found.get("val", "1") in _TRUE


def _struck_parts(archive: zipfile.ZipFile, names: set[str]) -> dict[int, list[str]]:
    if "xl/sharedStrings.xml" not in names:
        return {}
    with archive.open("xl/sharedStrings.xml") as part:
        texts = enumerate(_elements(part, "si"))
        return {number: found for number, text in texts if (found := _struck_in(text))}


def _struck_in(text: Any) -> list[str]:
    runs = [run for run in text.iterfind("{*}r") if _is_struck(run.find("{*}rPr"))]
    parts = ["".join(t.text or "" for t in run.iterfind("{*}t")).strip() for run in runs]
    text.clear()
    return [part for part in parts if part]


def _drawn(archive: zipfile.ZipFile, path: str) -> Iterator[str]:
    """The text of each text box and shape that lies over a sheet."""
    with archive.open(path) as part:
        for body in _elements(part, "txBody"):
            lines = ["".join(t.text or "" for t in p.iter("{*}t")) for p in body.iterfind("{*}p")]
            if text := "\n".join(lines).strip():
                yield text


def _sheet(archive: zipfile.ZipFile, path: str, styles: _Styles) -> Marks:
    marks = Marks()
    row, column = 0, -1
    with archive.open(path) as part:
        for element in _elements(part, "row", "c", "col", "headerFooter"):
            name = _name(element)
            if name == "c":
                row, column = _position(element.get("r"), row, column + 1)
                _note_cell(element, row, column, marks, styles)
            elif name == "row":
                number = element.get("r")
                at = _count(number, _MOST_ROWS) - 1 if number else row
                if element.get("hidden") in _TRUE or element.get("ht") == "0":
                    marks.hidden_rows.add(at)
                row, column = at + 1, -1
                _free(element)
            elif name == "headerFooter":
                marks.beside += _margins(element)
            elif element.get("hidden") in _TRUE:
                first = _count(element.get("min"), _MOST_COLUMNS) - 1
                marks.hidden_columns.append((first, _count(element.get("max"), _MOST_COLUMNS) - 1))
    return marks


def _free(row: Any) -> None:
    parent = row.getparent()
    row.clear()
    while parent is not None and row.getprevious() is not None:
        del parent[0]


def _position(reference: str | None, row: int, column: int) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", reference or "")
    if match is None:
        return row, column
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - 64
    return int(match[2]) - 1, number - 1


def _margins(element: Any) -> Iterator[tuple[str, str]]:
    """The page headers and footers of a sheet, each once, without their codes."""
    for part in element:
        text = " ".join(_CODES.sub(_printed, part.text or "").split())
        if _name(part)[-6:] in ("Header", "Footer") and not _PAGE.fullmatch(text):
            yield f"page {_name(part)[-6:].lower()}", text


def _printed(code: re.Match[str]) -> str:
    return "&" if code[0] == "&&" else " "


def _note_cell(element: Any, row: int, column: int, marks: Marks, styles: _Styles) -> None:
    if _is_unvalued(element):
        marks.unvalued.setdefault(row, []).append(column)
    if not any(child.text or len(child) for child in element):
        return
    marks.has_value(row, column)
    if element.get("t") == "e":
        marks.shown[row, column] = "".join(child.text or "" for child in element.iter("{*}v"))
    style = _index(element, "s")
    code = styles.formats[style] if style < len(styles.formats) else ""
    if code and element.get("t", "n") in ("n", "d") and len(marks.formats) < _MOST_NOTED:
        marks.formats[row, column] = code
    if style in styles.struck and len(marks.struck) < _MOST_NOTED:
        marks.struck[row, column] = []
    elif element.get("t") == "s" and styles.struck_parts:
        words = styles.struck_parts.get(_number_in(element))
        if words:
            marks.struck[row, column] = words


def _number_in(element: Any) -> int:
    value = element.findtext("{*}v") or ""
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else -1


def _is_unvalued(cell: Any) -> bool:
    """Whether a cell has a formula that no program has worked out yet."""
    parts = {_name(child): child.text for child in cell}
    return "f" in parts and not parts.get("v") and not ("v" in parts and cell.get("t") == "str")


def _comments(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[int, int, str]]:
    with archive.open(path) as part:
        for element in _elements(part, "comment"):
            words = [e.text or "" for e in element.iter("{*}t")]
            row, column = _position(element.get("ref"), 0, 0)
            yield row, column, _THREADED.sub("", "".join(words)).strip()


# OpenDocument ---------------------------------------------------------------------------------


def _of_open_document(archive: zipfile.ZipFile) -> Iterator[tuple[str, Marks]]:
    marks, row, column = Marks(), 0, 0
    with archive.open("content.xml") as part:
        for element in _elements(part, "table", "table-row", "table-column"):
            name = _name(element)
            is_hidden = _get(element, "visibility") in ("collapse", "filter")
            if name == "table-column":
                count = _count(_get(element, "number-columns-repeated"), _MOST_COLUMNS)
                if is_hidden:
                    marks.hidden_columns.append((column, column + count - 1))
                column += count
            elif name == "table-row":
                count = _count(_get(element, "number-rows-repeated"), _MOST_ROWS)
                if is_hidden:
                    marks.hidden_rows |= set(range(row, min(row + count, _MOST_ROWS)))
                _note_row(element, row, marks)
                row += count
                element.clear()
            else:
                yield _get(element, "name") or "", marks
                marks, row, column = Marks(), 0, 0


def _note_row(element: Any, row: int, marks: Marks) -> None:
    column = 0
    for cell in element:
        count = _count(_get(cell, "number-columns-repeated"), _MOST_COLUMNS)
        lines = ["".join(e.itertext()) for e in cell if _name(e) == "p"]
        if lines:
            marks.has_value(row, column + count - 1)
        kind = _get(cell, "value-type")
        if lines and kind not in (None, "string") and len(marks.shown) < _MOST_NOTED:
            for at in range(column, min(column + count, column + 100)):
                marks.shown[row, at] = "\n".join(lines)
        below = _count(_get(cell, "number-rows-spanned"), _MOST_ROWS)
        beside = _count(_get(cell, "number-columns-spanned"), _MOST_COLUMNS)
        if below > 1 or beside > 1:
            marks.merged.append((row, column, row + below - 1, column + beside - 1))
        for note in (e for e in cell if _name(e) == "annotation"):
            said = ["".join(e.itertext()) for e in note if _name(e) == "p"]
            marks.comments.append((row, column, "\n".join(said).strip()))
        column += count
