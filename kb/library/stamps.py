"""Whether the corpus has changed since a build, told without loading it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.index.manifest import Manifest


def _files(corpus: Path) -> list[Path]:
    named = ("judgements.jsonl", "practice.jsonl")
    return [*sorted(corpus.glob("*.json")), *(p for name in named for p in corpus.glob(name))]


def stamp(corpus: Path) -> str:
    """A digest of the names, sizes and times of all files: equal stamps, nothing written."""
    whole = hashlib.sha256()
    for path in _files(corpus):
        stat = path.stat()
        whole.update(f"{path.name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return whole.hexdigest()


def content_digest(corpus: Path) -> str:
    """SHA-256 over names and contents, in hexadecimal: equal digests, equal corpora."""
    whole = hashlib.sha256()
    for path in _files(corpus):
        whole.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def is_corpus_fresh(manifest: Manifest, corpus: Path) -> bool:
    """Whether the corpus is as it was built; contents are read only where a file was written."""
    return manifest.corpus_stamp == stamp(corpus) or manifest.corpus_digest == content_digest(
        corpus
    )
