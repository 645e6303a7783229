"""Whether the corpus has changed since a build, told without loading it."""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kb

if TYPE_CHECKING:
    from kb.index.manifest import Manifest

_JUDGEMENTS = "judgements.jsonl"
TAUGHT = ("practice.jsonl", "pairs.jsonl", "practice_pairs.jsonl", "elsewhere.jsonl")
SNAPSHOT = "snapshot.json"
# A file written this shortly before it was looked at may change again without its time changing.
_SETTLED = 2_000_000_000  # nanoseconds


def _files(corpus: Path) -> list[os.DirEntry[str]]:
    """The files of a corpus that count: the reviews by name, then those of judgements."""
    try:
        with os.scandir(corpus) as found:
            files = {file.name: file for file in found}
    except FileNotFoundError:
        return []
    reviews = sorted(name for name in files if name.endswith(".json"))
    others = [name for name in (_JUDGEMENTS, *TAUGHT) if name in files]
    return [files[name] for name in (*reviews, *others)]


@lru_cache(maxsize=1)
def program() -> str:
    """The program's version and, after "+", the digest of its own files.

    What a build keeps of the one before must have been made by the very same program. The starter
    is none of it, wherever it lies: what is learnt from it has a digest of its own.
    """
    folder, whole = Path(kb.__file__).parent, hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.suffix in (".py", ".json", ".yaml") and inside.parts[0] != "starter":
            whole.update(inside.as_posix().encode() + path.read_bytes())
    return f"{kb.__version__}+{whole.hexdigest()[:12]}"


@dataclass(frozen=True)
class Snapshot:
    """The files of a corpus as they were at one time: size, time written and SHA-256 by name.

    One that was saved and loaded has the digests of the names: an index for a shared audience
    must not tell what is unpublished.
    """

    taken: int
    files: dict[str, tuple[int, int, str]]

    @classmethod
    def take(cls, corpus: Path, known: Snapshot | None = None) -> Snapshot:
        """The files as they are now; one that ``known`` has with this size and time is not read."""
        taken, files = time.time_ns(), {}
        for file in _files(corpus):
            stat = file.stat()
            size, written = stat.st_size, stat.st_mtime_ns
            was = known.files.get(_veiled(file.name)) if known else None
            if was and known and was[:2] == (size, written) and written < known.taken - _SETTLED:
                files[file.name] = was
            else:
                whole = hashlib.sha256(Path(file.path).read_bytes()).hexdigest()
                files[file.name] = (size, written, whole)
        return cls(taken, files)

    @classmethod
    def load(cls, folder: Path) -> Snapshot | None:
        """What ``save`` wrote into a generation's folder; None where it cannot be read."""
        try:
            data = json.loads((folder / SNAPSHOT).read_bytes())
            listed = data["files"].items()
            files = {str(name): (int(a), int(b), str(c)) for name, (a, b, c) in listed}
            return cls(int(data["taken"]), files)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def save(self, folder: Path) -> None:
        """Write it into a generation's folder."""
        files = {_veiled(name): file for name, file in self.files.items()}
        data = {"taken": self.taken, "files": dict(sorted(files.items()))}
        (folder / SNAPSHOT).write_text(json.dumps(data), "utf-8")

    def review_ids(self) -> list[str]:
        """The reviews that have a file, in order."""
        return sorted(name[: -len(".json")] for name in self.files if name.endswith(".json"))

    def sha256(self, name: str) -> str:
        """The digest of a file's bytes; empty where there is no such file."""
        return self.files[name][2] if name in self.files else ""

    @cached_property
    def stamp(self) -> str:
        """A digest of the names, sizes and times: equal stamps, nothing written."""
        whole = hashlib.sha256()
        for name, (size, written, _) in self.files.items():
            whole.update(_stamped(name, size, written))
        return whole.hexdigest()

    @cached_property
    def digest(self) -> str:
        """SHA-256 over names and contents, in hexadecimal: equal digests, equal corpora."""
        whole = hashlib.sha256()
        for name, (_, _, content) in self.files.items():
            whole.update(_digested(name, bytes.fromhex(content)))
        return whole.hexdigest()


@lru_cache(maxsize=100_000)
def _veiled(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _stamped(name: str, size: int, written: int) -> bytes:
    return f"{name}\0{size}\0{written}\n".encode()


def _digested(name: str, content: bytes) -> bytes:
    return name.encode() + b"\0" + content


def stamp(corpus: Path) -> str:
    """The stamp of a corpus as it is now (see ``Snapshot.stamp``), for which nothing is read."""
    whole = hashlib.sha256()
    for file in _files(corpus):
        stat = file.stat()
        whole.update(_stamped(file.name, stat.st_size, stat.st_mtime_ns))
    return whole.hexdigest()


def content_digest(corpus: Path, judged_bytes: int | None = None) -> str:
    """The digest of a corpus as it is now (see ``Snapshot.digest``).

    With ``judged_bytes`` the judgements are read only so far, as if none had followed.
    """
    whole = hashlib.sha256()
    for file in _files(corpus):
        data = Path(file.path).read_bytes()
        if file.name == _JUDGEMENTS and judged_bytes is not None:
            data = data[:judged_bytes]
            if not data:
                continue
        whole.update(_digested(file.name, hashlib.sha256(data).digest()))
    return whole.hexdigest()


def judged_mark(data: bytes) -> dict[str, Any]:
    """By what a manifest knows the judgements that it was built from, given their file's bytes."""
    return {"judged_bytes": len(data), "judged_digest": hashlib.sha256(data).hexdigest()}


def is_corpus_fresh(manifest: Manifest, corpus: Path) -> bool:
    """Whether the corpus is as it was built; contents are read only where a file was written."""
    return manifest.corpus_stamp == stamp(corpus) or manifest.corpus_digest == content_digest(
        corpus
    )


def are_reviews_fresh(manifest: Manifest, corpus: Path) -> bool:
    """Whether the corpus is as it was built but for judgements that may have followed."""
    return manifest.corpus_stamp == stamp(corpus) or manifest.corpus_digest == content_digest(
        corpus, manifest.judged_bytes
    )
