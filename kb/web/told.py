"""Errors as a reader of pages is told them: without paths, and without commands to type."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.errors import (
    ChangedMeanwhile,
    CorpusError,
    DocumentError,
    HomeNotFound,
    IndexMissing,
    IndexUnreadable,
    KnowledgeBaseError,
    NotFound,
    SettingsError,
    StorageError,
    TaxonomyError,
)

_STATUS: tuple[tuple[type[KnowledgeBaseError], int], ...] = (
    (NotFound, 404),
    (ChangedMeanwhile, 409),
    (DocumentError, 422),
    (IndexMissing, 503),
    (IndexUnreadable, 503),
    (StorageError, 503),
    (HomeNotFound, 503),
    (SettingsError, 503),
    (TaxonomyError, 503),
    (CorpusError, 503),
)
_NEXT: tuple[tuple[type[KnowledgeBaseError], str], ...] = (
    (NotFound, "Search for it, or go back and try another."),
    (DocumentError, "Nothing was stored. Mend the document, or save it in another format."),
    (IndexMissing, "Build the index; then this page answers."),
    (IndexUnreadable, "Build the index anew; then this page answers."),
    (HomeNotFound, "Whoever runs this site has to mend that."),
    (SettingsError, "Whoever keeps the settings has to mend them."),
    (TaxonomyError, "Whoever keeps the taxonomy has to mend it."),
    (CorpusError, "Whoever keeps these files has to mend it."),
    (StorageError, "Nothing was changed. Try again in a minute."),
)
_TYPED = re.compile(r"\bkb [a-z]|(?<!\w)--\w|\bkb\.toml\b|KB_")
_FOLDERS = re.compile(r"(?<!\w)(?:[A-Za-z]:)?[\\/](?:[^\\/\s:,]+[\\/])+")
_ID = re.compile(r"[a-z0-9-]*[0-9/]")


@dataclass(frozen=True)
class Told:
    """An error in words: its status of HTTP, what is wrong, and what to do."""

    status: int
    message: str
    hint: str


def told(error: KnowledgeBaseError) -> Told:
    """The error for a page; folders of the server's machine are left out."""
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
    own = next(
        (hint for kind, hint in _NEXT if isinstance(error, kind)), "Change it and try again."
    )
    place = error.place if isinstance(error, DocumentError) else None
    message = f"{place}: {_sentence(error.message)}" if place else _sentence(error.message)
    hint = error.hint or own
    if _TYPED.search(hint):
        kept = [part for part in re.split(r"(?<=[.?!])\s+|\n", hint) if not _TYPED.search(part)]
        hint = " ".join(kept) or own
    return Told(status, without_folders(message), without_folders(hint))


def without_folders(words: str) -> str:
    """Words in which files of the server's machine stand by their names alone."""
    return _FOLDERS.sub("", words)


def _sentence(words: str) -> str:
    words = words.strip()
    end = "" if words.endswith((".", "?", "!", "…")) else "."
    first = words[:1] if _ID.match(words) else words[:1].upper()
    return f"{first}{words[1:]}{end}"
