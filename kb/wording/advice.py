"""Hints on the wording of a recommendation; ``docs/wording.md`` explains each with its source.

A hint that cannot be sure of its ground is not given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kb.text.dates import find_dates
from kb.text.tokens import Token, tokenise
from kb.wording.asks import Ask, asks_of
from kb.wording.practice import Practice, Span, load_practice
from kb.wording.strength import strength_of

PAGE = "docs/wording.md"
_SEVERAL = 3
_ITEM = re.compile(r"(?:^|\s)(?:\(?[a-h1-9ivx]{1,3}[.)]|[•*–-])\s+(?:to\s+)?", re.IGNORECASE)
_STRENGTH = {
    "weaker": ": the system stays as it is",
    "intermediate": ": it helps people to do right",
    "stronger": ": it changes the system",
}
_LONGEST = 400  # words; a longer text is no single recommendation


@dataclass(frozen=True)
class Hint:
    """One hint: its id, one plain sentence, and the stretches of the text that it rests on."""

    id: str
    says: str
    words: tuple[Span, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """``{id, says, words: [[start, end]], see}``."""
        return {
            "id": self.id,
            "says": self.says,
            "words": [list(span) for span in self.words],
            "see": f"{PAGE}#{self.id}",
        }


@dataclass(frozen=True)
class Wording:
    """A recommendation's words and asks, with what its plan prints beside it.

    ``has_owner`` and ``has_date`` say whether the plan names somebody and gives a date.
    """

    text: str
    words: Sequence[Token]
    asks: Sequence[Ask]
    practice: Practice
    has_owner: bool
    has_date: bool

    def has(self, name: str) -> bool:
        """Whether a phrase of the named list stands in the text."""
        return self.practice.phrases[name].any_in(self.words)


def advise(text: str, *, has_owner: bool = False, has_date: bool = False) -> tuple[Hint, ...]:
    """The hints on a recommendation, in a fixed order; none where nothing is sure."""
    practice = load_practice()
    words = tokenise(text)
    if not words or len(words) > _LONGEST:
        return ()
    asks = asks_of(text, practice)
    wording = Wording(text, words, asks, practice, has_owner, has_date)
    return tuple(hint for rule in _RULES for hint in rule(wording))


def _owner(wording: Wording) -> Iterator[Hint]:
    if wording.has_owner:
        return
    everyone = wording.practice.words["everyone"]
    for ask in wording.asks:
        subject = " ".join(word.text for word in ask.subject)
        if subject in everyone and not ask.is_passive:
            span = (ask.subject[0].start, ask.subject[-1].end)
            yield Hint("no-owner", "It is asked of everybody: name one body that leads.", (span,))
            return
    acts = any(ask.subject and not ask.is_passive for ask in wording.asks)
    named = acts or wording.has("people") or _has_a_group(wording) or _has_a_name(wording)
    if wording.asks and not named:
        yield Hint("no-owner", "Nobody is named who is to do it.")


def _has_a_group(wording: Wording) -> bool:
    """Whether "staff" and the like are those of somebody: "ward staff", not "all staff"."""
    lists = wording.practice.words
    return any(
        word.text in lists["groups"] and before.text not in lists["any_group"] | lists["verbs"]
        for before, word in pairwise(wording.words)
    )


def _has_a_name(wording: Wording) -> bool:
    """Whether a word inside a sentence has a capital: it may name a body."""
    for word in wording.words:
        before = wording.text[: word.start].rstrip()
        starts = not before or before[-1] in ".!?:;•–"
        printed = wording.text[word.start : word.end]
        capitals = sum(letter.isupper() for letter in printed)
        is_name = not starts or capitals > 1 or word.text.endswith("'s")
        if printed[0].isupper() and is_name:
            return True
    return False


def _date(wording: Wording) -> Iterator[Hint]:
    if wording.has_date or not wording.asks or wording.has("time") or find_dates(wording.text):
        return
    yield Hint("no-date", "No date is given: say by when, here or in the plan.")


def _result(wording: Wording) -> Iterator[Hint]:
    practice = wording.practice
    if wording.has("results") or any(word.text.isdecimal() for word in wording.words):
        return
    spans = [ask.span for ask in wording.asks if _is_vague(ask, practice)]
    if not spans and not wording.has("case_cues"):
        spans = list(practice.phrases["vague_phrases"].find(wording.words))[:1]
    if spans and len(wording.asks) <= 1:
        yield Hint(
            "no-result",
            "It names no result: say what will be different and how it is shown.",
            (spans[0],),
        )


def _is_vague(ask: Ask, practice: Practice) -> bool:
    if ask.is_negated or not ask.is_one_of(practice.words["vague"]):
        return False
    if not ask.is_one_of(frozenset({"consider", "explore"})):
        return True
    if ask.is_passive:  # an order is considered in a case, by whoever has the case
        return False
    words = (*ask.subject, *ask.rest)
    of_a_case = practice.phrases["case_cues"].any_in(words)
    by_hand = practice.phrases["practitioners"].any_in(ask.subject)
    regards = any(word.text == "as" for word in ask.rest)
    return not (of_a_case or by_hand or regards)


def _several(wording: Wording) -> Iterator[Hint]:
    verbs = wording.practice.words["plan_verbs"]
    asks = [ask for ask in wording.asks if not ask.is_negated and ask.is_one_of(verbs)]
    spans = _listed(wording) or tuple(ask.span for ask in asks)
    if len({wording.text[start:end].lower() for start, end in spans}) >= _SEVERAL:
        yield Hint("several-asks", f"It asks for {len(spans)} things: make each its own.", spans)


def _listed(wording: Wording) -> tuple[Span, ...]:
    """The verbs that open the items of a list: "(a) review … (b) train …"."""
    verbs = wording.practice.words["plan_verbs"]
    opening = {match.end() for match in _ITEM.finditer(wording.text)}
    return tuple(
        (word.start, word.end)
        for word in wording.words
        if word.start in opening and word.text in verbs
    )


def _power(wording: Wording) -> Iterator[Hint]:
    practice = wording.practice
    if wording.has("national"):
        return
    for ask in wording.asks:
        object_ = ask.subject if ask.is_passive else ask.rest[:6]
        span = next(practice.phrases["beyond"].find(object_), None)
        is_local = practice.phrases["local"].any_in(ask.subject)
        if span and is_local and ask.is_one_of(practice.words["beyond_verbs"]):
            yield Hint(
                "cannot-act",
                "A local body cannot do this itself: ask it of who can, or ask it to press for it.",
                tuple(sorted((ask.span, span))),
            )
            return


def _strength(wording: Wording) -> Iterator[Hint]:
    found = strength_of(wording.words, wording.asks, wording.practice)
    if found is None:
        return
    says = f"Its action ({found.kind}) is of the {found.level} kind{_STRENGTH[found.level]}."
    yield Hint(f"{found.level}-action", says, found.words)


_RULES: tuple[Callable[[Wording], Iterator[Hint]], ...] = (
    _owner,
    _date,
    _result,
    _several,
    _power,
    _strength,
)
