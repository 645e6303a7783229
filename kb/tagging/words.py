"""The words of many texts as arrays: what the classifier counts and what its evidence points at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb.text.abbreviations import Abbreviations
from kb.text.tokens import STOP_WORDS, Token, stem, tokenise

# Words of every recommendation whatever its subject, by stem, beside the function words of English:
# numbers, months, lengths of time, and verbs that only say that something is to be done.
_FORMULA = frozenset(
    stem(word)
    for word in """
    one two three four five six seven eight nine ten eleven twelve first third half once
    twice january february march april june july august september october november december day
    days week month quarter year yearly time times date soon later never always often already yet
    now today still even much many well also therefore however whatever whoever wherever whenever
    alongside via across towards behind beyond without within anyone someone everyone nobody
    anything something everything nothing else thing way part lot kind sort ensure make made take
    took taken
    give gave given get got put keep kept need go goes gone come came become became seem tell told
    say said let stop start begin began pay paid work works worked working recommend recommended
    recommendation consider considered consideration want wanted able rather instead
    think thought
    """.split()
)
PLAIN, OPENING, NAME = 0, 1, 2
_SENTENCE_ENDS = frozenset(".!?:;\n•*–—")
_OPENERS = " \t\"'“‘(["


@dataclass(frozen=True)
class WordTable:
    """The words of n texts, one after another, with their places.

    ``vocabulary`` is every different word, sorted; ``ids`` int32[words] are places in it;
    ``starts`` and ``ends`` int32[words] are character offsets in the word's own text;
    ``forms`` int8[words]: ``PLAIN``, ``OPENING`` (a capital that opens a sentence and so tells
    nothing) or ``NAME`` (a capital within one, though no abbreviation);
    ``bounds`` int64[n + 1]: the words of text i are ``bounds[i]:bounds[i + 1]``.
    """

    vocabulary: tuple[str, ...]
    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    forms: npt.NDArray[np.int8]
    bounds: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def rows(self) -> npt.NDArray[np.int64]:
        """The number of the text that each word stands in, int64[words]."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.bounds))


def word_table(texts: Sequence[str], abbreviations: Abbreviations) -> WordTable:
    """Read the words of texts: stems, and each abbreviation or long form as its short form.

    Words that carry no subject are left out: function words, numbers, months and formulas.

    A short form keeps its capitals, so that "IT" and "it" stay apart; a successor ("ICB" for
    "CCG") is a word of its own.
    """
    first_seen: dict[str, int] = {}
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    forms: list[int] = []
    bounds = np.zeros(len(texts) + 1, dtype=np.int64)
    for row, text in enumerate(texts, start=1):
        for word, start, end, form in _words(text, abbreviations):
            ids.append(first_seen.setdefault(word, len(first_seen)))
            starts.append(start)
            ends.append(end)
            forms.append(form)
        bounds[row] = len(ids)
    vocabulary = tuple(sorted(first_seen))
    sorted_id = np.zeros(len(vocabulary), dtype=np.int32)
    for place, word in enumerate(vocabulary):
        sorted_id[first_seen[word]] = place
    return WordTable(
        vocabulary,
        sorted_id[np.asarray(ids, dtype=np.int32)],
        np.asarray(starts, dtype=np.int32),
        np.asarray(ends, dtype=np.int32),
        np.asarray(forms, dtype=np.int8),
        bounds,
    )


def _words(text: str, abbreviations: Abbreviations) -> Iterator[tuple[str, int, int, int]]:
    tokens = tokenise(text)
    at = 0
    for mention in abbreviations.find(text, tokens):
        while tokens[at].start < mention.start:
            yield from _word(tokens[at], text)
            at += 1
        yield mention.short, mention.start, mention.end, PLAIN
        while at < len(tokens) and tokens[at].start < mention.end:
            at += 1
    for token in tokens[at:]:
        yield from _word(token, text)


def _word(token: Token, text: str) -> Iterator[tuple[str, int, int, int]]:
    """The word of a token, or nothing where it carries no subject."""
    stemmed = stem(token.text)
    if token.text not in STOP_WORDS and stemmed not in _FORMULA and not token.text.isdigit():
        yield stemmed, token.start, token.end, _form(text, token)


def _form(text: str, token: Token) -> int:
    printed = text[token.start : token.end]
    if not printed[0].isupper() or not printed[1:].islower():
        return PLAIN
    before = text[max(token.start - 8, 0) : token.start].rstrip(_OPENERS)
    return NAME if before and before[-1] not in _SENTENCE_ENDS else OPENING
