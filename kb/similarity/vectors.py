"""From the words of recommendations to the vectors that the duplicate check compares.

Texts are read as ``Reader`` reads them, but all at once: what a word is worth (its key, whether it
is a stop word, its n-grams) is looked up once a word and not once a text. A term of the word
vectors, a key or two neighbours, is known by a 64-bit code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence, Sized
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.index.ragged import bounds_of, places_of
from kb.index.splicing import Held
from kb.index.wording import Wording
from kb.similarity.reading import Reader
from kb.similarity.words import Word, grams

Ints = NDArray[np.int64]
Codes = NDArray[np.uint64]
Marks = NDArray[np.bool_]

_STEP = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: spreads what it multiplies


class Counts(NamedTuple):
    """The sorted codes of terms, the texts that hold each, and beside them how often."""

    codes: NDArray[np.uint32] | Codes
    held: Held


@lru_cache(maxsize=100_000)
def key_code(key: str) -> int:
    """The code of a word key."""
    whole = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(whole, "little")


def term_codes(keys: Iterable[str]) -> Codes:
    """The codes of a text's terms: its keys in order, then its pairs of neighbours."""
    codes = np.array([key_code(key) for key in keys], dtype=np.uint64)
    return np.concatenate([codes, _pairs(codes[:-1], codes[1:])])


def count(wording: Wording, reader: Reader) -> tuple[Counts, Counts]:
    """The word terms and the n-grams inside words of each text."""
    read = words_read(wording, reader)
    rows, words = content_of(*said_in(wording, _every(wording)), are_stops(read))
    return _terms(rows, words, read, len(wording)), _grams(rows, words, read, len(wording))


def words_read(wording: Wording, reader: Reader) -> list[Word]:
    """The words and then the abbreviations of a wording as they are compared."""
    read = [reader.word(word) for word in wording.words]
    return read + [reader.short_word(short) for short in wording.shorts]


def said_in(wording: Wording, chosen: Ints) -> tuple[Ints, Ints]:
    """For each word of the texts of chosen rows in order: which of these rows, and the word.

    Words are numbered as in the wording; an abbreviation, in whatever form, is one word, numbered
    after them.
    """
    cells = wording.cells("text")[chosen]
    bounds = bounds_of((wording.bounds[1:] - wording.bounds[:-1])[cells])
    flat = wording.flat[places_of(wording.bounds, cells)].astype(np.int64)
    of_cell, mentions = _mentions_of(wording, cells)
    first = bounds[:-1][of_cell] + mentions[:, 1]
    flat[first] = len(wording.words) + mentions[:, 3]
    kept, rest = np.ones(len(flat), dtype=bool), bounds_of(mentions[:, 2] - 1)
    kept[np.repeat(first + 1 - rest[:-1], np.diff(rest)) + np.arange(rest[-1])] = False
    return np.repeat(_every(cells), np.diff(bounds))[kept], flat[kept]


def _mentions_of(wording: Wording, cells: Ints) -> tuple[Ints, Ints]:
    """The abbreviations in these cells: the place of its cell among them, and the mention."""
    mentioning = wording.mentions[:, 0]
    starts, ends = (mentioning.searchsorted(cells, side) for side in ("left", "right"))
    of_cell = np.repeat(_every(cells), ends - starts)
    within = np.arange(len(of_cell)) - bounds_of(ends - starts)[:-1][of_cell]
    return of_cell, wording.mentions[starts[of_cell] + within].astype(np.int64)


def are_stops(read: Sequence[Word]) -> Marks:
    """Which of these words are stop words."""
    return np.array([word.is_stop for word in read], dtype=bool)


def content_of(rows: Ints, words: Ints, is_stop: Marks) -> tuple[Ints, Ints]:
    """The words that carry the subject; all words of a text that has no others.

    ``is_stop`` tells it of each word by its number.
    """
    says = ~is_stop[words]
    chosen = says | (np.bincount(rows[says], minlength=int(rows.max(initial=-1)) + 1) == 0)[rows]
    return rows[chosen], words[chosen]


def _terms(rows: Ints, words: Ints, read: Sequence[Word], count: int) -> Counts:
    keys = np.array([key_code(word.key) for word in read], dtype=np.uint64)[words]
    together = rows[1:] == rows[:-1]
    pairs = _pairs(keys[:-1][together], keys[1:][together])
    codes, columns = np.unique(np.concatenate([keys, pairs]), return_inverse=True)
    every = np.concatenate([rows, rows[:-1][together]])
    found, often = np.unique(columns * max(count, 1) + every, return_counts=True)
    numbers, texts = np.divmod(found, max(count, 1))
    bounds = bounds_of(np.bincount(numbers, minlength=len(codes)))
    return Counts(codes, Held(bounds, texts.astype(np.int32), (smallest(often),)))


def _grams(rows: Ints, words: Ints, read: Sequence[Word], count: int) -> Counts:
    """Texts × words times words × n-grams: an n-gram stands inside one word."""
    from scipy import sparse

    used, words = np.unique(words, return_inverse=True)
    found = [grams(read[number].form) for number in used.tolist()]
    flat = np.concatenate([*found, np.zeros(0, dtype=np.uint32)])
    codes, columns = np.unique(flat, return_inverse=True)
    of_word = bounds_of(np.array([len(one) for one in found], dtype=np.int64))
    inside = sparse.csr_matrix(
        (np.ones(len(flat), dtype=np.float32), columns, of_word), shape=(len(used), len(codes))
    )
    of_text = bounds_of(np.bincount(rows, minlength=count))
    said = sparse.csr_matrix(
        (np.ones(len(words), dtype=np.float32), words, of_text), shape=(count, len(used))
    )
    counts = (said @ inside).tocsc()
    often = smallest(counts.data.astype(np.int32))
    return Counts(codes, Held(counts.indptr.astype(np.int64), counts.indices, (often,)))


def smallest(counts: NDArray[np.integer]) -> NDArray[np.integer]:
    """The same counts in as few bytes as they need."""
    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))), copy=False)


def _pairs(left: Codes, right: Codes) -> Codes:
    """The codes of pairs; the order of the two matters."""
    return (left ^ (left >> np.uint64(29))) * _STEP + right


def _every(things: Sized) -> Ints:
    return np.arange(len(things), dtype=np.int64)
