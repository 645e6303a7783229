"""Long, binary, foreign and senseless requests: nothing but 2xx to 4xx, and nothing changed."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_from_bytes

import pytest
from bases import unchanged
from sites import ADDRESS, Site, site

PAGES = [
    "/", "/search", "/search/choices", "/search/download", "/searches",
    "/recommendation/{x}/{x}", "/review/{x}", "/themes", "/theme/{x}", "/repeated", "/check",
    "/reports", "/reports/{x}", "/reports/themes", "/reports/review",
    "/reports/compare", "/choose", "/add", "/build", "/queue",
    "/about", "/static/{x}", "/{x}", "/api/v1/search", "/api/v1/recommendations/{x}/{x}",
    "/api/v1/reviews/{x}", "/api/v1/themes", "/api/v1/reports/{x}", "/api/v1/check",
]  # fmt: skip
FORMS = [
    "/searches", "/searches/change", "/recommendation/fellside-7/1/judge",
    "/recommendation/fellside-7/1/take-back", "/recommendation/fellside-7/1/pair",
    "/recommendation/fellside-7/1/correct", "/review/fellside-7/correct", "/add", "/add/confirm",
    "/check", "/queue",
]  # fmt: skip
NAMES = ["q", "theme", "area", "review", "from", "to", "year", "sort", "page", "field", "format",
         "by", "at", "id", "agency", "all", "text", "except", "done", "then", "last", "limit",
         "facets", "status", "seen", "more", "do", "name", "same", "other", "of", "one", "since",
         "compare", "asked-again", "drafts", "to", "as", "words"]  # fmt: skip
VALUES = [
    "", " ", "0", "-1", "9" * 30, "1e9", "٣", "genogram", "x" * 5_000, "(" * 900, '"' * 301,
    "a OR " * 300, "near/0", "a near/99999999999 b", "field:", "theme:x", "year:9999..1", "*", "**",
    "-", "- -", "a" * 300 + "*", "../../etc/passwd", "..%2f..%2fkb.toml", "/etc/passwd",
    "C:\\kb.toml", "<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", "{{7*7}}",
    "%00", "\x00", "\u202e", "\ufffe", "😀" * 50, "None", "null", "[]", "__proto__", "fellside-7",
    "fellside-7/1", "genograms", "2021-02-30", "area=Fellside", "[" * 9_000,
    '[{"number": "1", "text": "x"}]', '[{"number": "", "text": "\\ud800"}]',
    "2021..", "..", "csv", "docx", "area", "agency", "/reports/agency", "\r\nSet-Cookie: a=b",
]  # fmt: skip
EACH = 300


def hostile_values(chance: random.Random) -> str:
    if chance.random() < 0.2:
        return quote_from_bytes(chance.randbytes(chance.randrange(1, 60)))
    return quote(chance.choice(VALUES), safe="")


@pytest.fixture(scope="module")
def attacked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Pages of a copy that whatever is sent may change."""
    folder = tmp_path_factory.mktemp("attacked")
    opened = site(Path(shutil.copytree(built, folder / "home")), folder)
    with opened.client:
        yield opened


@pytest.mark.parametrize("page", PAGES)
def test_no_page_falls_over_any_question(pages: Site, built: Path, page: str) -> None:
    chance = random.Random(page)
    with unchanged(built):
        for _ in range(EACH):
            path = page
            while "{x}" in path:
                path = path.replace("{x}", hostile_values(chance) or "x", 1)
            names = chance.sample(NAMES, chance.randrange(0, 5))
            asked = "&".join(f"{name}={hostile_values(chance)}" for name in names)
            method = chance.choice(
                ["GET"] * 12 + ["HEAD", "POST", "PUT", "DELETE", "PATCH", "BREW"]
            )
            answer = pages.client.request(method, f"{path}?{asked}")
            assert 200 <= answer.status_code < 500, f"{method} {path}?{asked}: {answer.text[:300]}"
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            assert not is_page or "<script>alert" not in answer.text
            assert not is_page or "<img src=x" not in answer.text
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", FORMS)
def test_no_form_without_its_token_changes_anything(pages: Site, built: Path, path: str) -> None:
    chance = random.Random(path)
    kinds = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
             "multipart/form-data", "application/json", "text/plain", ""]  # fmt: skip
    with unchanged(built):
        for _ in range(60):
            kind = chance.choice(kinds)
            body = chance.choice(
                [chance.randbytes(200), b"a=" + b"b" * 9_000, b"--x\r\n\r\n", b"token=1.2&do=store",
                 b"--x\r\nContent-Disposition: form-data; name=token\r\n\r\n1\r\n--x--\r\n"]
            )  # fmt: skip
            answer = pages.client.post(path, content=body, headers={"Content-Type": kind})
            assert 400 <= answer.status_code < 500, (kind, body[:40], answer.text[:300])


@pytest.mark.parametrize("path", FORMS)
def test_no_form_with_its_token_falls_over_what_is_in_it(attacked: Site, path: str) -> None:
    chance = random.Random(path)
    token = attacked.token()
    fields = [*NAMES, "theme-genograms", "complete", "publication", "published", "title", "url",
              "document", "review-id", "also", "back"]  # fmt: skip
    for _ in range(60):
        chosen = chance.sample(fields, chance.randrange(1, 8))
        data = {name: chance.choice(VALUES) for name in chosen}
        answer = attacked.client.post(
            path, data={**data, "token": token}, headers={"Origin": ADDRESS}
        )
        assert 200 <= answer.status_code < 500, (data, answer.text[:300])
        assert answer.headers.get("location", "/").startswith("/")
        assert not answer.headers.get("location", "/").startswith("//")
