"""Files made to attack whoever reads them: small on the disk, large or endless in memory.

``FILES`` maps a name with its ending to a function that gives the bytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "laugh"}">' for n in range(12))
_QUADRATIC = f'<!ENTITY a "{"x" * 100_000}">'
ASK = "Draw a genogram at every booking."


# Archives -----------------------------------------------------------------------------------


def zipped(parts: dict[str, bytes | str | Iterator[bytes]]) -> bytes:
    """An archive of these parts; a part may be given in pieces."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, part in parts.items():
            with archive.open(name, "w", force_zip64=True) as file:
                pieces = part.encode() if isinstance(part, str) else part
                for piece in [pieces] if isinstance(pieces, bytes) else pieces:
                    file.write(piece)
    return out.getvalue()


def repeated(head: str, piece: str, times: int, tail: str) -> Iterator[bytes]:
    """A long part, piece by piece."""
    yield head.encode()
    at_once = max(1, 1_000_000 // len(piece))
    for start in range(0, times, at_once):
        yield (piece * min(at_once, times - start)).encode()
    yield tail.encode()


def docx(document: str | bytes | Iterator[bytes]) -> bytes:
    """A Word file with this main part."""
    types = (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
        '"/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>'
    )
    links = (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type='
        f'"{_OFFICE}/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    return zipped(
        {"[Content_Types].xml": types, "_rels/.rels": links, "word/document.xml": document}
    )


def word_body(body: str, doctype: str = "") -> str:
    """The main part of a Word file around a body."""
    return f'{_XML}{doctype}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'


def word_cell(text: str, span: int = 1) -> str:
    """A cell of a Word table."""
    return (
        f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>'
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"
    )


def word_row(*texts: str) -> str:
    """A row of a Word table."""
    return f"<w:tr>{''.join(map(word_cell, texts))}</w:tr>"


WORD_HEADER = word_row("No", "Recommendation", "Lead agency")


def xlsx(
    sheet: str | Iterator[bytes], *, strings: str | Iterator[bytes] = "", doctype: str = ""
) -> bytes:
    """An Excel file with one sheet, and a part of shared strings."""
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{main}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{main}.sharedStrings+xml"/>'
        "</Types>"
    )
    office = f"{_OFFICE}/relationships"
    links = f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    return zipped(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": f'{links}<Relationship Id="rId1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/_rels/workbook.xml.rels": f'{links}<Relationship Id="rId1" Type="{office}/'
            'worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type='
            f'"{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            "xl/workbook.xml": f'{_XML}{doctype}<workbook xmlns="{_SHEET}" xmlns:r="{office}">'
            '<sheets><sheet name="Plan" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": sheet,
            "xl/sharedStrings.xml": strings
            or f'{_XML}<sst xmlns="{_SHEET}" count="1" uniqueCount="1"><si><t>No</t></si></sst>',
        }
    )


def excel_sheet(rows: str, *, before: str = "", after: str = "", doctype: str = "") -> str:
    """The part of a sheet around its rows."""
    head = f'{_XML}{doctype}<worksheet xmlns="{_SHEET}">{before}<sheetData>'
    return f"{head}{rows}</sheetData>{after}</worksheet>"


