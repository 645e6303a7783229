"""Draft recommendations: read from a document, checked against the base and against each other."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.library.lessons import judged_rows
from kb.library.placing import NOWHERE, Place, place, stacked
from kb.search.engine import Filters
from kb.similarity.check import CheckResult, Likeness, check
from kb.similarity.facts import Facts
from kb.text.tokens import tokenise

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.printed import Recommendation
    from kb.reports import Report
    from kb.wording.advice import Hint

_NO_DATE = frozenset({"", "-", "–", "n/a", "na", "tba", "tbc", "none"})
_NO_WORD = "there is nothing to check: the text has no word"


@dataclass(frozen=True)
class Draft:
    """A recommendation that is not stored yet, with what its plan prints beside it.

    ``number`` tells it from the others of its draft; ``sectors`` are those of the bodies that the
    plan names for it, ``has_date`` says whether the plan gives it a date.
    """

    number: str
    text: str
    sectors: tuple[str, ...] = ()
    has_date: bool = False


@dataclass(frozen=True)
class CheckedDraft:
    """A draft with the answer of the base, and what it repeats of its own draft."""

    draft: Draft
    found: CheckResult
    within: tuple[Likeness, ...] = ()

    def as_json(self, base: KnowledgeBase, *, advice: bool = False) -> dict[str, Any]:
        """``{id, verdict, matches, history, notes, within, draft}``, perhaps with ``advice``."""
        from kb.library.answering import answer_json

        return {
            "id": self.draft.number,
            **answer_json(base, self.found),
            "within": [one.as_json() for one in self.within],
            "draft": self.draft.text,
            **({"advice": [hint.as_json() for hint in advice_on(self.draft)]} if advice else {}),
        }


def advice_on(draft: Draft) -> tuple[Hint, ...]:
    """Hints on the wording of a draft; what its plan prints beside it is not missed."""
    from kb.wording.advice import advise

    has_owner = any(sector != "all-agencies" for sector in draft.sectors)
    return advise(draft.text, has_owner=has_owner, has_date=draft.has_date)


def read_drafts(base: KnowledgeBase, path: Path) -> list[Draft]:
    """Every recommendation of a document, read as ``add`` would; nothing is stored.

    The position stands where no number is printed, or one twice; where that is itself printed as
    a number, positions stand for all. Raises DocumentError.
    """
    from kb.ingest.guarded import read_guarded

    readings = read_guarded(path, own_agencies=base.settings.agencies, limits=base.settings.reading)
    read = [one for reading in readings for one in reading.recommendations]
    return [_draft(one, number) for one, number in zip(read, _numbers(read), strict=True)]


def _numbers(read: Sequence[Recommendation]) -> list[str]:
    often = Counter(one.number for one in read)
    positions = [str(at) for at in range(1, len(read) + 1)]
    numbers = [
        one.number if one.number and often[one.number] == 1 else position
        for one, position in zip(read, positions, strict=True)
    ]
    return numbers if len(set(numbers)) == len(numbers) else positions


def _draft(read: Recommendation, number: str) -> Draft:
    actions = read.actions
    dates = (read.target_date, *(action.target_date for action in actions))
    return Draft(
        number,
        read.text,
        sectors=tuple(dict.fromkeys(agency.sector for agency in read.lead_agencies)),
        has_date=any((day.printed or "").strip().lower() not in _NO_DATE for day in dates),
    )


def check_drafts(
    base: KnowledgeBase,
    drafts: Sequence[Draft],
    *,
    except_review: str | None = None,
    limit: int = 5,
) -> Iterator[CheckedDraft]:
    """Each draft with its answer, as soon as it is known.

    One of several without a word gets a note; the only one raises WrongUsage.
    """
    if except_review is not None:
        base.review(except_review)
    allowed = base.index.mask(Filters(published_only=base.published_only))
    for draft, known in zip(drafts, _known(base, drafts), strict=True):
        if len(drafts) > 1 and not tokenise(draft.text):
            yield CheckedDraft(draft, CheckResult("new", (), notes=(_NO_WORD,)))
            continue
        with base.index.comparing():
            found = check(
                base.index.similarity,
                draft.text,
                sectors=draft.sectors,
                **known.place,
                exclude_review=except_review,
                allowed=allowed,
                judged=judged_rows(base, draft.text),
                theme_names=base.taxonomy.names(),
                limit=limit,
            )
        yield CheckedDraft(draft, found, known.within)


class _Known(NamedTuple):
    """What is known of a draft before it is checked: where it lies, and its own plan's word."""

    place: Place = NOWHERE
    within: tuple[Likeness, ...] = ()


def _known(base: KnowledgeBase, drafts: Sequence[Draft]) -> list[_Known]:
    from kb.similarity.within import repeats_within

    places = [at for at, draft in enumerate(drafts) if tokenise(draft.text)]
    said = [drafts[at] for at in places]
    facts = [Facts(one.number, "", one.text, sectors=one.sectors) for one in said]
    placed = place(base, [one.text for one in said])
    with base.index.comparing():
        within = repeats_within(
            base.index.similarity,
            facts,
            [one["themes"] for one in placed],
            stacked(one["latent"] for one in placed),
            stacked(one["sentence"] for one in placed),
            theme_names=base.taxonomy.names(),
        )
    found = [_Known()] * len(drafts)
    for at, its_place, repeats in zip(places, placed, within, strict=True):
        found[at] = _Known(its_place, repeats)
    return found


def draft_report(
    base: KnowledgeBase,
    rows: Sequence[Mapping[str, Any]],
    about: Sequence[tuple[str, str]],
    *,
    command: str,
) -> Report:
    """A report on checked drafts, given as their JSON; ``about`` says what was checked."""
    from kb.library.reporting import head
    from kb.reports import checked_drafts

    made = checked_drafts(rows)
    counts = (
        ("Recommendations", str(len(rows))),
        ("Repeat another of the draft", str(made.data["summary"]["repeated_within"])),
    )
    lines = head(base, command=command, today=date.today(), filters={})
    told = [(label, value) for label, value in lines if label != "Filters"]
    return made.with_head([*about, *counts, *told])


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, by which a report names what it read."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
