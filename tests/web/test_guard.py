"""What stands before every page: names, origins, tokens, headers, limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from bases import unchanged
from sites import ADDRESS, Site, site, words

from kb.errors import WrongUsage
from kb.web import Serving
from kb.web.tokens import AGE, is_genuine, signed
from kb.web.uploads import safe_name

FORM = "/recommendation/fellside-7/1/judge"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:8000.evil.example", ""])
def test_another_host_name_is_not_answered(pages: Site, host: str) -> None:
    answer = pages.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "fellside" not in answer.text.lower()


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000"]
)
def test_this_machine_is_answered_by_its_names(pages: Site, host: str) -> None:
    assert pages.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Origin": ADDRESS, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ADDRESS, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_changes_nothing(
    own: Site, home: Path, headers: dict[str, str]
) -> None:
    token = own.token()
    with unchanged(home):
        answer = own.client.post(
            FORM, data={"token": token, "theme-genograms": "no"}, headers=headers
        )
    assert answer.status_code == 403


@pytest.mark.parametrize("token", ["", "1.2", "9" * 500, "0." + "0" * 64])
def test_a_form_without_a_genuine_token_changes_nothing(own: Site, home: Path, token: str) -> None:
    with unchanged(home):
        answer = own.client.post(FORM, data={"token": token, "theme-genograms": "no"})
    assert answer.status_code == 403
    assert "Open it again" in answer.text


def test_a_token_in_the_address_proves_nothing(own: Site, home: Path) -> None:
    with unchanged(home):
        answer = own.client.post(f"{FORM}?token={own.token()}", data={"theme-genograms": "no"})
    assert answer.status_code == 403


def test_a_token_holds_for_its_person_and_its_time_alone() -> None:
    key = b"k" * 32
    token = signed(key, "anna", now=1_000)
    assert is_genuine(key, "anna", token, now=1_000 + AGE)
    assert not is_genuine(key, "ben", token, now=1_000)
    assert not is_genuine(b"x" * 32, "anna", token, now=1_000)
    assert not is_genuine(key, "anna", token, now=1_001 + AGE)
    assert not is_genuine(key, "anna", token, now=900)


def test_every_answer_keeps_the_browser_in_bounds(pages: Site) -> None:
    for path in ("/", "/nowhere", "/search?q=genogram", "/api/v1/themes", "/static/style.css"):
        headers = pages.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers


def test_pages_are_kept_nowhere_and_the_style_is(pages: Site) -> None:
    assert pages.get("/recommendation/quillerby-9/1").headers["cache-control"] == "no-store"
    assert pages.get("/api/v1/search?q=genogram").headers["cache-control"] == "no-store"
    style = pages.get("/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in pages.get(style).headers["cache-control"]


def test_no_cookie_is_set(pages: Site) -> None:
    assert "set-cookie" not in pages.get("/queue").headers


def test_a_server_that_reads_only_changes_nothing(home: Path, tmp_path: Path) -> None:
    reading = site(home, tmp_path / "served", read_only=True)
    assert "Store my judgement" not in reading.get("/recommendation/fellside-7/1").text
    with unchanged(home):
        for path in (FORM, "/add", "/build", "/searches", "/queue"):
            assert reading.post(path).status_code == 403, path
    assert reading.post("/check", {"text": "Draw a genogram."}).status_code == 200


def test_the_wrong_method_is_told(pages: Site) -> None:
    assert pages.client.put("/search").status_code == 405
    assert pages.client.get(FORM).status_code == 405


def test_too_large_a_form_is_refused(pages: Site) -> None:
    answer = pages.client.post("/queue", content=b"a=" + b"x" * (3 * 2**20), headers={
        "Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert answer.status_code == 413


def test_too_large_a_document_is_refused(home: Path, tmp_path: Path) -> None:
    small = site(home, tmp_path / "served", largest_upload=1_000)
    with unchanged(home):
        answer = small.post("/add", {}, files={"file": ("plan.txt", b"x" * (4 * 2**20))})
    assert answer.status_code == 413


def test_what_nobody_foresaw_is_a_page_with_a_reference(
    pages: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kb.web.site import Site as Held

    def fail(self: Held) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(Held, "base", fail)
    answer = pages.get("/api/v1/themes")
    assert answer.status_code == 500
    assert len(answer.json()["error"]["reference"]) == 8
    assert "secret" not in answer.text
    page = pages.get("/search")
    assert page.status_code == 500
    assert "Reference:" in words(page.text)
    assert "secret" not in page.text


# Behind a proxy -------------------------------------------------------------------------------


def proxied(home: Path, folder: Path, proxies: tuple[str, ...] = ("testclient",)) -> Site:
    told = site(home, folder, names=("kb.example.org",))
    object.__setattr__(told.serving, "auth_header", "X-User")
    object.__setattr__(told.serving, "proxies", proxies)
    return told


def test_the_proxy_names_the_person(home: Path, tmp_path: Path) -> None:
    told = proxied(home, tmp_path / "served")
    for encoding in ("utf-8", "latin-1"):
        headers = {b"Host": b"kb.example.org", b"X-User": "Béla B".encode(encoding)}
        page = told.client.get("/queue", headers=headers)
        assert page.status_code == 200
        assert "Béla B" in page.text


@pytest.mark.parametrize("name", ["", "starter", "a\tb", "x" * 300])
def test_without_a_name_nobody_is_let_in(home: Path, tmp_path: Path, name: str) -> None:
    told = proxied(home, tmp_path / "served")
    headers = {"Host": "kb.example.org", **({"X-User": name} if name else {})}
    assert told.client.get("/", headers=headers).status_code == 403


def test_the_header_is_believed_from_the_proxy_alone(home: Path, tmp_path: Path) -> None:
    told = proxied(home, tmp_path / "served", ("10.0.0.1",))
    headers = {"Host": "kb.example.org", "X-User": "mallory"}
    assert told.client.get("/", headers=headers).status_code == 403


def test_how_the_server_is_may_be_asked_by_whoever_reaches_it(home: Path, tmp_path: Path) -> None:
    told = proxied(home, tmp_path / "served", ("10.0.0.1",))
    headers = {"Host": "kb.example.org"}
    assert told.client.get("/healthz", headers=headers).json() == {"status": "alive"}
    assert told.client.get("/readyz", headers=headers).json() == {"status": "ready"}
    for path in ("/", "/healthz/", "/api/v1/themes"):
        assert told.client.get(path, headers=headers).status_code == 403, path
    (home / "kb.toml").write_text('audience = "moon"')
    answer = told.client.get("/readyz", headers=headers)
    assert answer.status_code == 503
    assert "moon" not in answer.text


@pytest.mark.parametrize(
    ("host", "named"), [("[::1]", "[::1]:8000"), ("::1", "[::1]:8000"), ("127.0.0.2",) * 2]
)
def test_an_address_of_this_machine_is_listened_to_and_answered(
    tmp_path: Path, host: str, named: str
) -> None:
    told = Serving(home=tmp_path, uploads=tmp_path, who="anna", host=host)
    assert told.host == host.strip("[]")
    assert named.removesuffix(":8000") + ":8000" in told.hosts


@pytest.mark.parametrize(
    "told",
    [
        {"host": "0.0.0.0"},
        {"host": "0.0.0.0", "auth_header": "X-User", "proxies": ("10.0.0.1",)},
        {"host": "0.0.0.0", "read_only": True},
        {"auth_header": "X-User"},
        {"proxies": ("127.0.0.1",)},
        {"auth_header": "X-User", "proxies": ("nginx",)},
    ],
)
def test_what_would_let_strangers_in_is_refused(tmp_path: Path, told: dict[str, object]) -> None:
    with pytest.raises(WrongUsage):
        Serving(home=tmp_path, uploads=tmp_path, who="anna", **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("plan.docx", "plan.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\plans\\plan.pdf", "plan.pdf"),
        ("..", "document"),
        (".htaccess", "htaccess"),
        ("a\0b\n.txt", "a_b_.txt"),
        ("x" * 500 + ".csv", "x" * 120 + ".csv"),
        ("語" * 120 + ".csv", "語" * 40 + ".csv"),
        ("", "document"),
    ],
)
def test_a_name_from_a_browser_is_no_path(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil.example", "/\t/evil.example", "evil"])
def test_after_a_build_nobody_is_sent_to_another_site(pages: Site, back: str) -> None:
    answer = pages.get("/build", params={"then": back})
    assert answer.status_code == 400
    assert 'href="/\t' not in answer.text
