"""Old Word files (.doc) by their own structure, for the tables that LibreOffice loses.

Read are the text of the body, its table rows and cells ([MS-CFB], [MS-DOC] 2.4 and 2.6.2). Cells
merged down, styles, numbering, notes and text boxes are not.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from kb.errors import DamagedDocument
from kb.ingest.tables import Document, Paragraph, Row, Table, row_of

_LAST = 0xFFFFFFFA  # sector numbers from here on are marks
_IN_TABLE, _ROW_END, _ELSEWHERE = b"\x16\x24\x01", b"\x17\x24\x01", b"\x46\x66"
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*\x14?|\x15")
_UNPRINTED = dict.fromkeys([*range(0x07), 0x08, *range(0x0E, 0x16), 0x1F])
_PRINTED = {0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x1E: "-"}
_NOTE = (
    "LibreOffice loses the tables of this .doc: it was read without it, and merged cells, automatic"
    " numbers, notes and text boxes were not"
)


def read_old_word(data: bytes, name: str) -> Document:
    """Paragraphs and tables of the body; raises DamagedDocument."""
    try:
        blocks = tuple(_Word(_streams(data)).blocks())
    except (struct.error, IndexError, KeyError, ValueError) as error:
        raise DamagedDocument(
            "the Word document is damaged",
            place=name,
            hint="Open it in Word, save it as .docx and add that.",
        ) from error
    return Document(blocks, (_NOTE,))


def has_tables(data: bytes) -> bool:
    """Whether an old Word file has table rows."""
    return _ROW_END in data


def _streams(data: bytes) -> dict[str, bytes]:
    """The streams of a compound file by name."""
    size = 1 << min(struct.unpack_from("<H", data, 0x1E)[0], 12)

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    def numbers(part: bytes) -> list[int]:
        return [number for (number,) in struct.iter_unpack("<I", part[: len(part) // 4 * 4])]

    heads = struct.unpack_from("<109I", data, 0x4C)
    table = [n for head in heads if head < _LAST for n in numbers(sector(head))]
    root_at, cutoff, mini_at = (struct.unpack_from("<I", data, at)[0] for at in (0x30, 0x38, 0x3C))
    entries = {}
    folder = b"".join(map(sector, _chain(root_at, table)))
    for at in range(0, len(folder) - 127, 128):
        length = struct.unpack_from("<H", folder, at + 64)[0]
        name = folder[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        entries[name] = struct.unpack_from("<II", folder, at + 116)
    small_table = numbers(b"".join(map(sector, _chain(mini_at, table))))
    small = b"".join(map(sector, _chain(entries["Root Entry"][0], table)))
    return {
        name: b"".join(map(sector, _chain(start, table)))[:length]
        if length >= cutoff
        else b"".join(small[n * 64 : n * 64 + 64] for n in _chain(start, small_table))[:length]
        for name, (start, length) in entries.items()
        if name in ("WordDocument", "0Table", "1Table", "Data")
    }


def _chain(start: int, table: list[int]) -> list[int]:
    chain: list[int] = []
    while start < _LAST and len(chain) <= len(table):
        chain.append(start)
        start = table[start]
    return chain


@dataclass(frozen=True)
class _Piece:
    """Text of so many characters, and where in the main stream it stands."""

    text: str
    start: int
    width: int


@dataclass
class _Begun:
    """The text, the cells of a row and the rows of a table that have no end yet."""

    text: str = ""
    cells: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def end_cell(self) -> None:
        self.cells.append(_printed(self.text))
        self.text = ""

    def end_row(self) -> None:
        self.rows.append(row_of(self.cells, f"row {len(self.rows) + 1}"))
        self.text, self.cells = "", []

    def end_table(self) -> tuple[Row, ...]:
        """Its rows, the last one too where the end of that is missing."""
        if self.cells:
            self.rows.append(row_of(self.cells, f"row {len(self.rows) + 1}"))
        return tuple(self.rows)


class _Word:
    """The body of one document."""

    def __init__(self, streams: dict[str, bytes]) -> None:
        self._main, self._data = streams["WordDocument"], streams.get("Data", b"")
        flags = struct.unpack_from("<H", self._main, 0x0A)[0]
        self._table = streams["1Table" if flags & 0x200 else "0Table"]
        self._runs = sorted(self._paragraph_runs())
        self._starts = [run[0] for run in self._runs]

    def blocks(self) -> Iterator[Table | Paragraph]:
        """Paragraphs and tables in the order of the body."""
        begun = _Begun()
        paragraphs = tables = 0
        for text, end, in_table, ends_row in [*self._marked(), ("", "\r", False, False)]:
            begun.text += text
            if end == "\x07" and ends_row:
                begun.end_row()
            elif end == "\x07":
                begun.end_cell()
            elif in_table:
                begun.text += "\n"
            else:
                if rows := begun.end_table():
                    tables += 1
                    yield Table(f"table {tables}", rows)
                printed, begun = _printed(begun.text), _Begun()
                if printed:
                    paragraphs += 1
                    yield Paragraph(printed, f"paragraph {paragraphs}")

    def _marked(self) -> Iterator[tuple[str, str, bool, bool]]:
        """(text, the mark that ends it, in a table, ends a row) of each paragraph."""
        text = ""
        left = self._number(0x4C)
        for piece in self._pieces():
            if left <= 0:
                break
            for at, character in enumerate(piece.text[:left]):
                if character in "\r\x07":
                    in_table, ends_row = self._kind(piece.start + at * piece.width)
                    yield text, character, in_table, ends_row
                    text = ""
                else:
                    text += character
            left -= len(piece.text[:left])
        if text:
            yield text, "\r", False, False

    def _number(self, at: int) -> int:
        return int(struct.unpack_from("<I", self._main, at)[0])

    def _pieces(self) -> Iterator[_Piece]:
        start, length = self._number(0x1A2), self._number(0x1A6)
        part = self._table[start : start + length]
        at = 0
        while part[at] == 1:
            at += 3 + struct.unpack_from("<H", part, at + 1)[0]
        count = (struct.unpack_from("<I", part, at + 1)[0] - 4) // 12
        bounds = struct.unpack_from(f"<{count + 1}I", part, at + 5)
        for number in range(count):
            place = struct.unpack_from("<I", part, at + 5 + 4 * (count + 1) + 8 * number + 2)[0]
            characters = bounds[number + 1] - bounds[number]
            is_narrow = bool(place & 0x40000000)
            place = (place & 0x3FFFFFFF) // 2 if is_narrow else place
            width = 1 if is_narrow else 2
            raw = self._main[place : place + characters * width]
            yield _Piece(
                raw.decode("cp1252" if is_narrow else "utf-16-le", "replace"), place, width
            )

    def _paragraph_runs(self) -> Iterator[tuple[int, int, bool, bool]]:
        """(start, end, in a table, ends a row) of each run of paragraph properties."""
        start, length = self._number(0x102), self._number(0x106)
        count = (length - 4) // 8
        pages = struct.unpack_from(f"<{count}I", self._table, start + 4 * (count + 1))
        for number in pages:
            page = self._main[(number & 0x3FFFFF) * 512 : (number & 0x3FFFFF) * 512 + 512]
            bounds = struct.unpack_from(f"<{page[511] + 1}I", page)
            for at in range(page[511]):
                words = page[4 * (page[511] + 1) + 13 * at] * 2
                properties = self._properties(page, words) if words else b""
                in_table, ends_row = _IN_TABLE in properties, _ROW_END in properties
                yield bounds[at], bounds[at + 1], in_table or ends_row, ends_row

    def _properties(self, page: bytes, at: int) -> bytes:
        length = page[at] * 2 - 1 if page[at] else page[at + 1] * 2 + 1
        properties = page[at : at + 1 + length]
        far = properties.find(_ELSEWHERE)
        if far >= 0:
            place = struct.unpack_from("<I", properties, far + 2)[0]
            size = struct.unpack_from("<H", self._data, place)[0]
            properties += self._data[place + 2 : place + 2 + size]
        return properties

    def _kind(self, place: int) -> tuple[bool, bool]:
        at = bisect_right(self._starts, place) - 1
        if at < 0 or place >= self._runs[at][1]:
            return False, False
        return self._runs[at][2], self._runs[at][3]


def _printed(text: str) -> str:
    """Without the codes of fields and the marks of pictures, notes and comments."""
    return _FIELD_CODE.sub("", text).translate(_UNPRINTED).translate(_PRINTED).strip()
