"""The folder of a knowledge base: people's files and the index, each read when first asked for."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kb.library.home import TAXONOMY, create_home, find_home
from kb.settings import Settings, load_settings

if TYPE_CHECKING:
    from kb.corpus import Corpus
    from kb.library.opened import OpenIndex
    from kb.library.sources import Sources
    from kb.model import Taxonomy
    from kb.tagging.combine import Tagger
    from kb.taxonomy import TaxonomyFile
    from kb.text.abbreviations import Abbreviations
    from kb.text.agencies import Agencies

_READ_FROM_FILES = ("settings", "taxonomy_file", "abbreviations", "agencies", "index", "tagger")


class Folder:
    """What a knowledge base is made of."""

    def __init__(self, home: Path) -> None:
        """Hold a folder that is known to be a knowledge base; use ``KnowledgeBase.open``."""
        self.home = home
        self.index_dir = home / "index"

    @classmethod
    def open(cls, path: str | Path | None = None) -> Self:
        """The knowledge base at ``path``, else at ``KB_HOME``, else in the nearest folder upwards.

        Raises HomeNotFound.
        """
        return cls(find_home(Path(path) if path is not None else None))

    @classmethod
    def create(cls, folder: str | Path, *, with_starter: bool = False) -> Self:
        """A new knowledge base in a new or empty folder, with the shipped taxonomy."""
        return cls(create_home(Path(folder), with_starter=with_starter))

    @cached_property
    def settings(self) -> Settings:
        """What ``kb.toml`` says."""
        return load_settings(self.home)

    @cached_property
    def corpus(self) -> Corpus:
        """The people's files."""
        from kb.corpus import Corpus

        return Corpus(self.home / "corpus")

    @cached_property
    def taxonomy_file(self) -> TaxonomyFile:
        """``taxonomy.yaml`` as read; raises TaxonomyError where it has a fault."""
        from kb.library.compiled import kept_taxonomy

        return kept_taxonomy(self.index_dir, self.home / TAXONOMY)

    @property
    def taxonomy(self) -> Taxonomy:
        """The groups and themes."""
        return self.taxonomy_file.model

    @cached_property
    def abbreviations(self) -> Abbreviations:
        """The shipped abbreviations with this knowledge base's own."""
        from kb.text.abbreviations import load_abbreviations

        return load_abbreviations(self.settings.abbreviations)

    @cached_property
    def agencies(self) -> Agencies:
        """The shipped agencies with this knowledge base's own."""
        from kb.text.agencies import load_agencies

        return load_agencies(self.settings.agencies)

    @property
    def sources(self) -> Sources:
        """Everything that a build reads."""
        from kb.library.sources import Sources

        return Sources(
            self.corpus, self.taxonomy_file, self.settings, self.abbreviations, self.agencies
        )

    @cached_property
    def index(self) -> OpenIndex:
        """The current generation of the index; raises IndexMissing or IndexUnreadable.

        For a shared audience one that holds what is not published is IndexMissing too.
        """
        from kb.library.freshness import refuse_unpublished
        from kb.library.opened import OpenIndex

        opened = OpenIndex.open(self.index_dir)
        if self.published_only:
            refuse_unpublished(self, opened)
        return opened

    @property
    def published_only(self) -> bool:
        """Whether unpublished reviews are left out everywhere."""
        return self.settings.audience == "shared"

    def is_stale(self) -> bool:
        """Whether the people's files have changed since the index was built."""
        return self.has_changed() or self.judged_since_build() > 0

    def judged_since_build(self) -> int:
        """How many recommendations people judged since the index was built.

        Their tags show at once; filters, counts and ranking follow at the next build, which learns
        from them. 0 where the file of judgements was rewritten since: ``has_changed`` says so.
        """
        from kb.library.since import judged_since_build

        return judged_since_build(self)

    def has_changed(self) -> bool:
        """Whether anything but judgements has changed since the index was built."""
        from kb.library.freshness import has_changed

        return has_changed(self)

    @cached_property
    def tagger(self) -> Tagger:
        """The rules of the taxonomy with the model of the current index."""
        from kb.library.compiled import MODEL
        from kb.library.keeping import load_tagger

        return load_tagger(self.index.generation.folder / MODEL, self.sources)

    def forget(self) -> None:
        """Let go of what was read from files, so that it is read as they are now."""
        for name in _READ_FROM_FILES:
            self.__dict__.pop(name, None)
