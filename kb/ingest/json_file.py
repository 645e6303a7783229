"""JSON and JSON Lines: a list of objects is a table whose keys are the headers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from kb.errors import DamagedDocument
from kb.ingest.encoding import decoded
from kb.ingest.tables import Cell, Document, Row, Table, row_of

_HALF = re.compile("[\ud800-\udfff]")  # of a character that JSON writes as two; it means nothing


def read_json(data: bytes, name: str) -> Document:
    """A list of objects, or ``{"review": {facts}, "rows" or "recommendations": [objects]}``."""
    text, notes = decoded(data, name)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(error, name) from error
    facts: Mapping[str, object] = {}
    if isinstance(value, Mapping):
        review = value.get("review", {})
        facts = review if isinstance(review, Mapping) else {"title": review}
        value = value.get("rows", value.get("recommendations"))
    objects = _objects(value, name)
    named = {key: text for key, item in facts.items() if (text := _text(item))}
    return Document((_table(objects, "object"),), notes, named)


def read_json_lines(data: bytes, name: str) -> Document:
    """One object a line."""
    text, notes = decoded(data, name)
    objects = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                objects.append(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise _broken(error, f"{name}, line {number}") from error
    return Document((_table(_objects(objects, name), "object"),), notes)


def _objects(value: object, name: str) -> Sequence[Mapping[str, object]]:
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        return value
    raise DamagedDocument(
        "the JSON is not a list of objects",
        place=name,
        hint='Write [{"recommendation": "…"}, …] or {"review": {…}, "rows": [{…}, …]}.',
    )


def _table(objects: Sequence[Mapping[str, object]], word: str) -> Table:
    keys = list(dict.fromkeys(key for item in objects for key in item))
    at = {key: number for number, key in enumerate(keys)}
    rows: list[Row] = [row_of(keys, "the keys")]
    for number, item in enumerate(objects, start=1):
        cells = (Cell(_text(value).strip(), at[key]) for key, value in item.items())
        rows.append(Row(tuple(sorted(cells, key=lambda cell: cell.at)), f"{word} {number}"))
    return Table("table 1", tuple(rows), records=True)


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
