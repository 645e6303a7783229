"""A recommendation as the duplicate check reads it: its words, and what it asks of whom.

Long forms become their abbreviation, and an abbreviation the one that took its place (CCG → ICB),
so that a repeat is seen across a change of name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kb.similarity.asks import Ask, Direction, asks_of, directions_of, negated_of
from kb.similarity.concepts import Named, load_concepts
from kb.similarity.language import Language, load_language
from kb.similarity.roles import (
    CLAUSES,
    LESS,
    agent_in,
    agents_of,
    conditions_of,
    counts_of,
    negations_in,
)
from kb.similarity.words import Word
from kb.text.abbreviations import Abbreviations
from kb.text.normalise import digest, fold
from kb.text.tokens import STOP_WORDS, words_of

_KEPT = 50_000  # words
_FEW = 2
_SENTENCE_MARK = re.compile(r"[.;!?]")
_AT_THE_END = " \t\r\n.;:!?\"'”’)]"
_ADVERBS = frozenset({"also", "always", "then", "still", "first", "again", "thereafter"})
_SUBJECT_ENDS = frozenset({"should", "must", "will", "shall", "to"})


@dataclass(frozen=True)
class Reading:
    """One text, read: its words in order, and lazily what they ask."""

    text: str
    words: tuple[Word, ...]
    language: Language

    def printed(self, word: Word) -> str:
        """One of its words as it stands there; in lower case unless it is an abbreviation."""
        said = " ".join(self.text[word.start : word.end].split())
        is_short = said.isupper() and len(said) > 1
        return said if is_short or said.lower() != word.form else word.form

    @cached_property
    def folded(self) -> str:
        """The text in the form in which two texts are the same, closing punctuation aside."""
        return folded(self.text)

    @cached_property
    def content(self) -> tuple[Word, ...]:
        """The words that carry the subject; all words where nothing else is left."""
        return tuple(word for word in self.words if not word.is_stop) or self.words

    @cached_property
    def keys(self) -> dict[str, Word]:
        """Each content key with the first word that has it."""
        first: dict[str, Word] = {}
        for word in self.content:
            first.setdefault(word.key, word)
        return first

    @cached_property
    def in_order(self) -> list[str]:
        """The content keys in order."""
        return [word.key for word in self.content]

    @cached_property
    def forms(self) -> frozenset[str]:
        """Each of its words once, function words too."""
        return frozenset([word.form for word in self.words])

    @cached_property
    def normal(self) -> str:
        """The content words, unstemmed, with abbreviations in their short form."""
        return " ".join(word.form for word in self.content)

    @cached_property
    def sorted_words(self) -> str:
        """All words, function words too, in alphabetical order."""
        return " ".join(sorted(word.form for word in self.words))

    @cached_property
    def asks(self) -> tuple[Ask, ...]:
        """What it asks for, the main ask first."""
        return asks_of(self.words, self.language)

    @cached_property
    def real_asks(self) -> tuple[Ask, ...]:
        """The asks that do not only carry another."""
        return tuple(ask for ask in self.asks if not ask.is_transparent)

    @cached_property
    def asked_objects(self) -> frozenset[str]:
        """The content keys of what its asks are about."""
        return frozenset(key for ask in self.real_asks for key in ask.objects)

    @cached_property
    def directions(self) -> tuple[Direction, ...]:
        """Who is to pass something on to whom."""
        return directions_of(self.words, self.language)

    @cached_property
    def negated(self) -> frozenset[str]:
        """Content keys that stand under a negation."""
        if self.forms.isdisjoint(self.language.negations):
            return frozenset()
        return negated_of(self.words, self.language)

    @cached_property
    def sentences(self) -> tuple[frozenset[str], ...]:
        """The content keys of each of its sentences; one of no more than two is left out."""
        found: list[set[str]] = [set()]
        marks = deque(mark.start() for mark in _SENTENCE_MARK.finditer(self.text))
        end = 0
        for word in self.words:
            if marks and marks[0] < word.start and _pass(marks, end, word.start):
                found.append(set())
            end = word.end
            if not word.is_stop:
                found[-1].add(word.key)
        kept = tuple(frozenset(keys) for keys in found if len(keys) > _FEW)
        return kept or (frozenset(self.keys),)

    @cached_property
    def concepts(self) -> Named:
        """The concepts that it names, each with its group."""
        return load_concepts().named_in([word.form for word in self.words])

    @cached_property
    def agents(self) -> frozenset[str]:
        """Content keys of who is to act."""
        return agents_of(self.words, self.text, self.language)

    @cached_property
    def conditions(self) -> frozenset[str]:
        """Content keys of the clauses that say when, if and of whom."""
        if self.forms.isdisjoint(CLAUSES):
            return frozenset()
        return conditions_of(self.words, self.text, self.language)

    @cached_property
    def counts(self) -> frozenset[str]:
        """Figures, and numbers in words."""
        return counts_of(self.forms)

    @cached_property
    def negations(self) -> int:
        """How many of its words negate."""
        if self.forms.isdisjoint(self.language.negations | LESS):
            return 0
        return negations_in(self.words, self.language)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Figures in the text."""
        return frozenset([key for key in self.keys if key.isdecimal()])

    @cached_property
    def duty_holders(self) -> dict[str, str]:
        """Names of the bodies that the main ask is put to, with the sector of each.

        They are its subject, or in the passive those after "by" where it names any.
        """
        end = self._subject_end
        agents = agent_in(self.words, end, self.text) if self.is_passive else ()
        return self._holders_in(agents) or self._holders_in(self.words[:end])

    def _holders_in(self, words: Sequence[Word]) -> dict[str, str]:
        keys = [word.key for word in words]
        found: dict[str, str] = {}
        for at, key in enumerate(keys):
            for length in (1, 2, 3) if key in self.language.begins_duty_holder else ():
                holder = self.language.duty_holders.get(tuple(keys[at : at + length]))
                if holder and at + length <= len(keys):
                    found[holder.name] = holder.sector
        return found

    @cached_property
    def asked_from(self) -> int:
        """The offset from which it says what is asked: 0 where that is the subject ("to be …")."""
        return 0 if self.is_passive or not self.words else self.words[self._subject_end].start

    @cached_property
    def is_passive(self) -> bool:
        """Whether its main ask is in the passive ("to be …", "should always be …")."""
        following = (word.form for word in self.words[self._subject_end + 1 :])
        return next((form for form in following if not self._is_adverb(form)), "") == "be"

    def _is_adverb(self, form: str) -> bool:
        return form.endswith("ly") or form in _ADVERBS or form in self.language.negations

    @cached_property
    def _subject_end(self) -> int:
        """The place of the first "should", "must", "will" or "to": the subject stands before it."""
        return next((at for at, word in enumerate(self.words) if word.form in _SUBJECT_ENDS), 0)


