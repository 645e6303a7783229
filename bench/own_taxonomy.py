"""How well a taxonomy with labels only is learnt: 54 themes of the UPR, beside a plain SVM.

Learns from sessions 1 to 8 and tags 9 and 10 (texts equal after normalising are kept on one side),
without rules and without examples; beside it a `TfidfVectorizer` of words and word pairs with one
`LinearSVC` a theme, whose thresholds are chosen on held-out scores of the same sessions:

    python bench/own_taxonomy.py

Wants `../shared/data/upr` (or `DHR_SHARED`). Both sides run once; nothing here is timed fairly.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from kb.tagging.calibration import best_threshold
from kb.tagging.classifier import Classifier
from kb.tagging.learning import LearningText, same_text_key
from kb.tagging.scores import score
from kb.text.abbreviations import load_abbreviations

ROOT = Path(__file__).resolve().parents[1]
UPR = Path("data/upr/upr_sessions_01_10.csv")
LAST_LEARNT = 8


class Parts(NamedTuple):
    """What is learnt from and what is tagged."""

    learnt: list[LearningText]
    tagged: list[LearningText]


def main() -> None:
    """Learn, tag and print."""
    shared = Path(os.environ.get("DHR_SHARED", ROOT.parent / "shared"))
    if not (shared / UPR).is_file():
        sys.exit(f"the UPR recommendations are not here ({shared / UPR})")
    parts = read(shared / UPR)
    themes = sorted({theme for text in (*parts.learnt, *parts.tagged) for theme in text.yes})
    print(f"{len(themes)} themes; {len(parts.learnt)} learnt from, {len(parts.tagged)} tagged")
    for name, side in (("kb", ours), ("TF-IDF + LinearSVC", plain)):
        start = time.perf_counter()
        given = side(parts, themes)
        gold = [{theme: theme in text.yes for theme in themes} for text in parts.tagged]
        found = score(themes, given, gold)
        print(
            f"{name:20} micro-F1 {found.micro.f1:.4f}  precision {found.micro.precision.value:.3f}"
            f"  recall {found.micro.recall.value:.3f}  macro-F1 {found.macro_f1:.4f}"
            f"  ({time.perf_counter() - start:.0f} s)"
        )


def read(path: Path) -> Parts:
    """The recommendations of both parts; a text that stands in both is only tagged."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = list(csv.DictReader(file))
    parts = Parts([], [])
    for row in rows:
        themes = frozenset(part.strip() for part in row["Issue"].split(",") if part.strip())
        group = f"{row['To']}, session {row['Session']}"
        text = LearningText(row["Text"], themes, complete=True, group=group, who="person")
        (parts.learnt if int(row["Session"]) <= LAST_LEARNT else parts.tagged).append(text)
    hidden = {same_text_key(text.text) for text in parts.tagged}
    return Parts([t for t in parts.learnt if same_text_key(t.text) not in hidden], parts.tagged)


def ours(parts: Parts, themes: Sequence[str]) -> list[set[str]]:
    """The themes that the classifier gives."""
    classifier = Classifier.learn(parts.learnt, themes, load_abbreviations())
    over = classifier.probabilities([text.text for text in parts.tagged]) >= classifier.thresholds
    return [{classifier.theme_ids[at] for at in np.flatnonzero(row)} for row in over]


def plain(parts: Parts, themes: Sequence[str]) -> list[set[str]]:
    """The themes that one SVM a theme gives, over thresholds from five grouped folds."""
    vectors = TfidfVectorizer(ngram_range=(1, 2))
    learnt = vectors.fit_transform([text.text for text in parts.learnt])
    tagged = vectors.transform([text.text for text in parts.tagged])
    groups = [text.group for text in parts.learnt]
    folds = list(GroupKFold(5).split(learnt, groups=groups))
    given: list[set[str]] = [set() for _ in parts.tagged]
    for theme in themes:
        label = np.array([theme in text.yes for text in parts.learnt])
        if label.sum() < 2:
            continue
        held_out = np.full(len(label), -1.0)
        for seen, out in folds:
            if label[seen].any():
                held_out[out] = _scores(learnt[seen], label[seen], learnt[out])
        threshold = best_threshold(held_out, label, np.ones(len(label)))
        for row in np.flatnonzero(_scores(learnt, label, tagged) >= threshold).tolist():
            given[row].add(theme)
    return given


def _scores(learnt: Any, label: npt.NDArray[np.bool_], tagged: Any) -> npt.NDArray[np.float64]:
    model = LinearSVC(random_state=0).fit(learnt, label)
    return np.asarray(model.decision_function(tagged))


if __name__ == "__main__":
    main()