def excel_cell(place: str, text: str) -> str:
    """A cell whose text stands in it."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


EXCEL_PLAN = (
    f'<row r="1">{excel_cell("A1", "No")}{excel_cell("B1", "Recommendation")}</row>'
    f'<row r="2">{excel_cell("A2", "1")}{excel_cell("B2", ASK)}</row>'
)


def ods(table: str, doctype: str = "") -> bytes:
    """An OpenDocument spreadsheet with one table."""
    content = (
        f'{_XML}{doctype}<office:document-content xmlns:office="{_OPEN}:office:1.0" '
        f'xmlns:table="{_OPEN}:table:1.0" xmlns:text="{_OPEN}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Plan">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'{_XML}<manifest:manifest xmlns:manifest="{_OPEN}:manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def ods_cell(text: str, more: str = "") -> str:
    """A cell of an OpenDocument sheet."""
    return (
        f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


def with_lying_sizes(archive: bytes) -> bytes:
    """The same archive, whose directory says that each part unpacks to 100 bytes."""
    out, at = bytearray(archive), 0
    while (at := out.find(b"PK\1\2", at)) >= 0:
        struct.pack_into("<I", out, at + 24, 100)
        at += 46
    at = 0
    while (at := out.find(b"PK\3\4", at)) >= 0:
        if struct.unpack_from("<I", out, at + 22)[0] not in (0, 0xFFFFFFFF):
            struct.pack_into("<I", out, at + 22, 100)
        at += 30
    return bytes(out)


def overlapping(times: int) -> bytes:
    """An archive whose parts all stand on the same bytes (after Fifield 2019), with the Word parts.

    Each of the ``times`` parts unpacks to 20 MB.
    """
    whole = docx(word_body("<w:p/>"))
    out = io.BytesIO(whole)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("word/media/0.xml", "w") as file:
            for _ in range(20):
                file.write(bytes(1_000_000))
        kernel = archive.getinfo("word/media/0.xml")
        for number in range(1, times):
            copy = zipfile.ZipInfo(f"word/media/{number}.xml")
            for name in ("compress_type", "header_offset", "compress_size", "file_size", "CRC"):
                setattr(copy, name, getattr(kernel, name))
            archive.filelist.append(copy)
            archive.NameToInfo[copy.filename] = copy
    return out.getvalue()


def spaces_in_docx() -> bytes:
    """A Word file whose text is 150 MB of spaces."""
    text = f'{_XML}<w:document xmlns:w="{_W}"><w:body><w:p><w:r><w:t xml:space="preserve">'
    tail = "</w:t></w:r></w:p></w:body></w:document>"
    return docx(repeated(text, " " * 1000, 150_000, tail))


def many_paragraphs() -> bytes:
    """A Word file of four million empty paragraphs."""
    head = f'{_XML}<w:document xmlns:w="{_W}"><w:body>'
    return docx(repeated(head, "<w:p/>", 4_000_000, "</w:body></w:document>"))


def nested_bomb() -> bytes:
    """An archive that holds itself ten times over, eight levels down, as a picture of a plan."""
    inner = zipped({"0": bytes(10_000_000)})
    for _ in range(8):
        inner = zipped({str(n): inner for n in range(10)})
    plan = docx(word_body(f"<w:tbl>{WORD_HEADER}{word_row('1', ASK, 'Police')}</w:tbl>"))
    out = io.BytesIO(plan)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/media/image1.zip", inner)
    return out.getvalue()


def deep_tables(depth: int) -> str:
    """Tables inside tables' cells; the innermost holds the plan."""
    inner = f"<w:tbl>{WORD_HEADER}{word_row('1', ASK, 'Police')}</w:tbl>"
    return "<w:tbl><w:tr><w:tc>" * depth + inner + "<w:p/></w:tc></w:tr></w:tbl>" * depth


def wide_word() -> str:
    """A Word table of 10,000 columns, each of which says that it spans 10,000."""
    headers = "".join(word_cell(f"H{n}", 10_000) for n in range(10_000))
    row = word_row("1", ASK, *["x"] * 10_000)
    return f"<w:tbl>{WORD_HEADER[:-7]}{headers}</w:tr>{row}</w:tbl>"


# Text ---------------------------------------------------------------------------------------


def csv_rows(*rows: str) -> bytes:
    """Lines below a plan's header."""
    return "\n".join(["No,Recommendation,Lead agency,Target date,Status,Outcome", *rows]).encode()


