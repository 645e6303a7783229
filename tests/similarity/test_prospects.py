"""What is told of many pairs at once holds for each of them looked at closely."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from kb.similarity.facts import Facts
from kb.similarity.features import FEATURES
from kb.similarity.logits import PLACE, Linear, Trees, table_of
from kb.similarity.named import bits_of
from kb.similarity.outlines import Outlines
from kb.similarity.prospects import ADDRESSEE, NearPairs, Prospects
from kb.similarity.scorer import DEFAULT_SCORER, Scorer
from kb.similarity.store import Similarity

MakeBase = Callable[[Sequence[str | Facts]], Similarity]
TEXTS = [
    "Social workers should be reminded to use genograms in complex families.",
    "Social workers to be reminded to use a genogram. It should stand in the file; chairs ask.",
    "Remind social wokers of ecomaps in complicated families, twice a year.",
    "GPs must not be told before the MARAC has met",
    "General practitioners to be told what the MARAC decided. Nationality is to be recorded.",
    "National guidance on recording to be written: what the M.A.R.A.C. decided",
    "the of and",
    "?",
    "Genograms",
    "Audit, once a year, how often genograms are used by midwives. Evaluate the training!",
]
GROWN = Trees(
    -0.5,
    (
        ("shared_words", 0.3, -1.0, ("best_sentence", 0.5, 0.5, 2.0)),
        ("unmatched_draft", 0.4, ("in_order", 0.2, 0.0, 1.5), -2.0),
        ("same_matter", 0.2, 0.1, ("edit", 0.6, 0.3, 1.0)),
    ),
)


@pytest.fixture(scope="module")
def base(make_base: MakeBase, judged_pairs: dict[str, list[list[str]]]) -> Similarity:
    drafts = [text for pair in judged_pairs["repeats"][:12] for text in pair[:2]]
    return make_base([*TEXTS, *drafts])


@pytest.fixture(scope="module")
def pairs(base: Similarity) -> NearPairs:
    every = np.array(list(combinations(range(len(base)), 2)))
    first, second = every[:, 0], every[:, 1]
    cosines = np.linspace(0.1, 1.0, len(every)), np.linspace(1.0, 0.2, len(every))
    return NearPairs(first, second, *cosines)


def looked_at(base: Similarity, pairs: NearPairs, *, turned: bool) -> list[dict[str, float]]:
    found = []
    for a, b, words, grams in zip(*(part.tolist() for part in vars(pairs).values()), strict=True):
        draft, stored = (b, a) if turned else (a, b)
        features = base.compare(
            base.side(draft),
            stored,
            word_cosine=words,
            character_cosine=grams,
            latent_cosine=base.latent.cosine(a, b),
            sentence_cosine=base.sentence_cosine(a, b),
        ).features
        found.append({name: v for name, v in features.items() if name not in ADDRESSEE})
    return found


def test_no_feature_lies_beyond_its_bounds(base: Similarity, pairs: NearPairs) -> None:
    prospects = Prospects(base, np.arange(len(base)))
    low, high = prospects.between(pairs)
    at = PLACE["best_sentence"]
    low[at], high[at] = prospects.sentences_between(pairs)
    exact = table_of(looked_at(base, pairs, turned=False))
    beyond = {FEATURES[at] for at in np.flatnonzero(((exact < low) | (exact > high)).any(axis=1))}
    assert beyond == set()
    told = [name for name in FEATURES if (high[PLACE[name]] - low[PLACE[name]] < 0.01).mean() > 0.5]
    assert {"shared_words", "same_concepts", "best_sentence", "unmatched_draft"} <= set(told)


@pytest.mark.parametrize(
    "scorer", [DEFAULT_SCORER, replace(DEFAULT_SCORER, trees=GROWN, duplicate=0.6)]
)
def test_none_that_is_joined_is_left_out(
    base: Similarity, pairs: NearPairs, scorer: Scorer
) -> None:
    similarity = replace(base, scorer=scorer)
    may_be = Prospects(similarity, np.arange(len(base))).may_be_joined(pairs)
    scores = [
        scorer.scores(table_of(looked_at(similarity, pairs, turned=turned)))
        for turned in (False, True)
    ]
    are = np.maximum(*scores) >= scorer.joined
    assert are.any()
    assert not (are & ~may_be).any()
    assert may_be.sum() < len(may_be) / 2


def test_outlines_say_what_readings_say(base: Similarity) -> None:
    rows = np.arange(len(base))[::2]
    outlines = Outlines.of(base, rows)
    names = list(outlines.keys)
    for at, row in enumerate(rows.tolist()):
        reading = base.side(row).reading
        counts = outlines.counts[[at]]
        said = {names[key]: n for key, n in zip(counts.indices, counts.data, strict=True)}
        assert said == {key: reading.in_order.count(key) for key in reading.keys}
        named = bits_of([reading.concepts], outlines.named.shape[1] * 64 - 1)
        assert outlines.named[at].tolist() == named[0].tolist()


def test_kin_are_slips_and_beginnings(base: Similarity) -> None:
    outlines = Outlines.of(base, np.arange(len(base)))
    kin = outlines.kin().toarray()
    names = list(outlines.keys)
    found = {frozenset((names[a], names[b])) for a, b in zip(*np.nonzero(kin), strict=True)}
    near = set()
    for a, b in combinations(range(len(base)), 2):
        sides = base.side(a), base.side(b)
        near |= {
            frozenset(pair)
            for pair in base.compare(
                sides[0], b, word_cosine=0, character_cosine=0, latent_cosine=0, sentence_cosine=0
            ).near.items()
        }
    assert near
    assert near <= found


def test_a_model_says_no_more_than_its_bound_and_as_much_for_one_pair_as_for_many() -> None:
    chance = np.random.default_rng(3)
    ends = chance.random((2, len(FEATURES), 200))
    low, high = ends.min(axis=0), ends.max(axis=0)
    exact = low + chance.random(low.shape) * (high - low)
    scorer = replace(DEFAULT_SCORER, trees=GROWN)
    scores = scorer.scores(exact)
    assert (scores <= scorer.highest(low, high) + 1e-12).all()
    assert (scorer.may_reach(0.5, low, high) >= (scores >= 0.5)).all()
    alone = [scorer.scores(exact[:, [at]])[0] for at in range(200)]
    assert alone == scores.tolist()


def test_a_model_without_weights_or_trees_is_its_bias() -> None:
    table = table_of([{}, {"edit": 1.0}])
    assert Linear(1.5, {}).highest(table, table).tolist() == [1.5, 1.5]
    assert Trees(0.5, ()).highest(table, table).tolist() == [0.5, 0.5]
