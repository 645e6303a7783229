"""Is the stored original of a reworded text among those that the check looks at closely?

No timing. The base holds the second texts of the practice pairs and the recommendations of the
starter's training reviews; the first texts of repeats are asked for. Printed: how often the
original is the first, among the first five, among the first fifty, by strength of rewording, for
character TF-IDF (what a script would use), the check's own vectors, and what they give together;
with the extra ``dhr-kb[semantic]`` sentence vectors, too:

    python bench/originals.py [--every 2]

The themes were learnt from neither text of a practice pair, and nothing else is learnt here.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from kb import KnowledgeBase
from kb.library.starter import PracticePair, is_test_review, practice_pairs
from kb.similarity.facts import Facts
from kb.similarity.store import Cosines, Similarity
from kb.similarity.writing import build_similarity

ROOT = Path(__file__).resolve().parents[1]
STRENGTHS = ("light", "medium", "heavy")
PLACES = (1, 5, 50)
Scores = NDArray[np.float64]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="ask for every n-th repeat only")
    chosen = parser.parse_args()
    base = KnowledgeBase.open(ROOT)
    pairs = practice_pairs(base.corpus.folder)
    stored = [pair.b_text for pair in pairs] + training_texts(base)
    asked = [at for at, pair in enumerate(pairs) if pair.kind == "repeat"][:: chosen.every]
    print(f"{len(asked)} texts, {len(stored)} stored; of 100 originals: first/in 5/in 50")
    for name, scores in measured(base, [pairs[at].a_text for at in asked], stored).items():
        print(f"{name:28}", *by_strength(scores, asked, pairs), sep="  ")


def training_texts(base: KnowledgeBase) -> list[str]:
    """The recommendations of all reviews outside the test set."""
    return [
        entry.recommendation.text for entry in base.entries() if not is_test_review(entry.review.id)
    ]


def measured(
    base: KnowledgeBase, drafts: Sequence[str], stored: Sequence[str]
) -> dict[str, Scores]:
    """How near each stored text is to each draft, by each measure: float64[drafts, stored]."""
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    weights = characters.fit_transform(stored)
    plain = np.asarray((characters.transform(drafts) @ weights.T).todense())
    every = own(base, drafts, stored)
    words = np.array([one.words + one.characters for one in every])
    latent, together = (
        np.array([getattr(one, name) for one in every]) for name in ("latent", "together")
    )
    found = {
        "character TF-IDF": plain,
        "words + characters": words,
        "latent": latent,
        "together": together,
    }
    model = base.sources.sentence_model
    if model is not None:
        sentences = (model.vectors(drafts) @ model.vectors(stored).T).astype(np.float64)
        found["sentences"] = sentences
        found["character TF-IDF + sentences"] = plain + sentences
        found["together + 2 · sentences"] = together + 2 * sentences
    return found


def own(base: KnowledgeBase, drafts: Sequence[str], stored: Sequence[str]) -> list[Cosines]:
    """The cosines by which the check chooses what it looks at."""
    _, latent = base.tagger.decide_and_place(stored)
    _, of_drafts = base.tagger.decide_and_place(drafts)
    facts = [Facts(str(row), "", text) for row, text in enumerate(stored)]
    with tempfile.TemporaryDirectory() as folder:
        build_similarity(Path(folder), facts, base.abbreviations, latent=latent)
        similarity = Similarity.open(Path(folder))
        readings = map(similarity.reader.read, drafts)
        return [
            similarity.cosines(reading, vector, None)
            for reading, vector in zip(readings, of_drafts, strict=True)
        ]


def by_strength(scores: Scores, asked: Sequence[int], pairs: Sequence[PracticePair]) -> list[str]:
    """The share of originals at each place, for all and by strength."""
    of_original = scores[np.arange(len(asked)), asked]
    place = (scores > of_original[:, None]).sum(axis=1)
    strength = np.array([pairs[at].strength for at in asked])
    told = []
    for name in ("all", *STRENGTHS):
        wanted = place if name == "all" else place[strength == name]
        shares = "/".join(f"{100 * (wanted < most).mean():.0f}" for most in PLACES)
        told.append(f"{name} ({len(wanted)}) {shares}")
    return told


if __name__ == "__main__":
    main()
