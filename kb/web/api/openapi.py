"""The OpenAPI document, made from the table of endpoints and the schemas."""

from __future__ import annotations

from typing import Any

import kb
from kb.web.api.endpoints import ENDPOINTS, REPORT_NAMES, Endpoint
from kb.web.api.schemas import SCHEMAS, ref

ROOT = "/api/v1"
_IN_PATH: dict[str, dict[str, Any]] = {
    "review": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,79}$"},
    "position": {"type": "integer", "minimum": 1, "maximum": 9_999_999},
    "name": {"type": "string", "enum": list(REPORT_NAMES)},
}


def document() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "dhr-kb",
            "version": kb.__version__,
            "summary": "Recommendations that Domestic Homicide Reviews have made",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": ROOT}],
        "paths": {endpoint.path: _operation(endpoint) for endpoint in ENDPOINTS},
        "components": {"schemas": SCHEMAS},
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    named = [name for name in _IN_PATH if f"{{{name}}}" in endpoint.path]
    told: dict[str, Any] = {
        "summary": endpoint.about,
        "operationId": endpoint.answer.__name__,
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": _IN_PATH[name]}
                for name in named
            ),
            *(parameter.as_openapi() for parameter in endpoint.parameters),
        ],
        "responses": {
            "200": _told("The answer.", ref(endpoint.schema)),
            "default": _told("Why there is no answer.", ref("Error")),
        },
    }
    if endpoint.body is None:
        return {"get": told}
    content = {"application/json": {"schema": endpoint.body}}
    return {"post": {**told, "requestBody": {"required": True, "content": content}}}


def _told(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}
