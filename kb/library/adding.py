"""Documents in: read, matched to the review they belong to, and stored with its history."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from kb.corpus import Corpus
from kb.errors import DocumentError, WrongUsage
from kb.library.editing import refused_fact, with_facts
from kb.library.showing import SHARED
from kb.model import REVIEW_FACTS, FieldChange, Review, SourceFile, Taxonomy, ThemeJudgement
from kb.text.normalise import digest, fold

if TYPE_CHECKING:
    from kb.ingest import Reading
    from kb.ingest.guarded import ReadingProcess
    from kb.settings import Settings

MACHINE_TAGS = "themes_by"  # an export says with it that its themes are not all people's
_LEAST_MATCHED = 0.2
_LONGEST_ID = 60
_PLACES = 12  # that a refusal names


@dataclass(frozen=True)
class AddRequest:
    """What the user said beside the documents; facts named here override what they print.

    ``strict`` refuses a document of which a table's cell is left out. ``also`` says that it is a
    further document of a stored review, which takes nothing away.
    """

    review_id: str | None = None
    facts: Mapping[str, str] | None = None
    columns: Mapping[str, str] | None = None
    strict: bool = False
    also: bool = False


@dataclass(frozen=True)
class Added:
    """What adding one review came to; ``review`` is as it stands (or would stand) afterwards.

    ``before`` is the review as it was stored, None of a new one. ``notes`` say what is odd about
    this document beside those stored.
    """

    outcome: Literal["added", "read-again", "also", "unchanged"]
    review: Review
    reading: Reading
    changes: tuple[FieldChange, ...] = ()
    judged: tuple[ThemeJudgement, ...] = ()
    before: Review | None = None
    notes: tuple[str, ...] = ()


def read_all(
    paths: Sequence[Path],
    request: AddRequest,
    *,
    corpus: Corpus,
    taxonomy: Callable[[], Taxonomy],
    settings: Settings,
    who: str,
    when: datetime,
    dry_run: bool,
    first: ReadingProcess | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Added]:
    """Read every document and say what storing it would change; nothing is stored yet.

    The taxonomy is asked for only where a document has a column of themes. ``first`` reads the
    first document. ``progress`` hears (which file is read, 0 or 1 when it is, 1). A review that
    this audience may not see is as none at all, until it would be stored: a look tells nobody that
    it is there.
    Raises DocumentError or WrongUsage for the first document that cannot be added.
    """
    from kb.ingest.guarded import read_guarded

    facts = dict(request.facts or {})
    planned: dict[str, Added] = {}
    adder = _Adder(corpus, taxonomy, who, when, published_only=settings.audience == "shared")
    tell = progress or (lambda *_: None)
    for path in paths:
        tell(f"reading {path.name}", 0, 1)
        readings = read_guarded(
            path,
            own_agencies=settings.agencies,
            columns=request.columns,
            url=facts.get("url"),
            limits=settings.reading,
            process=first,
        )
        tell(f"reading {path.name}", 1, 1)
        first = None
        if request.strict:
            _check_whole(readings[0], path)
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
            added = adder.plan(reading, path, identity, facts, also=request.also)
            planned[identity] = replace(added, judged=adder.judgements(added, reading, path))
            if not dry_run:
                adder.refuse_hidden(reading, path, identity)
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
    taxonomy: Callable[[], Taxonomy]
    who: str
    when: datetime
    published_only: bool

    def identity(
        self, reading: Reading, path: Path, request: AddRequest, facts: Mapping[str, str]
    ) -> str:
        """The id of the review that a reading is of; a file that is stored keeps the id it has."""
        stored = self._stored_as(reading)
        if stored and self._is_hidden(stored):
            stored = None
        if request.review_id and stored not in (None, request.review_id):
            raise WrongUsage(
                f"this file is stored already, as the review {stored!r}",
                place=str(path),
                hint=f"Take that one out first: kb remove {stored}",
            )
        known = _facts(reading, path, facts)
        return request.review_id or stored or make_review_id(reading, known, path)

    def refuse_hidden(self, reading: Reading, path: Path, identity: str) -> None:
        """Raise WrongUsage where a review stands in the way that this audience may not see."""
        if any(self._is_hidden(one) for one in (identity, self._stored_as(reading)) if one):
            raise WrongUsage("this document cannot be added here", place=str(path), hint=SHARED)

    def _stored_as(self, reading: Reading) -> str | None:
        """The review that this file holds as it is stored already."""
        return self._stored_files.get(reading.source.sha256) if reading.name is None else None

    def _is_hidden(self, identity: str) -> bool:
        """Whether a stored review is none that this audience may see."""
        return (
            self.published_only
            and self.corpus.has(identity)
            and self.corpus.publication(identity) != "published"
        )

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
        also: bool,
    ) -> Added:
        """What storing this reading would change; nothing is stored."""
        from kb.ingest.rereading import first_reading

        who, when = self.who, self.when
        try:
            if self.corpus.has(identity) and not self._is_hidden(identity):
                stored = self.corpus.review(identity)
                return self._plan_again(stored, reading, path, overrides, also=also)
            if also:
                raise _nothing_stored(identity, path)
            facts = _facts(reading, path, overrides)
            review = first_reading(reading, identity, facts=facts, when=when, who=who)
        except ValidationError as error:
            raise refused_fact(error, str(path)) from error
        return Added("added", review, reading)

    def _plan_again(
        self,
        stored: Review,
        reading: Reading,
        path: Path,
        overrides: Mapping[str, str],
        *,
        also: bool,
    ) -> Added:
        from kb.ingest.further import add_further
        from kb.ingest.rereading import reread

        who, when = self.who, self.when
        known = [s for s in stored.sources if s.sha256 == reading.source.sha256]
        if not also and not known:
            _check_same_review(stored, reading, path)
        read = add_further if also else reread
        review, changes = read(stored, reading, when=when, who=who)
        facts = {name: value for name, value in overrides.items() if not (also and name == "url")}
        review = with_facts(review, facts, who=who, when=when)
        outcome: Literal["also", "read-again"] = "also" if also else "read-again"
        return Added(
            "unchanged" if review == stored else outcome,
            review,
            reading,
            changes,
            before=stored,
            notes=(*_earlier_version(stored, known), *_mostly_gone(stored, review)),
        )

    def judgements(self, added: Added, reading: Reading, path: Path) -> tuple[ThemeJudgement, ...]:
        """The complete judgements that a column of themes makes; an export's own tags make none."""
        if not reading.judged or any(header == MACHINE_TAGS for header, _ in reading.columns):
            return ()
        taxonomy = self.taxonomy()
        known = set(taxonomy.theme_ids())
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
                    themes=taxonomy.theme_ids(),
                    taxonomy_version=taxonomy.version,
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
    printed = {
        name: value for name in REVIEW_FACTS if (value := getattr(reading.facts, name, None))
    }
    facts = {**printed, **overrides}
    facts.setdefault("title", reading.name or path.stem)
    if facts.get("published") and "publication" not in facts:
        facts["publication"] = "published"
    return facts


