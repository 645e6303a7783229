"""How far two people who labelled the same texts, blind to each other, agree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """Of ``texts`` decisions: yes by the first, yes by the second, yes by both."""

    texts: int
    first: int
    second: int
    both: int

    @property
    def f1(self) -> float | None:
        """2 · both / (first + second); None where neither said yes."""
        total = self.first + self.second
        return 2 * self.both / total if total else None

    @property
    def kappa(self) -> float | None:
        """Agreement beyond chance (J. Cohen, 1960); None where chance alone agrees in all."""
        if not self.texts:
            return None
        first, second = self.first / self.texts, self.second / self.texts
        chance = first * second + (1 - first) * (1 - second)
        agreed = 1 - (self.first + self.second - 2 * self.both) / self.texts
        return (agreed - chance) / (1 - chance) if chance < 1 else None

    def as_json(self) -> dict[str, object]:
        """``{first, second, both, f1, kappa}``."""
        return {
            "first": self.first,
            "second": self.second,
            "both": self.both,
            "f1": self.f1,
            "kappa": self.kappa,
        }


@dataclass(frozen=True)
class Agreement:
    """The agreement on each label, on all decisions together (micro), and its mean (macro).

    The means are over the labels that one of the two gave at least once.
    """

    texts: int
    labels: Mapping[str, Counted]

    @property
    def micro(self) -> Counted:
        """All decisions counted together."""
        counts = self.labels.values()
        return Counted(
            sum(one.texts for one in counts),
            sum(one.first for one in counts),
            sum(one.second for one in counts),
            sum(one.both for one in counts),
        )

    @property
    def macro_f1(self) -> float | None:
        """The mean F1 over the labels."""
        return _mean(one.f1 for one in self.labels.values())

    @property
    def macro_kappa(self) -> float | None:
        """The mean kappa over the labels."""
        return _mean(one.kappa for one in self.labels.values())

    def as_json(self) -> dict[str, object]:
        """``{texts, micro: counted, macro: {f1, kappa}, labels: {id: counted}}``."""
        return {
            "texts": self.texts,
            "micro": self.micro.as_json(),
            "macro": {"f1": self.macro_f1, "kappa": self.macro_kappa},
            "labels": {label: one.as_json() for label, one in self.labels.items()},
        }


def agreement(
    labels: Sequence[str], passes: Sequence[tuple[Collection[str], Collection[str]]]
) -> Agreement:
    """Count two passes over the same texts, each text's labels by the first and by the second."""
    counted = {
        label: Counted(
            len(passes),
            sum(label in first for first, _ in passes),
            sum(label in second for _, second in passes),
            sum(label in first and label in second for first, second in passes),
        )
        for label in labels
    }
    given = {label: one for label, one in counted.items() if one.first or one.second}
    return Agreement(len(passes), given)


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
