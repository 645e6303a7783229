"""Compounds with a hyphen, in two words and in one: each finds the others."""

from __future__ import annotations

import pytest
from engines import engine_over_texts
from hypothesis import given
from hypothesis import strategies as st

from kb.search.compounds import parted, ways, whole
from kb.search.engine import Engine
from kb.search.engines import ENGINES
from kb.search.query import Phrase, Term, parse

TEXTS = [
    "A care co-ordinator for each ward.",
    "The care coordinator to ring.",
    "Follow up each referral by e-mail.",
    "Followup within a week, an email at once.",
    "Agencies to train.",
    "Multi-agency training.",
]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_over_texts(tmp_path_factory.mktemp("index"), TEXTS, request.param)


@pytest.mark.parametrize(
    ("query", "rows", "words"),
    [
        ("coordinator", [0, 1], ["co-ordinator", "coordinator"]),
        ("co-ordinators", [0, 1], ["co-ordinator", "coordinator"]),
        ("CO-ORDINATOR'S", [0, 1], ["co-ordinator", "coordinator"]),
        ("coordinat*", [0, 1], []),
        ('"care coordinator"', [0, 1], ["care co-ordinator", "care coordinator"]),
        ('"care co-ordinator to"', [1], ["care coordinator to"]),
        ("care near/1 co-ordinator", [0, 1], ["care", "co-ordinator", "care", "coordinator"]),
        ("care -coordinator", [], []),
        ("follow-up", [2, 3], ["Follow up", "Followup"]),
        ('"follow up"', [2, 3], ["Follow up", "Followup"]),
        ("e-mail", [2, 3], ["e-mail", "email"]),
        ("multi-agency", [4, 5], ["Agencies", "Multi", "agency"]),
    ],
)
def test_either_way_of_writing_finds_and_highlights_the_other(
    engine: Engine, query: str, rows: list[int], words: list[str]
) -> None:
    hits = sorted(engine.search(parse(query)).hits, key=lambda hit: hit.row)
    assert [hit.row for hit in hits] == rows
    told = [TEXTS[hit.row][start:end] for hit in hits for start, end in hit.highlights]
    assert not words or told == words


def test_either_way_of_writing_counts_as_much(engine: Engine) -> None:
    assert engine.search(parse("coordinator")) == engine.search(parse("co-ordinator"))
    assert engine.frequency("coordinator") == 2


def test_a_compound_in_a_query_is_one_word() -> None:
    assert parse("co-ordinator").root == Term("coordinator", "co-ordinator")
    assert parse('"well being"').root == Term("wellbeing", "well being")
    assert parse('"care co-ordinator"').root == Phrase(("care", "coordinator"))
    assert parse("co ordinator").root != parse("co-ordinator").root


@given(st.sampled_from(["co", "follow", "e", "re"]), st.sampled_from(["ordination", "up", "mail"]))
def test_a_compound_is_parted_where_it_was_joined(first: str, second: str) -> None:
    one = whole(first, second)
    assert one is None or parted(one) == (first, second)


def test_a_phrase_of_many_compounds_is_written_in_few_ways() -> None:
    assert ("safe", "guard") in ways(("safeguard",))
    assert len(ways(("safeguard",) * 60)) <= 64
    assert ("safeguard",) * 60 in ways(("safeguard",) * 60)
