"""Saved searches: what somebody looks for again and again, and which answers they have seen.

They are people's data: ``searches.json`` beside ``taxonomy.yaml``, one line for each review of
which something was seen, so that git shows what changed::

    {"searches": {"genograms": {"query": "genogram", "filters": {"status": ["complete"]},
                                "sort": "relevance", "seen": {"harrowdale-02": "4 17"}}}}
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.errors import CorpusError, NotFound, QueryError, WrongUsage
from kb.files import locked_folder, write_atomically
from kb.search.engine import VALUE_FILTERS, Filters
from kb.text.normalise import fold

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.library.results import FoundRecommendation, SearchResult
    from kb.search.engine import Hit, Sort
    from kb.search.query import Field

NAME = "searches.json"
LONGEST_NAME = 60
PATIENCE = 30.0  # seconds that a writer waits for another
HOW_TO_SAVE = "Save one with: kb search … --save NAME"
_LEFT_OUT = "…"
_SORTS = ("relevance", "newest", "status")


@dataclass(frozen=True)
class SavedSearch:
    """A search under a name; ``filters`` are as ``KnowledgeBase.search`` takes them.

    ``seen`` are the ids of the recommendations that it has shown.
    """

    name: str
    query: str
    filters: dict[str, Any]
    sort: Sort
    seen: frozenset[str]

    def as_json(self) -> dict[str, Any]:
        """``{name, query, filters, sort}``."""
        return {
            "name": self.name,
            "query": self.query,
            "filters": self.filters,
            "sort": self.sort,
        }


class Searches:
    """The saved searches of a knowledge base."""

    def __init__(self, base: KnowledgeBase) -> None:
        """Hold the knowledge base; nothing is read yet."""
        self._base = base
        self.path = base.home / NAME

    def all(self) -> list[SavedSearch]:
        """Every saved search, by name; raises CorpusError where the file cannot be read."""
        return sorted(_read(self.path), key=lambda saved: saved.name)

    def get(self, name: str) -> SavedSearch:
        """One saved search; raises NotFound with the nearest names."""
        known = {saved.name: saved for saved in self.all()}
        if name in known:
            return known[name]
        near = difflib.get_close_matches(name, known, n=3) or list(known)[:3]
        hint = (
            f"The nearest are: {', '.join(near)}" if near else "Save one with: kb search … --save"
        )
        raise NotFound(f"there is no saved search {name!r}", hint=hint)

    def save(self, name: str, result: SearchResult, sort: Sort) -> bool:
        """Save a search that was run, all of its answers as seen; whether it replaced another.

        Raises WrongUsage for what cannot be a name.
        """
        _check_name(name)
        filters: dict[str, Any] = {f: list(v) for f, v in result.filters.values().items()}
        if result.filters.year is not None:
            from kb.search.wording import written_years

            filters["year"] = written_years(*result.filters.year)
        saved = SavedSearch(name, result.query, filters, sort, frozenset())
        saved = replace(saved, seen=frozenset(hit.id for hit in self._hits(saved)))
        with locked_folder(self._base.home, patience=PATIENCE):
            before = _read(self.path)
            _write(self.path, [*(one for one in before if one.name != name), saved])
        return any(one.name == name for one in before)

    def runnable(self, name: str) -> SavedSearch:
        """One saved search, to be run; raises NotFound, and QueryError where it may not be told."""
        saved = self.get(name)
        if self.told(saved) != saved:
            raise QueryError(
                f"the saved search {name!r} asks for what is not shown here",
                place=NAME,
                hint='It can be run where kb.toml has: audience = "own"',
            )
        return saved

    def told(self, saved: SavedSearch) -> SavedSearch:
        """A search as the audience may read it: what nothing shown to it has is left out, as …"""
        if not self._base.published_only:
            return saved
        from kb.search.query import facets_of, parse

        filters = {
            field: values if field == "year" else [self._value(field, one) for one in values]
            for field, values in saved.filters.items()
        }
        facets = [node for node in facets_of(parse(saved.query).root) if not self._finds(node)]
        return replace(saved, query=_LEFT_OUT if facets else saved.query, filters=filters)

    def _value(self, field: str, value: str) -> str:
        known = {fold(form) for pair in self._base.values(field) for form in pair}
        return value if fold(value) in known else _LEFT_OUT

    def _finds(self, node: Field) -> bool:
        from kb.search.query import Query

        return self._base.index.engine.count(Query("", node), Filters(published_only=True)) > 0

    def remove(self, name: str) -> None:
        """Forget a saved search; raises NotFound."""
        with locked_folder(self._base.home, patience=PATIENCE):
            self.get(name)
            _write(self.path, [one for one in _read(self.path) if one.name != name])

    def now(self, saved: SavedSearch) -> tuple[int, tuple[FoundRecommendation, ...]]:
        """How many a saved search finds, and what of that came in since it was last looked at.

        Raises QueryError where a filter's value is no longer stored, or may not be told.
        """
        from kb.library.searching import found

        if self.told(saved) != saved:
            raise QueryError("asks for what is not shown here")
        hits = self._hits(saved)
        new = [hit for hit in hits if hit.id not in saved.seen]
        met = {hit.id: hit.highlights for hit in self._highlighted(saved, new)}
        return len(hits), found(self._base, [replace(hit, highlights=met[hit.id]) for hit in new])

    def look_at(self, saved: SavedSearch) -> None:
        """Count all that a saved search finds now as seen."""
        ids = frozenset(hit.id for hit in self._hits(saved))
        records = self._base.index.records
        with locked_folder(self._base.home, patience=PATIENCE):
            every = {one.name: one for one in _read(self.path)}
            if saved.name not in every:
                return
            stored = {i for i in every[saved.name].seen if records.row(i) is not None}
            every[saved.name] = replace(every[saved.name], seen=ids | stored)
            _write(self.path, list(every.values()))

    def forget_review(self, review_id: str) -> None:
        """Leave nothing of a review that is taken out of the knowledge base."""
        with locked_folder(self._base.home, patience=PATIENCE):
            before = _read(self.path)
            after = [
                replace(one, seen=frozenset(i for i in one.seen if _review_of(i) != review_id))
                for one in before
            ]
            if after != before:
                _write(self.path, after)

    def _hits(self, saved: SavedSearch) -> Sequence[Hit]:
        from kb.search.query import parse

        limit = max(1, len(self._base.index.records))
        page = self._base.index.engine.search(
            parse(saved.query), self._filters(saved), limit=limit, sort=saved.sort, highlight=False
        )
        return page.hits

    def _highlighted(self, saved: SavedSearch, hits: Sequence[Hit]) -> Sequence[Hit]:
        """These hits, and others of their reviews, with what of their texts was met."""
        from kb.search.query import parse

        if not hits:
            return ()
        reviews = tuple({_review_of(hit.id) for hit in hits})
        filters = replace(self._filters(saved), review=reviews)
        limit = max(1, len(self._base.index.records))
        page = self._base.index.engine.search(parse(saved.query), filters, limit=limit)
        return page.hits

    def _filters(self, saved: SavedSearch) -> Filters:
        base = self._base
        return base.index.filters(saved.filters, published_only=base.published_only)


def _check_name(name: str) -> None:
    if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME:
        raise WrongUsage(
            f"{name!r} cannot be the name of a search",
            hint=f"Name it with up to {LONGEST_NAME} characters, none of them a space at an end.",
        )
    if not name.isprintable():
        raise WrongUsage(
            f"{name!r} cannot be the name of a search", hint="Leave out what cannot be printed."
        )


def _review_of(identity: str) -> str:
    return identity.rpartition("/")[0]


def _read(path: Path) -> list[SavedSearch]:
    try:
        data = json.loads(path.read_text("utf-8"))
        return [_search(name, one) for name, one in data["searches"].items()]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CorpusError(
            f"the saved searches cannot be read ({type(error).__name__}: {error})",
            place=str(path),
            hint="Mend it there, or move the file away and save your searches again.",
        ) from error


def _search(name: str, data: dict[str, Any]) -> SavedSearch:
    query, filters, sort = data["query"], data["filters"], data["sort"]
    years = filters.get("year")
    unknown = [field for field in filters if field not in (*VALUE_FILTERS, "year")]
    if unknown:
        raise ValueError(f"the search {name!r} has a filter that is none: {unknown[0]!r}")
    lists = [value for field, value in filters.items() if field != "year"]
    if not isinstance(query, str) or sort not in _SORTS or not isinstance(years, str | None):
        raise ValueError(f"the search {name!r} has a query, a sort or a year that is none")
    if not all(isinstance(one, list) and all(isinstance(v, str) for v in one) for one in lists):
        raise ValueError(f"the search {name!r} has a filter that is no list of texts")
    seen = [(review, at) for review, held in data["seen"].items() for at in held.split()]
    if not all(at.isdecimal() for _, at in seen):
        raise ValueError(f"the search {name!r} has seen what is no position in a review")
    return SavedSearch(
        name, query, filters, sort, frozenset(f"{review}/{at}" for review, at in seen)
    )


def _write(path: Path, searches: Iterable[SavedSearch]) -> None:
    data = {
        one.name: {
            "query": one.query,
            "filters": one.filters,
            "sort": one.sort,
            "seen": _by_review(one.seen),
        }
        for one in sorted(searches, key=lambda one: one.name)
    }
    text = json.dumps({"searches": data}, ensure_ascii=False, indent=1)
    write_atomically(path, f"{text}\n".encode())


def _by_review(seen: Iterable[str]) -> dict[str, str]:
    """The positions of what was seen, ``"4 17"``, by review."""
    held: dict[str, list[int]] = {}
    for identity in seen:
        review, _, position = identity.rpartition("/")
        held.setdefault(review, []).append(int(position))
    return {review: " ".join(map(str, sorted(held[review]))) for review in sorted(held)}
