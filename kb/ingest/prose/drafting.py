"""From the outline of a chapter to drafts of recommendations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kb.ingest.drafts import Draft
from kb.ingest.plans.headers import name_columns
from kb.ingest.prose.asks import (
    addressee,
    asks,
    asks_outright,
    goes_on,
    introduces,
    is_name,
    leads_on,
    names_a_measure,
    tells,
)
from kb.ingest.prose.chapters import Chapter, agency_of_heading, is_plain_title
from kb.ingest.prose.labels import Label, follows
from kb.ingest.prose.lines import Line, field_line
from kb.ingest.prose.outline import Item, Section, outline_of
from kb.ingest.statuses import is_scope_alone, read_scope
from kb.ingest.tables import Cell
from kb.printed import OtherCell
from kb.text.agencies import Agencies
from kb.text.normalise import fold
from kb.text.patterns import late

LEAD_FROM = "the lead agency was read from"
AROUND = "it stands around the recommendations and is none"
_OWNERS = late(r"owner|lead|responsib|agenc|addressed|directed|owning", re.IGNORECASE)
_DATES = late(r"timescale|timeframe|timeline|deadline|target|by when|due|^when$", re.IGNORECASE)
_TAKEN = ("action", "milestones", "status", "scope", "completed")


@dataclass
class Drafted:
    """The drafts of one chapter, each with its lines, every line used, and the others with why."""

    drafts: list[tuple[Draft, tuple[Line, ...]]] = field(default_factory=list)
    used: list[Line] = field(default_factory=list)
    left_out: list[tuple[Line, str]] = field(default_factory=list)
    shapes: list[tuple[Line, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Above:
    """What stands over an item: the lead-ins carried to it, its number so far, and a flag."""

    lead_ins: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    number: str | None = None
    flags: tuple[str, ...] = ()
    title: Line | None = None


def draft_chapter(chapter: Chapter, agencies: Agencies, *, strays: bool = False) -> Drafted:
    """The recommendations of one chapter.

    What is one recommendation and what several: parts under a lead-in that ends in should, must,
    to, will or that ("The Partnership should:"), or in the name of who is asked ("It is
    recommended that the CSP:"), are recommendations each, with the lead-in before its text; parts
    under any other ask ("Training should cover:") are lines of its text. A list below words that
    ask for nothing stands by itself. Where a section has items labelled "Recommendation 4", only
    they are recommendations. In a chapter of conclusions or lessons too (kind "mixed") an item
    must say who should act, or that it is recommended. With ``strays`` the chapter is only what
    follows a labelled recommendation anywhere in the text.
    """
    drafter = _Drafter(chapter, agencies, strays=strays)
    sections = outline_of(chapter.lines, agencies)
    for section in sections:
        drafter.draft(section)
    return drafter.drafted


class _Drafter:
    """Turns the items of one chapter into drafts."""

    def __init__(self, chapter: Chapter, agencies: Agencies, *, strays: bool) -> None:
        self._chapter = chapter
        self._agencies = agencies
        self._strays = strays
        self._section = Section()
        self._listed: frozenset[int] = frozenset()
        self._order = {id(line): at for at, line in enumerate(chapter.lines)}
        self.drafted = Drafted()

    def draft(self, section: Section) -> None:
        """Draft the items of a section; its headings are used where a draft stands below them."""
        self._section = section
        before = len(self.drafted.drafts)
        labelled = any(item.is_labelled for item in section.items)
        numbered = any(item.line.label and self._is_one(item) for item in section.items)
        self._listed = _listed_between(section.items, self._is_one)
        for item in section.items:
            if labelled and not item.is_labelled and not self._is_list(item):
                self._leave(item, self._why(item.text))
            elif item.is_labelled:
                self._labelled(item)
            elif not item.line.label and numbered and not item.parts:
                self._between(item)
            else:
                self._item(item, _Above())
        lines = [heading.line for heading in section.headings]
        if len(self.drafted.drafts) > before:
            self.drafted.used += lines
            self.drafted.shapes += [(line, "heading") for line in lines]
        else:
            self.drafted.left_out += [(line, "a heading with nothing below it") for line in lines]

    def _is_list(self, item: Item) -> bool:
        """Whether an item among labelled ones is an ask of a list, or a lead-in with its parts."""
        if self._strays or self._chapter.kind == "mixed" or introduces(item.text):
            return False
        label = item.line.label
        listed = label is not None and label.kind in ("number", "letter", "bullet")
        return (listed and asks(item.text)) or (bool(item.parts) and leads_on(item.text))

    def _labelled(self, item: Item) -> None:
        """A "Recommendation 4": its ask among its paragraphs, the ones before it as context."""
        context, own, after = self._split(item)
        item.lines = own
        if not own and not item.parts:
            if item.title is None:
                self._leave(item, "its label has no text below it")
                return
            item.lines, item.title = [item.title], None
        number = item.line.rec.number if item.line.rec else None
        if own and item.parts and leads_on(item.text):
            self._parts(item, _Above(number=number))
        else:
            self._make(item, _Above(), number, context=context)
        self.drafted.left_out += [(line, AROUND) for line in after]

    def _split(self, item: Item) -> tuple[list[Line], list[Line], list[Line]]:
        """Its paragraphs before the ask, the ask, and those after."""
        lines = item.lines
        first = next((n for n, line in enumerate(lines) if asks(line.text)), None)
        if first is None:
            first = next((n for n, line in enumerate(lines) if not tells(line.text)), 0)
        end = first + 1
        inline = bool(lines) and lines[0] is item.line
        if item.parts and leads_on(lines[first].text if lines else ""):
            return lines[:first], lines[first:end], lines[end:]
        while end < len(lines) and asks(lines[end].text):
            outright = asks_outright(lines[end].text) and not (
                self._strays or (inline and first == 0)
            )
            if not goes_on(lines[end].text) and not outright:
                break
            end += 1
        return lines[:first], lines[first:end], lines[end:]

    def _item(self, item: Item, above: _Above) -> None:
        """An item without a "Recommendation" label: one draft, one for each part, or none."""
        text = item.text
        if item.parts and leads_on(text) and not introduces(text):
            self._parts(item, above)
        elif item.parts and (introduces(text) or not (above.lead_ins or asks(text))):
            self._leave(Item(item.line, item.lines), self._why(text), item.fields)
            for part in item.parts:
                self._item(part, self._under_words(item, part, above))
        elif self._is_one(item) or above.lead_ins or id(item) in self._listed:
            self._make(item, above, _joined(above.number, item.line.label))
        else:
            self._leave(item, self._why(text))

    def _under_words(self, item: Item, part: Item, above: _Above) -> _Above:
        """What words that ask for nothing hand on: a title, and their number to lettered parts."""
        is_title = item.line.label and not introduces(item.text) and is_name(item.text)
        lettered = part.line.label and part.line.label.kind in ("letter", "roman")
        number = _joined(above.number, item.line.label) if lettered else above.number
        return replace(above, number=number, title=item.line if is_title else above.title)

    def _between(self, item: Item) -> None:
        """A paragraph without a number among numbered ones: only an outright ask is taken."""
        strong = asks_outright(item.text) and not introduces(item.text) and not goes_on(item.text)
        if strong and self._is_one(item):
            self._make(item, _Above(flags=("it has no number, though others have",)), None)
        else:
            self._leave(item, self._why(item.text))

    def _is_one(self, item: Item) -> bool:
        """Whether an item is a recommendation by itself."""
        text = item.text
        if not text or introduces(text):
            return False
        if self._chapter.kind == "mixed":
            return asks_outright(text)
        if item.line.label is None:
            return asks_outright(text) or (asks(text) and not tells(text))
        if item.line.label.kind == "decimal":
            return asks(text) or names_a_measure(text)
        return asks(text) or (not tells(text) and not text.rstrip().endswith(":"))

    def _parts(self, item: Item, above: _Above) -> None:
        """Each part under a lead-in, with the lead-in carried to it."""
        labels = [part.line.label for part in item.parts]
        number = above.number
        if not item.is_labelled:
            number = _joined(above.number, item.line.label)
        under = _Above(
            (*above.lead_ins, item.text),
            (*above.lines, *item.lines),
            number,
            (*above.flags, _carried(labels)),
        )
        for part in item.parts:
            before = len(self.drafted.drafts)
            if part.parts and leads_on(part.text):
                self._parts(part, under)
            else:
                self._make(part, under, _joined(number, part.line.label))
            for draft, _ in self.drafted.drafts[before:]:
                self._fill(draft, item)
        self.drafted.used += [item.line, *([item.title] if item.title else [])]
        self.drafted.used += [line for _, lines in (*item.before, *item.fields) for line in lines]

    def _make(
        self, item: Item, above: _Above, number: str | None, context: Sequence[Line] = ()
    ) -> None:
        lines = [*item.lines, *_inside(item.parts)]
        own = "\n".join([item.text, *(line.printed for line in _inside(item.parts))]).strip()
        text = " ".join([*above.lead_ins, own])
        title_line = item.title or above.title
        title = title_line.text.strip(" :") if title_line else None
        draft = Draft(
            text=text,
            heading=self._heading(title),
            values={"number": number} if number else {},
            actions=[{}],
            other=[OtherCell(header="context", text=line.printed) for line in context],
            flags=list(above.flags),
            places=[],
        )
        self._fill(draft, item)
        self._address(draft, item)
        if not asks(text):
            draft.flags.append(
                "no word of it asks for anything: it was taken as it stands in a list"
            )
        fields = [line for _, found in (*item.before, *item.fields) for line in found]
        own_lines = [item.line, *lines, *context, *fields, *([item.title] if item.title else [])]
        draft.places = self._places(own_lines)
        made_of = (*own_lines, *above.lines, *([above.title] if above.title else []))
        self.drafted.drafts.append((draft, made_of))
        self.drafted.used += made_of
        self.drafted.shapes += [(line, "lead-in") for line in above.lines]
        self.drafted.shapes += [(title_line, "heading")] if title_line else []
        self.drafted.shapes += [] if item.line.text else [(item.line, "heading")]

    def _places(self, lines: Sequence[Line]) -> list[str]:
        """The places of lines, in the order in which the chapter prints them."""
        ordered = sorted(lines, key=lambda line: self._order.get(id(line), 0))
        return list(dict.fromkeys(line.place for line in ordered))

    def _fill(self, draft: Draft, item: Item) -> None:
        """What the labelled lines of an item say, into its fields or beside them."""
        qualifier = item.line.rec.qualifier if item.line.rec else ""
        if is_scope_alone(qualifier):
            draft.values["scope"] = qualifier
            draft.flags.append(f"the scope was read from the label “{qualifier}”")
        elif qualifier and not agency_of_heading(qualifier, self._agencies):
            draft.other.append(
                OtherCell(header="label", text=item.line.rec.printed if item.line.rec else "")
            )
        for name, lines in (*item.before, *item.fields):
            named = field_line(lines[0].text)
            first = named[1] if named else lines[0].text
            value = "\n".join([first, *(line.printed for line in lines[1:])]).strip()
            field_ = _field_of(name)
            if field_ == "scope" and read_scope(value).value:
                draft.values["scope"] = value
            elif not value:
                continue
            elif field_ and field_ != "scope" and field_ not in draft.actions[0]:
                draft.actions[0][field_] = value
            else:
                draft.other.append(OtherCell(header=name, text=value))

    def _heading(self, title: str | None) -> str | None:
        """The innermost heading, and below it the title that a label carries."""
        headings = self._section.headings
        heading = headings[-1].line.text.strip() if headings else self._chapter.under
        if heading is None and not self._strays and not is_plain_title(self._chapter.heading.text):
            heading = self._chapter.heading.text.strip()
        return "\n".join(part for part in (heading, title) if part) or None

    def _address(self, draft: Draft, item: Item) -> None:
        """Who is asked and how wide it reaches, from the headings, the label or the text itself."""
        headings = [h for h in self._section.headings if h.is_scope]
        scope = headings[-1].line.text if headings else self._chapter.heading.text
        if "scope" not in draft.values and not self._strays and is_scope_alone(scope):
            draft.values["scope"] = scope.strip()
            draft.flags.append(f"the scope was read from the heading “{scope.strip()}”")
        if "lead_agency" in draft.actions[0]:
            self._keep_label(draft, item)
            return
        for words, where in self._named_above(item):
            agency = agency_of_heading(words, self._agencies)
            if agency:
                draft.actions[0]["lead_agency"] = agency
                draft.flags.append(f"{LEAD_FROM} {where} “{words.strip()}”")
                self._compare(draft, agency)
                return
        agency = addressee(draft.text, self._agencies)
        if agency:
            draft.actions[0]["lead_agency"] = agency
            draft.flags.append(f"{LEAD_FROM} the text")

    def _keep_label(self, draft: Draft, item: Item) -> None:
        """A label that names another agency than the one printed below it is kept beside it."""
        rec = item.line.rec
        agency = agency_of_heading(rec.qualifier, self._agencies) if rec else None
        if rec and agency and fold(agency) != fold(draft.actions[0]["lead_agency"]):
            draft.other.append(OtherCell(header="label", text=rec.printed))

    def _compare(self, draft: Draft, agency: str) -> None:
        """Flag a text that asks somebody of another sector than the heading names."""
        asked = addressee(draft.text, self._agencies)
        sectors = {a.sector for a in self._agencies.read(agency)}
        if asked and not sectors & {a.sector for a in self._agencies.read(asked)}:
            draft.flags.append(f"its text asks “{asked}”")

    def _named_above(self, item: Item) -> Iterator[tuple[str, str]]:
        if item.line.rec and item.line.rec.qualifier:
            for part in item.line.rec.qualifier.split("; "):
                yield part, "the label"
        if item.title:
            yield item.title.text, "the heading"
        for heading in reversed(self._section.headings):
            yield heading.line.text, "the heading"
        if self._chapter.under:
            yield self._chapter.under, "the heading"
        if not self._strays:
            yield self._chapter.heading.text, "the heading"

    def _leave(
        self, item: Item, why: str, fields: Sequence[tuple[str, list[Line]]] | None = None
    ) -> None:
        kept = fields if fields is not None else [*item.before, *item.fields]
        lines = [*(item.lines or [item.line]), *_inside(item.parts)]
        lines += [line for _, found in kept for line in found]
        lines += [item.title] if item.title else []
        self.drafted.left_out += [(line, why) for line in lines]

    @staticmethod
    def _why(text: str) -> str:
        return "it introduces the recommendations" if introduces(text) else AROUND


def _inside(parts: Sequence[Item]) -> list[Line]:
    """Every line of a list and of the lists in it, in order."""
    return [line for part in parts for line in (*part.lines, *_inside(part.parts))]


def _listed_between(items: Sequence[Item], is_one: Callable[[Item], bool]) -> frozenset[int]:
    """Items, by ``id``, whose number stands between those of two recommendations of one list.

    Paragraphs of a whole report may be numbered too, so that the number counts only where most of
    the list asks for something.
    """
    listed = [item for item in items if item.line.label and item.line.label.kind == "number"]
    asked = [is_one(item) for item in listed]
    if sum(asked) * 3 < len(asked) * 2:
        return frozenset()
    return frozenset(
        id(item)
        for at, item in enumerate(listed[1:-1], start=1)
        if asked[at - 1]
        and asked[at + 1]
        and not introduces(item.text)
        and _is_next(listed[at - 1], item)
        and _is_next(item, listed[at + 1])
    )


def _is_next(item: Item, after: Item) -> bool:
    label, before = after.line.label, item.line.label
    return label is not None and before is not None and follows(label, before)


def _joined(number: str | None, label: Label | None) -> str | None:
    """A part's number as people cite it under its item's: "5.3" and "(a)" are "5.3(a)"."""
    if label is None or label.number is None:
        return number
    if number is None or label.kind == "decimal":
        return label.number
    return f"{number}({label.number.strip('()')})"


def _carried(labels: Sequence[Label | None]) -> str:
    numbers = [label.printed for label in labels if label and label.number]
    if not numbers:
        return "the lead-in of its list was carried to it"
    which = numbers[0] if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
    return f"the lead-in of {which} was carried to it"


def _field_of(name: str) -> str | None:
    """The field that a labelled line names; None where it is kept beside the fields."""
    if re.search(r"outcome|impact|measure|success", name, re.IGNORECASE):
        return None
    if _OWNERS.search(name) and "response" not in name:
        return "lead_agency"
    if _DATES.search(name):
        return "target_date"
    (column,) = name_columns([Cell(name, 0)], {})
    return column.field if column.field in _TAKEN else None
