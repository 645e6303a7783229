"""Plans made at random, with the records that whoever prints them means. All of it is fiction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from printers import Plan, Printed, PrintedRow

from kb.ingest import Reading
from kb.model import Recommendation
from kb.text.normalise import fold_space

HEADERS: dict[str, tuple[str, ...]] = {
    "number": ("No.", "Ref", "Rec no", "Number"),
    "recommendation": ("Recommendation", "Recommendations", "Recommendation (in full)"),
    "scope": ("Scope", "Scope of recommendation i.e. local or regional", "Local or national"),
    "action": ("Action to take", "Actions required", "Key actions", "Action"),
    "lead_agency": ("Lead agency", "Lead", "Responsible agency", "Agency"),
    "milestones": ("Key milestones achieved in enacting recommendation", "Milestones"),
    "target_date": ("Target date", "Timescale", "Deadline", "By when"),
    "outcome": ("Outcome", "Completion Date and Outcome", "Progress", "Outcome achieved"),
    "status": ("RAG", "Status", "RAG rating"),
    "venue": ("Meeting room", "Budget line"),
}
_ASKS = (
    "{who} should {do} {what}",
    "That {who} {do} {what}",
    "{who} to {do} {what}",
    "It is recommended that {who} {do} {what}",
    "For {what} to be kept under yearly review by {who}",
)
_WHO = (
    "the Community Safety Partnership", "every GP practice in Tarnmoor", "Fellside Constabulary",
    "the domestic abuse board", "midwives and health visitors", "housing officers",
    "all frontline staff", "the follow-up team", "managers on call",
)  # fmt: skip
_DO = (
    "review", "write down", "share with the multi-agency panel", "check each quarter", "rehearse",
    "offer training on", "explain to new staff", "audit", "publish", "fund", "agree in writing",
)  # fmt: skip
_WHAT = (
    "its letter to families", "the route for calls at night", "the record of who lives in a house",
    "how concerns about coercive control are passed on", "the list of helplines",
    "its approach to people who move between counties", "self-referral to the day centre",
    "what a neighbour may report and to whom", "the time that a case may wait for a worker",
    "the drawing of family trees in clinic notes", "information-sharing at the weekly meeting",
)  # fmt: skip
_TAIL = (
    "so that nobody has to tell their story twice", "and report to the board by the spring",
    "because the family were never asked", "including those who work at weekends",
    "with the help of people who have lived through it", "in line with the county's protocol",
    "whether or not a crime is recorded", "before the next winter",
)  # fmt: skip
_LEADS = (
    "Tarnmoor Council", "Fellside Constabulary", "Police", "Community Safety Partnership",
    "All agencies", "NHS Devon | Devon County Council", "KMPT and Police", "Probation Service",
)  # fmt: skip
_DATES = ("31.7.22", "March 2024", "31/12/2023", "Q3 2021", "1st May 2025", "2026-02-01", "Dec-20")
_OUTCOMES = (
    "Complete", "Complete and ongoing", "In progress", "Not started",
    "Complete (November 2022). The letter was sent to every practice.",
    "The course ran twice and was well attended.", "Ongoing – in progress",
)  # fmt: skip
_MILESTONES = ("Draft shown to the panel", "Agreed at board\nSent to staff", "Pilot in two wards")
_STATUSES = ("Green", "Amber", "Complete", "In progress", "Not started")
_HEADINGS = ("Theme 1: Families", "Recommendations for housing", "National recommendations")
_ONCE = ("number", "recommendation", "scope")  # printed once for all actions of a recommendation


@dataclass
class Record:
    """One recommendation as meant: its own fields, and those of each action row."""

    heading: str | None
    own: dict[str, str]
    actions: list[dict[str, str]]


@dataclass
class Made:
    """A plan to print and the records that it means."""

    plan: Plan
    fields: list[str]
    records: list[Record]


def make(rng: Random, *, merges: bool = True) -> Made:
    """A plan of 3 to 14 recommendations with columns, headings, merges and blanks at random."""
    fields = _columns(rng)
    headers = [rng.choice(HEADERS[name]) for name in fields]
    rows: list[PrintedRow] = [tuple(Printed(header) for header in headers)]
    records: list[Record] = []
    heading: str | None = None
    for number in range(1, rng.randint(4, 15)):
        if merges and rng.random() < 0.12:
            heading = rng.choice(_HEADINGS)
            rows.append((Printed(heading, across=len(fields)),))
        record = _record(rng, fields, number, heading, rows_allowed=3 if merges else 1)
        records.append(record)
        rows += _rows(record, fields)
    plan = Plan("Tarnmoor Domestic Homicide Review 7 – Action Plan", tuple(rows))
    return Made(plan, fields, records)


def _columns(rng: Random) -> list[str]:
    optional = [name for name in HEADERS if name != "recommendation"]
    chosen = ["recommendation", *rng.sample(optional, rng.randint(2, 6))]
    if rng.random() < 0.7:
        return [name for name in HEADERS if name in chosen]
    rng.shuffle(chosen)
    return chosen


def _record(
    rng: Random, fields: Sequence[str], number: int, heading: str | None, *, rows_allowed: int
) -> Record:
    texts = {
        "number": str(number),
        "recommendation": _ask(rng),
        "scope": rng.choice(("Local", "Regional", "National", "Local and National")),
    }
    own = {name: texts[name] for name in _ONCE if name in fields}
    if "scope" in own and rng.random() < 0.1:
        del own["scope"]
    count = rng.choice((1, 1, 1, 2, 3)) if rows_allowed > 1 else 1
    actions = [_action(rng, fields) for _ in range(count)]
    return Record(heading, own, [a for a in actions if a] or [{}])


def _action(rng: Random, fields: Sequence[str]) -> dict[str, str]:
    texts = {
        "action": _ask(rng),
        "lead_agency": rng.choice(_LEADS),
        "milestones": rng.choice(_MILESTONES),
        "target_date": rng.choice(_DATES),
        "outcome": rng.choice(_OUTCOMES),
        "status": rng.choice(_STATUSES),
        "venue": rng.choice(("Room 4", "Upstairs, by the lift")),
    }
    return {name: text for name, text in texts.items() if name in fields and rng.random() < 0.85}


def _ask(rng: Random) -> str:
    sentences = []
    for _ in range(rng.choice((1, 1, 2, 4))):
        words = rng.choice(_ASKS).format(
            who=rng.choice(_WHO), do=rng.choice(_DO), what=rng.choice(_WHAT)
        )
        words += "".join(f" {rng.choice(_TAIL)}" for _ in range(rng.randint(0, 2)))
        sentences.append(words[0].upper() + words[1:] + ".")
    return rng.choice((" ", " ", "\n")).join(sentences)


def _rows(record: Record, fields: Sequence[str]) -> list[PrintedRow]:
    down = len(record.actions)
    rows: list[PrintedRow] = []
    for number, action in enumerate(record.actions):
        row = []
        for name in fields:
            if name not in _ONCE:
                row.append(Printed(action.get(name, "")))
            elif number == 0:
                row.append(Printed(record.own.get(name, ""), down=down))
        rows.append(tuple(row))
    return rows


Shown = tuple[str | None, dict[str, str], list[dict[str, str]]]


def meant(made: Made, *, folded: bool = False) -> list[Shown]:
    """The records as (heading, own fields, fields of each action)."""
    return [
        (
            record.heading,
            _folded(record.own, folded),
            [_folded(told, folded) for told in map(_told, record.actions) if told],
        )
        for record in made.records
    ]


def _told(action: dict[str, str]) -> dict[str, str]:
    """Its fields that a recommendation has, without a status that its outcome says too."""
    kept = {name: text for name, text in action.items() if name != "venue"}
    if _is_in(kept.get("status"), kept.get("outcome")):
        del kept["status"]
    return kept


def read_back(made: Made, reading: Reading, *, folded: bool = False) -> list[Shown]:
    """The recommendations of a reading in the shape of ``meant``."""
    return [
        (r.heading, _folded(_own(r), folded), [_folded(a, folded) for a in _actions(r, made)])
        for r in reading.recommendations
    ]


def _own(recommendation: Recommendation) -> dict[str, str]:
    own = {
        "number": recommendation.number,
        "recommendation": recommendation.text,
        "scope": recommendation.scope.printed,
    }
    return {name: text for name, text in own.items() if text}


def _actions(recommendation: Recommendation, made: Made) -> list[dict[str, str]]:
    """The fields of each action that have a column, but for a status read from its outcome."""
    found = []
    for action in recommendation.actions:
        fields = {
            "action": action.text,
            "lead_agency": action.lead_agency,
            "milestones": action.milestones,
            "target_date": action.target_date.printed,
            "outcome": action.outcome,
            "status": None
            if _is_in(action.status.printed, action.outcome)
            else action.status.printed,
        }
        found.append({name: text for name, text in fields.items() if text and name in made.fields})
    return [action for action in found if action]


def _is_in(text: str | None, other: str | None) -> bool:
    return text is not None and text in (other or "")


def _folded(fields: dict[str, str], folded: bool) -> dict[str, str]:
    return {k: fold_space(v) if folded else v for k, v in fields.items()}


def words_of(made: Made) -> Counter[str]:
    """Every word that the plan prints, with how often."""
    return Counter(word for row in made.plan.rows for cell in row for word in cell.text.split())
