"""What the process that reads a document says to the one that asked: JSON, checked on arrival.

A request is one line of JSON and the document's bytes after it. An answer is a word on a line and
JSON after it: ``readings``, ``error`` (one of ours, in words) or ``fault`` (``MEMORY``, ``DEPTH``
or words for what went wrong below).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from kb import errors
from kb.errors import DocumentError, KnowledgeBaseError, ScannedDocument
from kb.ingest.recognition import Recognition
from kb.limits import Limits

if TYPE_CHECKING:
    from kb.ingest.readings import Reading

MEMORY, DEPTH = "memory", "depth"
_LONGEST_MESSAGE = 4_000  # characters


@dataclass(frozen=True)
class Request:
    """Everything but the bytes: which document it is, how to read it, and within which limits."""

    file: str
    suffix: str
    sha256: str
    size: int
    columns: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    own_agencies: Mapping[str, object] = field(default_factory=dict)
    recognition: Recognition | None = None
    limits: Limits = field(default_factory=Limits)

    def line(self) -> bytes:
        """The request as one line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def of_line(cls, line: bytes) -> Request:
        """The request that ``line`` made."""
        values: dict[str, Any] = json.loads(line)
        values["limits"] = Limits(**values["limits"])
        if values["recognition"] is not None:
            values["recognition"] = Recognition(**values["recognition"])
        return cls(**values)


def error_answer(error: KnowledgeBaseError) -> bytes:
    """An error of ours, to be raised again on the other side."""
    parts = {"message": error.message, "place": error.place, "hint": error.hint}
    told = {name: _shortened(text) for name, text in parts.items()}
    pages = error.pages if isinstance(error, ScannedDocument) else {}
    return b"error\n" + json.dumps({"type": type(error).__name__, **told, "pages": pages}).encode()


def fault_answer(fault: str) -> bytes:
    """What went wrong where no error of ours says it."""
    return b"fault\n" + json.dumps(_shortened(fault)).encode()


def readings_answer(readings: Sequence[Reading]) -> bytes:
    """The readings of the document, as JSON; raises UnicodeEncodeError for what is no text."""
    told = json.dumps(readings, default=vars, ensure_ascii=False, check_circular=False)
    return b"readings\n" + told.encode()


def error_of(told: Mapping[str, Any]) -> KnowledgeBaseError:
    """The error that ``error_answer`` told; raises ValueError where it has another shape."""
    kind = getattr(errors, str(told.get("type")), None)
    if not isinstance(kind, type) or not issubclass(kind, KnowledgeBaseError):
        kind = DocumentError
    place, hint = told.get("place"), told.get("hint")
    error = kind(
        str(told.get("message")),
        place=str(place) if place is not None else None,
        hint=str(hint) if hint is not None else None,
    )
    if isinstance(error, ScannedDocument):
        pages = told.get("pages")
        pages = pages if isinstance(pages, dict) else {}
        error.pages = {int(number): str(why) for number, why in pages.items()}
    return error


def _shortened(text: str | None) -> str | None:
    if text is None or len(text) <= _LONGEST_MESSAGE:
        return text
    return text[:_LONGEST_MESSAGE] + " …"
