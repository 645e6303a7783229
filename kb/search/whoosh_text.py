"""Matching by Whoosh: its index of a generation is written here, and asked.

Files: the folder ``whoosh`` and ``whoosh_rows.npy`` (int32, the row of each document). A segment
never changes once written, so that one generation can share it with the next.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise
from operator import and_, or_
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import KnowledgeBaseError
from kb.index.columns import Columns, Mask
from kb.index.lines import share_file
from kb.index.manifest import unreadable
from kb.index.wording import FIELDS, Wording
from kb.search.filters import field_mask, years_mask
from kb.search.matching import Alternative, alternatives, runs_of, words_of
from kb.search.query import (
    FACET_FIELDS,
    And,
    Best,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Years,
)
from kb.search.ranking import Ranker
from kb.search.segments import BLOCK, MEANT, WORDS, SegmentFields
from kb.search.spelling import MARK, beginnings, stem
from kb.search.synonyms import is_concept

FOLDER = "whoosh"
ROWS = "whoosh_rows"
LARGEST = 16_384  # documents of a segment
LEAST_SHARED = 1_024  # a smaller one is written again with what is new

Rows = NDArray[np.int64]


class WhooshMatching:
    """Finds what a query matches by asking Whoosh; what a facet narrows, the columns know."""

    name = "whoosh"

    def __init__(self, folder: Path, columns: Columns, ranker: Ranker, rows: int) -> None:
        """Answer from a generation's folder, which must hold so many rows."""
        self._folder = folder / FOLDER
        self._columns = columns
        self._ranker = ranker
        self._rows = rows
        self._searcher: Any = None
        self._row_of = np.zeros(0, dtype=np.int32)

    def check(self) -> None:
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

    def mask(self, node: Node | None) -> Mask:
        """Which rows a settled tree matches: shape (rows,)."""
        self.check()
        with self._guard():
            return self._mask(node)

    def _mask(self, node: Node | None) -> Mask:  # noqa: PLR0911  (one for each kind of node)
        """A tree without a facet is one question to Whoosh; one with facets is put together."""
        match node:
            case None:
                return np.ones(self._rows, dtype=bool)
            case Years():
                return years_mask(self._columns, node)
            case Field(name) if name in FACET_FIELDS:
                return field_mask(self._columns, node)
            case Not(part) if _has_facet(part):
                return ~self._mask(part)
            case And(parts) if _has_facet(node):
                rest = [self._mask(part) for part in parts if _has_facet(part)]
                texts = tuple(part for part in parts if not _has_facet(part))
                rest += [self._mask(And(texts))] if texts else []
                return reduce(and_, rest)
            case Or(parts) if _has_facet(node):
                return reduce(or_, map(self._mask, parts))
            case _:
                return self._asked(self._compiled(node))

    def _asked(self, question: Any) -> Mask:
        mask = np.zeros(self._rows, dtype=bool)
        mask[self._row_of[list(self._searcher.docs_for_query(question))]] = True
        return mask

    def _compiled(self, node: Node) -> Any:  # noqa: PLR0911  (one for each kind of node)
        """A tree without facets as a query of Whoosh's."""
        from whoosh import query

        match node:
            case Term() | Best():
                return self._any_of(words_of(node))
            case Phrase():
                runs = runs_of(node)
                return query.Or([_in_a_row(name, run) for name in FIELDS for run in runs])
            case Prefix(start):
                return query.Or([query.Prefix(WORDS, one) for one in beginnings(start)])
            case Near(parts, distance):
                first, second = map(alternatives, parts)
                return self._near(first, second, distance)
            case Field(name):
                return query.Or([_in_a_row(name, run) for run in runs_of(node)])
            case Not(part):
                return query.Not(self._compiled(part))
            case Or(parts):
                return query.Or([self._compiled(part) for part in parts])
            case And(parts):
                return query.And([self._compiled(part) for part in parts])
            case _:
                return query.NullQuery

    def _any_of(self, words: Sequence[Term]) -> Any:
        """Any of these words in any field, or what an abbreviation among them means."""
        from whoosh import query

        terms = {term for sought in self._ranker.sought(words) for term, _ in sought.members}
        return query.Or(
            [
                query.Term(name, term)
                for term in sorted(terms)
                for name in ((MEANT,) if is_concept(term) else (*FIELDS, MEANT))
            ]
        )

    def _near(
        self, first: Sequence[Alternative], second: Sequence[Alternative], distance: int
    ) -> Any:
        """Any of the first and any of the second so close to each other in one field."""
        from whoosh import query
        from whoosh.query.compound import DefaultOr

        def side(field: str, any_of: Sequence[Alternative]) -> Any:
            stems = [one for part in any_of for one in self._stems(part)]
            # Unlike Or, it keeps the places however many there are.
            return DefaultOr([_in_a_row(field, one) for one in dict.fromkeys(stems)])

        sides = [[side(name, first), side(name, second)] for name in FIELDS]
        return query.Or([query.Sequence(two, slop=distance, ordered=False) for two in sides])

    def _stems(self, part: Alternative) -> list[tuple[str, ...]]:
        """The stems that may stand for a part; those of all words that begin so for a beginning."""
        if not isinstance(part, str):
            return [part]
        words = self._searcher.reader().expand_prefix(WORDS, part)
        return [(stem(word.decode().removeprefix(MARK)),) for word in words]

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        """Whoosh raises whatever its damaged files make it do: all of it means unreadable."""
        try:
            yield
        except KnowledgeBaseError:
            raise
        except Exception as error:  # MemoryError too: a damaged length asks for any amount
            raise unreadable(
                f"the full-text index cannot be read ({type(error).__name__}: {error})",
                self._folder,
            ) from error


def _has_facet(node: Node) -> bool:
    match node:
        case Years():
            return True
        case Field(name):
            return name in FACET_FIELDS
        case Not(part):
            return _has_facet(part)
        case And(parts) | Or(parts):
            return any(map(_has_facet, parts))
        case _:
            return False


def _in_a_row(field: str, stems: Sequence[str]) -> Any:
    from whoosh import query

    return query.Phrase(field, list(stems)) if len(stems) > 1 else query.Term(field, stems[0])


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
    once = {name: fields.TEXT(analyzer=analyser, phrase=False) for name in (WORDS, MEANT)}
    return fields.Schema(**once, **texts)


def _writer(created: Any) -> Any:
    from whoosh.codec.whoosh3 import W3Codec

    return created.writer(codec=W3Codec(blocklimit=BLOCK, compression=0))


def _write_segment(created: Any, wording: Wording, rows: Rows) -> None:
    """Write one segment; its documents are these rows, in order."""
    writer = _writer(created)
    try:
        for _ in rows:
            writer.add_document()
        SegmentFields(writer, Wording.joined([wording], rows)).write()
        writer.commit(merge=False)
    except BaseException:
        writer.cancel()
        raise
