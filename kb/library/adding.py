"""Documents in: read, matched to the review they belong to, and stored with its history."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from kb.corpus import Corpus
from kb.errors import DocumentError, WrongUsage
from kb.library.editing import FACTS, refused_fact, with_facts
from kb.model import FieldChange, Review, Taxonomy, ThemeJudgement
from kb.text.normalise import digest, fold

if TYPE_CHECKING:
    from kb.ingest import Reading
    from kb.settings import Settings

MACHINE_TAGS = "themes_by"  # an export says with it that its themes are not all people's
_LEAST_MATCHED = 0.2
_LONGEST_ID = 60


@dataclass(frozen=True)
class AddRequest:
    """What the user said beside the documents; facts named here override what they print."""

    review_id: str | None = None
    facts: Mapping[str, str] | None = None
    columns: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Added:
    """What adding one review came to; ``review`` is as it stands (or would stand) afterwards."""

    outcome: Literal["added", "read-again", "unchanged"]
    review: Review
    reading: Reading
    changes: tuple[FieldChange, ...] = ()
    judged: tuple[ThemeJudgement, ...] = ()


def read_all(
    paths: Sequence[Path],
    request: AddRequest,
    *,
    corpus: Corpus,
    taxonomy: Taxonomy,
    settings: Settings,
    who: str,
    when: datetime,
) -> list[Added]:
    """Read every document and say what storing it would change; nothing is stored yet.

    Raises DocumentError or WrongUsage for the first document that cannot be added.
    """
    from kb.ingest.guarded import read_guarded

    facts = dict(request.facts or {})
    planned: dict[str, Added] = {}
    adder = _Adder(corpus, taxonomy, who, when)
    for path in paths:
        readings = read_guarded(
            path,
            own_agencies=settings.agencies,
            columns=request.columns,
            url=facts.get("url"),
            limits=settings.reading,
        )
        if request.review_id and len(readings) + len(planned) > 1:
            raise WrongUsage(
                f"--review-id {request.review_id} names one review, but more than one is added",
                place=str(path),
                hint="Add the documents one by one, or leave --review-id out.",
            )
        for reading in readings:
            identity = adder.identity(reading, path, request, facts)
            if identity in planned:
                raise _doubled(identity, path)
            added = adder.plan(reading, path, identity, facts, is_named=bool(request.review_id))
            planned[identity] = replace(added, judged=adder.judgements(added, reading, path))
    return list(planned.values())


def store(corpus: Corpus, added: Sequence[Added]) -> None:
    """Write what ``read_all`` planned, all of it or nothing; raises StorageError."""
    known = {(j.recommendation, j.digest, j.yes, j.who) for j in _theme_judgements(corpus)}
    corpus.save_all(
        (one.review for one in added if one.outcome != "unchanged"),
        [
            judgement
            for one in added
            for judgement in one.judged
            if (judgement.recommendation, judgement.digest, judgement.yes, judgement.who)
            not in known
        ],
    )


def _theme_judgements(corpus: Corpus) -> list[ThemeJudgement]:
    return [j for j in corpus.judgements() if isinstance(j, ThemeJudgement)]


@dataclass(frozen=True)
class _Adder:
    """What every document of one command has in common."""

    corpus: Corpus
    taxonomy: Taxonomy
    who: str
    when: datetime

    def identity(
        self, reading: Reading, path: Path, request: AddRequest, facts: Mapping[str, str]
    ) -> str:
        """The id of the review that a reading is of; a file that is stored keeps the id it has."""
        stored = self._stored_files.get(reading.source.sha256) if reading.name is None else None
        if request.review_id and stored not in (None, request.review_id):
            raise WrongUsage(
                f"this file is stored already, as the review {stored!r}",
                place=str(path),
                hint=f"Take that one out first: kb remove {stored}",
            )
        known = _facts(reading, path, facts)
        return request.review_id or stored or make_review_id(reading, known, path)

    @cached_property
    def _stored_files(self) -> dict[str, str]:
        """SHA-256 of every file that holds one review, with that review's id."""
        files: dict[str, list[str]] = {}
        for review in self.corpus.reviews():
            for source in review.sources:
                files.setdefault(source.sha256, []).append(review.id)
        return {sha256: ids[0] for sha256, ids in files.items() if len(ids) == 1}

    def plan(
        self,
        reading: Reading,
        path: Path,
        identity: str,
        overrides: Mapping[str, str],
        *,
        is_named: bool,
    ) -> Added:
        """What storing this reading would change; nothing is stored."""
        from kb.ingest.rereading import first_reading, reread

        who, when = self.who, self.when
        try:
            if not self.corpus.has(identity):
                facts = _facts(reading, path, overrides)
                review = first_reading(reading, identity, facts=facts, when=when, who=who)
                return Added("added", review, reading)
            stored = self.corpus.review(identity)
            if not is_named:
                _check_same_review(stored, reading, path)
            review, changes = reread(stored, reading, when=when, who=who)
            review = with_facts(review, overrides, who=who, when=when)
        except ValidationError as error:
            raise refused_fact(error, str(path)) from error
        return Added("unchanged" if review == stored else "read-again", review, reading, changes)

    def judgements(self, added: Added, reading: Reading, path: Path) -> tuple[ThemeJudgement, ...]:
        """The complete judgements that a column of themes makes; an export's own tags make none."""
        if not reading.judged or any(header == MACHINE_TAGS for header, _ in reading.columns):
            return ()
        known = {theme.id for theme in self.taxonomy.themes()}
        place_of = {r.position: r.source.place for r in reading.recommendations}
        stored = _stored_positions(added)
        judgements = []
        for position, themes in sorted(reading.judged.items()):
            unknown = [theme for theme in themes if theme not in known]
            if unknown:
                raise DocumentError(
                    f"the taxonomy has no theme {unknown[0]!r}",
                    place=f"{path}, {place_of[position]}",
                    hint="See the ids with: kb taxonomy list",
                )
            recommendation = added.review.recommendations[stored[position]]
            judgements.append(
                ThemeJudgement(
                    who=self.who,
                    when=self.when,
                    recommendation=added.review.recommendation_id(recommendation.position),
                    digest=digest(recommendation.text),
                    yes=tuple(themes),
                    complete=True,
                    taxonomy_version=self.taxonomy.version,
                )
            )
        return tuple(judgements)


