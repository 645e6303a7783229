"""Whether confidences can be taken at their word: of tags at 0.7, are 7 in 10 right?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.intervals import Share, wilson
from kb.tagging.judged import Tagged

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The pairs whose confidence lies from ``low`` to under ``high`` (the last bin holds 1 too).

    ``pairs`` are tags and suggestions, ``tags`` those of them that are tags, ``right`` those of
    them whose theme was judged to hold; ``confidence`` is their mean, None of nothing.
    """

    low: float
    high: float
    pairs: int
    tags: int
    right: int
    confidence: float | None

    @property
    def share_right(self) -> Share:
        """The share that was judged right, with Wilson's interval."""
        return wilson(self.right, self.pairs)

    def as_json(self) -> dict[str, object]:
        """``{from, to, pairs, tags, right, mean_confidence, share_right}``."""
        return {
            "from": self.low,
            "to": self.high,
            "pairs": self.pairs,
            "tags": self.tags,
            "right": self.right,
            "mean_confidence": self.confidence,
            "share_right": self.share_right.as_json(),
        }


@dataclass(frozen=True)
class Reliability:
    """Ten bins of confidence, over every judged pair of recommendation and theme that got one.

    A pair gets a confidence where the combination tags the theme or suggests it; of a theme that
    neither rule nor classifier names on a text nothing is counted, and neither is a pair that was
    not judged.
    """

    bins: tuple[Bin, ...]

    @property
    def pairs(self) -> int:
        """How many pairs were counted."""
        return sum(one.pairs for one in self.bins)

    @property
    def expected_error(self) -> float | None:
        """The expected calibration error: mean |confidence - share right|, weighted by pairs.

        After M. P. Naeini, G. Cooper and M. Hauskrecht (2015).
        """
        gaps = [
            one.pairs * abs(one.confidence - one.right / one.pairs)
            for one in self.bins
            if one.confidence is not None
        ]
        return sum(gaps) / self.pairs if gaps else None

    def as_json(self) -> dict[str, object]:
        """``{pairs, expected_calibration_error, bins}``."""
        return {
            "pairs": self.pairs,
            "expected_calibration_error": self.expected_error,
            "bins": [one.as_json() for one in self.bins],
        }


def reliability(tagged: Sequence[Tagged], gold: Iterable[Mapping[str, bool]]) -> Reliability:
    """Sort the confidences of tags and suggestions into bins and count which were right."""
    found: list[list[tuple[float, bool, bool]]] = [[] for _ in range(BINS)]
    for one, judged in zip(tagged, gold, strict=True):
        for is_tag, tags in ((True, one.themes), (False, one.suggestions)):
            for tag in tags:
                if tag.id in judged:
                    place = min(int(tag.confidence * BINS), BINS - 1)
                    found[place].append((tag.confidence, is_tag, judged[tag.id]))
    return Reliability(tuple(_bin(at, pairs) for at, pairs in enumerate(found)))


def _bin(at: int, pairs: Sequence[tuple[float, bool, bool]]) -> Bin:
    return Bin(
        low=at / BINS,
        high=(at + 1) / BINS,
        pairs=len(pairs),
        tags=sum(is_tag for _, is_tag, _ in pairs),
        right=sum(is_right for _, _, is_right in pairs),
        confidence=sum(confidence for confidence, _, _ in pairs) / len(pairs) if pairs else None,
    )
