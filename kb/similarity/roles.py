"""Who acts, on what condition, how many: what parts two texts that share almost every word."""

from __future__ import annotations

from collections.abc import Sequence

from kb.similarity.language import Language
from kb.similarity.words import Word

_MODALS = frozenset({"should", "must", "shall", "ought", "needs", "need"})
BE = frozenset({"be", "been", "is", "are", "being"})
CLAUSES = frozenset(
    {"if", "where", "when", "whenever", "unless", "until", "once", "before", "after", "who"}
)
_BREAKS = frozenset(".;:")
_AGENT_WORDS = 5
_AGENT_REACH = 40
_CLAUSE_WORDS = 8
_COUNTS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30",
    "once": "1", "twice": "2", "sixteen": "16", "eighteen": "18", "half": "half",
    "last": "last", "second": "second", "third": "third",
}  # fmt: skip


def agents_of(words: Sequence[Word], text: str, language: Language) -> frozenset[str]:
    """Keys of those who are to act: the subject, or in the passive what stands after "by"."""
    forms = [word.form for word in words]
    at = next((i for i, form in enumerate(forms) if form in _MODALS), None)
    if at is None and "to" in forms:
        at = forms.index("to")
    if at is None:
        return frozenset()
    if not is_passive(forms, at):
        return _content(words[max(0, at - _AGENT_WORDS) : at], language)
    return _content(agent_in(words, at, text), language)


def is_passive(forms: Sequence[str], at: int) -> bool:
    """Whether the verb after a "should" or "to" at this place is in the passive."""
    return any(form in BE for form in forms[at + 1 : at + 4])


def agent_in(words: Sequence[Word], at: int, text: str) -> Sequence[Word]:
    """The words of who is to act in a passive ask from a place on: those after "by"."""
    for by in range(at + 2, min(len(words) - 1, at + _AGENT_REACH)):
        if words[by].form == "by":
            return _until_stop(words, by + 1, text)
    return ()


def conditions_of(words: Sequence[Word], text: str, language: Language) -> frozenset[str]:
    """Keys of the words of every clause that begins with "if", "when", "before", "who" …"""
    found: set[str] = set()
    for at, word in enumerate(words):
        if word.form in CLAUSES:
            found.add(f"<{word.form}>" if word.form in ("before", "after", "unless") else "")
            found |= _content(_clause(words, at + 1, text), language)
    return frozenset(found - {""})


def counts_of(forms: frozenset[str]) -> frozenset[str]:
    """Figures and numbers in words; "one" is left out, since it is often a pronoun."""
    figures = {form for form in forms if form.isdecimal()}
    return frozenset(figures | {_COUNTS[form] for form in forms & _COUNTS.keys()})


def negations_in(words: Sequence[Word], language: Language) -> int:
    """How many words negate, wherever they stand."""
    return sum(word.form in language.negations or word.form in LESS for word in words)


LESS = frozenset({"nothing", "nobody", "none", "without", "neither", "nor", "dropped", "drop"})


def _until_stop(words: Sequence[Word], at: int, text: str) -> Sequence[Word]:
    end = at
    while end < len(words) and end - at < _AGENT_WORDS:
        if end > at and (words[end].is_stop or _breaks(words, end, text)):
            break
        end += 1
    return words[at:end]


def _clause(words: Sequence[Word], at: int, text: str) -> Sequence[Word]:
    end = at
    while end < len(words) and end - at < _CLAUSE_WORDS and not _breaks(words, end, text):
        end += 1
    return words[at:end]


def _breaks(words: Sequence[Word], at: int, text: str) -> bool:
    between = text[words[at - 1].end : words[at].start] if at else ""
    return any(mark in between for mark in _BREAKS) or "," in between


def _content(words: Sequence[Word], language: Language) -> frozenset[str]:
    return frozenset(w.key for w in words if not w.is_stop and w.key not in language.frame)
