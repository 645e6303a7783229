"""Reading the blocks of a document one by one: which are plans, and what becomes of the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.ingest.drafts import Draft, Gathered, numbered_from_text
from kb.ingest.facts import (
    contradicted_in_table,
    fact_in_row,
    facts_in_line,
    facts_in_table,
    is_table_heading,
    is_title,
    names_a_plan,
)
from kb.ingest.plans.alignment import Aligner
from kb.ingest.plans.cards import are_cards, are_titled_actions, read_cards
from kb.ingest.plans.continued import with_tables_joined
from kb.ingest.plans.cuts import Words, joined_rows, without_repeats
from kb.ingest.plans.gathering import gather, heads_a_group, is_note, is_recommendation
from kb.ingest.plans.header_rows import header_of_run
from kb.ingest.plans.headers import LONGEST_HEADER, Header
from kb.ingest.plans.left_out import first_headers, rows_without_text, table_left_out
from kb.ingest.plans.nested import has_nested, unwrapped
from kb.ingest.plans.sections import Section, sections_of
from kb.ingest.plans.upright import set_upright
from kb.ingest.prose.asks import obliges
from kb.ingest.readings import LeftOut, Shape
from kb.ingest.statuses import is_scope_alone
from kb.ingest.tables import CellRun, Document, Paragraph, Row, Table
from kb.text.agencies import Agencies
from kb.text.normalise import fold_space
from kb.text.patterns import late

_TOO_LONG = "it stands in the row of the headers and is too long for one"
_BESIDE_THE_TEXT = frozenset({"page header", "page footer", "footnote", "endnote", "comment"})
_LONGEST_HEADING, _LONGEST_LEAD_IN = 12, 25  # words
_OF_PLAN = late(
    r"(?:(?:appendix|annex|section|part)? ?[\w.]{0,4}\W*)?(?:the )?(?:[\w-]+ )?(?:action|"
    r"improvement|implementation) plan|(?:the )?recommendations?|contents|"
    r"(?:executive )?summary|conclusions?",
    re.IGNORECASE,
)
_SHEET = late(r"sheet '(?P<name>.+)'")
_QUALIFIED = late(r"(?:lines?|object|the keys|table|sheet|page|paragraph)\b")


@dataclass
class BlocksRead:
    """What has been gathered from the blocks of a document.

    ``paragraphs`` are those that stand outside the tables and were taken for nothing yet; text
    of that kind from inside a table that is no plan is left out.
    """

    drafts: list[Draft] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    columns: dict[str, str | None] = field(default_factory=dict)
    headers_seen: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    tables_left_out: list[str] = field(default_factory=list)
    title: str | None = None
    facts: dict[str, str] = field(default_factory=dict)
    shapes: list[Shape] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)


def read_blocks(document: Document, overrides: Mapping[str, str], agencies: Agencies) -> BlocksRead:
    """Every block of a document read in its order."""
    reader = _BlockReader(document, overrides, agencies)
    joined = with_tables_joined(document.blocks, overrides, agencies)
    reader.found.notes += joined.notes
    for block in joined.blocks:
        reader.read(block)
    reader.give_up_heading()
    return reader.found


class _BlockReader:
    """Reads one block after another; a heading waits for the table below it.

    A heading that names an agency or whose recommendations follow stands also over tables that
    other text parts from it, up to the next heading.
    """

    def __init__(
        self, document: Document, overrides: Mapping[str, str], agencies: Agencies
    ) -> None:
        self.found = BlocksRead(notes=list(document.notes))
        self._document = document
        self._overrides = overrides
        self._agencies = agencies
        self._heading: Paragraph | None = None
        self._group: Paragraph | None = None
        self._words: Words | None = None
        self._has_plan: bool | None = None
        self._flow = {id(block) for block in document.blocks if isinstance(block, Paragraph)}

    def read(self, block: Table | CellRun | Paragraph) -> None:
        """Read one block."""
        if isinstance(block, Paragraph):
            self._paragraph(block)
        elif isinstance(block, CellRun):
            self._run(block)
        else:
            self._table(block)

    def words(self) -> Words:
        """The words of the document, gathered when first asked for."""
        if self._words is None:
            self._words = Words.of(self._document)
        return self._words

    def give_up_heading(self) -> None:
        """What looked like the heading of a table has none below it: it is like other text."""
        paragraph, self._heading = self._heading, None
        if paragraph:
            self._place(paragraph)

    # tables ---------------------------------------------------------------------------------

    def _run(self, run: CellRun) -> None:
        header = header_of_run(run, self._overrides)
        before = run.cells[: header.row] if header else run.cells
        left = [Paragraph(c.text, f"lines {c.first_line}–{c.last_line}") for c in before]
        if header is None:
            self.found.headers_seen += [p.text for p in left[:12]]
            self._leave_out(left, run.name)
            return
        for paragraph in left:
            self._paragraph(paragraph)
        aligner = Aligner(header.columns, self._agencies)
        rows = aligner.rows(run, header.row + len(header.columns))
        self._rows(rows, header, run.name, ())

    def _table(self, table: Table) -> None:
        table = set_upright(table, self._overrides)
        if are_cards(table, self._overrides):
            self._cards(table)
            return
        sections = self._sections(table)
        if sections:
            for section in sections:
                self._section(section, table)
            return
        above = self._heading.text if self._heading else None
        above = above if above and is_recommendation(above) else None
        if are_titled_actions(table, self._overrides, above=above):
            self._cards(table, above)
        elif has_nested(table):
            inner = list(unwrapped(table))
            for block in with_tables_joined(inner, self._overrides, self._agencies).blocks:
                self.read(block)
        else:
            self._no_plan(table)

    def _sections(self, table: Table) -> list[Section]:
        """The parts of a plan; [] where the table is none, or only one of learning points."""
        sections = sections_of(table, self._overrides)
        fields = {name for section in sections for name in section.header.fields}
        if has_nested(table) and fields <= {"recommendation"}:
            return []
        if sections and all(section.header.weak for section in sections) and self._plan_elsewhere():
            return []
        return sections

    def _plan_elsewhere(self) -> bool:
        """Whether a table of the document names its recommendations as such."""
        if self._has_plan is None:
            self._has_plan = any(
                _is_plan(block, self._overrides) for block in self._document.blocks
            )
        return self._has_plan

    def _section(self, section: Section, table: Table) -> None:
        for row in section.above:
            if row.filled:
                self._paragraph(Paragraph(row.printed, placed(table.name, [row.place])))
        header = section.header
        for row in header.printed:
            place = placed(table.name, [row.place])
            for cell in row.filled:
                if len(cell.text) <= LONGEST_HEADER:
                    self.found.shapes.append(Shape(place, cell.text, "header"))
                else:
                    self.found.left_out.append(LeftOut(place, cell.text, _TOO_LONG))
        self._rows(section.rows, header, table.name, section.above, records=table.records)

    def _rows(
        self,
        rows: Sequence[Row],
        header: Header,
        name: str,
        above: Sequence[Row],
        *,
        records: bool = False,
    ) -> None:
        if not rows:
            self.found.empty.append(name)
        repeated: list[str] = []
        if not records:
            rows, repeated = without_repeats(rows, header, above)
            rows = joined_rows(rows, header, self.words, whole=not header.printed)
            aligner = Aligner(header.columns, self._agencies)
            rows = [aligner.straightened(row) for row in rows]
        gathered = gather(rows, header, self._agencies, overrides=self._overrides, records=records)
        gathered.repeated_headers = repeated
        if header.weak and rows:
            named = next(c.header for c in header.columns if c.field == "recommendation")
            said = f"no column is named recommendation: “{fold_space(named)}” was read as that"
            self.found.notes.append(said)
        self.found.headers_seen += [column.header for column in header.columns]
        self.found.columns |= {
            c.header: c.field or (c.spare if records else None) for c in header.columns
        }
        if self._heading and gathered.drafts and self._may_head(self._heading):
            _put_under(self._heading.text.strip(), gathered.drafts, header)
            self._use_heading()
        elif gathered.drafts:
            self._put_under_group(gathered.drafts, header, name)
        self.give_up_heading()
        self._take(gathered, name)

    def _cards(self, table: Table, above: str | None = None) -> None:
        if above is None and self._heading and is_recommendation(self._heading.text):
            above = self._heading.text
        gathered = read_cards(table, self._overrides, self.words, above=above)
        used = any(draft.text == above for draft in gathered.drafts)
        if self._heading and gathered.drafts and not used and self._may_head(self._heading):
            _put_under(self._heading.text.strip(), gathered.drafts, None)
            used = True
        if used:
            self._use_heading()
        self.give_up_heading()
        labels = {shape.text: None for shape in gathered.shapes if shape.what == "label"}
        self.found.headers_seen += labels
        self._take(gathered, table.name)

    def _take(self, gathered: Gathered, name: str) -> None:
        found = self.found
        numbered_from_text(gathered)
        for draft in gathered.drafts:
            draft.table = name
        found.drafts += gathered.drafts
        found.left_out += [
            LeftOut(placed(name, [row.place]), row.printed, why) for row, why in gathered.left_out
        ]
        found.shapes += [
            replace(shape, place=placed(name, [shape.place])) for shape in gathered.shapes
        ]
        again = gathered.repeated_headers
        found.shapes += [Shape(placed(name, [place]), "", "header again") for place in again]
        if again:
            where = again[0] if len(again) == 1 else f"{again[0]} and {len(again) - 1} more"
            found.notes.append(f"the header stands again at {where} and was skipped")
        if gathered.without_text:
            found.notes.append(rows_without_text(gathered.without_text, name))

    def _no_plan(self, table: Table) -> None:
        facts = {} if self.found.drafts else facts_in_table(table.rows)
        for name, values in contradicted_in_table(table.rows).items() if facts else ():
            listed = "; ".join(f"“{value}”" for value in values)
            note = f"{table.name} gives {name} differently, and none was taken: {listed}"
            self.found.notes.append(note)
        self.found.facts = {**facts, **self.found.facts}
        of_facts = [row for row in table.rows if facts and _names_fact(row, facts)]
        self.found.shapes += [
            Shape(placed(table.name, [row.place]), cell.text, "fact")
            for row in of_facts
            for cell in row.filled
        ]
        left = [
            Paragraph(row.printed, placed(table.name, [row.place]))
            for row in table.rows
            if row.filled and row not in of_facts
        ]
        self.found.headers_seen += first_headers(table)
        if said := table_left_out(table):
            self.found.tables_left_out.append(said)
        self._leave_out(left, table.name)

    def _leave_out(self, left: Sequence[Paragraph], name: str) -> None:
        self.give_up_heading()
        why = f"{name} has no column of recommendations"
        self.found.left_out += [LeftOut(p.place, p.text, why) for p in left if p.text]

    # paragraphs -----------------------------------------------------------------------------

    def _paragraph(self, paragraph: Paragraph) -> None:
        if not paragraph.text.strip():
            return
        if paragraph.aside in _BESIDE_THE_TEXT:
            self.found.paragraphs.append(paragraph)
            return
        self.give_up_heading()
        if paragraph.level or paragraph.strong:
            names_a_group = heads_a_group(paragraph.text.strip(), self._agencies)
            self._group = paragraph if names_a_group and self._may_head(paragraph) else None
        facts = facts_in_line(paragraph.text)
        if facts and not self.found.facts.keys() & facts.keys():
            self.found.facts |= facts
            self.found.shapes.append(Shape(paragraph.place, paragraph.text, "fact"))
        elif self._may_head(paragraph) or is_recommendation(paragraph.text):
            self._heading = paragraph
        else:
            self._place(paragraph)

    def _may_head(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph may be the heading of a table just below it."""
        text = paragraph.text.strip()
        if is_table_heading(text):
            return True
        if _OF_PLAN.fullmatch(text) or is_note(text):
            return False
        if heads_a_group(text, self._agencies):
            return True
        marked = paragraph.level > 0 or paragraph.strong
        longest = _LONGEST_LEAD_IN if obliges(text) and text.endswith(":") else _LONGEST_HEADING
        is_short = len(text.split()) <= longest and "\n" not in text
        names_it = names_a_plan(text) or (self.found.title is None and is_title(text))
        return marked and is_short and not names_it

    def _put_under_group(self, drafts: Sequence[Draft], header: Header, name: str) -> None:
        """The heading of the table's part of the document, or its sheet, names whose they are."""
        sheet = _SHEET.fullmatch(name)
        if self._group:
            place, text = self._group.place, self._group.text
            self.found.paragraphs = [p for p in self.found.paragraphs if p is not self._group]
            self.found.shapes.append(Shape(place, text, "heading"))
            _put_under(text.strip(), drafts, header)
        elif sheet and heads_a_group(sheet["name"], self._agencies):
            _put_under(sheet["name"], drafts, header)

    def _use_heading(self) -> None:
        if self._heading:
            place, text = self._heading.place, self._heading.text
            self.found.shapes.append(Shape(place, text, "heading"))
        self._heading = None

    def _place(self, paragraph: Paragraph) -> None:
        if self.found.title is None and not self.found.drafts and is_title(paragraph.text):
            self.found.title = paragraph.text.strip()
            self.found.shapes.append(Shape(paragraph.place, paragraph.text, "title"))
        elif id(paragraph) in self._flow:
            self.found.paragraphs.append(paragraph)
        else:
            said = paragraph.printed.strip()
            self.found.left_out.append(LeftOut(paragraph.place, said, "it stands beside the plan"))


