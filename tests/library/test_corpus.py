"""The people's files: whole, plain, in a stable order, and never half written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from factories import SOURCE
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.corpus import Corpus, judgement_line, read_review, review_bytes
from kb.errors import CorpusError, StorageError
from kb.model import (
    Action,
    Correction,
    Event,
    FieldChange,
    Judgement,
    LeadAgency,
    OtherCell,
    PairJudgement,
    PrintedDate,
    PrintedScope,
    PrintedStatus,
    Publication,
    Recommendation,
    Review,
    ScopeValue,
    Sector,
    Source,
    SourceFile,
    StatusValue,
    ThemeJudgement,
)
from kb.printed import MadeOn, Mark

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
# Anything that UTF-8 can hold, line ends of every kind among it.
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
said = st.none() | words
moments = st.datetimes(timezones=st.just(UTC))
days = st.dates().map(lambda day: day.isoformat())
dates = st.builds(
    PrintedDate,
    printed=said,
    date=st.none() | days,
    precision=st.sampled_from([None, "day", "month", "year"]),
    all=st.lists(days, max_size=3).map(tuple),
)
agencies = st.lists(
    st.builds(LeadAgency, printed=words, name=words, sector=st.sampled_from(get_args(Sector))),
    max_size=2,
).map(tuple)
statuses = st.builds(
    PrintedStatus, printed=said, value=st.none() | st.sampled_from(get_args(StatusValue))
)
scopes = st.builds(
    PrintedScope, printed=said, value=st.none() | st.sampled_from(get_args(ScopeValue))
)
made_on = st.builds(
    MadeOn,
    printed=st.dictionaries(st.sampled_from(get_args(Mark)), said),
    nth=st.integers(1, 3),
    of=st.integers(1, 3),
)
corrections = st.builds(
    Correction,
    field=words,
    value=said,
    before=said,
    who=words,
    when=moments,
    made_on=st.none() | made_on,
)
recommendations = st.builds(
    Recommendation,
    position=st.just(1),
    number=said,
    text=words.filter(bool),
    heading=said,
    scope=scopes,
    status=statuses,
    lead_agency=said,
    lead_agencies=agencies,
    action=said,
    milestones=said,
    outcome=said,
    target_date=dates,
    completed=dates,
    actions=st.lists(
        st.builds(Action, text=said, status=statuses, completed=dates), max_size=2
    ).map(tuple),
    other=st.lists(st.builds(OtherCell, header=words, text=words), max_size=2).map(tuple),
    flags=st.lists(words, max_size=2).map(tuple),
    source=st.builds(Source, file=words, sha256=words, place=words, url=said),
    corrections=st.lists(corrections, max_size=2).map(tuple),
    removed=st.booleans(),
)
events = st.builds(
    Event,
    when=moments,
    who=words,
    what=st.sampled_from(["added", "read-again", "corrected", "facts"]),
    file=said,
    changes=st.lists(
        st.builds(
            FieldChange,
            recommendation=st.none() | st.integers(1, 99),
            field=words,
            before=said,
            after=said,
        ),
        max_size=2,
    ).map(tuple),
)
reviews = st.builds(
    Review,
    id=st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True),
    title=words,
    kind=said,
    area=said,
    region=said,
    published=st.sampled_from([None, "2021", "2021-06", "2021-06-30"]),
    publication=st.sampled_from(get_args(Publication)),
    url=said,
    death_month=st.sampled_from([None, "2019-08"]),
    sources=st.lists(
        st.builds(SourceFile, file=words, sha256=words, read_at=moments), max_size=2
    ).map(tuple),
    history=st.lists(events, max_size=2).map(tuple),
    recommendations=st.lists(recommendations, max_size=4).map(
        lambda found: tuple(
            one.model_copy(update={"position": at}) for at, one in enumerate(found, start=1)
        )
    ),
    next_position=st.integers(5, 9),
)
theme_lists = st.lists(words, max_size=3).map(tuple)
judgements = st.builds(
    ThemeJudgement,
    who=words,
    when=moments,
    recommendation=words,
    digest=words,
    yes=theme_lists,
    no=theme_lists,
    complete=st.booleans(),
    taxonomy_version=said,
) | st.builds(
    PairJudgement,
    who=words,
    when=moments,
    a=words,
    b=words,
    digest_a=words,
    digest_b=words,
    same=st.booleans(),
)


def make_review(identity: str = "fellside-7", text: str = "Draw a genogram.") -> Review:
    recommendation = Recommendation(position=1, text=text, source=SOURCE)
    return Review(
        id=identity, title="Review of Mrs F", next_position=2, recommendations=(recommendation,)
    )


def make_judgement(recommendation: str = "fellside-7/1") -> ThemeJudgement:
    return ThemeJudgement(
        who="anna", when=WHEN, recommendation=recommendation, digest="d", yes=("genograms",)
    )


@settings(max_examples=60, deadline=None)
@given(review=reviews)
def test_a_review_reads_back_as_it_was_written(review: Review) -> None:
    data = review_bytes(review)
    again = read_review(data, Path(f"{review.id}.json"))
    assert again == review
    assert review_bytes(again) == data


@settings(max_examples=60, deadline=None)
@given(stored=st.lists(judgements, max_size=4))
def test_judgements_read_back_as_they_were_made(
    tmp_path_factory: pytest.TempPathFactory, stored: list[Judgement]
) -> None:
    corpus = Corpus(tmp_path_factory.mktemp("corpus"))
    for judgement in stored:
        corpus.judge([judgement])
    passed = [j for j in stored if isinstance(j, ThemeJudgement) and j.judges_nothing]
    assert corpus.passed_over() == passed
    assert corpus.judgements() == [judgement for judgement in stored if judgement not in passed]
    assert all("\n" not in judgement_line(judgement) for judgement in stored)


def test_a_file_is_plain_pretty_printed_and_leaves_out_what_is_not_said(tmp_path: Path) -> None:
    path = Corpus(tmp_path).save(make_review(text="Ask: ‘safe?’"))
    lines = path.read_text("utf-8").splitlines()
    assert lines[1] == ' "id": "fellside-7",'
    assert '   "text": "Ask: ‘safe?’",' in lines
    assert not any("null" in line for line in lines)


def test_a_file_named_for_another_review_is_refused(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.save(make_review()).rename(tmp_path / "other-1.json")
    with pytest.raises(CorpusError, match=r"Rename it to fellside-7\.json"):
        corpus.review("other-1")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"next_position": 1}, "position 1 is in use"),
        ({"colour": "red"}, "colour"),
        ({"published": "June 2021"}, "published"),
        ({"publication": "perhaps"}, "publication"),
    ],
)
def test_a_review_that_cannot_be_names_the_field(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    corpus = Corpus(tmp_path)
    path = corpus.save(make_review())
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **change}), "utf-8")
    with pytest.raises(CorpusError, match=said):
        corpus.review("fellside-7")


def test_judgements_are_only_ever_appended(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    path = tmp_path / "judgements.jsonl"
    before = b""
    for number in range(1, 4):
        corpus.judge([make_judgement(f"fellside-7/{number}")])
        now = path.read_bytes()
        assert now.startswith(before)
        assert now.count(b"\n") == number
        before = now


@pytest.mark.parametrize("kept", [1, 10, 40])
def test_a_torn_last_line_is_told_and_the_others_count(tmp_path: Path, kept: int) -> None:
    corpus = Corpus(tmp_path)
    corpus.judge([make_judgement()])
    path = tmp_path / "judgements.jsonl"
    torn = judgement_line(make_judgement("fellside-7/2")).encode()[:kept]
    with path.open("ab") as file:
        file.write(torn)
    assert corpus.judgements() == [make_judgement()]
    assert [(line.line, line.text) for line in corpus.torn_lines()] == [(2, torn.decode())]
    corpus.judge([make_judgement("fellside-7/3")])
    assert [j.recommendation for j in corpus.judgements() if isinstance(j, ThemeJudgement)] == [
        "fellside-7/1",
        "fellside-7/3",
    ]


def test_removing_a_review_takes_its_judgements_and_no_others(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    pair = PairJudgement(
        who="anna", when=WHEN, a="north-1/1", b="fellside-7/1", digest_a="", digest_b="", same=True
    )
    other = make_judgement("fellside-70/1")
    corpus.save_all([make_review(), make_review("fellside-70")], [make_judgement(), pair, other])
    with (tmp_path / "judgements.jsonl").open("ab") as file:
        file.write(b'{"kind": "themes", "recommendation": "fellside-7/1", "who": "an')
    corpus.remove("fellside-7")
    assert corpus.review_ids() == ["fellside-70"]
    assert corpus.judgements() == [other]
    assert corpus.torn_lines() == []


def test_writing_leaves_nothing_beside_the_files(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.save(make_review())
    corpus.save(make_review(text="Draw two."))
    corpus.judge([make_judgement()])
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"fellside-7.json", "judgements.jsonl"}


def test_where_one_of_several_reviews_cannot_take_its_place_none_does(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    old = Review(id="a-1", title="Before")
    corpus.save(old)
    corpus.judge([judged("a-1/1")])
    lines = (tmp_path / "judgements.jsonl").read_bytes()
    corpus.path("c-3").mkdir()  # a folder stands where the third one should go
    reviews = [Review(id=name, title="After") for name in ("a-1", "b-2", "c-3")]
    with pytest.raises(StorageError, match="nothing was changed"):
        corpus.save_all(reviews, [judged("b-2/1")])
    assert corpus.review("a-1") == old
    assert not corpus.has("b-2")
    assert (tmp_path / "judgements.jsonl").read_bytes() == lines
    assert [path for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def judged(identity: str) -> ThemeJudgement:
    return ThemeJudgement(who="ann", when=WHEN, recommendation=identity, digest="0", yes=("dash",))
