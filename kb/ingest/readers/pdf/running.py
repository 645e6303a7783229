"""Running text from lines: what the end of a line cut is joined again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kb.ingest.readers.pdf.layout import Word

_HYPHENS = "-\u2010"
_SOFT = "\u00ad"
_DASHES = "–—"
_LAST = re.compile(r"[^\W\d_]+$")
_FIRST = re.compile(r"^[^\W\d_]+")
_LONGEST_PART = 6  # letters: a word as long is seldom the first part of a name in two parts
_EDGES = re.compile(r"^\W+|\W+$")
_ADDRESS = re.compile(r"^\W*(?:https?:|www\.|\S+@\S)", re.IGNORECASE)
_KEPT = frozenset(
    "all ante anti child client co cross decision drug early end evidence ex face fact family "
    "far first follow full future gender half hard high information inter intra lead life long "
    "low medium mental mid multi near needs non old older one peer person police post pre "
    "problem pro re real record risk safe self semi service short single step strength survivor "
    "third time trauma two user victim well whole wide working year".split()
)
"""First parts that keep their hyphen where the document does not show the word elsewhere."""


_NO_ENDINGS = frozenset(
    "also although because been before being could does during from have must should some such "
    "that their then there these they this those though through until were what when where "
    "whether which while with within without would".split()
)
"""Words that no other word ends with: a hyphen before one stands for a dash."""

_OF_PLANS = frozenset(
    "achieved achieving action actions agency agencies agreed area board by comments complete "
    "completed completion current date dates details due enacting evidence expected for impact "
    "implementation individual key lead leads learning lesson lessons level local milestone "
    "milestones multi name national number of officer ongoing organisation organisations outcome "
    "outcomes owner partner partners person plan progress recommendation recommendations reference "
    "regional report responsibility responsible review scope service single status steps take "
    "taken target theme themes time timeframe timescale timescales to update when who".split()
)
"""Words of the headers of plans, which narrow columns cut and which stand nowhere else."""


class Vocabulary:
    """The words that a document prints away from the ends of its lines."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = _OF_PLANS | {_EDGES.sub("", word).lower() for word in words}

    @classmethod
    def of(cls, lines: Iterable[Sequence[Word]]) -> Vocabulary:
        """From lines of words; the last word of each may be cut, and so may the next."""
        return cls(word.text for line in lines for word in line[1:-1])

    def __contains__(self, word: str) -> bool:
        return word.lower() in self._words


def joined(lines: Iterable[str], vocabulary: Vocabulary) -> str:
    """One text of these lines, without the hyphens that stand only because a line ended.

    A hyphen at the end of a line goes where the document prints the word without it elsewhere,
    stays where it prints it with it, or where its two parts are words. A space follows it before
    a capital after a word that is no part of compounds ("Complete- Ongoing"), and no space
    another hyphen, dash or slash that ended a line right after a letter or digit.
    """
    text = ""
    for line in lines:
        text = _seamed(text, line, vocabulary) if text else line
    return text


def _seamed(left: str, right: str, vocabulary: Vocabulary) -> str:
    if not right or len(left) < 2:
        return f"{left} {right}".strip()
    last, before = left[-1], left[-2]
    if last == _SOFT:
        return left[:-1] + right
    if before.isspace() or last not in f"{_HYPHENS}{_DASHES}/":
        return left + right if _goes_on_address(left, right) else f"{left} {right}"
    if last in _HYPHENS and right[0].islower() and not _keeps_hyphen(left, right, vocabulary):
        return left[:-1] + right
    if last in _HYPHENS and right[0].isupper() and _hangs(left, right, vocabulary):
        return f"{left} {right}"
    return left + right


def _hangs(left: str, right: str, vocabulary: Vocabulary) -> bool:
    """Whether the hyphen ends a word and stands for a dash, as in "Complete- Ongoing"."""
    token = left[:-1].rsplit(None, 1)[-1].lstrip("(“‘'\"")
    first, second = _LAST.fullmatch(token), _FIRST.search(right)
    if first is None or second is None or f"{token}-{second.group()}" in vocabulary:
        return False
    return len(token) >= _LONGEST_PART and not token.isupper() and token.lower() not in _KEPT


def _keeps_hyphen(left: str, right: str, vocabulary: Vocabulary) -> bool:
    first, second = _LAST.search(left[:-1]), _FIRST.search(right)
    if first is None or second is None:
        return True
    start, end = first.group(), second.group()
    if f"{start}-{end}" in vocabulary:
        return True
    if start + end in vocabulary:
        return False
    if start.lower() in _KEPT or left[: first.start()].endswith("-"):
        return True
    if len(start) > 2 and end.lower() in _NO_ENDINGS:
        return True
    return len(start) > 2 and start in vocabulary and end in vocabulary


def _goes_on_address(left: str, right: str) -> bool:
    """Whether a web or mail address was cut after one of its signs."""
    token = left.rsplit(None, 1)[-1]
    cut = left[-1] in "_?=&%@#" or (right[0] in "/?=&#" and len(right) > 1)
    return cut and _ADDRESS.search(token) is not None
