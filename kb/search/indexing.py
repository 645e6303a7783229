"""From the words of recommendations to what ranking and matching by arrays read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.index.postings import Counted, Measure, splice_postings, write_postings
from kb.index.splicing import Change
from kb.index.wording import FIELDS, Wording
from kb.index.words import splice_words, write_words
from kb.search.compounds import with_compounds
from kb.search.ranking import FIELD_WEIGHTS, B
from kb.search.spelling import stem, vocabulary
from kb.search.synonyms import concept, write_abbreviations
from kb.text.abbreviations import Abbreviations
from kb.text.tokens import STOP_WORDS

if TYPE_CHECKING:
    from kb.model import Entry

MEASURE = Measure([FIELD_WEIGHTS[name] for name in FIELDS], B)


def index_wording(folder: Path, wording: Wording, abbreviations: Abbreviations) -> None:
    """Write all that search reads of these words, but for Whoosh's part."""
    write_postings(folder, wording, count_terms(wording), MEASURE)
    write_words(folder, wording, vocabulary)
    write_abbreviations(folder, abbreviations)


def reindex_wording(
    folder: Path, wording: Wording, abbreviations: Abbreviations, change: Change
) -> None:
    """The same where few rows have changed, from what the generation before has."""
    words = wording, splice_words(folder, change, vocabulary)
    counted = count_terms(change.gone), count_terms(change.come)
    if not splice_postings(folder, change, words, counted, MEASURE):
        write_postings(folder, wording, count_terms(wording), MEASURE)
    write_abbreviations(folder, abbreviations)


def count_terms(wording: Wording) -> Counted:
    """The stems, compounds and abbreviations of these words, and where they stand."""
    more, is_added = with_compounds(wording)
    cells = np.repeat(np.arange(len(more.bounds) - 1), np.diff(more.bounds))
    stems = [stem(word) for word in more.words]
    concepts = [concept(short) for short in wording.shorts]
    terms = sorted({*stems, *concepts})
    place = {term: at for at, term in enumerate(terms)}
    of_word, of_short = (
        np.array([place[name] for name in names], dtype=np.int64) for names in (stems, concepts)
    )
    carries = np.array([word not in STOP_WORDS for word in more.words], dtype=bool)
    counted = cells[carries[more.flat] & ~is_added]
    lengths = np.bincount(counted, minlength=len(more.bounds) - 1)
    rows, fields = np.divmod(np.concatenate([cells, wording.mentions[:, 0]]), len(FIELDS))
    return Counted(
        terms=terms,
        of_word=of_word[: len(wording.words)],
        numbers=np.concatenate([of_word[more.flat], of_short[wording.mentions[:, 3]]]),
        rows=rows,
        fields=fields,
        lengths=lengths.reshape(-1, len(FIELDS)).T.astype(np.int64),
    )


def texts_of(entry: Entry) -> dict[str, str]:
    """The text of each field that is searched."""
    recommendation = entry.recommendation
    agencies = [recommendation.lead_agency or ""]
    agencies += [agency.name for agency in recommendation.lead_agencies]
    return {
        "text": recommendation.text,
        "heading": recommendation.heading or "",
        "agency": " | ".join(dict.fromkeys(filter(None, agencies))),
        "title": entry.review.title,
        "action": recommendation.action or "",
        "outcome": recommendation.outcome or "",
    }
