"""What is told of stored texts without reading them never changes the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kb.errors import IndexUnreadable
from kb.similarity.facts import Facts
from kb.similarity.features import FEATURES, Side
from kb.similarity.glances import Glances
from kb.similarity.leftovers import LEFTOVERS
from kb.similarity.logits import PLACE, Trees, table_of
from kb.similarity.looks import Candidates, Look, shown
from kb.similarity.nearest import Nearest, Sought, nearest
from kb.similarity.scorer import DEFAULT_SCORER, Scorer
from kb.similarity.store import Similarity

MakeBase = Callable[[Sequence[str | Facts]], Similarity]
TEXTS = [
    "Social workers to be reminded to use a genogram. It should stand in the file; chairs ask.",
    "Remind social wokers of ecomaps in complicated families, twice a year.",
    "GPs must not be told before the MARAC has met, unless 3 of them ask",
    "The outcome to be sent to the police by nurses, midwives or the Trust within 72 hours.",
    "Police should tell GPs what general practitioners told them; GPs should share it with MARAC",
    "National guidance on recording to be written: what the M.A.R.A.C. decided",
    "the of and",
    "?",
    "Genograms",
    "Audit, once a year, how often genograms are used by midwives. Evaluate the training!",
]
DRAFTS = [
    *TEXTS,
    "Socal workers must never forget the family's genograms, nor the ecomap",
    "MARAC should not tell GPs within 24 hours if the practice asked. Refer the gps to police.",
    "Nurses, where a patient is alone, to be trained in routine enquiry",
    "zyxw vutsr",
]
GROWN = Trees(
    -0.5,
    (
        ("shared_words", 0.3, -1.0, ("best_sentence", 0.5, 0.5, 2.0)),
        ("unmatched_draft", 0.4, ("in_order", 0.2, 0.0, 1.5), -2.0),
        ("other_agent", 0.5, 0.4, -0.7),
    ),
)
JOINED = replace(DEFAULT_SCORER, trees=GROWN, conflicts=(), duplicate=0.6, overlapping=0.4)


@pytest.fixture(scope="module")
def base(make_base: MakeBase, starter: Similarity) -> Similarity:
    """Texts of the starter and of above, with themes, and vectors drawn by lot."""
    stored = [starter.facts(row) for row in range(0, len(starter), 2)]
    facts = [replace(one, themes=("dash", "marac")[at % 3 :]) for at, one in enumerate(stored)]
    made = make_base([*TEXTS, *facts])
    drawn = np.random.default_rng(1).integers(-60, 127, (len(made), 5)).astype(np.int8)
    return replace(made, latent=replace(made.latent, rows=drawn))


def sides(base: Similarity) -> Iterator[tuple[Side, Sought]]:
    chance = np.random.default_rng(2)
    for at, text in enumerate([*DRAFTS, *(base.facts(row).text for row in range(40, 48))]):
        reading = base.reader.read(text)
        themes, sectors = frozenset({"dash"} if at % 2 else ()), frozenset(["police"][at % 2 :])
        latent = chance.random(5).astype(np.float32)
        yield Side(reading, sectors, themes, 0.7), Sought(reading, (latent / 3).astype(np.float32))


def looked_at(base: Similarity, draft: Side, near: Nearest) -> list[Any]:
    """All of the rows compared in full."""
    each = zip(*(part.tolist() for part in vars(near.cosines).values()), strict=True)
    names = ("word_cosine", "character_cosine", "latent_cosine", "sentence_cosine")
    return [
        base.compare(draft, row, **dict(zip(names, cosines, strict=True)))
        for row, cosines in zip(near.rows.tolist(), each, strict=True)
    ]


def test_no_feature_lies_beyond_what_a_glance_tells(base: Similarity) -> None:
    rows = np.arange(len(base))
    for draft, sought in sides(base):
        near = nearest(base, sought, rows, len(base))
        low, high = Glances(base, draft, near.rows).between(near.cosines)
        exact = table_of([one.features for one in looked_at(base, draft, near)])
        beyond = ((exact < low) | (exact > high)).any(axis=1)
        assert {FEATURES[at] for at in np.flatnonzero(beyond)} == set(), draft.reading.text
        known = [FEATURES[at] for at in np.flatnonzero((high - low < 1e-6).all(axis=1))]
        assert {"shared_words", "in_order", "edit", "same_ask", "same_concepts"} <= set(known)


@pytest.mark.parametrize("scorer", [DEFAULT_SCORER, JOINED])
@pytest.mark.parametrize("limit", [1, 5])
def test_the_answers_are_those_of_looking_at_every_candidate(
    base: Similarity, scorer: Scorer, limit: int
) -> None:
    similarity, told = replace(base, scorer=scorer), {3: True, 4: False}
    few = 0
    for draft, sought in sides(similarity):
        near = nearest(similarity, sought, np.arange(len(base)), 50, told)
        looks = Candidates(similarity, draft, near, told).closer_looks(limit)
        every = all_looks(similarity, draft, near, told)
        assert [row(look) for look in shown(looks, limit)] == [
            row(look) for look in shown(every, limit)
        ]
        asked = [
            [look.row for look in some if look.score >= scorer.asked] for some in (looks, every)
        ]
        assert asked[0] == asked[1]
        few += len(looks) < len(every) / 2
    assert few


def all_looks(
    similarity: Similarity, draft: Side, near: Nearest, told: dict[int, bool]
) -> list[Look]:
    scorer, compared = similarity.scorer, looked_at(similarity, draft, near)
    scores = scorer.scores(table_of([one.features for one in compared])).tolist()
    together = near.cosines.together.tolist()
    looks = [
        Look(at, scorer.obeying(told.get(at), score), one, cosines)
        for at, score, one, cosines in zip(
            near.rows.tolist(), scores, compared, together, strict=True
        )
    ]
    return sorted(
        looks,
        key=lambda look: (look.score < scorer.duplicate, -look.evidence, -look.score, look.row),
    )


def row(look: Look) -> tuple[int, float, float]:
    return look.row, look.score, look.together


def test_the_nearest_are_those_of_computing_all(base: Similarity) -> None:
    rows = np.flatnonzero(np.arange(len(base)) % 7 > 0)
    for _, sought in sides(base):
        whole = base.cosines(sought.reading, sought.latent, None)
        together = whole.together[rows]
        for count in (3, 20, len(base)):
            found = nearest(base, sought, rows, count, always=[1, 2, 7])
            edge = np.sort(together)[::-1][:count][-1]
            near = set(rows[together > edge + 1e-9].tolist()) | {1, 2}
            assert near <= set(found.rows.tolist())
            assert len(found.rows) <= min(count, len(rows)) + 2
            assert found.cosines.together == pytest.approx(whole.together[found.rows], abs=1e-9)


def test_a_damaged_wording_says_kb_build(make_base: MakeBase) -> None:
    made = make_base(TEXTS[:3])
    for name, damaged in (
        ("mentions", np.array([[0, 0, 2**30, 0]], dtype=np.int32)),
        ("wording_words", np.full(len(made.wording.flat), 10**6, dtype=np.int32)),
        ("wording_bounds", np.array([0, 5], dtype=np.int64)),
    ):
        whole = np.load(made.folder / f"{name}.npy")
        np.save(made.folder / f"{name}.npy", damaged)
        with pytest.raises(IndexUnreadable, match="kb build"):
            Similarity.open(made.folder).hold()
        np.save(made.folder / f"{name}.npy", whole)


def test_features_that_glances_leave_open_are_few(base: Similarity) -> None:
    draft, sought = next(sides(base))
    near = nearest(base, sought, np.arange(len(base)), 50)
    low, high = Glances(base, draft, near.rows).between(near.cosines)
    open_ended = {FEATURES[at] for at in np.flatnonzero((high - low > 0.5).any(axis=1))}
    assert open_ended <= {
        *("other_polarity", "swapped_words", "turned_roles", "other_agent", "other_condition"),
        *("same_words", *LEFTOVERS),
    }
    assert low[PLACE["in_field"]].tolist() == [0.7] * len(near.rows)
