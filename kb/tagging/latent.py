"""What a text is about, as a direction: its latent vector."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]

LEAST = 0.001  # a probability under which what a model says of a theme is chance


def latent_vectors(probabilities: Floats) -> Vectors:
    """How far each text leans to each theme, of length 1 (or 0): float32[n, themes].

    ``probabilities`` are float64[n, themes]. Log-odds make much of a theme that is likely and
    still something of one that is hardly so: two texts that say one thing in other words lean to
    the same themes in much the same measure.
    """
    leaning = np.maximum(_log_odds(probabilities) - _log_odds(np.array(LEAST)), 0.0)
    length = np.sqrt((leaning * leaning).sum(axis=1, keepdims=True))
    return (leaning / np.where(length > 0, length, 1.0)).astype(np.float32)


def _log_odds(probabilities: Floats) -> Floats:
    odds: Floats = np.log((probabilities + LEAST) / (1 - probabilities + LEAST))
    return odds
