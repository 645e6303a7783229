"""What stored texts say beside one draft, told for many at once without reading them.

Most features follow from the words that the index keeps. What does not, or not cheaply (who acts,
what is replaced by what, what is left over, some negations and conditions), may be anything. So the
greatest score that each text can have is known, and only those that may stand among the answers
need a closer look.
"""

from __future__ import annotations

import numpy as np

from kb.similarity.bounds import ROUNDING, Between, about, of_concepts, of_mass
from kb.similarity.features import ANY_SENTENCES, MUCH_SHARED, Side
from kb.similarity.keys_beside import KeysBeside
from kb.similarity.logits import PLACE, Table
from kb.similarity.named import bits_of, concepts_named
from kb.similarity.reading import folded_code
from kb.similarity.store import Cosines, Similarity
from kb.similarity.texts_beside import TextsBeside
from kb.similarity.vectors import Ints, content_of


class Glances:
    """Some rows of an index, one or more, beside a draft."""

    def __init__(self, similarity: Similarity, draft: Side, rows: Ints) -> None:
        self._similarity, self._draft, self._rows = similarity, draft, rows
        self._spoken = similarity.spoken
        self._of_text, self._said = self._spoken.said(rows)
        self._content = content_of(self._of_text, self._said, self._spoken.columns.is_stop)
        self._keys = KeysBeside(self._spoken, draft.reading, *self._content, len(rows))

    def between(self, cosines: Cosines) -> tuple[Table, Table]:
        """The least and the greatest value of each feature, from the cosines of these rows."""
        low, high = (np.full((len(PLACE), len(self._rows)), value) for value in (0.0, 1.0))
        known: dict[str, Between] = {
            **self._of_vectors(cosines),
            **self._of_keys(cosines),
            **self._of_single_words(),
            **self._of_each(),
        }
        for name, (least, greatest) in known.items():
            low[PLACE[name]], high[PLACE[name]] = least, greatest
        return low, high

    def _of_vectors(self, cosines: Cosines) -> dict[str, Between]:
        """Latent and sentence vectors, concepts, and the field."""
        draft, latent = self._draft, cosines.latent
        like = np.maximum(0.0, cosines.sentences - ANY_SENTENCES) / (1 - ANY_SENTENCES)
        stems = self._spoken.columns.stem[self._said].astype(np.int64)
        theirs = concepts_named(self._of_text, stems, len(self._rows))
        ours = bits_of([draft.reading.concepts], theirs.shape[1] * 64 - 1)
        return {
            "latent_cosine": (latent, latent),
            "sentence_cosine": (like, like),
            "in_field": (draft.in_field, draft.in_field),
            **of_concepts(ours, theirs, latent, 0.0),
        }

    def _of_keys(self, cosines: Cosines) -> dict[str, Between]:
        """What the content words weigh that both have, or one alone."""
        keys = self._keys
        mass = of_mass(keys.shared, keys.only_draft, keys.only_stored, keys.lost)
        grounds = np.maximum(mass["shared_words"], keys.grounds)
        weighed = {
            **mass,
            "contained": mass["contained"] * grounds,
            "word_cosine": np.minimum(1.0, cosines.words) * grounds,
            "character_cosine": np.minimum(1.0, cosines.characters) * grounds,
        }
        may_swap = np.where(mass["shared_words"] + ROUNDING >= MUCH_SHARED, 1.0, 0.0)
        return {
            **{name: about(value) for name, value in weighed.items()},
            "rare_shared": (keys.rare, keys.rare),
            "swapped_words": (0.0, may_swap),
        }

    def _of_single_words(self) -> dict[str, Between]:
        """Negations, conditions, and whether anybody is said to act."""
        columns, reading = self._spoken.columns, self._draft.reading
        negations, clauses = (
            np.bincount(self._of_text[marks[self._said]], minlength=len(self._rows))
            for marks in (columns.negates, columns.opens_clause)
        )
        other = np.minimum(1.0, np.abs(negations - reading.negations) / 2)
        may_deny = np.where(negations > 0, 1.0, float(bool(reading.negated)))
        condition, acts = float(bool(reading.conditions)), float(bool(reading.agents))
        return {
            "other_negation": (other, other),
            "other_polarity": (0.0, may_deny),
            "other_condition": (
                np.where(clauses > 0, 0.0, condition),
                np.where(clauses > 0, 1.0, condition),
            ),
            "turned_roles": (0.0, acts),
            "other_agent": (0.0, acts),
        }

    def _of_each(self) -> dict[str, Between]:
        """What is told of one text after another."""
        each = TextsBeside(self._similarity, self._draft, self._rows)
        found = each.features(self._of_text, self._said, self._content)
        likest = found.pop("best_sentence")
        one = np.isnan(likest)
        likest[one] = self._keys.one_sentence()[one]
        same = self._similarity.same[self._rows] == folded_code(self._draft.reading.text)
        return {
            **{name: about(value) for name, value in found.items()},
            "best_sentence": about(likest),
            "same_words": (0.0, same.astype(np.float64)),
        }
