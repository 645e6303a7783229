"""Judgements on one recommendation folded into one verdict, and that verdict laid over its tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kb.model import STARTER, Evidence, Tag, TaggedBy, ThemeJudgement
from kb.text.normalise import digest


@dataclass(frozen=True)
class Tagged:
    """The themes of one text and, apart from them, the suggestions; surest first, then by id."""

    themes: tuple[Tag, ...] = ()
    suggestions: tuple[Tag, ...] = ()


@dataclass(frozen=True)
class Settled:
    """What the judgements on one recommendation come to.

    ``by`` says for each theme judged one by one whether a person or the starter corpus said so.
    With ``complete`` every theme of ``themes`` (where that is empty, every theme) that is not in
    ``yes`` is judged "no"; ``complete_by`` says by whom. ``texts`` has the digest of the text on
    which each of ``by`` was judged, ``complete_text`` that of the complete judgement.
    """

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    complete: bool = False
    complete_by: TaggedBy | None = None
    by: dict[str, TaggedBy] = field(default_factory=dict)
    themes: frozenset[str] = frozenset()
    texts: dict[str, str] = field(default_factory=dict)
    complete_text: str | None = None

    def says(self, theme: str) -> bool | None:
        """True or False where the theme is judged, None where it is not."""
        if theme in self.yes:
            return True
        is_among = not self.themes or theme in self.themes
        return False if theme in self.no or (self.complete and is_among) else None

    def is_outdated(self, text: str) -> bool:
        """Whether some of it rests on another text than this."""
        rests_on = {*self.texts.values(), *filter(None, [self.complete_text])}
        return bool(rests_on - {digest(text)})


def settled(judgements: Iterable[ThemeJudgement]) -> Settled:
    """Fold the judgements on one recommendation into one verdict.

    People outrank the starter corpus; of the same rank the later judgement counts.
    A complete judgement judges every theme; a later one on a single theme stands over it.
    Of two of the same rank and time, the one that comes last in the file counts.
    """
    judgements = sorted(judgements, key=_rank)
    wholes = [judgement for judgement in judgements if judgement.complete]
    of, whole = _deciding(judgements), wholes[-1] if wholes else None
    return Settled(
        yes=frozenset(theme for theme, judgement in of.items() if theme in judgement.yes),
        no=frozenset(theme for theme, judgement in of.items() if theme not in judgement.yes),
        complete=whole is not None,
        complete_by=_by(whole) if whole else None,
        by={theme: _by(judgement) for theme, judgement in sorted(of.items())},
        themes=_judged_whole(wholes),
        texts={theme: judgement.digest for theme, judgement in of.items()},
        complete_text=whole.digest if whole else None,
    )


def deciding(judgements: Iterable[ThemeJudgement]) -> dict[str, ThemeJudgement]:
    """For each theme that was ever judged one by one, the judgement that decides on it."""
    return _deciding(sorted(judgements, key=_rank))


def _deciding(judgements: Iterable[ThemeJudgement]) -> dict[str, ThemeJudgement]:
    of: dict[str, ThemeJudgement] = {}
    for judgement in judgements:
        if judgement.complete:
            of |= {theme: judgement for theme in of if judgement.judges(theme)}
        of |= dict.fromkeys((*judgement.no, *judgement.yes), judgement)
    return of


def _judged_whole(wholes: Sequence[ThemeJudgement]) -> frozenset[str]:
    """The themes that complete judgements judge; empty for every theme."""
    if any(not judgement.themes for judgement in wholes):
        return frozenset()
    return frozenset().union(*(judgement.themes for judgement in wholes))


def _rank(judgement: ThemeJudgement) -> tuple[int, datetime]:
    return (0 if judgement.who == STARTER else 1, judgement.when)


def _by(judgement: ThemeJudgement) -> TaggedBy:
    return "starter" if judgement.who == STARTER else "person"


def with_judgements(tagged: Tagged, judgements: Sequence[ThemeJudgement], text: str) -> Tagged:
    """Lay what people decided over what the machine found; a judgement always wins.

    "Yes" is a tag of confidence 1 that keeps the machine's evidence; "no" is neither tag nor
    suggestion. Where a theme was judged on another text than ``text``, the judgement still holds
    and the tag says so.
    """
    if not judgements:
        return tagged
    verdict = settled(judgements)
    found = {tag.id: tag for tag in (*tagged.suggestions, *tagged.themes)}
    now = digest(text)
    judged = [
        _judged_tag(
            theme,
            verdict.by[theme],
            found.get(theme),
            has_changed=verdict.texts[theme] != now,
        )
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
