"""Which stretches of a text a query matched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from kb.search.compounds import ways
from kb.search.matching import looked_for, positive_terms
from kb.search.query import Near, Node, Phrase, Prefix, Term
from kb.search.ranking import Ranker, content
from kb.search.spelling import beginnings, stem, vocabulary
from kb.search.synonyms import concept
from kb.text.abbreviations import Abbreviations
from kb.text.tokens import lowered, words_of

Span = tuple[int, int]


@dataclass(frozen=True)
class Wanted:
    """What to highlight: stems, beginnings of words, stems in a row, and concepts."""

    stems: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    concepts: frozenset[str] = frozenset()


def wanted_by(node: Node | None, ranker: Ranker) -> Wanted:
    """What of a text to highlight for a query."""
    terms = positive_terms(node)
    stems = {stem(term.word) for term in content(terms)}
    starts: list[str] = []
    phrases: list[tuple[str, ...]] = []
    for part in looked_for(node):
        match part:
            case Prefix(start):
                starts += beginnings(start)
            case Term(word):
                phrases += [way for way in ways((word,)) if len(way) > 1]
            case Phrase(words):
                phrases += ways(words)
            case Near(parts):
                stems |= {stem(term.word) for side in parts for term in positive_terms(side)}
    concepts = frozenset(ranker.concepts(terms))
    return Wanted(frozenset(stems), tuple(starts), tuple(phrases), concepts)


def highlights(text: str, wanted: Wanted, abbreviations: Abbreviations) -> tuple[Span, ...]:
    """The stretches as (start, end) character offsets into the text, in order, none overlapping."""
    words = list(words_of(text))
    stems = list(map(_stem_as_printed, map(_whole, words)))
    spans = [word.span() for word, one in zip(words, stems, strict=True) if one in wanted.stems]
    if wanted.starts:
        spans += [word.span() for word in words if _begins(lowered(word[0]), wanted.starts)]
    if wanted.phrases:
        found = _phrases(tuple(stems), wanted.phrases)
        spans += [(words[first].start(), words[last].end()) for first, last in found]
    if wanted.concepts:
        spans += [
            (mention.start, mention.end)
            for mention in abbreviations.find(text)
            if concept(mention.short) in wanted.concepts
        ]
    return tuple(_joined(spans))


_whole = itemgetter(0)


@lru_cache(maxsize=100_000)
def _stem_as_printed(word: str) -> str:
    return stem(lowered(word))


def _begins(word: str, starts: tuple[str, ...]) -> bool:
    return any(form.startswith(starts) for form in vocabulary(word))


def _phrases(stems: tuple[str, ...], phrases: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """The first and last word of each phrase in a text."""
    for phrase in phrases:
        last = len(phrase) - 1
        for at in range(len(stems) - last):
            if stems[at] == phrase[0] and stems[at : at + last + 1] == phrase:
                yield at, at + last


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Overlapping spans as one."""
    held: Span | None = None
    for start, end in sorted(spans):
        if held and start < held[1]:
            held = held[0], max(held[1], end)
            continue
        if held:
            yield held
        held = start, end
    if held:
        yield held
