"""Where a knowledge base lies, and how a new one is made."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import kb
from kb.errors import HomeNotFound, WrongUsage
from kb.files import storage_error, sync_folder
from kb.settings import DEFAULT_TEXT, FILE

TAXONOMY = "taxonomy.yaml"
_INDEX_README = """\
# index/

Everything here is made by `kb build` from `../corpus/` and `../taxonomy.yaml`; nothing of it needs
keeping. Never open an index that somebody else sent: build it yourself.
"""
_CORPUS_README = """\
# corpus/

One JSON file a review, and `judgements.jsonl`: what people decided about themes and repeats. These
files are the only truth of this knowledge base. Keep them in git, or back them up.
"""


def find_home(path: Path | None = None) -> Path:
    """The knowledge base at ``path``, else ``KB_HOME``, else the nearest folder upwards.

    Raises HomeNotFound when none of them holds a ``taxonomy.yaml``.
    """
    named = path or (Path(os.environ["KB_HOME"]) if os.environ.get("KB_HOME") else None)
    if named is not None:
        if not (named / TAXONOMY).is_file():
            raise HomeNotFound(
                f"there is no knowledge base here: no {TAXONOMY}",
                place=str(named),
                hint=f"Make one with: kb init {named}",
            )
        return named
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / TAXONOMY).is_file():
            return folder
    raise HomeNotFound(
        f"there is no knowledge base here or in any folder above: no {TAXONOMY}",
        place=str(here),
        hint="Make one with: kb init DIR, or name one with: kb --home DIR …",
    )


def starter_home() -> Path:
    """Where the shipped taxonomy and starter corpus lie: in the package, or in the checkout."""
    package = Path(kb.__file__).parent
    shipped = package / "starter"
    return shipped if (shipped / TAXONOMY).is_file() else package.parent


def create_home(folder: Path, *, with_starter: bool) -> Path:
    """Make a new knowledge base; raises WrongUsage where something stands already.

    It is made beside its place and moved there whole, so that nothing half-made is left behind.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsage(
            "this folder is not empty; nothing was changed",
            place=str(folder),
            hint="Name a new folder, or empty this one first.",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".kb-init-") as temporary:
            made = Path(temporary) / "home"
            _fill(made, with_starter=with_starter)
            if folder.exists():
                folder.rmdir()
            made.replace(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise storage_error(error, folder) from error
    return folder


def _fill(made: Path, *, with_starter: bool) -> None:
    starter = starter_home()
    (made / "corpus").mkdir(parents=True)
    (made / "index").mkdir()
    shutil.copyfile(starter / TAXONOMY, made / TAXONOMY)
    (made / FILE).write_text(DEFAULT_TEXT, "utf-8")
    (made / "index" / "README.md").write_text(_INDEX_README, "utf-8")
    (made / ".gitignore").write_text("/index/*\n!/index/README.md\n", "utf-8")
    (made / "corpus" / "README.md").write_text(_CORPUS_README, "utf-8")
    if with_starter:
        for file in sorted((starter / "corpus").iterdir()):
            if file.is_file():
                shutil.copyfile(file, made / "corpus" / file.name)
