"""The starter corpus is as large, as varied and as well judged as its README says."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from kb.corpus import Corpus
from kb.library.home import starter_home
from kb.library.starter import (
    JudgedPair,
    Labelling,
    is_test_review,
    judged_pairs,
    labelling,
)
from kb.model import Review, ThemeJudgement
from kb.taxonomy import load_taxonomy
from kb.text.normalise import digest

FUNCTION_WORDS = frozenset(
    "a an the of to in on for and or that this it its is are be been was were with by at from as"
    " not no any all each every who whom which when where if should must will shall would may can"
    " has have had their his her they he she them into out up so than then there what how one"
    " after before until about without within".split()
)
NEAR_COPY = 0.5  # cosine of four-letter strings; of two texts by chance it is under 0.2
SKELETON_WORDS = 12  # function words; a shorter skeleton says nothing


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(starter_home() / "corpus")


@pytest.fixture(scope="module")
def reviews(corpus: Corpus) -> list[Review]:
    return list(corpus.reviews())


@pytest.fixture(scope="module")
def texts(reviews: list[Review]) -> dict[str, str]:
    return {
        r.recommendation_id(one.position): one.text for r in reviews for one in r.recommendations
    }


@pytest.fixture(scope="module")
def pairs(corpus: Corpus) -> list[JudgedPair]:
    return judged_pairs(corpus.folder)


@pytest.fixture(scope="module")
def labelled(corpus: Corpus) -> list[Labelling]:
    return labelling(corpus.folder)


def test_there_are_enough_reviews_of_every_kind_year_and_sector(reviews: list[Review]) -> None:
    assert len(reviews) >= 70
    assert sum(len(review.recommendations) for review in reviews) >= 1200
    assert {review.kind for review in reviews} == {"DHR", "DARDR", "SAR", "CSPR", "MHHR"}
    assert {review.year.value for review in reviews} >= set(range(2012, 2027))
    sectors = {a.sector for r in reviews for one in r.recommendations for a in one.lead_agencies}
    assert sectors >= {
        "police", "children-social-care", "adult-social-care", "health", "domestic-abuse-service",
        "probation", "housing", "education", "csp", "government", "employer", "military",
        "prosecution-courts", "all-agencies", "faith",
    }  # fmt: skip


def test_lengths_are_those_of_real_recommendations(texts: dict[str, str]) -> None:
    words = [len(text.split()) for text in texts.values()]
    assert max(words) <= 90
    assert sum(count < 8 for count in words) / len(words) < 0.02
    assert 0.2 < sum(count > 45 for count in words) / len(words) < 0.33
    assert sum(count < 14 for count in words) / len(words) > 0.07


def test_no_form_of_words_prevails(texts: dict[str, str]) -> None:
    openings = Counter(" ".join(text.split()[:2]).casefold() for text in texts.values())
    assert openings.most_common(1)[0][1] / len(texts) < 0.03
    should = sum(" should " in text for text in texts.values()) / len(texts)
    assert 0.2 < should < 0.7


def skeleton(text: str) -> str:
    words = re.findall(r"[a-z'’]+", text.casefold())
    blanked = " ".join(word if word in FUNCTION_WORDS else "_" for word in words)
    return re.sub(r"(?:_ ?)+", "_ ", blanked).strip()


def test_no_two_recommendations_share_a_skeleton(
    texts: dict[str, str], pairs: list[JudgedPair]
) -> None:
    recorded = {frozenset((pair.a, pair.b)) for pair in pairs}
    by_skeleton = defaultdict(list)
    for identity, text in texts.items():
        words = skeleton(text)
        if sum(word != "_" for word in words.split()) >= SKELETON_WORDS:
            by_skeleton[words].append(identity)
    shared = [ids for ids in by_skeleton.values() if len(ids) > 1]
    assert [ids for ids in shared if frozenset(ids) not in recorded] == []


def test_near_copies_are_recorded_pairs(texts: dict[str, str], pairs: list[JudgedPair]) -> None:
    ids = list(texts)
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), sublinear_tf=True)
    matrix = vectors.fit_transform(texts.values())
    likeness = np.triu((matrix @ matrix.T).toarray(), 1)
    close = {frozenset((ids[i], ids[j])) for i, j in np.argwhere(likeness > NEAR_COPY)}
    judged = {frozenset((pair.a, pair.b)) for pair in pairs if pair.a}
    assert [sorted(pair) for pair in close - judged] == []


def test_every_theme_stands_often_enough_to_be_learnt(corpus: Corpus) -> None:
    known = [theme.id for theme in load_taxonomy(starter_home() / "taxonomy.yaml").model.themes()]
    counts = Counter(
        theme for one in corpus.judgements() if isinstance(one, ThemeJudgement) for theme in one.yes
    )
    assert {theme for theme in known if counts[theme] < 15} == set()
    common = [theme for theme, _ in counts.most_common(20)]
    assert {"training", "policy-procedure", "agency-sharing", "risk-assessment"} <= set(common)
    rarest = {theme for theme, _ in counts.most_common()[-len(known) // 2 :]}
    assert {"rural", "strangulation", "perpetrator-programmes", "vcop"} <= rarest


def test_every_recommendation_is_judged_whole_as_settled_of_two_passes(
    corpus: Corpus, texts: dict[str, str], labelled: list[Labelling]
) -> None:
    judgements = [one for one in corpus.judgements() if isinstance(one, ThemeJudgement)]
    assert {one.who for one in judgements} == {"starter"}
    assert all(one.complete for one in judgements)
    assert [one.recommendation for one in labelled] == [one.recommendation for one in judgements]
    assert {one.recommendation for one in labelled} == set(texts)
    for one, judgement in zip(labelled, judgements, strict=True):
        assert set(one.settled) == set(judgement.yes)
        assert one.digest == judgement.digest == digest(texts[one.recommendation])


def test_the_two_passes_are_two_and_no_copies_of_what_was_settled(
    labelled: list[Labelling],
) -> None:
    for one, other in (("first", "second"), ("first", "settled"), ("second", "settled")):
        differ = sum(set(getattr(each, one)) != set(getattr(each, other)) for each in labelled)
        assert differ / len(labelled) > 0.05, (one, other)


def test_differences_of_the_two_passes_are_settled_with_a_reason(labelled: list[Labelling]) -> None:
    for one in labelled:
        if set(one.first) == set(one.second) == set(one.settled):
            continue
        assert one.reason, one.recommendation


def test_a_fifth_of_the_reviews_is_the_test_set(reviews: list[Review]) -> None:
    share = sum(is_test_review(review.id) for review in reviews) / len(reviews)
    assert 0.17 < share < 0.23
    assert {r.kind for r in reviews if is_test_review(r.id)} >= {"DHR", "DARDR"}


def test_there_are_enough_judged_pairs_of_each_kind(pairs: list[JudgedPair]) -> None:
    assert len(pairs) >= 700
    kinds = Counter(pair.kind for pair in pairs)
    assert kinds["repeat"] / len(pairs) > 0.28
    assert kinds["near-miss"] / len(pairs) > 0.28
    assert kinds["related"] >= 50
    assert kinds["unrelated"] >= 50
    strengths = Counter(pair.strength for pair in pairs if pair.kind == "repeat")
    assert all(strengths[one] >= 60 for one in ("light", "medium", "heavy"))
    untouched = Counter(pair.kind for pair in pairs if pair.is_test)
    assert untouched["repeat"] >= 100
    assert untouched["near-miss"] >= 150


def test_pairs_resolve_and_stand_once(pairs: list[JudgedPair], texts: dict[str, str]) -> None:
    for pair in pairs:
        assert pair.b in texts
        assert (pair.a is None) != (pair.text is None)
        assert pair.a is None or pair.a in texts
        assert pair.a != pair.b
    keys = [frozenset((pair.a or pair.text, pair.b)) for pair in pairs]
    assert len(set(keys)) == len(keys)


def test_spelling_varies_as_in_life(texts: dict[str, str]) -> None:
    words = Counter(w for text in texts.values() for w in re.findall(r"[a-z]+", text.casefold()))
    for variants in (
        ("enquiry", "inquiry"),
        ("adviser", "advisor"),
        ("recognise", "recognize"),
        ("multiagency", "multi"),
    ):
        assert all(words[variant] for variant in variants), variants
    abbreviated = {"DASH", "MARAC", "IDVA", "GP", "CCG", "ICB", "DHR", "CPS", "MAPPA", "ED"}
    printed = set(re.findall(r"\b[A-Z]{2,6}\b", " ".join(texts.values())))
    assert abbreviated <= printed


def shingles(text: str, size: int = 8) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return zip(*(words[at:] for at in range(size)), strict=False)


def test_no_eight_words_stand_in_a_real_document_or_a_test_collection(
    texts: dict[str, str], shared_documents: Path
) -> None:
    ours = {shingle: i for i, text in texts.items() for shingle in shingles(text)}
    files = [path for path in shared_documents.parent.rglob("*") if path.suffix in {".txt", ".csv"}]
    assert files
    for path in files:
        found = {ours[s] for s in shingles(path.read_text("utf-8", "replace")) if s in ours}
        assert not found, path.name
