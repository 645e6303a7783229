"""The manifest of a generation: what it was built from, and by what."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from kb.errors import IndexUnreadable

FORMAT = 6
NAME = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """What one generation of the index was built from, so that a reader can tell if it is stale.

    The digests are those of the people's files at the time of the build; ``corpus_stamp`` is that
    of their names, sizes and times, by which most readers see at once that nothing has changed.
    ``judged_bytes`` and ``judged_digest`` are the length and SHA-256 of the judgements, a file that
    only grows. ``sentence_model`` is the digest of the model of sentences, empty without one.
    ``created`` is ISO 8601.
    """

    program: str
    created: str
    corpus_digest: str
    corpus_stamp: str
    judged_bytes: int
    judged_digest: str
    taxonomy_digest: str
    settings_digest: str
    model_version: str
    taxonomy_version: str
    reviews: int
    recommendations: int
    engine: str
    sentence_model: str = ""
    format: int = FORMAT

    def as_text(self) -> str:
        """The manifest as the JSON text of its file."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a generation's folder.

    Raises IndexUnreadable if it is missing, damaged, or of another format.
    """
    place = str(folder / NAME)
    try:
        data = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise unreadable(f"the index's manifest cannot be read ({error})", place) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format") if isinstance(data, dict) else None
        raise unreadable(f"the index has format {found!r}, this program reads {FORMAT}", place)
    if set(data) != {field.name for field in fields(Manifest)}:
        raise unreadable("the index's manifest has missing or unknown fields", place)
    return Manifest(**data)


def unreadable(message: str, place: str | Path) -> IndexUnreadable:
    """The error for a part of the index that cannot be read, with its next step."""
    return IndexUnreadable(message, place=str(place), hint="Make it again with: kb build")
