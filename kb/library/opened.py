"""One generation of the index, opened: its records, its engine, and what may be shown of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.errors import QueryError
from kb.index.damage import reading
from kb.index.generations import Generation, open_current
from kb.index.records import Records
from kb.search.engine import Filters
from kb.search.filters import filter_masks
from kb.text.normalise import fold

if TYPE_CHECKING:
    from pathlib import Path

    from kb.index.columns import Mask
    from kb.search.engine import Engine
    from kb.similarity.store import Similarity

_SHOWN_VALUES = 12


@dataclass
class OpenIndex:
    """The current generation; parts of it are opened when first asked for."""

    generation: Generation
    records: Records

    @classmethod
    def open(cls, index_dir: Path) -> OpenIndex:
        """Open what the pointer names; raises IndexMissing or IndexUnreadable."""
        return open_current(index_dir, lambda found: cls(found, Records.open(found.folder)))

    @cached_property
    def engine(self) -> Engine:
        """The search engine over this generation, the one that it was built for."""
        from kb.search.engines import open_engine

        return open_engine(self.generation.manifest.engine, self.generation.folder, self.records)

    @cached_property
    def similarity(self) -> Similarity:
        """The arrays of the duplicate check."""
        from kb.similarity.store import Similarity

        return Similarity.open(self.generation.folder)

    def hold(self) -> None:
        """Open everything now, so that it goes on answering when later builds delete the folder."""
        self.engine.check()
        self.records.lines.hold()
        self.similarity.hold()

    def comparing(self) -> AbstractContextManager[None]:
        """Damage to the arrays of the duplicate check is told where it is met."""
        return reading("what the duplicate check knows", self.generation.folder)

    def mask(self, filters: Filters) -> Mask:
        """The rows that these filters leave: ``bool[n]``."""
        mask = np.ones(len(self.records), dtype=bool)
        for narrowing in filter_masks(self.records.columns, filters).values():
            mask &= narrowing
        return mask

    def values(
        self, field: str, *, published_only: bool, holding: str = ""
    ) -> tuple[tuple[str, str], ...]:
        """The values of a facet that this audience meets, with display names, sorted by value.

        With ``holding`` those in which or in whose name these words stand, in whatever case.
        """
        found = self.records.columns.values(field)
        if published_only:
            column = self.records.columns[field]
            counts = column.counts(self.mask(Filters(published_only=True)))
            met = {value for value, n in zip(column.values, counts, strict=True) if n}
            found = tuple(one for one in found if one[0] in met)
        words = fold(holding)
        return tuple(one for one in found if words in fold(" ".join(one))) if words else found

    def filters(self, chosen: dict[str, Any], *, published_only: bool) -> Filters:
        """Filters from what a user typed, each value turned into the one that is stored.

        A value may be an id or a display name in any case; ``year`` is ``2019`` or ``2019..2022``.
        Raises QueryError naming the values that exist.
        """
        years = chosen.get("year")
        values = {
            field: tuple(
                _known_value(field, value, self.values(field, published_only=published_only))
                for value in wanted
            )
            for field, wanted in chosen.items()
            if field != "year" and wanted
        }
        return Filters(
            **values, year=parse_years(years) if years else None, published_only=published_only
        )


def _known_value(field: str, typed: str, known: Sequence[tuple[str, str]]) -> str:
    wanted = fold(typed)
    for value, name in known:
        if wanted in (fold(value), fold(name)):
            return value
    listed = ", ".join(value for value, _ in known[:_SHOWN_VALUES]) or "none at all"
    more = f" … and {len(known) - _SHOWN_VALUES} more" if len(known) > _SHOWN_VALUES else ""
    raise QueryError(
        f"no recommendation has the {field} {typed!r}",
        hint=f"Stored here: {listed}{more}",
        field=field,
    )


def parse_years(typed: str) -> tuple[int | None, int | None]:
    """``2019``, ``2019..2022``, ``2019..`` or ``..2022``; raises QueryError for anything else."""
    first, dots, last = typed.strip().partition("..")
    parts = [first, last if dots else first]
    if not any(parts) or any(part and not (part.isdigit() and len(part) == 4) for part in parts):
        raise QueryError(
            f"{typed!r} is not a year or a span of years", hint="Write 2021 or 2019..2022"
        )
    years = (int(parts[0]) if parts[0] else None, int(parts[1]) if parts[1] else None)
    if years[0] and years[1] and years[0] > years[1]:
        raise QueryError(f"{typed!r} ends before it begins", hint=f"Write {years[1]}..{years[0]}")
    return years
