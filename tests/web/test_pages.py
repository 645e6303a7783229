"""Every page says what the knowledge base says."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from sites import EVERY_PAGE, Site, site, words


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_is_whole_and_light(pages: Site, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert len(re.findall("<h1", answer.text)) == 1
    assert answer.text.rstrip().endswith("</html>")
    assert len(answer.content) < 100_000


def test_every_link_of_every_page_leads_somewhere(pages: Site) -> None:
    linked: dict[str, str] = {}
    for path in EVERY_PAGE:
        links = re.findall(r'(?:href|src)="(/[^"#]*)', pages.get(path).text)
        linked |= {html.unescape(link): path for link in links if "format=" not in link}
    assert len(linked) > 50
    for link, path in linked.items():
        assert pages.get(link).status_code == 200, f"{path} links {link}"


def test_no_page_holds_script_or_style_of_its_own(pages: Site) -> None:
    for path in EVERY_PAGE:
        text = pages.get(path).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?! src=)", text), (
            path
        )
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text), path


def test_the_style_is_small(pages: Site) -> None:
    assert len(pages.get("/static/style.css").content) < 30_000


def test_a_search_shows_hits_highlights_and_counts(pages: Site) -> None:
    answer = pages.get("/search?q=genogram")
    assert "<mark>genogram</mark>" in answer.text
    assert "2 recommendations for “genogram”" in pages.words("/search?q=genogram")
    assert "Unpublished" in pages.words("/search?q=genogram")


def test_a_filter_narrows_and_its_chip_takes_it_away_again(pages: Site) -> None:
    path = "/search?q=genogram&area=Fellside"
    assert "1 recommendation for “genogram”" in pages.words(path)
    chip = re.search(
        r'<a href="([^"]+)"><span class="hidden">Remove the filter', pages.get(path).text
    )
    assert chip
    assert "2 recommendations" in pages.words(chip[1].replace("&amp;", "&"))


def test_years_narrow_a_search(pages: Site) -> None:
    assert "3 recommendations" in pages.words("/search?from=2021&to=2021")
    assert "3 recommendations" in pages.words("/search?year=2021")
    assert "0 recommendations" in pages.words("/search?from=1990&to=1991")


def test_nothing_found_says_why(pages: Site) -> None:
    said = pages.words("/search?q=zebra")
    assert "nothing holds 'zebra'" in said


def test_a_slip_of_typing_is_told(pages: Site) -> None:
    assert "Did you mean genogram" in pages.words("/search?q=genogramm")


def test_a_page_beyond_the_last_leads_back(pages: Site) -> None:
    assert "beyond the last" in pages.words("/search?q=genogram&page=9")


def test_downloads_hold_what_the_search_finds(pages: Site) -> None:
    lines = pages.get("/search/download?q=genogram&format=jsonl")
    archive = zipfile.ZipFile(io.BytesIO(lines.content))
    rows = archive.read("recommendations.jsonl").decode().splitlines()
    assert {json.loads(row)["id"] for row in rows} == {"fellside-7/1", "quillerby-9/1"}
    assert "attachment" in lines.headers["content-disposition"]


def test_a_recommendation_tells_its_source_tags_and_citation(pages: Site) -> None:
    said = pages.words("/recommendation/fellside-7/1")
    assert "Health visitors to draw a genogram" in said
    assert "fellside.csv" in said
    assert "Review of Mrs F [Fellside] (2021), recommendation 1" in said
    assert "Genograms and family history" in said


def test_repeats_stand_in_order_of_time_around_this_one(pages: Site) -> None:
    said = pages.words("/recommendation/fellside-7/3")
    assert "quillerby-9/3" in said
    assert said.index("This recommendation") < said.index("quillerby-9/3")


def test_a_review_lists_its_recommendations(pages: Site) -> None:
    said = pages.words("/review/fellside-7")
    assert "3 recommendations" in said
    assert "All ward staff to be trained in coercive control." in said


def test_a_theme_tells_its_counts(pages: Site) -> None:
    assert "Family trees drawn by practitioners." in pages.words("/theme/genograms")


@pytest.mark.parametrize(
    "path",
    [
        "/recommendation/fellside-7/99",
        "/review/nobody",
        "/theme/none",
        "/reports/none",
        "/x",
        "/search/",
    ],
)
def test_what_is_not_there_is_told_with_404(pages: Site, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 404
    assert "Start page" in answer.text


def test_a_knowledge_base_without_an_index_says_so_and_offers_a_build(tmp_path: Path) -> None:
    from bases import make_home

    empty = site(make_home(tmp_path / "home"), tmp_path)
    assert "Nothing has been indexed yet" in empty.words("/")
    answer = empty.get("/search")
    assert answer.status_code == 503
    assert "Build the index" in answer.text
    assert empty.get("/readyz").status_code == 503
    assert empty.get("/healthz").status_code == 200


@pytest.mark.parametrize("name", ["themes", "progress", "repeated"])
@pytest.mark.parametrize("wanted", ["docx", "xlsx", "csv", "html", "json"])
def test_every_report_can_be_taken_away(pages: Site, name: str, wanted: str) -> None:
    answer = pages.get(f"/reports/{name}?format={wanted}")
    assert answer.status_code == 200
    assert f'filename="{name}.{wanted}"' in answer.headers["content-disposition"]


def test_a_report_says_with_which_command_it_is_made_again(pages: Site) -> None:
    said = pages.words("/reports/themes?area=Fellside&by=year")
    assert "kb report themes --by=year --area=Fellside" in said


@pytest.mark.parametrize(
    ("path", "command", "said"),
    [
        ("/reports/themes?of=area&one=Fellside", "kb report themes --compare=area=Fellside",
         "area Fellside and all others"),
        ("/reports/progress?at=2026-06-30&asked-again=yes",
         "kb report progress --at=2026-06-30 --asked-again", "Asked again"),
        ("/reports/repeated?since=2021", "kb repeated --since=2021", "Asked again in or after"),
    ],
)  # fmt: skip
def test_reports_take_the_options_of_their_command(
    pages: Site, path: str, command: str, said: str
) -> None:
    page = pages.words(path)
    assert f"Made with {command}" in page
    assert said in page


@pytest.mark.parametrize(
    "path",
    [
        "/reports/themes?of=area&one=Nowhere",
        "/reports/themes?compare=Nowhere",
        "/reports/repeated?since=Nowhere",
        "/repeated?since=Nowhere",
    ],
)
def test_an_option_that_cannot_be_is_told(pages: Site, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 400
    assert "'Nowhere'" in words(answer.text)


def test_repeats_can_be_narrowed_to_what_was_asked_since(pages: Site) -> None:
    assert "1 group" in pages.words("/repeated?since=2021")
    assert "0 groups" in pages.words("/repeated?since=2090")


def test_a_report_of_two_sides_is_taken_away_with_both(pages: Site) -> None:
    sides = "compare=area=Fellside&compare=area=Quillerby"
    linked = re.findall(r'href="(/reports/themes[^"]*format=json)"', pages.get(
        f"/reports/themes?{sides}").text)  # fmt: skip
    taken = pages.get(html.unescape(linked[0])).json()
    assert taken == pages.get(f"/reports/themes?{sides}&format=json").json()


def test_a_filter_is_kept_where_nothing_is_found(pages: Site) -> None:
    page = pages.get("/search?q=lighthouse&area=fellside&theme=genograms").text
    assert "0 recommendations" in words(page)
    kept = re.findall(r'name="(\w+)" value="([^"]+)" checked', page)
    assert kept == [("theme", "genograms"), ("area", "Fellside")]


@pytest.mark.parametrize("path", ["/repeated", "/search/choices?field=area"])
def test_beyond_the_last_page_of_a_list_the_last_is_shown(pages: Site, path: str) -> None:
    beyond = f"{path}{'&' if '?' in path else '?'}page=9999"
    assert words(pages.get(beyond).text) == words(pages.get(path).text)


def test_a_theme_tells_its_shares_as_the_report_does(pages: Site) -> None:
    counted = pages.get("/api/v1/themes").json()["themes"]
    share = next(one for one in counted if one["id"] == "genograms")["recommendation_share"]
    said = pages.words("/theme/genograms")
    assert f"({share['value']:.1%}; 95% interval {share['low']:.1%} to {share['high']:.1%})" in said
