"""What people said of the themes of one recommendation: who, when, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kb.library.sources import by_recommendation
from kb.model import STARTER, ThemeJudgement
from kb.text.normalise import digest

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase


@dataclass(frozen=True)
class Vote:
    """What decides on one theme of a recommendation.

    It still holds where it is ``outdated``, but the text was another one when it was given.
    """

    theme: str
    yes: bool
    who: str
    when: datetime
    outdated: bool


def votes(base: KnowledgeBase, identity: str, text: str) -> dict[str, Vote]:
    """The vote that decides on each theme that a person judged one by one; ``text`` is as now."""
    from kb.tagging.judged import deciding

    judged = deciding(by_recommendation(base.corpus).get(identity, ()))
    return {
        theme: Vote(theme, theme in one.yes, one.who, one.when, one.digest != digest(text))
        for theme, one in judged.items()
        if one.who != STARTER
    }


def peoples_judgements(base: KnowledgeBase, identity: str) -> list[ThemeJudgement]:
    """The judgements of people that stand on the themes of a recommendation, the newest first."""
    judged = by_recommendation(base.corpus).get(identity, ())
    return sorted((one for one in judged if one.who != STARTER), key=_when)[::-1]


def _when(judgement: ThemeJudgement) -> datetime:
    return judgement.when
