"""What is wrong with a knowledge base, and the next step for each fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from kb.errors import CorpusError, IndexMissing, KnowledgeBaseError, SettingsError, TaxonomyError
from kb.model import Judgement, PairJudgement, Review
from kb.text.normalise import digest

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase

_ONLY_PUBLISHED = (
    'audience = "shared": published reviews alone are looked at here; set audience = "own" in'
    " kb.toml to look at all"
)
Level = Literal["fault", "warning", "fine"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: how it is, and what to do."""

    level: Level
    part: str
    message: str
    step: str | None = None

    def as_json(self) -> dict[str, Any]:
        """``{level, part, message, step}``."""
        return asdict(self)


def examine(base: KnowledgeBase) -> list[Finding]:
    """Settings, taxonomy, corpus, judgements, saved searches and index, in that order."""
    findings: list[Finding] = []
    findings += _settings(base)
    findings += _taxonomy(base)
    reviews: dict[str, Review] = {}
    findings += _corpus(base, reviews)
    findings += _judgements(base, reviews)
    findings += _searches(base)
    findings += _index(base)
    return findings


def _settings(base: KnowledgeBase) -> Iterator[Finding]:
    try:
        _ = (base.settings, base.abbreviations, base.agencies, base.sources.sentence_model)
        yield Finding("fine", "settings", f"audience is {base.settings.audience}")
    except SettingsError as error:
        yield Finding("fault", "settings", error.told, error.hint)


def _taxonomy(base: KnowledgeBase) -> Iterator[Finding]:
    from kb.tagging.check import check_taxonomy

    try:
        taxonomy = base.taxonomy
        faults = [f for f in check_taxonomy(taxonomy, base.abbreviations) if f.severity == "fault"]
    except (TaxonomyError, SettingsError) as error:
        yield Finding("fault", "taxonomy", error.told, error.hint)
        return
    for fault in faults[:10]:
        yield Finding("fault", "taxonomy", f"{fault.theme}: {fault.message}", "kb taxonomy check")
    if not faults:
        count = sum(1 for _ in taxonomy.themes())
        yield Finding("fine", "taxonomy", f"{count} themes in {len(taxonomy.groups)} groups")


def _corpus(base: KnowledgeBase, reviews: dict[str, Review]) -> Iterator[Finding]:
    if not base.corpus.folder.is_dir():
        yield Finding("warning", "corpus", "there is no corpus folder yet", "kb add FILE")
        return
    if base.published_only:
        yield Finding("fine", "corpus", _ONLY_PUBLISHED)
    for review_id in base.corpus.review_ids():
        if base.published_only and base.corpus.publication(review_id) != "published":
            continue
        try:
            reviews[review_id] = base.corpus.review(review_id)
        except CorpusError as error:
            yield Finding("fault", "corpus", error.told, error.hint)
    unknown = [r.id for r in reviews.values() if r.publication == "unknown"]
    if unknown:
        yield Finding(
            "warning",
            "corpus",
            f"reviews that do not say whether they are published: {len(unknown)};"
            " they count as unpublished",
            f"kb correct {unknown[0]} publication=published",
        )
    yield from _flags(base, reviews)
    standing = sum(not one.removed for r in reviews.values() for one in r.recommendations)
    yield Finding("fine", "corpus", f"{len(reviews)} reviews, {standing} recommendations")


def _flags(base: KnowledgeBase, reviews: dict[str, Review]) -> Iterator[Finding]:
    """What the reader doubted, and where personal data may stand, as corrected."""
    from kb.ingest.corrections import corrected
    from kb.ingest.personal import is_personal_flag

    personal: dict[str, list[str]] = {}
    doubted = 0
    for review in reviews.values():
        for one in review.recommendations:
            flags = () if one.removed else corrected(one, base.agencies).flags
            if any(map(is_personal_flag, flags)):
                identity = review.recommendation_id(one.position)
                personal.setdefault(review.publication, []).append(identity)
            doubted += not all(map(is_personal_flag, flags))
    if personal:
        open_ones = personal.get("published", [])
        others = sum(map(len, personal.values())) - len(open_ones)
        yield Finding(
            "warning",
            "corpus",
            f"recommendations in which personal data may stand: {len(open_ones)} of published"
            f" reviews, {others} of others",
            f"kb show {next(iter([*open_ones, *chain(*personal.values())]))}",
        )
    if doubted:
        message = f"recommendations that the reader doubted: {doubted}"
        yield Finding("warning", "corpus", message, "kb show REVIEW")


def _judgements(base: KnowledgeBase, reviews: dict[str, Review]) -> Iterator[Finding]:
    from kb.ingest.corrections import corrected

    for line in base.corpus.torn_lines():
        said = "" if base.published_only else f": {line.text[:60]!r}"
        yield Finding(
            "fault",
            "judgements",
            f"line {line.line} cannot be read{said}",
            "Mend or delete that line of corpus/judgements.jsonl; the others count.",
        )
    now = {
        review.recommendation_id(r.position): corrected(r, base.agencies).text
        for review in reviews.values()
        for r in review.recommendations
    }
    judgements = base.corpus.judgements()
    missing, outdated = _outdated(judgements, now)
    if base.published_only:  # it names nobody: what is missing may not be published
        judgements = [j for j in judgements if now.keys() >= set(j.about)]
    elif missing:
        yield Finding(
            "warning", "judgements", f"{len(missing)} are about what is not stored: {missing[0]} …"
        )
    if outdated:
        yield Finding(
            "warning",
            "judgements",
            f"{len(outdated)} were made on a text that has changed since: {outdated[0]} …",
            f"kb show {outdated[0]}, then kb judge {outdated[0]} …",
        )
    yield Finding("fine", "judgements", f"{len(judgements)} judgements")


def _outdated(judgements: Sequence[Judgement], now: dict[str, str]) -> tuple[list[str], list[str]]:
    """Ids judged that are not stored, and those judged on another text than ``now`` has."""
    from kb.library.sources import on_themes
    from kb.tagging.judged import settled

    missing = [i for judgement in judgements for i in judgement.about if i not in now]
    changed = [
        identity
        for identity, on_it in on_themes(judgements).items()
        if identity in now and settled(on_it).is_outdated(now[identity])
    ]
    pairs = {frozenset(one.about): one for one in judgements if isinstance(one, PairJudgement)}
    for pair in pairs.values():
        judged = ((pair.a, pair.digest_a), (pair.b, pair.digest_b))
        changed += [i for i, text in judged if i in now and digest(now[i]) != text][:1]
    return missing, changed


def _searches(base: KnowledgeBase) -> Iterator[Finding]:
    try:
        count = len(base.searches.all())
    except CorpusError as error:
        yield Finding("fault", "searches", error.told, error.hint)
        return
    if count:
        yield Finding("fine", "searches", f"{count} saved")


def _index(base: KnowledgeBase) -> Iterator[Finding]:
    from kb.search.engines import check_engines

    try:
        manifest = base.index.generation.manifest
        check_engines(base.index.generation.folder, base.index.records)
        _ = base.index.similarity
        if base.is_stale():
            yield Finding(
                "warning",
                "index",
                "corpus, taxonomy or settings changed after it was built",
                "kb build",
            )
        else:
            yield Finding(
                "fine",
                "index",
                f"{manifest.recommendations} recommendations, {manifest.created},"
                f" engine {manifest.engine}",
            )
    except IndexMissing as error:
        yield Finding("warning", "index", error.message, "kb build")
    except KnowledgeBaseError as error:
        yield Finding("fault", "index", error.told, error.hint)
