"""Which pieces of a tag's evidence are read at a glance."""

from __future__ import annotations

from kb.library.showing import leading_evidence
from kb.model import Evidence, Tag


def piece(text: str, why: str, start: int = 0) -> Evidence:
    return Evidence(start=start, end=start + len(text), text=text, why=why)


def test_each_kind_of_evidence_has_its_place() -> None:
    rules = [
        piece("pathway", "rule 1 of referral-pathways", 49),
        piece("referral pathway", "rule 1 of referral-pathways", 40),
        piece("referral pathway", "rule 2 of referral-pathways", 40),
        piece("pathway", "rule 3 of referral-pathways", 0),
        piece("refer", "rule 2 of referral-pathways", 90),
    ]
    words = [
        piece(text, f"classifier, {weight}") for text, weight in (("a", 2), ("b", 1), ("c", 0))
    ]
    like = Evidence(start=0, end=0, text="", why="most like vale-05/3 (0.42): “A pathway.”")
    changed = Evidence(start=0, end=0, text="", why="the text has changed since it was judged")
    tag = Tag(
        id="referral-pathways",
        by=("rule", "classifier"),
        confidence=0.9,
        evidence=(changed, *rules, *words, like),
    )
    assert leading_evidence(tag) == [changed, rules[1], rules[3], words[0], words[1], like]
