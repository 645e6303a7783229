"""One request as a page sees it: the knowledge base, what was asked, and how to answer."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import Any

import anyio.to_thread
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from kb.errors import IndexUnreadable, NotFound
from kb.library import KnowledgeBase
from kb.web.rendering import rendered
from kb.web.site import Site
from kb.web.tokens import is_genuine, signed

LONGEST = 2_000  # characters of a word or line that somebody types
_MOST_VALUES = 200
_REVIEW = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_POSITION = re.compile(r"[1-9][0-9]{0,6}")


class Visit:
    """A request, read once; what it takes of the knowledge base is of one generation."""

    def __init__(self, request: Request, form: FormData | None = None) -> None:
        """Hold the request and the form that came with it."""
        self.request = request
        self.form = form or FormData()
        self.site: Site = request.app.state.site
        self.who: str = request.state.who

    @cached_property
    def base(self) -> KnowledgeBase:
        """The knowledge base as it stood when this request first asked."""
        return self.site.base()

    @property
    def path(self) -> str:
        """The address of the page, without its query."""
        return str(self.request.scope["path"])

    # What is asked --------------------------------------------------------------------------

    def one(self, name: str, longest: int = LONGEST) -> str:
        """The last value of a name in the address or form, "" without; refuses a longer one."""
        values = self.many(name, longest)
        return values[-1] if values else ""

    def many(self, name: str, longest: int = LONGEST) -> list[str]:
        """All values of a name that say something, in order, each once."""
        sent = [*self.request.query_params.getlist(name), *self.form.getlist(name)]
        values = [value.strip() for value in sent if isinstance(value, str)]
        if len(values) > _MOST_VALUES or any(len(value) > longest for value in values):
            raise HTTPException(400, f"What was sent as “{name}” is too long.")
        return [value for value in dict.fromkeys(values) if value]

    def number(self, name: str, default: int, most: int) -> int:
        """A number from 1 to ``most``; the default where it is none."""
        value = self.one(name, 40)
        is_number = value.isascii() and value.isdecimal() and len(value) < 10
        return min(most, max(1, int(value))) if is_number else default

    def upload(self, name: str) -> UploadFile | None:
        """The file sent under a name, where one was chosen."""
        sent = self.form.get(name)
        return sent if isinstance(sent, UploadFile) and sent.filename else None

    @property
    def review_id(self) -> str:
        """The review that the address names; raises NotFound where none can be called so."""
        name = str(self.request.path_params["review"])
        if not _REVIEW.fullmatch(name):
            raise NotFound("there is no such review")
        return name

    @property
    def identity(self) -> str:
        """The recommendation that the address names; raises NotFound."""
        position = str(self.request.path_params["position"])
        if not _POSITION.fullmatch(position):
            raise NotFound("there is no such recommendation")
        return f"{self.review_id}/{position}"

    # Answers --------------------------------------------------------------------------------

    @property
    def read_only(self) -> bool:
        """Whether nothing may be changed from these pages."""
        return self.site.serving.read_only

    @cached_property
    def token(self) -> str:
        """What proves that a form of this page came from here."""
        return signed(self.site.serving.key, self.who)

    def check_token(self) -> None:
        """Refuse a form that did not come from a page shown to this person."""
        sent = self.form.getlist("token")  # of the body alone: addresses are kept and passed on
        token = next((one for one in reversed(sent) if isinstance(one, str)), "")
        if not is_genuine(self.site.serving.key, self.who, token):
            raise HTTPException(
                403, "This form is too old, or did not come from these pages. Open it again."
            )

    def page(self, template: str, *, status: int = 200, **content: Any) -> Response:
        """A page of this site."""
        return HTMLResponse(rendered(template, self, content), status)

    def file(self, data: bytes, name: str, media_type: str) -> Response:
        """A file to be saved, never shown within the site."""
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(data, media_type=media_type, headers=headers)

    def to(self, path: str, anchor: str = "") -> Response:
        """Send the browser on, after something was changed."""
        return RedirectResponse(path + anchor, 303)


Page = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def shown(page: Page) -> Endpoint:
    """A page that only reads.

    Asked again once where a build took away its generation before all of it was open.
    """

    async def endpoint(request: Request) -> Response:
        try:
            return await run_in_threadpool(page, Visit(request))
        except (IndexUnreadable, FileNotFoundError):
            return await run_in_threadpool(page, Visit(request))

    return endpoint


def sent(page: Page, *, changes: bool = True) -> Endpoint:
    """A page that answers a form; one that ``changes`` something is none of a reading server."""

    async def endpoint(request: Request) -> Response:
        if changes and request.app.state.site.serving.read_only:
            raise HTTPException(403, "This server shows, and changes nothing (--read-only).")
        async with request.form(max_files=1, max_fields=2_000, max_part_size=2**20) as form:
            visit = Visit(request, form)
            visit.check_token()
            return await anyio.to_thread.run_sync(page, visit, limiter=visit.site.writers)

    return endpoint


def address(path: str, query: Mapping[str, Any]) -> str:
    """A path with its query; a list gives its name several times, what is empty is left out."""
    from urllib.parse import urlencode

    kept = {name: value for name, value in query.items() if value not in ("", None, [], ())}
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path
