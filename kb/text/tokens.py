"""Words of a text, with their places, and their English stems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

_WORD = re.compile(r"[^\W_]++(?:['’][^\W_]++)*+")
# The same where a text has no underscore, in three quarters of the time.
_PLAIN_WORD = re.compile(r"\w++(?:['’]\w++)*+")
_stemmer = Stemmer.Stemmer("english")

# Function words of English: they carry grammar, not subject. Negations and directions ("not",
# "no", "from", "to") are stop words for ranking only; the duplicate check reads them itself.
STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are aren't as at be because been
    before being below between both but by can can't cannot could couldn't did didn't do does
    doesn't doing don't down during each either else etc ever every few for from further had hadn't
    has hasn't have haven't having he her here hers herself him himself his how i if in into is
    isn't it its itself just let may me might more most must my myself neither no nor not of off on
    once only onto or other ought our ours ourselves out over own per rather same shall she should
    shouldn't so some such than that that's the their theirs them themselves then there these they
    this those through thus to too under until up upon us very was wasn't we were weren't what when
    where whether which while who whom whose why will with within without won't would wouldn't you
    your yours yourself yourselves
    """.split()
)


class Token(NamedTuple):
    """One word in lower case with straight apostrophes, and its character offsets."""

    text: str
    start: int
    end: int


def words_of(text: str) -> Iterator[re.Match[str]]:
    """Every word of a text in order; hyphens and slashes part words, apostrophes do not."""
    return (_WORD if "_" in text else _PLAIN_WORD).finditer(text)


def lowered(word: str) -> str:
    """A word as printed in the form in which words are compared."""
    return word.lower().replace("’", "'")


def tokenise(text: str) -> list[Token]:
    """All words of a text in order, see ``words_of``."""
    return [Token(lowered(word[0]), word.start(), word.end()) for word in words_of(text)]


def words_in(text: str) -> list[str]:
    """The words of a text alone, as ``tokenise`` gives them."""
    return [word.lower() for word in printed_words(text.replace("’", "'"))]


def printed_words(text: str) -> list[str]:
    """The words of a text as it prints them."""
    return _WORD.findall(text)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Snowball English stem of a lower-case word, its possessive ending taken off.

    The algorithm is M. F. Porter's "Porter2" (snowballstem.org).
    """
    bare = word.removesuffix("'s").replace("'", "")
    return str(_stemmer.stemWord(bare))


def terms(text: str) -> list[str]:
    """The stems of all words that are not stop words, in order, repeated ones repeated."""
    return [stem(token.text) for token in tokenise(text) if token.text not in STOP_WORDS]
