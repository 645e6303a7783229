"""Judging one recommendation after another: what is asked, stored, passed over and taken back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kb.errors import IndexMissing, NotFound, WrongUsage
from kb.library.since import shown_since_build
from kb.library.sources import by_recommendation
from kb.library.starter import untouched_reviews
from kb.model import ThemeJudgement
from kb.text.normalise import digest

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.model import Entry
    from kb.tagging.judged import Settled


def queue(
    base: KnowledgeBase,
    limit: int | None,
    *,
    who: str,
    theme: str | None = None,
    review: str | None = None,
) -> list[tuple[Entry, str]]:
    """Recommendations whose judgement would teach most, each with why; none of the test set.

    What ``who`` has judged is left out, and what they passed over comes last, while its text is
    the same. Raises NotFound, WrongUsage or IndexMissing for a theme or review that cannot be
    asked about.
    """
    from kb.tagging.judged import settled
    from kb.tagging.queue import queue

    judged = by_recommendation(base.corpus)
    untouched = untouched_reviews(judged)
    if theme is not None:
        base.theme(theme)
    if review is not None:
        _refuse_unasked(base, review, untouched)
    entries = {
        entry.id: entry
        for entry in base.entries()
        if entry.review.id not in untouched
        and (review is None or entry.review.id == review)
        and not _is_answered(judged.get(entry.id, ()), entry.recommendation.text, who, theme)
    }
    chosen = queue(
        entries.values(),
        {identity: settled(judgements) for identity, judgements in judged.items()},
        _thresholds(base),
        limit,
        theme=theme,
        last=_passed_over(base, entries, who),
    )
    return [(entries[identity], why) for identity, why in chosen]


def _refuse_unasked(base: KnowledgeBase, review: str, untouched: frozenset[str]) -> None:
    base.review(review)
    if review in untouched:
        raise WrongUsage(
            f"{review} is in the starter's test set, which nobody is asked to judge",
            hint="It measures how good the tags are; choose another review.",
        )
    if review not in dict(base.values("review")):
        raise IndexMissing(
            f"nothing of {review} is in the index",
            hint="Where it was added after the last build: kb build",
        )


def _thresholds(base: KnowledgeBase) -> dict[str, float]:
    classifier = base.tagger.classifier
    if classifier is None:
        return {}
    return dict(zip(classifier.theme_ids, classifier.thresholds.tolist(), strict=True))


def _is_answered(
    judgements: Sequence[ThemeJudgement], text: str, who: str, theme: str | None
) -> bool:
    """Whether this person need not be asked again about this text.

    Any judgement of theirs on it answers; where one theme is asked about, one on that theme does.
    """
    own = [judgement for judgement in judgements if judgement.who == who]
    if theme is not None:
        own = [one for one in own if one.judges(theme)]
    return bool(own) and any(one.digest == digest(text) for one in own)


def _passed_over(base: KnowledgeBase, entries: Mapping[str, Entry], who: str) -> frozenset[str]:
    return frozenset(
        one.recommendation
        for one in base.corpus.passed_over()
        if one.who == who
        and one.recommendation in entries
        and one.digest == digest(entries[one.recommendation].recommendation.text)
    )


@dataclass(frozen=True)
class Asked:
    """A recommendation as it stands now, why it is asked about, and what is judged of it."""

    entry: Entry
    why: str
    verdict: Settled


@dataclass(frozen=True)
class _Step:
    asked: Asked
    line: ThemeJudgement
    is_new: bool  # nobody had judged it since the last build


class Judging:
    """One person's session over a queue; every answer is stored at once."""

    def __init__(
        self,
        base: KnowledgeBase,
        waiting: Iterable[tuple[Entry, str]],
        *,
        who: str,
        theme: str | None = None,
    ) -> None:
        """Hold what waits to be judged, best first."""
        self._base = base
        self._who = who
        self._theme = theme
        self._waiting = deque((entry.id, why) for entry, why in waiting)
        self._steps: list[_Step] = []
        self._unbuilt = shown_since_build(base)

    @property
    def judged(self) -> int:
        """How many judgements of this session stand."""
        return sum(not step.line.judges_nothing for step in self._steps)

    @property
    def skipped(self) -> int:
        """How many were passed over in this session."""
        return len(self._steps) - self.judged

    @property
    def unbuilt(self) -> int:
        """How many recommendations anyone has judged since the last build."""
        return len(self._unbuilt)

    def ask(self) -> Asked | None:
        """What to judge now: the same until it is answered; None when nothing waits.

        What was taken out, or judged by somebody else in the meantime, is passed by.
        """
        while self._waiting:
            asked = self._asked(*self._waiting[0])
            if asked is not None:
                return asked
            self._waiting.popleft()
        return None

    def is_judged_otherwise(self, asked: Asked) -> bool:
        """Whether somebody has judged it, or changed its text, after it was asked."""
        now = self._asked(asked.entry.id, asked.why)
        return (
            now is None
            or now.verdict != asked.verdict
            or now.entry.recommendation.text != asked.entry.recommendation.text
        )

    def _asked(self, identity: str, why: str) -> Asked | None:
        from kb.tagging.judged import settled

        try:
            entry = self._base.entry(identity)
        except NotFound:
            return None
        judgements = by_recommendation(self._base.corpus).get(identity, [])
        verdict, text = settled(judgements), entry.recommendation.text
        is_judged = self._theme is None or verdict.says(self._theme) is not None
        is_settled = verdict.complete_by == "person" and is_judged and not verdict.is_outdated(text)
        is_answered = _is_answered(judgements, text, self._who, self._theme)
        if entry.recommendation.removed or is_settled or is_answered:
            return None
        return Asked(entry, why, verdict)

    def store(
        self, asked: Asked, *, yes: Sequence[str], no: Sequence[str], complete: bool
    ) -> ThemeJudgement:
        """Store a judgement on the text as it was shown; raises NotFound or StorageError."""
        self._base.known_id(asked.entry.id)
        line = self._line(asked, yes=tuple(yes), no=tuple(no), complete=complete)
        self._put(asked, line)
        return line

    def skip(self, asked: Asked) -> None:
        """Pass over; it comes last when this person judges again."""
        self._base.known_id(asked.entry.id)
        self._put(asked, self._line(asked))

    def undo(self) -> ThemeJudgement | None:
        """Take back the last answer of this session and ask it again; None where there is none.

        A line is appended that says so: what held before holds again. Raises NotFound where the
        recommendation is gone, and forgets the step.
        """
        if not self._steps:
            return None
        step = self._steps[-1]
        try:
            self._base.known_id(step.asked.entry.id)
        except NotFound:
            self._steps.pop()
            raise
        self._base.judge(self._line(step.asked, retracts=step.line.when))
        self._steps.pop()
        if step.is_new:
            self._unbuilt.discard(step.asked.entry.id)
        self._waiting.appendleft((step.asked.entry.id, step.asked.why))
        return step.line

    def _line(
        self,
        asked: Asked,
        *,
        yes: tuple[str, ...] = (),
        no: tuple[str, ...] = (),
        complete: bool = False,
        retracts: datetime | None = None,
    ) -> ThemeJudgement:
        says_something = yes or no or complete
        return ThemeJudgement(
            who=self._who,
            when=datetime.now(UTC).replace(microsecond=0),
            recommendation=asked.entry.id,
            digest=digest(asked.entry.recommendation.text),
            yes=yes,
            no=no,
            complete=complete,
            themes=self._base.taxonomy.theme_ids() if complete else (),
            taxonomy_version=self._base.taxonomy.version if says_something else None,
            retracts=retracts,
        )

    def _put(self, asked: Asked, line: ThemeJudgement) -> None:
        self._base.judge(line)
        identity = asked.entry.id
        is_new = not line.judges_nothing and identity not in self._unbuilt
        if is_new:
            self._unbuilt.add(identity)
        self._steps.append(_Step(asked, line, is_new))
        self._waiting.popleft()


def retraction(
    base: KnowledgeBase, identity: str, *, who: str, when: datetime, made: datetime | None = None
) -> ThemeJudgement:
    """The line that takes back this person's last judgement on a recommendation's themes.

    With ``made`` it is the one of that time. Raises NotFound where none of theirs stands.
    """
    judged = by_recommendation(base.corpus).get(identity, ())
    own = [one for one in judged if one.who == who and made in (None, one.when)]
    if not own:
        raise NotFound(
            f"{who} has judged no theme of {identity}",
            hint="Whose judgement it is says --who; another's can be outweighed with: kb judge",
        )
    last = own[-1]
    return ThemeJudgement(
        who=who, when=when, recommendation=identity, digest=last.digest, retracts=last.when
    )
