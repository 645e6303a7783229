from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.query import (
    PASTED,
    And,
    Best,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    Years,
    parse,
)


def term(word: str) -> Term:
    return Term(word.lower(), word)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("genogram", term("genogram")),
        ("MARAC GP", Best((term("MARAC"), term("GP")))),
        ('"answerphone message"', Phrase(("answerphone", "message"))),
        ("“answerphone message”", Phrase(("answerphone", "message"))),
        ('"genogram"', term("genogram")),
        ("genog*", Prefix("genog")),
        ("police -training", Best((term("police"), Not(term("training"))))),
        ("police NOT training", Best((term("police"), Not(term("training"))))),
        ("NOT training", Not(term("training"))),
        ("-(a1 b1)", Not(Best((term("a1"), term("b1"))))),
        ("NOT (a1 b1)", Not(Best((term("a1"), term("b1"))))),
        (
            '-(a1 "b1 c1" d1 e1*)',
            Not(
                Or((Best((term("a1"), term("d1"))), Phrase(("b1", "c1")), Prefix("e1"))),
            ),
        ),
        ('-("b1 c1" d1)', Not(Or((term("d1"), Phrase(("b1", "c1")))))),
        ("-(a1 OR b1)", Not(Or((term("a1"), term("b1"))))),
        ("-(theme:x a1)", Not(Best((Field("theme", "x"), term("a1"))))),
        ("-multi-agency", Not(Phrase(("multi", "agency")))),
        ("multi-agency", Best((term("multi"), term("agency")))),
        ("a OR b", Or((term("a"), term("b")))),
        ("gp AND marac", And((term("gp"), term("marac")))),
        ("(a OR b) c", Best((Or((term("a"), term("b"))), term("c")))),
        ("theme:genograms", Field("theme", "genograms")),
        ('agency:"Kent Police"', Field("agency", "Kent Police")),
        ("Heading:housing", Field("heading", "housing")),
        ("year:2019..2022", Years(2019, 2022)),
        ("year:2019-2022", Years(2019, 2022)),
        ("year:2019", Years(2019, 2019)),
        ("year:2019..", Years(2019, None)),
        ("year:..2022", Years(None, 2022)),
        ("-theme:training", Not(Field("theme", "training"))),
        ("gp near/5 marac", Near((term("gp"), term("marac")), 5)),
        ("gp NEAR/12 marac", Near((term("gp"), term("marac")), 12)),
        ('"risk plan" near/3 genog*', Near((Phrase(("risk", "plan")), Prefix("genog")), 3)),
        ("multi-agency near/2 plan", Near((Phrase(("multi", "agency")), term("plan")), 2)),
        ("(gp OR nurse) near/2 plan", Near((Or((term("gp"), term("nurse"))), term("plan")), 2)),
        (
            "a1 near/2 b1 near/3 c1 d1",
            Best(
                (Near((term("a1"), term("b1")), 2), Near((term("b1"), term("c1")), 3), term("d1"))
            ),
        ),
        ("-(gp near/5 marac)", Not(Near((term("gp"), term("marac")), 5))),
        ("gp near/5 marac OR nurse", Or((Near((term("gp"), term("marac")), 5), term("nurse")))),
    ],
)
def test_the_grammar_reads_as_it_says(text: str, root: Node) -> None:
    assert parse(text).root == root


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ('"answerphone message', '"answerphone message"'),
        ("(police OR health", "(police OR health)"),
        ("police)", "police"),
        ("OR police", "police"),
        ("police OR", "police"),
        ("police NOT", "police"),
        ("AND AND police", "police"),
        ("police () training", "police training"),
        ("police - training", "police training"),
        ("😀 police!!", "police"),
        ("note:this", "note this"),
        ("status: complete", "status complete"),
        ("year:soon", "year soon"),
        ("((((police))))", "police"),
        ("police (training in risk)", "police training in risk"),
        ("near/5 police", "police"),
        ("police near/5", "police"),
        ("police near/5 theme:dash", "police theme:dash"),
        ("theme:dash near/5 police near/2", "theme:dash police"),
        ("police near/0 training", "police near 0 training"),
        ("police near/5ths training", "police near 5ths training"),
        ("(police near/5) training", "police training"),
        ("police near/5 OR training", "police OR training"),
    ],
)
def test_what_does_not_follow_the_grammar_is_read_sensibly(text: str, same_as: str) -> None:
    assert parse(text).root == parse(same_as).root


@pytest.mark.parametrize("text", ["", "   ", '"', '""', "OR", "NOT", "-", "*", "()", "😀", "-()"])
def test_a_query_without_a_word_asks_for_nothing(text: str) -> None:
    assert parse(text) == Query(text, None)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("note:this", "“note:” read as a word: there is no such field"),
        ("year:soon", "“year:soon” read as words: that is no year"),
        ('"open phrase', "the quotation mark is left open: it ends where the query ends"),
        ("police OR", "OR passed over: it has nothing to join on one side"),
        ("police near/5", "near/5 passed over: it joins words, phrases and beginnings"),
        ("A " * 9, "read as plain words, being more than 8 in capitals throughout"),
        ("word " * 40, "read as plain words, being a text of more than 32"),
    ],
)
def test_what_was_read_otherwise_is_noted(text: str, note: str) -> None:
    assert parse(text).notes == (note,)


@pytest.mark.parametrize("text", ["genogram", '"a b" -c theme:x', "", "(a OR b) near/3 c"])
def test_what_follows_the_grammar_has_no_note(text: str) -> None:
    assert parse(text).notes == ()


def test_a_pasted_paragraph_is_words_alone() -> None:
    text = "Staff must NOT share: (see " + "policy " * PASTED + ") -note"
    root = parse(text).root
    assert isinstance(root, Best)
    assert all(isinstance(part, Term) for part in root.parts)


def test_quotes_and_hyphens_in_a_sentence_are_words() -> None:
    text = 'Articles on text systems, including "what you see is what you get" systems -roff'
    root = parse(text).root
    assert isinstance(root, Best)
    assert all(isinstance(part, Term) for part in root.parts)


def test_a_long_query_with_operators_is_still_a_query() -> None:
    text = (
        '(genogram OR "family tree" OR ecomap) AND (training OR supervision OR "case review" OR x)'
    )
    assert isinstance(parse(text).root, And)


def test_operators_in_a_long_text_all_in_capitals_are_words() -> None:
    root = parse("POLICE AND HEALTH MUST NOT WAIT FOR EACH OTHER").root
    assert isinstance(root, Best)
    assert all(isinstance(part, Term) for part in root.parts)
    assert parse("MARAC OR MASH").root == Or((term("MARAC"), term("MASH")))


def test_brackets_nested_beyond_reason_are_no_error() -> None:
    parse("(" * 5000 + "police" + ")" * 5000)


@given(st.text() | st.text(alphabet='ab "()-*:OR NOTAND.“”near/5', max_size=60))
def test_any_text_is_a_query(text: str) -> None:
    assert parse(text).text == text
