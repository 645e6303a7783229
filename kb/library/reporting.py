"""Reports and exports: what they are made from, and the head that lets them be made again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from kb.errors import WrongUsage
from kb.library.sources import by_recommendation
from kb.search.engine import Filters

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.library.counted import IndexRows
    from kb.reports import Report
    from kb.similarity.facts import Facts
    from kb.similarity.groups import Group

Filter = Mapping[str, Any]
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
    base: KnowledgeBase,
    format_name: str,
    *,
    command: str,
    today: date,
    query: str = "",
    filters: Filter,
) -> dict[str, bytes]:
    """Everything, or what a search finds, with the codebook: file name to content."""
    from kb.library.searching import found_ids
    from kb.library.showing import without_before
    from kb.reports import export

    lines = head(base, command=command, today=today, filters=filters)
    entries = base.entries(**filters)
    if query:
        found = found_ids(base, query, filters)
        entries = [entry for entry in entries if entry.id in found]
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


def _left_out(base: KnowledgeBase, filters: Filter) -> Iterator[tuple[str, str]]:
    """How many of the recommendations that the filters leave are not published or not judged.

    A shared audience is told that the unpublished are left out; their number would tell of them.
    """
    rows = base_rows(base, filters)
    if base.published_only:
        yield "Left out", "every recommendation of a review that is not published"
    else:
        published = base.index.mask(Filters(published_only=True))
        unpublished = len(rows) - int(published[rows.rows].sum())
        yield "Unpublished, counted here", f"{unpublished} of {len(rows)} recommendations"
    unjudged = len(rows) - rows.among(by_recommendation(base.corpus))
    yield "Unjudged, counted here", f"{unjudged} of {len(rows)} recommendations"


def _themes(
    base: KnowledgeBase,
    filters: Filter,
    *,
    by: str | None = None,
    compare: Sequence[str] = (),
) -> Report:
    from kb.library.compared import sides
    from kb.library.measuring import measured_here
    from kb.reports import theme_comparison, theme_frequency

    rows = base_rows(base, filters)
    if compare:
        if by is not None:
            raise WrongUsage(
                "--by and --compare are two different reports", hint="Leave one of them out"
            )
        names, places = sides(base, rows, compare)
        return theme_comparison(rows, base.taxonomy, names, places)
    return theme_frequency(rows, base.taxonomy, by, measured_here(base))


def base_rows(base: KnowledgeBase, filters: Filter) -> IndexRows:
    """What the filters and the audience leave, ready to be counted."""
    from kb.library.counted import IndexRows

    return IndexRows(base, dict(filters))


def _progress(
    base: KnowledgeBase, filters: Filter, *, at: date, asked_again: bool = False
) -> Report:
    from kb.reports import progress

    groups = repeated_json(base, base.repeated()) if asked_again else None
    return progress(base_rows(base, filters), at, groups)


def _review(base: KnowledgeBase, filters: Filter, *, review_id: str) -> Report:
    from kb.reports import review_profile

    base.review(review_id)
    return review_profile(base_rows(base, filters), review_id, base.taxonomy)


def _agency(
    base: KnowledgeBase, filters: Filter, *, agency: str, all_agencies: bool = False
) -> Report:
    from kb.reports import agency_profile

    rows = base_rows(base, filters)
    return agency_profile(rows, agency, base.taxonomy, all_agencies=all_agencies)


def _briefing(base: KnowledgeBase, filters: Filter, *, theme: str) -> Report:
    from kb.library.editing import known_theme
    from kb.reports import briefing

    ids = {name.casefold(): theme_id for theme_id, name in theme_names(base).items()}
    wanted = known_theme(base.taxonomy, ids.get(theme.casefold(), theme)).id
    rows = base_rows(base, filters)
    narrowed = {**filters, "theme": [wanted]}
    has_any = wanted in rows.values("theme").parts()
    groups = base.repeated(**narrowed) if has_any else []
    return briefing(rows, wanted, base.taxonomy, repeated_json(base, groups))


def _repeated(
    base: KnowledgeBase,
    filters: Filter,
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
