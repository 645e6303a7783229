"""Reports and exports: what they are made from, and the head that lets them be made again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kb.errors import WrongUsage
from kb.search.engine import Filters

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.reports import Report
    from kb.similarity.facts import Facts
    from kb.similarity.groups import Group

NAMES = ("themes", "progress", "review", "agency", "briefing", "repeated")


def report(
    base: KnowledgeBase,
    name: str,
    *,
    command: str,
    today: date,
    filters: Mapping[str, Any] | None = None,
    **options: Any,
) -> Report:
    """A report by name, with its head; raises WrongUsage for another name."""
    builders: dict[str, Callable[..., Report]] = {
        "themes": _themes,
        "progress": _progress,
        "review": _review,
        "agency": _agency,
        "briefing": _briefing,
        "repeated": _repeated,
    }
    if name not in builders:
        raise WrongUsage(f"there is no report {name!r}", hint=f"Choose from: {', '.join(NAMES)}")
    chosen = {field: value for field, value in (filters or {}).items() if value}
    made = builders[name](base, chosen, **options)
    return made.with_head(head(base, command=command, today=today, filters=chosen))


def exported(
    base: KnowledgeBase, format_name: str, *, command: str, today: date
) -> dict[str, bytes]:
    """Everything, to take away, with the codebook: file name to content."""
    from kb.library.showing import without_before
    from kb.reports import export

    lines = head(base, command=command, today=today, filters={})
    entries = base.entries()
    if base.published_only:
        entries = [without_before(entry) for entry in entries]
    return export(entries, base.taxonomy, format_name, lines)


def head(
    base: KnowledgeBase, *, command: str, today: date, filters: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """What a reader needs to judge a report and to make it again."""
    manifest = base.index.generation.manifest
    shown = [f"{field} = {_said(value)}" for field, value in filters.items()]
    lines = [
        ("Filters", "; ".join(shown) or "none"),
        ("Date", today.isoformat()),
        ("Corpus", f"digest {manifest.corpus_digest[:16]}, indexed {manifest.created[:10]}"),
        ("Taxonomy", f"version {manifest.taxonomy_version}"),
        ("Model", f"version {manifest.model_version or 'none'}"),
        ("Audience", base.settings.audience),
        *_left_out(base, filters),
        ("Made with", command),
    ]
    return [*(("Note", note) for note in _stale_notes(base)), *lines]


def _stale_notes(base: KnowledgeBase) -> Iterator[str]:
    if base.has_changed():
        yield "corpus or taxonomy changed after the index was built"
    if judged := base.judged_since_build():
        yield (
            f"recommendations judged after the index was built: {judged}. Their tags are those"
            " judged; filters and groups of repeats are as built"
        )


def _said(value: Any) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _left_out(base: KnowledgeBase, filters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How many of the recommendations that the filters leave are not published.

    A shared audience is told that they are left out; their number would tell of them.
    """
    if base.published_only:
        return [("Left out", "every recommendation of a review that is not published")]
    chosen = base.index.mask(base.index.filters(dict(filters), published_only=False))
    unpublished = int((chosen & ~base.index.mask(Filters(published_only=True))).sum())
    return [("Unpublished, counted here", f"{unpublished} of {int(chosen.sum())} recommendations")]


def _themes(base: KnowledgeBase, filters: Mapping[str, Any], *, by: str | None = None) -> Report:
    from kb.reports import theme_frequency

    return theme_frequency(base.entries(**filters), base.taxonomy, by)


def _progress(base: KnowledgeBase, filters: Mapping[str, Any], *, at: date) -> Report:
    from kb.reports import progress

    return progress(base.entries(**filters), at)


def _review(base: KnowledgeBase, filters: Mapping[str, Any], *, review_id: str) -> Report:
    from kb.reports import review_profile

    base.review(review_id)
    return review_profile(base.entries(**filters), review_id, base.taxonomy)


def _agency(
    base: KnowledgeBase,
    filters: Mapping[str, Any],
    *,
    agency: str,
    all_agencies: bool = False,
) -> Report:
    from kb.reports import agency_profile

    entries = base.entries(**filters)
    return agency_profile(entries, agency, base.taxonomy, all_agencies=all_agencies)


def _briefing(base: KnowledgeBase, filters: Mapping[str, Any], *, theme: str) -> Report:
    from kb.library.editing import known_theme
    from kb.reports import briefing

    known_theme(base.taxonomy, theme)
    entries = base.entries(**filters)
    narrowed = {**filters, "theme": [theme]}
    has_any = any(tag.id == theme for entry in entries for tag in entry.themes)
    groups = base.repeated(**narrowed) if has_any else []
    return briefing(entries, theme, base.taxonomy, repeated_json(base, groups))


def _repeated(
    base: KnowledgeBase,
    filters: Mapping[str, Any],
    *,
    since: str | None = None,
    progress: Any = None,
) -> Report:
    from kb.reports import repeated

    groups = base.repeated(progress, since=since, **filters)
    made = repeated(repeated_json(base, groups), theme_names(base))
    return made.with_head([("Asked again in or after", since)] if since else [])


def theme_names(base: KnowledgeBase) -> dict[str, str]:
    """The name of each theme by its id."""
    return {theme.id: theme.name for group in base.taxonomy.groups for theme in group.themes}


def repeated_json(base: KnowledgeBase, groups: list[Group]) -> list[dict[str, Any]]:
    """Groups of repeated learning as the reports and scripts read them."""
    titles = dict(base.index.records.columns.values("review"))
    return [
        {
            "wording": group.central.text,
            "central": group.central.id,
            "members": [_member_json(member, titles) for member in group.members],
            "reviews": list(group.reviews),
            "areas": list(group.areas),
            "sectors": list(group.sectors),
            "themes": list(group.themes),
            "years": list(group.years),
            "statuses": group.statuses,
            "history": group.history,
            "returns": [one.as_json() for one in group.returns],
            "notes": [group.history, *group.gaps],
        }
        for group in groups
    ]


def _member_json(member: Facts, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": member.id,
        "text": member.text,
        "review_id": member.review_id,
        "title": titles.get(member.review_id, member.review_id),
        "area": member.area,
        "year": member.year,
        "date": member.date,
        "status": member.status,
        "completed": member.completed,
        "sectors": list(member.sectors),
        "themes": list(member.themes),
    }