def as_cell(text: str) -> list[str]:
    """Rows that hold a text in each of their cells in turn."""
    quoted = '"' + text.replace('"', '""') + '"'
    cells = ["1", ASK, "Police", "May 2021", "Complete", "Done"]
    return [",".join([*cells[:n], quoted, *cells[n + 1 :]]) for n in range(len(cells))]


def in_cells(text: str) -> bytes:
    """A CSV plan with this text in each column once."""
    return csv_rows(*as_cell(text))


def as_headers(text: str) -> bytes:
    """A CSV plan with this text as header and as heading above it."""
    quoted = '"' + text.replace('"', '""') + '"'
    return f"{quoted}\n{quoted},Recommendation,{quoted}\n1,{ASK},x\n".encode()


def flattened(text: str) -> bytes:
    """The flattened text of a table, with this text in every second cell."""
    cells = [f"\t{text}\n\t{ASK}\n\n" for _ in range(30)]
    return f"{text}\n\n\tNo\n\tRecommendation\n\n{''.join(cells)}".encode()


# HTML ---------------------------------------------------------------------------------------


def html(body: str, doctype: str = "<!doctype html>") -> bytes:
    """A page around a body."""
    return (
        f"{doctype}<html><head><title>Action plan</title></head><body>{body}</body></html>".encode()
    )


HTML_PLAN = f"<table><tr><th>No<th>Recommendation</tr><tr><td>1<td>{ASK}</tr></table>"


# PDF ----------------------------------------------------------------------------------------


def pdf(objects: dict[int, bytes], *, trailer: bytes = b"", root: int = 1) -> bytes:
    """A PDF of these objects, with a table of where each stands."""
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    most = max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % most)
    for number in range(1, most):
        at = places.get(number, 0)
        out.write(b"%010d 00000 %s \n" % (at, b"n" if at else b"f"))
    out.write(b"trailer\n<</Size %d/Root %d 0 R%s>>\n" % (most, root, trailer))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def stream(data: bytes, entries: bytes = b"", *, packed: bool = False) -> bytes:
    """A stream object's body."""
    filters = b""
    if packed:
        data, filters = zlib.compress(data, 9), b"/Filter/FlateDecode"
    return b"<<%s%s/Length %d>>stream\n%s\nendstream" % (entries, filters, len(data), data)


def page(contents: int = 4, more: bytes = b"", box: bytes = b"[0 0 595 842]") -> bytes:
    """A page's body; object 5 is its font."""
    return (
        b"<</Type/Page/Parent 2 0 R/MediaBox%s/Contents %d 0 R"
        b"/Resources<</Font<</F 5 0 R>>%s>>>>" % (box, contents, more)
    )


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
TEXT = b"BT /F 9 Tf 50 700 Td (No Recommendation) Tj ET"


def simple_pdf(**changes: bytes) -> bytes:
    """A PDF of one page with these objects (o1=…) changed or added, and a trailer."""
    trailer = changes.pop("trailer", b"")
    objects = {1: CATALOGUE, 2: PAGES, 3: page(), 4: stream(TEXT), 5: FONT}
    objects |= {int(name[1:]): body for name, body in changes.items()}
    return pdf(objects, trailer=trailer)


def inflating_pdf(megabytes: int, layers: int = 1) -> bytes:
    """A page whose contents inflate to this much, packed so many times over."""
    packer, out = zlib.compressobj(9), io.BytesIO()
    for _ in range(megabytes):
        out.write(packer.compress(b" " * 2**20))
    out.write(packer.flush())
    data = out.getvalue()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    entries = b"/Filter[%s]" % (b"/FlateDecode" * layers)
    return simple_pdf(o4=stream(data, entries))


