"""The postings of one segment of Whoosh, made from the wording and handed to Whoosh's codec.

Stems come from the wording ready made, and go to the codec in its own order; Whoosh's analysers
would cut words another way, and its pool would sort again what is sorted.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.index.ragged import bounds_of, distinct, places_of
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
    """The fields of a segment whose documents are some rows of a wording."""

    def __init__(self, writer: Any, wording: Wording, rows: Rows) -> None:
        """Write these rows, in order, with a writer of Whoosh."""
        self._writer = writer
        self._docs = len(rows)
        self._wording = _of_rows(wording, rows)
        self._with_compounds, self._is_added = with_compounds(self._wording)

    def write(self) -> None:
        """Write all fields, in the order in which Whoosh wants them."""
        stems, stem_of = _named(self._wording, lambda word: (stem(word),))
        to = self._writer.fieldwriter
        for field in sorted((*FIELDS, WORDS, MEANT)):
            to.start_field(field, self._writer.schema[field])
            if field == WORDS:
                _write_terms(to, *self._words())
            elif field == MEANT:
                _write_terms(to, *self._meant())
            else:
                _write_terms(to, stems, self._field(field, stem_of[0]))
            to.finish_field()

    def _words(self) -> tuple[list[str], _Postings]:
        """The words as printed, each in its folded spelling too, and which documents hold them."""
        wording = self._with_compounds
        docs = _cells(wording) // len(FIELDS)
        forms, form_of = _named(wording, vocabulary)
        terms = [of_word[wording.flat] for of_word in form_of]
        return forms, self._once(np.concatenate(terms), np.tile(docs, len(terms)))

    def _meant(self) -> tuple[list[str], _Postings]:
        """Abbreviations in any form and compounds of which the parts are printed, and where."""
        wording, is_added = self._with_compounds, self._is_added
        wholes = [stem(wording.words[at]) for at in wording.flat[is_added].tolist()]
        shorts = [concept(wording.shorts[at]) for at in wording.mentions[:, 3].tolist()]
        names = sorted({*wholes, *shorts})
        place = {name: at for at, name in enumerate(names)}
        terms = np.array([place[name] for name in (*wholes, *shorts)], dtype=np.int64)
        cells = np.concatenate([_cells(wording)[is_added], wording.mentions[:, 0]])
        return names, self._once(terms, cells // len(FIELDS))

    def _once(self, terms: Rows, docs: Rows) -> _Postings:
        """Postings that say no more than which documents hold which terms; -1 is no term."""
        many = max(self._docs, 1)
        keys = distinct((terms * many + docs)[terms >= 0].astype(np.int64))
        terms, docs = np.divmod(keys, many)
        return _Postings(terms, docs, np.ones(len(docs), dtype=np.float32), [_ONCE] * len(docs))

    def _field(self, field: str, stem_of: Rows) -> _Postings:
        """Which documents hold each stem in this field, and at which places."""
        wording, many = self._wording, max(self._docs, 1)
        cells = wording.cells(field)
        places = places_of(wording.bounds, cells)
        lengths = np.diff(wording.bounds)[cells]
        positions = places - np.repeat(wording.bounds[:-1][cells], lengths)
        docs = np.repeat(np.arange(len(cells)), lengths)
        keys = stem_of[wording.flat[places]] * many + docs
        order = np.argsort(keys, kind="stable")
        keys, positions = keys[order], positions[order]
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(starts, append=len(keys))
        terms, docs = np.divmod(keys[starts], many)
        values = _coded(self._writer.schema[field].format.encode, positions, starts, counts)
        return _Postings(terms, docs, counts.astype(np.float32), values)


def _of_rows(wording: Wording, rows: Rows) -> Wording:
    """These rows of a wording, in their order; the words keep their numbers."""
    cells = (rows[:, None] * len(FIELDS) + np.arange(len(FIELDS))).ravel()
    cell_of = np.full(len(wording.bounds) - 1, -1, dtype=np.int64)
    cell_of[cells] = np.arange(len(cells))
    mentions = wording.mentions.copy()
    mentions[:, 0] = cell_of[mentions[:, 0]]
    return replace(
        wording,
        bounds=bounds_of(np.diff(wording.bounds)[cells]),
        flat=wording.flat[places_of(wording.bounds, cells)],
        mentions=mentions[mentions[:, 0] >= 0],
    )


def _cells(wording: Wording) -> Rows:
    """The cell of each word."""
    return np.repeat(np.arange(len(wording.bounds) - 1), np.diff(wording.bounds))


def _named(
    wording: Wording, names_of: Callable[[str], tuple[str, ...]]
) -> tuple[list[str], list[Rows]]:
    """The names, sorted, of the words that stand somewhere; and of each word its first and second.

    -1 where it has none.
    """
    used = np.unique(wording.flat).tolist()
    of_used = [names_of(wording.words[number]) for number in used]
    names = sorted({name for of_one in of_used for name in of_one})
    place = {name: at for at, name in enumerate(names)}
    numbers = []
    for which in range(max(map(len, of_used), default=1)):
        of_word = np.full(len(wording.words), -1, dtype=np.int64)
        of_word[used] = [place[one[which]] if which < len(one) else -1 for one in of_used]
        numbers.append(of_word)
    return names, numbers


_ONCE = b"\x00\x00\x00\x01"


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
