"""The form in which a person decides on the themes of a recommendation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kb.library.showing import leading_evidence
from kb.library.votes import Vote
from kb.model import Entry, Tag, Taxonomy
from kb.web.visit import Visit

_BY = {
    "starter": "the starter corpus",
    "rule": "a rule",
    "classifier": "the classifier",
}


@dataclass(frozen=True)
class Ballot:
    """One theme in the form: how it came there, and what a person said of it.

    ``kind`` is whether it holds, is suggested, was refused by a person, or is asked about though
    nothing speaks for it; ``said`` names who but a person found it, where anything did.
    """

    id: str
    name: str
    kind: Literal["theme", "suggestion", "refused", "asked"]
    said: str = ""
    evidence: tuple[str, ...] = ()
    vote: Vote | None = None


def ballots(
    entry: Entry, taxonomy: Taxonomy, votes: Mapping[str, Vote], asked: str = ""
) -> list[Ballot]:
    """The themes of a recommendation, what is suggested, and what people said it does not have.

    The theme that is ``asked`` about comes first, also where nothing speaks for it.
    """
    named = taxonomy.names()
    themes = [_ballot(tag, named, "theme", votes.get(tag.id)) for tag in entry.themes]
    suggested = [_ballot(tag, named, "suggestion") for tag in entry.suggestions]
    refused = [
        Ballot(vote.theme, named.get(vote.theme, vote.theme), "refused", vote=vote)
        for vote in votes.values()
        if not vote.yes
    ]
    every = [*themes, *suggested, *sorted(refused, key=lambda one: one.name)]
    if asked in named and asked not in {one.id for one in every}:
        every.append(Ballot(asked, named[asked], "asked"))
    return sorted(every, key=lambda one: one.id != asked)


def _ballot(
    tag: Tag,
    named: Mapping[str, str],
    kind: Literal["theme", "suggestion"],
    vote: Vote | None = None,
) -> Ballot:
    finders = [_BY[by] for by in tag.by if by in _BY]
    said = " and ".join(filter(None, [", ".join(finders[:-1]), *finders[-1:]]))
    sure = "" if {"person", "starter"} & {*tag.by} else f", {tag.confidence:.0%} sure"
    evidence = tuple(
        f"“{' '.join(one.text.split())}”: {one.why}" if one.text else one.why
        for one in leading_evidence(tag)
    )
    return Ballot(tag.id, named.get(tag.id, tag.id), kind, f"{said}{sure}", evidence, vote)


@dataclass(frozen=True)
class Marked:
    """The themes said yes and no in a form, and whether all were looked at."""

    yes: list[str]
    no: list[str]
    complete: bool

    @property
    def says_nothing(self) -> bool:
        """Whether nothing was said of any theme."""
        return not (self.yes or self.no or self.complete)


def marked(visit: Visit, votes: Mapping[str, Vote]) -> Marked:
    """What a person marked in the form; a vote that stood and was left alone is not theirs."""
    themes = list(visit.base.taxonomy.theme_ids())
    yes = [theme for theme in themes if visit.one(f"theme-{theme}") == "yes"]
    yes += [theme for theme in visit.many("more") if theme not in yes]
    no = [theme for theme in themes if visit.one(f"theme-{theme}") == "no" and theme not in yes]
    if visit.one("complete") == "yes":
        return Marked(yes, no, complete=True)
    stands = {(one.theme, one.yes) for one in votes.values() if not one.outdated}
    return Marked(
        [theme for theme in yes if (theme, True) not in stands],
        [theme for theme in no if (theme, False) not in stands],
        complete=False,
    )
