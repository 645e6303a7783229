"""Whoosh's part of an index: its segments, and which row each of its documents is.

Files: the folder ``whoosh`` and ``whoosh_rows.npy`` (int32, the row of each document). A segment
never changes once written, so that one generation can share it with the next. Stems come from the
wording ready made, and go to Whoosh's codec in its own order; its analysers would cut words another
way, and its pool would sort again what is sorted.
"""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.index.lines import share_file
from kb.index.manifest import unreadable
from kb.index.ragged import distinct, places_of
from kb.index.wording import FIELDS, Wording
from kb.search.spelling import stem

FOLDER = "whoosh"
ROWS = "whoosh_rows"
WORDS = "words"
LARGEST = 16_384  # documents of a segment
INLINE = 6  # postings of a term that need no block
BLOCK = 128  # postings of a term that are written together
LEAST_SHARED = 1_024  # a smaller one is written again with what is new

Rows = NDArray[np.int64]


class WhooshText:
    """The Whoosh index of a generation, opened when first asked."""

    def __init__(self, folder: Path, rows: int) -> None:
        """Answer from a generation's folder, which must hold so many rows."""
        self._folder = folder / FOLDER
        self._rows = rows
        self._searcher: Any = None
        self._row_of = np.zeros(0, dtype=np.int32)

    def open(self) -> None:
        """Open the index; raises IndexUnreadable if it is damaged or does not fit the records."""
        if self._searcher is None:
            with self._guard():
                from whoosh import index

                self._row_of = np.load(self._folder.parent / f"{ROWS}.npy")
                self._searcher = index.open_dir(str(self._folder), readonly=True).searcher()
            if not self._searcher.doc_count_all() == len(self._row_of) == self._rows:
                raise unreadable("the full-text index does not fit the records", self._folder)

    def close(self) -> None:
        """Let go of the index's files."""
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None

    def phrase(self, stems: Sequence[str], field: str | None = None) -> NDArray[np.int32]:
        """The rows where these stems follow each other, in any field or in this one."""
        self.open()
        with self._guard():
            from whoosh import query

            fields = [field] if field else list(FIELDS)
            parts = [
                query.Phrase(name, list(stems)) if len(stems) > 1 else query.Term(name, stems[0])
                for name in fields
            ]
            return self._rows_of(parts)

    def beginning(self, start: str) -> NDArray[np.int32]:
        """The rows with a word that begins so."""
        self.open()
        with self._guard():
            from whoosh import query

            return self._rows_of([query.Prefix(WORDS, start)])

    def _rows_of(self, queries: Sequence[Any]) -> NDArray[np.int32]:
        """The rows that answer any of these queries, ascending."""
        docs = {doc for one in queries for doc in self._searcher.docs_for_query(one)}
        return np.sort(self._row_of[list(docs)])

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        """Whoosh raises whatever its damaged files make it do: all of it means unreadable."""
        try:
            yield
        except MemoryError:
            raise
        except Exception as error:
            raise unreadable(
                f"the full-text index cannot be read ({type(error).__name__}: {error})",
                self._folder,
            ) from error


def write_segments(folder: Path, wording: Wording) -> None:
    """Write Whoosh's index of these words from nothing."""
    join_segments(folder, wording, [], [])


def join_segments(
    folder: Path, wording: Wording, parts: Sequence[Path], new_rows: Sequence[Rows]
) -> None:
    """Write Whoosh's index of these words, sharing what segments of other folders still hold.

    ``new_rows`` give for each folder the row that each of its rows has here, or -1 where that is
    gone. Segments of which nothing is gone are shared, what is in none of them is written.
    """
    from whoosh import index

    place = folder / FOLDER
    place.mkdir()
    created = index.create_in(str(place), _schema())
    shared: list[Any] = []
    rows: list[Rows] = []
    for part, new in zip(parts, new_rows, strict=True):
        for segment, old in _segments(part):
            if len(old) >= LEAST_SHARED and (new[old] >= 0).all():
                for path in (part / FOLDER).glob(f"{segment.segment_id()}.*"):
                    share_file(path, place / path.name)
                shared.append(segment)
                rows.append(new[old])
    left = np.ones(len(wording), dtype=bool)
    left[np.concatenate([*rows, np.zeros(0, dtype=np.int64)])] = False
    writer = _writer(created)
    writer.segments.extend(shared)
    writer.commit(merge=False)
    missing = np.flatnonzero(left)
    for first in range(0, len(missing), LARGEST):
        rows.append(missing[first : first + LARGEST])
        _write_segment(created, wording, rows[-1])
    every = np.concatenate([*rows, np.zeros(0, dtype=np.int64)])
    np.save(folder / f"{ROWS}.npy", every.astype(np.int32))


