"""What a recommendation speaks of: who, when, how often, with which means, about what.

The concepts stand with their words and phrases in ``concepts.json`` beside this file, in groups
(``moment``, ``rate``, ``person``, ``staff``, ``body``, ``thing``, ``matter``), where people can
read and extend them. Two texts that name different concepts of a group ask about different things.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from kb.text.tokens import stem, tokenise

Named = frozenset[tuple[str, str]]
_LONGEST = 5


@dataclass(frozen=True)
class Concepts:
    """The (group, concept) pairs that each phrase, a tuple of stems, names.

    ``longest`` gives the length of the longest phrase that begins with a stem.
    """

    groups: tuple[str, ...]
    phrases: Mapping[tuple[str, ...], Named]
    longest: Mapping[str, int]

    def named_in(self, forms: Sequence[str]) -> Named:
        """The concepts that words in lower case name."""
        stems = [stem(form) for form in forms]
        found: set[tuple[str, str]] = set()
        for at, first in enumerate(stems):
            for length in range(1, self.longest.get(first, 0) + 1):
                found |= self.phrases.get(tuple(stems[at : at + length]), frozenset())
        return frozenset(found)


@lru_cache(maxsize=1)
def load_concepts() -> Concepts:
    """The shipped concepts, read once."""
    data = json.loads(resources.files("kb.similarity").joinpath("concepts.json").read_text("utf-8"))
    phrases: dict[tuple[str, ...], Named] = {}
    longest: dict[str, int] = {}
    for group, concepts in data["groups"].items():
        for concept, listed in concepts.items():
            for phrase in listed:
                key = tuple(stem(token.text) for token in tokenise(phrase))[:_LONGEST]
                phrases[key] = phrases.get(key, frozenset()) | {(group, concept)}
                longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return Concepts(tuple(data["groups"]), phrases, longest)
