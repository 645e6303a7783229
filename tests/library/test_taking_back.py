"""The file of judgements only grows: a later line takes back an earlier one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from kb.corpus import Corpus
from kb.model import ThemeJudgement
from kb.tagging.judged import settled

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def line(
    minute: int = 0, who: str = "anna", about: str = "fellside-7/1", **said: object
) -> ThemeJudgement:
    return ThemeJudgement.model_validate(
        {
            "who": who,
            "when": NOON + timedelta(minutes=minute),
            "recommendation": about,
            "digest": "d",
            **said,
        }
    )


def standing(folder: Path, *lines: ThemeJudgement) -> list[ThemeJudgement]:
    corpus = Corpus(folder)
    corpus.judge(lines)
    return [one for one in corpus.judgements() if isinstance(one, ThemeJudgement)]


def test_what_was_taken_back_does_not_stand_and_what_held_before_does(tmp_path: Path) -> None:
    first, second = line(0, yes=["dash"]), line(1, no=["dash"])
    assert standing(tmp_path, first, second, line(2, retracts=second.when)) == [first]


def test_a_judgement_is_taken_back_by_the_one_who_made_it_alone(tmp_path: Path) -> None:
    judged = line(0, yes=["dash"])
    others = (
        line(1, who="ben", retracts=judged.when),
        line(1, about="fellside-7/2", retracts=judged.when),
        line(1, retracts=NOON - timedelta(days=1)),
    )
    assert standing(tmp_path, judged, *others) == [judged]


def test_of_two_in_the_same_second_the_later_line_goes_first(tmp_path: Path) -> None:
    first, second = line(0, yes=["dash"]), line(0, yes=["training"])
    back = line(0, retracts=NOON)
    assert standing(tmp_path, first, second, back) == [first]
    assert standing(tmp_path, back) == []


def test_what_judges_nothing_was_passed_over_and_can_be_taken_back(tmp_path: Path) -> None:
    passed = line(0)
    assert standing(tmp_path, passed) == []
    corpus = Corpus(tmp_path)
    assert corpus.passed_over() == [passed]
    corpus.judge([line(1, retracts=passed.when)])
    assert corpus.passed_over() == []


def test_taken_back_lines_go_with_their_review(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.judge([line(0, yes=["dash"]), line(1, retracts=NOON)])
    corpus.remove("fellside-7")
    assert corpus.judgements_data() == b""


def test_a_time_without_a_zone_is_one_of_utc_and_stops_nobody(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.judge([line(0, yes=["dash"])])
    by_hand = line(1, who="ben", no=["dash"]).model_copy(
        update={"when": datetime(2026, 3, 4, 12, 1)}
    )
    corpus.judge([by_hand])
    judged = [one for one in corpus.judgements() if isinstance(one, ThemeJudgement)]
    assert judged[1].when == NOON + timedelta(minutes=1)
    assert settled(judged).says("dash") is False
