"""The same document, whatever it is called or however it is added, is the same review."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb import KnowledgeBase
from kb.errors import WrongUsage
from kb.library.adding import AddRequest

PLAN = "Recommendation,Lead agency\nUse DASH with every victim.,Ousel Police\nTrain staff.,All\n"


@pytest.fixture
def base(tmp_path: Path) -> KnowledgeBase:
    (tmp_path / "plan.csv").write_text(PLAN, "utf-8")
    return KnowledgeBase.create(tmp_path / "base")


def test_a_file_added_under_a_title_is_the_same_review_without_it(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    named = AddRequest(facts={"title": "Ousel DHR 1", "area": "Ousel"})
    (first,) = base.add([tmp_path / "plan.csv"], named, who="ann")
    (again,) = base.add([tmp_path / "plan.csv"], who="ann")
    assert (again.outcome, again.review.id) == ("unchanged", first.review.id)
    assert base.corpus.review_ids() == [first.review.id]


def test_a_stored_file_is_not_stored_under_another_id(base: KnowledgeBase, tmp_path: Path) -> None:
    base.add([tmp_path / "plan.csv"], who="ann")
    with pytest.raises(WrongUsage, match="stored already, as the review 'plan'"):
        base.add([tmp_path / "plan.csv"], AddRequest(review_id="other"), who="ann")


@pytest.mark.parametrize("date", ["2024-13", "2023-02-31", "2024-00", "soon", "24"])
def test_a_date_that_no_calendar_has_is_refused(
    base: KnowledgeBase, tmp_path: Path, date: str
) -> None:
    with pytest.raises(WrongUsage, match="published cannot be"):
        base.add([tmp_path / "plan.csv"], AddRequest(facts={"published": date}), who="ann")
    assert base.corpus.review_ids() == []


def test_an_exports_own_tags_are_no_judgements(base: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("text,themes,themes_by\nUse DASH.,dash,rule\n", "utf-8")
    (added,) = base.add([path], who="ann")
    assert added.judged == ()
