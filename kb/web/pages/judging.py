"""The queue of judging: one recommendation after another, by mouse, by keyboard, without script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from kb.errors import ChangedMeanwhile, NotFound
from kb.library.judging import Judging
from kb.library.meanwhile import refuse_changed
from kb.library.votes import Vote, votes
from kb.web.ballots import Ballot, ballots, marked
from kb.web.told import told
from kb.web.visit import Visit, address

if TYPE_CHECKING:
    from kb.library import KnowledgeBase
    from kb.model import Entry

_AT_ONCE = 200  # that are put in order; after them the queue is asked for again
_AGAIN = {"undone": "you took your judgement back", "again": "you passed it over"}


def queue(visit: Visit) -> Response:
    """What waits to be judged now; the worker that shows it may not be the one that stored."""
    done, last = visit.one("done"), visit.one("last", 200)
    if done and last:
        _arrange(visit, done, visit.base.known_id(last))
    return _page(visit)


def _asked_for(visit: Visit) -> dict[str, str]:
    return {"theme": visit.one("theme", 100), "review": visit.one("review", 100)}


def _has_keys(visit: Visit) -> bool:
    """Whether letters are keys here: only where somebody asked for it (WCAG 2.1.4)."""
    return visit.one("keys") == "on"


def _waiting(visit: Visit) -> list[Any]:
    """What waits for this person, best first; what they have answered here is taken out."""
    chosen = _asked_for(visit)
    base = visit.base
    key = ("queue", base.index.generation.name, visit.who, *chosen.values())
    wanted = {name: value or None for name, value in chosen.items()}
    waiting: list[Any] = visit.site.kept(key, lambda: base.queue(_AT_ONCE, who=visit.who, **wanted))
    return waiting


def _page(visit: Visit, *, status: int = 200, problem: str = "", hint: str = "") -> Response:
    chosen, base = _asked_for(visit), visit.base
    waiting = _waiting(visit)
    session = Judging(base, waiting, who=visit.who, theme=chosen["theme"] or None)
    asked = session.ask()
    return visit.page(
        "queue.html",
        status=status,
        asked=asked,
        why=_why(base, asked.why) if asked else "",
        ballots=_ballots(base, asked.entry, chosen["theme"]) if asked else [],
        groups=base.taxonomy.groups,
        seen=base.mark(asked.entry.id) if asked else "",
        chosen=chosen,
        keys=_has_keys(visit),
        waiting=len(waiting),
        unbuilt=session.unbuilt,
        reviews=base.values("review"),
        done=visit.one("done"),
        last=visit.one("last", 200),
        problem=problem,
        hint=hint,
    )


def _why(base: KnowledgeBase, why: str) -> str:
    """Why it is asked, with the theme by its name."""
    theme, colon, words = why.partition(": ")
    known = base.taxonomy.theme(theme)
    return f"{known.name}{colon}{words}" if known else why


def _ballots(base: KnowledgeBase, entry: Entry, asked: str) -> list[Ballot]:
    return ballots(entry, base.taxonomy, _votes(base, entry), asked)


def _votes(base: KnowledgeBase, entry: Entry) -> dict[str, Vote]:
    return votes(base, entry.id, entry.recommendation.text)


def answer(visit: Visit) -> Response:
    """Store an answer, or pass over, or take the last one back."""
    identity, do = visit.one("id", 200), visit.one("do")
    if do == "undo":
        visit.base.take_back(identity, who=visit.who)
        return _to_queue(visit, "undone", identity)
    identity = visit.base.known_id(identity)
    if do == "again":
        return _to_queue(visit, "again", identity)
    if do == "skip":
        _skip(visit, identity)
        return _to_queue(visit, "skipped", identity)
    said = marked(visit, _votes(visit.base, visit.base.entry(identity)))
    seen, nothing = visit.one("seen"), "Say yes or no to at least one theme, or skip."
    try:
        if said.says_nothing:
            refuse_changed(visit.base, (identity,), seen)  # another may have said the same
            return _page(visit, status=400, problem=nothing)
        visit.base.judge_themes(
            identity, yes=said.yes, no=said.no, complete=said.complete, who=visit.who, seen=seen
        )
    except ChangedMeanwhile as error:
        now = told(error)
        return _page(visit, status=now.status, problem=now.message, hint=now.hint)
    return _to_queue(visit, "stored", identity)


def _skip(visit: Visit, identity: str) -> None:
    entry = visit.base.entry(identity)
    session = Judging(visit.base, [(entry, "")], who=visit.who)
    asked = session.ask()
    if asked is None:
        raise NotFound(f"{identity} does not wait to be judged any more")
    session.skip(asked)


def _to_queue(visit: Visit, done: str, identity: str) -> Response:
    _arrange(visit, done, identity)
    keys = "on" if _has_keys(visit) else ""
    query = {**_asked_for(visit), "done": done, "last": identity, "keys": keys}
    return visit.to(address("/queue", query), "#main")


def _arrange(visit: Visit, done: str, identity: str) -> None:
    """Go on after what was answered or passed over; ask again at once where that is wanted."""
    waiting = _waiting(visit)
    rest = [(entry, why) for entry, why in waiting if entry.id != identity]
    first = [(visit.base.entry(identity), _AGAIN[done])] if done in _AGAIN else []
    waiting[:] = first + rest
