"""What the rules say of texts, as columns beside the words that the classifier reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kb.tagging.compiled import RuleName
from kb.tagging.rules import Fired

RULE_WEIGHT = 0.3
THEME_WEIGHT = 0.2


@dataclass(frozen=True)
class RuleColumns:
    """One column for each rule that fired in learning, and two for each theme that has rules.

    ``names`` are a rule's key, ``+theme`` (a rule of it fires) and ``?theme`` (one that only
    suggests fires). A rule that fired on no text learnt from has no column of its own.
    """

    names: tuple[str, ...] = ()

    @classmethod
    def learn(cls, fired: Fired) -> RuleColumns:
        """The columns of everything that fired on these texts."""
        rules = [fired.names[at] for at in np.unique(fired.rules).tolist()]
        return cls(tuple(sorted({name for rule in rules for name in _said(rule)})))

    def matrix(self, fired: Fired) -> Any:
        """What fires on each text: csr float64[n, columns]."""
        from scipy import sparse

        place = {name: at for at, name in enumerate(self.names)}
        said = [[place.get(name, -1) for name in _said(rule)] for rule in fired.names]
        columns = np.asarray(said, dtype=np.int64).reshape(-1, 2)[fired.rules].ravel()
        values = np.tile((RULE_WEIGHT, THEME_WEIGHT), len(fired))
        rows = np.repeat(fired.rows, 2)
        _, first = np.unique(rows * (len(place) + 1) + columns, return_index=True)
        kept = np.sort(first)
        kept = kept[columns[kept] >= 0]
        bounds = np.searchsorted(rows[kept], np.arange(fired.count + 1))
        shape = (fired.count, len(place))
        return sparse.csr_matrix((values[kept], columns[kept], bounds), shape=shape)


def _said(rule: RuleName) -> tuple[str, str]:
    """The columns of a rule and of its theme, as far as they were learnt."""
    return rule.key, f"{'?' if rule.suggest else '+'}{rule.theme}"
