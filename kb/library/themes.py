"""The care of the taxonomy: its faults with their lines, and its rules tried on the corpus."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from kb.errors import WrongUsage
from kb.model import Group, Taxonomy
from kb.taxonomy import inspect_taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kb.library.base import KnowledgeBase
    from kb.model import Theme
    from kb.tagging.trial import RuleTrial
    from kb.text.abbreviations import Abbreviations


@dataclass(frozen=True)
class TaxonomyFault:
    """A fault or a warning: the line of the file (from 1), the theme, the place in it, and what."""

    line: int
    theme: str | None
    where: str
    message: str
    severity: Literal["fault", "warning"]

    def __str__(self) -> str:
        theme = f", theme {self.theme}" if self.theme else ""
        where = f", {self.where}" if self.where else ""
        return f"{self.severity}: line {self.line}{theme}{where}: {self.message}"

    def as_json(self) -> dict[str, Any]:
        """``{line, theme, where, message, severity}``."""
        return asdict(self)


def faults(path: Path, abbreviations: Abbreviations) -> list[TaxonomyFault]:
    """Faults of the file's shape; where there are none, of its rules and examples."""
    from kb.tagging.check import check_taxonomy

    file = inspect_taxonomy(path)
    if file.faults or file.taxonomy is None:
        return [TaxonomyFault(f.line, f.theme, "", f.message, "fault") for f in file.faults]
    return [
        TaxonomyFault(
            file.lines.get(fault.theme, 1), fault.theme, fault.where, fault.message, fault.severity
        )
        for fault in check_taxonomy(file.taxonomy, abbreviations)
    ]


def refuse_wordless(texts: Sequence[str]) -> None:
    """Raise WrongUsage for the first text without a word, which has no theme to find."""
    from kb.text.tokens import tokenise

    for number, text in enumerate(texts, start=1):
        if not tokenise(text):
            raise WrongUsage(
                f"there is nothing to tag: the text {text!r} has no word",
                place=f"text {number} of {len(texts)}",
                hint="Give the recommendation's own words.",
            )


def trials(base: KnowledgeBase, theme: Theme | None) -> list[RuleTrial]:
    """The rules of a theme (or of all) on everything indexed, against the judgements.

    The starter's test set is left out: whoever writes rules has never seen it.
    """
    from kb.library.sources import by_recommendation
    from kb.library.starter import parts, untouched_reviews
    from kb.tagging.judged import settled
    from kb.tagging.trial import try_rules

    taxonomy = base.taxonomy
    if theme is not None:
        group = Group(id="trial", name="Trial", themes=(theme,))
        taxonomy = Taxonomy(version=taxonomy.version, groups=(group,))
    judged = by_recommendation(base.corpus)
    verdicts = {i: settled(js) for i, js in parts(judged).training.items()}
    untouched = untouched_reviews(judged)
    entries = [entry for entry in base.entries() if entry.review.id not in untouched]
    return try_rules(taxonomy, entries, verdicts, base.abbreviations)
