"""What features of pairs are at least and at most, from arrays that tell of many pairs at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kb.similarity.named import Bits, bits_of
from kb.similarity.traits import MEASURING, groups_of_concepts

Floats = NDArray[np.float64]
Between = tuple[Floats | float, Floats | float]

ROUNDING = 1e-9
OF_COSINES = 1e-5  # float32 sums in another order


def about(values: Floats, rounding: float = ROUNDING) -> Between:
    """A little less and a little more, for sums that were added up in another order."""
    return values - rounding, values + rounding


def of_concepts(a: Bits, b: Bits, latent: Floats, rounding: float) -> dict[str, Between]:
    """As ``traits.concepts``, and the subject; ``latent`` is rounded by so much at most."""
    found = _concepts(a, b)
    low, high = (np.clip(latent + side * rounding, -1.0, 1.0) for side in (-1, 1))
    same = found["same_concepts"]
    subject = (low * same - ROUNDING, high * same + ROUNDING)
    return {"same_subject": subject, **{name: about(value) for name, value in found.items()}}


def _concepts(a: Bits, b: Bits) -> dict[str, Floats]:
    def count(bits: Bits) -> Floats:
        counts: Floats = np.bitwise_count(bits).sum(axis=1).astype(np.float64)
        return counts

    groups = groups_of_concepts()
    *masks, measuring = bits_of([*groups.values(), MEASURING], a.shape[1] * 64 - 1)
    shared, ours, theirs = a & b, a & ~b, b & ~a
    lengths = np.sqrt(count(a) * count(b))
    found = {"same_concepts": count(shared) / np.maximum(lengths, 1.0)}
    for group, mask in zip(groups, masks, strict=True):
        same, apart = count(shared & mask), np.minimum(count(ours & mask), count(theirs & mask))
        found[f"same_{group}"] = same / (same + apart + 1)
        found[f"other_{group}"] = apart / (same + apart + 1)
    measures = [(one & measuring).any(axis=1) for one in (a, b)]
    return {**found, "measured_or_done": (measures[0] != measures[1]).astype(np.float64)}


def of_mass(
    shared: Floats, ours: Floats, theirs: Floats, slips: Floats | float = 0.0
) -> dict[str, Floats]:
    """The features of how much of the weight of two texts' words is shared.

    ``shared`` counts slips as far as they are worth it, ``slips`` is what they lack; ``ours`` and
    ``theirs`` weigh what one text has alone.
    """
    both = shared + slips
    alone = [own / np.maximum(both + own, ROUNDING) for own in (ours, theirs)]
    return {
        "shared_words": shared / np.maximum(both + ours + theirs, ROUNDING),
        "contained": shared / np.maximum(both + np.minimum(ours, theirs), ROUNDING),
        "unmatched_draft": alone[0],
        "unmatched_stored": alone[1],
        "both_unmatched": np.minimum(*alone),
    }
