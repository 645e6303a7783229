"""Precision, recall and F1 with Wilson intervals, counted from judged yes and no."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """A share of a count with its 95% interval; ``value`` is None of nothing."""

    value: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, part: int, whole: int) -> Share:
        """The share and its interval after E. B. Wilson (1927)."""
        if not whole:
            return cls(None, None, None)
        p, z2 = part / whole, Z_95**2
        centre = (p + z2 / (2 * whole)) / (1 + z2 / whole)
        half = Z_95 * sqrt(p * (1 - p) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
        return cls(p, max(0.0, min(p, centre - half)), min(1.0, max(p, centre + half)))

    def as_json(self) -> dict[str, float | None]:
        """``{value, low, high}``."""
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Score:
    """How often a theme was judged ``wanted``, was ``given``, and was ``right``."""

    wanted: int
    given: int
    right: int

    @property
    def precision(self) -> Share:
        """Of the tags given, the share that was judged right."""
        return Share.of(self.right, self.given)

    @property
    def recall(self) -> Share:
        """Of the tags wanted, the share that was given."""
        return Share.of(self.right, self.wanted)

    @property
    def f1(self) -> float | None:
        """2 · right / (given + wanted); None where there is neither."""
        total = self.given + self.wanted
        return 2 * self.right / total if total else None

    def as_json(self) -> dict[str, object]:
        """``{n, given, right, precision, recall, f1}``."""
        return {
            "n": self.wanted,
            "given": self.given,
            "right": self.right,
            "precision": self.precision.as_json(),
            "recall": self.recall.as_json(),
            "f1": self.f1,
        }


@dataclass(frozen=True)
class MethodScores:
    """One way of tagging: a score a theme, all counts together, and the mean F1.

    ``macro_f1`` is the mean over the themes that were judged to hold at least once.
    """

    themes: Mapping[str, Score]
    micro: Score
    macro_f1: float | None

    def as_json(self) -> dict[str, object]:
        """``{micro, macro_f1, themes: {id: score}}``."""
        return {
            "micro": self.micro.as_json(),
            "macro_f1": self.macro_f1,
            "themes": {theme: score.as_json() for theme, score in self.themes.items()},
        }


def score(
    theme_ids: Sequence[str],
    given: Iterable[Collection[str]],
    gold: Iterable[Mapping[str, bool]],
) -> MethodScores:
    """Count tags against gold; a theme that a gold text does not name was not judged there."""
    counts = {theme: [0, 0, 0] for theme in theme_ids}
    for tags, judged in zip(given, gold, strict=True):
        for theme, holds in judged.items():
            count = counts[theme]
            count[0] += holds
            count[1] += theme in tags
            count[2] += holds and theme in tags
    themes = {theme: Score(*count) for theme, count in counts.items()}
    micro = Score(*(sum(count[at] for count in counts.values()) for at in range(3)))
    f1s = [one.f1 for one in themes.values() if one.wanted and one.f1 is not None]
    return MethodScores(themes, micro, sum(f1s) / len(f1s) if f1s else None)
