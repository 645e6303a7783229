"""Filters as masks over the columns."""

from __future__ import annotations

import numpy as np

from kb.index.columns import Column, Columns, Mask
from kb.search.engine import Filters
from kb.search.query import Field, Years
from kb.search.spelling import stem
from kb.text.normalise import fold
from kb.text.tokens import tokenise


def filter_masks(columns: Columns, filters: Filters) -> dict[str, Mask]:
    """One mask of shape (rows,) for each field that is narrowed, by the field's name."""
    masks = {name: _any_of(columns[name], values) for name, values in filters.values().items()}
    if filters.year is not None:
        masks["year"] = years_mask(columns, Years(*filters.year))
    if filters.published_only:
        masks["publication"] = _any_of(columns["publication"], ("published",))
    return masks


def years_mask(columns: Columns, years: Years) -> Mask:
    """The rows of reviews of these years; a review without a year is in none."""
    column = columns["year"]
    first = -1 if years.first is None else years.first
    last = np.inf if years.last is None else years.last
    return column.rows_with(
        code for code, value in enumerate(column.values) if first <= int(value) <= last
    )


def field_mask(columns: Columns, field: Field) -> Mask:
    """The rows with this value of a facet.

    The value is an id or a name; where it is neither, every value whose name has all its words.
    """
    column = columns[field.name]
    wanted = fold(field.value)
    codes = [
        code
        for code, (value, name) in enumerate(zip(column.values, column.names, strict=True))
        if wanted in (fold(value), fold(name))
    ]
    return column.rows_with(codes or _codes_with_words(column, field.value))


def _any_of(column: Column, values: tuple[str, ...]) -> Mask:
    return column.rows_with(code for value in values for code in column.codes_of(value))


def _codes_with_words(column: Column, value: str) -> list[int]:
    wanted = {stem(token.text) for token in tokenise(value)}
    if not wanted:
        return []
    return [
        code
        for code, name in enumerate(column.names)
        if wanted <= {stem(token.text) for token in tokenise(f"{name} {column.values[code]}")}
    ]
