"""A report as one JSON object: the report's data, and what it is about under ``about``."""

from __future__ import annotations

import json

from kb.reports.report import Report


def render(report: Report) -> bytes:
    """The report's data with ``about``: ``{report, title, head: [{label, value}], notes}``."""
    about = {
        "report": report.name,
        "title": report.title,
        "head": [{"label": label, "value": value} for label, value in report.head],
        "notes": list(report.notes),
    }
    text = json.dumps({**report.data, "about": about}, ensure_ascii=False)
    return (text + "\n").encode("utf-8", "replace")
