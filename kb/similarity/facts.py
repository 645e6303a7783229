"""What the duplicate check and repeated learning know of a stored recommendation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Facts:
    """One stored recommendation with the few facts that an answer needs.

    ``date`` is that of the review and ``completed`` that of the recommendation's completion, both
    ISO to their own precision (``2021``, ``2021-06`` or ``2021-06-30``); ``status`` is a
    ``StatusValue`` of the model; ``sectors`` and ``themes`` are ids.
    """

    id: str
    review_id: str
    text: str
    area: str | None = None
    year: int | None = None
    date: str | None = None
    status: str | None = None
    completed: str | None = None
    sectors: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    @property
    def when(self) -> str | None:
        """The date that it is sorted by: the review's date, else its year."""
        return self.date or (str(self.year) if self.year else None)

    @property
    def is_complete(self) -> bool:
        """Whether the action plan says that it was done, and perhaps kept up."""
        return self.status in ("complete", "ongoing")

    def as_json(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return dict(vars(self))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Facts:
        """The other way round from ``as_json``."""
        lists = {name: tuple(data.get(name, ())) for name in ("sectors", "themes")}
        return cls(**{**data, **lists})
