"""Pages of a long list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kb.web.visit import address


@dataclass(frozen=True)
class Paging:
    """Which page of how many is shown, and where the others are."""

    page: int
    per_page: int
    total: int
    path: str
    query: Mapping[str, Any]

    @property
    def last(self) -> int:
        """The number of the last page; 1 of an empty list."""
        return max(1, -(-self.total // self.per_page))

    @property
    def start(self) -> int:
        """The number of the first item shown, from 1."""
        return (self.page - 1) * self.per_page + 1

    @property
    def end(self) -> int:
        """The number of the last item shown."""
        return min(self.total, self.page * self.per_page)

    def at(self, page: int) -> str:
        """The address of a page."""
        return address(self.path, {**self.query, "page": page if page > 1 else ""})

    def numbers(self) -> Iterator[int | None]:
        """The pages to link: first, last and those around this one; None is a gap."""
        wanted = {1, self.last, *range(self.page - 1, self.page + 2)}
        before = 0
        for page in sorted(n for n in wanted if 1 <= n <= self.last):
            if page - before > 1:
                yield None
            yield page
            before = page
