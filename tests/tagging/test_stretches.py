"""The words that carried a theme, found for many texts at once, are those of a plain search."""

from __future__ import annotations

from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.tagging.classifier import Classifier
from kb.tagging.learning import LearningText
from kb.tagging.reading import LEAST_SHARE, MOST_STRETCHES, Reading
from kb.tagging.tokens import Tokens
from kb.text.abbreviations import load_abbreviations
from kb.text.tokens import STOP_WORDS

ABBREVIATIONS = load_abbreviations()
ASKS = {
    "genograms": "draw a genogram of kin with their IT and a MARAC",
    "firearms": "check the shotgun licence; seize firearms held by kin at home",
    "training": "train domestic abuse staff who draw up multi-agency plans",
}
WORDS = [
    *" ".join(ASKS.values()).split(),
    *("it", "ITs", "Information Technology", "IT’s", "multi-agency risk assessment conference"),
    *("genogramme", "Paris", "\u2003", "\n", "—", ".", "🙂", "staff\tdraw"),
]
texts = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)


@cache
def classifier() -> Classifier:
    learnt = [
        LearningText(
            f"{' '.join(ask.split()[first:stop])} {place}",
            yes=frozenset({theme}),
            complete=True,
            group=place,
        )
        for theme, ask in ASKS.items()
        for place in ("clinics", "wards", "homes")
        for first, stop in ((0, 5), (2, 9), (0, 12))
    ]
    return Classifier.learn(learnt, list(ASKS), ABBREVIATIONS)


def strength(reading: Reading, row: int, theme: int) -> list[float]:
    """What each word of a text adds to a theme: its own weight and half of each of its pairs."""
    first, last = reading.table.bounds[row : row + 2].tolist()
    ids = reading.table.ids[first:last].tolist()
    known = reading.weighted.known[ids]
    places = reading.pair_places(known[:-1], known[1:]).tolist()
    words = reading.weighted.words.toarray()[row]
    pairs = reading.weighted.pairs.toarray()[row]
    added = [float(words[n] / ids.count(n) * reading.effects[n, theme]) for n in ids]
    for at, place in enumerate(places):
        if place >= 0:
            half = pairs[place] / places.count(place) / 2 * reading.pair_effects[place, theme]
            added[at] += half
            added[at + 1] += half
    return added


def plainly(reading: Reading, row: int, theme: int) -> list[tuple[int, int, float]]:
    """The strongest stretches: where each begins and ends, and its weight."""
    first, last = reading.table.bounds[row : row + 2].tolist()
    text, added = reading.tokens.texts[row], strength(reading, row, theme)
    found: list[tuple[int, int, float]] = []
    for at, weight in zip(range(first, last), added, strict=True):
        start, end = int(reading.table.starts[at]), int(reading.table.ends[at])
        is_weak = weight <= 0 or weight < LEAST_SHARE * max(added) - 1e-12
        if is_weak or text[start:end].lower() in STOP_WORDS:
            continue
        if found and text[found[-1][1] : start].isspace():
            begun, _, before = found.pop()
            found.append((begun, end, before + weight))
        else:
            found.append((start, end, weight))
    return sorted(found, key=lambda one: (-round(one[2], 9), one[0]))[:MOST_STRETCHES]


@settings(max_examples=100, deadline=None)
@given(st.lists(texts, max_size=5))
def test_stretches_of_many_texts_are_those_of_a_plain_search(many: list[str]) -> None:
    learnt = classifier()
    reading = learnt.read(Tokens.of(many))
    asked = [(row, theme) for theme in range(len(learnt.theme_ids)) for row in range(len(many))]
    rows, themes = np.asarray(asked, dtype=np.int64).reshape(-1, 2).T
    found = reading.stretches(rows, themes)
    spans = list(zip(found.pairs.tolist(), found.starts.tolist(), found.ends.tolist(), strict=True))
    wanted = [(at, *one) for at, pair in enumerate(asked) for one in plainly(reading, *pair)]
    assert spans == [one[:3] for one in wanted]
    assert np.allclose(found.weights, [one[3] for one in wanted], atol=1e-9)
