"""What a reader of the document should know of how it was read, each with its places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_PLACES_LISTED = 20
_QUOTED = 80  # characters
_QUOTES = 4

HIDDEN = "hidden text is not printed and was left out"
HIDDEN_ROW = "a hidden row of a table is not printed and was left out"
STRUCK = "text struck through in the document was read and may have been withdrawn"
BLACKED_OUT = (
    "text blacked out by highlighting was left out; whoever gets the file can still read it"
)
TRACKED = "tracked changes were read as accepted: what was inserted is in, what was deleted is not"
PLACEHOLDER = "the prompt of a content control that nobody filled in was left out"
COVERED = "text under a merged cell is not printed and was left out"
COVERED_ITEM = (
    "a list goes on under a merged cell, where it was not counted: the numbers after it may be"
    " printed higher"
)
UNKNOWN_SIGN = "a sign of a symbol font is not known and stands as �"
PICTURE = "a large picture was not read; text in it has to be typed"
OBJECT = "an embedded document was not read; open it and add it by itself"
CHUNK = (
    "a part imported from another format was not read; open the document in Word, save it again"
    " and add that"
)


class Remarks:
    """Remarks as they come up while reading, gathered by what they say."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, None]] = {}

    def add(self, remarks: Iterable[str], place: str) -> None:
        """Remember that each of these is so at a place."""
        for remark in remarks:
            self._places.setdefault(remark, {})[place] = None

    def notes(self) -> tuple[str, ...]:
        """One sentence for each remark, with its places."""
        return tuple(f"{said}: {_listed(list(at))}" for said, at in self._places.items())


def _listed(places: list[str]) -> str:
    more = len(places) - _PLACES_LISTED
    return "; ".join(places[:_PLACES_LISTED]) + (f" and {more} more" if more > 0 else "")


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
