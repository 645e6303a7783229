"""What the duplicate check may learn from, and that what a person said of a pair is obeyed."""

from __future__ import annotations

from pathlib import Path

import pytest
from bases import WHO, done, make_home, write_plan

from kb import KnowledgeBase
from kb.errors import CorpusError
from kb.library.home import starter_home
from kb.library.lessons import PERSON_WEIGHT, PRACTICE_WEIGHT, judged_rows, taught_pairs
from kb.library.starter import PRACTICE_PAIRS, is_test_review, practice_pairs

ASK = "Midwives to draw a genogram at booking."
ALIKE = "Midwives to draw a genogram at discharge."
OTHER = "The switchboard to say when somebody will ring back."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reviews; a person parted two texts that are alike, and joined two that are not."""
    folder = tmp_path_factory.mktemp("pairs")
    made = make_home(folder / "home")
    for name, texts in (("wold-1", (ASK,)), ("wold-2", (ALIKE, OTHER))):
        rows = [[str(n), text, "", "", "", "", ""] for n, text in enumerate(texts, start=1)]
        done("add", write_plan(folder / f"{name}.csv", rows), "--review-id", name, home=made)
    done("build", home=made)
    base = KnowledgeBase.open(made)
    base.judge_pair("wold-1/1", "wold-2/1", same=True, who=WHO)
    base.judge_pair("wold-1/1", "wold-2/1", same=False, who=WHO)
    base.judge_pair("wold-1/1", "wold-2/2", same=True, who=WHO)
    return made


def test_the_latest_word_of_a_person_on_a_pair_is_a_lesson(home: Path) -> None:
    own = [
        pair for pair in taught_pairs(KnowledgeBase.open(home).sources) if ASK in (pair.a, pair.b)
    ]
    assert {(pair.b, pair.kind) for pair in own} == {(ALIKE, "near-miss"), (OTHER, "repeat")}
    assert {pair.weight for pair in own} == {PERSON_WEIGHT}


def test_what_a_person_said_of_a_pair_is_obeyed_and_told(home: Path) -> None:
    found = KnowledgeBase.open(home).check(ASK, except_review="wold-1")
    verdicts = {match.facts.text: match.verdict for match in found.matches}
    assert verdicts[OTHER] == "duplicate"
    assert verdicts[ALIKE] in ("related", "new")
    assert found.matches[0].reasons[0] == "a person judged them the same ask"


def test_a_judgement_on_another_wording_is_not_obeyed(home: Path) -> None:
    assert judged_rows(KnowledgeBase.open(home), ASK + " And again.") == {}


def test_a_review_of_one_s_own_is_learnt_from_whatever_its_id(tmp_path: Path) -> None:
    made = make_home(tmp_path / "home")
    ids = [name for name in (f"own-{n}" for n in range(60)) if is_test_review(name)][:2]
    for name, text in zip(ids, (ASK, ALIKE), strict=True):
        plan = write_plan(tmp_path / f"{name}.csv", [["1", text, "", "", "", "", ""]])
        done("add", plan, "--review-id", name, home=made)
    base = KnowledgeBase.open(made)
    base.judge_pair(f"{ids[0]}/1", f"{ids[1]}/1", same=True, who=WHO)
    assert [pair.kind for pair in taught_pairs(base.sources) if pair.a == ASK] == ["repeat"]


def test_where_a_person_judged_a_starter_pair_only_that_is_learnt_from(tmp_path: Path) -> None:
    practised = next(
        pair for pair in practice_pairs(starter_home() / "corpus") if pair.kind == "repeat"
    )
    made = make_home(tmp_path / "home")
    for name, text in (("own-a", practised.b_text), ("own-b", practised.a_text)):
        plan = write_plan(tmp_path / f"{name}.csv", [["1", text, "", "", "", "", ""]])
        done("add", plan, "--review-id", name, home=made)
    base = KnowledgeBase.open(made)

    def taught() -> list[tuple[str, float]]:
        both = {practised.a_text, practised.b_text}
        found = [pair for pair in taught_pairs(base.sources) if {pair.a, pair.b} == both]
        return [(pair.kind, pair.weight) for pair in found]

    assert taught() == [("repeat", PRACTICE_WEIGHT)]
    base.judge_pair("own-a/1", "own-b/1", same=False, who=WHO)
    assert taught() == [("near-miss", PERSON_WEIGHT)]


def test_nothing_is_learnt_from_the_starter_s_test_set() -> None:
    base = KnowledgeBase.open(starter_home())
    untouched = {
        one.text
        for review in base.corpus.reviews()
        if is_test_review(review.id)
        for one in review.recommendations
    }
    pairs = taught_pairs(base.sources)
    assert not [pair for pair in pairs if {pair.a, pair.b} & untouched]
    assert {pair.weight for pair in pairs} == {1.0, PRACTICE_WEIGHT}


def test_practice_pairs_tell_how_they_are_meant() -> None:
    pairs = practice_pairs(starter_home() / "corpus")
    assert len(pairs) > 1_500
    assert all(pair.strength for pair in pairs if pair.kind == "repeat")
    assert all(pair.difference for pair in pairs if pair.kind == "near-miss")
    assert all(pair.a_text != pair.b_text for pair in pairs)


def test_a_damaged_line_of_practice_pairs_is_named(tmp_path: Path) -> None:
    (tmp_path / PRACTICE_PAIRS).write_text('{"a_text": "one"}\n', "utf-8")
    with pytest.raises(CorpusError, match="line 1"):
        practice_pairs(tmp_path)
