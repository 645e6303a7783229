"""What a build keeps of the one before: the model, and the rows of unchanged reviews."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import IndexMissing, IndexUnreadable
from kb.index.generations import Generation
from kb.index.lines import share_file
from kb.library.compiled import MODEL, RULES, TAXONOMY, keep_compiled, kept_rules
from kb.library.home import TAXONOMY as STARTER_TAXONOMY
from kb.library.home import starter_home
from kb.library.lessons import Taught, can_learn, learn, pair_judgements
from kb.library.parts import Judgements, Part
from kb.library.shelf import Shelf, is_of_starter_alone
from kb.library.sources import Sources, shown_reviews
from kb.library.stamps import SNAPSHOT, TAUGHT, Snapshot, program

if TYPE_CHECKING:
    from kb.similarity.scorer import Scorer
    from kb.tagging.combine import Tagger
    from kb.tagging.learning import LearningText

_LEARNT_FROM = "learnt_from.txt"
_SCORER = "pairs.json"
_OF_THIS_BUILD = (_LEARNT_FROM, SNAPSHOT, RULES, TAXONOMY)


@dataclass(frozen=True)
class Model:
    """The model of a build, in the folder ``MODEL`` of its generation."""

    folder: Path
    sources: Sources
    version: str
    has_learnt: bool
    learnt_from: str

    @cached_property
    def tagger(self) -> Tagger:
        """The model with the taxonomy's rules."""
        return load_tagger(self.folder, self.sources)

    @cached_property
    def scorer(self) -> Scorer:
        """What the duplicate check learnt from judged pairs."""
        from kb.similarity.scorer import Scorer

        return Scorer.load(self.folder / _SCORER)


def load_tagger(folder: Path, sources: Sources) -> Tagger:
    """The model in a folder with the taxonomy's rules; raises IndexMissing or IndexUnreadable."""
    from kb.tagging.combine import Tagger

    known = sources.abbreviations
    rules = kept_rules(folder, sources.taxonomy, sources.settings, known)
    return Tagger.load(folder, sources.taxonomy.model, known, rules=rules)


def prepare_model(
    generation: Path,
    sources: Sources,
    snapshot: Snapshot,
    judgements: Judgements,
    *,
    before: Generation | None,
    shelf: Shelf | None,
    tell: Callable[[str, int, int], None],
) -> Model:
    """Put the model into a new generation: that of the one before, or one learnt now.

    It is learnt again where what it is learnt from has changed; what the starter alone teaches is
    taken from the ``shelf`` where it lies there, and laid there where not.
    """
    folder, stored = generation / MODEL, before.folder / MODEL if before else None
    folder.mkdir()
    keep_compiled(folder, stored, sources.taxonomy, sources.settings, sources.abbreviations)
    starter = Snapshot.take(
        starter_home() / "corpus", Snapshot.load(stored) if stored is not None else None
    )
    judged = _judged(sources, judgements)
    digest = _learnt_from(sources, snapshot, judged, starter)
    if shelf and not is_of_starter_alone(sources, snapshot, judged, starter):
        shelf = None
    if before and stored and _read(stored / _LEARNT_FROM) == digest:
        _share(stored, folder)
        model = Model(folder, sources, before.manifest.model_version, False, digest)
    elif version := shelf.take(digest, folder) if shelf else "":
        model = Model(folder, sources, version, False, digest)
    else:
        model = _learnt(folder, stored, sources, judgements, digest, tell=tell)
        if shelf:
            shelf.put(digest, model.version, _learnt_files(folder))
    starter.save(folder)
    (folder / _LEARNT_FROM).write_text(digest, "utf-8")
    return model


def _learnt(
    folder: Path,
    stored: Path | None,
    sources: Sources,
    judgements: Judgements,
    digest: str,
    *,
    tell: Callable[[str, int, int], None],
) -> Model:
    """A model learnt now, as far as the ``stored`` one is not what these files teach still."""
    texts = _texts(sources, judgements)
    version = _same_version(stored, sources, texts) if stored else ""
    has_learnt = not version
    if stored and version:
        _share(stored, folder)
    else:
        version = _learn(folder, sources, texts, tell)
    model = Model(folder, sources, version, has_learnt, digest)
    _learn_pairs(model, stored, tell)
    return model


