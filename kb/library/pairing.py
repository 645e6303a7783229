"""What people said of two recommendations: whether they ask the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kb.errors import NotFound, WrongUsage
from kb.library.lessons import pair_judgements
from kb.library.showing import wording
from kb.model import PairJudgement
from kb.text.normalise import digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.library.base import KnowledgeBase


@dataclass(frozen=True)
class JudgedPair:
    """Everything that stands of what people said of a recommendation and one ``other``.

    The last judgement holds. It is ``outdated`` where one of the two was worded anew since: then
    nothing obeys it.
    """

    other: str
    text: str
    judgements: tuple[PairJudgement, ...]
    outdated: bool

    @property
    def last(self) -> PairJudgement:
        """The judgement that holds."""
        return self.judgements[-1]


def pair_judgement(
    base: KnowledgeBase, a: str, b: str, *, same: bool, who: str, when: datetime
) -> PairJudgement:
    """A judgement on two recommendations; raises NotFound or WrongUsage."""
    if a == b:
        raise WrongUsage(f"{a} is given twice", hint="Name two different recommendations.")
    digest_a, digest_b = (digest(wording(base, identity)) for identity in (a, b))
    return PairJudgement(
        who=who, when=when, a=a, b=b, digest_a=digest_a, digest_b=digest_b, same=same
    )


def retraction(base: KnowledgeBase, a: str, b: str, *, who: str, when: datetime) -> PairJudgement:
    """The line that takes back this person's last judgement on two recommendations.

    Raises NotFound where none of theirs stands.
    """
    own = [one for one in said_of(base, a, b) if one.who == who]
    if not own:
        raise NotFound(
            f"{who} has not judged whether {a} and {b} ask the same",
            hint="Another's judgement can be outweighed by one of your own.",
        )
    return own[-1].model_copy(update={"when": when, "retracts": own[-1].when})


def judged_pairs(base: KnowledgeBase, identity: str) -> list[JudgedPair]:
    """What people said of a recommendation beside others that the audience may see.

    The pair judged last comes first.
    """
    of: dict[str, list[PairJudgement]] = {}
    for one in pair_judgements(base.corpus):
        if identity in one.about:
            other = one.b if one.a == identity else one.a
            of[other] = [*of.pop(other, []), one]
    return list(_shown(base, identity, of))[::-1]


def _shown(
    base: KnowledgeBase, identity: str, of: dict[str, list[PairJudgement]]
) -> Iterator[JudgedPair]:
    own = digest(wording(base, identity))
    for other, judgements in of.items():
        try:
            text = wording(base, other)
        except NotFound:
            continue
        last = judgements[-1]
        judged = {last.a: last.digest_a, last.b: last.digest_b}
        is_outdated = judged != {identity: own, other: digest(text)}
        yield JudgedPair(other, text, tuple(judgements), is_outdated)


def said_of(base: KnowledgeBase, a: str, b: str) -> list[PairJudgement]:
    """The judgements that stand on two recommendations, the oldest first."""
    return [one for one in pair_judgements(base.corpus) if {*one.about} == {a, b}]
