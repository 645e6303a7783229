"""What was learnt from the shipped starter alone, kept on this machine for the next such base.

Learning from it takes a quarter of a minute and gives every new knowledge base the same. What any
file of one's own taught is never kept here: words of reviews stay in their knowledge base's folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from kb.corpus import JUDGEMENTS
from kb.library.home import TAXONOMY, starter_home
from kb.library.sources import Sources
from kb.library.stamps import TAUGHT, Snapshot

PLACE = "KB_CACHE"
_NOTE = "note.json"
_KEPT = 4  # of the latest programs and settings
_UNFINISHED = "unfinished-"
_NAMED = re.compile("[0-9a-f]{32}")
_LEARNERS = ("numpy", "scipy", "scikit-learn")


@dataclass(frozen=True)
class Shelf:
    """A folder of learnt models, each in one named by the digest of what it was learnt from."""

    folder: Path

    @classmethod
    def of_user(cls) -> Shelf | None:
        """The one that ``KB_CACHE`` names, else that of this user; None where it is set to nothing.

        On Linux it lies under ``XDG_CACHE_HOME``, else ``~/.cache``.
        """
        named = os.environ.get(PLACE)
        if named is not None:
            return cls(Path(named) / "learnt") if named else None
        try:
            return cls(_user_caches() / "kb" / "learnt")
        except RuntimeError:  # a user without a home
            return None

    def take(self, learnt_from: str, into: Path) -> str:
        """Put the model that was learnt from this into a folder; its version, empty without one.

        One that is not whole is no model.
        """
        place = self.folder / _name(learnt_from)
        try:
            note = json.loads((place / _NOTE).read_bytes())
            files = {str(name): (place / str(name)).read_bytes() for name in note["files"]}
            if {name: _digest(data) for name, data in files.items()} != note["files"]:
                return ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        with contextlib.suppress(OSError):  # one that may only be read serves as well
            os.utime(place)
        for name, data in files.items():
            (into / Path(name).name).write_bytes(data)
        return str(note["version"])

    def put(self, learnt_from: str, model: str, files: Iterable[Path]) -> None:
        """Keep the files of a model of this version; those least lately used make room.

        A folder that cannot be written to keeps nothing, and that is no fault of a build.
        """
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            made = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.folder))
            try:
                _fill(made, model, files)
                place = self.folder / _name(learnt_from)
                shutil.rmtree(place, ignore_errors=True)  # it was not whole
                made.rename(place)
            finally:
                shutil.rmtree(made, ignore_errors=True)
            self._make_room()

    def _make_room(self) -> None:
        own = filter(_is_ours, self.folder.iterdir())
        found = sorted(own, key=lambda path: path.stat().st_mtime, reverse=True)
        for path in found[_KEPT:]:
            shutil.rmtree(path, ignore_errors=True)


def _is_ours(path: Path) -> bool:
    """Whether a shelf put it there: nothing else in a folder that somebody named is deleted."""
    return path.name.startswith(_UNFINISHED) or _NAMED.fullmatch(path.name) is not None


def _fill(folder: Path, model: str, files: Iterable[Path]) -> None:
    listed = {}
    for path in files:
        data = path.read_bytes()
        (folder / path.name).write_bytes(data)
        listed[path.name] = _digest(data)
    (folder / _NOTE).write_text(json.dumps({"version": model, "files": listed}), "utf-8")


def is_of_starter_alone(
    sources: Sources, snapshot: Snapshot, judged: Iterable[str], starter: Snapshot
) -> bool:
    """Whether nothing is learnt here but what the shipped starter teaches.

    ``judged`` are the reviews of which anything is judged. What one says of words of one's own
    in ``kb.toml`` counts too.
    """
    settings, taxonomy = sources.settings, (starter_home() / TAXONOMY).read_bytes()
    taught = (JUDGEMENTS, *TAUGHT, *(f"{review}.json" for review in judged))
    return (
        sources.taxonomy.digest == _digest(taxonomy)
        and not (settings.abbreviations or settings.agencies or sources.sentence_digest)
        and all(snapshot.sha256(name) in ("", starter.sha256(name)) for name in taught)
    )


def _user_caches() -> Path:
    """The folder for caches of whoever runs this program; raises RuntimeError without a home."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    named = Path(os.environ.get("XDG_CACHE_HOME") or "")
    return named if named.is_absolute() else Path.home() / ".cache"


def _name(learnt_from: str) -> str:
    """The digest of what was learnt from, with what and where, so that all digits are the same."""
    learners = [version(name) for name in _LEARNERS]
    made = [learnt_from, sys.version, platform.platform(), platform.node(), *learners]
    return hashlib.sha256(json.dumps(made).encode()).hexdigest()[:32]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
