"""What a recommendation asks for: verbs with their objects, directions and negations.

A main ask is a verb of ``language.json`` that follows "should", "must", "to", "be", …, opens a
sentence, or is joined by "and" to one that does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.similarity.language import Language
from kb.similarity.roles import BE, CLAUSES
from kb.similarity.words import Word
from kb.text.tokens import stem

_OBJECT_WORDS = 5
_NEGATED_WORDS = 3
_PARTY_WORDS = 3
_REACH = 10
_NOUN_PHRASE = 5  # words
_WITH_RECEIVER = frozenset({"share", "tell", "enquire", "refer"})
_ARTICLES = frozenset({"a", "an", "the"})
_MODALS = frozenset({"should", "must", "shall"})
_DETERMINERS = _ARTICLES | {"all", "any", "each", "every", "its", "their", "this", "these"}
_SUBJECT_MARKS = frozenset({"should", "must", "will", "shall", "to", "can", "could", "may"})


@dataclass(frozen=True)
class Ask:
    """A verb's classes, the verb as printed in lower case, and the keys of what follows it.

    A verb that ``language.json`` does not list (``is_listed`` false) is a class of its own.
    """

    classes: tuple[str, ...]
    verb: str
    objects: frozenset[str]
    is_transparent: bool = False
    is_listed: bool = True

    @property
    def name(self) -> str:
        """What is asked, in a word."""
        return self.classes[0] if self.is_listed and self.classes else self.verb


@dataclass(frozen=True)
class Direction:
    """Something goes from a giver to a receiver (content keys of each, and their words)."""

    giver: frozenset[str]
    receiver: frozenset[str]
    words: str


def asks_of(words: Sequence[Word], language: Language) -> tuple[Ask, ...]:
    """The asks of a text in order, real ones before such as "ensure" that only carry another."""
    mains = _main_verbs(words, language)
    if not any(language.classes_of(words[at].form) for at in mains):
        mains += _unlisted_verb(words) or _first_verb(words, language)
    asks = [
        _ask(words, at, language, carries=_carried_by(words, at, language) in mains) for at in mains
    ]
    return tuple(sorted(asks, key=lambda ask: ask.is_transparent))


def _main_verbs(words: Sequence[Word], language: Language) -> list[int]:
    mains: list[int] = []
    ensured = -_REACH
    classes_of, hands_on = language.classes_of, language.hands_on
    for at, word in enumerate(words):
        classes = classes_of(word.form)
        if not (classes or hands_on(word.form)) or _asks_a_body(words, at):
            continue
        inner = bool(classes) and _is_finite(words, at, ensured)
        if inner or _is_asked(words, at, mains, language):
            mains.append(at)
            ensured = -_REACH if classes else at
    return mains


def _asks_a_body(words: Sequence[Word], at: int) -> bool:
    """Whether "ask" only addresses a body ("is asked to advertise"): the verb after it is meant."""
    if words[at].form not in ("asked", "invited", "urged", "requested"):
        return False
    after = words[at + 1].form if at + 1 < len(words) else ""
    before = words[at - 1].form if at else ""
    return after == "to" and before in ("is", "are", "be")


def _is_finite(words: Sequence[Word], at: int, ensured: int) -> bool:
    """Whether a verb follows its subject in "ensure that midwives routinely ask"."""
    before = at - 1
    while before > ensured and words[before].form.endswith("ly"):
        before -= 1
    has_subject = before > ensured and not words[before].is_stop
    return has_subject and at - ensured < _REACH


def _is_asked(words: Sequence[Word], at: int, mains: Sequence[int], language: Language) -> bool:
    before = at - 1
    while before >= 0 and (
        words[before].form in language.negations or words[before].form.endswith("ly")
    ):
        before -= 1
    if before < 0:
        return True
    if words[before].form in ("and", "or"):
        return before - 1 in mains
    carried = any(_carried_by(words, main, language) == at for main in mains[-1:])
    return carried or words[before].form in language.markers


def _carried_by(words: Sequence[Word], at: int, language: Language) -> int | None:
    """The place of the noun that a carrier such as "undertake" would hand its ask on to.

    That is the last word of what it governs ("undertake a joint domestic abuse audit of"), or the
    first ("send reminders yearly").
    """
    if stem(words[at].form) not in language.carriers:
        return None
    first = at + 1 + (at + 1 < len(words) and words[at + 1].form in _ARTICLES)
    end = first
    while end < min(len(words), first + _NOUN_PHRASE) and not words[end].is_stop:
        end += 1
    named = [place for place in (end - 1, first) if first <= place < end]
    return next((place for place in named if language.classes_of(words[place].form)), None)


def _unlisted_verb(words: Sequence[Word]) -> list[int]:
    """The word after "should" or "must", or the first one where an article follows it."""
    for at, word in enumerate(words):
        if word.form in _MODALS:
            return [i for i in range(at + 1, min(at + 4, len(words))) if not words[i].is_stop][:1]
    opens = len(words) > 1 and not words[0].is_stop and words[1].form in _DETERMINERS
    return [0] if opens else []


def _first_verb(words: Sequence[Word], language: Language) -> list[int]:
    return [at for at, word in enumerate(words) if language.classes_of(word.form)][:1]


def _ask(words: Sequence[Word], at: int, language: Language, *, carries: bool) -> Ask:
    objects: list[str] = []
    for word in words[at + 1 :]:
        if len(objects) == _OBJECT_WORDS:
            break
        if not word.is_stop and word.key not in language.frame:
            objects.append(word.key)
    classes = language.classes_of(words[at].form)
    form = words[at].form
    transparent = carries or stem(form) in language.transparent
    return Ask(
        classes or (() if transparent else (stem(form),)),
        form,
        frozenset(objects),
        is_transparent=transparent,
        is_listed=bool(classes),
    )


def directions_of(words: Sequence[Word], language: Language) -> tuple[Direction, ...]:
    """Every "from A to B", and every "A should tell B" or "A to share … with B"."""
    found: list[Direction] = []
    classes_of = language.classes_of
    for at, word in enumerate(words):
        if word.form == "from":
            direction = _from_to(words, at, language)
        elif not _WITH_RECEIVER.isdisjoint(classes_of(word.form)):
            direction = _subject_to_object(words, at, language)
        else:
            continue
        if direction:
            found.append(direction)
    return tuple(found)


def _from_to(words: Sequence[Word], at: int, language: Language) -> Direction | None:
    for to in range(at + 2, min(at + 2 + _PARTY_WORDS * 2, len(words) - 1)):
        if words[to].form == "to":
            return _direction(_party(words[at + 1 : to]), _after(words, to + 1, language))
    return None


def _subject_to_object(words: Sequence[Word], at: int, language: Language) -> Direction | None:
    """Giver before the verb's modal word, receiver after "to"/"with", else the verb's object.

    In the passive the giver stands after "by", and whoever is told or asked is the subject.
    """
    modal = next(
        (i for i in range(at - 1, max(at - 4, 0), -1) if words[i].form in _SUBJECT_MARKS), None
    )
    if modal is None:
        return None
    subject = _party(words[max(0, modal - _PARTY_WORDS) : modal])
    passive = _before_adverbs(words, at) in BE
    giver = _after_link(("by",), words, at, language) if passive else subject
    receiver = _after_link(("to", "with"), words, at, language)
    if not receiver and {"tell", "enquire"} & set(language.classes_of(words[at].form)):
        receiver = subject if passive else _after(words, at + 1, language)
    return _direction(giver, receiver)


def _before_adverbs(words: Sequence[Word], at: int) -> str:
    """The word before a verb, adverbs such as "routinely" passed over."""
    before = at - 1
    while before > 0 and words[before].form.endswith("ly"):
        before -= 1
    return words[before].form


def _after_link(
    links: Sequence[str], words: Sequence[Word], at: int, language: Language
) -> list[Word]:
    """The party after the first of some words such as "to" that follows a verb, if there is one."""
    for place in range(at + 1, min(at + _REACH, len(words) - 1)):
        if words[place].form in links:
            return _after(words, place + 1, language)
    return []


def _party(words: Sequence[Word]) -> list[Word]:
    return [word for word in words if not word.is_stop]


def _after(words: Sequence[Word], at: int, language: Language) -> list[Word]:
    """Content words from a place on, up to the next stop word; none where a verb comes."""
    party: list[Word] = []
    for word in words[at : at + _PARTY_WORDS + 1]:
        if word.is_stop or word.form in CLAUSES:
            if party:
                break
            continue
        if not party and language.classes_of(word.form):
            return []
        party.append(word)
    return party[:_PARTY_WORDS]


def _direction(giver: Sequence[Word], receiver: Sequence[Word]) -> Direction | None:
    givers, receivers = (frozenset(word.key for word in party) for party in (giver, receiver))
    if not givers or not receivers or givers == receivers:
        return None
    names = [" ".join(word.form for word in party) for party in (giver, receiver)]
    return Direction(givers, receivers, f"from {names[0]} to {names[1]}")


def negated_of(words: Sequence[Word], language: Language) -> frozenset[str]:
    """Keys of the content words that a negated ask governs: the next few after "should not".

    Only an ask is turned round by its negation; "MARAC never saw them" tells what happened.
    """
    negated: set[str] = set()
    for at, word in enumerate(words):
        if word.form in language.negations and _negates_an_ask(words, at):
            following = [w.key for w in words[at + 1 : at + 6] if not w.is_stop]
            negated.update(following[:_NEGATED_WORDS])
    return frozenset(negated)


def _negates_an_ask(words: Sequence[Word], at: int) -> bool:
    before = words[at - 1].form if at else ""
    after = words[at + 1].form if at + 1 < len(words) else ""
    contracted = words[at].form in ("shouldn't", "mustn't", "don't")
    return contracted or not at or before in _MODALS | {"to", "do"} or after in ("to", "be")
