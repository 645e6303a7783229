"""What somebody was shown is compared with what stands there when their answer is stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from bases import unchanged

from kb.errors import ChangedMeanwhile, NotFound
from kb.library import KnowledgeBase

ID = "fellside-7/1"


def test_a_mark_changes_with_the_recommendation_and_with_its_judgements(home: Path) -> None:
    base = KnowledgeBase.open(home)
    marks = [base.mark(ID)]
    base.judge_themes(ID, no=["training"], who="ben")
    marks.append(base.mark(ID))
    base.correct(ID, {"outcome": "Audited"}, who="ben")
    marks.append(base.mark(ID))
    base.judge_themes("fellside-7/2", no=["training"], who="ben")
    assert base.mark(ID) == marks[-1]
    assert len(set(marks)) == 3


def test_an_answer_to_what_was_shown_before_is_refused(home: Path) -> None:
    base = KnowledgeBase.open(home)
    seen = base.mark(ID)
    base.judge_themes(ID, no=["training"], who="ben")
    with unchanged(home):
        with pytest.raises(ChangedMeanwhile):
            base.judge_themes(ID, yes=["training"], who="anna", seen=seen)
        with pytest.raises(ChangedMeanwhile):
            base.correct(ID, {"outcome": "Audited"}, who="anna", seen=seen)


def test_an_answer_to_what_stands_is_stored(home: Path) -> None:
    base = KnowledgeBase.open(home)
    base.judge_themes(ID, yes=["training"], who="anna", seen=base.mark(ID))
    base.correct(ID, {"outcome": "Audited"}, who="anna", seen=base.mark(ID))
    base.correct("fellside-7", {"region": "South"}, who="anna", seen=base.mark("fellside-7"))
    assert base.review("fellside-7").region == "South"


def test_a_review_has_a_mark_of_its_own(home: Path) -> None:
    base = KnowledgeBase.open(home)
    seen = base.mark("fellside-7")
    base.correct("fellside-7", {"region": "South"}, who="ben")
    with pytest.raises(ChangedMeanwhile), unchanged(home):
        base.correct("fellside-7", {"region": "East"}, who="anna", seen=seen)


def test_what_is_not_there_has_no_mark(home: Path) -> None:
    with pytest.raises(NotFound):
        KnowledgeBase.open(home).mark("fellside-7/99")


def test_judgements_are_read_again_once_their_file_is_another(home: Path) -> None:
    from kb.library.sources import by_recommendation

    base = KnowledgeBase.open(home)
    assert by_recommendation(base.corpus) == {}
    base.judge_themes(ID, yes=["training"], who="anna")
    base.judge_themes(ID, no=["genograms"], who="anna")
    assert len(by_recommendation(base.corpus)[ID]) == 2
    base.take_back(ID, who="anna")
    assert len(by_recommendation(base.corpus)[ID]) == 1


def test_an_export_holds_what_a_search_finds(built: Path) -> None:
    base = KnowledgeBase.open(built)
    files = base.export("jsonl", command="kb", query="genogram", area=["Fellside"])
    (line,) = files["recommendations.jsonl"].decode().splitlines()
    assert '"fellside-7/1"' in line
