"""What holds of every engine for every query whatever."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from engines import index_entries, opened
from factories import make_entry
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.search.advice import advise
from kb.search.correcting import corrections
from kb.search.engine import FACETS, Engine, Filters, Sort
from kb.search.engines import ENGINES
from kb.search.indexing import texts_of
from kb.search.query import Query, parse
from kb.search.wording import written
from kb.text.tokens import tokenise

POLICE, HEALTH = ("Kent Police", "police"), ("NHS Kent", "health")
ENTRIES = [
    make_entry("Draw a genogram with the family.", themes=("genograms",), agencies=(HEALTH,)),
    make_entry("The MARAC shall hear of risk.", position=2, status="complete", year=2019),
    make_entry("A duty worker on call; a worker of risk.", position=3, agencies=(POLICE, HEALTH)),
    make_entry("Train officers in behaviour.", position=4, heading="Housing", scope="local"),
    make_entry("A coordinator to e-mail, the co-ordinators to follow up.", position=5),
    make_entry(
        "Police risk training.",
        review="south-2022",
        title="Review of Bea",
        year=2022,
        area="Devon",
        kind="SAR",
        themes=("training", "dash"),
        agencies=(POLICE,),
        publication="unpublished",
    ),
]
PIECES = (
    "police risk genogram genagram family the of MARAC behavior worker duty xyzzy training A&E 2019"
    ' "risk "duty worker" ( ) OR AND NOT - -risk * gen* tr* near/3 near/0 near/ NEAR/99 theme:dash'
    ' co-ordinator coordinat* "follow up" followup e-mail'
    " theme: group:people sector:health agency:kent area:devon kind:sar status:complete scope:local"
    " year:2019.. year:2019..2022 year:x review:south-2022 heading:housing action:x outcome: 😀 , :"
).split(" ")
QUERIES = st.text(max_size=80) | st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)
VALUES = {
    "theme": ("genograms", "training", "dash"),
    "sector": ("police", "health"),
    "area": ("Devon",),
    "status": ("complete",),
}


def values(field: str) -> list[tuple[str, str]]:
    return [(value, value) for value in VALUES.get(field, ())]


FILTERS = st.builds(
    Filters,
    theme=st.lists(st.sampled_from(VALUES["theme"]), max_size=2).map(tuple),
    sector=st.lists(st.sampled_from(VALUES["sector"]), max_size=2).map(tuple),
    status=st.lists(st.sampled_from(VALUES["status"]), max_size=1).map(tuple),
    year=st.none() | st.just((2019, None)) | st.just((None, 2020)),
    published_only=st.booleans(),
)
often = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_entries(tmp_path_factory.mktemp("index"), ENTRIES)


@pytest.fixture(scope="module")
def engines(index: Path) -> list[Engine]:
    return [opened(index, name) for name in ENGINES]


@pytest.fixture(scope="module", params=range(len(ENGINES)), ids=ENGINES)
def engine(engines: list[Engine], request: pytest.FixtureRequest) -> Engine:
    position: int = request.param
    return engines[position]


@often
@given(QUERIES, FILTERS, st.sampled_from(["relevance", "newest", "status"]))
def test_all_engines_give_the_same_page(
    engines: list[Engine], text: str, filters: Filters, sort: Sort
) -> None:
    query = parse(text)
    pages = [engine.search(query, filters, sort=sort, facets=FACETS) for engine in engines]
    assert all(page == pages[0] for page in pages)


def test_all_engines_find_every_run_of_words_in_every_field(engines: list[Engine]) -> None:
    for entry in ENTRIES:
        for text in texts_of(entry).values():
            words = [token.text for token in tokenise(text)]
            for first, size in product(range(len(words)), (1, 2, 3)):
                run = " ".join(words[first : first + size])
                for typed in (f'"{run}"', f'heading:"{run}"', f'action:"{run}"', f"{run[:4]}*"):
                    query = parse(typed)
                    assert len({engine.count(query) for engine in engines}) == 1, typed


@often
@given(QUERIES, FILTERS)
def test_any_text_is_answered_counted_helped_with_and_explained(
    engine: Engine, text: str, filters: Filters
) -> None:
    query = parse(text)
    page = engine.search(query, filters, limit=len(ENTRIES), facets=FACETS)
    assert engine.count(query, filters) == page.total == len(page.hits)
    for hit in page.hits:
        ends = [end for span in hit.highlights for end in span]
        assert ends == sorted(ends)
        assert min(ends, default=0) >= 0
        assert max(ends, default=0) <= len(ENTRIES[hit.row].recommendation.text)
        assert not (filters.published_only and hit.id == "south-2022/1")
    for mended in corrections(engine, query, filters, page.total, values):
        assert engine.count(parse(mended), filters) > 0
    if not page.total:
        for advice in advise(engine, query, filters):
            assert advice.words
    why = engine.explain(query, filters, [hit.row for hit in page.hits])
    for hit, reasons in zip(page.hits, why.hits, strict=True):
        assert sum(reason.score for reason in reasons) == pytest.approx(hit.score, abs=1e-9)


@often
@given(QUERIES, FILTERS)
def test_any_count_of_a_filter_is_what_listing_gives(
    engine: Engine, text: str, filters: Filters
) -> None:
    query = parse(text)
    page = engine.search(query, filters, facets=FACETS)
    for name in FACETS:
        for facet in page.facets[name]:
            years = (int(facet.value), int(facet.value)) if name == "year" else None
            chosen: dict[str, Any] = {name: years or (facet.value,)}
            assert engine.count(query, replace(filters, **chosen)) == facet.count > 0


@often
@given(QUERIES, FILTERS, st.integers(1, 3), st.sampled_from(["relevance", "newest", "status"]))
def test_pages_put_together_are_the_whole_list(
    engine: Engine, text: str, filters: Filters, limit: int, sort: Sort
) -> None:
    query = parse(text)
    whole = engine.search(query, filters, limit=99, sort=sort)
    pages = [
        hit
        for offset in range(0, len(ENTRIES), limit)
        for hit in engine.search(query, filters, limit=limit, offset=offset, sort=sort).hits
    ]
    assert pages == list(whole.hits)


@often
@given(QUERIES)
def test_a_query_written_out_finds_the_same_again(engine: Engine, text: str) -> None:
    root = parse(text).root
    again = parse(written(root))
    if not again.notes:  # a long one may be read as a sentence
        assert engine.count(again) == engine.count(Query(text, root))
