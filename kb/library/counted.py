"""The recommendations of the index as reports count them: arrays first, records when listed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kb.reports.rows import READERS, Places, Values

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.model import Entry

_OF_TAGS = ("theme", "tagged")


class IndexRows:
    """The rows that the filters and the audience leave, each tag as people judged it up to now."""

    def __init__(self, base: KnowledgeBase, filters: dict[str, Any]) -> None:
        """Choose the rows; raises QueryError for a value that is not stored."""
        opened = base.index
        mask = opened.mask(opened.filters(filters, published_only=base.published_only))
        self._base = base
        self._records = opened.records
        self.rows = np.flatnonzero(mask)
        self._values: dict[str, Values] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def values(self, name: str) -> Values:
        """The values of each row under one of ``READERS``."""
        if name not in self._values:
            column = self._records.columns[name]
            sets = column.sets[self.rows].astype(np.int64)
            lengths = column.indptr[sets + 1] - column.indptr[sets]
            starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
            places = np.arange(starts[-1]) + np.repeat(column.indptr[sets] - starts[:-1], lengths)
            values = Values(starts, column.codes[places].astype(np.int64), column.values)
            self._values[name] = self._judged(name, values) if name in _OF_TAGS else values
        return self._values[name]

    def among(self, ids: Iterable[str]) -> int:
        """How many of the rows have one of these ids."""
        wanted = np.array([identity.encode() for identity in ids], dtype=np.bytes_)
        return int(np.isin(self._records.ids[self.rows], wanted).sum()) if len(wanted) else 0

    def ids(self, places: Places) -> list[str]:
        """The ids of the recommendations at these places."""
        return [identity.decode() for identity in self._records.ids[self.rows[places]].tolist()]

    def title(self, place: int) -> str:
        """The title of its review."""
        column = self._records.columns["review"]
        return column.names[int(column.codes[column.indptr[column.sets[self.rows[place]]]])]

    def texts(self, places: Places) -> list[str]:
        """The texts of the recommendations at these places."""
        return [self._records.text(row) for row in self.rows[places].tolist()]

    def entry(self, place: int) -> Entry:
        """The recommendation at a place, whole."""
        return self._since.get(place) or self._records.entry(int(self.rows[place]))

    @cached_property
    def _since(self) -> dict[int, Entry]:
        """The recommendations that were judged since the build, as judged, by place."""
        from kb.library.since import since_build, with_tags_since_build

        found = map(self._records.row, sorted(since_build(self._base).ids))
        judged = np.array([row for row in found if row is not None], dtype=np.int64)
        places = np.flatnonzero(np.isin(self.rows, judged)).tolist()
        entries = [self._records.entry(int(self.rows[at])) for at in places]
        return dict(zip(places, with_tags_since_build(self._base, entries), strict=True))

    def _judged(self, name: str, stored: Values) -> Values:
        """Values of tags, those of rows judged since the build put in their place."""
        if not self._since:
            return stored
        codes = {value: at for at, value in enumerate(stored.values)}
        held: list[NDArray[np.int64]] = np.split(stored.codes, stored.starts[1:-1])
        for place, entry in self._since.items():
            now = [codes.setdefault(value, len(codes)) for value in READERS[name](entry) if value]
            held[place] = np.array(now, dtype=np.int64)
        lengths = np.array([len(each) for each in held], dtype=np.int64)
        starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        return Values(starts, np.concatenate(held), tuple(codes))
