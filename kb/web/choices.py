"""The values of a filter that a form offers: in a list, or as suggestions where they are many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.web.narrowing import FACETS
from kb.web.visit import Visit

Values = Sequence[tuple[str, str]]
_LISTED = 150  # values of a list to choose from
_WEIGHT = 16_000  # bytes of the values of one list, or of the suggestions for one field
_OF_A_VALUE = 28  # bytes of its tags


def offered(visit: Visit, field: str) -> Values:
    """The values of a filter; the most frequent first where not all can be suggested."""
    base = visit.base
    values = base.values(field)
    if field not in FACETS or len(suggested(values)) == len(values):
        return values
    counts = visit.site.remembered(
        base, ("choices", field), lambda: base.search("", limit=1, facets=[field]).facets[field]
    )
    return [(one.value, one.name) for one in counts]


def are_listed(values: Values) -> bool:
    """Whether these are few and light enough for a list."""
    return len(values) <= _LISTED and len(suggested(values)) == len(values)


def suggested(values: Values) -> Values:
    """The first of these values, as many as are light enough to be suggested."""
    return list(_light(values))


def _light(values: Values) -> Iterator[tuple[str, str]]:
    left = _WEIGHT
    for value, name in values:
        left -= len(value.encode()) + _OF_A_VALUE + (len(name.encode()) if name != value else 0)
        if left < 0:
            return
        yield value, name
