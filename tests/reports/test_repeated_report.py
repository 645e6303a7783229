"""Repeated learning as a report: what recurs after completion, and the timeline."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree

from kb.reports import FORMATS, repeated
from kb.reports.report import MOST_LINES


def _member(review: str, date: str | None, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{review}/1",
        "text": "Use genograms.",
        "review_id": review,
        "title": f"Review {review}",
        "area": "North",
        "year": int(date[:4]) if date else None,
        "date": date,
        "status": None,
        "completed": None,
        "themes": [],
        **more,
    }


def _group(*members: dict[str, Any], returns: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"wording": "Use <genograms>.", "members": list(members), "returns": list(returns)}


def _return(later: str, months: int | None, *, same_area: bool = True) -> dict[str, Any]:
    return {"later": f"{later}/1", "earlier": "a/1", "same_area": same_area, "months": months}


DONE = _member("a", "2015-02", status="complete", completed="2016-02", themes=["genograms"])
FIRST = _group(
    DONE,
    _member("b", "2017-02", themes=["genograms", "training"]),
    _member("c", "2019", themes=["genograms"]),
    returns=(_return("b", 12), _return("c", None, same_area=False)),
)
SECOND = _group(DONE, _member("d", "2018-02", themes=["genograms"]), returns=(_return("d", 24),))


def _picture(groups: list[dict[str, Any]]) -> str:
    page = repeated(groups).render("html").decode()
    found = re.search(r"<figure tabindex=\"0\">.*?</figure>", page, re.DOTALL)
    return found.group() if found else ""


def test_themes_that_recur_after_completion_are_counted_with_what_they_are_out_of() -> None:
    report = repeated([FIRST, SECOND], {"genograms": "Genograms"})
    assert report.data["recurring_themes"] == [
        {
            "id": "genograms",
            "name": "Genograms",
            "asked_again": 3,
            "same_area": 2,
            "groups": 2,
            "recommendations": 5,
            "median_months": 18,
        },
        {
            "id": "training",
            "name": "training",
            "asked_again": 1,
            "same_area": 1,
            "groups": 1,
            "recommendations": 1,
            "median_months": 12,
        },
    ]
    table = next(table for table in report.tables if table.name == "recurring")
    assert table.rows[0] == ("Genograms", 3, 2, 2, 5, 18)


def test_the_timeline_has_a_mark_for_each_asking_and_each_completion() -> None:
    picture = _picture([FIRST, SECOND])
    svg = ElementTree.fromstring(picture[picture.index("<svg") :].removesuffix("</figure>"))
    assert svg.get("aria-label")
    assert svg.get("role") == "img"
    drawn = re.findall(r'id="members-(done|open|completed)-(\d)-\d"', picture)
    assert Counter(drawn) == {
        ("done", "1"): 1,
        ("done", "2"): 1,
        ("completed", "1"): 1,
        ("completed", "2"): 1,
        ("open", "1"): 2,
        ("open", "2"): 1,
    }
    texts = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {"2015", "2016", "2017", "2018", "2019", "1. Use <genograms>."} <= set(texts)


def test_marks_in_one_place_are_counted() -> None:
    many = _group(*(_member(review, "2017") for review in "abc"))
    picture = _picture([many])
    assert ">3</text>" in picture
    assert len(re.findall(r'id="members-open', picture)) == 1


def test_a_long_timeline_says_how_much_of_it_is_drawn() -> None:
    picture = _picture([SECOND] * (MOST_LINES + 3))
    assert f"The first {MOST_LINES} of {MOST_LINES + 3} are drawn." in picture
    assert f"{MOST_LINES}. Use" in picture
    assert f"{MOST_LINES + 1}. Use" not in picture


def test_without_dates_there_is_no_timeline() -> None:
    assert _picture([_group(_member("a", None), _member("b", None))]) == ""


def test_every_format_tells_of_what_recurs() -> None:
    report = repeated([FIRST, SECOND], {"genograms": "Genograms"})
    for name in FORMATS:
        assert report.render(name)
    assert "Themes that recur after completion" in report.render("text").decode()
