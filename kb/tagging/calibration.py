"""From scores to probabilities, and from probabilities to thresholds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.bool_]

# Isotonic calibration needs about 1,000 samples a theme; the sigmoid has two parameters only.
ROUNDS = 100

HeldOut = tuple[Floats, Labels, Floats]


def sigmoid(scores: Floats, slope: Floats | float, offset: Floats | float) -> Floats:
    """1 / (1 + exp(-(slope · score + offset))), kept from overflowing."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(slope * scores + offset, -60, 60))))


def platt(scores: Floats, labels: Labels, weights: Floats) -> tuple[float, float]:
    """Slope and offset of the sigmoid that fits held-out scores best.

    J. Platt, "Probabilistic outputs for support vector machines" (1999), with its smoothed
    targets, by Newton's method as in H.-T. Lin, C.-J. Lin and R. Weng (2007). The slope is never
    negative: where a lower score fits better, every score means the share of "yes".
    """
    positive = float(weights[labels].sum())
    negative = float(weights[~labels].sum())
    wanted = np.where(labels, (positive + 1) / (positive + 2), 1 / (negative + 2))
    slope, offset = 1.0, 0.0
    loss = _loss(scores, wanted, weights, slope, offset)
    for _ in range(ROUNDS):
        p = sigmoid(scores, slope, offset)
        error, curve = weights * (p - wanted), weights * p * (1 - p)
        gradient = np.array([(error * scores).sum(), error.sum()])
        cross = (curve * scores).sum()
        hessian = np.array([[(curve * scores**2).sum(), cross], [cross, curve.sum()]])
        step = np.linalg.solve(hessian + 1e-9 * np.eye(2), gradient)
        size = 1.0
        while size > 1e-8:
            trial = (slope - size * float(step[0]), offset - size * float(step[1]))
            if (better := _loss(scores, wanted, weights, *trial)) < loss:
                break
            size /= 2
        else:
            break
        slope, offset = trial
        gained, loss = loss - better, better
        if gained < 1e-10:
            break
    if slope < 0:
        share = float((weights * wanted).sum() / weights.sum())
        return 0.0, float(np.log(share / (1 - share)))
    return slope, offset


def _loss(scores: Floats, wanted: Floats, weights: Floats, slope: float, offset: float) -> float:
    z = slope * scores + offset
    return float((weights * (np.logaddexp(0.0, z) - wanted * z)).sum())


def best_threshold(probabilities: Floats, labels: Labels, weights: Floats) -> float:
    """The probability from which on "yes" gives the highest F1; 0.5 where nothing is "yes"."""
    positive = float(weights[labels].sum())
    if not positive:
        return 0.5
    order = np.argsort(-probabilities, kind="stable")
    sorted_probabilities = probabilities[order]
    hits = np.cumsum(weights[order] * labels[order])
    f1 = 2 * hits / (np.cumsum(weights[order]) + positive)
    is_last_of_its_value = np.append(np.diff(sorted_probabilities) != 0, True)
    best = int(np.argmax(np.where(is_last_of_its_value, f1, -1.0)))
    below = sorted_probabilities[best + 1] if best + 1 < len(order) else sorted_probabilities[best]
    return float((sorted_probabilities[best] + below) / 2)
