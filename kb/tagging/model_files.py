"""The two files of a saved classifier: arrays without pickle, and JSON."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kb.errors import IndexMissing, IndexUnreadable
from kb.files import write_atomically

ARRAYS = "classifier.npz"
WORDS = "classifier.json"
AGAIN = "Run 'kb build --relearn' to learn it again."


def write_model(
    folder: Path, arrays: Mapping[str, npt.NDArray[Any]], words: Mapping[str, object]
) -> None:
    """Write both files, each whole or not at all; raises StorageError."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    write_atomically(folder / ARRAYS, buffer.getvalue())
    write_atomically(folder / WORDS, json.dumps(words, ensure_ascii=False, indent=0).encode())


def read_model(folder: Path, wanted: int) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Both files of format ``wanted``; raises IndexMissing or IndexUnreadable."""
    try:
        words = json.loads((folder / WORDS).read_bytes())
        with np.load(folder / ARRAYS, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except FileNotFoundError as error:
        raise IndexMissing("there is no classifier here", place=str(folder), hint=AGAIN) from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise IndexUnreadable(
            f"the classifier cannot be read: {error}", place=str(folder), hint=AGAIN
        ) from error
    if not isinstance(words, dict) or words.get("format") != wanted:
        raise IndexUnreadable(
            "the classifier was saved by another version", place=str(folder), hint=AGAIN
        )
    return arrays, words
