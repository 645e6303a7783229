"""Which stretches of a text a query matched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.search.spelling import stem, vocabulary
from kb.search.synonyms import concept
from kb.text.abbreviations import Abbreviations
from kb.text.tokens import Token, tokenise

Span = tuple[int, int]


@dataclass(frozen=True)
class Wanted:
    """What to highlight: stems, beginnings of words, stems in a row, and concepts."""

    stems: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    concepts: frozenset[str] = frozenset()


def highlights(text: str, wanted: Wanted, abbreviations: Abbreviations) -> tuple[Span, ...]:
    """The stretches as (start, end) character offsets into the text, in order, none overlapping."""
    tokens = tokenise(text)
    spans = [
        (token.start, token.end)
        for token in tokens
        if stem(token.text) in wanted.stems or _begins(token.text, wanted.starts)
    ]
    spans += _phrases(tokens, wanted.phrases)
    if wanted.concepts:
        spans += [
            (mention.start, mention.end)
            for mention in abbreviations.find(text, tokens)
            if concept(mention.short) in wanted.concepts
        ]
    return tuple(_joined(spans))


def _begins(word: str, starts: tuple[str, ...]) -> bool:
    return bool(starts) and any(form.startswith(starts) for form in vocabulary(word))


def _phrases(tokens: Sequence[Token], phrases: Sequence[Sequence[str]]) -> Iterator[Span]:
    stems = tuple(stem(token.text) for token in tokens) if phrases else ()
    for phrase in phrases:
        size = len(phrase)
        for at in range(len(stems) - size + 1):
            if stems[at : at + size] == phrase:
                yield tokens[at].start, tokens[at + size - 1].end


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
