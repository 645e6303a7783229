"""What is wrong with a knowledge base, and the next step for each fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from kb.errors import CorpusError, IndexMissing, KnowledgeBaseError, SettingsError, TaxonomyError
from kb.model import PairJudgement, Review, ThemeJudgement
from kb.text.normalise import digest

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase

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
    """Settings, taxonomy, corpus, judgements and index, in that order."""
    findings: list[Finding] = []
    findings += _settings(base)
    findings += _taxonomy(base)
    reviews: dict[str, Review] = {}
    findings += _corpus(base, reviews)
    findings += _judgements(base, reviews)
    findings += _index(base)
    return findings


def _settings(base: KnowledgeBase) -> Iterator[Finding]:
    try:
        _ = (base.settings, base.abbreviations, base.agencies)
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
    for review_id in base.corpus.review_ids():
        try:
            reviews[review_id] = base.corpus.review(review_id)
        except CorpusError as error:
            yield Finding("fault", "corpus", error.told, error.hint)
    unknown = [r.id for r in reviews.values() if r.publication == "unknown"]
    if unknown:
        step = f"kb correct {unknown[0]} publication=published"
        if base.published_only:  # names nobody, and corrects only what may be shown
            step = 'Set audience = "own" in kb.toml; then kb doctor says which.'
        yield Finding(
            "warning",
            "corpus",
            f"reviews that do not say whether they are published: {len(unknown)};"
            " they count as unpublished",
            step,
        )
    standing = [r for review in reviews.values() for r in review.recommendations if not r.removed]
    flagged = sum(bool(recommendation.flags) for recommendation in standing)
    if flagged:
        yield Finding(
            "warning",
            "corpus",
            f"recommendations that the reader doubted: {flagged}",
            "kb show REVIEW",
        )
    counts = f"{len(reviews)} reviews, {len(standing)} recommendations"
    yield Finding("fine", "corpus", counts)


def _judgements(base: KnowledgeBase, reviews: dict[str, Review]) -> Iterator[Finding]:
    from kb.ingest.corrections import corrected

    for line in base.corpus.torn_lines():
        yield Finding(
            "fault",
            "judgements",
            f"line {line.line} cannot be read: {line.text[:60]!r}",
            "Mend or delete that line of corpus/judgements.jsonl; the others count.",
        )
    now = {
        review.recommendation_id(r.position): digest(corrected(r, base.agencies).text)
        for review in reviews.values()
        for r in review.recommendations
    }
    missing, changed = [], []
    count = 0
    for judgement in base.corpus.judgements():
        count += 1
        for identity, text in _judged(judgement):
            if identity not in now:
                missing.append(identity)
            elif now[identity] != text:
                changed.append(identity)
    if missing:
        yield Finding(
            "warning", "judgements", f"{len(missing)} are about what is not stored: {missing[0]} …"
        )
    if changed:
        yield Finding(
            "warning",
            "judgements",
            f"{len(changed)} were made on a text that has changed since: {changed[0]} …",
            f"kb show {changed[0]}, then kb judge {changed[0]} …",
        )
    yield Finding("fine", "judgements", f"{count} judgements")


def _judged(judgement: ThemeJudgement | PairJudgement) -> list[tuple[str, str]]:
    if isinstance(judgement, ThemeJudgement):
        return [(judgement.recommendation, judgement.digest)]
    return [(judgement.a, judgement.digest_a), (judgement.b, judgement.digest_b)]


def _index(base: KnowledgeBase) -> Iterator[Finding]:
    try:
        manifest = base.index.generation.manifest
        base.index.engine.check()
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
                "fine", "index", f"{manifest.recommendations} recommendations, {manifest.created}"
            )
    except IndexMissing as error:
        yield Finding("warning", "index", error.message, "kb build")
    except KnowledgeBaseError as error:
        yield Finding("fault", "index", error.told, error.hint)
