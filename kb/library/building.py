"""From the people's files to a generation of the index."""

from __future__ import annotations

import contextlib
import gc
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kb.corpus import Corpus, standing
from kb.errors import IndexMissing, IndexUnreadable
from kb.index.generations import Generation, current, older, publish, remove_older
from kb.index.manifest import Manifest
from kb.index.records import Records
from kb.library import stamps
from kb.library.compiled import MODEL
from kb.library.keeping import Model, kept_part, prepare_model
from kb.library.parts import Judgements, Part, join_parts, read_digests, write_part
from kb.library.second import SecondProcess, is_worth_it, split
from kb.library.shelf import Shelf
from kb.library.sources import Sources, on_themes
from kb.library.stamps import Snapshot

__all__ = ["MODEL", "Built", "Progress", "build"]

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

    With ``relearn`` everything is made from nothing; else what the starter alone teaches may come
    from the shelf of this machine, which holds the same. ``progress`` hears (step in words, done,
    of how many). Raises BuildInterrupted on Ctrl-C; what stood before a failed build still stands.
    """
    tell = progress or (lambda *_: None)
    before = _current(index_dir)
    known = Snapshot.load(before.folder) if before else None
    snapshot = Snapshot.take(sources.corpus.folder, known)
    if before and not relearn and _is_fresh(before.manifest, sources, snapshot):
        if _is_sound(before):
            _forget_removed(index_dir, sources.corpus)
            return Built(before.manifest, is_new=False, has_learnt=False)
        before = None
    shelf = None if relearn else Shelf.of_user()
    builder = _Builder(sources, snapshot, None if relearn else before, shelf, tell)
    with _uncollected():
        built = _built(index_dir, builder)
    _forget_removed(index_dir, sources.corpus)
    return built


def _built(index_dir: Path, builder: _Builder) -> Built:
    """A new generation; from nothing where what is kept of the one before turns out damaged."""
    try:
        generation = publish(index_dir, builder.fill, _verify)
    except (IndexMissing, IndexUnreadable, IndexError, ValueError):  # damaged arrays raise these
        if builder.before is None:
            raise
        return _built(index_dir, builder.from_nothing())
    return Built(generation.manifest, is_new=True, has_learnt=builder.has_learnt)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Leave garbage be: a build makes many small things, and next to none that refer to themselves.

    Looking through all of them again and again takes a tenth of its time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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


def _is_fresh(manifest: Manifest, sources: Sources, snapshot: Snapshot) -> bool:
    """Whether an index was built by this program from the files as they are now."""
    return (
        manifest.program == stamps.program()
        and manifest.taxonomy_digest == sources.taxonomy.digest
        and manifest.settings_digest == sources.settings.digest
        and manifest.sentence_model == sources.sentence_digest
        and manifest.corpus_digest == snapshot.digest
    )


def _current(index_dir: Path) -> Generation | None:
    try:
        return current(index_dir)
    except (IndexMissing, IndexUnreadable):
        return None


class _Builder:
    """One build: reads, learns where it must, tags, and writes a generation's folder."""

    def __init__(
        self,
        sources: Sources,
        snapshot: Snapshot,
        before: Generation | None,
        shelf: Shelf | None,
        tell: Progress,
    ) -> None:
        self._sources = sources
        self._snapshot = snapshot
        self.before = before
        self._shelf = shelf
        self._tell = tell
        self.has_learnt = False

    def from_nothing(self) -> _Builder:
        """The same build, which keeps nothing of the one before."""
        return _Builder(self._sources, self._snapshot, None, self._shelf, self._tell)

    def fill(self, folder: Path) -> Manifest:
        """Fill a new folder; what the build before holds of unchanged reviews is taken from it."""
        sources, snapshot = self._sources, self._snapshot
        judgements_data = sources.corpus.judgements_data()
        judgements = on_themes(standing(judgements_data))
        model = prepare_model(
            folder,
            sources,
            snapshot,
            judgements,
            before=self.before,
            shelf=self._shelf,
            tell=self._tell,
        )
        self.has_learnt = model.has_learnt
        with SecondProcess(sources, folder, len(judgements_data)) as second:
            parts = self._parts(folder, judgements, model, second)
            self._tell("indexing", 0, 0)
            whole = self._joined(folder, parts, second)
        self._save_learnt(folder, model)
        for part in parts:
            if part.folder.parent == folder:
                shutil.rmtree(part.folder)
        snapshot.save(folder)
        return Manifest(
            program=stamps.program(),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            corpus_digest=snapshot.digest,
            corpus_stamp=snapshot.stamp,
            **stamps.judged_mark(judgements_data),
            taxonomy_digest=sources.taxonomy.digest,
            settings_digest=sources.settings.digest,
            sentence_model=sources.sentence_digest,
            model_version=model.version,
            taxonomy_version=sources.taxonomy.model.version,
            reviews=len(whole.reviews),
            recommendations=whole.rows,
            engine=sources.settings.engine,
        )

    def _joined(self, folder: Path, parts: list[Part], second: SecondProcess) -> Part:
        """Join the parts and write what rests on all rows, search and vectors side by side."""
        from kb.search.indexing import index_wording, reindex_wording
        from kb.similarity.writing import compare_wording, recompare_wording

        known = self._sources.abbreviations
        before = self.before.folder if self.before else None
        whole, wording, change = join_parts(folder, parts, before)
        reviews = whole.review_of_rows()

        def compare() -> None:
            if change:
                recompare_wording(folder, reviews, known, change)
            elif not second.compares():
                compare_wording(folder, wording, reviews, known)

        with ThreadPoolExecutor(1) as pool:
            vectors = pool.submit(compare)
            if change:
                reindex_wording(folder, wording, known, change)
            else:
                index_wording(folder, wording, known)
            vectors.result()
        return whole

    def _save_learnt(self, folder: Path, model: Model) -> None:
        """Write the scorer, and the sentence vectors of all rows where their model is chosen."""
        from kb.similarity.sentences import write_sentences
        from kb.similarity.store import FOLDER, SCORER
        from kb.similarity.writing import stored_texts

        model.scorer.save(folder / FOLDER / SCORER)
        if self._sources.sentence_model is None:
            return
        write_sentences(
            folder / FOLDER,
            stored_texts(folder),
            self._sources.sentence_model,
            self.before.folder / FOLDER if self.before else None,
            lambda done, of: self._tell("reading sentences", done, of),
        )

    def _parts(
        self, folder: Path, judgements: Judgements, model: Model, second: SecondProcess
    ) -> list[Part]:
        """What is kept of the build before, and what is read and tagged now."""
        names = self._snapshot.review_ids()
        sha256s = {name: self._snapshot.sha256(f"{name}.json") for name in names}
        kept = kept_part(self.before, model, self._sources, read_digests(sha256s, judgements))
        parts = [kept] if kept else []
        known = kept.wanted if kept else frozenset()
        new = [name for name in names if name not in known]
        sizes = [self._snapshot.files[f"{name}.json"][0] for name in new]
        own, others = split(new, sizes) if is_worth_it(sizes) else (new, [])
        second.start(others)
        if own or not kept:
            parts.append(self._written(folder / "part-0", own, judgements, model))
        written = second.parts()
        parts += written
        if others and not written:
            # What the second process could not do, this one does, or says why it cannot.
            parts.append(self._written(folder / "part-2", others, judgements, model))
        return parts

    def _written(
        self, folder: Path, names: list[str], judgements: Judgements, model: Model
    ) -> Part:
        def tell(done: int, of: int) -> None:
            self._tell("tagging", done, of)

        tell(0, len(names))
        return write_part(
            folder,
            self._sources,
            names,
            judgements=judgements,
            tagger=model.tagger,
            progress=tell,
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
    from kb.search.engines import check_engines
    from kb.similarity.store import Similarity

    with Records.open(generation.folder) as records:
        check_engines(generation.folder, records)
    Similarity.open(generation.folder)
