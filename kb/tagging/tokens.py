"""The words of many texts at once, as arrays: where each stands, and in which sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

_KNOWN, _WORD, _SPACE, _APOSTROPHE, _SENTENCE_END, _CLOSER = 1, 2, 4, 8, 16, 32
_SIGNS = {"'": _APOSTROPHE | _CLOSER, "’": _APOSTROPHE | _CLOSER}
_SIGNS |= dict.fromkeys(".;!?", _SENTENCE_END) | dict.fromkeys('"”)]', _CLOSER)
_kinds = np.zeros(0x110000, dtype=np.uint8)  # of every character met so far


@dataclass(frozen=True)
class Tokens:
    """The words of n texts, one after another: those that ``kb.text.tokens.tokenise`` finds.

    ``words`` is every different word as printed, and ``ids`` int32[tokens] are places in it;
    ``starts`` and ``ends`` int64[tokens] are offsets in ``characters``, in which text i begins at
    ``offsets[i]``; ``sentences`` int64[tokens] rise with each sentence and each text;
    ``bounds`` int64[n + 1]: the words of text i are ``bounds[i]:bounds[i + 1]``.
    """

    texts: Sequence[str]
    words: tuple[str, ...]
    ids: npt.NDArray[np.int32]
    starts: Ints
    ends: Ints
    sentences: Ints
    bounds: Ints
    offsets: Ints
    characters: npt.NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, texts: Sequence[str]) -> Tokens:
        """Part texts into words and sentences; only an end between two words parts sentences."""
        joined = "\n".join([*texts, ""])
        characters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        kinds = _kinds_of(characters)
        is_word = _words_and_apostrophes(kinds)
        edges = np.flatnonzero(np.diff(is_word, prepend=False))
        starts, ends = edges[::2], edges[1::2]
        words, ids = _numbered(characters, is_word, len(starts))
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        offsets = np.append(0, np.cumsum(lengths + 1))
        breaks = np.sort(np.concatenate([_sentence_ends(characters, kinds), offsets[1:] - 1]))
        return cls(
            texts=texts,
            words=words,
            ids=ids,
            starts=starts,
            ends=ends,
            sentences=np.searchsorted(breaks, starts),
            bounds=np.searchsorted(starts, offsets),
            offsets=offsets,
            characters=characters,
        )

    def rows(self) -> Ints:
        """The number of the text that each word stands in, int64[tokens]."""
        return np.repeat(np.arange(len(self.texts), dtype=np.int64), np.diff(self.bounds))

    def sentence_breaks(self) -> Ints:
        """Where a sentence may end and another begin: a full stop or its like before a space, and
        the end of a line within a text; places in ``characters``."""
        spaces = self.spaces()
        spaces[self.offsets[1:] - 1] = False
        signs = np.flatnonzero(_kinds_of(self.characters) & _SENTENCE_END)
        signs = signs[spaces[signs + 1]]
        return np.append(signs, np.flatnonzero((self.characters == ord("\n")) & spaces))

    def spaces(self) -> npt.NDArray[np.bool_]:
        """Which characters are spaces of any kind, bool[characters]."""
        return (_kinds_of(self.characters) & _SPACE) > 0


def lowered(printed: str) -> str:
    """A printed word in lower case with straight apostrophes."""
    return printed.lower().replace("’", "'")


class _Numbers(dict[str, int]):
    """Each word's number in the order of first sight."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def _numbered(
    characters: npt.NDArray[np.uint32], is_word: npt.NDArray[np.bool_], count: int
) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
    spaced = np.where(is_word, characters, np.uint32(ord(" ")))
    numbers = _Numbers()
    printed = spaced.tobytes().decode("utf-32-le").split()
    ids = np.fromiter(map(numbers.__getitem__, printed), np.int32, count)
    return tuple(numbers), ids


def _kinds_of(characters: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    kinds = _kinds[characters]
    if not kinds.all():
        for number in np.unique(characters[kinds == 0]).tolist():
            sign = chr(number)
            kind = _WORD if sign.isalnum() else _SPACE if sign.isspace() else _SIGNS.get(sign, 0)
            _kinds[number] = kind | _KNOWN
        kinds = _kinds[characters]
    return kinds


def _words_and_apostrophes(kinds: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which characters are of words; an apostrophe is where it stands between two others."""
    is_word = (kinds & _WORD) > 0
    signs = np.flatnonzero(kinds & _APOSTROPHE)  # the last character is a line's end, so +1 exists
    within = signs[is_word[signs - 1] & is_word[signs + 1]]
    is_word[within] = True
    return is_word


def _sentence_ends(
    characters: npt.NDArray[np.uint32], kinds: npt.NDArray[np.uint8]
) -> npt.NDArray[Any]:
    """Where a full stop or its like stands before a space or a closing sign, or a blank line."""
    signs = np.flatnonzero(kinds & _SENTENCE_END)
    signs = signs[(kinds[signs + 1] & (_SPACE | _CLOSER)) > 0]
    lines = np.flatnonzero(characters == ord("\n"))
    if not len(lines):
        return signs
    only_space = np.logical_and.reduceat((kinds & _SPACE) > 0, lines)
    return np.concatenate([signs, lines[:-1][only_space[:-1]]])
