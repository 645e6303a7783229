"""Two texts side by side: the stretches that both have, and those of one alone."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.similarity.alignment import equal_runs
from kb.similarity.features import Comparison
from kb.similarity.reading import Reading
from kb.similarity.words import Word

Span = tuple[int, int]
_LONGEST_IN_ORDER = 400
_CLAUSE_ENDS = frozenset(".;:!?\n")


@dataclass(frozen=True)
class Stretches:
    """Stretches as character offsets; ``text`` is the text checked, ``stored`` the other one.

    Each of ``shared`` is a stretch of the text with the one of the stored text that says the same,
    in the order of the text. Function words count only between two words that do.
    """

    shared: tuple[tuple[Span, Span], ...]
    only_text: tuple[Span, ...]
    only_stored: tuple[Span, ...]

    def as_json(self) -> dict[str, list[list[object]]]:
        """``{shared: [[[start, end], [start, end]], …], only_text: [[start, end], …], …}``."""
        return {
            "shared": [[list(here), list(there)] for here, there in self.shared],
            "only_text": [list(span) for span in self.only_text],
            "only_stored": [list(span) for span in self.only_stored],
        }


def stretches(comparison: Comparison) -> Stretches:
    """Lay the words of two compared texts beside each other."""
    text, stored = comparison.draft.reading, comparison.stored.reading
    here, there = _content(text), _content(stored)
    keys = [comparison.near.get(text.words[at].key, text.words[at].key) for at in here]
    other_keys = [stored.words[at].key for at in there]
    pairs = [(here[i], there[j]) for i, j in _pairs(keys, other_keys)]
    both = set(keys) & set(other_keys)
    return Stretches(
        shared=tuple(_shared(pairs, text.words, stored.words)),
        only_text=_alone(
            text, here, {at for at, key in zip(here, keys, strict=True) if key in both}
        ),
        only_stored=_alone(
            stored, there, {at for at, key in zip(there, other_keys, strict=True) if key in both}
        ),
    )


def _content(reading: Reading) -> list[int]:
    """The places of the words that carry the subject; of all words where nothing else is left."""
    places = [at for at, word in enumerate(reading.words) if not word.is_stop]
    return places or list(range(len(reading.words)))


def _pairs(here: Sequence[str], there: Sequence[str]) -> list[tuple[int, int]]:
    """Places of equal keys: first those in the same order in both, then the moved ones."""
    pairs: dict[int, int] = {}
    if max(len(here), len(there)) <= _LONGEST_IN_ORDER:
        for first, second, length in equal_runs(here, there):
            pairs |= {first + at: second + at for at in range(length)}
    taken = set(pairs.values())
    free: defaultdict[str, deque[int]] = defaultdict(deque)
    for at, key in enumerate(there):
        if at not in taken:
            free[key].append(at)
    for at, key in enumerate(here):
        if at not in pairs and free[key]:
            pairs[at] = free[key].popleft()
    return sorted(pairs.items())


def _shared(
    pairs: Sequence[tuple[int, int]], here: Sequence[Word], there: Sequence[Word]
) -> list[tuple[Span, Span]]:
    """The stretches of paired words; two grow together where the same words stand between them."""
    runs: list[list[tuple[int, int]]] = []
    for pair in pairs:
        if runs and _goes_on(runs[-1][-1], pair, here, there):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return [
        (
            (here[run[0][0]].start, here[run[-1][0]].end),
            (there[run[0][1]].start, there[run[-1][1]].end),
        )
        for run in runs
    ]


def _goes_on(
    last: tuple[int, int], pair: tuple[int, int], here: Sequence[Word], there: Sequence[Word]
) -> bool:
    between = [word.form for word in here[last[0] + 1 : pair[0]]]
    return last[1] < pair[1] and between == [w.form for w in there[last[1] + 1 : pair[1]]]


def _alone(reading: Reading, content: Sequence[int], shared: Collection[int]) -> tuple[Span, ...]:
    """Stretches of content words that the other text has nowhere; none goes on past a clause."""
    alone = [at for at in content if at not in shared]
    ends = [last for last, at in pairwise(alone) if not _joined(reading, last, at)]
    starts = [at for last, at in pairwise(alone) if not _joined(reading, last, at)]
    words = reading.words
    spans = zip([*alone[:1], *starts], [*ends, *alone[-1:]], strict=True)
    return tuple((words[a].start, words[b].end) for a, b in spans)


def _joined(reading: Reading, last: int, at: int) -> bool:
    """Whether nothing but function words and commas stands between two words."""
    words = reading.words
    gap = reading.text[words[last].end : words[at].start]
    return all(word.is_stop for word in words[last + 1 : at]) and not _CLAUSE_ENDS & set(gap)
