"""The API's addresses, each answered in JSON, errors too."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kb.errors import KnowledgeBaseError
from kb.web.api.endpoints import ENDPOINTS, Endpoint, read_draft
from kb.web.api.openapi import ROOT, document
from kb.web.visit import Visit, shown

_LARGEST_BODY = 2**20


def routes() -> list[Route]:
    """Every address under ``/api/v1``, and two that say how the server is."""
    return [
        *(_route(endpoint) for endpoint in ENDPOINTS),
        Route(f"{ROOT}/openapi.json", _document, methods=["GET"]),
        *(Route(path, page, methods=["GET"]) for path, page in _STATE.items()),
    ]


def _route(endpoint: Endpoint) -> Route:
    if endpoint.body is None:
        page = shown(lambda visit: JSONResponse(endpoint.answer(visit, endpoint.asked(visit))))
        return Route(ROOT + endpoint.path, page, methods=["GET"])

    async def posted(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise HTTPException(415, "Send application/json.")
        draft = read_draft(await request.body())
        visit = Visit(request)
        endpoint.asked(visit)
        return JSONResponse(await run_in_threadpool(endpoint.answer, visit, draft))

    path = ROOT + endpoint.path
    return Route(path, posted, methods=["POST"], max_body_size=_LARGEST_BODY)


async def _document(_: Request) -> Response:
    return JSONResponse(document())


async def _is_alive(_: Request) -> Response:
    return JSONResponse({"status": "alive"})


def _is_ready(visit: Visit) -> Response:
    """Whether searches are answered; why not is told on pages, to whom is signed in."""
    try:
        visit.base.index.hold()
    except KnowledgeBaseError as error:
        raise HTTPException(503, "Searches are not answered.") from error
    return JSONResponse({"status": "ready"})


_STATE = {"/healthz": _is_alive, "/readyz": shown(_is_ready)}
