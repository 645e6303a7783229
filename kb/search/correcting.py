"""Did you mean: words of the vocabulary that are nearly the one typed.

A word that no recommendation holds is taken for a slip of typing, and so is one that hardly any
holds beside a very near word that is hundreds of times commoner. The fewest slips (Damerau 1964: a
letter too many, too few, wrong, or two in the wrong order; rapidfuzz counts them) come first, of
these a word that begins alike, and then the commonest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kb.search.engine import Engine, Filters
from kb.search.matching import spoken
from kb.search.query import FACET_FIELDS, PASTED, And, Best, Field, Node, Or, Query, Term, parse
from kb.search.spelling import stem
from kb.search.wording import written
from kb.text.normalise import fold
from kb.text.tokens import STOP_WORDS

HARDLY = 2
COMMONER = 200
SUGGESTIONS = 3
_SHORTEST, _SHORT = 4, 5  # letters of a word that may have one slip, and one alone
_LOOKED_AT = 12


# The values of a filter's field that the audience may know, each with its name.
Values = Callable[[str], Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class _Slip:
    """Where it stands in what was typed, and what may have been meant, likeliest first."""

    typed: re.Pattern[str]
    meant: tuple[str, ...]


def corrections(
    engine: Engine, query: Query, filters: Filters, found: int, values: Values
) -> tuple[str, ...]:
    """The query with its slips mended, best first; none where nothing is amiss.

    ``found`` is what the query found. Each correction finds something under the filters.
    """
    if len(spoken(query.root)) > PASTED:
        return ()
    slips = [*_slips_in_words(engine, query, filters, found)]
    slips += [] if found else _slips_in_fields(engine, query.root, filters, values)
    ways = [[(slip, slip.meant[0]) for slip in slips]]
    if len(slips) == 1:
        ways = [[(slips[0], meant)] for meant in slips[0].meant]
    mended = dict.fromkeys(_mended(query.text, way) for way in ways if way)
    return tuple(text for text in mended if _finds(engine, text, filters))[:SUGGESTIONS]


def _slips_in_words(engine: Engine, query: Query, filters: Filters, found: int) -> Iterator[_Slip]:
    for term, held in _doubtful(engine, query, filters, found):
        meant = [_in_case(term, one) for one in _nearest(engine, term, held, filters)]
        if meant:
            typed = rf"(?<!\w){re.escape(term.printed)}(?!\w)"
            yield _Slip(re.compile(typed, re.IGNORECASE), tuple(meant))


def _slips_in_fields(
    engine: Engine, node: Node | None, filters: Filters, values: Values
) -> Iterator[_Slip]:
    """Values of fields that no recommendation has, beside values that are nearly the same."""
    match node:
        case And(parts) | Or(parts) | Best(parts):
            for part in parts:
                yield from _slips_in_fields(engine, part, filters, values)
        case Field(name, value) if name in FACET_FIELDS:
            everybody = Filters(published_only=filters.published_only)
            near = () if engine.count(Query("", node), everybody) else _near(value, values(name))
            if near:
                typed = rf"\b{name}:[\"“]?{re.escape(value)}[\"”]?"
                meant = tuple(written(Field(name, one)) for one in near)
                yield _Slip(re.compile(typed, re.IGNORECASE), meant)


def _near(typed: str, values: Sequence[tuple[str, str]]) -> list[str]:
    from rapidfuzz.distance import OSA

    wanted = fold(typed)
    slips = 2 if len(wanted) > _SHORT else 1
    far = [
        (min(OSA.distance(wanted, fold(form), score_cutoff=slips) for form in pair), pair[0])
        for pair in values
    ]
    return [value for distance, value in sorted(far) if distance <= slips][:SUGGESTIONS]


def _doubtful(engine: Engine, query: Query, filters: Filters, found: int) -> list[tuple[Term, int]]:
    """The words that nothing holds, or hardly anything, with how many recommendations do.

    A name (in capitals, or with a capital) that is found anywhere is no slip.
    """
    seen: dict[str, tuple[Term, int]] = {}
    for term in spoken(query.root):
        is_word = term.word.isalpha() and len(term.word) >= _SHORTEST
        if not is_word or term.word in STOP_WORDS or term.word in seen:
            continue
        if found and not filters.published_only and engine.frequency(term.word) > HARDLY:
            continue
        held = _held(engine, term, filters)
        if held == 0 or (held <= HARDLY and term.printed.islower()):
            seen[term.word] = term, held
    return list(seen.values())


def _held(engine: Engine, term: Term, filters: Filters) -> int:
    """How many recommendations of this audience hold a word, whatever else was asked for."""
    everybody = Filters(published_only=filters.published_only)
    return engine.count(Query(term.printed, term), everybody)


def _nearest(engine: Engine, term: Term, held: int, filters: Filters) -> list[str]:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    word = term.word
    is_sure = held == 0 and not term.printed[0].isupper() and len(word) > _SHORT
    slips = 2 if is_sure else 1
    near = extract(word, engine.words(), scorer=OSA.distance, score_cutoff=slips, limit=None)
    likely = []
    for other, distance, _ in near:
        frequency = engine.frequency(other)
        if other.isalpha() and stem(other) != stem(word) and frequency >= held * COMMONER:
            likely.append(((distance, other[0] != word[0]), -frequency, other))
    of_stem = {stem(one[2]): one for one in sorted(likely, reverse=True)}  # the best of each
    ranked = sorted(of_stem.values())[:_LOOKED_AT]
    shown = [one for one in ranked if _held(engine, Term(one[2], one[2]), filters)]
    return [other for far, _, other in shown if far == shown[0][0]][:SUGGESTIONS]


def _mended(text: str, way: Sequence[tuple[_Slip, str]]) -> str:
    for slip, meant in way:
        text = slip.typed.sub(meant.replace("\\", r"\\"), text)
    return text


def _in_case(term: Term, other: str) -> str:
    return other.upper() if term.printed.isupper() else other


def _finds(engine: Engine, text: str, filters: Filters) -> bool:
    return engine.count(parse(text), filters) > 0
