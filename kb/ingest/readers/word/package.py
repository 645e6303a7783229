"""The parts of a Word file: found through their relationships, parsed without trust."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from kb.errors import DamagedDocument
from kb.ingest.readers.archives import BROKEN_ZIP

_LARGEST_PART = 50_000_000  # bytes; the text of a report of 500 pages takes about 10 million
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
# ISO/IEC 29500-1 (strict) names the same vocabularies under other addresses.
_STRICT = re.compile(rb"([\"'])http://purl\.oclc\.org/ooxml/(\w+)/")
_TRANSITIONAL = rb"\1http://schemas.openxmlformats.org/\2/2006/"


@dataclass(frozen=True)
class Relation:
    """What one part refers to: ``kind`` is the last word of its type ("styles", "header")."""

    kind: str
    target: str


class Package:
    """A Word file as its parts; every refusal names the part.

    Raises DamagedDocument where the file is no archive, is protected by a password, or has no
    main part.
    """

    def __init__(self, data: bytes, name: str) -> None:
        """``name`` is what the file is called in messages."""
        self.name = name
        if data.startswith(_OLD_OFFICE):
            raise self._not_a_package(data)
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except BROKEN_ZIP as error:
            raise self.damaged(str(error)) from error
        entries = self._archive.infolist()
        self._entries = {e.filename.replace("\\", "/").lstrip("/").lower(): e for e in entries}
        self._relations: dict[str, dict[str, Relation]] = {}
        self.main = self._main()

    def damaged(self, why: str, part: str | None = None) -> DamagedDocument:
        """The refusal of this document, naming the part at fault."""
        where = f"the part {part}: {why}" if part else why
        return DamagedDocument(
            f"the Word document is damaged: {where}",
            place=self.name,
            hint="Open it in Word, save it again and add that.",
        )

    def xml(self, part: str) -> Any:
        """The root element of a part; raises DamagedDocument naming it."""
        from lxml import etree

        data = self._bytes(part)
        if b"//purl.oclc.org/ooxml/" in data:
            data = _STRICT.sub(_TRANSITIONAL, data)
        if any(doctype in data for doctype in _DOCTYPES):
            raise self._distrusted(part)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.damaged(str(error), part) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise self._distrusted(part)
        return root

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part refers to inside the file: the id it uses → what stands there."""
        if part not in self._relations:
            self._relations[part] = dict(self._relations_of(part))
        return self._relations[part]

    def related(self, part: str, kind: str) -> Any | None:
        """The root element of the first part of a kind that a part refers to; None of none."""
        for relation in self.relations(part).values():
            if relation.kind == kind and relation.target.lower() in self._entries:
                return self.xml(relation.target)
        return None

    def has(self, part: str) -> bool:
        """Whether the file holds this part."""
        return part.lower() in self._entries

    def _relations_of(self, part: str) -> Iterator[tuple[str, Relation]]:
        folder, base = posixpath.split(part)
        source = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.has(source):
            return
        for element in self.xml(source):
            target = element.get("Target") or ""
            if element.get("TargetMode") == "External" or not target:
                continue
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = (element.get("Type") or "").rpartition("/")[2]
            yield element.get("Id") or "", Relation(kind, path)

    def _main(self) -> str:
        kinds = self.relations("").values()
        found = [relation.target for relation in kinds if relation.kind == "officeDocument"]
        for part in (*found, "word/document.xml"):
            if self.has(part):
                return part
        raise self.damaged("it has no main part")

    def _bytes(self, part: str) -> bytes:
        try:
            entry = self._entries[part.lower()]
            if entry.file_size > _LARGEST_PART:
                raise self.damaged(f"it unpacks to {entry.file_size:,} bytes", part)
            return self._archive.read(entry)
        except BROKEN_ZIP as error:
            raise self.damaged(str(error), part) from error

    def _distrusted(self, part: str) -> DamagedDocument:
        return DamagedDocument(
            f"the part {part} declares a document type (DOCTYPE), which Word never writes:"
            " text could be hidden or brought in from elsewhere",
            place=self.name,
            hint="If you trust where it is from: open it in Word, save it again and add that.",
        )

    def _not_a_package(self, data: bytes) -> DamagedDocument:
        if _ENCRYPTED in data:
            return DamagedDocument(
                "the Word document is protected with a password",
                place=self.name,
                hint="Open it in Word, take the password off (File, Info, Protect Document),"
                " save it and add that.",
            )
        return DamagedDocument(
            "it is an old Word document (.doc) by its contents",
            place=self.name,
            hint="Rename it to end in .doc, or save it as .docx, and add that.",
        )
