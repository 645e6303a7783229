"""The dialogue of judging: a recommendation is shown, keys mark its themes, Enter stores."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from kb.cli.answers import ENTER
from kb.cli.ballot import (
    AGAIN,
    EXPLAIN,
    QUIT,
    SEARCH,
    SKIP,
    STORE_MARKED,
    UNDO,
    Ballot,
)
from kb.cli.output import say, wrapped
from kb.errors import NotFound

if TYPE_CHECKING:
    from kb.cli.answers import Answers
    from kb.library.judging import Asked, Judging
    from kb.model import Taxonomy, Theme

ENOUGH = 20  # judgements after which a build is worth its time
_FEW = 9  # themes that a search lists, each under one digit
_KEYS = (
    "A letter marks yes, no, not judged. Enter stores all themes, s the marked alone; n skips,"
    " u undoes, / searches a theme, ? explains one, = shows all again, q quits."
)


class Dialogue:
    """Asks one recommendation after another until nothing waits or the person quits."""

    def __init__(self, session: Judging, taxonomy: Taxonomy, answers: Answers) -> None:
        """Hold the session that stores, the themes, and where answers come from."""
        self._session = session
        self._taxonomy = taxonomy
        self._answers = answers

    def run(self) -> None:
        """Ask until the end; however it ends, what was stored is said."""
        click.echo(wrapped(_KEYS, ""))
        try:
            while (asked := self._session.ask()) is not None:
                turn = _Turn(self._session, self._taxonomy, self._answers, asked)
                if not turn.take():
                    return
                click.echo(self._progress())
            click.echo("Nothing more waits to be judged.")
        except EOFError:
            click.echo("")
        finally:
            self._say_farewell()

    def _progress(self) -> str:
        missing = ENOUGH - self._session.unbuilt
        till = f"{missing} more until {ENOUGH}" if missing > 0 else "time for a kb build"
        return f"{self._session.judged} judged in this session · {till}"

    def _say_farewell(self) -> None:
        say(f"{self._session.judged} judged, {self._session.skipped} skipped in this session.")
        if self._session.judged:
            say("Next: kb build")


class _Turn:
    """One recommendation, from its showing to its answer."""

    def __init__(
        self, session: Judging, taxonomy: Taxonomy, answers: Answers, asked: Asked
    ) -> None:
        self._session = session
        self._taxonomy = taxonomy
        self._answers = answers
        self._asked = asked
        self._ballot = Ballot(asked, taxonomy)

    def take(self) -> bool:
        """Obey until another recommendation is to be asked; False when the person quits."""
        self._show()
        while True:
            for command in self._answers.keys("Key"):
                if command == QUIT:
                    return False
                try:
                    if self._obey(command):
                        return True
                except NotFound as error:
                    say(f"It was taken out meanwhile: {error.message}")
                    return True

    def _obey(self, command: str) -> bool:
        """Do one command; True when it answers the recommendation."""
        answering = {
            ENTER: self._store_all,
            STORE_MARKED: self._store_marked,
            SKIP: self._skip,
            UNDO: self._undo,
        }
        if command in (ENTER, STORE_MARKED) and self._session.is_judged_otherwise(self._asked):
            identity = self._asked.entry.id
            click.echo(f"Not stored: {identity} was judged, changed or taken out meanwhile.")
            return True
        if command in answering:
            return answering[command]()
        if command == AGAIN:
            click.echo(wrapped(_KEYS, ""))
            self._show()
        elif command[0] == SEARCH:
            self._search(command[1:])
        elif command[0] == EXPLAIN:
            self._explain(command[1:])
        else:
            self._flip(command)
        return False

    # Showing --------------------------------------------------------------------------------

    def _show(self) -> None:
        entry = self._asked.entry
        review, recommendation = entry.review, entry.recommendation
        year = review.year.value or "year unknown"
        click.echo("\n" + click.style(entry.id, bold=True))
        click.echo(wrapped(f"{review.title} ({year})"))
        for label, value in (
            ("heading", recommendation.heading),
            ("agency", "; ".join(agency.name for agency in recommendation.lead_agencies)),
            ("asked", self._asked.why),
        ):
            if value:
                click.echo(wrapped(f"{label}: {' '.join(value.split())}"))
        click.echo(wrapped(recommendation.text, "     "))
        for candidate in self._ballot.candidates:
            click.echo(wrapped(str(candidate), "  "))
        if not self._ballot.candidates:
            click.echo("  No theme was found in it; / searches one.")

    # Answers --------------------------------------------------------------------------------

    def _store_all(self) -> bool:
        yes = self._ballot.marked(True)
        if not yes and self._answers.keys("No theme is marked yes. Does none hold? y or n") != [
            "y"
        ]:
            click.echo("Not stored.")
            return False
        self._session.store(self._asked, yes=yes, no=(), complete=True)
        click.echo(f"Stored: {self._asked.entry.id} · yes: {_listed(yes)} · no: every other theme")
        return True

    def _store_marked(self) -> bool:
        yes, no = self._ballot.changed(True), self._ballot.changed(False)
        if not (yes or no):
            click.echo("Nothing is marked: a letter marks a theme, n skips.")
            return False
        self._session.store(self._asked, yes=yes, no=no, complete=False)
        click.echo(f"Stored: {self._asked.entry.id} · yes: {_listed(yes)} · no: {_listed(no)}")
        return True

    def _skip(self) -> bool:
        self._session.skip(self._asked)
        click.echo(f"Skipped: {self._asked.entry.id}")
        return True

    def _undo(self) -> bool:
        line = self._session.undo()
        if line is None:
            click.echo("Nothing was stored in this session. An older one: kb judge ID --undo")
            return False
        what = "skipping" if line.judges_nothing else "the judgement"
        click.echo(f"Undone: {what} of {line.recommendation}; what held before holds again")
        return True

    # Themes ---------------------------------------------------------------------------------

    def _flip(self, key: str) -> None:
        candidate = self._ballot.at(key)
        if candidate is None:
            click.echo(f"{key!r} is no key here; = shows the keys and all themes again.")
            return
        candidate.flip()
        click.echo(f"  {candidate.said}")

    def _search(self, words: str) -> None:
        words = words.strip() or self._answers.line("Theme, by id, name or what it covers")
        found = self._ballot.found(words)
        if not found:
            click.echo(f"No theme is found by {words!r}.{self._nearest(words)}")
            return
        theme = found[0] if len(found) == 1 else self._chosen(found)
        if theme is not None:
            click.echo(f"  {self._ballot.add(theme).said}")

    def _chosen(self, found: Sequence[Theme]) -> Theme | None:
        for number, theme in enumerate(found[:_FEW], start=1):
            click.echo(f"  {number}  {theme.id}: {theme.name}")
        if len(found) > _FEW:
            click.echo(f"  … and {len(found) - _FEW} more; further words find fewer")
        (key, *_) = self._answers.keys("Number, or Enter for none")
        if key.isdecimal() and 1 <= int(key) <= min(_FEW, len(found)):
            return found[int(key) - 1]
        click.echo("None was added.")
        return None

    def _explain(self, name: str) -> None:
        name = name.strip() or self._answers.line("Which theme, by key or id")
        candidate = self._ballot.at(name)
        theme = candidate.theme if candidate else self._taxonomy.theme(name)
        if theme is None:
            click.echo(f"The taxonomy has no theme {name!r}.{self._nearest(name)}")
            return
        click.echo(f"  {theme.id}: {theme.name}")
        click.echo(wrapped(f"covers: {theme.covers or 'the taxonomy does not say'}", "     "))
        click.echo(wrapped(f"border: {theme.border or 'the taxonomy does not say'}", "     "))

    def _nearest(self, typed: str) -> str:
        ids = [theme.id for theme in self._taxonomy.themes()]
        near = difflib.get_close_matches(typed, ids, n=3, cutoff=0.5)
        return f" Did you mean {' or '.join(near)}?" if near else " See them with: kb taxonomy list"


def _listed(themes: Sequence[str]) -> str:
    return ", ".join(themes) or "none"
