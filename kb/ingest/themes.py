"""A cell of theme ids: a complete judgement of its row."""

from __future__ import annotations

import re

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def read_themes(cell: str | None) -> tuple[str, ...] | None:
    """The theme ids of a cell, parted by ``;``; () for ``none``; None where it is no judgement.

    An empty cell is not judged, and one that holds anything but ids is not a judgement either.
    """
    if not cell or not cell.strip():
        return None
    ids = [part.strip() for part in re.split(r"[;\n]", cell) if part.strip()]
    if ids == ["none"]:
        return ()
    return tuple(dict.fromkeys(ids)) if all(_ID.fullmatch(part) for part in ids) else None
