"""A report as one JSON object: the report's data, and what it is about under ``about``."""

from __future__ import annotations

import json

from kb.reports.report import Report


def render(report: Report) -> bytes:
    """The report's data with ``about``: ``{report, title, head: [{label, value}], notes}``."""
    from pydantic_core import PydanticSerializationError, to_json

    about = {
        "report": report.name,
        "title": report.title,
        "head": [{"label": label, "value": value} for label, value in report.head],
        "notes": list(report.notes),
    }
    data = {**report.data, "about": about}
    try:
        return to_json(data) + b"\n"
    except PydanticSerializationError:  # half of a pair of surrogates, which no UTF-8 holds
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return (text + "\n").encode("utf-8", "replace")
