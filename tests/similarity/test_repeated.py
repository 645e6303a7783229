from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from counted import counts_of
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.index.arrays import tf_idf
from kb.model import PairJudgement
from kb.similarity.facts import Facts
from kb.similarity.history import history_line
from kb.similarity.pairs import close_pairs
from kb.similarity.repeated import repeated
from kb.similarity.store import Similarity
from kb.similarity.timeline import gaps_of, returns_of
from kb.similarity.writing import build_similarity
from kb.text.abbreviations import Abbreviations
from kb.text.normalise import digest

MakeBase = Callable[[Sequence[str | Facts]], Similarity]
ASKED = [
    "Social workers should be reminded to use genograms in complex families.",
    "Social workers to be reminded to use genograms where families are complex",
    "Remind social workers to use genograms with complex families",
]
OTHERS = [
    "The MARAC should tell the referrer the outcome of the conference.",
    "Schools to receive notice of incidents before the next school day.",
    "Case notes to say why appointments were cancelled.",
]


def _judged(base: Similarity, a: str, b: str, *, same: bool, day: int = 1) -> PairJudgement:
    when = datetime(2024, 1, day, tzinfo=UTC)
    facts = map(base.facts, range(len(base)))
    texts = {known.id: digest(known.text) for known in facts}
    return PairJudgement(
        who="chair", when=when, a=a, b=b, digest_a=texts[a], digest_b=texts[b], same=same
    )


_words = st.lists(st.sampled_from("abcdefgh"), max_size=6)


@settings(deadline=None)
@given(st.lists(_words, max_size=12), st.sampled_from([0.2, 0.4, 0.5, 0.75, 0.95]))
def test_close_pairs_are_those_of_brute_force(documents: list[list[str]], threshold: float) -> None:
    _is_brute_force(documents, threshold)


def _is_brute_force(documents: list[list[str]], threshold: float) -> None:
    weights = tf_idf(counts_of(documents))
    dense = np.zeros((weights.rows, max(weights.columns, 1)))
    dense[weights.row_of_each(), weights.indices] = weights.data
    cosines = dense @ dense.T
    n = len(documents)
    all_pairs = [(a, b) for a in range(n) for b in range(a + 1, n)]
    sure = {pair for pair in all_pairs if cosines[pair] >= threshold + 1e-5}
    perhaps = {pair for pair in all_pairs if cosines[pair] >= threshold - 1e-5}
    pairs = close_pairs(weights, threshold)
    found = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    assert sure <= found <= perhaps
    assert len(found) == len(pairs)
    for a, b, cosine in zip(pairs.first, pairs.second, pairs.cosine, strict=True):
        assert abs(cosines[a, b] - cosine) < 1e-5


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.3, 0.6]))
@settings(deadline=None, max_examples=20)
def test_close_pairs_of_texts_of_rare_and_common_words_are_those_of_brute_force(
    seed: int, threshold: float
) -> None:
    chance = np.random.default_rng(seed)
    lengths = chance.integers(1, 30, size=120)
    documents = [[f"w{word}" for word in chance.zipf(1.3, size=length)] for length in lengths]
    _is_brute_force(documents, threshold)


def test_what_leans_to_other_themes_is_not_near(
    tmp_path: Path, abbreviations: Abbreviations
) -> None:
    facts = [Facts(f"{at}/1", str(at), text) for at, text in enumerate([*ASKED, *OTHERS])]
    leanings = np.eye(2, dtype=np.float32)[[0, 0, 1, 0, 0, 0]]
    build_similarity(tmp_path, facts, abbreviations, latent=leanings)
    (group,) = repeated(Similarity.open(tmp_path))
    assert [facts.id for facts in group.members] == ["0/1", "1/1"]


def test_what_leans_to_no_theme_may_be_near_all(
    tmp_path: Path, abbreviations: Abbreviations
) -> None:
    facts = [Facts(f"{at}/1", str(at), text) for at, text in enumerate([*ASKED, *OTHERS])]
    leanings = np.array([[1, 0], [1, 0], *[[0, 0]] * 4], dtype=np.float32)
    build_similarity(tmp_path, facts, abbreviations, latent=leanings)
    (group,) = repeated(Similarity.open(tmp_path))
    assert [facts.id for facts in group.members] == ["0/1", "1/1", "2/1"]


def test_vectors_by_text_have_length_one(make_base: MakeBase) -> None:
    base = make_base([*ASKED, *OTHERS])
    for documents in (base.documents, base.gram_documents):
        lengths = np.bincount(documents.row_of_each(), np.asarray(documents.data) ** 2)
        assert np.allclose(lengths, 1)


def test_progress_is_told_step_by_step(make_base: MakeBase) -> None:
    heard: list[tuple[str, int, int]] = []
    repeated(make_base([*ASKED, *OTHERS]), progress=lambda *told: heard.append(told))
    assert [step for step, _, _ in heard] == ["finding what is near", "grouping"]
    assert all(done == of for _, done, of in heard)


