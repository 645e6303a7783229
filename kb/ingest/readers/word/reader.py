"""A Word document as blocks in reading order: paragraphs, tables, and what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from kb.errors import DamagedDocument
from kb.ingest.readers.word.drawings import drawing_text
from kb.ingest.readers.word.grid import Grid
from kb.ingest.readers.word.lines import Anchored, Line, Story
from kb.ingest.readers.word.numbering import Numbering
from kb.ingest.readers.word.numerals import numeral
from kb.ingest.readers.word.package import Package
from kb.ingest.readers.word.remarks import Remarks, struck_through
from kb.ingest.readers.word.styles import Styles
from kb.ingest.readers.word.tags import BODY, CHART, VAL, R, W
from kb.ingest.tables import Document, Paragraph, Table

_DEEPEST = 20  # text boxes in one another
_FEWEST_BOXED = 1_000  # characters in text boxes that may be the text itself
_WORDED = re.compile(r"[^\W\d_]{5}")  # "Recommendation 1", but no "iv." or "2.1"
_PAGED = re.compile(
    r"\bpage \d+(?: of \d+)?|\b\d+ (?:of|/) \d+\b|^\d+\s*[\t|–-]|[\t|–-]\s*\d+$", re.IGNORECASE
)
_PAGE_NUMBER = re.compile(r"\W*(?:\d{1,4}|[ivxlc]{1,6})?(?:\s*(?:of|/)\s*\d{1,4})?\W*")
_NOTES = {"footnote": "footnotes", "endnote": "endnotes", "comment": "comments"}
_NOTE_FORMS = {"footnote": "decimal", "endnote": "lowerRoman"}
_BESIDE = {"diagram": "diagramData", "chart": "chart"}
_MARGINS = {f"{W}headerReference": "page header", f"{W}footerReference": "page footer"}


def read_word(data: bytes, name: str) -> Document:
    """Every printed text of a Word document; ``name`` is what it is called in messages.

    Page headers and footers come last, each different text once; what hangs on a place in the
    text (text boxes, notes, comments) follows the paragraph or the table that it hangs on.
    Raises DamagedDocument, naming the part at fault.
    """
    return _Reader(Package(data, name)).document()


class _Reader:
    """Reads the main part of one package, and the parts that it refers to."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = Styles(package.related(package.main, "styles"))
        self._numbering = Numbering(package.related(package.main, "numbering"), self._styles)
        self._root = package.xml(package.main)
        self._body = self._root.find(BODY)
        if self._body is None:
            raise package.damaged("it has no body", package.main)
        self._said = Remarks()
        self._notes: dict[str, dict[str, Any]] = {}
        self._stories: dict[str, Story] = {}
        self._numbered: set[tuple[str, str | None]] = set()
        self._counted: dict[str, int] = {}

    def document(self) -> Document:
        """The whole document."""
        blocks = (*_boxes_as_text(list(self._main())), *self._margins())
        return Document(blocks, notes=self._said.notes())

    def _main(self) -> Iterator[Paragraph | Table]:
        story = self._story(self._root)
        paragraphs = tables = 0
        for found in story.content(self._body):
            if isinstance(found, Line):
                paragraphs += 1
                place = f"paragraph {paragraphs}"
                yield from self._paragraph(found, place, None)
                yield from self._beside(found.anchored, place, story)
            else:
                tables += 1
                yield from self._table(found, f"table {tables}", story)

    def _story(self, root: Any) -> Story:
        return Story(root, self._styles, self._numbering)

    def _paragraph(self, line: Line, place: str, aside: str | None) -> Iterator[Paragraph]:
        self._said.add(line.remarks, place)
        text, label = line.text.strip(), line.label
        if not text and label and _WORDED.search(label):
            text, label = label, None
        if text:
            aside = aside or ("table of contents" if line.is_contents else None)
            flags = struck_through("paragraph", text, line.struck)
            yield Paragraph(text, place, label, line.level, line.is_strong, aside, flags)

    def _table(
        self, element: Any, name: str, story: Story, depth: int = 0
    ) -> Iterator[Paragraph | Table]:
        grid = Grid(story, self._said, self._package.name)
        table = grid.table(element, name)
        if table.rows:
            yield table
        for anchored, place in grid.anchored:
            yield from self._beside([anchored], place, story, depth)

    def _beside(
        self, anchored: Iterable[Anchored], place: str, story: Story, depth: int = 0
    ) -> Iterator[Paragraph | Table]:
        """What hangs on a place, each text as an aside."""
        for one in anchored:
            if one.kind == "text box":
                yield from self._text_box(one.element, place, story, depth + 1)
            elif one.kind in _NOTES:
                yield from self._note(one, place, depth + 1)
            elif one.kind == "sign":
                text = (one.element.get("string") or "").strip()
                if text:
                    yield Paragraph(text, f"sign at {place}", aside="text box")
            else:
                yield from self._drawing(one, place)

    def _text_box(
        self, element: Any, place: str, story: Story, depth: int
    ) -> Iterator[Paragraph | Table]:
        self._check_depth(depth, place)
        where = f"text box at {place}"
        for found in story.content(element):
            if isinstance(found, Line):
                yield from self._paragraph(found, where, "text box")
                yield from self._beside(found.anchored, place, story, depth)
            else:
                yield from self._table(found, f"table in the {where}", story, depth)

    def _note(self, anchored: Anchored, place: str, depth: int) -> Iterator[Paragraph | Table]:
        """A footnote, an endnote or a comment, each of its lines labelled as it is numbered."""
        self._check_depth(depth, place)
        kind, identity = anchored.kind, anchored.identity
        element = self._notes_of(kind).get(identity or "")
        if element is None or (kind, identity) in self._numbered:
            return
        self._numbered.add((kind, identity))
        label = None if kind == "comment" else self._next_number(kind)
        said = kind if label is None else f"{kind} {label}"
        author = (element.get(f"{W}author") or "").strip() if kind == "comment" else ""
        where = f"{said}{f' by {author}' if author else ''} at {place}"
        story = self._stories[kind]
        for line in story.lines(element):
            for paragraph in self._paragraph(line, where, kind):
                yield replace(paragraph, label=label or paragraph.label, level=0)
                label = None
            yield from self._beside(line.anchored, where, story, depth)

    def _next_number(self, kind: str) -> str:
        """The number of the next footnote or endnote, in the form that the document sets."""
        self._counted[kind] = self._counted.get(kind, 0) + 1
        form = self._root.find(f".//{W}sectPr/{W}{kind}Pr/{W}numFmt")
        said = None if form is None else form.get(VAL)
        return numeral(self._counted[kind], said or _NOTE_FORMS[kind])

    def _notes_of(self, kind: str) -> dict[str, Any]:
        if kind not in self._notes:
            root = self._package.related(self._package.main, _NOTES[kind])
            self._notes[kind] = {} if root is None else {n.get(f"{W}id") or "": n for n in root}
            if root is not None:
                self._stories[kind] = self._story(root)
        return self._notes[kind]

    def _drawing(self, anchored: Anchored, place: str) -> Iterator[Paragraph]:
        """The texts of a diagram or a chart, from the part that holds it."""
        is_chart = anchored.kind == "chart"
        identity = anchored.element.get(f"{R}id" if is_chart else f"{R}dm")
        relation = self._package.relations(self._package.main).get(identity or "")
        if relation is None or relation.kind != _BESIDE[anchored.kind]:
            return
        if not self._package.has(relation.target):
            return
        root = self._package.xml(relation.target)
        texts = list(drawing_text(root))
        if is_chart:
            texts += [value.text or "" for value in root.iterfind(f".//{CHART}strCache//{CHART}v")]
        for text in dict.fromkeys(text.strip() for text in texts):
            if text:
                yield Paragraph(text, f"{anchored.kind} at {place}", aside=anchored.kind)

    def _margins(self) -> Iterator[Paragraph | Table]:
        """Page headers and footers, each different text once, whatever page numbers it holds."""
        seen: set[tuple[str, str]] = set()
        read: set[str] = set()
        relations = self._package.relations(self._package.main)
        for number, section in enumerate(self._root.iter(f"{W}sectPr"), start=1):
            for reference in section:
                kind = _MARGINS.get(reference.tag)
                relation = relations.get(reference.get(f"{R}id") or "")
                if kind is None or relation is None or relation.target in read:
                    continue
                read.add(relation.target)
                place = kind if number == 1 else f"{kind} of section {number}"
                for block in self._margin(relation.target, kind, place):
                    text = block.text if isinstance(block, Paragraph) else block.name
                    key = (kind, _PAGED.sub("#", text))
                    if key not in seen and not _PAGE_NUMBER.fullmatch(text):
                        seen.add(key)
                        yield block

    def _margin(self, part: str, kind: str, place: str) -> Iterator[Paragraph | Table]:
        if not self._package.has(part):
            return
        root = self._package.xml(part)
        story = self._story(root)
        for line in story.lines(root):
            yield from self._paragraph(line, place, kind)
            for block in self._beside(line.anchored, place, story):
                if isinstance(block, Paragraph):
                    yield replace(block, place=place, aside=kind)
                else:
                    yield block

    def _check_depth(self, depth: int, place: str) -> None:
        if depth > _DEEPEST:
            raise DamagedDocument(
                f"its text boxes are nested more than {_DEEPEST} deep",
                place=f"{self._package.name}, {place}",
                hint="Take the text out of the boxes in Word and add that.",
            )


def _boxes_as_text(blocks: list[Paragraph | Table]) -> list[Paragraph | Table]:
    """The blocks; where text boxes hold most of the text they are it, as in converted PDFs."""
    boxed = sum(_length(block) for block in blocks if _is_boxed(block))
    if boxed < _FEWEST_BOXED or boxed * 2 <= sum(map(_length, blocks)):
        return blocks
    return [
        replace(block, aside=None) if isinstance(block, Paragraph) and _is_boxed(block) else block
        for block in blocks
    ]


def _is_boxed(block: Paragraph | Table) -> bool:
    return isinstance(block, Paragraph) and block.aside == "text box"


def _length(block: Paragraph | Table) -> int:
    """The characters of a block."""
    if isinstance(block, Paragraph):
        return len(block.text)
    return sum(
        len(cell.text) + sum(map(_length, cell.tables)) for row in block.rows for cell in row.cells
    )
