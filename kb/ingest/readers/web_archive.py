"""Web pages saved with their pictures in one file (MHTML), as Word and Confluence write them."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import Message

from kb.errors import DamagedDocument
from kb.ingest.readers.html import read_html
from kb.ingest.tables import Document


def read_web_archive(data: bytes, name: str) -> Document:
    """The first page of the archive; raises DamagedDocument where it holds none."""
    try:
        message = message_from_bytes(data.lstrip(), policy=policy.compat32)
        pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
        bodies = [(_body(part), part.get_content_charset()) for part in pages]
    except (ValueError, LookupError, AttributeError, RecursionError) as error:
        raise _no_page(name) from error
    filled = [(body, charset) for body, charset in bodies if body.strip()]
    if not filled:
        raise _no_page(name)
    document = read_html(filled[0][0], name, filled[0][1])
    if len(filled) > 1:
        said = f"the archive holds {len(filled)} pages; the first was read"
        document = replace(document, notes=(*document.notes, said))
    return document


def _body(part: Message) -> bytes:
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


def _no_page(name: str) -> DamagedDocument:
    return DamagedDocument(
        "the web archive holds no page",
        place=name,
        hint="Open it in a browser or in Word, save it as HTML or .docx and add that.",
    )
