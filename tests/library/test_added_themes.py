"""A theme that is added to the taxonomy: no judgement made before says anything of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bases import TAXONOMY, WHO, done

from kb.library import KnowledgeBase
from kb.library.sources import on_themes
from kb.model import ThemeJudgement
from kb.tagging.judged import settled

ADDED = """\
      - id: step-families
        name: Step-families
        rules:
          - any: ["step-child*"]
"""
ID = "fellside-7/1"  # "… a genogram for families with step-children."


def with_added_theme(home: Path) -> Path:
    (home / "taxonomy.yaml").write_text(TAXONOMY + ADDED, "utf-8")
    done("build", home=home)
    return home


def themes(home: Path) -> list[str]:
    return [tag["id"] for tag in done("show", ID, "--json", home=home).json["themes"]]


def test_what_was_judged_whole_before_is_open_for_it(home: Path) -> None:
    done("judge", ID, "--theme", "+training", "--complete", home=home)
    assert themes(with_added_theme(home)) == ["training", "step-families"]
    assert done("search", "--theme", "step-families", "--json", home=home).json["total"] == 2
    assert "NO" not in done("taxonomy", "try", "step-families", home=home).out


def test_it_is_asked_about_where_the_rest_was_judged_whole(home: Path) -> None:
    KnowledgeBase.open(home).judge_themes(ID, yes=["training"], complete=True, who=WHO)
    with_added_theme(home)
    waiting = [
        row["id"] for row in done("queue", "--theme", "step-families", "--json", home=home).lines
    ]
    assert ID in waiting
    session = KnowledgeBase.open(home).judging(who=WHO, theme="step-families", review="fellside-7")
    asked = session.ask()
    assert asked is not None
    assert asked.entry.id == ID
    session.store(asked, yes=["training"], no=["step-families"], complete=False)
    assert themes(home) == ["training"]
    assert ID not in {
        row["id"] for row in done("queue", "--theme", "step-families", "--json", home=home).lines
    }


def test_the_starters_labels_say_nothing_of_a_theme_that_none_of_them_names() -> None:
    lines = [
        ThemeJudgement(
            who=who,
            when=datetime(2026, 1, 1, tzinfo=UTC),
            recommendation=about,
            digest="d",
            yes=(theme,),
            complete=who == "starter",
        )
        for who, about, theme in (
            ("starter", "a/1", "dash"),
            ("starter", "a/2", "training"),
            (WHO, "a/2", "step-families"),
        )
    ]
    verdict = settled(on_themes(lines)["a/1"])
    assert [verdict.says(theme) for theme in ("dash", "training", "step-families")] == [
        True,
        False,
        None,
    ]
