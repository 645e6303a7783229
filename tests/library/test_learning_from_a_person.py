"""What a person's judgements teach: a theme without rule or example, at the next build."""

from __future__ import annotations

from pathlib import Path

from bases import WHO, done, make_home, write_plan

from kb.library import KnowledgeBase
from kb.library.learning import background_texts

OWN_TAXONOMY = """\
version: "own-1"
groups:
  - id: own
    name: Our own
    themes:
      - id: interpreters
        name: Interpreting
      - id: parking
        name: Parking
"""
INTERPRETERS = (
    "Professional interpreters to be booked for every interview.",
    "Family members must not act as interpreters.",
    "The hospital to keep a list of qualified interpreters.",
    "Interpreters should sign a confidentiality agreement.",
    "Book an interpreter before the home visit.",
    "The force to fund interpreters outside office hours.",
    "Telephone interpreters are to be used where nobody can attend.",
    "Review the contract for interpreters every year.",
    "Receptionists to ask which language a patient speaks and call interpreters.",
    "Children shall never be interpreters for a parent.",
)
OTHERS = (
    "The council to publish the plan on its website.",
    "Diaries to show why a visit did not take place.",
    "A lead officer to be named for each action.",
    "Minutes of the panel to be sent within ten days.",
    "The surgery to change its opening hours.",
    "Managers to read a sample of files every quarter.",
    "The board to receive a progress report.",
    "Leaflets to be placed in the waiting room.",
    "Housing applications to be answered within a week.",
    "New laptops to be bought for the team.",
)


def judged_home(folder: Path) -> Path:
    """Four reviews of five recommendations; a person has judged all twenty."""
    home = make_home(folder / "home", OWN_TAXONOMY)
    for number in range(4):
        texts = (*INTERPRETERS[number::4], *OTHERS[number::4])
        rows = [[str(n), text, "", "", "", "", ""] for n, text in enumerate(texts, start=1)]
        plan = write_plan(folder / f"plan{number}.csv", rows)
        done("add", plan, "--review-id", f"wold-{number}", home=home)
    done("build", home=home)
    base = KnowledgeBase.open(home)
    for entry in base.entries():
        yes = ["interpreters"] if entry.recommendation.text in INTERPRETERS else []
        base.judge_themes(entry.id, yes=yes, complete=True, who=WHO)
    return home


def test_twenty_judgements_teach_a_theme_of_ones_own(tmp_path: Path) -> None:
    home = judged_home(tmp_path)
    base = KnowledgeBase.open(home)
    asks = ["Interpreters to be offered at every appointment.", "Send the minutes to the council."]
    assert [one.themes for one in base.tag(asks)] == [(), ()]
    assert base.build().has_learnt
    named, other = base.tag(asks)
    assert [(tag.id, tag.by) for tag in named.themes] == [("interpreters", ("classifier",))]
    assert other.themes == ()


def test_a_new_document_gets_what_was_taught(tmp_path: Path) -> None:
    home = judged_home(tmp_path)
    done("build", home=home)
    rows = [["1", "The clinic to arrange interpreters in advance.", "", "", "", "", ""]]
    done("add", write_plan(tmp_path / "new.csv", rows), "--review-id", "new-1", home=home)
    done("build", home=home)
    assert [t["id"] for t in done("show", "new-1/1", "--json", home=home).json["themes"]] == [
        "interpreters"
    ]


def test_what_is_learnt_from_the_shipped_starter_is_named_so(home: Path) -> None:
    base = KnowledgeBase.open(home)
    found = [one.source for one in background_texts(base.sources) if one.who == "starter"]
    assert found
    assert all(source.endswith("of the starter corpus") for source in found)
