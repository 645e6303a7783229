"""One module a format; each has ``render(report) -> bytes``."""

from __future__ import annotations

from importlib import import_module

from kb.errors import StorageError, WrongUsage
from kb.reports.report import Report

_MODULES = {
    "text": "text",
    "json": "json_object",
    "csv": "comma_separated",
    "md": "markdown",
    "html": "web_page",
    "docx": "word_document",
    "xlsx": "workbook",
}
FORMATS = tuple(_MODULES)


def render(report: Report, format_name: str) -> bytes:
    """The report in one of ``FORMATS``; the same report always gives the same bytes.

    Raises WrongUsage for another format, StorageError where a temporary file cannot be written.
    """
    if format_name not in _MODULES:
        raise WrongUsage(
            f"a report cannot be made as {format_name!r}",
            hint=f"Choose one of: {', '.join(FORMATS)}.",
        )
    module = import_module(f"{__name__}.{_MODULES[format_name]}")
    try:
        return bytes(module.render(report))
    except OSError as error:
        raise StorageError(
            f"the report could not be written as {format_name}: {error}",
            hint="Make room in the folder for temporary files (TMPDIR), then try again.",
        ) from error
