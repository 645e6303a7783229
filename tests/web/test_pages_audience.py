"""For a shared audience no page, file or answer of the API tells of what is not published."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from bases import HIDDEN, done, unchanged, write_plan
from sites import Site, site, words

from kb.library import KnowledgeBase

SECRETS = re.compile("quillerb|zanzibar|tarnmoor", re.IGNORECASE)
PATHS = [
    "/", "/search", "/search?q=genogram", "/search?q=zanzibarine", "/search?review=quillerby-9",
    "/search?area=Quillerby", "/search/choices?field=area", "/search/choices?field=agency",
    "/search/download?format=jsonl", "/search/download?q=genogram&format=csv", "/searches",
    "/recommendation/quillerby-9/1", "/recommendation/fellside-7/3", "/review/quillerby-9",
    "/review/tarnmoor-017", "/themes", "/theme/genograms", "/repeated", "/check?text=genogram",
    "/reports", "/reports/themes?by=area", "/reports/progress", "/reports/review?id=quillerby-9",
    "/reports/agency?agency=Quillerby+Constabulary", "/reports/briefing?theme=genograms",
    "/reports/repeated", "/reports/progress?format=csv", "/queue", "/queue?review=quillerby-9",
    "/add", "/about", "/api/v1/search", "/api/v1/search?q=genogram&facets=true",
    "/api/v1/recommendations/quillerby-9/1", "/api/v1/recommendations/fellside-7/3",
    "/api/v1/reviews/quillerby-9", "/api/v1/themes", "/api/v1/reports/progress",
    "/api/v1/reports/repeated", "/api/v1/reports/review?id=quillerby-9",
]  # fmt: skip


@pytest.fixture(scope="module")
def shared(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("shared")
    home = Path(shutil.copytree(built, folder / "home"))
    KnowledgeBase.open(home).judge_pair("fellside-7/3", "quillerby-9/1", same=False, who="ben")
    settings = home / "kb.toml"
    settings.write_text('audience = "shared"\nlearn_from_starter = false\n')  # what takes time
    done("build", home=home)
    return site(home, folder)


@pytest.mark.parametrize("path", PATHS)
def test_a_shared_page_tells_nothing_of_it(shared: Site, path: str) -> None:
    answer = shared.get(path)
    assert answer.status_code < 500
    asked = path.partition("?")[2]
    told = answer.text.replace(asked, "").replace("quillerby-9", "").replace("tarnmoor-017", "")
    for typed in ("Quillerby Constabulary", "Quillerby", "zanzibarine"):
        told = told if typed not in path.replace("+", " ") else told.replace(typed, "")
    assert not SECRETS.search(told), words(answer.text)[:400]


def test_what_was_said_of_a_pair_is_not_shown_where_one_of_them_is_not(shared: Site) -> None:
    page = shared.get("/recommendation/fellside-7/3").text
    assert "Compared by people" not in page
    assert "quillerby" not in page


def test_a_shared_check_finds_published_repeats_alone(shared: Site) -> None:
    text = "All ward staff to be trained in coercive control."
    assert not SECRETS.search(shared.post("/check", {"text": text}).text)
    found = shared.client.post("/api/v1/check", json={"text": text}).json()
    assert {match["review_id"] for match in found["matches"]} == {"fellside-7"}


def test_what_is_hidden_cannot_be_judged_or_set_right(shared: Site) -> None:
    for path in ("judge", "take-back", "pair", "correct"):
        answer = shared.post(f"/recommendation/quillerby-9/1/{path}", {"same": "yes"})
        assert answer.status_code == 404, path
    assert shared.post("/queue", {"id": "quillerby-9/1", "do": "skip"}).status_code == 404


def test_a_look_at_a_document_does_not_tell_that_its_review_is_there(
    shared: Site, tmp_path: Path
) -> None:
    """What is new and what is hidden look alike; to store it is refused, and changes nothing."""
    hidden = write_plan(tmp_path / "plan.csv", HIDDEN)
    other = ("file", ("plan.csv", b"Recommendation\nDraw a genogram.\n"))

    def looked(identity: str, file: tuple[str, tuple[str, bytes]], **said: str) -> Any:
        return shared.post("/add", {"review-id": identity, **said}, files=[file])

    for file in (other, ("file", ("plan.csv", hidden.read_bytes()))):
        there, not_there = looked("quillerby-9", file), looked("quillerby-8", file)
        said = words(re.sub("[0-9a-f]{32}", "", there.text))
        assert "A new review" in said
        assert said == words(not_there.text).replace("quillerby-8", "quillerby-9")
        token = re.search(r'name="document" value="([0-9a-f]{32})"', there.text)
        assert token
        with unchanged(shared.serving.home):
            refused = shared.post("/add/confirm", {"document": token[1], "do": "store"})
        assert refused.status_code == 400
        assert "cannot be added here" in refused.text
    also = [words(looked(one, other, also="yes").text) for one in ("quillerby-9", "quillerby-8")]
    assert also[0] == also[1].replace("quillerby-8", "quillerby-9")


def test_a_shared_page_does_not_show_what_stood_before_a_correction(
    shared: Site, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(shared.serving.home, tmp_path / "home"))
    KnowledgeBase.open(home).correct("fellside-7/1", {"outcome": "withheld"}, who="anna")
    page = site(home, tmp_path).get("/recommendation/fellside-7/1").text
    assert "withheld" in page
    assert "Forms printed" not in page


def test_a_review_that_is_published_no_longer_is_gone_with_the_next_request(
    shared: Site, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(shared.serving.home, tmp_path / "home"))
    held = site(home, tmp_path)
    assert "Review of Mrs F" in held.get("/search").text
    KnowledgeBase.open(home).correct("fellside-7", {"publication": "unpublished"}, who="anna")
    for path in ("/search", "/themes", "/api/v1/search", "/recommendation/fellside-7/1"):
        answer = held.get(path)
        assert answer.status_code in (404, 503), path
        assert not re.search("Mrs F|Health visitors", answer.text), path


def test_setting_the_audience_holds_from_the_next_request_on(home: Path, tmp_path: Path) -> None:
    own = site(home, tmp_path / "served")
    assert "quillerby-9" in own.get("/search").text
    settings = home / "kb.toml"
    settings.write_text(settings.read_text().replace('audience = "own"', 'audience = "shared"'))
    answer = own.get("/search")
    assert answer.status_code == 503
    assert "quillerby-9" not in answer.text


def test_a_saved_search_names_nothing_that_is_hidden(shared: Site, tmp_path: Path) -> None:
    home = Path(shutil.copytree(shared.serving.home, tmp_path / "home"))
    saved = {"query": "", "filters": {"area": ["Quillerby"]}, "sort": "relevance", "seen": {}}
    (home / "searches.json").write_text(json.dumps({"searches": {"ours": saved}}))
    told = site(home, tmp_path)
    page = told.get("/searches").text
    assert "asks for what is not shown here" in page
    answer = told.post("/searches/change", {"name": "ours", "do": "seen"})
    assert answer.status_code == 400
    assert not SECRETS.search(page + answer.text)
