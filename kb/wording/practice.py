"""The lists of ``practice.json``, and phrases of them found in a text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from kb.text.tokens import Token, lowered, words_in

Level = Literal["weaker", "intermediate", "stronger"]
Span = tuple[int, int]


class Phrases:
    """Phrases to be found word by word; a last word that ends in ``*`` is a beginning."""

    def __init__(self, listed: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
        for phrase in listed:
            words = tuple(words_in(lowered(phrase)))
            if words:
                begins = phrase.endswith("*")
                key = words[0][:2] if begins and len(words) == 1 else words[0]
                self._by_first.setdefault(key, []).append((words, begins))

    def find(self, words: Sequence[Token]) -> Iterator[Span]:
        """Where they stand, as character offsets, in order."""
        for at, word in enumerate(words):
            known = (*self._by_first.get(word.text, ()), *self._by_first.get(word.text[:2], ()))
            lengths = [len(p) for p, begins in known if _stands(words, at, p, begins)]
            if lengths:
                yield word.start, words[at + max(lengths) - 1].end

    def any_in(self, words: Sequence[Token]) -> bool:
        """Whether one of them stands there."""
        return next(self.find(words), None) is not None


def _stands(words: Sequence[Token], at: int, phrase: Sequence[str], begins: bool) -> bool:
    if at + len(phrase) > len(words):
        return False
    here = [word.text.removesuffix("'s") for word in words[at : at + len(phrase)]]
    last = here[-1].startswith(phrase[-1]) if begins else here[-1] == phrase[-1]
    return last and here[:-1] == list(phrase[:-1])


@dataclass(frozen=True)
class Action:
    """A kind of action: its place in the hierarchy, the verbs that ask for it and of what."""

    level: Level
    kind: str
    verbs: frozenset[str]
    words: Phrases | None


@dataclass(frozen=True)
class Practice:
    """Everything that hints rest on, by its name in the file."""

    words: dict[str, frozenset[str]]
    phrases: dict[str, Phrases]
    actions: tuple[Action, ...]


@lru_cache(maxsize=1)
def load_practice() -> Practice:
    """The shipped lists, read once."""
    data = json.loads(resources.files("kb.wording").joinpath("practice.json").read_text("utf-8"))
    actions = data.pop("strength")
    del data["about"]
    return Practice(
        words={name: frozenset(listed) for name, listed in data.items()},
        phrases={name: Phrases(listed) for name, listed in data.items()},
        actions=tuple(
            Action(
                action["level"],
                action["kind"],
                frozenset(action["verbs"]),
                Phrases(action["words"]) if action["words"] else None,
            )
            for action in actions
        ),
    )
