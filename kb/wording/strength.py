"""How strong an action is: the hierarchy of the VA National Center for Patient Safety.

Its three levels and their kinds are those of RCA2 (National Patient Safety Foundation 2015, now
with the Institute for Healthcare Improvement): what changes the system outlasts a reminder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.text.tokens import Token
from kb.wording.asks import Ask
from kb.wording.practice import Level, Practice, Span

_ORDER: tuple[Level, ...] = ("stronger", "intermediate", "weaker")
_ENDS = frozenset("that which who when where so if until by with against".split())
_REACH = 7  # words after the verb in which it is said of what


@dataclass(frozen=True)
class Strength:
    """The strongest action that is surely asked for, and the words that say so."""

    level: Level
    kind: str
    words: tuple[Span, ...]


def strength_of(words: Sequence[Token], asks: Sequence[Ask], practice: Practice) -> Strength | None:
    """The strength of what is asked; None where no word of it is known, or where it is in doubt.

    A weaker action that is asked after something else, of others, may not be the main one.
    """
    forced = next(practice.phrases["forcing"].find(words), None)
    if forced and any(_holds(ask, forced) for ask in asks):
        return Strength("stronger", "a forcing function", (forced,))
    found = [
        (_ORDER.index(one.level), at, one)
        for at, ask in enumerate(asks)
        if not ask.is_negated
        for one in _of(ask, practice)
    ]
    if not found:
        return None
    _, at, strongest = min(found, key=lambda one: one[:2])
    goes_before = any(ask.subject != asks[at].subject for ask in asks[:at])
    is_less = strongest.level == "weaker" and goes_before
    return None if is_less or _is_in_doubt(strongest, words, practice) else strongest


def _holds(ask: Ask, span: Span) -> bool:
    """Whether a stretch lies in the sentence of an ask, and is no part of what only happened."""
    words = (*ask.subject, ask.verb, *ask.rest)
    return words[0].start <= span[0] and span[1] <= words[-1].end


def _is_in_doubt(found: Strength, words: Sequence[Token], practice: Practice) -> bool:
    """Training that is practised, and a policy that makes many into one or binds a country."""
    if found.kind == "training":
        return practice.phrases["practised"].any_in(words)
    if found.kind != "a policy or procedure":
        return False
    start, end = found.words[0][0], found.words[-1][1]
    between = {word.text for word in words if start <= word.start < end}
    return bool(between & practice.words["one_for_all"]) or practice.phrases["national"].any_in(
        words
    )


def _of(ask: Ask, practice: Practice) -> list[Strength]:
    found = []
    near = ask.subject[-_REACH:] if ask.is_passive else _until_the_next_clause(ask.rest)
    for action in practice.actions:
        if not ask.is_one_of(action.verbs):
            continue
        if action.words is None:
            found.append(Strength(action.level, action.kind, (ask.span,)))
        elif span := next(action.words.find(near), None):
            found.append(Strength(action.level, action.kind, tuple(sorted((ask.span, span)))))
    return found


def _until_the_next_clause(words: Sequence[Token]) -> Sequence[Token]:
    """The first few words, up to one that says when, why or beside what."""
    for at, word in enumerate(words[:_REACH]):
        if word.text in _ENDS:
            return words[:at]
    return words[:_REACH]
