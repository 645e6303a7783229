"""Every error that this program raises on purpose.

    KnowledgeBaseError
    ├── HomeNotFound            no knowledge base here
    ├── CorpusError             a review, the judgements or the searches cannot be read or written
    ├── TaxonomyError           taxonomy.yaml has a fault
    ├── SettingsError           kb.toml has a fault
    ├── DocumentError           a document cannot be read
    │   ├── UnsupportedDocument     a type of file that is not read
    │   ├── DamagedDocument         the file is not what its name says, or is broken
    │   ├── ScannedDocument         its pages are pictures: there is no text to read
    │   └── NoRecommendations       read, but nothing in it is a recommendation
    ├── NotFound                no such recommendation, review, theme or saved search
    ├── QueryError              a filter that cannot be understood
    ├── IndexMissing            nothing has been built yet
    ├── IndexUnreadable         the index is damaged or from another version
    ├── BuildInterrupted        a build was stopped; the index before it still stands
    ├── ChangedMeanwhile        somebody else changed it after it was shown
    ├── StorageError            the disk is full, or may not be written to
    │   └── BuildRunning            another build holds the index
    └── WrongUsage              options or arguments that do not go together

A message names the value, its place and the next step. Errors of other libraries never leave the
layer that calls them.
"""

from __future__ import annotations

from collections.abc import Mapping


class KnowledgeBaseError(Exception):
    """Something that the user can mend, told in words."""

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        place: str | None = None,
        hint: str | None = None,
        field: str | None = None,
    ) -> None:
        """Keep the message, the place it is about and the next step apart.

        ``place`` is a file, a line or a cell in words; ``hint`` is the next step; ``field`` is the
        name of the one filter, option or fact that cannot be so.
        """
        self.message = message
        self.place = place
        self.hint = hint
        self.field = field
        super().__init__(str(self))

    @property
    def told(self) -> str:
        """The place and the message, without the next step."""
        return f"{self.place}: {self.message}" if self.place else self.message

    def __str__(self) -> str:
        return f"{self.told}\n{self.hint}" if self.hint else self.told


class HomeNotFound(KnowledgeBaseError):
    """There is no knowledge base at this place."""


class CorpusError(KnowledgeBaseError):
    """A file of the corpus, or the saved searches, cannot be read or written."""


class TaxonomyError(KnowledgeBaseError):
    """The taxonomy has a fault."""


class SettingsError(KnowledgeBaseError):
    """``kb.toml`` has a fault."""


class DocumentError(KnowledgeBaseError):
    """A document cannot be read."""


class UnsupportedDocument(DocumentError):
    """This type of file is not read."""


class DamagedDocument(DocumentError):
    """The file is broken, or is not what its name says."""


class ScannedDocument(DocumentError):
    """The pages print no text that can be read: they are pictures, or their letters are unknown."""

    def __init__(
        self,
        message: str,
        *,
        place: str | None = None,
        hint: str | None = None,
        pages: Mapping[int, str] | None = None,
    ) -> None:
        """``pages`` (number: why) are those whose text is asked for, where OCR was not tried."""
        super().__init__(message, place=place, hint=hint)
        self.pages = dict(pages or {})


class NoRecommendations(DocumentError):
    """The document was read, and holds no recommendation."""


class NotFound(KnowledgeBaseError):
    """No recommendation, review, theme, agency or saved search has this name."""


class QueryError(KnowledgeBaseError):
    """A filter of a query cannot be understood."""


class IndexMissing(KnowledgeBaseError):
    """Nothing has been built yet."""


class IndexUnreadable(KnowledgeBaseError):
    """The index is damaged, or was made by another version."""


class BuildInterrupted(KnowledgeBaseError):
    """A build was stopped before its end; what stood before it still stands."""


class ChangedMeanwhile(KnowledgeBaseError):
    """What was shown to somebody is not what stands there now; nothing of theirs was stored."""


class StorageError(KnowledgeBaseError):
    """The disk is full, or this place may not be written to."""


class BuildRunning(StorageError):
    """Another build holds the index; one runs at a time."""


class WrongUsage(KnowledgeBaseError):
    """Options or arguments that do not go together."""

    exit_code = 2
