"""From the people's files to a generation of the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import kb
from kb.corpus import Corpus
from kb.errors import IndexMissing, IndexUnreadable
from kb.index.generations import Generation, current, older, publish, remove_older
from kb.index.manifest import Manifest
from kb.index.records import Records, write_records
from kb.library import stamps
from kb.library.sources import Sources, by_recommendation, corrected_rows, shown_reviews
from kb.library.stamps import is_corpus_fresh
from kb.model import Entry, Review, ReviewFacts, ThemeJudgement

if TYPE_CHECKING:
    from kb.similarity.facts import Facts
    from kb.tagging.combine import Tagger
    from kb.tagging.learning import LearningText

MODEL = "model"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Built:
    """What a build came to; ``is_new`` is False where nothing had changed."""

    manifest: Manifest
    is_new: bool
    has_learnt: bool


def build(
    index_dir: Path, sources: Sources, *, relearn: bool = False, progress: Progress | None = None
) -> Built:
    """Bring the index up to the people's files; nothing is done where it is already.

    ``progress`` hears (step in words, done, of how many). Raises BuildInterrupted on Ctrl-C; what
    stood before a failed build still stands.
    """
    tell = progress or (lambda *_: None)
    before = _current(index_dir)
    if before and not relearn and is_fresh(before.manifest, sources) and _is_sound(before):
        _forget_removed(index_dir, sources.corpus)
        return Built(before.manifest, is_new=False, has_learnt=False)
    builder = _Builder(sources, before, tell)
    generation = publish(index_dir, lambda folder: builder.fill(folder, relearn), _verify)
    _forget_removed(index_dir, sources.corpus)
    return Built(generation.manifest, is_new=True, has_learnt=builder.has_learnt)


def _forget_removed(index_dir: Path, corpus: Corpus) -> None:
    """Delete older generations when one of them still holds a review that was taken out."""
    stored = set(corpus.review_ids())
    if any(not _indexed(folder) <= stored for folder in older(index_dir)):
        remove_older(index_dir)


def _indexed(folder: Path) -> set[str]:
    """The reviews of a generation; one that cannot be read counts as holding something else."""
    try:
        with Records.open(folder) as records:
            return {review_id for review_id, _ in records.columns.values("review")}
    except IndexUnreadable:
        return {""}


def is_fresh(manifest: Manifest, sources: Sources) -> bool:
    """Whether an index was built by this program from the files as they are now."""
    return (
        manifest.program == kb.__version__
        and manifest.taxonomy_digest == sources.taxonomy.digest
        and manifest.settings_digest == sources.settings.digest
        and is_corpus_fresh(manifest, sources.corpus.folder)
    )


def _current(index_dir: Path) -> Generation | None:
    try:
        return current(index_dir)
    except (IndexMissing, IndexUnreadable):
        return None


class _Builder:
    """One build: reads, learns where it must, tags, and writes a generation's folder."""

    def __init__(self, sources: Sources, before: Generation | None, tell: Progress) -> None:
        self._sources = sources
        self._before = before
        self._tell = tell
        self.has_learnt = False

    def fill(self, folder: Path, relearn: bool) -> Manifest:
        from kb.search.indexing import build_search
        from kb.search.whoosh_engine import WhooshEngine
        from kb.similarity.store import build_similarity

        sources = self._sources
        folder_of_corpus = sources.corpus.folder
        stamp, digest = stamps.stamp(folder_of_corpus), stamps.content_digest(folder_of_corpus)
        judged = stamps.judged_mark(sources.corpus.judgements_data())
        reviews = shown_reviews(sources.corpus, sources.settings)
        judgements = by_recommendation(sources.corpus)
        tagger = self._tagger(folder, reviews, judgements, relearn=relearn)
        entries = self._entries(reviews, judgements, tagger)
        self._tell("writing records", 0, len(entries))
        write_records(folder, entries, sources.taxonomy.model)
        self._tell("indexing for search", 0, len(entries))
        build_search(folder, entries, sources.abbreviations)
        self._tell("comparing recommendations", 0, len(entries))
        build_similarity(folder, [facts_of(entry) for entry in entries], sources.abbreviations)
        return Manifest(
            program=kb.__version__,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            corpus_digest=digest,
            corpus_stamp=stamp,
            **judged,
            taxonomy_digest=sources.taxonomy.digest,
            settings_digest=sources.settings.digest,
            model_version=tagger.classifier.version if tagger.classifier else "",
            taxonomy_version=sources.taxonomy.model.version,
            reviews=len(reviews),
            recommendations=len(entries),
            engine=WhooshEngine.name,
        )

    def _tagger(
        self,
        folder: Path,
        reviews: Sequence[Review],
        judgements: dict[str, list[ThemeJudgement]],
        *,
        relearn: bool,
    ) -> Tagger:
        """The tagger of the build before where its inputs are the same, else one learnt now."""
        from kb.library.learning import learning_texts
        from kb.tagging.combine import Tagger

        sources = self._sources
        texts = learning_texts(sources, reviews, judgements)
        old = None if self._before is None or relearn else self._before.folder / MODEL
        tagger = _same_tagger(old, sources, texts) if old is not None else None
        if tagger is None:
            self._tell("learning themes", 0, 0)
            tagger = Tagger.learn(
                sources.taxonomy.model,
                sources.abbreviations,
                texts,
                progress=lambda done, of: self._tell("learning themes", done, of),
            )
            self.has_learnt = True
        (folder / MODEL).mkdir()
        tagger.save(folder / MODEL)
        return tagger

    def _entries(
        self,
        reviews: Sequence[Review],
        judgements: dict[str, list[ThemeJudgement]],
        tagger: Tagger,
    ) -> list[Entry]:
        from kb.tagging.judged import with_judgements

        rows = [row for review in reviews for row in corrected_rows(review, self._sources.agencies)]
        tagged = tagger.tag(
            [recommendation.text for _, recommendation in rows],
            lambda done, of: self._tell("tagging", done, of),
        )
        facts = {review.id: ReviewFacts.of(review) for review in reviews}
        entries = []
        for (review, recommendation), tags in zip(rows, tagged, strict=True):
            identity = review.recommendation_id(recommendation.position)
            judged = with_judgements(tags, judgements.get(identity, ()), recommendation.text)
            entries.append(
                Entry(
                    id=identity,
                    recommendation=recommendation,
                    review=facts[review.id],
                    themes=judged.themes,
                    suggestions=judged.suggestions,
                )
            )
        return entries


