"""What puts the best few in order, on texts whose right order can be told by reading them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from engines import index_entries, opened
from factories import make_entry

from kb.index.postings import Postings
from kb.index.wording import FIELDS
from kb.search.query import Term, parse
from kb.search.ranking import COMPANY, Ranker
from kb.text.abbreviations import load_abbreviations

OTHERS = [f"Other matter {word}." for word in ("north", "south", "east", "west", "upper", "lower")]


def build(folder: Path, texts: Sequence[str]) -> Path:
    return index_entries(folder, [make_entry(text, position=n) for n, text in enumerate(texts, 1)])


def found(folder: Path, texts: Sequence[str], query: str, limit: int = 20) -> list[str]:
    """The texts that a query finds, best first."""
    engine = opened(build(folder, texts))
    return [texts[hit.row] for hit in engine.search(parse(query), limit=limit).hits]


def ranker(folder: Path, texts: Sequence[str]) -> Ranker:
    return Ranker(Postings.open(build(folder, texts), len(FIELDS)), load_abbreviations())


def terms(query: str) -> list[Term]:
    return [Term(word, word) for word in query.split()]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("visit before discharge", "Visit before discharge."),
        ("visit after discharge", "Visit after discharge."),
        ("no visit by officers", "No visit by officers."),
    ],
)
def test_small_words_decide_between_equals(tmp_path: Path, query: str, first: str) -> None:
    texts = [
        "Visit after discharge.",
        "Visit before discharge.",
        "One visit to officers.",
        "No visit by officers.",
        *OTHERS,
    ]
    assert found(tmp_path, texts, query)[0] == first


def test_small_words_find_nothing_beside_others(tmp_path: Path) -> None:
    texts = ["Before the hearing.", "Discharge is planned.", *OTHERS]
    assert found(tmp_path, texts, "before discharge") == ["Discharge is planned."]


def test_small_words_alone_are_searched(tmp_path: Path) -> None:
    texts = ["Before the hearing.", "Discharge is planned.", *OTHERS]
    assert found(tmp_path, texts, "before") == ["Before the hearing."]


def test_what_the_best_have_in_common_raises_those_that_share_it(tmp_path: Path) -> None:
    texts = [
        "Genogram kitchen.",
        "Genogram family.",
        "Genogram family.",
        "Genogram family.",
        *OTHERS,
    ]
    assert found(tmp_path, texts, "genogram") == [*texts[1:4], texts[0]]


def test_words_in_common_find_nothing_by_themselves(tmp_path: Path) -> None:
    texts = [*["Genogram family."] * 3, "Family matters.", *OTHERS]
    assert "Family matters." not in found(tmp_path, texts, "genogram")


def test_companions_are_neither_small_words_nor_those_of_the_query(tmp_path: Path) -> None:
    texts = [*["The genograms of the family."] * 4, *OTHERS]
    made = ranker(tmp_path, texts)
    rows, scores = np.arange(4), np.ones(4, dtype=np.float32)
    companions = made.companions(terms("genogram"), rows, scores)
    names = {
        number: term for term, number in Postings.open(tmp_path, len(FIELDS)).vocabulary.items()
    }
    assert [names[number] for number, _ in companions] == ["famili"]


def test_two_answers_have_no_company(tmp_path: Path) -> None:
    made = ranker(tmp_path, ["Genogram family.", "Genogram family.", *OTHERS])
    gained = made.company(terms("genogram"), np.arange(2), np.ones(2, dtype=np.float32))
    assert gained.tolist() == [0, 0]


def test_company_adds_at_most_its_share_of_the_best_score(tmp_path: Path) -> None:
    made = ranker(tmp_path, [*["Genogram family."] * 3, "Genogram kitchen.", *OTHERS])
    scores = np.array([4, 3, 2, 1], dtype=np.float32)
    gained = made.company(terms("genogram"), np.arange(4), scores)
    assert gained.tolist() == pytest.approx([4 * COMPANY] * 3 + [0])


def test_pages_follow_each_other_whatever_their_size(tmp_path: Path) -> None:
    texts = [f"Genogram {'family ' * (n % 3)}before visit {n % 7}." for n in range(400)]
    engine = opened(build(tmp_path, texts))
    query = parse("genogram before the visit")
    whole = [hit.id for hit in engine.search(query, limit=400).hits]
    paged = [
        hit.id for at in range(0, 400, 30) for hit in engine.search(query, limit=30, offset=at).hits
    ]
    assert paged == whole
    assert len(set(whole)) == 400
