"""A document is sent, looked at, and stored only when somebody confirms it."""

from __future__ import annotations

import io
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from bases import make_home, unchanged, write_plan
from sites import Site, site, words
from starlette.datastructures import UploadFile

from kb.files import hold
from kb.index.lock import build_lock
from kb.library import KnowledgeBase
from kb.web.building import ENDED, Builds, State
from kb.web.uploads import Uploads

ROWS = [("1", "Lighthouse keepers to draw family trees.", "Local", "Wychlow CCG", "2022", "", "")]


def sent(own: Site, path: Path, **said: str) -> Any:
    return own.post("/add", said, files={"file": (path.name, path.read_bytes())})


def waiting(page: str) -> str:
    found = re.search(r'name="document" value="([0-9a-f]{32})"', page)
    assert found, words(page)
    return found[1]


def test_the_journey_from_an_empty_base_to_an_answer(tmp_path: Path, tarnmoor: Path) -> None:
    home = make_home(tmp_path / "home")
    (home / "kb.toml").write_text("learn_from_starter = false\n")  # what takes time
    own = site(home, tmp_path / "served")
    preview = sent(own, tarnmoor, published="2021-06")
    assert "14 recommendations" in words(preview.text)
    assert "Nothing is stored yet" in words(preview.text)
    own.post("/add/confirm", {"document": waiting(preview.text), "do": "store"})
    assert own.client.app.state.site.builds.wait(120).stage == "done"  # type: ignore[attr-defined]
    assert "It was stored, and can be found." in own.words("/review/tarnmoor-017?done=added")
    assert "tarnmoor-017" in own.get("/search?q=%22family+tree%22").text
    assert list(own.serving.uploads.iterdir()) == []


def test_a_preview_stores_nothing_and_tells_what_was_read(
    own: Site, home: Path, tmp_path: Path
) -> None:
    plan = write_plan(
        tmp_path / "new plan.csv", [("1", "Ring 07700 900123.", "Local", "X", "31.2.26", "", "")]
    )
    with unchanged(home):
        said = words(sent(own, plan, area="Wychlow").text)
    assert "What was read of new plan.csv" in said
    assert "is not a day" in said
    assert "Personal data may stand in this document" in said
    assert "Area Wychlow" in said


def test_a_newer_version_tells_what_would_change(own: Site, home: Path, tmp_path: Path) -> None:
    from bases import FELLSIDE

    rows = [(*FELLSIDE[0][:5], "In progress", ""), *FELLSIDE[1:]]
    plan = write_plan(tmp_path / "fellside.csv", rows)
    with unchanged(home):
        said = words(sent(own, plan, **{"review-id": "fellside-7"}).text)
    assert "A newer version of a stored review" in said
    assert "fellside-7/1 status: Complete → In progress" in said


def test_what_is_discarded_is_gone(own: Site, home: Path, tmp_path: Path) -> None:
    preview = sent(own, write_plan(tmp_path / "plan.csv", ROWS), **{"review-id": "new-1"})
    document = waiting(preview.text)
    with unchanged(home):
        own.post("/add/confirm", {"document": document, "do": "discard"})
        answer = own.post("/add/confirm", {"document": document, "do": "store"})
    assert answer.status_code == 404
    assert list(own.serving.uploads.iterdir()) == []


def test_somebody_elses_document_cannot_be_confirmed(own: Site, home: Path, tmp_path: Path) -> None:
    from starlette.datastructures import UploadFile

    from kb.web.uploads import Uploads

    with write_plan(tmp_path / "plan.csv", ROWS).open("rb") as file:
        document = Uploads(own.serving.uploads).keep(UploadFile(file, filename="p.csv"), "ben", {})
    with unchanged(home):
        answer = own.post("/add/confirm", {"document": document, "do": "store"})
    assert answer.status_code == 404


@pytest.mark.parametrize("document", ["", "../../corpus", "0" * 32, "x" * 60])
def test_a_token_is_no_path(own: Site, home: Path, document: str) -> None:
    with unchanged(home):
        assert own.post("/add/confirm", {"document": document}).status_code == 404


