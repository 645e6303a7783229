"""The themes of one recommendation under keys, each marked yes, no, or not judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.library.judging import Asked
    from kb.model import Tag, Taxonomy, Theme

STORE, STORE_MARKED, SKIP, UNDO, QUIT = "\n", "s", "n", "u", "q"
SEARCH, EXPLAIN, AGAIN = "/", "?", "="
KEYS = tuple(k for k in "abcdefghijklmnopqrstuvwxyz" if k not in (STORE_MARKED, SKIP, UNDO, QUIT))
MARKS = {True: "yes", False: "no", None: "not judged"}
_EVIDENCE = 44  # characters of the first evidence that are shown


@dataclass
class Candidate:
    """A theme that may be marked; ``before`` is what a person has said of it already.

    ``key`` is None where the alphabet is used up.
    """

    theme: Theme
    key: str | None
    why: str
    before: bool | None = None
    mark: bool | None = None

    def flip(self) -> None:
        """From not judged to yes, to no, and back; what was judged before stays judged."""
        if self.mark is None:
            self.mark = True
        elif self.mark:
            self.mark = False
        else:
            self.mark = None if self.before is None else True

    @property
    def said(self) -> str:
        """Its key, its theme and how it is marked."""
        return f"{self.key or '–'}  {self.theme.id}: {MARKS[self.mark]}"

    def __str__(self) -> str:
        return f"{self.said} · {self.theme.name} · {self.why}"


class Ballot:
    """What a person marks before it is stored; candidates in the order of their keys."""

    def __init__(self, asked: Asked, taxonomy: Taxonomy) -> None:
        """Begin with the tags, the suggestions, and what people judged one by one.

        A machine's tag begins as not judged: nobody confirms it by mere silence.
        """
        self._taxonomy = taxonomy
        self.candidates: list[Candidate] = []
        by, verdict = asked.verdict.by, asked.verdict
        judged = {theme: theme in verdict.yes for theme in by if by[theme] == "person"}
        whys = dict(_found(asked)) | dict.fromkeys(judged, "judged before")
        for theme_id, why in whys.items():
            theme = taxonomy.theme(theme_id)
            if theme is not None:
                self._put(theme, why, judged.get(theme_id))

    def _put(self, theme: Theme, why: str, before: bool | None = None) -> Candidate:
        key = KEYS[len(self.candidates)] if len(self.candidates) < len(KEYS) else None
        candidate = Candidate(theme, key, why, before=before, mark=before)
        self.candidates.append(candidate)
        return candidate

    def at(self, key: str) -> Candidate | None:
        """The candidate under a key, else the one whose theme has this id."""
        return next(
            (one for one in self.candidates if key == one.key),
            next((one for one in self.candidates if key == one.theme.id), None),
        )

    def add(self, theme: Theme) -> Candidate:
        """A further theme, or one that is there already, marked yes."""
        there = (one for one in self.candidates if one.theme.id == theme.id)
        candidate = next(there, None) or self._put(theme, "added")
        candidate.mark = True
        return candidate

    def marked(self, mark: bool) -> list[str]:
        """The ids of the themes with this mark."""
        return [one.theme.id for one in self.candidates if one.mark is mark]

    def changed(self, mark: bool) -> list[str]:
        """The ids of the themes that were given this mark just now."""
        return [one.theme.id for one in self.candidates if one.mark is mark is not one.before]

    def found(self, words: str) -> list[Theme]:
        """Themes by id, name or what they cover: an id alone; else those with all the words.

        Those that are so called come before those that cover it.
        """
        wanted = words.casefold().split()
        exact = [one for one in self._taxonomy.themes() if one.id == words.strip().casefold()]
        if exact or not wanted:
            return exact
        ranked = [(_place(theme, wanted), theme) for theme in self._taxonomy.themes()]
        return [theme for place in (0, 1) for at, theme in ranked if at == place]


def _place(theme: Theme, wanted: list[str]) -> int | None:
    called = f"{theme.id} {theme.name}".casefold()
    if all(word in called for word in wanted):
        return 0
    covers = f"{called} {theme.covers or ''}".casefold()
    return 1 if all(word in covers for word in wanted) else None


def _found(asked: Asked) -> Iterator[tuple[str, str]]:
    for label, tags in (
        ("found by", asked.entry.themes),
        ("suggested by", asked.entry.suggestions),
    ):
        for tag in tags:
            yield tag.id, _why(label, tag)


def _why(label: str, tag: Tag) -> str:
    """Who found a theme, how surely and by which words, in one line."""
    machine = ", ".join(by for by in tag.by if by != "starter")
    if "starter" in tag.by:
        said = f"label of the starter; {label} {machine}" if machine else "label of the starter"
    else:
        said = f"{label} {machine} {tag.confidence:.2f}"
    words = next((" ".join(one.text.split()) for one in tag.evidence if one.text), "")
    words = words if len(words) <= _EVIDENCE else f"{words[:_EVIDENCE]} …"
    quoted = f" · “{words}”" if words else ""
    return f"{said}{quoted}"
