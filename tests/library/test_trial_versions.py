"""A newer version that lacks most of the stored plan is stored, and said."""

from __future__ import annotations

from pathlib import Path

from kb import KnowledgeBase
from kb.library.adding import AddRequest


def _plan(path: Path, *asked: str) -> Path:
    rows = "\n".join(f"{number},{text}" for number, text in enumerate(asked, start=1))
    path.write_text(f"No,Recommendation\n{rows}\n", encoding="utf-8")
    return path


_ASKED = (
    "Ring the family before the first visit.",
    "Put a poster in every ward of the hospital.",
    "Write the bulletin for general practice.",
)


def test_version_that_lacks_most_of_the_plan_is_said(tmp_path: Path) -> None:
    base = KnowledgeBase.create(tmp_path / "base")
    named = AddRequest(review_id="case-1")
    base.add([_plan(tmp_path / "plan.csv", *_ASKED)], named, who="ann")
    (whole,) = base.add([_plan(tmp_path / "two.csv", *_ASKED[:2])], named, who="ann", dry_run=True)
    (less,) = base.add([_plan(tmp_path / "one.csv", _ASKED[0])], named, who="ann", dry_run=True)
    assert whole.notes == ()
    assert "2 of the 3 recommendations stored are not in this document" in less.notes[0]
    assert "--also" in less.notes[0]