def _same_tagger(folder: Path, sources: Sources, texts: Sequence[LearningText]) -> Tagger | None:
    from kb.tagging.classifier import model_version
    from kb.tagging.combine import Tagger

    try:
        tagger = Tagger.load(folder, sources.taxonomy.model, sources.abbreviations)
    except (IndexMissing, IndexUnreadable):
        return None
    theme_ids = [theme.id for theme in sources.taxonomy.model.themes()]
    wanted = model_version(texts, theme_ids, sources.abbreviations, tagger.rules)
    known = tagger.classifier.version if tagger.classifier else ""
    return tagger if known == wanted else None


def facts_of(entry: Entry) -> Facts:
    """What the duplicate check needs to know of a recommendation."""
    from kb.similarity.facts import Facts

    recommendation, review = entry.recommendation, entry.review
    return Facts(
        id=entry.id,
        review_id=review.id,
        text=recommendation.text,
        area=review.area,
        year=review.year.value,
        date=review.published or (str(review.year.value) if review.year.value else None),
        status=recommendation.status.value,
        completed=recommendation.completed.date,
        sectors=tuple(dict.fromkeys(agency.sector for agency in recommendation.lead_agencies)),
        themes=tuple(tag.id for tag in entry.themes),
    )


def _is_sound(generation: Generation) -> bool:
    """Whether every part of an index can be opened; a damaged one is built again."""
    try:
        _verify(generation)
    except IndexUnreadable:
        return False
    return True


def _verify(generation: Generation) -> None:
    """Open everything that readers will open, before anyone is sent there."""
    from kb.search.whoosh_engine import WhooshEngine
    from kb.similarity.store import Similarity

    with Records.open(generation.folder) as records:
        engine = WhooshEngine.open(generation.folder, records)
        try:
            engine.check()
        finally:
            engine.close()
    Similarity.open(generation.folder)
