"""From bytes to text: UTF-8 and UTF-16, else what the file declares, else what its bytes show."""

from __future__ import annotations

import codecs
import re

from kb.errors import DamagedDocument

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
}
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252"}
# ' “ ” ’ – of Mac Roman are Ò Ó Ô Õ Ð in Windows-1252: letters that no English word has there
_MAC = re.compile(rb"[a-z]\xd5(?=[a-z\s])|(?<=\s)[\xd2\xd4](?=\w)|(?<=[\w.,?!])\xd3|\s[\xd0\xd1]\s")
_WINDOWS = re.compile(rb"[\x91-\x97]")
_STRANGE = re.compile("[\udc80-\udcff]")  # bytes that an encoding does not have
_PLAIN = b"\\x41\\u0041.xn--mnchen-3ya"  # what Python's codecs that are no encodings change
_PROBED = 4096  # bytes looked at for the zero bytes of UTF-16 without a mark


def decoded(data: bytes, name: str, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of a file with line ends as ``\\n``, and a note where it is not UTF-8.

    ``declared`` is the encoding that the file itself names, if it does. Raises DamagedDocument
    where the bytes are no text.
    """
    text, notes = _decoded(data, _codec(declared))
    if "\0" in text:
        raise DamagedDocument(
            "the file holds binary data, not text",
            place=name,
            hint="Save the document again as text, Word or Excel.",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def is_wide(data: bytes) -> bool:
    """Whether these are the bytes of UTF-16 or UTF-32, where a zero byte is no binary data."""
    return _wide(data) is not None


def _wide(data: bytes) -> str | None:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return codec
    head = data[: min(_PROBED, len(data)) & ~1]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 4)
    if odd * 10 > half * 7 and not even:
        return "utf-16-le"
    if even * 10 > half * 7 and not odd:
        return "utf-16-be"
    return None


def _codec(declared: str | None) -> str | None:
    """The codec of a declared name, as browsers take it (Latin-1 means Windows-1252)."""
    try:
        codec = codecs.lookup((declared or "").strip().strip("\"'")).name
        is_of_letters = _PLAIN.decode(codec) == _PLAIN.decode("ascii")
    except (LookupError, ValueError):
        return None
    if not is_of_letters:
        return None
    return None if codec.startswith("utf") else _AS_BROWSERS_DO.get(codec, codec)


def _decoded(data: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace").removeprefix("\ufeff"), (f"read as {_said(wide)}",)
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    mended, wrong = _mended(data)
    if wrong:
        bytes_ = "1 byte is" if wrong == 1 else f"{wrong} bytes are"
        return mended, (f"{bytes_} not UTF-8 and read as Windows-1252",)
    codec = declared or _found(data)
    try:
        text = data.decode(codec, "surrogateescape")
    except UnicodeDecodeError:
        return data.decode("latin-1"), ("read as Latin-1",)
    return _STRANGE.sub(_as_latin, text), (f"read as {_said(codec)}",)


def _said(codec: str) -> str:
    plain = codec.removesuffix("-le").removesuffix("-be").replace("mac-roman", "mac_roman")
    return _NAMES.get(plain, codec)


def _found(data: bytes) -> str:
    """Mac Roman where its quotation marks stand and those of Windows do not."""
    return "mac_roman" if _MAC.search(data) and not _WINDOWS.search(data) else "cp1252"


def _mended(data: bytes) -> tuple[str, int]:
    """UTF-8 with a few strange bytes in it, and how many; 0 where it is no UTF-8 at all."""
    text = data.decode("utf-8-sig", "surrogateescape")
    strange = _STRANGE.findall(text)
    if len(strange) * 3 > sum(character > "\x7f" for character in text):
        return "", 0
    return _STRANGE.sub(_as_windows, text), len(strange)


def _as_latin(match: re.Match[str]) -> str:
    return chr(ord(match[0]) - 0xDC00)


def _as_windows(match: re.Match[str]) -> str:
    return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace")