class Reader:
    """Reads texts with one list of abbreviations."""

    def __init__(self, abbreviations: Abbreviations, language: Language | None = None) -> None:
        self.abbreviations = abbreviations
        self.language = language or load_language()

    def read(self, text: str) -> Reading:
        """The text with its words in the form in which they are compared."""
        return Reading(text, tuple(self._words(text)), self.language)

    def _words(self, text: str) -> Sequence[Word]:
        straight, known = text.replace("’", "'"), self._known
        spans = [match.span() for match in words_of(straight)]
        printed = [straight[start:end] for start, end in spans]
        tokens = [word.lower() for word in printed]
        words = [
            Word(*known(word), start, end) for word, (start, end) in zip(tokens, spans, strict=True)
        ]
        found = list(self.abbreviations.runs(tokens, lambda at: text[slice(*spans[at])]))
        for at, count, abbreviation, _ in reversed(found):
            start, end = spans[at][0], spans[at + count - 1][1]
            words[at : at + count] = [self.short_word(abbreviation.short, start, end)]
        return words

    def word(self, text: str, start: int = 0, end: int = 0) -> Word:
        """A word of a text as it is compared."""
        return Word(*self._known(text), start, end)

    @cached_property
    def _known(self) -> Callable[[str], tuple[str, str, bool]]:
        """The key and the form of a word, and whether it is a stop word; kept, for they recur."""

        def look_up(text: str) -> tuple[str, str, bool]:
            form = _plain(text)
            return self._key(form), form, form in STOP_WORDS

        return lru_cache(maxsize=_KEPT)(look_up)

    def short_word(self, short: str, start: int = 0, end: int = 0) -> Word:
        """An abbreviation as it is compared, in whatever form it stands there."""
        form = self._newest(short).lower()
        return Word(self._key(form), form, False, start, end)

    def _key(self, form: str) -> str:
        return self.language.key(form) or form

    def _newest(self, short: str) -> str:
        """The form that took this one's place, followed to its end (PCT → CCG → ICB)."""
        seen = {short}
        while (known := self.abbreviations.get(short)) and known.successor:
            if known.successor in seen:
                break
            short = known.successor
            seen.add(short)
        return short


def folded(text: str) -> str:
    """A text in the form in which two texts are the same, closing punctuation aside."""
    return fold(text).strip(" .;,:-")


def folded_code(text: str) -> int:
    """What two texts have in common that are the same once folded: 64 bits of a digest."""
    return int(digest(folded(text)), 16)


def has_inner_mark(text: str) -> bool:
    """Whether a text may have several sentences, as ``Reading.sentences`` tells them apart."""
    return _SENTENCE_MARK.search(text.rstrip(_AT_THE_END)) is not None


def _pass(marks: deque[int], start: int, end: int) -> bool:
    """Whether one of these places lies between two others; those before the end are dropped."""
    is_between = False
    while marks and marks[0] < end:
        is_between |= marks.popleft() >= start
    return is_between


def _plain(word: str) -> str:
    return word if word.isascii() else unicodedata.normalize("NFKC", word).casefold()