def _check_same_review(stored: Review, reading: Reading, path: Path) -> None:
    """Refuse a document that is another one than a version of what is stored under its id."""
    from kb.ingest.rereading import share_known

    same, share = share_known(stored, reading)
    if share >= _LEAST_MATCHED:
        return
    standing = sum(not recommendation.removed for recommendation in stored.recommendations)
    raise WrongUsage(
        f"a review {stored.id!r} is stored already, and this document shares"
        f" {same} of its {len(reading.recommendations)} recommendations with it: as a newer"
        f" version it would mark {standing - same} of {standing} as gone",
        place=str(path),
        hint=f"A further document of that review: --review-id {stored.id} --also. Another review:"
        f" --review-id {stored.id}-2. Its plan written anew: kb remove {stored.id} first.",
    )


def _check_whole(reading: Reading, path: Path) -> None:
    """Refuse a document of which a cell of a table went into no field."""
    cells = reading.account.left_out_cells
    if not cells:
        return
    by_why: dict[str, dict[str, None]] = {}
    for cell in cells:
        by_why.setdefault(cell.why, {})[cell.place] = None
    places = [f"{', '.join(found)} ({why})" for why, found in by_why.items()]
    more = f"; and {len(places) - _PLACES} more places" if len(places) > _PLACES else ""
    count = "1 cell of a table is" if len(cells) == 1 else f"{len(cells)} cells of tables are"
    raise DocumentError(
        f"{count} left out: {'; '.join(places[:_PLACES])}{more}",
        place=str(path),
        hint="See them with --dry-run. Name a column that is not known with --column, mend the"
        " document, or add it without --strict.",
    )


def _earlier_version(stored: Review, known: Sequence[SourceFile]) -> Iterator[str]:
    """In words, when a file that was read before is not the latest version of its plan."""
    versions = [source for source in stored.sources if not source.also]
    if known and not known[-1].also and known[-1].sha256 != versions[-1].sha256:
        yield (
            f"this is an earlier version, read on {known[-1].read_at:%Y-%m-%d}; the latest is"
            f" {versions[-1].file}, read on {versions[-1].read_at:%Y-%m-%d}: nothing was read again"
        )


def _mostly_gone(stored: Review, review: Review) -> Iterator[str]:
    """In words, when a newer version has less than half of the recommendations stored."""
    standing = {r.position for r in stored.recommendations if not r.removed}
    gone = {r.position for r in review.recommendations if r.removed} & standing
    if len(gone) * 2 > len(standing):
        yield (
            f"{len(gone)} of the {len(standing)} recommendations stored are not in this document"
            " and are marked as removed. If it is no newer version of the plan, do not store it so:"
            " a further document is added with --also. Where it is stored already:"
            f" kb remove {stored.id}, add the plan, then this one with --also"
        )


def _nothing_stored(identity: str, path: Path) -> WrongUsage:
    return WrongUsage(
        f"--also adds a further document to a stored review, and there is no review {identity!r}",
        place=str(path),
        hint="Add the plan first, or name the review: --review-id ID --also",
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