def _segments(folder: Path) -> list[tuple[Any, Rows]]:
    """The segments of an index, each with the rows of its documents; none of a small part."""
    from whoosh import index

    if not (folder / FOLDER).exists():
        return []
    try:
        rows = np.load(folder / f"{ROWS}.npy").astype(np.int64)
        segments = index.TOC.read(index.open_dir(str(folder / FOLDER)).storage, "MAIN").segments
    except Exception as error:
        raise unreadable(f"the full-text index cannot be read ({error})", folder) from error
    ends = np.cumsum([0, *(segment.doc_count_all() for segment in segments)]).tolist()
    return [
        (segment, rows[start:end])
        for segment, (start, end) in zip(segments, pairwise(ends), strict=True)
    ]


def _schema() -> Any:
    from whoosh import analysis, fields

    # The analyser only stands in where Whoosh wants one.
    analyser = analysis.SpaceSeparatedTokenizer()
    texts = {name: fields.TEXT(analyzer=analyser, phrase=True) for name in FIELDS}
    return fields.Schema(**{WORDS: fields.TEXT(analyzer=analyser, phrase=False)}, **texts)


def _writer(created: Any) -> Any:
    from whoosh.codec.whoosh3 import W3Codec

    return created.writer(codec=W3Codec(blocklimit=BLOCK, compression=0))


def _write_segment(created: Any, wording: Wording, rows: Rows) -> None:
    """Write one segment; its documents are these rows, in order."""
    writer = _writer(created)
    try:
        for _ in rows:
            writer.add_document()
        _SegmentFields(writer, wording, rows).write()
        writer.commit(merge=False)
    except BaseException:
        writer.cancel()
        raise


class _Postings(NamedTuple):
    """Which documents hold which terms, sorted by term and document; parallel, one a posting.

    ``weights`` are how often, and ``values`` Whoosh's coding of the places.
    """

    terms: Rows
    docs: Rows
    weights: NDArray[np.float32]
    values: list[bytes]


class _SegmentFields:
    """The fields of a segment whose documents are some rows of a wording."""

    def __init__(self, writer: Any, wording: Wording, rows: Rows) -> None:
        self._writer = writer
        self._wording = wording
        self._rows = rows
        cells = (rows[:, None] * len(FIELDS) + np.arange(len(FIELDS))).ravel()
        used = np.unique(wording.flat[places_of(wording.bounds, cells)])
        stems = [stem(wording.words[at]) for at in used.tolist()]
        self._stems = sorted(set(stems))
        place = {name: at for at, name in enumerate(self._stems)}
        self._stem_of = np.zeros(len(wording.words), dtype=np.int64)
        self._stem_of[used] = [place[name] for name in stems]

    def write(self) -> None:
        """Write all fields, in the order in which Whoosh wants them."""
        to = self._writer.fieldwriter
        for field in sorted((*FIELDS, WORDS)):
            to.start_field(field, self._writer.schema[field])
            if field == WORDS:
                _write_terms(to, self._wording.words, self._words())
            else:
                _write_terms(to, self._stems, self._field(field))
            to.finish_field()

    def _words(self) -> _Postings:
        """Which documents hold each word as printed."""
        wording, many = self._wording, max(len(self._rows), 1)
        cells = self._rows[:, None] * len(FIELDS) + np.arange(len(FIELDS))
        words = wording.flat[places_of(wording.bounds, cells.ravel())].astype(np.int64)
        lengths = np.diff(wording.bounds)[cells].sum(axis=1)
        docs = np.repeat(np.arange(len(cells)), lengths)
        words, docs = np.divmod(distinct(words * many + docs), many)
        once = np.ones(len(docs), dtype=np.float32)
        return _Postings(words, docs, once, [_ONCE] * len(docs))

    def _field(self, field: str) -> _Postings:
        """Which documents hold each stem in this field, and at which places."""
        wording, many = self._wording, max(len(self._rows), 1)
        cells = wording.cells(field)[self._rows]
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
