"""The one object that the command line, the web pages and Python users hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.library.folder import Folder
from kb.library.home import TAXONOMY

if TYPE_CHECKING:
    from kb.library.adding import Added, AddRequest
    from kb.library.building import Built, Progress
    from kb.library.doctor import Finding
    from kb.library.judging import Judging
    from kb.library.measuring import Agreements
    from kb.library.results import SearchHelp, SearchResult
    from kb.library.searches import Searches
    from kb.library.themes import TaxonomyFault
    from kb.model import (
        Entry,
        Judgement,
        PairJudgement,
        Recommendation,
        Review,
        Theme,
        ThemeJudgement,
    )
    from kb.reports import Report
    from kb.search.engine import Sort
    from kb.search.explanation import Explanation
    from kb.similarity.check import CheckResult
    from kb.similarity.groups import Group
    from kb.tagging.evaluation import Evaluation
    from kb.tagging.judged import Tagged
    from kb.tagging.trial import RuleTrial


class KnowledgeBase(Folder):
    """A knowledge base in a folder: its corpus, its taxonomy, its index, and what they answer."""

    # Documents in, and out ------------------------------------------------------------------

    def add(
        self,
        files: Iterable[str | Path],
        request: AddRequest | None = None,
        *,
        who: str,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> list[Added]:
        """Read documents and store their reviews; with ``dry_run`` nothing is stored.

        ``progress`` hears (which file is read, 0 or 1 when it is, 1).
        Raises DocumentError or WrongUsage for the first that cannot be added; nothing is stored
        then either.
        """
        from kb.library.storing import add

        paths = [Path(file) for file in files]
        return add(self, paths, request, who=who, when=_now(), dry_run=dry_run, progress=progress)

    def build(self, *, relearn: bool = False, progress: Progress | None = None) -> Built:
        """Tag and index what is new or changed; raises BuildInterrupted on Ctrl-C."""
        from kb.library.building import build

        self.forget()
        built = build(self.index_dir, self.sources, relearn=relearn, progress=progress)
        self.forget()
        return built

    def correct(
        self,
        identity: str,
        changes: Mapping[str, str | None],
        *,
        who: str,
        seen: str | None = None,
    ) -> Review:
        """Set fields of a recommendation (or facts of a review) right, with history.

        ``seen`` is the ``mark`` of what the person was shown: where that has changed since,
        ChangedMeanwhile is raised and nothing is stored.
        """
        from kb.library.storing import correct

        return correct(self, identity, changes, who=who, when=_now(), seen=seen)

    def remove(self, review_id: str) -> Review:
        """Take a review out for good: corpus, judgements, index and older generations."""
        from kb.library.storing import remove

        return remove(self, review_id)

    # Finding --------------------------------------------------------------------------------

    def search(
        self,
        query: str = "",
        *,
        limit: int = 20,
        offset: int = 0,
        sort: Sort = "relevance",
        facets: Sequence[str] = (),
        **filters: Any,
    ) -> SearchResult:
        """Full-text search; see ``docs/search.md`` for the query language.

        ``filters`` are lists of values (``theme=["dash"]``) and ``year="2019..2022"``. Raises
        QueryError for a value that is not stored here.
        """
        from kb.library.searching import search

        return search(self, query, filters, limit=limit, offset=offset, sort=sort, facets=facets)

    def explain(self, result: SearchResult) -> Explanation:
        """How a search was understood, and why each of its hits scores as it does."""
        from kb.library.searching import explain

        return explain(self, result)

    def help_with(self, result: SearchResult) -> SearchHelp:
        """What the words of a search may have meant, and why nothing was found."""
        from kb.library.searching import help_with

        return help_with(self, result)

    @cached_property
    def searches(self) -> Searches:
        """The saved searches."""
        from kb.library.searches import Searches

        return Searches(self)

    def entry(self, identity: str) -> Entry:
        """One recommendation as it stands in the corpus now, with its tags and judgements."""
        from kb.library.showing import entry

        return entry(self, self.known_id(identity))

    def review(self, review_id: str) -> Review:
        """One review as stored; raises NotFound with the nearest ids."""
        from kb.library.showing import known_review

        return known_review(self, review_id)

    def recommendation(self, identity: str) -> tuple[Review, Recommendation]:
        """One recommendation as stored, and its review; raises NotFound."""
        from kb.library.showing import stored_recommendation

        return stored_recommendation(self, identity)

    def entries(self, **filters: Any) -> list[Entry]:
        """Every recommendation of the index that the filters and the audience leave.

        Filters read the index; tags are as people judged them up to now.
        """
        from kb.library.searching import entries

        return entries(self, filters)

    def values(self, field: str, *, holding: str = "") -> tuple[tuple[str, str], ...]:
        """The values that a filter takes here, with their names; see ``OpenIndex.values``."""
        return self.index.values(field, published_only=self.published_only, holding=holding)

    # Repeats --------------------------------------------------------------------------------

    def check(self, text: str, *, except_review: str | None = None, limit: int = 5) -> CheckResult:
        """Is this recommendation a repeat? Raises WrongUsage for a text without a word."""
        from kb.library.comparing import check

        return check(self, text, except_review=except_review, limit=limit)

    def repeats_of(self, identity: str, limit: int = 5) -> CheckResult | None:
        """Stored recommendations that repeat this one, leaving itself out."""
        from kb.library.comparing import repeats_of

        return repeats_of(self, identity, limit=limit)

    def repeated(
        self, progress: Progress | None = None, *, since: str | None = None, **filters: Any
    ) -> list[Group]:
        """Groups of the same ask across reviews, those of most reviews first.

        The filters narrow what is grouped; ``since`` (``2019`` or ``2019-06``) leaves the groups
        that were asked in that time or later, with all that was asked before. Raises WrongUsage
        for another ``since``.
        """
        from kb.library.repeating import repeated

        return repeated(self, filters, since=since, progress=progress)

    # Tags and judgements --------------------------------------------------------------------

    def tag(self, texts: Sequence[str], progress: Any = None) -> list[Tagged]:
        """The themes of texts that are not stored; raises WrongUsage for one without a word."""
        from kb.library.themes import refuse_wordless

        refuse_wordless(texts)
        return self.tagger.tag(texts, progress)

    def mark(self, *about: str) -> str:
        """A mark of a recommendation, a review or a pair, and what is judged of it, as it is now.

        It is another one once any of that changes; see ``correct`` and ``judge_themes``.
        """
        from kb.library.meanwhile import mark

        return mark(self, *about)

    def judge(self, judgement: Judgement, *, seen: str | None = None) -> None:
        """Store what a person decided; raises NotFound where that is not stored (any more).

        ``seen`` is the ``mark`` of what they were shown; raises ChangedMeanwhile as ``correct``.
        """
        from kb.library.meanwhile import refuse_changed

        with self.corpus.changing():
            refuse_changed(self, tuple(self.known_id(one) for one in judgement.about), seen)
            self.corpus.judge([judgement])

    def judge_themes(
        self,
        identity: str,
        *,
        yes: Sequence[str] = (),
        no: Sequence[str] = (),
        complete: bool = False,
        who: str,
        seen: str | None = None,
    ) -> ThemeJudgement:
        """A person decides on themes of one recommendation; raises NotFound or WrongUsage.

        ``seen`` is the ``mark`` of what they were shown; raises ChangedMeanwhile as ``correct``.
        """
        from kb.library.editing import theme_judgement

        judgement = theme_judgement(
            self, self.known_id(identity), yes=yes, no=no, complete=complete, who=who, when=_now()
        )
        self.judge(judgement, seen=seen)
        return judgement

    def judge_pair(
        self, a: str, b: str, *, same: bool, who: str, seen: str | None = None
    ) -> PairJudgement:
        """A person decides whether two recommendations ask the same; as ``judge_themes``."""
        from kb.library.pairing import pair_judgement

        two = self.known_id(a), self.known_id(b)
        judgement = pair_judgement(self, *two, same=same, who=who, when=_now())
        self.judge(judgement, seen=seen)
        return judgement

    def take_back(self, identity: str, *, who: str, made: datetime | None = None) -> None:
        """Take back a person's judgement on a recommendation's themes: the last, or one made then.

        Raises NotFound where none of theirs stands.
        """
        from kb.library.judging import retraction

        self.judge(retraction(self, self.known_id(identity), who=who, when=_now(), made=made))

    def take_back_pair(self, a: str, b: str, *, who: str, seen: str | None = None) -> None:
        """Take back a person's last judgement on whether two recommendations ask the same."""
        from kb.library.pairing import retraction

        two = self.known_id(a), self.known_id(b)
        self.judge(retraction(self, *two, who=who, when=_now()), seen=seen)

    def queue(
        self,
        limit: int | None = 20,
        *,
        who: str = "",
        theme: str | None = None,
        review: str | None = None,
    ) -> list[tuple[Entry, str]]:
        """Recommendations whose judgement would teach most, each with why.

        Those that ``who`` has judged are left out, those they passed over come last.
        """
        from kb.library.judging import queue

        return queue(self, limit, who=who, theme=theme, review=review)

    def judging(
        self,
        *,
        who: str,
        limit: int | None = None,
        theme: str | None = None,
        review: str | None = None,
    ) -> Judging:
        """A session in which one person judges what the queue holds, answer by answer."""
        from kb.library.judging import Judging

        waiting = self.queue(limit, who=who, theme=theme, review=review)
        return Judging(self, waiting, who=who, theme=theme)

    def evaluate(
        self,
        gold: Iterable[Mapping[str, object]] | None = None,
        progress: Any = None,
        *,
        folds: int | None = None,
        curve: bool = False,
    ) -> Evaluation:
        """How good the tags are: held out by review, or on rows ``{id, text, themes}``.

        ``folds`` is how many parts are held out in turn (5 unless told); ``progress`` hears (step
        in words, done, of how many); ``curve`` adds what is reached when learning from fewer
        reviews.
        """
        from kb.library import measuring

        if gold is not None:
            return measuring.on_gold(self, gold, progress)
        return measuring.held_out(self, folds=folds, curve=curve, progress=progress)

    def evaluate_test_set(self, progress: Any = None) -> Evaluation:
        """How good the tags are on the starter's test set, from which nothing is ever learnt."""
        from kb.library import measuring

        return measuring.on_test_set(self, progress)

    def agreements(self) -> Agreements:
        """How far the two blind passes over the starter corpus agree; raises WrongUsage."""
        from kb.library import measuring

        return measuring.agreements(self)

    def taxonomy_faults(self) -> list[TaxonomyFault]:
        """What is wrong with the taxonomy; its worked examples are run as tests."""
        from kb.library.themes import faults

        return faults(self.home / TAXONOMY, self.abbreviations)

    def theme(self, theme_id: str) -> Theme:
        """One theme; raises NotFound with the nearest ids."""
        from kb.library.editing import known_theme

        return known_theme(self.taxonomy, theme_id)

    def try_rules(self, theme_id: str | None = None) -> list[RuleTrial]:
        """The rules of one theme (or of all) on the corpus: hits, precision, recall."""
        from kb.library.themes import trials

        return trials(self, self.theme(theme_id) if theme_id else None)

    def try_rule(
        self, theme_id: str, *, any_: Sequence[str], all_: Sequence[str], none: Sequence[str]
    ) -> list[RuleTrial]:
        """A new rule for a theme on the corpus, as ``try_rules`` tries those that stand."""
        from kb.library.themes import trials
        from kb.model import Rule

        rule = Rule(any=tuple(any_), all=tuple(all_), none=tuple(none))
        return trials(self, self.theme(theme_id).model_copy(update={"rules": (rule,)}))

    # Reports --------------------------------------------------------------------------------

    def report(self, name: str, *, command: str, **options: Any) -> Report:
        """A report by name: themes, progress, review, agency, briefing or repeated."""
        from kb.library.reporting import report

        return report(self, name, command=command, today=date.today(), **options)

    def export(
        self, format_name: str, *, command: str, query: str = "", **filters: Any
    ) -> dict[str, bytes]:
        """Everything (or what a search finds), with the codebook: file name to content."""
        from kb.library.reporting import exported

        return exported(
            self, format_name, command=command, today=date.today(), query=query, filters=filters
        )

    def doctor(self) -> list[Finding]:
        """What is wrong with corpus, taxonomy and index, and what to do about it."""
        from kb.library.doctor import examine

        return examine(self)

    def known_id(self, identity: str) -> str:
        """An id as typed, checked to be ``review/position`` of a stored recommendation.

        Raises WrongUsage for what is no such id, NotFound where none is stored.
        """
        from kb.library.showing import known_id

        return known_id(self, identity)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