def self_holding_object_stream() -> bytes:
    """A PDF whose object stream says that it stands in itself, found through a stream of places."""
    head = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    holder = b"6 0 obj\n%s\nendobj\n" % stream(
        b"2 0 6 30 <</Type/Pages/Kids[]/Count 0>> <</Extends 6 0 R>>",
        b"/Type/ObjStm/N 2/First 9/Extends 6 0 R",
    )
    start = len(head) + len(holder)
    rows = [(0, 0, 65535), (1, 9, 0), (2, 6, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), (2, 6, 1)]
    rows.append((1, start, 0))
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    xref = stream(table, b"/Type/XRef/Size 8/W[1 4 2]/Root 1 0 R")
    return head + holder + b"7 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (xref, start)


def looping_tables_of_places() -> bytes:
    """A PDF whose /Prev leads back to the same table of places."""
    whole = simple_pdf()
    start = whole.index(b"xref\n0 ")
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start)


def wide_page_tree(levels: int) -> bytes:
    """A tree of pages in which each node names the node below it ten times."""
    objects = {1: CATALOGUE, 5: FONT, 4: stream(TEXT)}
    numbers = [2, *range(10, 10 + levels)]
    for here, below in pairwise(numbers):
        kids = b"%d 0 R " % below * 10
        objects[here] = b"<</Type/Pages/Kids[%s]/Count 10>>" % kids
    objects[numbers[-1]] = page()
    return pdf(objects)


def forms_that_multiply(levels: int) -> bytes:
    """A page that draws a form ten times, which draws another ten times, and so on."""
    objects = {1: CATALOGUE, 2: PAGES, 5: FONT, 4: stream(b"/X Do " * 10)}
    objects[3] = page(more=b"/XObject<</X 10 0 R>>")
    for number in range(10, 10 + levels):
        uses = b"/Resources<</XObject<</X %d 0 R>>/Font<</F 5 0 R>>>>" % (number + 1)
        objects[number] = stream(
            b"/X Do " * 10, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]%s" % uses
        )
    last = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 5 0 R>>>>"
    objects[10 + levels] = stream(TEXT, last)
    return pdf(objects)


_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"
_MANY_SPACES = '<text:s text:c="2000000000"/>'
_EXTERNAL = '<!ENTITY e SYSTEM "file:///etc/passwd">'
_REMOTE = '<!ENTITY e SYSTEM "http://127.0.0.1:9/secret">'


def _doctype(root: str, entities: str) -> str:
    return f"<!DOCTYPE {root} [{entities}]>"


def _docx_entity(entities: str, use: str) -> bytes:
    plan = f"<w:tbl>{WORD_HEADER}{word_row('1', use, 'Police')}</w:tbl>"
    return docx(word_body(plan, _doctype("w:document", entities)))


def _xlsx_entity(entities: str, use: str) -> bytes:
    row = f'<row r="2">{excel_cell("A2", "1")}{excel_cell("B2", use)}</row>'
    header = f'<row r="1">{excel_cell("A1", "No")}{excel_cell("B1", "Recommendation")}</row>'
    return xlsx(excel_sheet(header + row, doctype=_doctype("worksheet", entities)))


def _ods_entity(entities: str, use: str) -> bytes:
    rows = "".join(
        f"<table:table-row>{ods_cell(a)}{ods_cell(b)}</table:table-row>"
        for a, b in (("No", "Recommendation"), ("1", use))
    )
    return ods(rows, _doctype("office:document-content", entities))


def _merges(count: int) -> Iterator[bytes]:
    head = excel_sheet(EXCEL_PLAN).removesuffix("</worksheet>") + "<mergeCells>"
    piece = '<mergeCell ref="A1:XFD1048576"/>'
    return repeated(head, piece, count, "</mergeCells></worksheet>")