def test_the_same_ask_of_several_reviews_is_one_group(make_base: MakeBase) -> None:
    groups = repeated(make_base([*ASKED, *OTHERS]))
    assert len(groups) == 1
    assert sorted(facts.text for facts in groups[0].members) == sorted(ASKED)
    assert groups[0].central in groups[0].members


def test_a_plan_that_repeats_itself_is_not_repeated_learning(make_base: MakeBase) -> None:
    twice = [Facts("r/1", "r", ASKED[0]), Facts("r/2", "r", ASKED[0])]
    assert repeated(make_base([*twice, *OTHERS])) == []


def test_another_ask_on_the_same_subject_stays_out(make_base: MakeBase) -> None:
    stored = [
        "Offer the stalking course to all new staff",
        "Evaluate the stalking course of all new staff",
    ]
    assert repeated(make_base([*stored, *OTHERS])) == []


def test_a_chain_of_small_steps_is_not_one_group(make_base: MakeBase) -> None:
    words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"]
    words += ["golf", "hotel", "india", "juliet", "kilo", "lima"]
    chain = [f"record {' '.join(words[at : at + 4])}" for at in range(9)]
    for group in repeated(make_base(chain)):
        own = set(group.central.text.split())
        assert all(len(own & set(facts.text.split())) >= 3 for facts in group.members)
        assert len(group.members) < len(chain)


def test_identical_wordings_are_one_group_whatever_else_is_near(make_base: MakeBase) -> None:
    (group,) = repeated(make_base([OTHERS[0], OTHERS[0].upper(), *OTHERS]))
    assert [facts.id for facts in group.members] == ["review-0/1", "review-1/1", "review-2/1"]


def test_identical_wordings_that_a_person_parted_are_in_no_group_together(
    make_base: MakeBase,
) -> None:
    base = make_base([OTHERS[0], OTHERS[0], *OTHERS])
    groups = repeated(base, judgements=[_judged(base, "review-0/1", "review-1/1", same=False)])
    for group in groups:
        assert not {"review-0/1", "review-1/1"} <= {facts.id for facts in group.members}
    assert any("review-2/1" in {facts.id for facts in group.members} for group in groups)


def test_a_group_knows_since_when_it_is_asked_again(make_base: MakeBase) -> None:
    dated = [
        Facts("a/1", "a", ASKED[0], date="2015-03", themes=("genograms", "training")),
        Facts("b/1", "b", ASKED[1], year=2018, themes=("genograms",)),
        Facts("c/1", "c", ASKED[2]),
    ]
    (group,) = repeated(make_base([*dated, *OTHERS]))
    assert group.was_asked_since("2018")
    assert not group.was_asked_since("2018-01")
    assert not group.was_asked_since("2019")
    assert group.themes == ("genograms",)


def test_a_return_counts_the_latest_completion_in_the_same_area_first() -> None:
    here = Facts("a/1", "a", "x", "Elmshire", 2015, "2015", "complete", "2016-02")
    there = Facts("b/1", "b", "x", "Oakham", 2016, "2016", "complete", "2017-02")
    later = Facts("c/1", "c", "x", "Elmshire", 2019, "2019-02")
    found, also = [one for one in returns_of([here, there, later]) if one.later is later]
    assert (also.earlier, also.is_same_area) == (there, False)  # no completion is left out
    assert (found.earlier, found.months, found.is_same_area) == (here, 36, True)
    (found,) = returns_of([there, later])
    assert (found.months, found.is_same_area) == (24, False)
    assert str(found).endswith("after it was marked complete (b/1) in another area")


def test_a_completion_stands_with_the_first_asking_after_it_in_its_own_area() -> None:
    first = Facts("a/1", "a", "x", "Oakham", 2014, "2014", "complete", "2014-06")
    second = Facts("b/1", "b", "x", "Elmshire", 2015, "2015", "complete", "2015-06")
    elsewhere = Facts("c/1", "c", "x", "Elmshire", 2017, "2017")
    at_home = Facts("d/1", "d", "x", "Elmshire", 2018, "2018")
    found = [
        (one.later.id, one.earlier.id) for one in returns_of([first, second, elsewhere, at_home])
    ]
    assert found == [("b/1", "a/1"), ("c/1", "b/1"), ("d/1", "b/1")]
    own = Facts("e/1", "e", "x", "Oakham", 2019, "2019")
    found = [(one.later.id, one.earlier.id) for one in returns_of([first, second, elsewhere, own])]
    assert found == [("b/1", "a/1"), ("c/1", "b/1"), ("e/1", "a/1")]


def test_a_person_parts_what_looks_the_same(make_base: MakeBase) -> None:
    base = make_base([*ASKED, *OTHERS])
    groups = repeated(base, judgements=[_judged(base, "review-0/1", "review-2/1", same=False)])
    for group in groups:
        assert not {"review-0/1", "review-2/1"} <= {facts.id for facts in group.members}


