"""Whether the corpus has changed since a build, told without loading it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.index.manifest import Manifest

_JUDGEMENTS = "judgements.jsonl"


def _files(corpus: Path) -> list[Path]:
    named = (_JUDGEMENTS, "practice.jsonl")
    return [*sorted(corpus.glob("*.json")), *(p for name in named for p in corpus.glob(name))]


def stamp(corpus: Path) -> str:
    """A digest of the names, sizes and times of all files: equal stamps, nothing written."""
    whole = hashlib.sha256()
    for path in _files(corpus):
        stat = path.stat()
        whole.update(f"{path.name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return whole.hexdigest()


def content_digest(corpus: Path, judged_bytes: int | None = None) -> str:
    """SHA-256 over names and contents, in hexadecimal: equal digests, equal corpora.

    With ``judged_bytes`` the judgements are read only so far, as if none had followed.
    """
    whole = hashlib.sha256()
    for path in _files(corpus):
        data = path.read_bytes()
        if path.name == _JUDGEMENTS and judged_bytes is not None:
            data = data[:judged_bytes]
            if not data:
                continue
        whole.update(path.name.encode() + b"\0" + hashlib.sha256(data).digest())
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
