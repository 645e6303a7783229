"""Files to take away: their types, and several of them in one archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MEDIA_TYPES = {
    "text": "text/plain; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_ALWAYS = (2000, 1, 1, 0, 0, 0)  # so that the same files make the same archive


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files in one archive, in their order."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ALWAYS), data)
    return whole.getvalue()
