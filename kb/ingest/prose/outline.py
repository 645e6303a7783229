"""The outline of a chapter: its headings, and its paragraphs as items with parts under them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kb.ingest.prose.asks import asks, goes_on, introduces, is_name, leads_on, obliges, tells
from kb.ingest.prose.chapters import agency_of_heading, is_scope_heading
from kb.ingest.prose.labels import Label, follows
from kb.ingest.prose.lines import Line, field_line, is_heading
from kb.text.agencies import Agencies
from kb.text.patterns import late

_SHORT = 9  # words; a plain line that is longer is no heading
_BEFORE = late(
    r"(?:key )?(?:learning|lesson|finding|background|context|evidence|rationale|reason|issue|why|"
    r"theme)",
    re.IGNORECASE,
)
_GROUP = late(
    r"(?:(?:single|individual|multi|cross|inter)[ -]?agency|overview(?: report)?|organisational)"
    r"(?: (?:recommendations|actions))?:?",
    re.IGNORECASE,
)


@dataclass
class Item:
    """One paragraph of a chapter with what belongs to it.

    ``lines`` are its own paragraphs, ``parts`` the items of the list under it, ``before`` and
    ``fields`` the (name, lines) printed for it above and below; ``title`` is a line of words
    between its label and its text.
    """

    line: Line
    lines: list[Line]
    parts: list[Item] = field(default_factory=list)
    title: Line | None = None
    before: list[tuple[str, list[Line]]] = field(default_factory=list)
    fields: list[tuple[str, list[Line]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of its own paragraphs, a line each."""
        return "\n".join(line.text for line in self.lines if line.text)

    @property
    def is_labelled(self) -> bool:
        """Whether it is a "Recommendation 4"."""
        return self.line.rec is not None


@dataclass(frozen=True)
class Heading:
    """A heading in a chapter, and what it says: an agency, a scope, or else a theme."""

    line: Line
    agency: str | None
    is_scope: bool

    @property
    def kind(self) -> str:
        """What it says, in a word."""
        return "scope" if self.is_scope else "agency" if self.agency else "theme"


@dataclass
class Section:
    """The items below one heading, with every heading that stands over them, outermost first."""

    headings: tuple[Heading, ...] = ()
    items: list[Item] = field(default_factory=list)


def outline_of(lines: Sequence[Line], agencies: Agencies) -> list[Section]:
    """The sections of a chapter's lines, in order."""
    outliner = _Outliner(agencies, has_labels=any(line.rec for line in lines))
    for at, line in enumerate(lines):
        outliner.take(line, lines[at + 1] if at + 1 < len(lines) else None)
    outliner.finish()
    return outliner.sections


