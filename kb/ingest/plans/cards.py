"""Tables that are forms: one card (field | value) a recommendation, or its actions under a title.

A row is a title (one cell across), pairs of a label and its value, a header of actions, or an
action below such a header. A card begins with its title, or where a label comes again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from kb.ingest.drafts import Draft, Gathered, action_values, draft_of, names_completion
from kb.ingest.plans.card_rows import (
    Pair,
    heads_actions,
    is_list_of_terms,
    is_title_row,
    numbered_titles,
    other_pair,
    pairs_of,
    prints_recommendation,
)
from kb.ingest.plans.cuts import Words, joined_rows
from kb.ingest.plans.header_rows import find_header, header_at
from kb.ingest.plans.headers import Header, label_field
from kb.ingest.plans.nested import NestedAction, with_text
from kb.ingest.plans.numbering import head_number
from kb.ingest.plans.synonyms import FACT_FIELDS
from kb.ingest.readings import Shape
from kb.ingest.tables import Row, Table
from kb.printed import OtherCell
from kb.text.normalise import fold

_FEWEST_LABELS = 3  # fields of a card, the recommendation among them
_READ_ROWS = 0.6  # share of a table's rows that must read as a card's
_BEGINS = frozenset({"recommendation", "number"})


@dataclass
class _Card:
    """One card while its rows go by."""

    title: str | None = None
    pairs: list[Pair] = field(default_factory=list)
    actions: list[tuple[dict[str, str], list[OtherCell]]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    dated: bool = False

    @property
    def fields(self) -> set[str]:
        return {pair.field for pair in self.pairs}

    @property
    def text(self) -> str | None:
        """The recommendation: of its label, else the title where that prints one."""
        said = [p.value for p in self.pairs if p.field == "recommendation" and p.value]
        if said:
            return "\n".join(said)
        return self.title if self.title and prints_recommendation(self.title) else None


def are_cards(table: Table, overrides: Mapping[str, str]) -> bool:
    """Whether most rows of a table read as those of cards, a recommendation among their labels."""
    rows = [row for row in table.rows if row.filled]
    if len(rows) < 2 or table.records or is_list_of_terms(rows[0]):
        return False
    pairs = [pairs_of(row, overrides) for row in rows]
    fields = {pair.field for found in pairs for pair in found} - {"kept"}
    labelled = sum(bool(found) for found in pairs)
    header = find_header(table.rows, overrides)
    if header and len(header.fields) >= max(len(fields), _FEWEST_LABELS):
        return False
    if header and len(header.fields) > 1 and labelled < len(header.fields):
        return False
    titled = any(prints_recommendation(row.filled[0].text) for row in rows if is_title_row(row))
    fewest = 2 if header is None or len(header.fields) < 2 else _FEWEST_LABELS
    if "recommendation" not in fields and not titled:
        return False
    below = [header_at((row,), 0, overrides) for row in rows if heads_actions(row, overrides)]
    if below and not below[0].repeats(rows[0]):
        fields |= set().union(*(header.fields for header in below))
        fewest = 1 + titled
    if (
        len(fields | ({"recommendation"} if titled else set())) < fewest
        or labelled < fewest - titled
    ):
        return False
    return _share_read(rows, pairs, overrides) >= _READ_ROWS


def are_titled_actions(table: Table, overrides: Mapping[str, str], *, above: str | None) -> bool:
    """Whether rows of actions stand under titles that print the recommendations.

    ``above`` is the recommendation that the paragraph above the table prints.
    """
    header = _actions_header(table.rows, overrides)
    if header is None or table.records:
        return False
    if above is not None or numbered_titles(table.rows):
        return True
    return any(prints_recommendation(row.filled[0].text) for row in table.rows if is_title_row(row))


def read_cards(
    table: Table,
    overrides: Mapping[str, str],
    words: Callable[[], Words],
    *,
    above: str | None = None,
) -> Gathered:
    """The drafts of a table of cards, or of actions under titles.

    ``words`` gives the words of the document, by which cut words are joined.
    """
    unknown = {fold(pair.label) for row in table.rows if (pair := other_pair(row))}
    reader = _Reader(overrides, above, unknown)
    titles = numbered_titles(table.rows)
    for printed in _whole_rows(table.rows, overrides, words):
        row, inner, headers = with_text(printed, overrides)
        reader.heads_inner(row, headers)
        if printed.place in titles:
            reader.begin(row, *titles[printed.place])
        else:
            reader.read(row, inner)
    return reader.gathered()


def _whole_rows(
    rows: Sequence[Row], overrides: Mapping[str, str], words: Callable[[], Words]
) -> Iterator[Row]:
    """The rows with each action that a page break cut as one again."""
    header: Header | None = None
    actions: list[Row] = []
    for row in rows:
        if heads_actions(row, overrides):
            yield from _joined(actions, header, words)
            header, actions = header_at((row,), 0, overrides), []
            yield row
            continue
        pairs = pairs_of(row, overrides)
        is_pair = any(pair.value for pair in pairs) if row.after_break else bool(pairs)
        if header and not is_pair and not _is_whole_title(row):
            actions.append(row)
            continue
        yield from _joined(actions, header, words)
        header, actions = None if is_pair else header, []
        yield row
    yield from _joined(actions, header, words)


def _joined(
    actions: Sequence[Row], header: Header | None, words: Callable[[], Words]
) -> Sequence[Row]:
    return joined_rows(actions, header, words, whole=True) if header and actions else actions


def _is_whole_title(row: Row) -> bool:
    """Whether a row is a title and not the rest of a cell that a page break cut."""
    return is_title_row(row) and not (row.after_break and len(row.cells) > 1)


class _Reader:
    """Reads the rows of cards one by one."""

    def __init__(self, overrides: Mapping[str, str], above: str | None, unknown: Set[str]) -> None:
        self._overrides = overrides
        self._unknown = unknown
        self._cards: list[_Card] = [_Card(title=above)]
        self._header: Header | None = None
        self._gathered = Gathered()
        self._headings: dict[int, str] = {}
        self._heading: tuple[Row, str] | None = None

    def read(self, row: Row, inner: Sequence[NestedAction]) -> None:
        """Take one row."""
        card = self._cards[-1]
        card.actions += inner
        if not row.filled:
            return
        pairs = pairs_of(row, self._overrides)
        if is_title_row(row) and not pairs:
            self._title(row)
        elif heads_actions(row, self._overrides):
            self._header = header_at((row,), 0, self._overrides)
            card.dated = card.dated or names_completion(self._header)
            for cell in row.filled:
                self._shape(row, "header of actions", cell.text)
        elif pairs:
            self._header = None if self._header and not _is_action_label(pairs) else self._header
            for pair in pairs:
                self._pair(pair, row)
        elif self._header is not None:
            self._action(row, self._header)
        elif card.pairs and not row.cells[0].text:
            self._goes_on(row)
        elif (card.pairs or card.title) and (unknown := other_pair(row)):
            self._pair(unknown, row)
        else:
            self._gathered.left_out.append((row, "no label of a card stands before it"))

    def heads_inner(self, row: Row, headers: Sequence[str]) -> None:
        """Take the headers of the tables of actions inside a row."""
        for text in headers:
            self._shape(row, "header of actions", text)

    def begin(self, row: Row, number: str, text: str) -> None:
        """Begin a card with a row that prints its number beside its recommendation."""
        card = self._begin(row)
        card.pairs += [Pair("number", "number", number), Pair("", "recommendation", text)]

    def _title(self, row: Row) -> None:
        text = row.filled[0].text
        card = self._cards[-1]
        found = head_number(text)
        if (
            card.title
            and not card.pairs
            and not card.actions
            and not prints_recommendation(card.title)
        ):
            card.title = f"{card.title}\n{text}"
            card.rows.append(row)
        elif prints_recommendation(text) or (found and "rec" in fold(found.printed)):
            self._begin(row).title = text
        elif label_field(text, self._overrides) or fold(text) in self._unknown:
            self._shape(row, "title")
        else:
            self._flush_heading()
            self._heading = (row, text)

    def _begin(self, row: Row) -> _Card:
        """A new card; the first one may still be without anything."""
        card = self._cards[-1]
        if card.title or card.pairs or card.actions:
            card = _Card()
            self._cards.append(card)
        if self._heading:
            self._shape(self._heading[0], "heading")
            self._headings[id(card)] = self._heading[1]
            self._heading = None
        elif len(self._cards) > 1:
            self._headings[id(card)] = self._headings.get(id(self._cards[-2]), "")
        card.rows.append(row)
        return card

    def _pair(self, pair: Pair, row: Row) -> None:
        card = self._cards[-1]
        again = pair.field in card.fields
        if (pair.field in _BEGINS and again) or (not card.rows and not card.title):
            card = self._begin(row)
        if row not in card.rows:
            card.rows.append(row)
        card.pairs.append(pair)
        self._shape(row, "label", pair.label)
        card.dated = card.dated or (pair.field == "outcome" and "complet" in fold(pair.label))

    def _goes_on(self, row: Row) -> None:
        """A row without a label goes on from the value above."""
        card = self._cards[-1]
        last = card.pairs[-1]
        more = "\n".join(cell.text for cell in row.filled)
        value = f"{last.value}\n{more}" if last.value else more
        card.pairs[-1] = Pair(last.label, last.field, value)
        card.rows.append(row)

    def _action(self, row: Row, header: Header) -> None:
        values: dict[str, str] = {}
        other = []
        for cell in row.filled:
            column = header.by_grid.get(cell.at)
            name = column.header if column else f"column {cell.at + 1}"
            if column is None or column.field in (None, "number", "recommendation"):
                other.append(OtherCell(header=name, text=cell.text))
            else:
                before = values.get(str(column.field))
                values[str(column.field)] = f"{before}\n{cell.text}" if before else cell.text
        self._cards[-1].actions.append((values, other))
        self._cards[-1].rows.append(row)

    def _shape(self, row: Row, what: str, text: str | None = None) -> None:
        self._gathered.shapes.append(Shape(row.place, text or row.printed, what))

    def _flush_heading(self) -> None:
        if self._heading:
            self._gathered.left_out.append((self._heading[0], "a heading with nothing below it"))
            self._heading = None

    def gathered(self) -> Gathered:
        """The drafts of every card that prints a recommendation; the rows of the others."""
        self._flush_heading()
        for card in self._cards:
            if card.title and card.rows:
                self._shape(card.rows[0], "title of a card", card.title)
            draft = _draft(card, self._headings.get(id(card)) or None)
            if draft is not None:
                self._gathered.drafts.append(draft)
                continue
            why = "its card has no recommendation"
            self._gathered.left_out += [(row, why) for row in card.rows]
            self._gathered.without_text += card.rows
        return self._gathered


def _draft(card: _Card, heading: str | None) -> Draft | None:
    text = card.text
    if text is None:
        return None
    values: dict[str, str] = {"recommendation": text}
    other: list[OtherCell] = []
    for pair in card.pairs:
        if pair.field == "recommendation" or not pair.value:
            continue
        if pair.field == "kept" or pair.field in values:
            other.append(OtherCell(header=pair.label, text=pair.value))
        else:
            values[pair.field] = pair.value
    _number_from_labels(card, values)
    if card.title and card.title != text:
        values, other = _with_title(card.title, values, other)
    row = card.rows[0] if card.rows else Row((), "")
    draft = draft_of(values, other, heading=heading, row=row)
    draft.places = [r.place for r in card.rows] or [""]
    draft.flags = list(dict.fromkeys(flag for r in card.rows for flag in r.flags))
    draft.dated = card.dated
    unread = set(values) - {*draft.values, *draft.actions[0], *draft.facts}
    draft.other += [
        OtherCell(header=name, text=values[name])
        for name in sorted(unread - {"recommendation", "heading", *FACT_FIELDS})
    ]
    _add_actions(draft, card)
    return draft


def _number_from_labels(card: _Card, values: dict[str, str]) -> None:
    """A label "Recommendation 4" is the number of its card."""
    for pair in card.pairs:
        found = head_number(pair.label) if pair.field == "recommendation" else None
        if found and "number" not in values:
            values["number"] = found.number


def _with_title(
    title: str, values: dict[str, str], other: list[OtherCell]
) -> tuple[dict[str, str], list[OtherCell]]:
    """The title of a card that prints its recommendation elsewhere: its number, or its heading."""
    found = head_number(title)
    if found and not found.rest:
        if "number" in values:
            return values, [*other, OtherCell(header="title", text=title)]
        return {**values, "number": found.number}, other
    if "heading" in values:
        return values, [*other, OtherCell(header="title", text=title)]
    return {**values, "heading": title}, other


def _add_actions(draft: Draft, card: _Card) -> None:
    own = draft.actions[0]
    actions = [dict(values) for values, _ in card.actions if values]
    if actions and "action" not in own:
        _keep_own(draft, own, card)
        draft.actions = [{**own, **action_values(action)} for action in actions]
    else:
        draft.actions += [action_values(action) for action in actions]
    for action in actions:
        draft.other += [
            OtherCell(header=name, text=text)
            for name, text in action.items()
            if name not in action_values(action)
        ]
    draft.other += [cell for _, cells in card.actions for cell in cells]


def _keep_own(draft: Draft, own: dict[str, str], card: _Card) -> None:
    """What a card says of its recommendation as a whole, where each of its actions says its own."""
    labels = {pair.field: pair.label for pair in card.pairs}
    actions = [action_values(values) for values, _ in card.actions if values]
    for name, text in own.items():
        said = [action.get(name) for action in actions]
        if not all(said):
            continue
        if name == "lead_agency" and text not in said:
            draft.values[name] = text
        else:
            draft.other.append(OtherCell(header=labels.get(name, name), text=text))


def _is_action_label(pairs: Sequence[Pair]) -> bool:
    return all(pair.field in ("kept",) for pair in pairs)


def _actions_header(rows: Sequence[Row], overrides: Mapping[str, str]) -> Header | None:
    """The header of a table of actions: an action and one more of its fields, no recommendation."""
    header = find_header(rows, overrides, needs="action")
    if header is None or "recommendation" in header.fields:
        return None
    return header if len(action_values(dict.fromkeys(header.fields, ""))) > 1 else None


def _share_read(
    rows: Sequence[Row], pairs: Sequence[Sequence[Pair]], overrides: Mapping[str, str]
) -> float:
    """The share of the rows that are titles, pairs, headers of actions or actions."""
    return sum(_read(rows, pairs, overrides)) / len(rows)


def _read(
    rows: Sequence[Row], pairs: Sequence[Sequence[Pair]], overrides: Mapping[str, str]
) -> Iterator[bool]:
    below_header = False
    for row, found in zip(rows, pairs, strict=True):
        is_header = heads_actions(row, overrides)
        below_header = is_header or (below_header and not found and not is_title_row(row))
        yield bool(found) or is_header or below_header or is_title_row(row) or not row.cells[0].text
