"""JSON and JSON Lines: a list of objects is a table whose keys are the headers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from kb.errors import DamagedDocument
from kb.ingest.plans.synonyms import FACT_FIELDS
from kb.ingest.readers.encoding import decoded
from kb.ingest.tables import Cell, Document, Paragraph, Row, Table, row_of

_HALF = re.compile("[\ud800-\udfff]")  # of a character that JSON writes as two; it means nothing
_ACTIONS = re.compile(r"actions?$|steps$|tasks$", re.IGNORECASE)
_FACTS = (*FACT_FIELDS, "case")
_JOINED = ("action", "lead_agency", "milestones", "outcome", "target_date", "completed")


def read_json(data: bytes, name: str) -> Document:
    """A list of objects, or ``{"review": {facts}, "rows" or "recommendations": [objects]}``.

    Facts may stand beside the rows too; another list of objects there is a further table, and what
    else stands there is an aside.
    """
    text, notes = decoded(data, name)
    value = _parsed(text, name)
    if not isinstance(value, Mapping):
        return Document((_table(_objects(value, name), 1),), notes)
    first = "rows" if "rows" in value else "recommendations"
    tables = [_table(_objects(value.get(first), name), 1)]
    review = value.get("review", {})
    facts = dict(review) if isinstance(review, Mapping) else {"title": review}
    asides: list[Paragraph] = []
    for key, item in value.items():
        if key in (first, "review"):
            continue
        if key in FACT_FIELDS and key not in facts and type(item) in (str, int):
            facts[key] = item
        elif _is_list_of_objects(item):
            tables.append(_table(item, len(tables) + 1))
        else:
            asides += _aside(key, item)
    named = {key: text for key, item in facts.items() if (text := _text(item))}
    asides += [one for key in named if key not in _FACTS for one in _aside(key, named[key])]
    return Document((*asides, *tables), notes, named)


def read_json_lines(data: bytes, name: str) -> Document:
    """One object a line."""
    text, notes = decoded(data, name)
    lines = enumerate(text.split("\n"), start=1)
    objects = [_parsed(line, f"{name}, line {number}") for number, line in lines if line.strip()]
    return Document((_table(_objects(objects, name), 1),), notes)


def _parsed(text: str, place: str) -> object:
    """The value; numbers with a point are kept as they are written ("3.10")."""
    try:
        return json.loads(text, parse_float=str, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise _broken(error, place) from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    item = dict(pairs)
    if len(item) < len(pairs):
        twice = next(key for number, (key, _) in enumerate(pairs) if key in dict(pairs[:number]))
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return item


def _aside(key: str, value: object) -> list[Paragraph]:
    text = _text(value).strip()
    return [Paragraph(f"{key}: {text}", f"the key {key}", aside="further key")] if text else []


def _objects(value: object, name: str) -> Sequence[Mapping[str, object]]:
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        return value
    raise DamagedDocument(
        "the JSON is not a list of objects",
        place=name,
        hint='Write [{"recommendation": "…"}, …] or {"review": {…}, "rows": [{…}, …]}.',
    )


def _table(objects: Sequence[Mapping[str, object]], number: int) -> Table:
    shown = [_without_joined(item) for item in objects]
    return Table(f"table {number}", tuple(_rows(shown, "object")), records=True)


def _rows(objects: Sequence[Mapping[str, object]], word: str) -> Iterator[Row]:
    """A row of the keys, then one row an object; a list of actions in it is a table in its cell."""
    keys = list(dict.fromkeys(key for item in objects for key in item))
    nested = {key for item in objects for key in item if isinstance(item[key], list)}
    keys.sort(key=nested.__contains__)  # texts go before lists of objects
    at = {key: number for number, key in enumerate(keys)}
    yield row_of(keys, "the keys")
    for number, item in enumerate(objects, start=1):
        place = f"{word} {number}"
        cells = [_cell(key, value, at[key], place) for key, value in item.items()]
        yield Row(tuple(sorted(cells, key=lambda cell: cell.at)), place)


def _cell(key: str, value: object, at: int, place: str) -> Cell:
    if not (_ACTIONS.search(key) and _is_list_of_objects(value)):
        return Cell(_text(value).strip(), at)
    rows = _rows([_action(item) for item in value], "number")
    return Cell("", at, tables=(Table(f"{place}, {key}", tuple(rows), records=True),))


def _action(item: Mapping[str, object]) -> dict[str, object]:
    """An action under the names of columns; agencies that were read from its lead are left out."""
    named = {"action" if key == "text" else key: value for key, value in item.items()}
    if "lead_agency" in named:
        named.pop("lead_agencies", None)
    return named


def _is_list_of_objects(value: object) -> TypeGuard[list[Mapping[str, object]]]:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _without_joined(item: Mapping[str, object]) -> Mapping[str, object]:
    """An object of ``kb export`` without what it says twice: of several actions the joined view.

    Of one action, or where a correction parts the view from its actions, the view is kept and the
    actions stay text.
    """
    actions = item.get("actions")
    if "review_id" not in item or not _is_list_of_objects(actions):
        return item
    is_joined = all(_text(item.get(key)) == _joined(key, actions) for key in _JOINED)
    if len(actions) > 1 and is_joined and _status(item) == _joined_status(actions):
        return {key: value for key, value in item.items() if key not in (*_JOINED, "status")}
    if len(actions) == 1 and is_joined:
        return {key: value for key, value in item.items() if key != "actions"}
    return {**item, "actions": json.dumps(actions, ensure_ascii=False)}


def _joined(key: str, actions: Sequence[Mapping[str, object]]) -> str:
    texts = [_text(action.get("text" if key == "action" else key)) for action in actions]
    return "\n\n".join(dict.fromkeys(text for text in texts if text))


def _status(item: Mapping[str, object]) -> object:
    status = item.get("status")
    return status.get("value") if isinstance(status, Mapping) else status


def _joined_status(actions: Sequence[Mapping[str, object]]) -> object:
    """The status that several actions have together, as ``kb.ingest.records`` joins it."""
    values = [_status(action) for action in actions]
    if len(set(map(str, values))) == 1:
        return values[0]
    if set(map(str, values)) == {"complete", "ongoing"}:
        return "ongoing"
    return None if None in values else "in-progress"


def _text(value: object) -> str:
    """A JSON value as a cell: text as it is, a list by ``;``, ``{printed: …}`` as printed.

    Where nothing was printed, as in a status that a person gave, it is the value or date.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode() if _HALF.search(value) else value
    if isinstance(value, Mapping) and "printed" in value:
        return _text(value["printed"] or value.get("value") or value.get("date"))
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    if value == {}:
        return ""
    return json.dumps(value, ensure_ascii=False)


def _broken(error: Exception, place: str) -> DamagedDocument:
    said = str(error)
    if isinstance(error, json.JSONDecodeError):
        said = f"{error.msg} at line {error.lineno}, column {error.colno}"
    return DamagedDocument(
        f"the JSON is broken: {said}", place=place, hint="Mend it there and add it again."
    )