def _doubled(identity: str, path: Path) -> WrongUsage:
    return WrongUsage(
        f"two documents of this command would both be the review {identity!r}",
        place=str(path),
        hint="Add them one by one, each with its own --review-id.",
    )


def _facts(reading: Reading, path: Path, overrides: Mapping[str, str]) -> dict[str, str]:
    printed = {name: value for name in FACTS if (value := getattr(reading.facts, name, None))}
    facts = {**printed, **overrides}
    facts.setdefault("title", reading.name or path.stem)
    if facts.get("published") and "publication" not in facts:
        facts["publication"] = "published"
    return facts


def _check_same_review(stored: Review, reading: Reading, path: Path) -> None:
    """Refuse a document whose made-up id meets another review's by chance."""
    if any(
        r.source.sha256 == s.sha256 for r in reading.recommendations[:1] for s in stored.sources
    ):
        return
    known = {fold(recommendation.text) for recommendation in stored.recommendations}
    same = sum(fold(recommendation.text) in known for recommendation in reading.recommendations)
    if same < _LEAST_MATCHED * min(len(known), len(reading.recommendations)):
        raise WrongUsage(
            f"a review {stored.id!r} ({stored.title}) is stored already, and this document shares"
            f" {same} of its {len(reading.recommendations)} recommendations with it",
            place=str(path),
            hint=f"If it is that review: --review-id {stored.id}. If not, give it another id:"
            f" --review-id {stored.id}-2",
        )


def make_review_id(reading: Reading, facts: Mapping[str, str], path: Path) -> str:
    """A review's id from its area and case number, else from its name, title or file name."""
    case = getattr(reading.facts, "case", None)
    if reading.name:
        words = reading.name
    elif case and facts.get("area"):
        words = f"{facts['area']} {case}"
    else:
        words = facts.get("title") or path.stem
    return slug(words) or slug(path.stem) or "review"


def slug(words: str) -> str:
    """Small letters, digits and single hyphens, broken off at a word before the 60th."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    whole = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return whole if len(whole) <= _LONGEST_ID else whole[: _LONGEST_ID + 1].rpartition("-")[0]


def _stored_positions(added: Added) -> dict[int, int]:
    """From a position in the reading to the index of the stored recommendation it became."""
    if added.outcome == "added":
        return {r.position: at for at, r in enumerate(added.review.recommendations)}
    by_place: dict[tuple[str, str], int] = {
        (r.source.place, fold(r.text)): at
        for at, r in enumerate(added.review.recommendations)
        if not r.removed
    }
    by_text = {
        fold(r.text): at for at, r in enumerate(added.review.recommendations) if not r.removed
    }
    positions = {}
    for r in added.reading.recommendations:
        at = by_place.get((r.source.place, fold(r.text)), by_text.get(fold(r.text)))
        if at is not None:
            positions[r.position] = at
    return positions
