from __future__ import annotations

from datetime import UTC, datetime

from kb.model import Evidence, Tag, ThemeJudgement
from kb.tagging.judged import Tagged, settled, with_judgements
from kb.tagging.learning import judged_texts
from kb.text.normalise import digest

TEXT = "Use genograms in complicated families."
BY_RULE = Evidence(start=4, end=13, text="genograms", why="rule 1 of genograms")


def judgement(
    who: str = "Ann",
    *,
    day: int = 1,
    yes: tuple[str, ...] = (),
    no: tuple[str, ...] = (),
    complete: bool = False,
    text: str = TEXT,
) -> ThemeJudgement:
    return ThemeJudgement(
        who=who,
        when=datetime(2026, 1, day, tzinfo=UTC),
        recommendation="review/1",
        digest=digest(text),
        yes=yes,
        no=no,
        complete=complete,
    )


def machine() -> Tagged:
    return Tagged(
        themes=(
            Tag(id="genograms", by=("rule",), confidence=0.9, evidence=(BY_RULE,)),
            Tag(id="training", by=("classifier",), confidence=0.6),
        ),
        suggestions=(Tag(id="policy", by=("classifier",), confidence=0.2),),
    )


def test_yes_keeps_the_evidence_of_the_machine() -> None:
    tag = with_judgements(machine(), [judgement(yes=("genograms",))], TEXT).themes[0]
    assert tag == Tag(id="genograms", by=("person", "rule"), confidence=1, evidence=(BY_RULE,))


def test_no_is_neither_tag_nor_suggestion() -> None:
    tagged = with_judgements(machine(), [judgement(no=("training", "policy"))], TEXT)
    assert [tag.id for tag in tagged.themes] == ["genograms"]
    assert tagged.suggestions == ()


def test_complete_leaves_only_what_the_person_said() -> None:
    tagged = with_judgements(machine(), [judgement(yes=("dash",), complete=True)], TEXT)
    assert [(tag.id, tag.by) for tag in tagged.themes] == [("dash", ("person",))]
    assert tagged.suggestions == ()


def test_person_outranks_a_later_starter_label() -> None:
    verdict = settled(
        [judgement(no=("dash",), day=1), judgement("starter", yes=("dash",), complete=True, day=9)]
    )
    assert verdict.says("dash") is False
    assert verdict.says("training") is False
    assert verdict.by["dash"] == "person"
    assert verdict.complete_by == "starter"


def test_latest_of_the_same_rank_wins_for_its_theme() -> None:
    verdict = settled(
        [
            judgement(no=("dash",), day=3),
            judgement(yes=("dash", "training"), day=2),
            judgement("Ben", yes=("policy",), complete=True, day=1),
        ]
    )
    assert verdict.yes == {"training", "policy"}
    assert verdict.says("dash") is False


def test_later_complete_judgement_takes_back_an_earlier_yes() -> None:
    verdict = settled([judgement(yes=("dash",), day=1), judgement(complete=True, day=2)])
    assert verdict.says("dash") is False


def test_not_judged_is_not_no() -> None:
    verdict = settled([judgement(yes=("dash",))])
    assert verdict.says("training") is None


def test_judgement_of_a_changed_text_holds_and_says_so() -> None:
    before = judgement(yes=("genograms",), text="Use family trees.")
    tag = with_judgements(machine(), [before], TEXT).themes[0]
    assert tag.by[0] == "person"
    assert "changed" in tag.evidence[0].why


def test_starter_label_is_never_shown_as_a_persons() -> None:
    tag = with_judgements(Tagged(), [judgement("starter", yes=("dash",))], TEXT).themes[0]
    assert tag.by == ("starter",)


def test_without_judgements_nothing_changes() -> None:
    assert with_judgements(machine(), [], TEXT) == machine()


def test_each_theme_tells_whether_its_own_text_has_changed() -> None:
    old, new = judgement(yes=("dash",), text="Use family trees."), judgement("Ben", yes=("policy",))
    tags = {tag.id: tag for tag in with_judgements(machine(), [old, new], TEXT).themes}
    assert "changed" in tags["dash"].evidence[0].why
    assert not any("changed" in one.why for one in tags["policy"].evidence)
    assert settled([old, new]).is_outdated(TEXT)
    again = judgement("Ben", day=2, yes=("policy",), complete=True)
    assert not settled([old, new, again]).is_outdated(TEXT)


def test_complete_judges_the_themes_that_there_were() -> None:
    whole = judgement(yes=("dash",), complete=True).model_copy(
        update={"themes": ("dash", "policy")}
    )
    verdict = settled([whole])
    assert [verdict.says(theme) for theme in ("dash", "policy", "training")] == [True, False, None]
    assert [tag.id for tag in with_judgements(machine(), [whole], TEXT).themes] == [
        "dash",
        "genograms",
        "training",
    ]
    assert settled([whole, judgement("Ben", complete=True)]).says("training") is False
    (lesson,) = judged_texts({"review/1": TEXT}, {"review/1": [whole]})
    assert [lesson.says(theme) for theme in ("dash", "policy", "training")] == [True, False, None]
