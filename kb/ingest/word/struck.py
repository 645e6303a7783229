"""Words struck through: they stay as they are printed, and are flagged."""

from __future__ import annotations

from collections.abc import Sequence

_QUOTED = 80  # characters
_QUOTES = 4


def struck_through(whole: str, printed: str, struck: Sequence[str]) -> tuple[str, ...]:
    """What to flag of a "row" or a "paragraph" in which stretches of text are struck through."""
    if not struck:
        return ()
    if sum(len("".join(text.split())) for text in struck) >= len("".join(printed.split())):
        return (f"the whole {whole} is struck through in the document: it may be withdrawn",)
    quoted = ", ".join(f"“{_shortened(text)}”" for text in struck[:_QUOTES])
    more = f" and {len(struck) - _QUOTES} more" if len(struck) > _QUOTES else ""
    verb = "is" if len(struck) == 1 else "are"
    return (f"{quoted}{more} {verb} struck through in the document",)


def _shortened(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= _QUOTED else f"{folded[:_QUOTED]}…"
