"""Agencies: from a cell as printed to canonical names and sectors.

The shipped registry is ``agencies.json`` beside this file; a knowledge base adds its own in
``kb.toml`` under ``[agencies]``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from kb.errors import SettingsError
from kb.printed import LeadAgency, Sector
from kb.text.normalise import fold, fold_space
from kb.text.patterns import late

_SECTORS = get_args(Sector)
_HARD_BREAK = late(
    r"[\n|;•●▪]+|(?<=\w)[.,]?\s+(?=(?:joint lead|lead|support(?:ing)?|partners?)"
    r"(?: agenc(?:y|ies))?\s*:)",
    re.IGNORECASE,
)
_CONTINUED = late(r"(?:\b(?:and|of|for|the)|[&,/–-])\s*\n|(?<!\s)[^\S\n]*+\n\s*+(?=[(a-z&])")
_WITH = (
    r"(?:(?:working |jointly |together )?(?:in )?(?:partnership|conjunction|collaboration|"
    r"consultation|liaison) with|(?:working |jointly |together |along )with|alongside|"
    r"(?:with )?support(?:ed)? (?:by|from)|led by|with(?= the )|via|through)"
)
_SOFT_BREAK = late(
    rf"\s*,\s*(?:and\s+|{_WITH}\s+)?|\s+and\s+|\s+(?:&|\+)\s+|\s*/\s*|\s+{_WITH}\s+",
    re.IGNORECASE,
)
_PART_LABEL = late(
    r"(?:(?:joint |overall |strategic )?lead|support(?:ing|ed by)?|partners?|agency|owner)"
    r"(?: (?:agency|agencies|partners?|organisations?))?\s*:\s*",
    re.IGNORECASE,
)
_TITLE = (
    r"(?:(?:Dr|Mr|Mrs|Ms|Miss|PC|DC|DS|DI|DCI|DSupt|Supt|Superintendent|Inspector|CI|ACC|Cllr)\.? )"
)
_PERSON = rf"(?:{_TITLE}(?:[A-Z][\w'’.-]*\.? ?){{1,3}}|(?:[A-Z]\. ?){{1,3}}[A-Z][\w'’-]+)"
_ROLE = (
    r"(?:(?:[\w'’&/-]+ ){0,4}(?:head|lead|manager|director|officer|nurse|doctor|chair|coordinator|"
    r"co-ordinator|commissioner|chief executive|superintendent|inspector|sergeant|practitioner|"
    r"matron|adviser|advisor)(?: (?:of|for) [\w'’&/-]+(?: [\w'’&/-]+){0,4}| [\w'’&/-]+){0,1})"
)
_IN_BRACKETS = late(
    rf"\s*\((?:{_PERSON}|(?i:(?:joint |co-?)?leads?|joint(?:ly)?|support(?:ing)?|chair|"
    rf"lead agency|{_ROLE}))\)|\s+(?i:jointly)$"
)
_POST_OF = late(
    rf"(?:(?:{_PERSON}|[A-Z][a-z]+ [A-Z][\w'’-]+)\s*[,–-]\s*)?(?i:{_ROLE})\s*[,–-]\s+(?P<a>.+)|"
    rf"{_PERSON}\s*[,–-]\s+(?P<b>.+)"
)
_AND = late(r"\s+(?:and|&)\s+")
_FORMER_NAME = late(
    r"\s*\((?:as was|formerly|previously|was|now|known as|then)\b[^()]*\)", re.IGNORECASE
)
_UNIT_DASH = late(
    r"(?<=\S)(?:\s+[-–—]\s*|\s*[-–—]\s+|"
    r"(?<=council)[-–—]|(?<=trust)[-–—]|(?<=constabulary)[-–—]|(?<=police)[-–—])(?=\S)",
    re.IGNORECASE,
)
_NOBODY = late(r"[\W_]*(?:tbc|tba|n/?a|none|not applicable|to be confirmed)?[\W_]*", re.I)
_FEWEST_WORDS = 3  # an unknown name beside " / "; fewer may be half of one ("Adult / Children's")
_LONGEST_POST = 160  # characters of a person or a post with its agency
_ANY_WORDS = ".+ "  # what most patterns of a complete name begin with
_LONGEST_LIST = 400  # characters; a longer piece is prose and is not parted at its "and"s


@dataclass(frozen=True)
class Registry:
    """What ``agencies.json`` holds, checked: names, words to spell out, patterns."""

    names: Mapping[str, tuple[str, Sector]] = field(default_factory=dict)
    words: tuple[tuple[str, str], ...] = ()
    sectors: tuple[tuple[Sector, re.Pattern[str]], ...] = ()
    complete: tuple[re.Pattern[str], ...] = ()


class Agencies:
    """The registry of agencies, ready to read cells."""

    def __init__(self, registry: Registry) -> None:
        """Keep the registry; canonical names are remembered as they are asked for."""
        self._registry = registry
        self._known: dict[str, tuple[str, Sector]] = {}
        self._alone: dict[str, bool] = {}

    def read(self, cell: str | None) -> tuple[LeadAgency, ...]:
        """Every agency of a cell in order, each with its own printed characters.

        A cell parts at line ends, ``|`` and ``;``, and at "and", "&", "/", "supported by" and
        commas only where both sides are agencies by themselves; at a spaced " / " one side that
        is will do. "TBC" and the like name nobody. The canonical name leaves out a person or a
        post: "Head of Safeguarding, Tarnmoor CCG" is the CCG.
        """
        if not cell or _NOBODY.fullmatch(cell):
            return ()
        return tuple(self.canonical(part) for part in self._parts(cell))

    def canonical(self, name: str) -> LeadAgency:
        """The canonical name and sector of one agency; sector ``other`` where nothing tells."""
        printed = name.strip()
        if printed not in self._known:
            self._known[printed] = self._look_up(fold_space(printed))
        canonical, sector = self._known[printed]
        return LeadAgency(printed=printed, name=canonical, sector=sector)

    def knows(self, text: str) -> bool:
        """Whether a text is one agency or a list of agencies and nothing else."""
        name = fold_space(text)
        return len(name) <= _LONGEST_LIST and (
            self._split(name) is not None or self._stands_alone(_without_brackets(name))
        )

    def _parts(self, cell: str) -> Iterator[str]:
        for piece in _pieces(cell):
            whole = piece if len(piece) > _LONGEST_LIST else None
            yield from [whole] if whole else self._split(piece) or self._slashed(piece)

    def _slashed(self, piece: str) -> list[str]:
        """The piece parted at " / " where one side is an agency and every side may be one."""
        parts = piece.split(" / ")
        alone = [self._split(part) is not None for part in parts]
        may_be = [
            known or (len(part.split()) >= _FEWEST_WORDS and part[0].isupper())
            for known, part in zip(alone, parts, strict=True)
        ]
        if not any(alone) or not all(may_be) or any(p.count("(") != p.count(")") for p in parts):
            return [piece]
        return [name for part in parts for name in self._split(part) or [part]]

    def _split(
        self, text: str, tried: dict[str, list[str] | None] | None = None
    ) -> list[str] | None:
        """The agencies that a text is a list of, or None where a part is no agency by itself."""
        tried = {} if tried is None else tried
        if text not in tried:
            tried[text] = self._first_split(text, tried)
        return tried[text]

    def _first_split(self, text: str, tried: dict[str, list[str] | None]) -> list[str] | None:
        if self._named(text):
            return [text]
        for mark in _SOFT_BREAK.finditer(text):
            left, right = text[: mark.start()], text[mark.end() :]
            if not self._may_part(left, right, mark.group()) or not self._stands_alone(left):
                continue
            rest = self._split(right, tried)
            if rest is not None:
                return [left, *rest]
        return [text] if self._stands_alone(text) else None

    def _may_part(self, left: str, right: str, mark: str) -> bool:
        """No cut inside brackets; "Housing and Leisure Council" needs a registered right side."""
        if not left or not right or left.count("(") != left.count(")"):
            return False
        if _AND.fullmatch(mark) and " " not in left:
            head = _SOFT_BREAK.split(right, maxsplit=1)[0]
            return self._named(right) or self._named(head)
        return True

    def _named(self, text: str) -> bool:
        return fold(_without_former_name(text)) in self._registry.names

    def _stands_alone(self, text: str) -> bool:
        alone = self._alone.get(text)
        if alone is None:
            name = fold_space(_without_former_name(text))
            alone = self._named(name) or any(
                pattern.fullmatch(name) for pattern in self._registry.complete
            )
            self._alone[text] = alone
        return alone

    def _look_up(self, printed: str) -> tuple[str, Sector]:
        name = _without_former_name(printed) or printed
        known = self._registry.names.get(fold(name))
        if known:
            return known
        unit = _UNIT_DASH.search(name) if len(name) <= _LONGEST_LIST else None
        post = _POST_OF.fullmatch(name) if len(name) <= _LONGEST_POST else None
        if post and self._stands_alone(body := post["a"] or post["b"]):
            return self._look_up(body)
        if unit:
            parent, parent_sector = self._look_up(name[: unit.start()])
            part, sector = self._look_up(name[unit.end() :])
            return f"{parent} – {part}", parent_sector if sector == "other" else sector
        for short, long in self._registry.words:
            if short in name:
                name = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", long, name)
        known = self._registry.names.get(fold(name))
        return known or (name, self._sector(name))

    def _sector(self, name: str) -> Sector:
        folded = fold(name)
        for sector, pattern in self._registry.sectors:
            if pattern.search(folded):
                return sector
        return "other"


def load_agencies(own: Mapping[str, object] | None = None) -> Agencies:
    """The shipped registry, with a knowledge base's own agencies added over it.

    ``own`` maps a name to its sector, or to ``{"sector": …, "also": [other forms]}``. Raises
    SettingsError naming the agency and what is wrong with it.
    """
    registry = _shipped()
    if own:
        names = {**registry.names, **_names(own, "kb.toml")}
        registry = replace(registry, names=names)
    return Agencies(registry)


@lru_cache(maxsize=1)
def _shipped() -> Registry:
    place = "agencies.json"
    data: dict[str, Any] = json.loads(Path(__file__).with_name(place).read_bytes())
    return Registry(
        names=_names(data["agencies"], place),
        words=tuple(data["words"].items()),
        sectors=tuple(
            (_checked_sector(sector, pattern, place), late(pattern, re.IGNORECASE))
            for sector, pattern in data["sectors"]
        ),
        complete=_with_shared_beginning(data["complete"]),
    )


def _with_shared_beginning(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """The patterns compiled, those that begin with any words as one, which looks for them once."""
    ends = [pattern[len(_ANY_WORDS) :] for pattern in patterns if pattern.startswith(_ANY_WORDS)]
    others = [pattern for pattern in patterns if not pattern.startswith(_ANY_WORDS)]
    shared = [_ANY_WORDS + "(?:" + "|".join(f"(?:{end})" for end in ends) + ")"] if ends else []
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in (*shared, *others))


def _names(listed: Mapping[str, object], place: str) -> dict[str, tuple[str, Sector]]:
    """Folded form → (canonical name, sector), for each name and its other forms."""
    names: dict[str, tuple[str, Sector]] = {}
    for name, value in listed.items():
        detail: Mapping[str, object] = value if isinstance(value, Mapping) else {"sector": value}
        sector = _checked_sector(detail.get("sector"), name, place)
        also = detail.get("also", ())
        if not isinstance(also, Sequence) or isinstance(also, str):
            raise SettingsError(
                f"'also' of the agency {name!r} must be a list of names", place=place
            )
        for form in (name, *also):
            names[fold(str(form))] = (name, sector)
    return names


def _checked_sector(value: object, name: str, place: str) -> Sector:
    for sector in _SECTORS:
        if value == sector:
            return sector  # type: ignore[no-any-return]
    raise SettingsError(
        f"the agency {name!r} has the sector {value!r}, which is none of the sectors",
        place=place,
        hint="Sectors: " + ", ".join(_SECTORS) + ".",
    )


def _pieces(cell: str) -> list[str]:
    """The pieces of a cell between hard breaks; a line that only wraps is no break."""
    wraps = [match.span() for match in _CONTINUED.finditer(cell)]
    pieces, start, at = [], 0, 0
    for mark in _HARD_BREAK.finditer(cell):
        while at < len(wraps) and wraps[at][1] <= mark.start():
            at += 1
        if at < len(wraps) and wraps[at][0] < mark.end():
            continue
        pieces.append(cell[start : mark.start()].strip())
        start = mark.end()
    pieces.append(cell[start:].strip())
    pieces = [_PART_LABEL.sub("", piece, count=1) if _PART_LABEL.match(piece) else piece
              for piece in pieces]  # fmt: skip
    return [piece for piece in pieces if re.search(r"\w", piece)] or [cell.strip()]


def _without_former_name(name: str) -> str:
    if "(" not in name and "jointly" not in name.casefold():
        return name.strip()
    return _IN_BRACKETS.sub("", _FORMER_NAME.sub("", name)).strip() or name.strip()


def _without_brackets(name: str) -> str:
    return re.sub(r"\s*\([^()]*\)", "", name).strip()
