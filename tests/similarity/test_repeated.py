from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.index.arrays import count_terms, tf_idf
from kb.model import PairJudgement
from kb.similarity.facts import Facts
from kb.similarity.history import history_line
from kb.similarity.pairs import close_pairs
from kb.similarity.repeated import repeated
from kb.similarity.store import Similarity
from kb.similarity.timeline import gaps_of

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


def _judged(a: str, b: str, *, same: bool, day: int = 1) -> PairJudgement:
    when = datetime(2024, 1, day, tzinfo=UTC)
    return PairJudgement(
        who="chair", when=when, a=a, b=b, digest_a="0" * 16, digest_b="0" * 16, same=same
    )


_words = st.lists(st.sampled_from("abcdefgh"), max_size=6)


@settings(deadline=None)
@given(st.lists(_words, max_size=12), st.sampled_from([0.2, 0.4, 0.5, 0.75, 0.95]))
def test_close_pairs_are_those_of_brute_force(documents: list[list[str]], threshold: float) -> None:
    weights = tf_idf(count_terms(documents)[1])
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


def test_a_person_parts_what_looks_the_same(make_base: MakeBase) -> None:
    base = make_base([*ASKED, *OTHERS])
    groups = repeated(base, judgements=[_judged("review-0/1", "review-2/1", same=False)])
    for group in groups:
        assert not {"review-0/1", "review-2/1"} <= {facts.id for facts in group.members}


def test_a_person_joins_what_looks_different(make_base: MakeBase) -> None:
    base = make_base([*ASKED, *OTHERS])
    joined = [
        _judged("review-0/1", "review-3/1", same=True),
        _judged("review-3/1", "review-4/1", same=True),
    ]
    (group,) = repeated(base, judgements=joined)
    ids = {facts.id for facts in group.members}
    assert ids == {f"review-{number}/1" for number in range(5)}


def test_the_latest_judgement_of_a_pair_holds(make_base: MakeBase) -> None:
    base = make_base(OTHERS)
    one, other = "review-0/1", "review-1/1"
    changed = [_judged(one, other, same=True, day=2), _judged(other, one, same=False, day=1)]
    assert len(repeated(base, judgements=changed)) == 1
    changed = [_judged(one, other, same=True, day=2), _judged(other, one, same=False, day=3)]
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
