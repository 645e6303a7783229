"""The JSON API answers as the command line does, and as its own description says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bases import done, unchanged
from hypothesis import HealthCheck, settings
from sites import Site

CHECKED = settings(
    max_examples=10, deadline=None, derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("/search?q=genogram&facets=true", ("search", "genogram", "--json")),
        ("/recommendations/fellside-7/1", ("show", "fellside-7/1", "--json")),
        ("/reviews/fellside-7", ("show", "fellside-7", "--json")),
        ("/themes", ("report", "themes", "--json")),
        ("/reports/themes?by=year&area=Fellside",
         ("report", "themes", "--by=year", "--area=Fellside", "--json")),
        ("/reports/themes?by=year,sector", ("report", "themes", "--by=year,sector", "--json")),
        ("/reports/repeated?since=2021", ("repeated", "--since=2021", "--json")),
        ("/reports/themes?compare=area%3DFellside",
         ("report", "themes", "--compare=area=Fellside", "--json")),
    ],
)  # fmt: skip
def test_the_api_and_the_command_line_say_the_same(
    pages: Site, built: Path, path: str, command: tuple[str, ...]
) -> None:
    answer = pages.get(f"/api/v1{path}").json()
    told = done(*command, home=built).json
    for data in (answer, told):
        data.pop("about", None)  # the head of a report tells how it was asked for
    assert answer == told


def test_a_draft_is_checked_and_nothing_stored(pages: Site, built: Path) -> None:
    text = "All ward staff to be trained in coercive control."
    with unchanged(built):
        answer = pages.client.post("/api/v1/check", json={"id": "a", "text": text})
    assert answer.json()["id"] == "a"
    assert answer.json()["verdict"] == "duplicate"


def test_a_check_says_what_the_command_line_says(pages: Site, built: Path, tmp_path: Path) -> None:
    draft = {"id": "a", "text": "All dental staff to be trained in coercive control."}
    path = tmp_path / "drafts.jsonl"
    path.write_text(json.dumps(draft), "utf-8")
    told = done("check", "--file", path, "--advice", "--json", home=built).json
    assert pages.client.post("/api/v1/check", json={**draft, "advice": True}).json() == told


@pytest.mark.parametrize(
    "path",
    [
        "/search?limit=0", "/search?limit=101", "/search?limit=x", "/search?limit=2&limit=3",
        "/search?sort=best", "/search?facets=maybe", "/search?year=soon", "/search?area=Nowhere",
        "/search?colour=red", "/themes?x=1", "/reports/themes?by=moon", "/search?q=" + "x" * 3000,
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_words(pages: Site, path: str) -> None:
    answer = pages.get(f"/api/v1{path}")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "path", ["/reviews/none", "/recommendations/fellside-7/99", "/reports/none", "/nothing"]
)
def test_what_is_not_there_is_404(pages: Site, path: str) -> None:
    assert pages.get(f"/api/v1{path}").status_code == 404


def test_a_value_stands_as_often_as_described_and_no_more(pages: Site) -> None:
    described = pages.get("/api/v1/openapi.json").json()["paths"]["/search"]["get"]["parameters"]
    most = next(one for one in described if one["name"] == "area")["schema"]["maxItems"]
    asked = "/api/v1/search?" + "&".join(["area=Fellside"] * most)
    assert pages.get(asked).status_code == 200
    answer = pages.get(f"{asked}&area=Fellside")
    assert answer.status_code == 400
    assert f"area stands there {most + 1} times" in answer.json()["error"]["message"].lower()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"text": ""}', b'{"text": 7}', b'{"text": "x", "limit": true}',
     b'{"text": "\\ud800"}', b'{"text": "x", "more": 1}', b"\xff", b"[" * 100_000,
     b'{"text": "x", "limit": 1e400}', b'{"text": "???"}'],
)  # fmt: skip
def test_a_body_that_is_no_draft_is_refused(pages: Site, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = pages.client.post("/api/v1/check", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["hint"]


def test_a_form_of_another_site_cannot_ask_the_api(pages: Site) -> None:
    answer = pages.client.post("/api/v1/check", data={"text": "x"})
    assert answer.status_code == 415


def _checks() -> list[Any]:
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    return [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
        checks.negative_data_rejection,
    ]


def test_the_api_keeps_to_its_description(pages: Site, built: Path) -> None:
    """Random questions of every endpoint, good and bad: no 500, and no answer of another shape."""
    import schemathesis
    from hypothesis import given
    from schemathesis.core.result import Ok

    headers = {"Host": "127.0.0.1:8000"}
    app = pages.client.app
    described = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=headers)
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    asked = 0
    with unchanged(built):
        found = (result for result in described.get_all_operations() if isinstance(result, Ok))
        for operation in (result.ok() for result in found):
            for mode in modes[: 1 if operation.path == "/themes" else 2]:  # nothing to get wrong

                @CHECKED
                @given(case=operation.as_strategy(generation_mode=mode))
                def ask(case: Any) -> None:
                    nonlocal asked
                    asked += 1
                    case.call_and_validate(headers=headers, checks=_checks())

                ask()
    assert asked > 100


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Recommendation", "/recommendations/fellside-7/1"),
        ("Review", "/reviews/fellside-7"),
        ("Search", "/search?q=genogram&facets=true"),
        ("Themes", "/themes"),
    ],
)
def test_what_is_there_has_the_shape_described(pages: Site, name: str, path: str) -> None:
    import jsonschema_rs

    document = pages.get("/api/v1/openapi.json").json()
    schema = {**document["components"]["schemas"][name], "components": document["components"]}
    jsonschema_rs.validate(schema, pages.get(f"/api/v1{path}").json())


def test_a_check_has_the_shape_described(pages: Site) -> None:
    import jsonschema_rs

    document = pages.get("/api/v1/openapi.json").json()
    schema = {**document["components"]["schemas"]["Check"], "components": document["components"]}
    draft = {"text": "All dental staff to be trained in coercive control.", "advice": True}
    answer = pages.client.post("/api/v1/check", json=draft).json()
    jsonschema_rs.validate(schema, answer)
    assert len(answer["matches"]) == 5
