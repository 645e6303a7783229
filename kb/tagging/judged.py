"""Judgements on one recommendation folded into one verdict, and that verdict laid over its tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kb.model import Evidence, Tag, TaggedBy, ThemeJudgement
from kb.text.normalise import digest

STARTER = "starter"


@dataclass(frozen=True)
class Tagged:
    """The themes of one text and, apart from them, the suggestions; surest first, then by id."""

    themes: tuple[Tag, ...] = ()
    suggestions: tuple[Tag, ...] = ()


@dataclass(frozen=True)
class Settled:
    """What the judgements on one recommendation come to.

    ``by`` says for each theme judged one by one whether a person or the starter corpus said so.
    With ``complete`` every theme not in ``yes`` is judged "no"; ``complete_by`` says by whom.
    ``digests`` are those of the texts that were judged.
    """

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    complete: bool = False
    complete_by: TaggedBy | None = None
    by: dict[str, TaggedBy] = field(default_factory=dict)
    digests: frozenset[str] = frozenset()

    def says(self, theme: str) -> bool | None:
        """True or False where the theme is judged, None where it is not."""
        if theme in self.yes:
            return True
        return False if self.complete or theme in self.no else None


def settled(judgements: Iterable[ThemeJudgement]) -> Settled:
    """Fold the judgements on one recommendation into one verdict.

    People outrank the starter corpus; of the same rank the later judgement counts.
    A complete judgement judges every theme; a later one on a single theme stands over it.
    Of two of the same rank and time, the one that comes last in the file counts.
    """
    complete_rank: tuple[int, datetime] | None = None
    ranks: dict[str, tuple[tuple[int, datetime], bool]] = {}
    digests: set[str] = set()
    for judgement in sorted(judgements, key=_rank):
        rank = _rank(judgement)
        digests.add(judgement.digest)
        if judgement.complete:
            complete_rank = rank
            ranks = dict.fromkeys(ranks, (rank, False))
        ranks |= dict.fromkeys(judgement.no, (rank, False))
        ranks |= dict.fromkeys(judgement.yes, (rank, True))
    return Settled(
        yes=frozenset(theme for theme, (_, yes) in ranks.items() if yes),
        no=frozenset(theme for theme, (_, yes) in ranks.items() if not yes),
        complete=complete_rank is not None,
        complete_by=None if complete_rank is None else _by(complete_rank),
        by={theme: _by(rank) for theme, (rank, _) in sorted(ranks.items())},
        digests=frozenset(digests),
    )


def _rank(judgement: ThemeJudgement) -> tuple[int, datetime]:
    return (0 if judgement.who == STARTER else 1, judgement.when)


def _by(rank: tuple[int, datetime]) -> TaggedBy:
    return "person" if rank[0] else "starter"


def with_judgements(tagged: Tagged, judgements: Sequence[ThemeJudgement], text: str) -> Tagged:
    """Lay what people decided over what the machine found; a judgement always wins.

    "Yes" is a tag of confidence 1 that keeps the machine's evidence; "no" is neither tag nor
    suggestion. Where none of the judged texts is ``text`` any more, the judgement still holds and
    each tag that rests on it says so.
    """
    if not judgements:
        return tagged
    verdict = settled(judgements)
    found = {tag.id: tag for tag in (*tagged.suggestions, *tagged.themes)}
    has_changed = digest(text) not in verdict.digests
    judged = [
        _judged_tag(theme, verdict.by[theme], found.get(theme), has_changed=has_changed)
        for theme in verdict.yes
    ]
    open_themes = [tag for tag in tagged.themes if verdict.says(tag.id) is None]
    return Tagged(
        themes=in_order([*judged, *open_themes]),
        suggestions=in_order(tag for tag in tagged.suggestions if verdict.says(tag.id) is None),
    )


def _judged_tag(theme: str, by: TaggedBy, found: Tag | None, *, has_changed: bool) -> Tag:
    evidence = found.evidence if found else ()
    if has_changed:
        note = "the text has changed since it was judged"
        evidence = (Evidence(start=0, end=0, text="", why=note), *evidence)
    return Tag(id=theme, by=(by, *(found.by if found else ())), confidence=1.0, evidence=evidence)


def in_order(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Tags with the surest first, then by id."""
    return tuple(sorted(tags, key=lambda tag: (-tag.confidence, tag.id)))
