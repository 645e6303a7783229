"""Spellings of one word find each other."""

from __future__ import annotations

import pytest
from engines import engine_over_texts
from hypothesis import given
from hypothesis import strategies as st

from kb.search.engine import Engine
from kb.search.query import parse
from kb.search.spelling import folded, stem
from kb.text import tokens

PAIRS = """
adviser advisor, enquiry inquiry, enquiries inquiries, organise organize, organised organized,
organisation organization, organisational organizational, organisers organizers,
recognising recognizing, prioritisation prioritization, analyse analyze, analysing analyzing,
programme program, programmes programs, judgement judgment, acknowledgement acknowledgment,
behaviour behavior, behavioural behavioral, misbehaviour misbehavior, neighbour neighbor,
honour honor, dishonoured dishonored, labour labor, favourable favorable, unfavourable unfavorable,
counselling counseling, counsellors counselors, cancelled canceled, labelled labeled,
dialled dialed, marvellous marvelous,
travelling traveling, modelling modeling, signalled signaled, practise practice,
practising practicing, practised practiced, licence license, licensed licenced, defence defense,
offence offense, offences offenses, centre center, centres centers, centred centered,
theatre theater, metres meters, manoeuvre maneuver, manoeuvring maneuvering, fulfil fulfill,
fulfilment fulfillment, enrol enroll, enrolment enrollment, instalments installments,
skilful skillful, wilful willful, catalogue catalog, dialogue dialog, paediatric pediatric,
paediatrician pediatrician, anaesthetic anesthetic, gynaecology gynecology,
haemorrhage hemorrhage, anaemia anemia, foetus fetus, foetal fetal, oestrogen estrogen,
focussed focused, learnt learned, burnt burned, towards toward, sceptical skeptical, grey gray,
adviser's advisor's, centre's center's
"""


@pytest.mark.parametrize("pair", [pair.split() for pair in PAIRS.split(",")], ids=" ".join)
def test_two_spellings_have_one_stem(pair: list[str]) -> None:
    assert stem(pair[0]) == stem(pair[1])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("prize", "prise"),
        ("size", "sis"),
        ("ensure", "insure"),
        ("story", "storey"),
        ("defensive", "defence"),
        ("called", "cal"),
        ("killed", "kiled"),
        ("tire", "tyre"),
        ("organ", "organise"),
    ],
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize("word", ["citizen", "police", "child", "risk", "assessment", "welling"])
def test_a_word_of_one_spelling_keeps_its_stem(word: str) -> None:
    assert stem(word) == tokens.stem(word)


@given(st.text(alphabet="abceilmnorstuyz", min_size=1, max_size=14))
def test_a_folded_word_is_folded_no_further(word: str) -> None:
    assert folded(folded(word)) == folded(word)


TEXTS = ["The organization of the health center.", "Behaviour is an Enquiry's subject."]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_over_texts(tmp_path_factory.mktemp("index"), TEXTS)


@pytest.mark.parametrize(
    ("query", "row", "words"),
    [
        ("organisation", 0, ["organization"]),
        ('"health centre"', 0, ["health center"]),
        ("behavior", 1, ["Behaviour"]),
        ("inquiry", 1, ["Enquiry's"]),
        ("organis*", 0, ["organization"]),
        ("organiz*", 0, ["organization"]),
        ("centre*", 0, ["center"]),
        ("behavior*", 1, ["Behaviour"]),
        ("behav* near/3 inquir*", 1, ["Behaviour", "Enquiry's"]),
    ],
)
def test_either_spelling_finds_and_highlights_the_other(
    engine: Engine, query: str, row: int, words: list[str]
) -> None:
    hits = engine.search(parse(query)).hits
    assert [hit.row for hit in hits] == [row]
    assert [TEXTS[row][start:end] for start, end in hits[0].highlights] == words
