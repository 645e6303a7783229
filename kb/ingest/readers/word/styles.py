"""Styles: what a paragraph or a run has from its style and those that it is based on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kb.ingest.readers.word.tags import PPR, RPR, VAL, W, is_on, whole

_HEADING = re.compile(r"heading ([1-9])")
_CONTENTS = re.compile(r"toc [1-9]|toc heading|table of figures|table of authorities")
_MOST_BASES = 40


@dataclass(frozen=True)
class Style:
    """One style with all that it inherits; None is "not said".

    ``level`` is that of a heading (0 none). ``numbered`` is (number of the list, its level), each
    None where not said; ``names`` are the ids of the style and of those it is based on.
    """

    name: str = ""
    names: tuple[str, ...] = ()
    level: int = 0
    numbered: tuple[int | None, int | None] = (None, None)
    bold: bool = False
    underlined: bool = False
    struck: bool = False
    hidden: bool = False

    @cached_property
    def is_contents(self) -> bool:
        """Whether it is that of the lines of a table of contents."""
        return bool(_CONTENTS.fullmatch(self.name))

    @cached_property
    def is_placeholder(self) -> bool:
        """Whether it is that of "Choose an item." in a content control nobody filled in."""
        return self.name == "placeholder text"


_PLAIN = Style()


class Styles:
    """The styles part, looked up by id."""

    def __init__(self, root: Any | None) -> None:
        """``root`` is its root element; None where the file has no styles."""
        self._elements: dict[str, Any] = {}
        self._default: str | None = None
        self._known: dict[str, Style] = {}
        for element in () if root is None else root.iterfind(f"{W}style"):
            identity = element.get(f"{W}styleId") or ""
            self._elements.setdefault(identity, element)
            is_default = element.get(f"{W}default") in ("1", "true", "on")
            if is_default and element.get(f"{W}type") == "paragraph":
                self._default = identity

    def of_paragraph(self, identity: str | None) -> Style:
        """The style of a paragraph, the default one where it names none that exists."""
        if identity is None or identity not in self._elements:
            identity = self._default
        return self.named(identity)

    def named(self, identity: str | None) -> Style:
        """The style with this id; a plain one where there is none."""
        if identity is None or identity not in self._elements:
            return _PLAIN
        if identity not in self._known:
            self._known[identity] = self._resolved(identity)
        return self._known[identity]

    def list_of(self, identity: str) -> int | None:
        """The number of the list that a numbering style stands for."""
        return self.named(identity).numbered[0]

    def _resolved(self, identity: str) -> Style:
        chain = self._chain(identity)
        elements = [self._elements[name] for name in chain]
        return Style(
            name=_name(elements[0]),
            names=tuple(chain),
            level=next((n for n in (_level(e) for e in elements) if n is not None), 0),
            numbered=(_first_of_list(elements, "numId"), _first_of_list(elements, "ilvl")),
            bold=_switch(elements, "b"),
            underlined=_is_underlined(elements),
            struck=_switch(elements, "strike") or _switch(elements, "dstrike"),
            hidden=_switch(elements, "vanish"),
        )

    def _chain(self, identity: str) -> list[str]:
        """The style and those that it is based on, nearest first; a circle is broken."""
        chain: list[str] = []
        following: str | None = identity
        while following in self._elements and following not in chain and len(chain) < _MOST_BASES:
            chain.append(following)
            based = self._elements[following].find(f"{W}basedOn")
            following = None if based is None else based.get(VAL)
        return chain


def _name(element: Any) -> str:
    found = element.find(f"{W}name")
    return (found.get(VAL) or "").lower() if found is not None else ""


def _level(element: Any) -> int | None:
    """The heading level that this style itself says, by its outline level or by its name."""
    outline = element.find(f"{PPR}/{W}outlineLvl")
    if outline is not None:
        number = whole(outline.get(VAL))
        return number + 1 if number is not None and number < 9 else 0
    name = _name(element)
    heading = _HEADING.fullmatch(name)
    if heading:
        return int(heading.group(1))
    return 1 if name == "title" else None


def _first_of_list(elements: list[Any], name: str) -> int | None:
    """The number or the depth of a list that the nearest of these styles says."""
    for element in elements:
        found = element.find(f"{PPR}/{W}numPr/{W}{name}")
        number = whole(found.get(VAL)) if found is not None else None
        if number is not None:
            return number
    return None


def _switch(elements: list[Any], name: str) -> bool:
    for element in elements:
        found = element.find(f"{RPR}/{W}{name}")
        if found is not None:
            return is_on(found)
    return False


def _is_underlined(elements: list[Any]) -> bool:
    """Whether its text is underlined; a link's line is no emphasis."""
    for element in elements:
        found = element.find(f"{RPR}/{W}u")
        if found is not None:
            return found.get(VAL) != "none" and _name(element) != "hyperlink"
    return False
