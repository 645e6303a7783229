"""The web pages of a knowledge base, asked in this process as a browser on this machine would."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bases import WHO
from starlette.testclient import TestClient

from kb.web import Serving
from kb.web.app import create_app

ADDRESS = "http://127.0.0.1:8000"
EVERY_PAGE = [
    "/", "/search", "/search?q=genogram", "/search/choices?field=area", "/searches",
    "/recommendation/fellside-7/1", "/review/fellside-7", "/themes", "/theme/genograms",
    "/repeated", "/check", "/reports", "/reports/compare?of=area",
    "/choose?field=agency&to=/reports/agency&as=agency", "/reports/themes",
    "/reports/themes?by=year", "/reports/progress", "/reports/review?id=fellside-7",
    "/reports/agency?agency=NHS+England", "/reports/briefing?theme=genograms", "/reports/repeated",
    "/add", "/queue", "/build", "/about", "/accessibility", "/privacy",
]  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A client of the pages, and how they are served."""

    client: TestClient
    serving: Serving

    def get(self, path: str, **asked: Any) -> Any:
        """One page."""
        return self.client.get(path, **asked)

    def words(self, path: str) -> str:
        """The words of a page that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return words(answer.text)

    def token(self, path: str = "/check") -> str:
        """What a form of a page proves itself with."""
        found = re.search(r'name="token" value="([^"]+)"', self.get(path).text)
        assert found, path
        return found[1]

    def post(self, path: str, data: Mapping[str, Any] | None = None, **asked: Any) -> Any:
        """A form sent as a page of this site sends it."""
        fields = {"token": self.token(), **(data or {})}
        headers = {"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin", **asked.pop("headers", {})}
        return self.client.post(path, data=fields, headers=headers, **asked)


def site(home: Path, folder: Path, **told: Any) -> Site:
    """The pages of a knowledge base; ``folder`` is for what is sent to them."""
    uploads = folder / "uploads"
    uploads.mkdir(parents=True, exist_ok=True)
    serving = Serving(home=home, uploads=uploads, who=WHO, **told)
    client = TestClient(
        create_app(serving), ADDRESS, raise_server_exceptions=False, follow_redirects=False
    )
    return Site(client, serving)


def words(page: str) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def seen(site: Site, path: str, other: str = "") -> str:
    """The mark of what a page's form was shown of; with ``other``, of it beside that one."""
    before = rf'"other" value="{other}"' if other else r'"(?:token|id)" value="[^"]+"'
    form = rf'name={before}><input type="hidden" name="seen" value="([^"]+)"'
    found = re.search(form, site.get(path).text)
    assert found, path
    return found[1]
