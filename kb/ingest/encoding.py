"""From bytes to text: UTF-8, else UTF-16 by its mark, else Windows-1252, and it is said."""

from __future__ import annotations

from kb.errors import DamagedDocument


def decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of a file with line ends as ``\\n``, and a note where it is not UTF-8."""
    text, notes = _decoded(data)
    if "\0" in text:
        raise DamagedDocument(
            "the file holds binary data, not text",
            place=name,
            hint="Save the document again as text, Word or Excel.",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), ("read as UTF-16",)
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), ("read as Windows-1252",)
    except UnicodeDecodeError:
        return data.decode("latin-1"), ("read as Latin-1",)
