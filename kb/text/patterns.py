"""Regular expressions that are compiled when they are first used.

Compiling the long ones takes longer than reading a short document, and most documents need few.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Late:
    """Stands for a compiled pattern; what is asked of it once is kept, as the pattern has it."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags_given = flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self.pattern, self._flags_given), name)
        setattr(self, name, value)
        return value


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What ``re.compile`` gives, compiled when it is first used; raises ``re.error`` only then."""
    return cast("re.Pattern[str]", _Late(pattern, flags))
