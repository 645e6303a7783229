from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from factories import make_entry, make_taxonomy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.errors import IndexUnreadable
from kb.index.postings import Postings
from kb.index.records import Records, write_records
from kb.index.wording import FIELDS
from kb.model import Entry
from kb.search.array_text import ArrayText
from kb.search.engine import FACETS, Filters, Page, Sort
from kb.search.indexing import build_search
from kb.search.query import parse
from kb.search.spelling import stem
from kb.search.whoosh_engine import WhooshEngine
from kb.search.whoosh_text import WhooshText
from kb.text.abbreviations import load_abbreviations
from kb.text.tokens import tokenise

TESTS = Path(__file__).resolve().parents[1]
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


def open_engine(folder: Path, entries: Iterable[Entry]) -> WhooshEngine:
    kept = list(entries)
    write_records(folder, kept, make_taxonomy())
    build_search(folder, kept, load_abbreviations())
    engine = WhooshEngine.open(folder, Records.open(folder))
    engine.check()
    return engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    return open_engine(tmp_path_factory.mktemp("index"), TEXTS)


@pytest.fixture(scope="module")
def ids(engine: WhooshEngine) -> Callable[..., list[str]]:
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


def test_an_ambiguous_abbreviation_is_not_merged(tmp_path: Path) -> None:
    engine = open_engine(
        tmp_path, [make_entry("DNA was taken."), make_entry("They did not attend.", position=2)]
    )
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


def test_each_facet_counts_without_its_own_filter(engine: WhooshEngine) -> None:
    page = engine.search(parse(""), Filters(sector=("health",)), facets=FACETS)
    counts = {name: {one.value: one.count for one in page.facets[name]} for name in FACETS}
    assert page.total == 2
    assert counts["sector"] == {"police": 2, "health": 2}
    assert counts["agency"] == {"Kent Police": 1, "NHS Kent": 2}
    assert counts["theme"] == {"genograms": 1}
    assert counts["year"] == {}


def test_every_facet_count_is_what_the_filter_lists(engine: WhooshEngine) -> None:
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
def test_highlights_are_the_matched_words(
    engine: WhooshEngine, query: str, words: list[str]
) -> None:
    assert highlighted(engine.search(parse(query)), TEXTS) == words


def test_pages_follow_each_other_without_overlap(tmp_path: Path) -> None:
    texts = [f"Police training {'in risk ' * (n % 3)}." for n in range(700)]
    engine = open_engine(tmp_path, [make_entry(t, position=n) for n, t in enumerate(texts, 1)])
    query = parse("police training in risk")
    whole = [hit.row for hit in engine.search(query, limit=700).hits]
    pages = [
        hit.row
        for offset in range(0, 700, 70)
        for hit in engine.search(query, limit=70, offset=offset).hits
    ]
    assert pages == whole
    assert sorted(whole) == list(range(700))


def test_the_arrays_find_words_in_order_and_beginnings_as_whoosh_does(tmp_path: Path) -> None:
    entries = [*TEXTS, make_entry("The message. The message was.", position=8, heading="The GPs")]
    open_engine(tmp_path, entries).close()
    arrays = ArrayText(tmp_path, Postings.open(tmp_path, len(FIELDS)))
    whoosh = WhooshText(tmp_path, len(entries))
    texts = [f"{one.recommendation.text} {one.recommendation.heading} north" for one in entries]
    words = [[token.text for token in tokenise(text)] for text in texts]
    for size in (1, 2, 3):
        for one in words:
            for at in range(len(one) - size + 1):
                stems = [stem(word) for word in one[at : at + size]]
                for field in (None, "text", "heading", "action", "agency", "title"):
                    assert (
                        arrays.phrase(stems, field).tolist() == whoosh.phrase(stems, field).tolist()
                    )
    for word in {word[:size] for one in words for word in one for size in (1, 3, 5)}:
        assert arrays.beginning([word]).tolist() == whoosh.beginning(word).tolist()
    whoosh.close()


def test_an_empty_knowledge_base_finds_nothing(tmp_path: Path) -> None:
    engine = open_engine(tmp_path, [])
    for text in ("", "police", '"a b"', "pol*", "theme:x", "NOT police"):
        assert engine.search(parse(text), facets=FACETS).total == 0


@pytest.mark.parametrize("damage", ["empty", "garbage", "missing"])
@pytest.mark.parametrize(
    "pattern",
    ["whoosh/*", "postings_*.npy", "places*.npy", "vocabulary*", "terms.txt", "abbrev*.json"],
)
def test_damaged_files_are_an_unreadable_index(tmp_path: Path, pattern: str, damage: str) -> None:
    open_engine(tmp_path, TEXTS).close()
    for path in tmp_path.glob(pattern):
        path.unlink()
        if damage != "missing":
            path.write_bytes(b"" if damage == "empty" else b"\x80\x04garbage\n" * 40)
    with pytest.raises(IndexUnreadable, match="kb build"):
        WhooshEngine.open(tmp_path, Records.open(tmp_path)).check()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            [
                "police",
                "risk",
                '"',
                "(",
                ")",
                "OR",
                "AND",
                "NOT",
                "-",
                "*",
                "gen*",
                "the",
                "MARAC",
                "theme:x",
                "year:2019..",
                "heading:a",
                '"risk',
                "agency:",
                "😀",
                ":",
                "A&E",
                "near/3",
                '-"risk',
            ]
        )
    ).map(" ".join)
)
def test_any_text_typed_gives_an_answer(engine: WhooshEngine, text: str) -> None:
    page = engine.search(parse(text), facets=FACETS)
    assert 0 <= page.total <= len(TEXTS)
    for hit in page.hits:
        length = len(TEXTS[hit.row].recommendation.text)
        assert all(0 <= start < end <= length for start, end in hit.highlights)


def test_a_pasted_paragraph_finds_its_recommendation(ids: Search) -> None:
    text = (
        "We (the panel) ask that: “no telephone answerphone message about abuse” be left - "
        + "and more " * 150
    )
    assert ids(text)[0] == "2"


def test_searching_loads_nothing_heavy(tmp_path: Path) -> None:
    open_engine(tmp_path, TEXTS).close()
    code = (
        "import sys; from pathlib import Path; from kb.index.records import Records;"
        "from kb.search.query import parse; from kb.search.whoosh_engine import WhooshEngine;"
        f"folder = Path({str(tmp_path)!r});"
        "page = WhooshEngine.open(folder, Records.open(folder)).search(parse('genogram'));"
        "assert page.hits;"
        "print([m for m in ('yaml', 'sklearn', 'scipy', 'rich', 'docx', 'pydantic', 'pandas',"
        " 'whoosh') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


FULL_DISK = """
import resource, sys
from pathlib import Path
from factories import make_entry, make_taxonomy
from kb.errors import StorageError
from kb.index.generations import publish
from kb.search.indexing import build_search
from kb.text.abbreviations import load_abbreviations

def build(folder):
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    words = [f"word{n}" for n in range(9000)]
    build_search(folder, [make_entry(" ".join(words))], load_abbreviations())

try:
    publish(Path(sys.argv[1]), build)
except StorageError as error:
    print(error)
"""


def test_a_file_that_cannot_grow_is_a_storage_error_and_leaves_nothing(tmp_path: Path) -> None:
    paths = os.pathsep.join(str(path) for path in (TESTS, TESTS.parent))
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert "cannot be written" in done.stdout
    assert list((tmp_path / "generations").iterdir()) == []