def test_a_document_that_cannot_be_read_says_why_and_keeps_what_was_filled_in(
    own: Site, home: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 no archive")
    with unchanged(home):
        answer = sent(own, broken, area="Wychlow")
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert 'value="Wychlow"' in answer.text
    assert str(tmp_path) not in answer.text
    assert list(own.serving.uploads.iterdir()) == []


def test_a_problem_leads_to_the_document_only_where_it_is_of_it(own: Site, tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "plan.csv", ROWS)
    wrong = sent(own, plan, published="soon").text
    assert "Published cannot be" in wrong
    assert '<a href="#f-file">' not in wrong
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert '<a href="#f-file">empty.csv: The file is empty.</a>' in sent(own, empty).text


def test_a_review_id_that_is_a_path_is_refused(own: Site, home: Path, tmp_path: Path) -> None:
    with unchanged(home):
        answer = sent(own, write_plan(tmp_path / "plan.csv", ROWS), **{"review-id": "../plan"})
    assert answer.status_code == 400
    assert "small letters, digits and hyphens" in answer.text


def test_documents_that_nobody_confirms_are_deleted(own: Site, tmp_path: Path) -> None:
    import os

    plan = write_plan(tmp_path / "plan.csv", ROWS)
    first = waiting(sent(own, plan, **{"review-id": "new-1"}).text)
    old = time.time() - 3 * 3600
    os.utime(own.serving.uploads / first, (old, old))
    sent(own, plan, **{"review-id": "new-2"})
    assert first not in {place.name for place in own.serving.uploads.iterdir()}


def test_a_build_that_fails_says_why(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", taxonomy="groups: 7\n")
    builds = Builds(home, tmp_path)
    builds.start()
    state = builds.wait(60)
    assert state.stage == "failed"
    assert "taxonomy.yaml" in state.words
    assert str(tmp_path) not in state.words


def test_a_build_that_is_killed_is_told_at_once_and_the_next_one_begins(home: Path) -> None:
    builds = Builds(home, home.parent)
    builds.start()
    assert builds.state().stage == "running"
    assert builds.builder is not None
    builds.builder.kill()
    builds.builder.wait()
    assert builds.state() == State("failed", builds.state().since, ENDED)
    builds.start()
    assert builds.wait(120).stage == "done"


def test_what_is_stored_while_a_build_runs_is_found_after_the_next(own: Site, home: Path) -> None:
    builds = own.client.app.state.site.builds  # type: ignore[attr-defined]
    base = KnowledgeBase.open(home)
    base.correct("fellside-7/1", {"outcome": "Sampled"}, who="anna")
    with build_lock(home / "index"):  # a build from a terminal, which this one waits for
        builds.start()
        assert builds.state().stage == "running"
        base.correct("fellside-7/2", {"outcome": "Sampled in zzzed files"}, who="anna")
        assert "waits for the next build" in own.words("/review/fellside-7?done=added")
        assert "A build is running" in own.words("/review/fellside-7?done=added")
        builds.start()
        assert "waits for the next build, which follows" in own.words("/build")
    assert builds.wait(120) == State("done", builds.state().since)
    assert "1 recommendation" in own.words("/search?q=zzzed")
    assert "can be found" in own.words("/review/fellside-7?done=added")


def test_a_build_ends_only_when_no_further_one_was_asked_for(tmp_path: Path) -> None:
    """The one who builds tells its end; what was asked for until then is built first."""
    builds = Builds(tmp_path, tmp_path)
    held = hold(tmp_path / "build.held")
    (tmp_path / "build.json").write_text(json.dumps({"stage": "running", "further": True}))
    assert builds.ended(State("done"), held) is False
    assert (builds.state().stage, builds.state().further) == ("running", False)
    assert builds.ended(State("done"), held) is True
    assert builds.state().stage == "done"


def test_a_build_is_asked_for_and_its_end_awaited(own: Site, home: Path) -> None:
    base = KnowledgeBase.open(home)
    base.correct("fellside-7/1", {"outcome": "Sampled in zzzed files"}, who="anna")
    assert "Answers are from before" in own.words("/search")
    answer = own.post("/build", {"back": "/search?q=zzzed"})
    assert own.client.app.state.site.builds.wait(120).stage == "done"  # type: ignore[attr-defined]
    assert "zzzed" in answer.headers["location"]
    assert "1 recommendation" in own.words("/search?q=zzzed")


def test_a_form_leads_nowhere_else(own: Site) -> None:
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", ""):
        location = own.post("/build", {"back": back}).headers["location"]
        assert location in ("/", "/build?then=%2F"), back
    own.client.app.state.site.builds.wait(120)  # type: ignore[attr-defined]


def test_a_document_with_a_long_name_in_any_script_is_read(
    own: Site, home: Path, tmp_path: Path
) -> None:
    with unchanged(home):
        answer = own.post(
            "/add", {}, files={"file": ("計画" * 80 + ".csv", b"Recommendation\nx\n")}
        )
    assert answer.status_code < 500


def test_a_document_is_deleted_in_time_though_nobody_sends_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.web.uploads.HOURS", 0.01 / 3600)
    uploads = Uploads(tmp_path)
    uploads.keep(UploadFile(io.BytesIO(b"x"), filename="plan.csv"), "anna", {})
    until = time.monotonic() + 30
    while list(tmp_path.iterdir()) and time.monotonic() < until:
        time.sleep(0.01)
    assert list(tmp_path.iterdir()) == []
