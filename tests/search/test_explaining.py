"""How a query was understood, and why a hit scores as it does."""

from __future__ import annotations

import pytest
from engines import engine_over
from factories import make_entry

from kb.search.engine import Engine, Filters, Page
from kb.search.explanation import Explanation
from kb.search.query import parse
from kb.search.ranking import RAISES

ENTRIES = [
    make_entry("Draw a family genogram.", heading="Genograms", action="Print genograms."),
    make_entry("The family liaison officer asks for a genogram.", position=2),
    make_entry("Refer to the multi-agency risk assessment conference.", position=3),
    make_entry("The MARAC shall hear of risk.", position=4, heading="MARAC", status="complete"),
    make_entry("The ICB funds the duty worker.", position=5),
    make_entry("A worker on duty; the genogram of a worker.", position=6, outcome="Drawn."),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_over(tmp_path_factory.mktemp("index"), ENTRIES)


def explained(
    engine: Engine,
    text: str,
    filters: Filters = Filters(),  # noqa: B008
) -> tuple[Page, Explanation]:
    query = parse(text)
    page = engine.search(query, filters)
    return page, engine.explain(query, filters, [hit.row for hit in page.hits])


@pytest.mark.parametrize(
    "text",
    [
        "genogram",
        "family genogram for the officer",
        "genogram genogram family",
        "MARAC risk",
        "multi-agency risk assessment conference",
        "CCG worker",
        '"duty worker" genogram',
        "duty near/4 worker",
        "genog* family",
        "genogram AND (family OR worker)",
        "(genogram AND officer) OR worker",
        '"risk assessment" OR "the marac" OR draw',
        "genogram -officer heading:genograms",
        "risk status:complete",
        "the of",
        "",
        "status:complete",
    ],
)
def test_the_reasons_add_up_to_the_score_and_the_fields_to_the_reason(
    engine: Engine, text: str
) -> None:
    page, why = explained(engine, text)
    assert page.hits
    assert len(why.hits) == len(page.hits)
    for hit, reasons in zip(page.hits, why.hits, strict=True):
        assert sum(reason.score for reason in reasons) == pytest.approx(hit.score, abs=1e-9)
        assert all(reason.score > 0 for reason in reasons)
        for reason in reasons:
            if reason.fields:
                assert sum(reason.fields.values()) == pytest.approx(reason.score, abs=1e-9)


def test_a_word_gives_what_it_would_score_alone(engine: Engine) -> None:
    page, why = explained(engine, "family genogram worker")
    for hit, reasons in zip(page.hits, why.hits, strict=True):
        for reason in reasons:
            if reason.what not in RAISES:
                alone = {one.row: one.score for one in engine.search(parse(reason.what)).hits}
                assert reason.score == pytest.approx(alone[hit.row], abs=2e-4)


def test_words_that_stand_together_are_named_where_they_do(engine: Engine) -> None:
    page, why = explained(engine, "family genogram")
    named = {
        hit.row: RAISES[1] in [reason.what for reason in reasons]
        for hit, reasons in zip(page.hits, why.hits, strict=True)
    }
    assert named == {0: True, 1: False, 5: False}


def test_a_word_is_shared_out_by_the_fields_it_stands_in(engine: Engine) -> None:
    page, why = explained(engine, "genogram")
    reasons = {hit.row: reason for hit, (reason,) in zip(page.hits, why.hits, strict=True)}
    assert list(reasons[0].fields) == ["text", "heading", "action"]
    assert reasons[0].fields["heading"] > reasons[0].fields["action"]
    assert list(reasons[1].fields) == ["text"]


def test_an_abbreviation_is_named_with_its_weight(engine: Engine) -> None:
    page, why = explained(engine, "MARAC")
    found = {hit.row: reason for hit, (reason,) in zip(page.hits, why.hits, strict=True)}
    assert (found[2].found_as, found[2].weight) == ("MARAC", 0.8)
    assert (found[3].found_as, found[3].weight) == (None, 1.0)
    (word,) = why.words
    assert (word.word, word.recommendations, word.also) == ("MARAC", 2, (("MARAC", 0.8),))


def test_how_a_query_was_understood(engine: Engine) -> None:
    _, why = explained(
        engine, 'The genogram note:x "duty worker', Filters(status=("complete",), year=(2019, None))
    )
    assert why.read_as == 'The genogram note x "duty worker"'
    assert why.passed_over == ("The",)
    assert why.filters == ("status:complete", "year:2019..")
    assert len(why.notes) == 2
    assert [word.word for word in why.words] == ["genogram", "note", "x", "duty", "worker"]


@pytest.mark.parametrize(
    "text",
    [
        'a "b c" -d',
        "a near/3 (b OR c*)",
        'theme:"x y" year:2019..',
        "a AND (b OR c)",
        "-(a b)",
        "year:0000",
    ],
)
def test_what_was_read_can_be_typed_again(text: str, engine: Engine) -> None:
    _, why = explained(engine, text)
    assert parse(why.read_as).root == parse(text).root