class _Outliner:
    """Takes the lines of a chapter one by one and keeps what each belongs to."""

    def __init__(self, agencies: Agencies, *, has_labels: bool) -> None:
        self._agencies = agencies
        self._has_labels = has_labels
        self.sections = [Section()]
        self._with_items: set[int] = set()
        self._stack: list[Item] = []
        self._field: list[Line] | None = None
        self._before: list[tuple[str, list[Line]]] = []
        self._names_before: set[str] = set()
        self._top: dict[tuple[str, int | str], Label] = {}

    def take(self, line: Line, following: Line | None) -> None:
        named = field_line(line.text) if line.rec is None else None
        if named and self._takes_field(line, *named, following):
            return
        if self._is_heading(line, following):
            self._begin_section(line)
        elif line.rec:
            self._add(line, 0)
        elif self._field is not None and self._goes_into_field(line):
            self._field.append(line)
        elif line.label:
            self._take_labelled(line, line.label)
        else:
            self._take_plain(line)

    def finish(self) -> None:
        """What was kept for an item to come stands by itself."""
        for _, lines in self._before:
            self.sections[-1].items += [Item(line, [line]) for line in lines]
        self._before = []

    def _takes_field(self, line: Line, name: str, value: str, following: Line | None) -> bool:
        """Keep a labelled line with the item it belongs to; a bare name needs a line below it."""
        if not value and (following is None or following.rec or not _ends_name(line)):
            return False
        kind = name.casefold().rstrip(" 0123456789")
        is_before = bool(_BEFORE.match(name)) and (
            not any(item.is_labelled or asks(item.text) for item in self._stack[:1])
            or kind in self._names_before
        )
        if not is_before and not self._stack:
            return False
        lines = [line]
        self._field = lines if not value else None
        if is_before:
            self._names_before.add(kind)
            self._before.append((name, lines))
        else:
            self._stack[0 if self._stack[0].is_labelled else -1].fields.append((name, lines))
        return True

    def _goes_into_field(self, line: Line) -> bool:
        """Whether a line stands below a bare "Actions:": words, or a list under a labelled item."""
        under_label = bool(self._stack) and self._stack[0].is_labelled
        return line.label is None or (under_label and line.label.kind != "decimal")

    def _is_heading(self, line: Line, following: Line | None) -> bool:
        label, text = line.label, line.text
        if is_heading(line):
            is_item = label and not line.stands_out and (asks(text) or _is_next(following, label))
            return not is_item
        words = len(text.split())
        is_sentence = text.rstrip().endswith((".", ";", ",")) or obliges(text) or leads_on(text)
        in_a_list = label is not None and label.kind in ("bullet", "roman")
        if line.rec or is_sentence or in_a_list or words > _SHORT + 3:
            return False
        if (
            agency_of_heading(text, self._agencies)
            or is_scope_heading(text)
            or _GROUP.fullmatch(text)
        ):
            return True
        is_worded = label or words > _SHORT or tells(text) or introduces(text) or asks(text)
        return (
            not is_worded and text[:1].isupper() and following is not None and _is_below(following)
        )

    def _begin_section(self, line: Line) -> None:
        heading = Heading(
            line, agency_of_heading(line.text, self._agencies), is_scope_heading(line.text)
        )
        last = self.sections[-1]
        if last.headings and last.items:
            self._with_items.add(id(last.headings[-1]))
        kept = tuple(h for h in last.headings if self._stands_over(h, heading, last.headings))
        self.sections.append(Section((*kept, heading)))
        self._stack, self._field, self._top = [], None, {}

    def _stands_over(self, above: Heading, heading: Heading, stack: Sequence[Heading]) -> bool:
        """Whether a heading goes on standing over what a later heading opens.

        By level or depth of number where both have one. Else not over one of its own kind or over
        a scope, nor over one set like it once items stood under it itself; a scope does stand
        over the others, and of agencies and themes the kind that came first.
        """
        if above.line.level and heading.line.level:
            return above.line.level < heading.line.level
        ours, theirs = above.line.label, heading.line.label
        if ours and theirs and ours.kind == theirs.kind == "decimal":
            return _is_under(theirs, ours) and len(theirs.parts) > len(ours.parts)
        if heading.kind in (above.kind, "scope"):
            return False
        if id(above) in self._with_items and _style(above.line) == _style(heading.line):
            return False
        outer = next((h.kind for h in stack if h.kind != "scope"), "")
        return above.kind in ("scope", outer)

    def _take_labelled(self, line: Line, label: Label) -> None:
        self._field = None
        self._leave_headings(label)
        top = self._stack[0] if self._stack else None
        if top and top.is_labelled and not top.text and not top.parts and label.kind == "decimal":
            top.lines.append(line)
            return
        self._add(line, self._depth_of_bullet(line, label))

    def _leave_headings(self, label: Label) -> None:
        """End the sections whose headings' numbers a number has left ("5.2.2" below "5.2.1")."""
        headings = self.sections[-1].headings
        numbers = [heading.line.label for heading in headings]
        left = [n for n, number in enumerate(numbers)
                if number and number.kind == label.kind == "decimal"
                and not _is_under(label, number)]  # fmt: skip
        if left:
            self.sections.append(Section(headings[: left[0]]))
            self._stack, self._top = [], {}

    def _depth_of_bullet(self, line: Line, label: Label) -> int:
        """As ``_depth``; one bullet below another's colon is under it, though of the same sign.

        So are the words after it, up to the next bullet that asks with a capital.
        """
        depth = self._depth(label)
        same = depth < len(self._stack) and self._stack[depth].line.label
        if label.kind != "bullet" or not same:
            return depth
        asks_anew = bool(re.match(r"[A-Z]", line.text)) and asks(line.text)
        above = self._stack[depth - 1].line.label if depth else None
        if asks_anew:
            return depth - 1 if above and above.key == label.key else depth
        return depth + 1 if self._stack[depth].text.endswith(":") else depth

    def _depth(self, label: Label) -> int:
        """How many items of the stack a labelled line stands under."""
        for depth in reversed(range(len(self._stack))):
            other = self._stack[depth].line.label
            if other and other.key == label.key:
                return depth
            if other and label.kind == "decimal" and _is_under(label, other):
                return depth + 1
        before = self._top.get(label.key)
        if not self._stack or (before and follows(label, before)):
            return 0
        return self._depth_of_first(label)

    def _depth_of_first(self, label: Label) -> int:
        """As ``_depth``, for the first label of its kind: no number stands under letters."""
        top, deepest = self._stack[0], self._stack[-1]
        kinds = {item.line.label.kind for item in self._stack if item.line.label}
        under_letters = label.kind == "number" and not kinds.isdisjoint({"letter", "roman"})
        if under_letters and not top.is_labelled:
            return 0
        if label.kind == "decimal":
            number = top.line.rec.parts if top.line.rec else ()
            return 1 if number and label.parts[: len(number)] == number else 0
        if deepest.line.label is None and not deepest.is_labelled:
            is_over = deepest.text.endswith((":", ":-")) or leads_on(deepest.text)
            return len(self._stack) if is_over or introduces(deepest.text) else 0
        return len(self._stack)

    def _take_plain(self, line: Line) -> None:
        top = self._stack[0] if self._stack else None
        deepest = self._stack[-1] if self._stack else None
        if deepest and self._is_part(line, deepest):
            self._add(line, len(self._stack) - (1 if self._is_unlabelled_part(deepest) else 0))
        elif top and top.is_labelled:
            if not top.text and top.title is None and _is_title(line):
                top.title = line
            else:
                del self._stack[1:]
                top.lines.append(line)
        elif deepest and deepest.line.label and goes_on(line.text) and asks(line.text):
            deepest.lines.append(line)
        else:
            self._add(line, 0)

    def _is_part(self, line: Line, deepest: Item) -> bool:
        """Whether a line without a label is a part of the lead-in above it."""
        over = self._stack[-2] if self._is_unlabelled_part(deepest) else deepest
        if not leads_on(over.text) or not over.text.endswith((":", ":-", "–", "…")):
            return False
        begins_small = bool(re.match(r"[a-z]", line.text))
        return begins_small or (asks(line.text) and not obliges(line.text))

    def _is_unlabelled_part(self, item: Item) -> bool:
        return (
            len(self._stack) > 1
            and item.line.label is None
            and not item.is_labelled
            and item in self._stack[-2].parts
        )

    def _add(self, line: Line, depth: int) -> None:
        del self._stack[depth:]
        item = Item(line, [line] if line.text else [])
        if line.rec and _is_title(line):
            item.title, item.lines = line, []
        if depth == 0:
            if line.rec or (not self._has_labels and asks(line.text)):
                item.before, self._before = self._before, []
            self.sections[-1].items.append(item)
            if line.label:
                self._top[line.label.key] = line.label
        else:
            self._stack[-1].parts.append(item)
        self._stack.append(item)
        self._field = None


def _ends_name(line: Line) -> bool:
    return line.stands_out or line.printed.rstrip().endswith((":", "–", "-")) or not line.label


def _is_under(label: Label, other: Label) -> bool:
    """Whether a number is one below another: "5.2.1" below "5.2", "1.1" below "1."."""
    figures = other.kind in ("decimal", "number") and bool(other.parts)
    return figures and label.parts[: len(other.parts)] == other.parts


def _is_title(line: Line) -> bool:
    """Whether the words behind "Recommendation 4" name its matter and are not yet its text."""
    return is_name(line.text) and (not asks(line.text) or line.strong or bool(line.level))


def _is_next(following: Line | None, label: Label) -> bool:
    return following is not None and following.label is not None and follows(following.label, label)


def _is_below(line: Line) -> bool:
    """Whether a line may be the first below a heading that nothing but its place tells."""
    return bool(line.rec or line.label) or leads_on(line.text) or asks(line.text)


def _style(line: Line) -> tuple[int, bool, bool]:
    return line.level, line.strong, line.text.isupper()
