"""What the rules say of texts, as columns beside the words that the classifier reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kb.tagging.rules import RuleHit

RULE_WEIGHT = 0.3
THEME_WEIGHT = 0.2

Hits = Sequence[Sequence[RuleHit]]


@dataclass(frozen=True)
class RuleColumns:
    """One column for each rule that fired in learning, and two for each theme that has rules.

    ``names`` are a rule's key, ``+theme`` (a rule of it fires) and ``?theme`` (one that only
    suggests fires). A rule that fired on no text learnt from has no column of its own.
    """

    names: tuple[str, ...]

    @classmethod
    def learn(cls, hits: Hits) -> RuleColumns:
        """The columns of everything that fired on these texts."""
        return cls(tuple(sorted({name for one in hits for hit in one for name, _ in _said(hit)})))

    def matrix(self, hits: Hits) -> Any:
        """What fires on each text: csr float64[n, columns]."""
        from scipy import sparse

        place = {name: at for at, name in enumerate(self.names)}
        columns: list[int] = []
        values: list[float] = []
        bounds = [0]
        for one in hits:
            row = {place[name]: value for hit in one for name, value in _said(hit) if name in place}
            columns += row
            values += row.values()
            bounds.append(len(columns))
        shape = (len(hits), len(self.names))
        return sparse.csr_matrix((values, columns, bounds), shape=shape)


def _said(hit: RuleHit) -> tuple[tuple[str, float], tuple[str, float]]:
    return (hit.key, RULE_WEIGHT), (f"{'?' if hit.suggest else '+'}{hit.theme}", THEME_WEIGHT)
