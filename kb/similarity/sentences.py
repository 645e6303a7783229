"""The sentence vectors of an index, where it was built with a model of sentences.

``sentences.npy`` int8[n, d] holds the rows' vectors, ``sentences_of.npy`` uint64[n] what texts they
are of, ``sentences.json`` the digest and name of the model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexUnreadable
from kb.files import write_atomically
from kb.index.arrays import load_array, save_array
from kb.similarity.latent import DirectionArray
from kb.similarity.semantic import SentenceModel

_VECTORS, _OF, _MODEL = "sentences", "sentences_of", "sentences.json"
_LENGTH = 381.0  # of a hundred numbers and more none comes near to 1: a third of it is enough


@dataclass(frozen=True)
class MadeBy:
    """The model that made vectors."""

    digest: str
    name: str


@dataclass(frozen=True)
class Sentences:
    """The sentence vectors of all rows, and the model that made them."""

    made_by: MadeBy
    vectors: DirectionArray

    @classmethod
    def open(cls, place: Path) -> Sentences | None:
        """Open what ``write_sentences`` wrote; None where the index was built without."""
        try:
            made_by = MadeBy(**json.loads((place / _MODEL).read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise IndexUnreadable(
                "the sentence vectors are damaged",
                place=str(place / _MODEL),
                hint="Run `kb build` to make the index again.",
            ) from error
        return cls(made_by, DirectionArray(load_array(place, _VECTORS), _LENGTH))


def write_sentences(
    place: Path,
    texts: Sequence[str],
    model: SentenceModel,
    before: Path | None,
    progress: Callable[[int, int], None],
) -> None:
    """Write the vectors of all rows' texts; those that ``before`` has by this model are kept."""
    of = np.array([_code(text) for text in texts], dtype=np.uint64)
    known_of, known = _known(before, model) if before else (of[:0], None)
    every, first, which = np.unique(of, return_index=True, return_inverse=True)
    new = first[~np.isin(every, known_of)]
    made = model.vectors([texts[at] for at in new.tolist()], progress) if len(new) else None
    parts = [part for part in (known, None if made is None else _packed(made)) if part is not None]
    stored = np.concatenate([*parts, np.zeros((0, parts[0].shape[1] if parts else 0), np.int8)])
    have = np.concatenate([known_of, of[new]])
    order = np.argsort(have, kind="stable")
    at = order[np.searchsorted(have[order], every)]
    for name in (_VECTORS, _OF):
        (place / f"{name}.npy").unlink(missing_ok=True)  # it may be another folder's, too
    save_array(place, _VECTORS, stored[at][which])
    save_array(place, _OF, of)
    made_by = MadeBy(model.digest, model.name)
    write_atomically(place / _MODEL, json.dumps(asdict(made_by)).encode())


def _packed(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    packed: NDArray[np.int8] = np.clip(np.rint(vectors * _LENGTH), -127, 127).astype(np.int8)
    return packed


def _known(
    before: Path, model: SentenceModel
) -> tuple[NDArray[np.uint64], NDArray[np.int8] | None]:
    none = np.zeros(0, dtype=np.uint64)
    try:
        stored = Sentences.open(before)
        if stored is None or stored.made_by.digest != model.digest:
            return none, None
        return load_array(before, _OF), stored.vectors.rows
    except IndexUnreadable:
        return none, None


def _code(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())
