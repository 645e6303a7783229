"""Slips of typing: what is offered, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines import engine_over, engine_over_texts
from factories import make_entry

from kb.search.correcting import corrections
from kb.search.engine import Engine, Filters
from kb.search.query import parse

TEXTS = [
    "Draw a genogram for every family.",
    "Genograms and training in domestic violence.",
    "Training for the police, with a police lead.",
    "Police policy on safeguarding children.",
    "The MARAC chair to be trained.",
    "The organisation of care by Kelly Marsh.",
]


VALUES = {
    "theme": [("genograms", "Genograms and family history"), ("training", "Training")],
    "area": [("Kent", "Kent")],
    "status": [("complete", "Complete")],
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_over_texts(tmp_path_factory.mktemp("index"), TEXTS)


def offered(engine: Engine, text: str, filters: Filters = Filters()) -> tuple[str, ...]:  # noqa: B008
    query = parse(text)
    return corrections(engine, query, filters, engine.count(query, filters), VALUES.__getitem__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("genagram", "genogram"),
        ("genogrma", "genogram"),
        ("ginogram training", "genogram training"),
        ("genagram trainign", "genogram training"),
        ("polcie", "police"),
        ("safegaurding AND childrn", "safeguarding AND children"),
        ('"domestic vilence"', '"domestic violence"'),
        ("genagram near/3 familly", "genogram near/3 family"),
        ("Genagram", "genogram"),
        ("MARCA", "MARAC"),
        ("-police genagram", "-police genogram"),
        ("organizatoin", "organisation"),
    ],
)
def test_a_slip_of_typing_is_offered_mended(engine: Engine, typed: str, meant: str) -> None:
    assert offered(engine, typed)[0] == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "genogram",
        "genograms family",
        "organization",  # another spelling, not a slip
        "Kelly",  # a name that is found
        "multi-agency risk assessment conference",  # known by its abbreviation
        "xqzzyv",
        "gp",
        "12345",
        "police -genagram",  # what is excluded may well stand nowhere
        "genagram " * 40,  # a pasted text
    ],
)
def test_what_is_no_slip_is_left_alone(engine: Engine, typed: str) -> None:
    assert offered(engine, typed) == ()


def test_a_correction_that_finds_nothing_is_not_offered(engine: Engine) -> None:
    assert offered(engine, "genagram AND marac") == ()
    assert offered(engine, "genagram", Filters(status=("complete",))) == ()


def test_a_slip_in_the_value_of_a_field_is_mended(tmp_path: Path) -> None:
    entries = [
        make_entry("Draw a genogram.", themes=("genograms",), area="Kent", title=""),
        make_entry("Train.", position=2, themes=("training",), status="complete", title=""),
    ]
    engine = engine_over(tmp_path, entries)
    assert offered(engine, "theme:genogrms") == ("theme:genograms",)
    assert offered(engine, 'theme:"genograms and famly history"') == ("theme:genograms",)
    assert offered(engine, "area:Knet genagram") == ("area:Kent genogram",)
    assert offered(engine, "STATUS:compelte train") == ("status:complete train",)
    assert offered(engine, "theme:xyz") == ()
    assert offered(engine, "theme:training area:Kent") == ()


def test_the_commoner_of_two_near_words_comes_first(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    texts = ["A risk form."] * 12 + ["A rusk."] + ["Care."]
    engine = engine_over_texts(tmp_path_factory.mktemp("common"), texts)
    assert offered(engine, "rjsk") == ("risk", "rusk")


def test_a_rare_word_beside_one_hundreds_of_times_commoner_is_doubted(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    texts = ["Police to attend."] * 210 + ["Pollice attend."]
    engine = engine_over_texts(tmp_path_factory.mktemp("rare"), texts)
    assert offered(engine, "pollice") == ("police",)
    assert offered(engine, "Pollice") == ()
    assert offered(engine, "attend") == ()


def test_no_word_of_an_unpublished_review_is_offered(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    entries = [
        make_entry("Zanzibarine midwives.", publication="unpublished", title=""),
        make_entry("Draw a genogram.", position=2, title=""),
    ]
    engine = engine_over(tmp_path_factory.mktemp("secret"), entries)
    assert offered(engine, "zanzibrine") == ("zanzibarine",)
    assert offered(engine, "zanzibrine", Filters(published_only=True)) == ()
