"""The application: every address, and what is shown where one cannot be answered."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from functools import partial

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from kb.errors import IndexMissing, IndexUnreadable, KnowledgeBaseError
from kb.web.api.openapi import ROOT
from kb.web.api.routes import routes as api_routes
from kb.web.guard import STATES, Guard
from kb.web.pages import (
    adding,
    checking,
    choosing,
    judging,
    recommending,
    repeating,
    report_forms,
    reporting,
    reviewing,
    searching,
    telling,
    theming,
)
from kb.web.rendering import STATIC, rendered
from kb.web.serving import Serving
from kb.web.site import Site
from kb.web.told import Told, told
from kb.web.visit import Page, Visit, sent, shown

_THREADS = 8  # requests of one worker that are answered at once; more only wait for each other
_FORM = 2 * 2**20
_WORDS = {
    404: ("This page is not here", "Search for it, or begin at the start page."),
    405: ("This address cannot be used so", "Begin at the start page."),
    413: ("That is too large", "Send less, or a smaller document."),
}
_SHOWN: dict[str, Page] = {
    "/": telling.start,
    "/search": searching.search,
    "/search/choices": searching.choices,
    "/search/download": searching.download,
    "/searches": searching.searches,
    "/recommendation/{review}/{position}": recommending.recommendation,
    "/review/{review}": reviewing.review,
    "/themes": theming.themes,
    "/theme/{theme}": theming.theme,
    "/repeated": repeating.repeated,
    "/check": checking.form,
    "/choose": choosing.choose,
    "/reports": report_forms.reports,
    "/reports/compare": report_forms.compare,
    "/reports/{name}": reporting.report,
    "/add": adding.form,
    "/build": adding.building,
    "/queue": judging.queue,
    "/about": telling.about,
    "/accessibility": telling.accessibility,
    "/privacy": telling.privacy,
}
_SENT: dict[str, Page] = {
    "/searches": searching.save,
    "/searches/change": searching.change_saved,
    "/recommendation/{review}/{position}/judge": recommending.judge,
    "/recommendation/{review}/{position}/take-back": recommending.take_back,
    "/recommendation/{review}/{position}/pair": recommending.pair,
    "/recommendation/{review}/{position}/correct": recommending.correct,
    "/review/{review}/correct": reviewing.correct,
    "/add/confirm": adding.confirm,
    "/build": adding.build,
    "/queue": judging.answer,
}


def create_app(serving: Serving) -> Starlette:
    """The application of one worker."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        yield

    app = Starlette(
        routes=_routes(serving),
        lifespan=lifespan,
        middleware=[Middleware(Guard, serving=serving, refused=_refused, failed=_failed)],
        exception_handlers={HTTPException: _refused, KnowledgeBaseError: _mistaken},
    )
    # "/search/" would be led to an absolute address, which behind a proxy is not the site's.
    app.router.redirect_slashes = False
    app.state.site = Site(serving)
    return app


def _routes(serving: Serving) -> list[BaseRoute]:
    with_file = partial(Route, methods=["POST"], max_body_size=serving.largest_upload + _FORM)
    return [
        *(Route(path, shown(page), methods=["GET"]) for path, page in _SHOWN.items()),
        *(
            Route(path, sent(page), methods=["POST"], max_body_size=_FORM)
            for path, page in _SENT.items()
        ),
        with_file("/add", sent(adding.send)),
        with_file("/check", sent(checking.check, changes=False)),
        *api_routes(),
        Mount("/static", _Static(directory=STATIC)),
    ]


class _Static(StaticFiles):
    """Files of the style; their addresses change with them, so that they may be kept."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One file."""
        response = await super().get_response(path, scope)
        if scope["query_string"]:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


# Where there is no answer ---------------------------------------------------------------------


async def _refused(request: Request, error: Exception) -> Response:
    """A refusal of HTTP: no such page, too large, from another site."""
    if not isinstance(error, HTTPException):  # Starlette gives each handler its own kind
        raise error
    words, hint = _WORDS.get(error.status_code, (str(error.detail), "Go back and try again."))
    answer = _error_page(request, Told(error.status_code, words, hint))
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def _mistaken(request: Request, error: Exception) -> Response:
    """A mistake that the person can mend, told in words."""
    if not isinstance(error, KnowledgeBaseError):
        raise error
    can_build = isinstance(error, IndexMissing | IndexUnreadable)
    return _error_page(request, told(error), can_build=can_build)


def _failed(request: Request, reference: str) -> Response:
    """What nobody foresaw; its reference stands in the server's log."""
    hint = "It was written down. Try again; if it stays so, tell whoever runs this site."
    return _error_page(request, Told(500, "Something went wrong here", hint), reference=reference)


def _error_page(
    request: Request, said: Told, *, reference: str | None = None, can_build: bool = False
) -> Response:
    if request.url.path.startswith(f"{ROOT}/") or request.url.path in STATES:
        error = {"message": said.message, "hint": said.hint, "reference": reference}
        return JSONResponse({"error": error}, said.status)
    if not hasattr(request.state, "who"):  # refused before anything is known of who asks
        plain = f"{said.message}\n{said.hint}\n"
        return Response(plain, said.status, media_type="text/plain")
    visit = Visit(request)
    content: dict[str, object] = {"said": said, "reference": reference, "can_build": can_build}
    return HTMLResponse(rendered("error.html", visit, content), said.status)
