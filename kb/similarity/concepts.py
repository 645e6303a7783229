"""What a recommendation speaks of: who, when, how often, with which means, about what.

The concepts stand with their words and phrases in ``concepts.json`` beside this file, in groups
(``moment``, ``rate``, ``person``, ``staff``, ``body``, ``thing``, ``matter``), where people can
read and extend them. Two texts that name different concepts of a group ask about different things.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources

from kb.text.tokens import stem, tokenise

Named = int  # one bit for each concept
_LONGEST = 5
_KEPT = 50_000  # words


@dataclass(frozen=True)
class Concepts:
    """The concepts that each phrase, a tuple of stems, names, and those of each group.

    ``longest`` gives the length of the longest phrase that begins with a stem, ``numbers`` the bit
    of a concept.
    """

    groups: Mapping[str, Named]
    numbers: Mapping[tuple[str, str], int]
    phrases: Mapping[tuple[str, ...], Named]
    longest: Mapping[str, int]

    def named_in(self, forms: Sequence[str]) -> Named:
        """The concepts that words in lower case name."""
        found, look_up, phrases = 0, self._look_up, self.phrases
        for at, (own, longest) in enumerate(map(look_up, forms)):
            found |= own
            if longest > 1:
                stems = tuple(map(stem, forms[at : at + longest]))
                for length in range(2, len(stems) + 1):
                    found |= phrases.get(stems[:length], 0)
        return found

    @cached_property
    def _look_up(self) -> Callable[[str], tuple[Named, int]]:
        """What a word names by itself, and the length of the longest phrase that it begins."""

        def look_up(form: str) -> tuple[Named, int]:
            bare = stem(form)
            return self.phrases.get((bare,), 0), self.longest.get(bare, 0)

        return lru_cache(maxsize=_KEPT)(look_up)


@lru_cache(maxsize=1)
def load_concepts() -> Concepts:
    """The shipped concepts, read once."""
    data = json.loads(resources.files("kb.similarity").joinpath("concepts.json").read_text("utf-8"))
    numbers: dict[tuple[str, str], int] = {}
    groups: dict[str, Named] = {}
    phrases: dict[tuple[str, ...], Named] = {}
    longest: dict[str, int] = {}
    for group, concepts in data["groups"].items():
        for concept, listed in concepts.items():
            bit = 1 << numbers.setdefault((group, concept), len(numbers))
            groups[group] = groups.get(group, 0) | bit
            for phrase in listed:
                key = tuple(stem(token.text) for token in tokenise(phrase))[:_LONGEST]
                phrases[key] = phrases.get(key, 0) | bit
                longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return Concepts(groups, numbers, phrases, longest)
