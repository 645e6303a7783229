"""Why a text gets a theme: the words that its rules met, those that carried it, a precedent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from kb.model import Evidence
from kb.tagging.classifier import Classifier
from kb.tagging.decisions import FAINT, Decisions, Ints
from kb.tagging.reading import Reading
from kb.tagging.rules import Fired

Reasons = Mapping[tuple[int, int], tuple[Evidence, ...]]  # by text and place of the theme


def rule_reasons(
    decisions: Decisions, fired: Fired, keys: Ints, texts: Sequence[str]
) -> dict[tuple[int, int], tuple[Evidence, ...]]:
    """What the rules of each theme that is shown met; ``keys`` are text and theme of each firing.

    The rules of a theme stand in the order of the taxonomy, and what each met in that of the text.
    """
    every = len(decisions.theme_ids)
    shown = (decisions.holds | decisions.suggested).ravel()
    whys = [name.told for name in fired.names]
    bounds = list(pairwise(fired.bounds.tolist()))
    starts, ends = fired.starts.tolist(), fired.ends.tolist()
    reasons: dict[tuple[int, int], tuple[Evidence, ...]] = {}
    for number in np.flatnonzero(shown[keys]).tolist():
        row, place = divmod(int(keys[number]), every)
        text, why = texts[row], whys[fired.rules[number]]
        met = tuple(
            Evidence(start=starts[at], end=ends[at], text=text[starts[at] : ends[at]], why=why)
            for at in range(*bounds[number])
        )
        reasons[row, place] = reasons.get((row, place), ()) + met
    return reasons


def learnt_reasons(
    decisions: Decisions, reading: Reading, classifier: Classifier, learnt: Sequence[int]
) -> dict[tuple[int, int], tuple[Evidence, ...]]:
    """The words that speak for each learnt theme that is shown, and the text that is most like it.

    Where the classifier finds a theme wholly unlikely, nothing speaks for it. ``learnt`` are the
    places of the classifier's themes among those decided on, -1 where it is none of them.
    """
    shown = decisions.holds | decisions.suggested
    is_clear = reading.probabilities / classifier.thresholds >= FAINT
    vectors = classifier.features.plain(reading.weighted)
    reasons: dict[tuple[int, int], tuple[Evidence, ...]] = {}
    for theme, place in enumerate(learnt):
        if place < 0:
            continue
        rows = np.flatnonzero(is_clear[:, theme] & shown[:, place]).tolist()
        precedents = classifier.precedents.nearest(vectors, rows, theme) if rows else {}
        for row in rows:
            reasons[row, place] = reading.evidence(row, theme)
            if row in precedents:
                like = Evidence(start=0, end=0, text="", why=precedents[row])
                reasons[row, place] += (like,)
    return reasons
