"""``kb correct`` on one action of several and on a cell without a field, as people type it."""

from __future__ import annotations

from pathlib import Path

import pytest
from bases import done, refused, write_plan

HEADERS = ("No", "Recommendation", "Action", "Lead agency", "Target date", "Status", "Contact")
RING = ("Ring first", "Fellside Constabulary", "31.7.22", "In progress", "Jo: 01632 960123")
WRITE = ("Write a letter", "NHS England", "December 2020", "In progress", "")
HEAD = ("1", "Wardens to ring the family before each visit.")


def put(home: Path, path: Path, *actions: tuple[str, ...]) -> str:
    """Store a plan of one recommendation with these actions; what is said of it."""
    rows = [(*HEAD, *actions[0]), *(("", "", *action) for action in actions[1:])]
    plan = write_plan(path, rows, HEADERS)
    return done("add", plan, "--review-id", "ousel-1", "--publication", "published", home=home).err


@pytest.fixture
def ousel(home: Path, tmp_path: Path) -> Path:
    """A knowledge base with a recommendation of two actions and a cell without a field."""
    put(home, tmp_path / "first.csv", RING, WRITE)
    return home


def test_actions_and_cells_are_listed_with_what_to_type(ousel: Path) -> None:
    out = done("show", "ousel-1/1", home=ousel).out
    assert "  actions.1 Ring first\n" in out
    assert "  actions.2 Write a letter\n            lead_agency: NHS England\n" in out
    assert "  other.1   Contact: Jo: 01632 960123\n" in out
    assert "actions.1" not in done("show", "fellside-7/1", home=ousel).out


def test_an_action_and_a_cell_are_set_right_with_history(ousel: Path) -> None:
    ran = done(
        "correct", "ousel-1/1", "actions.2.status=complete", "actions.2.outcome=Sent in May",
        "other.1=", home=ousel,
    )  # fmt: skip
    assert "ousel-1/1 actions.2.status: In progress → complete" in ran.out
    shown = done("show", "ousel-1/1", "--json", home=ousel).json
    assert [action["status"]["value"] for action in shown["actions"]] == ["in-progress", "complete"]
    assert (shown["status"]["value"], shown["outcome"]) == ("in-progress", "Sent in May")
    assert shown["other"] == []
    assert not [flag for flag in shown["flags"] if "telephone" in flag]
    event = done("show", "ousel-1", "--json", home=ousel).json["history"][-1]
    assert [(c["field"], c["before"], c["after"]) for c in event["changes"]] == [
        ("actions.2.status", "In progress", "complete"),
        ("actions.2.outcome", None, "Sent in May"),
        ("other.1", "Jo: 01632 960123", None),
    ]
    done("build", home=ousel)
    assert "ousel-1/1" in done("search", '"sent in may"', home=ousel).out
    done("correct", "ousel-1/1", "actions.1.status=complete", home=ousel)
    assert done("show", "ousel-1/1", "--json", home=ousel).json["status"]["value"] == "complete"


def test_a_second_correction_takes_the_place_of_the_first(ousel: Path, tmp_path: Path) -> None:
    done("correct", "ousel-1/1", "actions.2.status=complete", home=ousel)
    put(ousel, tmp_path / "second.csv", WRITE, RING)
    done("correct", "ousel-1/1", "actions.1.status=not-started", home=ousel)  # the same one
    shown = done("show", "ousel-1/1", "--json", home=ousel).json
    assert [c["value"] for c in shown["corrections"]] == ["not-started"]
    assert [action["text"] for action in shown["actions"]] == ["Write a letter", "Ring first"]
    assert shown["actions"][0]["status"]["value"] == "not-started"
    assert shown["actions"][1]["status"]["value"] == "in-progress"


def test_a_correction_is_not_lost_when_another_action_has_its_number(
    ousel: Path, tmp_path: Path
) -> None:
    done("correct", "ousel-1/1", "actions.2.status=complete", home=ousel)
    put(ousel, tmp_path / "second.csv", WRITE, RING)
    done("correct", "ousel-1/1", "actions.2.status=not-started", home=ousel)  # another one
    shown = done("show", "ousel-1/1", "--json", home=ousel).json
    assert [action["status"]["value"] for action in shown["actions"]] == ["complete", "not-started"]


def test_a_plan_that_says_the_correction_now_is_told(ousel: Path, tmp_path: Path) -> None:
    done("correct", "ousel-1/1", "actions.2.status=complete", home=ousel)
    said = put(ousel, tmp_path / "second.csv", RING, (*WRITE[:3], "Completed", ""))
    assert "the document now says so too: ousel-1/1 actions.2.status" in said


def test_a_plan_that_has_the_corrected_action_no_more_is_told(ousel: Path, tmp_path: Path) -> None:
    done("correct", "ousel-1/1", "actions.2.status=complete", home=ousel)
    said = put(ousel, tmp_path / "second.csv", RING, ("Send a card", *WRITE[1:]))
    assert "its correction is not applied: ousel-1/1 actions.2.status" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("actions.3.status=complete", "it has 2 actions"),
        ("actions.2.colour=red", "actions.2.FIELD"),
        ("other.2=x", "it has 1 other cell"),
        ("actions.2.status=perhaps", "not-started"),
        ("actions.2.target_date=31.2.22", "31/07/2022"),
    ],
)
def test_a_part_that_cannot_be_corrected_is_refused(ousel: Path, change: str, said: str) -> None:
    assert said in refused(2, "correct", "ousel-1/1", change, home=ousel)


def test_a_shared_audience_does_not_see_what_stood_before(ousel: Path, tmp_path: Path) -> None:
    changes = ("actions.1.text=Ring twice", "other.1=Jo rang back")
    done("correct", "ousel-1/1", *changes, home=ousel)
    assert "made_on" in str(done("show", "ousel-1/1", "--json", home=ousel).json)
    (ousel / "kb.toml").write_text('audience = "shared"\n', "utf-8")
    done("build", home=ousel)
    done("export", "--format", "csv", "-o", tmp_path / "out", home=ousel)
    told = [
        done("show", "ousel-1/1", home=ousel).out,
        done("show", "ousel-1/1", "--json", home=ousel).out,
        done("show", "ousel-1/1", "--source", home=ousel).out,
        done("show", "ousel-1", "--json", home=ousel).out,
    ]
    exported = "".join(path.read_text("utf-8") for path in (tmp_path / "out").rglob("*.csv"))
    assert "Ring twice" in exported
    assert "Jo rang back" in exported
    assert not [text for text in (*told, exported) if "960123" in text or "Ring first" in text]
