"""The words of many texts as arrays: what the classifier counts and what its evidence points at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb.text.abbreviations import Abbreviations
from kb.text.tokens import Token, stem, tokenise


@dataclass(frozen=True)
class WordTable:
    """The words of n texts, one after another, with their places.

    ``vocabulary`` is every different word, sorted; ``ids`` int32[words] are places in it;
    ``starts`` and ``ends`` int32[words] are character offsets in the word's own text;
    ``bounds`` int64[n + 1]: the words of text i are ``bounds[i]:bounds[i + 1]``.
    """

    vocabulary: tuple[str, ...]
    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def rows(self) -> npt.NDArray[np.int64]:
        """The number of the text that each word stands in, int64[words]."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.bounds))


def word_table(texts: Sequence[str], abbreviations: Abbreviations) -> WordTable:
    """Read the words of texts: stems, and each abbreviation or long form as its short form.

    A short form keeps its capitals, so that "IT" and "it" stay apart; a successor ("ICB" for
    "CCG") is a word of its own.
    """
    first_seen: dict[str, int] = {}
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    bounds = np.zeros(len(texts) + 1, dtype=np.int64)
    for row, text in enumerate(texts, start=1):
        for word, start, end in _words(text, abbreviations):
            ids.append(first_seen.setdefault(word, len(first_seen)))
            starts.append(start)
            ends.append(end)
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
        bounds,
    )


def _words(text: str, abbreviations: Abbreviations) -> Iterator[tuple[str, int, int]]:
    tokens = tokenise(text)
    at = 0
    for mention in abbreviations.find(text, tokens):
        while tokens[at].start < mention.start:
            yield _word(tokens[at])
            at += 1
        yield mention.short, mention.start, mention.end
        while at < len(tokens) and tokens[at].start < mention.end:
            at += 1
    for token in tokens[at:]:
        yield _word(token)


def _word(token: Token) -> tuple[str, int, int]:
    return stem(token.text), token.start, token.end