def placed(table: str, places: Sequence[str]) -> str:
    """The place of rows in words: the table and its rows, each named once."""
    first, last = places[0].split(" to ")[0], places[-1].split(" to ")[-1]
    shared = first.rpartition(", ")[0]
    if first != last and shared and last.startswith(f"{shared}, "):
        last = last.removeprefix(f"{shared}, ")
    where = first if first == last else f"{first} to {last}"
    return where if _QUALIFIED.match(where) else f"{table}, {where}"


def _is_plan(block: Table | CellRun | Paragraph, overrides: Mapping[str, str]) -> bool:
    if isinstance(block, Paragraph):
        return False
    if isinstance(block, CellRun):
        return header_of_run(block, overrides) is not None
    sections = sections_of(block, overrides)
    return are_cards(block, overrides) or any(not section.header.weak for section in sections)


def _names_fact(row: Row, facts: Mapping[str, str]) -> bool:
    said = fact_in_row(row.filled)
    return said is not None and facts.get(said[0]) is not None


def _put_under(heading: str, drafts: Sequence[Draft], header: Header | None) -> None:
    """The heading above a table is that of its rows, and their scope where no column has it."""
    has_scope = header is not None and "scope" in header.fields
    says_scope = is_scope_alone(heading)
    for draft in drafts:
        draft.heading = draft.heading or heading
        if says_scope and not has_scope and "scope" not in draft.values:
            draft.values["scope"] = heading
            draft.flags.append(f"the scope was read from the heading “{heading}”")
