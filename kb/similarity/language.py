"""The words that a recommendation is read by: ask verbs, markers, synonyms, duty-holders.

They stand in ``language.json`` beside this file, where people can read and extend them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources

from kb.text.tokens import stem, tokenise

_KEPT = 50_000  # words, in many forms
_NOUNS = ("ation", "ations", "ment", "ments", "referral", "referrals")


@dataclass(frozen=True)
class DutyHolder:
    """A kind of body that recommendations are addressed to, and the sector that it is part of."""

    name: str
    sector: str


@dataclass(frozen=True)
class Language:
    """The lists of ``language.json``, by stem.

    ``asks`` gives the classes of a verb; a verb may stand in several ("screen": ask, assess).
    ``carriers`` are verbs that hand the ask on to a noun ("undertake an audit"), ``transparent``
    ones say nothing of their own ("ensure"), ``frame`` words weigh little.
    ``irregular`` gives the verb of a form such as "hung", ``synonyms`` the stem that stands for a
    whole ring. ``duty_holders`` maps the stems of
    one or two neighbouring words to a holder.
    """

    asks: Mapping[str, tuple[str, ...]]
    carriers: frozenset[str]
    transparent: frozenset[str]
    frame: frozenset[str]
    markers: frozenset[str]
    negations: frozenset[str]
    spellings: Mapping[str, str]
    irregular: Mapping[str, str]
    synonyms: Mapping[str, str]
    duty_holders: Mapping[tuple[str, ...], DutyHolder]

    @cached_property
    def no_things(self) -> frozenset[str]:
        """The words that are neither a thing nor say what is asked."""
        return self.frame | self.bodies | self.carriers | self.transparent

    @cached_property
    def begins_duty_holder(self) -> frozenset[str]:
        """The words that the name of a duty-holder begins with."""
        return frozenset(name[0] for name in self.duty_holders)

    @cached_property
    def bodies(self) -> frozenset[str]:
        """The words that name a duty-holder by themselves."""
        return frozenset(name[0] for name in self.duty_holders if len(name) == 1)

    @cached_property
    def classes_of(self) -> Callable[[str], tuple[str, ...]]:
        """The ask classes of a word as written; nouns such as "referral" have none."""

        def look_up(form: str) -> tuple[str, ...]:
            bare = stem(self.irregular.get(form, form))
            return () if form.endswith(_NOUNS) else self.asks.get(bare, ())

        return lru_cache(maxsize=_KEPT)(look_up)

    @cached_property
    def hands_on(self) -> Callable[[str], bool]:
        """Whether a verb as written says little itself: "ensure", "undertake"."""

        def look_up(form: str) -> bool:
            bare = stem(form)
            return bare in self.transparent or bare in self.carriers

        return lru_cache(maxsize=_KEPT)(look_up)

    def key(self, word: str) -> str:
        """The form in which a lower-case word is compared: spelling, stem, synonym."""
        word = self.irregular.get(word, word)
        bare = stem(self.spellings.get(word, word))
        return self.synonyms.get(bare, bare)


def _stems(phrase: str) -> tuple[str, ...]:
    return tuple(stem(token.text) for token in tokenise(phrase))


def _ask_classes(listed: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    classes: dict[str, tuple[str, ...]] = {}
    for name, verbs in listed.items():
        for verb in dict.fromkeys(stem(verb.replace("-", "")) for verb in verbs):
            classes[verb] = (*classes.get(verb, ()), name)
    return classes


@lru_cache(maxsize=1)
def load_language() -> Language:
    """The shipped lists, read once."""
    data = json.loads(resources.files("kb.similarity").joinpath("language.json").read_text("utf-8"))
    synonyms = {stem(word): stem(ring[0]) for ring in data["synonyms"] for word in ring}
    holders = {
        tuple(synonyms.get(key, key) for key in _stems(words)): DutyHolder(name, entry["sector"])
        for name, entry in data["duty_holders"].items()
        for words in entry["words"]
    }
    return Language(
        asks=_ask_classes(data["asks"]),
        carriers=frozenset(stem(word) for word in data["carriers"]),
        transparent=frozenset(stem(word) for word in data["transparent"]),
        frame=frozenset(stem(word) for word in data["frame"]),
        markers=frozenset(data["markers"]),
        negations=frozenset(data["negations"]),
        spellings=data["spellings"],
        irregular=data["irregular"],
        synonyms=synonyms,
        duty_holders=holders,
    )
