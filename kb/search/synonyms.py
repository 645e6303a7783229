"""Abbreviations as search uses them: each is a concept that its short and long forms both mean.

A concept is a term of its own in the postings (``≈marac``), put there wherever a text has any of
its forms; so a search for one form finds the others without looking for phrases.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from kb.index.damage import reading
from kb.text.abbreviations import Abbreviation, Abbreviations

NAME = "abbreviations.json"
_SIGN = "≈"


def concept(short: str) -> str:
    """The term that stands for an abbreviation in any of its forms; no word of a text is it."""
    return _SIGN + short.casefold()


def is_concept(term: str) -> bool:
    """Whether a term stands for an abbreviation, and is no word's stem."""
    return term.startswith(_SIGN)


def short_of(abbreviations: Abbreviations, term: str) -> str | None:
    """The abbreviation that a concept stands for, as printed; None for a word's stem."""
    known = abbreviations.get(term.removeprefix(_SIGN)) if is_concept(term) else None
    return known.short if known else None


def kin(abbreviations: Abbreviations, short: str) -> list[str]:
    """The concepts that took this one's place, or whose place it took."""
    own = concept(short)
    shorts = [form for form in abbreviations.equivalents(short) if abbreviations.get(form)]
    return [other for other in dict.fromkeys(map(concept, shorts)) if other != own]


def write_abbreviations(folder: Path, abbreviations: Abbreviations) -> None:
    """Write the list into a generation, so that search reads no YAML."""
    listed = [asdict(abbreviation) for abbreviation in abbreviations.by_short.values()]
    data = {"abbreviations": listed, "ambiguous": abbreviations.ambiguous}
    (folder / NAME).write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def read_abbreviations(folder: Path) -> Abbreviations:
    """Read the list of a generation; raises IndexUnreadable if it is damaged."""
    with reading("the abbreviations", folder / NAME):
        data = json.loads((folder / NAME).read_text("utf-8"))
        listed = [
            Abbreviation(item["short"], tuple(item["long"]), item["successor"], item["capitals"])
            for item in data["abbreviations"]
        ]
        return Abbreviations(listed, data["ambiguous"])
