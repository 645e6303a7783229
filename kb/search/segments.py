"""The postings of one segment of Whoosh, made from the wording and handed to Whoosh's codec.

Stems come from the wording ready made, and go to the codec in its own order; Whoosh's analysers
would cut words another way, and its pool would sort again what is sorted.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.index.ragged import distinct, places_of
from kb.index.wording import FIELDS, Wording
from kb.search.compounds import with_compounds
from kb.search.spelling import stem, vocabulary
from kb.search.synonyms import concept

WORDS = "words"
MEANT = "meant"  # what a document is found by beside the words that it prints
BLOCK = 128  # postings of a term that are written together
INLINE = 6  # postings of a term that need no block

Rows = NDArray[np.int64]


class _Postings(NamedTuple):
    """Which documents hold which terms, sorted by term and document; parallel, one a posting.

    ``weights`` are how often, and ``values`` Whoosh's coding of the places.
    """

    terms: Rows
    docs: Rows
    weights: NDArray[np.float32]
    values: list[bytes]


class SegmentFields:
    """The fields of a segment whose documents are the rows of a wording."""

    def __init__(self, writer: Any, wording: Wording) -> None:
        """Write its rows, in order, with a writer of Whoosh."""
        self._writer = writer
        self._wording = wording
        self._many = max(len(wording), 1)
        self._with_compounds, self._is_added = with_compounds(wording)
        stems = [stem(word) for word in wording.words]
        self._stems = sorted(set(stems))
        place = {name: at for at, name in enumerate(self._stems)}
        self._stem_of = np.array([place[name] for name in stems], dtype=np.int64)

    def write(self) -> None:
        """Write all fields, in the order in which Whoosh wants them."""
        to = self._writer.fieldwriter
        for field in sorted((*FIELDS, WORDS, MEANT)):
            to.start_field(field, self._writer.schema[field])
            if field == WORDS:
                _write_terms(to, *self._words())
            elif field == MEANT:
                _write_terms(to, *self._meant())
            else:
                _write_terms(to, self._stems, self._field(field))
            to.finish_field()

    def _words(self) -> tuple[list[str], _Postings]:
        """The words as printed, each in its folded spelling too, and which documents hold them."""
        wording, many = self._with_compounds, self._many
        words, docs = np.divmod(distinct(wording.flat.astype(np.int64) * many + self._docs()), many)
        of_word = [vocabulary(word) for word in wording.words]
        forms = sorted({form for word in of_word for form in word})
        place = {form: at for at, form in enumerate(forms)}
        held = []
        for at in (0, 1):  # as printed, and folded where that is another spelling
            numbers = [place[word[at]] if at < len(word) else -1 for word in of_word]
            terms = np.array(numbers, dtype=np.int64)[words]
            held.append(terms[terms >= 0] * many + docs[terms >= 0])
        return forms, _once(np.concatenate(held), many)

    def _meant(self) -> tuple[list[str], _Postings]:
        """Abbreviations in any form and compounds of which the parts are printed, and where."""
        wording = self._with_compounds
        added = wording.flat[self._is_added]
        of_word = {number: stem(wording.words[number]) for number in np.unique(added).tolist()}
        of_short = [concept(short) for short in wording.shorts]
        names = sorted({*of_word.values(), *of_short})
        place = {name: at for at, name in enumerate(names)}
        shorts = np.array([place[name] for name in of_short], dtype=np.int64)
        compounds = np.array([place[of_word[one]] for one in added.tolist()], dtype=np.int64)
        terms = np.concatenate([shorts[wording.mentions[:, 3]], compounds])
        mentioning = wording.mentions[:, 0] // len(FIELDS)
        docs = np.concatenate([mentioning, self._docs()[self._is_added]])
        return names, _once(terms * self._many + docs, self._many)

    def _docs(self) -> Rows:
        """The document of each word, those of compounds among them."""
        bounds = self._with_compounds.bounds
        return np.repeat(np.arange(len(bounds) - 1), np.diff(bounds)) // len(FIELDS)

    def _field(self, field: str) -> _Postings:
        """Which documents hold each stem in this field, and at which places."""
        wording, many = self._wording, self._many
        cells = wording.cells(field)
        places = places_of(wording.bounds, cells)
        lengths = np.diff(wording.bounds)[cells]
        positions = places - np.repeat(wording.bounds[:-1][cells], lengths)
        docs = np.repeat(np.arange(len(cells)), lengths)
        keys = self._stem_of[wording.flat[places]] * many + docs
        order = np.argsort(keys, kind="stable")
        keys, positions = keys[order], positions[order]
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(starts, append=len(keys))
        terms, docs = np.divmod(keys[starts], many)
        values = _coded(self._writer.schema[field].format.encode, positions, starts, counts)
        return _Postings(terms, docs, counts.astype(np.float32), values)


_ONCE = b"\x00\x00\x00\x01"


def _once(keys: NDArray[np.int64], many: int) -> _Postings:
    """Postings that say no more than which documents hold which terms; keys may recur."""
    terms, docs = np.divmod(distinct(keys.astype(np.int64)), many)
    return _Postings(terms, docs, np.ones(len(docs), dtype=np.float32), [_ONCE] * len(docs))


def _coded(
    encode: Callable[[list[int]], bytes], positions: Rows, starts: Rows, counts: Rows
) -> list[bytes]:
    """Whoosh's coding of the places of each posting; most have one, and those recur."""
    once = [encode([at]) for at in range(int(positions.max(initial=0)) + 1)]
    values = [once[at] for at in positions[starts].tolist()]
    for at in np.flatnonzero(counts > 1).tolist():
        start = int(starts[at])
        values[at] = encode(positions[start : start + int(counts[at])].tolist())
    return values


def _write_terms(to: Any, names: Sequence[str], postings: _Postings) -> None:
    """Write a field's postings.

    Block after block goes to Whoosh's writer of postings as it would gather it itself, posting
    after posting, in four times the time.
    """
    terms, weights, values = postings.terms, postings.weights, postings.values
    docs = postings.docs.astype(np.uint32)
    starts = np.flatnonzero(np.diff(terms, prepend=-1))
    bounds = [*starts.tolist(), len(terms)]
    for term, (start, end) in zip(terms[starts].tolist(), pairwise(bounds), strict=True):
        to.start_term(names[term].encode())
        writer = to._postwriter
        for first in range(start, end, BLOCK):
            if first > start:
                writer._write_block()
            until = min(first + BLOCK, end)
            writer._ids = array("I", docs[first:until].tobytes())
            writer._weights = array("f", weights[first:until].tobytes())
            writer._values = values[first:until]
            writer._maxweight = max(writer._weights)
        if end - start > INLINE:
            to.finish_term()
        else:
            _finish_inline(to, names[term].encode())


def _finish_inline(to: Any, term: bytes) -> None:
    """End a term of few postings, which stand in the dictionary of terms itself.

    Whoosh reads such terms; its own writer of them calls a method that it lacks.
    """
    writer = to._postwriter
    known, writer._terminfo = writer._terminfo, None
    known.add_block(writer)
    known.set_inlined(writer._ids, writer._weights, writer._values)
    to._tindex.add(to._fieldid.to_bytes(2, "big") + term, known.to_bytes())
