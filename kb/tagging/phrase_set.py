"""Many phrases looked for in many texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kb.tagging.fillers import Fillers, Places, Table
from kb.tagging.joins import Chains, Items
from kb.tagging.phrases import Alternative, Phrase
from kb.tagging.tokens import Ints, Tokens


@dataclass(frozen=True)
class Spots:
    """The first place of each text where each phrase stands, int64[spots] each.

    ``phrases`` are numbers in the set, ``rows`` of the texts; ``starts`` and ``ends`` are
    character offsets in the text.
    """

    phrases: Ints
    rows: Ints
    starts: Ints
    ends: Ints

    def rather(self, others: Spots) -> Spots:
        """These, but where a phrase stands in a text by ``others`` too, as it stands there."""
        size = 1 + max(self.phrases.max(initial=0), others.phrases.max(initial=0))
        keys = np.append(others.rows * size + others.phrases, self.rows * size + self.phrases)
        _, first = np.unique(keys, return_index=True)
        return Spots(
            np.append(others.phrases, self.phrases)[first],
            np.append(others.rows, self.rows)[first],
            np.append(others.starts, self.starts)[first],
            np.append(others.ends, self.ends)[first],
        )


@dataclass(frozen=True)
class CompiledPhrases:
    """Phrases as numbers, which plain JSON can hold.

    Chains are lists of (place, gap before it, words of its longest alternative); ``fills`` are for
    each compound the places that it fills.
    """

    places: int
    whole: Table
    beginnings: Table
    phrases: list[list[list[int]]]
    compounds: list[list[list[int]]]
    fills: list[list[int]]

    @classmethod
    def of(cls, phrases: Sequence[Phrase]) -> CompiledPhrases:
        """Number the places of all phrases and of their compounds."""
        places = Places()
        holders: dict[Alternative, set[int]] = {}
        chains = []
        for phrase in phrases:
            chain = []
            for step in phrase.steps:
                place = places.number(step.alternatives)
                longest = max(len(words) for words in step.alternatives)
                chain.append([place, step.gap, longest])
                for words in step.alternatives:
                    if len(words) > 1:
                        holders.setdefault(words, set()).add(place)
            chains.append(chain)
        compounds = [[[places.number(((word,),)), 0, 1] for word in words] for words in holders]
        fills = [sorted(filled) for filled in holders.values()]
        return cls(len(places), places.whole, places.beginnings, chains, compounds, fills)


class PhraseSet:
    """Compiled phrases, looked for together. Alternatives of several words are found first, as
    compounds."""

    def __init__(self, compiled: CompiledPhrases) -> None:
        """Lay out what was compiled."""
        self._fillers = Fillers(compiled.places, compiled.whole, compiled.beginnings)
        self._phrases = Chains.of(compiled.phrases)
        self._compounds = Chains.of(compiled.compounds)
        rows = [self._fillers.row(places) for places in compiled.fills]
        self._compound_rows = np.asarray(rows, dtype=np.int64)

    def find(self, tokens: Tokens) -> Spots:
        """Where each phrase first stands in each text.

        First is what begins first, and of that what goes on first at each further step.
        """
        rows = self._fillers.rows(tokens.words)[tokens.ids]
        items = Items.of_words(rows, tokens.sentences)
        compounds = self._compounds.find(items, self._fillers)
        items = items.with_compounds(
            compounds.starts, compounds.ends, self._compound_rows[compounds.chains]
        )
        found = self._phrases.find(items, self._fillers)
        texts = np.searchsorted(tokens.bounds, found.starts, side="right") - 1
        _, first = np.unique(found.chains * (len(tokens.texts) + 1) + texts, return_index=True)
        texts = texts[first]
        begun = tokens.offsets[texts]
        return Spots(
            phrases=found.chains[first],
            rows=texts,
            starts=tokens.starts[found.starts[first]] - begun,
            ends=tokens.ends[found.ends[first] - 1] - begun,
        )
