"""Why a text gets a theme: the words that its rules met, those that carried it, a precedent."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from kb.model import Evidence
from kb.tagging.classifier import Classifier
from kb.tagging.decisions import FAINT, Decisions, Ints, Shown
from kb.tagging.joins import spread
from kb.tagging.judged import Tagged
from kb.tagging.reading import Reading
from kb.tagging.rules import Fired


@dataclass(frozen=True)
class Reasons:
    """Pieces of evidence for themes of many texts, those of one theme in their order.

    ``keys`` int64[pieces] are text and theme as one number, ``text * themes + theme``; ``starts``
    and ``ends`` int64[pieces] are offsets in the text; ``whys`` tell why each piece counts.
    """

    keys: Ints
    starts: Ints
    ends: Ints
    whys: Sequence[str]

    @classmethod
    def joined(cls, parts: Sequence[Reasons]) -> Reasons:
        """The pieces of all parts with rising keys; of one key they stand in the parts' order."""
        keys = np.concatenate([part.keys for part in parts])
        order = np.argsort(keys, kind="stable")
        whys = [why for part in parts for why in part.whys]
        return cls(
            keys[order],
            np.concatenate([part.starts for part in parts])[order],
            np.concatenate([part.ends for part in parts])[order],
            [whys[at] for at in order.tolist()],
        )

    def of_shown(self, shown: Shown, texts: Sequence[str]) -> list[tuple[Evidence, ...]]:
        """The evidence for each theme that is shown; the keys are to rise."""
        rows = (self.keys // max(len(shown.theme_ids), 1)).tolist()
        spans = zip(self.starts.tolist(), self.ends.tolist(), rows, self.whys, strict=True)
        pieces = [Evidence(a, b, texts[row][a:b], why) for a, b, row, why in spans]
        first = np.searchsorted(self.keys, shown.keys).tolist()
        stop = np.searchsorted(self.keys, shown.keys, side="right").tolist()
        return [tuple(pieces[a:b]) for a, b in zip(first, stop, strict=True)]


def explained(shown: Shown, reasons: Reasons, texts: Sequence[str]) -> list[Tagged]:
    """The tags and suggestions of some texts, with the evidence for each."""
    with _uncollected():
        return shown.tagged(reasons.of_shown(shown, texts))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let no garbage be looked for: among so many new objects that takes most of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def rule_reasons(decisions: Decisions, fired: Fired, keys: Ints) -> Reasons:
    """What the rules of each theme that is shown met; ``keys`` are text and theme of each firing.

    The rules of a theme stand in the order of the taxonomy, and what each met in that of the text.
    """
    shown = (decisions.holds | decisions.suggested).ravel()
    told = [name.told for name in fired.names]
    hits = np.flatnonzero(shown[keys])
    source, at = spread(fired.bounds[hits], fired.bounds[hits + 1])
    hits = hits[source]
    whys = [told[rule] for rule in fired.rules[hits].tolist()]
    return Reasons(keys[hits], fired.starts[at], fired.ends[at], whys)


def learnt_reasons(
    decisions: Decisions, reading: Reading, classifier: Classifier, learnt: Ints
) -> list[Reasons]:
    """The words that speak for each learnt theme that is shown, and the text that is most like it.

    Where the classifier finds a theme wholly unlikely, nothing speaks for it. ``learnt`` are the
    places of the classifier's themes among those decided on, -1 where it is none of them.
    """
    shown = (decisions.holds | decisions.suggested)[:, learnt] & (learnt >= 0)
    is_clear = reading.probabilities / classifier.thresholds >= FAINT
    themes, rows = np.nonzero((shown & is_clear).T)
    keys = rows * len(decisions.theme_ids) + learnt[themes]
    words = reading.stretches(rows, themes)
    nearest = classifier.precedents.nearest(
        classifier.features.plain(reading.weighted), rows, themes
    )
    nowhere = np.zeros(len(nearest.pairs), dtype=np.int64)
    return [
        Reasons(keys[words.pairs], words.starts, words.ends, words.whys()),
        Reasons(keys[nearest.pairs], nowhere, nowhere, nearest.whys),
    ]