def test_a_person_joins_what_looks_different(make_base: MakeBase) -> None:
    base = make_base([*ASKED, *OTHERS])
    joined = [
        _judged(base, "review-0/1", "review-3/1", same=True),
        _judged(base, "review-3/1", "review-4/1", same=True),
    ]
    (group,) = repeated(base, judgements=joined)
    ids = {facts.id for facts in group.members}
    assert ids == {f"review-{number}/1" for number in range(5)}


def test_what_was_said_of_a_text_that_has_changed_since_joins_nothing(make_base: MakeBase) -> None:
    said = _judged(make_base(OTHERS), "review-0/1", "review-1/1", same=True)
    now = make_base([OTHERS[0], "Buy new chairs for the library.", OTHERS[2]])
    assert len(repeated(make_base(OTHERS), judgements=[said])) == 1
    assert repeated(now, judgements=[said]) == []


def test_the_latest_judgement_of_a_pair_holds(make_base: MakeBase) -> None:
    base = make_base(OTHERS)
    one, other = "review-0/1", "review-1/1"
    changed = [
        _judged(base, one, other, same=True, day=2),
        _judged(base, other, one, same=False, day=1),
    ]
    assert len(repeated(base, judgements=changed)) == 1
    changed = [
        _judged(base, one, other, same=True, day=2),
        _judged(base, other, one, same=False, day=3),
    ]
    assert repeated(base, judgements=changed) == []


def test_hidden_rows_are_in_no_group(make_base: MakeBase) -> None:
    base = make_base([*ASKED, *OTHERS])
    allowed = np.ones(len(base), dtype=bool)
    allowed[0] = False
    (group,) = repeated(base, allowed=allowed)
    assert {facts.id for facts in group.members} == {"review-1/1", "review-2/1"}


def test_a_group_tells_its_timeline(make_base: MakeBase) -> None:
    dated = [
        Facts("c/1", "c", ASKED[2], "Elmshire", 2021, "2021-03", None, None, ("health",)),
        Facts(
            "a/1", "a", ASKED[0], "Elmshire", 2017, "2017-05", "complete", "2020-01-15", ("police",)
        ),
        Facts("b/1", "b", ASKED[1], "Oakham", 2019, None, "in-progress", None, ("police",)),
    ]
    (group,) = repeated(make_base([*dated, *OTHERS]))
    assert [facts.id for facts in group.members] == ["a/1", "b/1", "c/1"]
    assert group.reviews == ("a", "b", "c")
    assert group.areas == ("Elmshire", "Oakham")
    assert group.years == (2017, 2019, 2021)
    assert group.sectors == ("health", "police")
    assert group.statuses == {"complete": 1, "in-progress": 1, "unknown": 1}
    assert group.history == "Asked 3 times since 2017; once marked complete"
    assert group.gaps == (
        "c/1: asked again 14 months after it was marked complete (a/1) in the same area (Elmshire)",
    )
    assert group.as_json()["members"][0]["id"] == "a/1"


def test_gaps_need_the_same_area_and_a_later_asking() -> None:
    done = Facts("a/1", "a", "x", "Elmshire", 2017, "2017", "complete", "2018")
    assert gaps_of([done, Facts("b/1", "b", "x", "Oakham", 2021, "2021")]) == ()
    assert gaps_of([done, Facts("b/1", "b", "x", "Elmshire", 2018, "2018")]) == ()
    assert gaps_of([done, Facts("b/1", "b", "x", "Elmshire", 2019, "2019-04")]) == (
        "b/1: asked again 1 year after it was marked complete (a/1) in the same area (Elmshire)",
    )


def test_a_history_counts_reviews_and_their_completions() -> None:
    assert history_line([]) is None
    one = Facts("a/1", "a", "x", year=2016, status="complete")
    again = Facts("a/2", "a", "x", year=2016, status="in-progress")
    assert history_line([one]) == "Asked once, in 2016; marked complete"
    kept_up = Facts("a/3", "a", "x", year=2016, status="ongoing")
    assert history_line([kept_up]) == "Asked once, in 2016; marked complete and ongoing"
    assert history_line([one, again]) == "Asked once, in 2016; never marked complete"
    other = Facts("b/1", "b", "x", year=2019, status="ongoing")
    assert history_line([one, other]) == "Asked twice since 2016; each time marked complete"


def test_the_repeats_of_the_starter_corpus_are_found(starter: Similarity) -> None:
    groups = {frozenset(facts.id for facts in group.members) for group in repeated(starter)}
    assert groups >= {
        frozenset({"harrowdale-05/7", "aldermere-04/7", "ouseholm-06/1"}),
        frozenset({"harrowdale-05/2", "aldermere-11/3"}),
        frozenset({"harrowdale-02/4", "fennwick-winifred/3"}),
        frozenset({"ouseholm-06/2", "ouseholm-mr-t/1"}),
        frozenset({"tarnbeck-03/1", "wychlow-17/3"}),
    }
