"""A form that cannot be answered comes back with all that was typed, and says what to mend."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from bases import unchanged
from sites import Site, seen, words

from kb.web.choices import are_listed, suggested


def problems(answer: Any) -> list[tuple[str, str]]:
    """The links of the summary, each to a field that is on the page: (field, words)."""
    summary = answer.text.split('id="problem"')[1].split("</div>")[0]
    linked = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
    for field, _ in linked:
        assert f'id="{field}"' in answer.text, field
        assert f'id="e-{field}"' in answer.text, field
    assert "<title>Error: " in answer.text
    return [(field, words(said)) for field, said in linked]


def typed(answer: Any, name: str) -> list[str]:
    """What stands in a field of the page: an input, ticks, or what is chosen of a list."""
    inputs = re.findall(rf'<input[^>]* name="{name}"[^>]*>', answer.text)
    stand = [one for one in inputs if "checkbox" not in one or " checked" in one]
    held = [value for one in stand for value in re.findall(r' value="([^"]+)"', one)]
    for options in re.findall(rf'<select[^>]* name="{name}".*?</select>', answer.text, re.DOTALL):
        held += re.findall(r'value="([^"]+)" selected', options)
    return held


@pytest.mark.parametrize(
    ("path", "fields", "kept"),
    [
        ("/search?q=genogram&from=soon&to=2020&area=Nowhere&theme=training", ["f-from", "f-area"],
         {"q": ["genogram"], "from": ["soon"], "to": ["2020"]}),
        ("/search?from=2022&to=2020", ["f-to"], {"from": ["2022"], "to": ["2020"]}),
        ("/repeated?since=soon&area=Nowhere&sector=health", ["f-area", "f-since"],
         {"since": ["soon"], "area": ["Nowhere"], "sector": ["health"]}),
        ("/reports/themes?by=year&by=sector&area=Nowhere&from=x&to=2022",
         ["f-themes-from", "f-themes-area"],
         {"by": ["year", "sector"], "area": ["Nowhere"], "from": ["x"], "to": ["2022"]}),
        ("/reports/themes?of=area&one=Nowhere&other=Fellside", ["f-sides-one"],
         {"of": ["area"], "one": ["Nowhere"], "other": ["Fellside"]}),
        ("/reports/themes?of=area&other=Fellside", ["f-sides-one"], {"other": ["Fellside"]}),
        ("/reports/themes?one=Fellside", ["f-compare-of"], {"one": ["Fellside"]}),
        ("/reports/progress?at=soon&area=Fellside&asked-again=yes", ["f-progress-at"],
         {"at": ["soon"], "area": ["Fellside"], "asked-again": ["yes"]}),
        ("/reports/agency?agency=Nobody&all=yes&area=Fellside", ["f-agency-agency"],
         {"agency": ["Nobody"], "all": ["yes"], "area": ["Fellside"]}),
        ("/reports/review", ["f-review-id"], {}),
        ("/reports/briefing?theme=none", ["f-briefing-theme"], {"theme": ["none"]}),
        ("/reports/repeated?since=soon", ["f-repeated-since"], {"since": ["soon"]}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field_and_all_that_was_typed_is_kept(
    pages: Site, path: str, fields: list[str], kept: dict[str, list[str]]
) -> None:
    answer = pages.get(path)
    assert 400 <= answer.status_code < 500
    assert [field for field, _ in problems(answer)] == fields
    for name, values in kept.items():
        assert typed(answer, name) == values, name


def test_a_search_that_cannot_be_offers_its_filters_and_no_answers(pages: Site) -> None:
    answer = pages.get("/search?q=genogram&area=Nowhere&theme=genograms")
    assert "Nothing was searched" in words(answer.text)
    ticked = re.findall(r'name="(\w+)" value="([^"]+)" checked', answer.text)
    assert ticked == [("theme", "genograms"), ("area", "Nowhere")]
    assert 'class="hits"' not in answer.text


def test_a_filter_that_a_form_does_not_show_is_told_and_left_out_of_it(pages: Site) -> None:
    answer = pages.get("/reports/themes?kind=Nothing&sector=police&area=Nowhere")
    assert [field for field, _ in problems(answer)] == ["f-themes-area"]
    assert "No recommendation has the kind 'Nothing'" in words(answer.text)
    assert typed(answer, "kind") == []
    assert typed(answer, "sector") == ["police"]


def test_a_wrong_file_leads_to_the_file_and_a_wrong_review_to_its_field(pages: Site) -> None:
    broken = pages.post("/check", {}, files={"file": ("plan.docx", b"PK\x03\x04 no archive")})
    assert [field for field, _ in problems(broken)] == ["f-file"]
    text = {"text": "Draw a genogram.", "except": "nobody-1"}
    unknown = pages.post("/check", text)
    assert [field for field, _ in problems(unknown)] == ["f-except"]
    assert typed(unknown, "except") == ["nobody-1"]
    assert "Draw a genogram.</textarea>" in unknown.text
    assert [field for field, _ in problems(pages.post("/check"))] == ["f-text"]


def test_a_fact_that_cannot_be_leads_to_its_field_and_keeps_the_others(
    own: Site, home: Path
) -> None:
    page = "/review/tarnmoor-017"
    mark = re.search(r'name="seen" value="([^"]+)"', own.get(page).text)
    assert mark
    form = {"seen": mark[1], "published": "soon", "area": "Wychlow"}
    with unchanged(home):
        stored = own.post(f"{page}/correct", form)
        files = {"file": ("plan.csv", b"Recommendation\nDraw a genogram.\n")}
        sent = own.post("/add", {"published": "soon", "area": "Wychlow"}, files=files)
    for answer in (stored, sent):
        assert [field for field, _ in problems(answer)] == ["f-published"]
        assert typed(answer, "area") == ["Wychlow"]
    assert typed(stored, "seen") == [mark[1]]


def test_a_correction_that_cannot_be_leads_to_its_field_and_keeps_the_others(
    own: Site, home: Path
) -> None:
    page = "/recommendation/fellside-7/1"
    form = {"seen": seen(own, page), "outcome": "It was done.", "target_date": "soon"}
    with unchanged(home):
        answer = own.post(f"{page}/correct", form)
        empty = own.post(f"{page}/correct", {**form, "text": "", "target_date": "2022"})
    assert [field for field, _ in problems(answer)] == ["f-target_date"]
    assert "'soon' is not a date for target date. Give a day" in words(answer.text)
    assert "31/07/2022" in words(answer.text)
    assert typed(answer, "target_date") == ["soon"]
    assert "It was done.</textarea>" in answer.text
    assert [field for field, _ in problems(empty)] == ["f-text"]


@pytest.mark.parametrize("page", ["/recommendation/fellside-7/1", "/review/fellside-7"])
def test_who_sets_right_what_was_changed_meanwhile_is_shown_it_as_it_stands(
    own: Site, home: Path, page: str
) -> None:
    with unchanged(home):
        form = {"seen": "of before", "heading": "Mine", "area": "Mine"}
        answer = own.post(f"{page}/correct", form)
    assert answer.status_code == 409
    assert "fellside-7" in words(answer.text).split("There is a problem")[1][:30]
    assert typed(answer, "seen")[-1] == typed(own.get(page), "seen")[-1]


def test_so_many_filters_are_refused_before_each_stands_in_the_address_of_each(
    pages: Site,
) -> None:
    many = "&".join(f"{name}=a{n}" for name in ("area", "agency") for n in range(60))
    for path in ("/search", "/repeated", "/reports/themes"):
        answer = pages.get(f"{path}?{many}")
        assert answer.status_code == 400
        assert "120 filters were chosen" in words(answer.text)


def test_the_name_of_a_search_that_cannot_be_is_kept_beside_its_answers(
    own: Site, home: Path
) -> None:
    with unchanged(home):
        answer = own.post("/searches?q=genogram", {"name": "x" * 300})
    assert [field for field, _ in problems(answer)] == ["f-name"]
    assert typed(answer, "name") == ["x" * 300]
    assert "2 recommendations for “genogram”" in words(answer.text)


# What there is to choose ----------------------------------------------------------------------


def test_the_sides_of_a_comparison_are_chosen_of_what_is_there(pages: Site) -> None:
    form = pages.get("/reports/compare?of=area").text
    assert form.count('<option value="Fellside">') == 2
    assert pages.get("/reports/themes?of=area&one=Fellside&other=Quillerby").status_code == 200
    assert pages.get("/reports/compare").status_code == 200
    assert [field for field, _ in problems(pages.get("/reports/compare?of=moon"))] == [
        "f-compare-of"
    ]


def test_two_dimensions_are_crossed_as_on_the_command_line(pages: Site) -> None:
    assert "--by=year,sector" in pages.words("/reports/themes?by=year&by=sector")
    both = pages.get("/api/v1/reports/themes?by=year,sector").json()
    assert (
        both["themes"]
        == pages.get("/reports/themes?by=year&by=sector&format=json").json()["themes"]
    )
    assert pages.get("/api/v1/reports/themes?by=year,year").status_code == 400


def test_many_values_are_suggested_as_far_as_they_are_light() -> None:
    few = [(f"area-{n}", f"Area {n}") for n in range(150)]
    many = [(f"Agency of the number {n}", f"Agency of the number {n}") for n in range(9_000)]
    assert are_listed(few)
    assert not are_listed(many)
    assert 200 < len(suggested(many)) < 500


def test_what_is_not_suggested_is_found_by_a_part_of_its_name(
    pages: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.web.choices._WEIGHT", 60)
    form = pages.get("/reports").text
    (way,) = set(re.findall(r'href="(/choose[^"]*as=agency)"', form))
    found = pages.get(way.replace("&amp;", "&") + "&words=constab").text
    links = re.findall(r'<li><a href="(/reports/agency[^"]+)">([^<]+)</a>', found)
    assert [name for _, name in links] == [
        "Fellside Constabulary",
        "Quillerby Constabulary",
        "Tarnmoor and Eskdale Constabulary",
    ]
    assert pages.get(links[0][0]).status_code == 200
    for wrong in ("to=//evil.example", "to=/check", "to=/check&as=moon&field=agency"):
        assert pages.get(f"/choose?{wrong}").status_code == 400
