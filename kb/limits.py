"""How much of the machine the reading of one document may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Memory in megabytes (2**20 bytes) and time in seconds for the reading of one document.

    The memory is address space, which is more than what is in use at once. The time holds for the
    processor and for the clock on the wall alike. A plan of 500 pages stays below both defaults.
    """

    megabytes: int = 2048
    seconds: int = 300
