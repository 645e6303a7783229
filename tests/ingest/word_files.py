"""Word files from raw WordprocessingML, so that a test shows just the element it is about."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

from kb.ingest.readers.word import read_word
from kb.ingest.tables import Document, Paragraph, Table

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xml(root: str, content: str, attributes: str = "") -> str:
    """A part with this root element."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<{root} {_SPACES}{attributes}>{content}</{root}>"


def word_file(
    body: str,
    *,
    styles: str = "",
    numbering: str = "",
    parts: Mapping[str, str] | None = None,
    main: str = "word/document.xml",
) -> bytes:
    """A Word file with this body; ``parts`` are further parts ("footnotes": its content).

    A part's name tells its kind and its relationship: "header1" is a header with the id header1.
    """
    folder, _, base = main.rpartition("/")
    roots = {"footnotes": "w:footnotes", "endnotes": "w:endnotes", "comments": "w:comments"}
    files = {main: xml("w:document", f"<w:body>{body}</w:body>")}
    related = {"styles": xml("w:styles", styles), "numbering": xml("w:numbering", numbering)}
    for name, content in (parts or {}).items():
        kind = name.rstrip("0123456789")
        root = roots.get(name, {"header": "w:hdr", "footer": "w:ftr"}.get(kind, ""))
        related[name] = xml(root, content) if root else content
    relations = ""
    for name, content in related.items():
        kind = name.rstrip("0123456789")
        files[f"{folder}/{name}.xml"] = content
        relations += f'<Relationship Id="{name}" Type="{_TYPES}/{kind}" Target="{name}.xml"/>'
    files[f"{folder}/_rels/{base}.rels"] = _relations(relations)
    files["_rels/.rels"] = _relations(
        f'<Relationship Id="m" Type="{_TYPES}/officeDocument" Target="{main}"/>'
    )
    return zipped(files)


def _relations(content: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}">{content}</Relationships>'


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """An archive of these files."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """The files of an archive."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def p(content: str = "", properties: str = "") -> str:
    """A paragraph; plain words are put into a run."""
    inner = content if content.startswith("<") or not content else run(content)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def item(text: str, number: int = 1, depth: int = 0) -> str:
    """A paragraph of a list."""
    listed = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return p(text, listed)


def tc(content: str, properties: str = "") -> str:
    """A cell; plain words are put into a paragraph."""
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A row of cells; plain words are put into a cell."""
    inner = "".join(cell if cell.startswith("<") else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def tbl(*rows: str) -> str:
    """A table."""
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def level(depth: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    """One level of an abstract list."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*levels: str, more: str = "", abstract: int = 0) -> str:
    """An abstract list and list 1, which uses it; ``more`` are further lists."""
    return (
        f'<w:abstractNum w:abstractNumId="{abstract}">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="{abstract}"/></w:num>{more}'
    )


def style(identity: str, name: str, properties: str = "", based_on: str = "") -> str:
    """A paragraph style; ``properties`` are its pPr and rPr."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/>{base}'
        f"{properties}</w:style>"
    )


def styled(text: str, identity: str) -> str:
    """A paragraph in a style."""
    return p(text, f'<w:pStyle w:val="{identity}"/>')


def read(
    body: str,
    *,
    styles: str = "",
    numbering: str = "",
    parts: Mapping[str, str] | None = None,
) -> Document:
    """The document that a Word file with this body is read as."""
    data = word_file(body, styles=styles, numbering=numbering, parts=parts)
    return read_word(data, "plan.docx")


def paragraphs(document: Document) -> list[Paragraph]:
    """Its paragraphs."""
    return [block for block in document.blocks if isinstance(block, Paragraph)]


def table(document: Document) -> Table:
    """Its first table."""
    return next(block for block in document.blocks if isinstance(block, Table))


def texts(rows: Table) -> list[list[str]]:
    """The texts of its cells, row by row."""
    return [[cell.text for cell in row.cells] for row in rows.rows]
