"""What the rules say of texts, as columns beside the words that the classifier reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
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

        place = self._places
        which, fired_as = np.unique(fired.rules, return_inverse=True)
        said = [[place.get(name, -1) for name in _said(fired.names[at])] for at in which.tolist()]
        columns = np.asarray(said, dtype=np.int64).reshape(-1, 2)[fired_as].ravel()
        values = np.tile((RULE_WEIGHT, THEME_WEIGHT), len(fired))
        rows = np.repeat(fired.rows, 2)
        _, first = np.unique(rows * (len(place) + 1) + columns, return_index=True)
        kept = np.sort(first)
        kept = kept[columns[kept] >= 0]
        bounds = np.searchsorted(rows[kept], np.arange(fired.count + 1))
        shape = (fired.count, len(place))
        return sparse.csr_matrix((values[kept], columns[kept], bounds), shape=shape)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: at for at, name in enumerate(self.names)}


def _said(rule: RuleName) -> tuple[str, str]:
    """The columns of a rule and of its theme, as far as they were learnt."""
    return rule.key, f"{'?' if rule.suggest else '+'}{rule.theme}"
