"""What every engine must do: one suite for all of them, on answers that can be told by reading.

``test_conformance_any_query.py`` asks them what nobody would think of.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engines import engine_over, index_entries, opened
from factories import make_entry

from kb.model import Entry
from kb.search.engine import FACETS, Engine, Filters, Page, Sort
from kb.search.engines import ENGINES
from kb.search.query import parse

POLICE = ("Kent Police", "police")
HEALTH = ("NHS Kent", "health")

TEXTS = [
    make_entry("Remind staff to use genograms.", themes=("genograms",), agencies=(HEALTH,)),
    make_entry("Leave no telephone answerphone message about abuse.", position=2, year=2019),
    make_entry(
        "The MARAC shall share information with GPs.", position=3, agencies=(POLICE, HEALTH)
    ),
    make_entry("Refer to the Multi-Agency Risk Assessment Conference.", position=4, year=2021),
    make_entry("Officers follow the VCOP (Victim Code of Practice).", position=5, status="ongoing"),
    make_entry("The ICB funds training.", position=6, heading="Housing", action="Buy a genogram."),
    make_entry("The message was left; the answerphone was full.", position=7, status="complete"),
    make_entry(
        "Train police officers in risk.",
        review="south-2022",
        title="Review of Bea",
        year=2022,
        themes=("training", "dash"),
        agencies=(POLICE,),
        publication="unpublished",
        area="Devon",
        scope="local",
    ),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_entries(tmp_path_factory.mktemp("index"), TEXTS)


@pytest.fixture(scope="module", params=ENGINES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def engine(index: Path, name: str) -> Engine:
    return opened(index, name)


@pytest.fixture(scope="module")
def ids(engine: Engine) -> Callable[..., list[str]]:
    def search(text: str, filters: Filters = Filters(), sort: Sort = "relevance") -> list[str]:  # noqa: B008
        found = engine.search(parse(text), filters, sort=sort)
        assert found.total == len(found.hits)
        return [hit.id.removeprefix("north-2020/") for hit in found.hits]

    return search


Search = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("genogram", "1"),
        ("GENOGRAM'S", "1"),
        ('"answerphone message"', "2"),
        ("MARAC GP", "3"),
        ("marac", "3"),
        ("multi-agency risk assessment conference", "4"),
        ("victims code", "5"),
        ("VCOP", "5"),
        ("CCG", "6"),
        ("integrated care board", "6"),
        ("how should police officers be trained in risk?", "south-2022/1"),
        ("about", "2"),
    ],
)
def test_the_right_recommendation_comes_first(ids: Search, query: str, first: str) -> None:
    assert ids(query)[0] == first


def test_an_abbreviation_finds_its_expansion_and_back(ids: Search) -> None:
    assert ids("MARAC") == ["3", "4"]
    assert set(ids("multi-agency risk assessment conference")) >= {"3", "4"}


def test_an_ambiguous_abbreviation_is_not_merged(tmp_path: Path, name: str) -> None:
    texts = [make_entry("DNA was taken."), make_entry("They did not attend.", position=2)]
    engine = engine_over(tmp_path, texts, name)
    assert [hit.row for hit in engine.search(parse("DNA")).hits] == [0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"answerphone message"', {"2"}),
        ('"message answerphone"', set()),
        ("answerphone -telephone", {"7"}),
        ("answerphone NOT telephone", {"7"}),
        ("genogr*", {"1", "6"}),
        ("answerphone AND full", {"7"}),
        ("genogram OR telephone", {"1", "2", "6"}),
        ("(genogram OR telephone) -staff", {"2", "6"}),
        ("answerphone -(telephone full)", set()),
        ("answerphone -(telephone xylophone)", {"7"}),
        ('answerphone -(xylophone "message about")', {"7"}),
        ("heading:housing", {"6"}),
        ('action:"buy a genogram"', {"6"}),
        ("heading:genogram", set()),
        ("theme:genograms", {"1"}),
        ('theme:"DASH and risk"', {"south-2022/1"}),
        ("group:people", {"south-2022/1"}),
        ("agency:police", {"3", "south-2022/1"}),
        ("sector:health -genogram", {"3"}),
        ("year:2019..2021", {"2", "4"}),
        ("year:2020.. refer", {"4"}),
        ("area:devon", {"south-2022/1"}),
        ("status:complete", {"7"}),
        ("theme:nothing", set()),
        ("review:south-2022", {"south-2022/1"}),
        ("xylophone", set()),
        ("answerphone near/3 abuse", {"2"}),
        ("answerphone near/2 abuse", set()),
        ("abuse near/3 answerphone", {"2"}),
        ("answerphone near/1 message", {"2"}),
        ("message near/4 answerphone", {"2", "7"}),
        ('"telephone answerphone" near/2 about', {"2"}),
        ('"telephone answerphone" near/1 telephone', set()),
        ("genogr* near/2 use", {"1"}),
        ("(telephone OR full) near/2 answerphone", {"2", "7"}),
        ("buy near/2 genogram", {"6"}),
        ("training near/9 genogram", set()),
        ("message near/9 answerphone near/1 telephone", {"2"}),
        ("message near/4 answerphone -full", {"2"}),
        ("message near/4 answerphone telephone", {"2", "7"}),
    ],
)
def test_the_query_language_narrows_as_it_says(ids: Search, query: str, found: set[str]) -> None:
    assert set(ids(query)) == found


def test_a_query_without_words_matches_everything_under_the_filters(ids: Search) -> None:
    assert len(ids("")) == len(TEXTS)
    assert ids("", Filters(sector=("police",), theme=("training",))) == ["south-2022/1"]
    assert ids("", Filters(status=("complete", "ongoing"))) == ["5", "7"]
    assert ids("", Filters(year=(2020, None))) == ["4", "south-2022/1"]
    assert ids("risk", Filters(published_only=True)) == ["4"]
    assert ids("", Filters(agency=("kent police",))) == ["3", "south-2022/1"]
    assert ids("", Filters(theme=("unknown",))) == []


def test_sorted_by_newest_and_by_status(ids: Search) -> None:
    assert ids("", sort="newest")[:3] == ["south-2022/1", "4", "2"]
    assert ids("", sort="status")[:2] == ["5", "7"]


def test_each_facet_counts_without_its_own_filter(engine: Engine) -> None:
    page = engine.search(parse(""), Filters(sector=("health",)), facets=FACETS)
    counts = {name: {one.value: one.count for one in page.facets[name]} for name in FACETS}
    assert page.total == 2
    assert counts["sector"] == {"police": 2, "health": 2}
    assert counts["agency"] == {"Kent Police": 1, "NHS Kent": 2}
    assert counts["theme"] == {"genograms": 1}
    assert counts["year"] == {}


def test_every_facet_count_is_what_the_filter_lists(engine: Engine) -> None:
    page = engine.search(parse("the risk genogram"), facets=FACETS)
    for name in FACETS[:-1]:
        for facet in page.facets[name]:
            own: dict[str, Any] = {name: (facet.value,)}
            narrowed = engine.search(parse("the risk genogram"), Filters(**own))
            assert narrowed.total == facet.count


def highlighted(page: Page, entries: list[Entry]) -> list[str]:
    text = entries[page.hits[0].row].recommendation.text
    return [text[start:end] for start, end in page.hits[0].highlights]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("genogram use the", ["use", "genograms"]),
        ('"answerphone message" telephone', ["telephone", "answerphone message"]),
        (
            "risk assessments conference MARAC Refer",
            ["Refer", "Multi-Agency Risk Assessment Conference"],
        ),
        ("victims code", ["VCOP", "Victim Code of Practice"]),
        ("telepho*", ["telephone"]),
        ("telephone -genogram", ["telephone"]),
        ('telephone near/9 "about abuse"', ["telephone", "about abuse"]),
        ("status:complete", []),
    ],
)
def test_highlights_are_the_matched_words(engine: Engine, query: str, words: list[str]) -> None:
    assert highlighted(engine.search(parse(query)), TEXTS) == words


def test_pages_follow_each_other_without_overlap(tmp_path: Path, name: str) -> None:
    texts = [f"Police training {'in risk ' * (n % 3)}." for n in range(700)]
    entries = [make_entry(text, position=n) for n, text in enumerate(texts, 1)]
    engine = engine_over(tmp_path, entries, name)
    query = parse("police training in risk")
    whole = [hit.row for hit in engine.search(query, limit=700).hits]
    pages = [
        hit.row
        for offset in range(0, 700, 70)
        for hit in engine.search(query, limit=70, offset=offset).hits
    ]
    assert pages == whole
    assert sorted(whole) == list(range(700))


def test_an_empty_knowledge_base_finds_nothing(tmp_path: Path, name: str) -> None:
    engine = engine_over(tmp_path, [], name)
    for text in ("", "police", '"a b"', "pol*", "theme:x", "NOT police", "a near/3 b", "the"):
        page = engine.search(parse(text), facets=FACETS)
        assert (page.total, page.hits, set(page.facets.values())) == (0, (), {()})


def test_a_single_recommendation_is_found(tmp_path: Path, name: str) -> None:
    engine = engine_over(tmp_path, [make_entry("Draw a genogram.", themes=("genograms",))], name)
    for text in ("", "genogram", '"draw a genogram"', "gen*", "-police", "draw near/2 genogram"):
        page = engine.search(parse(text), facets=FACETS)
        assert [hit.id for hit in page.hits] == ["north-2020/1"]
        assert page.facets["theme"] == (("genograms", "Genograms", 1),)


def test_closed_and_opened_again_it_answers_the_same(index: Path, name: str) -> None:
    queries = [parse(text) for text in ("genogram", '"answerphone message"', "pol*", "-risk")]
    pages = []
    for _ in range(2):
        engine = opened(index, name)
        pages.append([engine.search(query, facets=FACETS) for query in queries])
        engine.close()
    assert pages[0] == pages[1]


@pytest.mark.parametrize("query", ["", "police", "risk", '"police officers"', "-genogram", "pol*"])
def test_nothing_unpublished_slips_in_where_only_the_published_is_asked_for(
    engine: Engine, query: str
) -> None:
    published = Filters(published_only=True)
    page = engine.search(parse(query), published, limit=99, facets=FACETS)
    hidden = TEXTS[-1]
    assert hidden.id not in {hit.id for hit in page.hits}
    assert engine.count(parse(query), published) == page.total == len(page.hits)
    told = {facet.value for counts in page.facets.values() for facet in counts}
    assert not told & {"Devon", "dash", "training", "2022", "people"}


def test_its_name_is_told_by_its_explanations(engine: Engine, name: str) -> None:
    assert engine.name == engine.explain(parse("risk"), Filters(), []).engine == name


def test_a_pasted_paragraph_finds_its_recommendation(ids: Search) -> None:
    text = (
        "We (the panel) ask that: “no telephone answerphone message about abuse” be left - "
        + "and more " * 150
    )
    assert ids(text)[0] == "2"