FILES: dict[str, Callable[[], bytes]] = {
    # archives
    "spaces.docx": spaces_in_docx,
    "paragraphs.docx": many_paragraphs,
    "bomb-inside.docx": nested_bomb,
    "lying-sizes.docx": lambda: with_lying_sizes(spaces_in_docx()),
    "overlapping.docx": lambda: overlapping(2_000),
    "many-parts.docx": lambda: zipped(
        {"word/document.xml": word_body(""), **{f"word/{n}.xml": b"" for n in range(30_000)}}
    ),
    # entities
    **{
        f"{name}.{kind}": partial(make, entities, use)
        for name, entities, use in (
            ("laughs", _LAUGHS, "&l11;"),
            ("quadratic", _QUADRATIC, "&a;" * 20_000),
            ("external", _EXTERNAL, "&e; stands here."),
            ("remote", _REMOTE, "&e; stands here."),
            ("endless-entity", '<!ENTITY a "&b;"><!ENTITY b "&a;">', "&a; stands here."),
        )
        for kind, make in (("docx", _docx_entity), ("xlsx", _xlsx_entity), ("ods", _ods_entity))
    },
    "parameters.docx": lambda: _docx_entity(
        '<!ENTITY % a SYSTEM "file:///etc/passwd"><!ENTITY % b "<!ENTITY c \'%a;\'>">%b;', ASK
    ),
    # tables
    "wide.docx": lambda: docx(word_body(wide_word())),
    "deep.docx": lambda: docx(word_body(deep_tables(10_000))),
    "deep-but-allowed.docx": lambda: docx(word_body(deep_tables(80))),
    "deep-runs.docx": lambda: docx(
        word_body("<w:p>" + "<w:sdt><w:sdtContent>" * 5_000 + "</w:sdtContent></w:sdt>" * 5_000)
    ),
    "span.docx": lambda: docx(
        word_body(f"<w:tbl>{WORD_HEADER}<w:tr>{word_cell(ASK, 10**9) * 2_000}</w:tr></w:tbl>")
    ),
    "wide.csv": lambda: "\n".join(
        ",".join(row)
        for row in (
            ["No", "Recommendation", *(f"H{n}" for n in range(10_000))],
            ["1", ASK, *"x" * 10_000],
        )
    ).encode(),
    "tall.csv": lambda: b"No,Recommendation\n" + b"\n" * 8_000_000,
    "wide-rows.csv": lambda: csv_rows(*["1," + ASK + ",x" * 1_000] * 200),
    "commas.csv": lambda: b"No,Recommendation\n" + b"," * 10_000_000,
    "quote.csv": lambda: b'No,Recommendation\n1,"' + b"a\n" * 6_000_000,
    "tabs.txt": lambda: b"No\tRecommendation\n" + b"\t" * 10_000_000,
    "cells.txt": lambda: b"\tNo\n\tRecommendation\n\n" + b"\tx\n" * 60_000,
    "used-range.xlsx": lambda: xlsx(
        excel_sheet(
            EXCEL_PLAN + f'<row r="1048576">{excel_cell("XFD1048576", "end")}</row>',
            before='<dimension ref="A1:XFD1048576"/>',
        )
    ),
    "claimed-range.xlsx": lambda: xlsx(
        excel_sheet(EXCEL_PLAN, before='<dimension ref="A1:XFD1048576"/>')
    ),
    "wide.xlsx": lambda: xlsx(
        excel_sheet(EXCEL_PLAN + f'<row r="3">{excel_cell("XFD3", "end")}</row>')
    ),
    "far-cell.xlsx": lambda: xlsx(
        excel_sheet(EXCEL_PLAN + f'<row r="4294967295">{excel_cell("ZZZZZZ4294967295", "x")}</row>')
    ),
    "no-string.xlsx": lambda: xlsx(
        excel_sheet(EXCEL_PLAN + '<row r="3"><c r="B3" t="s"><v>4000000000</v></c></row>')
    ),
    "strings.xlsx": lambda: xlsx(
        excel_sheet(EXCEL_PLAN),
        strings=repeated(
            f'{_XML}<sst xmlns="{_SHEET}" count="4294967295" uniqueCount="4294967295">',
            "<si><t>a</t></si>",
            5_000_000,
            "</sst>",
        ),
    ),
    "merges.xlsx": lambda: xlsx(_merges(300_000)),
    "spaces.xlsx": lambda: xlsx(
        repeated(
            excel_sheet(EXCEL_PLAN).removesuffix("</sheetData></worksheet>")
            + '<row r="3"><c r="A3" t="inlineStr"><is><t xml:space="preserve">',
            " " * 1000,
            400_000,
            "</t></is></c></row></sheetData></worksheet>",
        )
    ),
    "repeated-cells.ods": lambda: ods(
        f"<table:table-row>{ods_cell('No')}{ods_cell('Recommendation')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048576">'
        + ods_cell(ASK, 'table:number-columns-repeated="16384"')
        + "</table:table-row>"
    ),
    "repeated-spaces.ods": lambda: ods(
        f"<table:table-row>{ods_cell('No')}{ods_cell('Recommendation')}</table:table-row>"
        + f"<table:table-row>{ods_cell(_MANY_SPACES)}</table:table-row>"
    ),
    "words.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff\xff\xff\x7f" * 2_000,
    "circle.xls": lambda: (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, 0, 0, 4096, 0, 1, 0, 1)
        + struct.pack("<109I", *[0] * 109) + struct.pack("<128I", *[0] * 128) * 3
    ),
    # nesting
    "deep.json": lambda: b"[" * 100_000 + b"]" * 100_000,
    "deep-cell.json": lambda: b'[{"recommendation": ' + b"[" * 900 + b"]" * 900 + b"}]",
    "deep-lines.jsonl": lambda: b'{"recommendation": "x"}\n'
    + b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "number.json": lambda: b'[{"recommendation": "x", "No": ' + b"9" * 1_000_000 + b"}]",
    "keys.json": lambda: b"["
    + b",".join(b'{"recommendation":"x","k%d":1}' % n for n in range(10_000))
    + b"]",
    "surrogate.json": lambda: b'[{"recommendation": "half \\ud800 of one"}]',
    # long cells, for the patterns
    "letters.csv": lambda: in_cells("a" * 300_000),
    "spaces.csv": lambda: in_cells("x" + " " * 300_000 + "x"),
    "lines.csv": lambda: in_cells("x" + "\n" * 300_000 + "x"),
    "wrapped-lines.csv": lambda: in_cells("x,\nB\n" * 50_000),
    "digits.csv": lambda: in_cells("1" * 300_000),
    "dates.csv": lambda: in_cells("1.1.21-" * 30_000),
    "date-parts.csv": lambda: in_cells("1 " * 100_000 + "May"),
    "brackets.csv": lambda: in_cells("(" * 300_000),
    "brackets-closed.csv": lambda: in_cells("(a)" * 100_000),
    "former-names.csv": lambda: in_cells("x (as was " * 30_000),
    "dashes.csv": lambda: in_cells("a - " * 60_000),
    "slashes.csv": lambda: in_cells("Police / " * 100_000),
    "and.csv": lambda: in_cells("a and " * 50_000 + "a"),
    "known-and.csv": lambda: in_cells(" and ".join(["Police", "NHS England", "Probation"] * 5)),
    "commas-in-cell.csv": lambda: in_cells("Police, " * 45),
    "semicolons.csv": lambda: in_cells("Police; " * 100_000),
    "status-words.csv": lambda: in_cells("action recommendation status is are been " * 10_000),
    "closed.csv": lambda: in_cells("closed but and as was " * 20_000),
    "colours.csv": lambda: in_cells("red " * 100_000),
    "colour-points.csv": lambda: in_cells("red. " * 20_000),
    "eg.csv": lambda: in_cells("i.e. e.g. " * 30_000),
    "headers.csv": lambda: as_headers("(" * 500_000 + "Lead" + " " * 500_000),
    "header-eg.csv": lambda: as_headers("Lead " + "(i.e " * 22),
    "header-dots.csv": lambda: as_headers("a." * 59),
    "titles.txt": lambda: ("Domestic homicide review " * 10 + "(" + "1 " * 500_000).encode()
    + b"\n\tNo\n\tRecommendation\n\n\t1\n\t" + ASK.encode() + b"\n",
    "fact-line.txt": lambda: b"Date of report: " + b"May 2021 . ; " * 100_000
    + b"\n\tNo\n\tRecommendation\n\n\t1\n\t" + ASK.encode() + b"\n",
    "heading-line.txt": lambda: b"Recommendations for " + b": " * 500_000
    + b"\n\tNo\n\tRecommendation\n\n\t1\n\t" + ASK.encode() + b"\n",
    "flattened-and.txt": lambda: flattened("Police and " * 11 + "x"),
    "flattened-long.txt": lambda: flattened("on-going and " * 20_000),
    "number-like.txt": lambda: flattened("1." * 100_000),
    # pages
    "deep.html": lambda: html("<table><tr><td>" * 100_000 + ASK),
    "deep-div.html": lambda: html("<div>" * 500_000 + HTML_PLAN),
    "spans.html": lambda: html(
        HTML_PLAN.replace("<td>1", "<td colspan=1000000000 rowspan=1000000000>1") * 50
    ),
    "span-staircase.html": lambda: html(
        "<table><tr><th>No<th>Recommendation"
        + "<tr>" + "<td rowspan=65534 colspan=1000>x" * 500 + "<tr><td>y" * 5_000 + "</table>"
    ),
    "wide.html": lambda: html(
        f"<table><tr><th>No<th>Recommendation{'<th>x' * 10_000}"
        f"<tr><td>1<td>{ASK}{'<td>y' * 10_000}</table>"
    ),
    "attributes.html": lambda: html(
        f"<p {' '.join(f'a{n}=1' for n in range(200_000))}>{HTML_PLAN}"
    ),
    "entities.html": lambda: html("&amp;" * 2_000_000 + HTML_PLAN),
    "laughs.html": lambda: html(
        HTML_PLAN + "&l11;", _doctype("html", _LAUGHS)
    ),
    "external.html": lambda: html(
        HTML_PLAN + "&e;<iframe src='file:///etc/passwd'></iframe>", _doctype("html", _EXTERNAL)
    ),
    "svg.html": lambda: html(
        f"{HTML_PLAN}<svg><image href='http://127.0.0.1:9/x'/>{'<g>' * 100_000}</svg>"
    ),
    "unclosed.html": lambda: html("<b><i><a>" * 50_000 + HTML_PLAN),
    "comment.html": lambda: html("<!--" * 500_000 + HTML_PLAN),
    "spaces.html": lambda: html(
        "<table><tr><th>No<th>Recommendation<tr><td>1<td>x" + " " * 20_000_000 + "x"
    ),
    "deep-list.md": lambda: b"".join(b" " * n + b"- x\n" for n in range(3_000)),
    "pipes.md": lambda: b"| No | Recommendation |\n|---|---|\n" + b"|" * 3_000_000,
    "emphasis.md": lambda: b"| No | Recommendation |\n|---|---|\n| 1 | " + b"*_" * 300_000 + b"x |",
    "links.md": lambda: b"| No | Recommendation |\n|---|---|\n| 1 | " + b"[" * 300_000 + b"x |",
    "ticks.md": lambda: b"| No | Recommendation |\n|---|---|\n| 1 | " + b"`a" * 300_000 + b" |",
    # PDF
    "page-cycle.pdf": lambda: simple_pdf(o2=b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>"),
    "parent-cycle.pdf": lambda: simple_pdf(
        o3=b"<</Type/Page/Parent 3 0 R/Contents 4 0 R>>",
        o2=b"<</Type/Pages/Kids[3 0 R]/Parent 3 0 R>>",
    ),
    "page-tree.pdf": lambda: wide_page_tree(9),
    "page-count.pdf": lambda: simple_pdf(o2=b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"),
    "same-page.pdf": lambda: simple_pdf(
        o2=b"<</Type/Pages/Kids[%s]/Count 100000>>" % (b"3 0 R " * 100_000)
    ),
    "prev-loop.pdf": looping_tables_of_places,
    "object-stream.pdf": self_holding_object_stream,
    "form-cycle.pdf": lambda: simple_pdf(
        o3=page(more=b"/XObject<</X 6 0 R>>"), o4=stream(b"/X Do"), o6=stream(b"/X Do /X Do", _FORM)
    ),
    "forms.pdf": lambda: forms_that_multiply(9),
    "reference-cycle.pdf": lambda: simple_pdf(o4=b"4 0 R"),
    "length-cycle.pdf": lambda: simple_pdf(o4=b"<</Length 4 0 R>>stream\nx\nendstream"),
    "media-box.pdf": lambda: simple_pdf(o3=page(box=b"[0 0 1e30 1e30]")),
    "media-box-words.pdf": lambda: simple_pdf(o3=page(box=b"[/a /b (c) null]")),
    "inflating.pdf": lambda: inflating_pdf(700),
    "inflating-twice.pdf": lambda: inflating_pdf(700, layers=2),
    "predictor.pdf": lambda: simple_pdf(
        o4=stream(
            zlib.compress(bytes(10_000_000)),
            b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 2000000000/Colors 4>>",
        )
    ),
    "letters.pdf": lambda: simple_pdf(
        o4=stream(b"BT /F 9 Tf " + b"1 0 Td (x) Tj " * 300_000 + b"ET", packed=True)
    ),
    "lines.pdf": lambda: simple_pdf(
        o4=stream(
            b"".join(b"%d 0 m %d 800 l S 0 %d m 590 %d l S " % (n % 590, n % 590, n % 840, n % 840)
                     for n in range(100_000)),
            packed=True,
        )
    ),
    "rectangles.pdf": lambda: simple_pdf(
        o4=stream(
            b"".join(b"%d %d 3 3 re f " % (n % 590, n // 590) for n in range(150_000)),
            packed=True,
        )
    ),
    "deep-arrays.pdf": lambda: simple_pdf(o4=stream(b"[" * 1_000_000)),
    "deep-dictionary.pdf": lambda: simple_pdf(
        o6=b"[" * 200_000 + b"]" * 200_000, trailer=b"/Info 6 0 R"
    ),
    "states.pdf": lambda: simple_pdf(o4=stream(b"q " * 2_000_000, packed=True)),
    "picture.pdf": lambda: simple_pdf(
        o3=page(more=b"/XObject<</X 6 0 R>>"),
        o4=stream(b"BI /W 100000 /H 100000 /CS /RGB /BPC 8 ID x EI /X Do"),
        o6=stream(b"", b"/Type/XObject/Subtype/Image/Width 2000000000/Height 2000000000/"
                       b"BitsPerComponent 8/ColorSpace/DeviceRGB"),
    ),
    "colour-maps.pdf": lambda: simple_pdf(
        o5=b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 6 0 R"
        b"/DescendantFonts[7 0 R]>>",
        o6=stream(b"1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange\n"
                  b"1 beginbfrange <00000000> <7FFFFFFF> <0041> endbfrange"),
        o7=b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/W[0 2000000000 500]/DW 1000"
        b"/CIDSystemInfo<</Registry(A)/Ordering(I)/Supplement 0>>>>",
    ),
    "endless-name.pdf": lambda: b"%PDF-1.7\n" + b"/" + b"a" * 5_000_000,
    "brackets.pdf": lambda: b"%PDF-1.7\n" + b"(" * 5_000_000,
    "xref-count.pdf": lambda: b"%PDF-1.7\nxref\n0 2000000000\ntrailer\n"
    b"<</Root 1 0 R/Size 2000000000>>\n"
    b"startxref\n9\n%%EOF",
}  # fmt: skip