def _learnt_files(folder: Path) -> list[Path]:
    """The files of a model that hang on nothing but what was learnt from."""
    return sorted(path for path in folder.iterdir() if path.name not in _OF_THIS_BUILD)


def _share(stored: Path, folder: Path) -> None:
    for path in _learnt_files(stored):
        share_file(path, folder / path.name)


def _learn_pairs(model: Model, before: Path | None, tell: Callable[[str, int, int], None]) -> None:
    """Learn the scorer of the duplicate check, unless the one that was kept would be the same."""
    from kb.similarity.scorer import Scorer

    path = model.folder / _SCORER
    taught = Taught.by(model.sources) if can_learn(model.tagger) else Taught(())
    version = taught.version(model.version + model.sources.sentence_digest, program())
    try:
        is_same = Scorer.load(path).version == version
    except IndexUnreadable:
        is_same = False
    if not is_same:
        path.unlink(missing_ok=True)
        learn(model, taught, version, before=before, tell=tell).save(path)


def kept_part(
    before: Generation | None, model: Model, sources: Sources, digests: Mapping[str, str]
) -> Part | None:
    """The rows of the build before whose reviews would give the same rows now.

    ``digests`` say for each review what it is read from now. None where nothing can be kept.
    """
    if before is None or _read(before.folder / MODEL / _LEARNT_FROM) != model.learnt_from:
        return None
    manifest = before.manifest
    if (manifest.program, manifest.taxonomy_digest, manifest.settings_digest) != (
        program(),
        sources.taxonomy.digest,
        sources.settings.digest,
    ):
        return None
    try:
        return Part.open(before.folder).unchanged(digests)
    except IndexUnreadable:
        return None


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return ""


def _judged(sources: Sources, judgements: Judgements) -> list[str]:
    """The reviews of which anything is judged, in order."""
    paired = pair_judgements(sources.corpus)
    told = [*judgements, *(one for judged in paired for one in judged.about)]
    return sorted({recommendation.rpartition("/")[0] for recommendation in told})


def _learnt_from(
    sources: Sources, snapshot: Snapshot, judged: Sequence[str], starter: Snapshot
) -> str:
    """The digest of all files that a model may be learnt from, and of the program."""
    inputs = [
        program(),
        sources.taxonomy.digest,
        sources.settings.digest,
        sources.sentence_digest,
        [snapshot.sha256(name) for name in ("judgements.jsonl", *TAUGHT)],
        [snapshot.sha256(f"{review_id}.json") for review_id in judged],
        starter.digest,
        hashlib.sha256((starter_home() / STARTER_TAXONOMY).read_bytes()).hexdigest(),
        sorted(set(snapshot.review_ids()) & set(starter.review_ids())),
    ]
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()


def _texts(sources: Sources, judgements: Judgements) -> list[LearningText]:
    from kb.library.learning import learning_texts

    reviews = shown_reviews(sources.corpus, sources.settings)
    return learning_texts(sources, reviews, judgements)


def _same_version(folder: Path, sources: Sources, texts: list[LearningText]) -> str:
    """The version of a stored model if these texts would give the same, else nothing."""
    from kb.tagging.classifier import model_version

    try:
        tagger = load_tagger(folder, sources)
    except (IndexMissing, IndexUnreadable):
        return ""
    theme_ids = [theme.id for theme in sources.taxonomy.model.themes()]
    wanted = model_version(texts, theme_ids, sources.abbreviations, tagger.rules)
    known = tagger.classifier.version if tagger.classifier else ""
    return known if known == wanted else ""


def _learn(
    folder: Path,
    sources: Sources,
    texts: list[LearningText],
    tell: Callable[[str, int, int], None],
) -> str:
    """Learn a model and write it; returns its version."""
    from kb.tagging.combine import Tagger

    tell("learning themes", 0, 0)
    tagger = Tagger.learn(
        sources.taxonomy.model,
        sources.abbreviations,
        texts,
        rules=kept_rules(folder, sources.taxonomy, sources.settings, sources.abbreviations),
        progress=lambda done, of: tell("learning themes", done, of),
    )
    tagger.save(folder)
    return tagger.classifier.version if tagger.classifier else ""
