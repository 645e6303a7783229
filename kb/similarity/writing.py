"""Writing the arrays that the duplicate check works on, row by row, spliced or from nothing."""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.errors import StorageError
from kb.index.arrays import SparseMatrix, StringArray, load_array, save_array, vector_lengths
from kb.index.lines import Lines, LinesWriter, join_lines, save_places
from kb.index.splicing import Change, Held, change_terms, of_terms, splice_rows
from kb.index.wording import Wording, WordingWriter
from kb.similarity.facts import Facts
from kb.similarity.latent import join_latent, save_latent
from kb.similarity.reading import Reader, folded_code
from kb.similarity.scorer import DEFAULT_SCORER, Scorer
from kb.similarity.store import ABBREVIATIONS, FACTS, FOLDER, SAME, SCORER, VECTORS, stored_counts
from kb.similarity.vectors import Counts, count, smallest
from kb.text.abbreviations import Abbreviations


def build_similarity(
    folder: Path,
    facts: Sequence[Facts],
    abbreviations: Abbreviations,
    scorer: Scorer = DEFAULT_SCORER,
    latent: NDArray[np.float32] | None = None,
) -> None:
    """Write everything that ``Similarity.open`` reads, from nothing; rows are those of ``facts``.

    ``latent`` are their latent vectors where there are any, float32[n, d]. Raises StorageError
    where the disk refuses.
    """
    writer, words = FactsWriter(folder), WordingWriter(abbreviations)
    for fact in facts:
        writer.add(fact)
        words.add({"text": fact.text})
    writer.close([np.zeros((len(facts), 0), np.float32) if latent is None else latent])
    reviews = [fact.review_id for fact in facts]
    wording = words.wording()
    wording.save(folder)
    compare_wording(folder, wording, reviews, abbreviations)
    scorer.save(folder / FOLDER / SCORER)


class FactsWriter:
    """Writes what the check needs to know of each recommendation, row by row."""

    def __init__(self, folder: Path) -> None:
        """Write into a generation's folder; raises StorageError where the disk refuses."""
        self._place = folder / FOLDER
        try:
            self._place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"this folder cannot be made: {error.strerror or error}",
                place=str(self._place),
                hint="Free some space, or choose another place, and run `kb build` again.",
            ) from error
        self._facts = LinesWriter(self._place, FACTS)
        self._same = array("Q")

    def add(self, facts: Facts) -> None:
        """Add the next row."""
        line = json.dumps(facts.as_json(), ensure_ascii=False) + "\n"
        self._facts.add(line.encode("utf-8", "replace"))
        self._same.append(folded_code(facts.text))

    def close(self, latent: Sequence[NDArray[np.float32]]) -> None:
        """Write what is left, and the latent vectors of all rows, batch after batch."""
        save_latent(self._place, latent)
        save_places(self._place, FACTS, self._facts.close())
        save_array(self._place, SAME, np.array(self._same, dtype=np.uint64))


def join_facts(folder: Path, parts: Sequence[Path], rows: NDArray[np.int64]) -> None:
    """Write the facts of the wanted rows, in order, of all parts put one after another."""
    places = [part / FOLDER for part in parts]
    (folder / FOLDER).mkdir()
    join_lines(folder / FOLDER, FACTS, [Lines.open(place, FACTS) for place in places], rows)
    same = [load_array(place, SAME) for place in places]
    save_array(folder / FOLDER, SAME, np.concatenate([*same, np.zeros(0, dtype=np.uint64)])[rows])
    join_latent(folder / FOLDER, places, rows)


def stored_texts(folder: Path) -> list[str]:
    """The text of every row whose facts stand in a generation's folder."""
    lines = Lines.open(folder / FOLDER, FACTS)
    return [json.loads(lines[row])["text"] for row in range(len(lines))]


def compare_wording(
    folder: Path,
    wording: Wording,
    reviews: Sequence[str],
    abbreviations: Abbreviations,
) -> None:
    """Write the vectors of these words beside the facts; ``reviews`` are the rows' reviews."""
    place = folder / FOLDER
    for name, counts in zip(VECTORS, count(wording, Reader(abbreviations)), strict=True):
        _save_counts(place, name, counts, len(wording))
    _save_rest(place, reviews, abbreviations)


def recompare_wording(
    folder: Path, reviews: Sequence[str], abbreviations: Abbreviations, change: Change
) -> None:
    """The same where few rows have changed, from the vectors of the generation before."""
    place, before, reader = folder / FOLDER, change.folder / FOLDER, Reader(abbreviations)
    changed = zip(VECTORS, count(change.gone, reader), count(change.come, reader), strict=True)
    for name, gone, come in changed:
        codes, stored = stored_counts(before, name)
        stood = Held(np.asarray(stored.indptr), np.asarray(stored.indices), (stored.data,))
        terms = change_terms((codes, gone.codes, come.codes), stood, gone.held, come.held)
        held = splice_rows(stood, terms, gone.held, come.held, change.rows)
        spliced = Counts(of_terms(terms, codes, come.codes), held)
        _save_counts(place, name, spliced, change.rows.rows)
    _save_rest(place, reviews, abbreviations)


def _save_rest(place: Path, reviews: Sequence[str], abbreviations: Abbreviations) -> None:
    _save_reviews(place, reviews)
    _save_abbreviations(place / ABBREVIATIONS, abbreviations)


def _save_counts(place: Path, name: str, counts: Counts, rows: int) -> None:
    """Write counts, and the lengths of the vectors that they give."""
    often = smallest(counts.held.beside[0])
    matrix = SparseMatrix(counts.held.bounds, counts.held.values, often, rows)
    save_array(place, f"{name}.vocabulary", counts.codes)
    save_array(place, f"{name}.lengths", vector_lengths(matrix))
    matrix.save(place, f"{name}.by_term")


def _save_reviews(place: Path, reviews: Sequence[str]) -> None:
    every = sorted(set(reviews), key=str.encode)
    number = {review: code for code, review in enumerate(every)}
    StringArray.of(every).save(place, "reviews")
    codes = np.array([number[review] for review in reviews], dtype=np.int32)
    save_array(place, "review", codes)


def _save_abbreviations(path: Path, abbreviations: Abbreviations) -> None:
    data = [
        {"short": a.short, "long": a.long, "successor": a.successor, "capitals": a.capitals}
        for a in abbreviations.by_short.values()
    ]
    try:
        with path.open("w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise StorageError(
            f"this cannot be written: {error.strerror or error}",
            place=str(path),
            hint="Free some space, or choose another place, and run `kb build` again.",
        ) from error
