"""The taxonomy as read and its rules as compiled, kept beside the model from build to build.

Reading YAML and compiling hundreds of rules takes longer than all else that a small build does.
What is kept is that of a taxonomy, settings and program, named at its head, and of nothing else:
where one of them has changed, or the file is damaged, all is read and compiled again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.errors import IndexMissing, IndexUnreadable, TaxonomyError
from kb.index.generations import current
from kb.index.lines import share_file
from kb.library.stamps import program

if TYPE_CHECKING:
    from kb.model import Taxonomy
    from kb.settings import Settings
    from kb.tagging.rules import RuleSet
    from kb.taxonomy import TaxonomyFile
    from kb.text.abbreviations import Abbreviations

MODEL = "model"
TAXONOMY = "taxonomy.json"
RULES = "compiled_rules.json"


def keep_compiled(
    folder: Path, before: Path | None, file: TaxonomyFile, settings: Settings, known: Abbreviations
) -> None:
    """Write both into a model's folder, or share those of the one before.

    Raises TaxonomyError where a rule has a fault.
    """
    if _shared(before, folder, TAXONOMY, _of_taxonomy(file.digest)) is None:
        _write(folder / TAXONOMY, _of_taxonomy(file.digest), file.model.model_dump(mode="json"))
    made_from = _of_rules(file, settings)
    if _shared(before, folder, RULES, made_from) is None:
        from kb.tagging.compiled import CompiledRules

        _write(folder / RULES, made_from, CompiledRules.of(file.model, known).as_json())


def kept_taxonomy(index_dir: Path, path: Path) -> TaxonomyFile:
    """The taxonomy at ``path``, from what the current index keeps where that is of this file."""
    from kb.taxonomy import TaxonomyFile, load_taxonomy

    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        folder = current(index_dir).folder / MODEL
    except (OSError, IndexMissing, IndexUnreadable):
        return load_taxonomy(path)
    data = _read(folder / TAXONOMY, _of_taxonomy(digest))
    taxonomy = _validated(data)
    return TaxonomyFile(taxonomy, digest, {}, ()) if taxonomy else load_taxonomy(path)


def kept_rules(
    folder: Path, file: TaxonomyFile, settings: Settings, abbreviations: Abbreviations
) -> RuleSet:
    """The rules of a taxonomy, from what a model's folder keeps where that is of them.

    Raises TaxonomyError where a rule has a fault.
    """
    from kb.tagging.compiled import CompiledRules
    from kb.tagging.rules import RuleSet

    data = _read(folder / RULES, _of_rules(file, settings))
    try:
        return RuleSet(CompiledRules.stored(data))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, TaxonomyError):
        return RuleSet.of(file.model, abbreviations)


def _validated(data: Any) -> Taxonomy | None:
    from pydantic import ValidationError

    from kb.model import Taxonomy

    try:
        return Taxonomy.model_validate(data)
    except ValidationError:
        return None


def _of_taxonomy(digest: str) -> list[str]:
    return [program(), digest]


def _of_rules(file: TaxonomyFile, settings: Settings) -> list[str]:
    return [program(), file.digest, settings.digest]


def _write(path: Path, made_from: list[str], content: Any) -> None:
    data = {"made_from": made_from, "content": content}
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), "utf-8")


def _read(path: Path, made_from: list[str]) -> Any:
    """What was written, where it was made from this; else nothing."""
    try:
        data = json.loads(path.read_bytes())
        return data["content"] if data["made_from"] == made_from else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _shared(before: Path | None, folder: Path, name: str, made_from: list[str]) -> Any:
    """What the folder before keeps, if it was made from this; the file is shared then."""
    found = _read(before / name, made_from) if before else None
    if before and found is not None:
        share_file(before / name, folder / name)
    return found
