"""The words of many texts as arrays: what the classifier counts and what its evidence points at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kb.tagging.tokens import Ints, Tokens, lowered
from kb.text.abbreviations import Abbreviations
from kb.text.tokens import STOP_WORDS, stem

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
_SENTENCE_ENDS = [ord(sign) for sign in ".!?:;\n•*–—"]
_OPENERS = [ord(sign) for sign in " \t\"'“‘(["]
_LOOKED_BACK = 8


@dataclass(frozen=True)
class WordTable:
    """The words of n texts, one after another, with their places.

    ``vocabulary`` is every different word, sorted; ``ids`` int32[words] are places in it;
    ``starts`` and ``ends`` int32[words] are character offsets in the word's own text;
    ``forms`` int8[words]: ``PLAIN``, ``OPENING`` (a capital that opens a sentence and so tells
    nothing) or ``NAME`` (a capital within one, though no abbreviation);
    ``silent`` bool[words]: as printed it could be a function word, though it is read ("it" as IT);
    ``bounds`` int64[n + 1]: the words of text i are ``bounds[i]:bounds[i + 1]``.
    """

    vocabulary: tuple[str, ...]
    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    forms: npt.NDArray[np.int8]
    silent: npt.NDArray[np.bool_]
    bounds: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def rows(self) -> npt.NDArray[np.int64]:
        """The number of the text that each word stands in, int64[words]."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.bounds))


def word_table(tokens: Tokens, abbreviations: Abbreviations) -> WordTable:
    """Read the words of texts: stems, and each abbreviation or long form as its short form.

    Words that carry no subject are left out: function words, numbers, months and formulas.

    A short form keeps its capitals, so that "IT" and "it" stay apart; a successor ("ICB" for
    "CCG") is a word of its own.
    """
    numbers: dict[str, int] = {}
    read = [_read(printed) for printed in tokens.words]
    number_of = [numbers.setdefault(word, len(numbers)) if word else -1 for word, _, _ in read]
    ids = np.asarray(number_of, dtype=np.int32)[tokens.ids]
    is_titled = np.asarray([titled for _, titled, _ in read], dtype=np.bool_)[tokens.ids]
    silent = np.asarray([silent for _, _, silent in read], dtype=np.bool_)[tokens.ids]
    ends = tokens.ends.copy()
    for first, stop, short in _mentions(tokens, abbreviations):
        ids[first:stop] = -1
        ids[first] = numbers.setdefault(short, len(numbers))
        is_titled[first] = False
        silent[first] &= stop == first + 1
        ends[first] = ends[stop - 1]
    kept = np.flatnonzero(ids >= 0)
    rows = tokens.rows()[kept]
    forms = np.zeros(len(kept), dtype=np.int8)
    titled = np.flatnonzero(is_titled[kept])
    forms[titled] = _forms(tokens, kept[titled], rows[titled])
    vocabulary, sorted_ids = _sorted(list(numbers), ids[kept])
    return WordTable(
        vocabulary,
        sorted_ids,
        (tokens.starts[kept] - tokens.offsets[rows]).astype(np.int32),
        (ends[kept] - tokens.offsets[rows]).astype(np.int32),
        forms,
        silent[kept],
        np.searchsorted(rows, np.arange(len(tokens.texts) + 1)),
    )


@lru_cache(maxsize=200_000)
def _read(printed: str) -> tuple[str, bool, bool]:
    """The word of a printed word, empty where it carries no subject; is it titled, is it silent."""
    word, is_silent = lowered(printed), printed.lower() in STOP_WORDS
    stemmed = stem(word)
    if word in STOP_WORDS or stemmed in _FORMULA or word.isdigit():
        return "", False, is_silent
    return stemmed, printed[0].isupper() and printed[1:].islower(), is_silent


def _mentions(tokens: Tokens, abbreviations: Abbreviations) -> Iterator[tuple[int, int, str]]:
    """Each abbreviation, short or long: its first token, the one after its last, its short form.

    Only where a form may begin with a word and the next two is it looked at closely.
    """
    words = [lowered(printed) for printed in tokens.words]
    begins = np.asarray([_may_begin(abbreviations, word) for word in words], dtype=np.bool_)
    places = np.flatnonzero(begins[tokens.ids])
    stops = tokens.bounds[tokens.rows()[places] + 1]
    begun: list[tuple[str, ...]] = [(word,) for word in words]
    number = tokens.ids[places].astype(np.int64)
    for further in (1, 2):
        following = tokens.ids[np.minimum(places + further, stops - 1)]
        different, number = np.unique(number * len(words) + following, return_inverse=True)
        both = [divmod(one, len(words)) for one in different.tolist()]
        begun = [(*begun[one], words[other]) for one, other in both]
        may = np.asarray([_may_begin(abbreviations, *some) for some in begun], dtype=np.bool_)
        kept = np.flatnonzero(may[number])
        places, stops, number = places[kept], stops[kept], number[kept]
    done = 0
    for first, stop in zip(places.tolist(), stops.tolist(), strict=True):
        if first < done:
            continue
        here = tokens.ids[first : min(stop, first + abbreviations.longest)].tolist()
        found = abbreviations.at([words[i] for i in here], tokens.words[here[0]])
        if found is not None:
            length, abbreviation, _ = found
            done = first + length
            yield first, done, abbreviation.short


@lru_cache(maxsize=200_000)
def _may_begin(abbreviations: Abbreviations, *words: str) -> bool:
    return abbreviations.may_begin(words)


def _forms(tokens: Tokens, titled: Ints, rows: Ints) -> npt.NDArray[np.int8]:
    """Whether a titled word opens a sentence or is a name: what stands before it tells."""
    before = np.full(len(titled), -1, dtype=np.int64)
    for back in range(1, _LOOKED_BACK + 1):
        places = tokens.starts[titled] - back
        signs = tokens.characters[np.maximum(places, 0)].astype(np.int64)
        seen = (before < 0) & (places >= tokens.offsets[rows]) & ~np.isin(signs, _OPENERS)
        before[seen] = signs[seen]
    is_name = (before >= 0) & ~np.isin(before, _SENTENCE_ENDS)
    return np.where(is_name, NAME, OPENING).astype(np.int8)


def _sorted(
    words: list[str], ids: npt.NDArray[np.int32]
) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
    """The words that occur, sorted, and the place of each id among them."""
    used = sorted(np.unique(ids).tolist(), key=words.__getitem__)
    place = np.zeros(len(words), dtype=np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    return tuple(words[number] for number in used), place[ids]
