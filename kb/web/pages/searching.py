"""The pages of search: answers, all values of a filter, downloads, and saved searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from starlette.responses import Response

from kb.errors import QueryError, WrongUsage
from kb.library import KnowledgeBase
from kb.library.results import SearchHelp, SearchResult
from kb.library.searches import SavedSearch
from kb.web.files import MEDIA_TYPES, zipped
from kb.web.narrowing import FACETS, LABELS, Narrowing, command
from kb.web.paging import Paging
from kb.web.problems import Problem, status_of
from kb.web.visit import Visit, address

PER_PAGE = 20
PER_CHOICE = 200
SHOWN_VALUES = 8  # of a filter, before all are asked for
SORTS = {"relevance": "Best match", "newest": "Newest review", "status": "Open first"}
_NO_HELP = SearchHelp((), ())


@dataclass(frozen=True)
class Asked:
    """A search as its address has it."""

    words: str
    narrowing: Narrowing
    sort: Any
    page: int

    @classmethod
    def of(cls, visit: Visit) -> Asked:
        """What the address asks."""
        sort = visit.one("sort")
        return cls(
            words=visit.one("q"),
            narrowing=Narrowing.of(visit),
            sort=sort if sort in SORTS else "relevance",
            page=visit.number("page", 1, 100_000),
        )

    @property
    def query(self) -> dict[str, Any]:
        """The search as it stands in an address, without its page."""
        sort = "" if self.sort == "relevance" else self.sort
        return {"q": self.words, **self.narrowing.query, "sort": sort}


def search(visit: Visit) -> Response:
    """The answers of a search, with filters beside them."""
    return _page(visit, Asked.of(visit))


def _page(visit: Visit, asked: Asked, problems: Sequence[Problem] = ()) -> Response:
    """The page of a search; where a filter cannot be, without answers, to be mended."""
    base, wrong = visit.base, list[Problem]()
    try:
        result = _found(base, asked, asked.narrowing)
    except QueryError as error:
        wrong = asked.narrowing.problems(base) or [Problem.of(error, "q")]
        left = asked.narrowing.without({problem.field for problem in wrong})
        result = _found(base, asked, left)
    told = [*problems, *wrong]
    return visit.page(
        "search.html",
        status=status_of(told),
        asked=asked,
        result=result,
        problems=told,
        is_answered=not wrong,
        name=visit.one("name", 400),
        help=base.help_with(result) if asked.words and not wrong else _NO_HELP,
        chips=asked.narrowing.chips(base),
        facets=_facets(base, result, _unknown(asked.narrowing, wrong)),
        paging=Paging(asked.page, PER_PAGE, result.total, "/search", asked.query),
        sorts=SORTS,
        themes=theme_names(visit),
    )


def _found(base: KnowledgeBase, asked: Asked, narrowing: Narrowing) -> SearchResult:
    return base.search(
        asked.words,
        limit=PER_PAGE,
        offset=(asked.page - 1) * PER_PAGE,
        sort=asked.sort,
        facets=FACETS,
        **narrowing.filters,
    )


def _unknown(narrowing: Narrowing, wrong: Sequence[Problem]) -> dict[str, list[str]]:
    """The chosen values of the filters that cannot be, as they were typed."""
    fields = {problem.field for problem in wrong}
    return {name: held for name, held in narrowing.values.items() if name in fields}


@dataclass(frozen=True)
class _Facet:
    name: str
    label: str
    shown: list[Any]
    chosen: tuple[str, ...]
    more: int


def _facets(
    base: KnowledgeBase, result: SearchResult, unknown: Mapping[str, list[str]]
) -> list[_Facet]:
    """The filters with their most frequent values, those that are chosen always among them."""
    facets = []
    for name in FACETS:
        typed = unknown.get(name, [])
        counts = result.facets[name]
        chosen = (*result.filters.values().get(name, ()), *typed)
        counted = {one.value for one in counts}
        missed = [
            (*one, 0) for one in base.values(name) if one[0] in chosen and one[0] not in counted
        ]
        known = {value for value, _ in base.values(name)} if typed else set()
        missed += [(value, value, 0) for value in typed if value not in known]
        shown = [*counts[:SHOWN_VALUES], *(c for c in counts[SHOWN_VALUES:] if c.value in chosen)]
        more = len(counts) - len(shown)
        facets.append(_Facet(name, LABELS[name], [*shown, *missed], chosen, more))
    return [facet for facet in facets if facet.shown]


def theme_names(visit: Visit) -> dict[str, str]:
    """The names of the themes by id."""
    return {theme.id: theme.name for theme in visit.base.taxonomy.themes()}


def choices(visit: Visit) -> Response:
    """All values of one filter for a search, each a link that chooses it."""
    asked = Asked.of(visit)
    name = visit.one("field")
    if name not in LABELS:
        raise QueryError("there is no such filter", hint="Choose one beside the search.")
    result = visit.base.search(asked.words, limit=1, facets=[name], **asked.narrowing.filters)
    chosen = asked.narrowing.values.get(name, [])
    counts = [one for one in result.facets[name] if one.value not in chosen]
    counts.sort(key=lambda one: one.name.casefold())
    query = {**asked.query, "field": name}
    page = min(asked.page, max(1, -(-len(counts) // PER_CHOICE)))
    paging = Paging(page, PER_CHOICE, len(counts), "/search/choices", query)
    links = [
        (one, address("/search", {**asked.query, name: [*chosen, one.value]}))
        for one in counts[paging.start - 1 : paging.end]
    ]
    return visit.page(
        "choices.html", asked=asked, label=LABELS[name], links=links, paging=paging, result=result
    )


def download(visit: Visit) -> Response:
    """Everything that a search finds, as a file, with its codebook."""
    asked = Asked.of(visit)
    wanted = visit.one("format")
    narrowing = asked.narrowing
    words = ["search", *([asked.words] if asked.words else []), *narrowing.options()]
    files = visit.base.export(
        wanted, command=command(*words), query=asked.words, **narrowing.filters
    )
    if len(files) == 1:
        ((name, data),) = files.items()
        return visit.file(data, name, MEDIA_TYPES[name.rpartition(".")[2]])
    return visit.file(zipped(files), f"recommendations-{wanted}.zip", MEDIA_TYPES["zip"])


# Saved searches -------------------------------------------------------------------------------


def searches(visit: Visit) -> Response:
    """The saved searches, each with what it finds now and what is new of that."""
    held = visit.base.searches
    told = [_told(visit, saved, held.told(saved)) for saved in held.all()]
    return visit.page("searches.html", told=told, done=visit.one("done"))


def _told(visit: Visit, saved: SavedSearch, shown: SavedSearch) -> dict[str, Any]:
    """A saved search, as it is ``shown`` to this audience."""
    query = {"q": shown.query, **shown.filters, "sort": shown.sort}
    told: dict[str, Any] = {"saved": shown, "address": address("/search", query), "problem": None}
    try:
        total, new = visit.base.searches.now(saved)
    except QueryError as error:
        return {**told, "problem": error.message, "total": 0, "new": ()}
    return {**told, "total": total, "new": new}


def save(visit: Visit) -> Response:
    """Save a search under a name."""
    asked = Asked.of(visit)
    result = visit.base.search(asked.words, limit=1, sort=asked.sort, **asked.narrowing.filters)
    try:
        visit.base.searches.save(visit.one("name", 400), result, cast("Any", asked.sort))
    except WrongUsage as error:
        return _page(visit, asked, [Problem.of(error, "name")])
    return visit.to("/searches?done=saved")


def change_saved(visit: Visit) -> Response:
    """Forget a saved search, or count all that it finds as seen."""
    searches = visit.base.searches
    name = visit.one("name", 200)
    if visit.one("do") == "remove":
        searches.remove(name)
        return visit.to("/searches?done=removed")
    searches.look_at(searches.runnable(name))
    return visit.to("/searches?done=seen")
