"""Nothing is lost: what became of each text of a document, found without asking its readers.

Every filled cell and every paragraph must be claimed from what the readings hold: a field, a
heading, a fact of the review, a header or what was left out. Each held text can be claimed only
once (headings, facts and headers as often as they are printed), nearest place first. What nobody
holds is listed as left out, "in no field": a fault in a reader shows, and loses nothing silently.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate

from kb.ingest.plans.synonyms import FACT_FIELDS
from kb.ingest.prose.lines import field_line
from kb.ingest.readings import Account, Fate, LeftOut, Reading
from kb.ingest.tables import Document
from kb.ingest.units import Unit, units_of
from kb.printed import Action, Recommendation
from kb.text.dates import find_dates
from kb.text.normalise import fold
from kb.text.patterns import late

__all__ = [
    "FACT_ALONE",
    "UNACCOUNTED",
    "Account",
    "account_of",
    "accounted",
    "fields_of",
    "letters_of",
]
UNACCOUNTED = "in no field"
FACT_ALONE = "a fact of the review stands in it; the rest is in no field"
_NUMBERED = late(
    r"(?:(?:key |the )?(?:recommendations?|recs?|actions?|number|no|ref)\b[.:]?\s*)*"
    r"(?:[(\[]?(?:\d+|[A-Z]{1,3}(?=\d))[\w.]*(?:\([a-z]+\))?[)\]]?)?\s*[.:)–-]?\s*"
    r"(?:recommendations?\s*$)?",
    re.IGNORECASE,
)
_NAMES_A_NUMBER = {"recommendation", "recommendations", "rec", "no", "number", "ref"}
_FACT = 5  # letters and digits; a shorter fact stands in many texts
_WORD = late(r"[^\W_]+")
_SURE = 12  # letters and digits; a shorter text must stand as whole words to be the same one
_LABEL = 2  # letters of a label inside a text ("(a)", "ii")
_SHAPES: dict[str, Fate] = {
    "fact": "fact",
    "title": "fact",
    "heading": "heading",
    "number": "field",
}
_KEPT_COLUMNS = {*FACT_FIELDS, "review", "themes"}


def accounted(document: Document, readings: Sequence[Reading]) -> list[Reading]:
    """The readings of a document with their account.

    What nobody holds is listed in the first reading's ``left_out``, which comes in the order of
    the document.
    """
    units = list(units_of(document))
    account = _account_of(units, readings)
    order: dict[str, int] = {}
    for unit in units:
        order.setdefault(unit.place, len(order))
    left_out = sorted(
        (*readings[0].left_out, *account.unaccounted),
        key=lambda left: order.get(left.place, len(order)),
    )
    first = replace(readings[0], left_out=tuple(left_out))
    return [replace(reading, account=account) for reading in (first, *readings[1:])]


def account_of(document: Document, readings: Sequence[Reading]) -> Account:
    """What became of every text of a document, given what its readings hold."""
    return _account_of(list(units_of(document)), readings)


def _account_of(units: Sequence[Unit], readings: Sequence[Reading]) -> Account:
    held = _Held(readings)
    columns = _columns_of_facts(units, readings)
    fates: list[_Told] = [
        ("fact", "", "") if told[2] and (unit.table, unit.at) in columns else told
        for unit, told in zip(units, held.fates(units), strict=True)
    ]
    counts: dict[bool, Counter[Fate]] = {True: Counter(), False: Counter()}
    cells, unaccounted = [], []
    for unit, (fate, why, missing) in zip(units, fates, strict=True):
        counts[unit.is_cell][fate] += 1
        if missing:
            unaccounted.append(LeftOut(unit.place, missing, why or UNACCOUNTED))
        if unit.is_cell and (missing or fate == "left_out"):
            cells.append(LeftOut(unit.place, missing or unit.text, why or UNACCOUNTED))
    return Account(dict(counts[True]), dict(counts[False]), tuple(cells), tuple(unaccounted))


@dataclass
class _Holding:
    """One held text as letters and digits; what is claimed of it becomes NUL."""

    letters: str
    fate: Fate
    text: str
    why: str = ""

    @classmethod
    def of(cls, text: str, fate: Fate, why: str = "") -> _Holding:
        return cls(letters_of(text), fate, text, why)

    @cached_property
    def _bounds(self) -> tuple[set[int], set[int]]:
        """Where words of the text start and where they end, among its letters."""
        words = _WORD.findall(fold(self.text)) or [_bare(self.text)]
        ends = list(accumulate(map(len, words)))
        return {end - len(word) for end, word in zip(ends, words, strict=True)}, {*ends}

    def _has_words(self, start: int, end: int) -> bool:
        starts, ends = self._bounds
        return start in starts and end in ends

    def claim(self, letters: str) -> bool:
        """Take these letters out of it, if they stand there unclaimed."""
        at = self.find(letters)
        if at < 0:
            return False
        end = at + len(letters)
        self.letters = f"{self.letters[:at]}{chr(0) * len(letters)}{self.letters[end:]}"
        return True

    def has_whole(self, letters: str) -> bool:
        """Whether these letters stand in it unclaimed as whole words."""
        at = self.letters.find(letters)
        while at >= 0 and not self._has_words(at, at + len(letters)):
            at = self.letters.find(letters, at + 1)
        return at >= 0

    def find(self, letters: str) -> int:
        """Where these letters stand in it unclaimed, few only as whole words; -1 where not."""
        at = self.letters.find(letters)
        while at >= 0 and len(letters) < _SURE and not self._has_words(at, at + len(letters)):
            at = self.letters.find(letters, at + 1)
        return at


_Told = tuple[Fate, str, str]  # fate, why it was left out, what of it nobody holds


class _Held:
    """Everything that the readings of a document hold, each text to be claimed once."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._local: dict[str, list[_Holding]] = {}
        self._all: list[_Holding] = []
        self._often: dict[str, Fate] = {}
        self._facts: list[str] = []
        for reading in readings:
            headers = [header for header, _ in reading.columns]
            facts = [value for value in asdict(reading.facts).values() if isinstance(value, str)]
            self._hold_often(headers, "header")
            self._facts += facts
            self._hold_often([*facts, reading.name or ""], "fact")
            for recommendation in reading.recommendations:
                self._hold(recommendation)
            for left in reading.left_out:
                holding = _Holding.of(left.text, "left_out", left.why)
                self._all.append(holding)
                self._local.setdefault(left.place, []).append(holding)
            for shape in reading.shapes:
                self._hold_often([shape.text], _SHAPES.get(shape.what, "header"))
        self._joined = chr(0).join(holding.letters for holding in self._all)
        self._exact: dict[str, list[_Holding]] = {}
        for holding in reversed(self._all):
            self._exact.setdefault(holding.letters, []).append(holding)
        self._whole: dict[tuple[str, str], list[_Holding]] = {}
        for place, holdings in self._local.items():
            for holding in reversed(holdings):
                self._whole.setdefault((place, holding.letters), []).append(holding)

    def _hold(self, recommendation: Recommendation) -> None:
        holdings = [_Holding.of(text, "field") for text in fields_of(recommendation)]
        self._all += holdings
        read = [_Holding.of(text, "field") for text in _read_from_others(recommendation)]
        if recommendation.heading:
            headings = [recommendation.heading, *recommendation.heading.splitlines()]
            self._hold_often(headings, "heading")
        self._hold_often([cell.header for cell in recommendation.other], "header")
        for place in dict.fromkeys(cell.place for cell in recommendation.source.cells):
            self._local.setdefault(place, []).extend([*holdings, *read])

    def _hold_often(self, texts: Iterable[str], fate: Fate) -> None:
        for text in texts:
            if text.strip():
                self._often.setdefault(letters_of(text), fate)

    def fates(self, units: Sequence[Unit]) -> list[_Told]:
        """What became of each unit: whole texts first, then the longest, then line by line."""
        told: dict[int, _Told] = {}
        letters = [letters_of(unit.text) for unit in units]
        order = sorted(range(len(units)), key=lambda n: (-len(letters[n]), n))
        for claim in (self._claim_whole, self._claim_near, self._claim_often, self._claim_far):
            for n in order:
                if n not in told and (found := claim(units[n], letters[n])):
                    told[n] = (found[0], found[1], "")
        for n, unit in enumerate(units):
            if n not in told:
                told[n] = self._in_parts(unit)
        return [told[n] for n in range(len(units))]

    def _claim_whole(self, unit: Unit, letters: str) -> tuple[Fate, str] | None:
        return _claimed(_unclaimed(self._whole.get((unit.place, letters), []), letters), letters)

    def _claim_near(self, unit: Unit, letters: str) -> tuple[Fate, str] | None:
        return _claimed(self._local.get(unit.place, ()), letters)

    def _claim_often(self, unit: Unit, letters: str) -> tuple[Fate, str] | None:
        del unit
        fate = self._often.get(letters)
        return (fate, "") if fate else None

    def _claim_far(self, unit: Unit, letters: str) -> tuple[Fate, str] | None:
        del unit
        found = _claimed(_unclaimed(self._exact.get(letters, []), letters), letters)
        return found or (_claimed(self._all, letters) if letters in self._joined else None)

    def _in_parts(self, unit: Unit) -> _Told:
        """Line by line, and near its place in runs of words; what stays over is missing."""
        if _is_mark(unit.text):
            return "field", "", ""
        if not unit.is_cell:
            bare = _NUMBERED.sub("", unit.text.strip(), count=1)
            if not bare.strip(" .:)") and any(map(str.isalpha, unit.text)):
                return "heading", "", ""
            if bare != unit.text.strip() and (told := self._claim_far(unit, letters_of(bare))):
                return told[0], told[1], ""
        near = self._local.get(unit.place, [])
        missing: list[str] = []
        found: tuple[Fate, str] | None = None
        for printed in unit.text.splitlines():
            named = field_line(printed.strip()) if near and not unit.is_cell else None
            if named and not named[1]:
                found = found or ("field", "")
                continue
            line = named[1] if named else printed
            letters = letters_of(line)
            claimed = letters and (_claimed(near, letters) or self._claim_often(unit, letters))
            if claimed:
                found = found or claimed
                continue
            claimed, rest = _in_runs(line, near)
            found = found or claimed
            missing += rest
        if found is None:
            why = FACT_ALONE if not unit.is_cell and self._tells_a_fact(unit.text) else UNACCOUNTED
            return "left_out", why, unit.text
        return found[0], found[1], " … ".join(missing)

    def _tells_a_fact(self, text: str) -> bool:
        letters, months = letters_of(text), {(d.iso or "")[:7] for d in find_dates(text)}
        return any(
            (len(letters_of(fact)) >= _FACT and letters_of(fact) in letters) or fact[:7] in months
            for fact in self._facts
        )


def _unclaimed(holdings: list[_Holding], letters: str) -> Iterator[_Holding]:
    """From the last to the first those that have these letters yet; the others are taken away."""
    while holdings and holdings[-1].letters != letters:
        holdings.pop()
    return (holding for holding in reversed(holdings) if holding.letters == letters)


def _claimed(holdings: Iterable[_Holding], letters: str) -> tuple[Fate, str] | None:
    for holding in holdings:
        if holding.claim(letters):
            return holding.fate, holding.why
    return None


def _in_runs(line: str, near: Sequence[_Holding]) -> tuple[tuple[Fate, str] | None, list[str]]:
    """Claim a line in the longest runs of words that are held; also the runs that are not."""
    words = _WORD.findall(fold(line))
    found: tuple[Fate, str] | None = None
    missing: list[list[str]] = []
    at, was_held = 0, True
    while at < len(words):
        size = _longest_run(words[at:], near)
        if size:
            found = _claimed(near, "".join(words[at : at + size])) or found
            was_held = True
        else:
            missing += [[]] if was_held else []
            missing[-1].append(words[at])
            was_held = False
        at += size or 1
    return found, [" ".join(run) for run in missing if not _NAMES_A_NUMBER.issuperset(run)]


def _longest_run(words: Sequence[str], near: Sequence[_Holding]) -> int:
    """How many of the first words stand together, unclaimed, in one of the texts."""
    size = 0
    while size < len(words):
        letters = "".join(words[: size + 1])
        if not any(letters in holding.letters for holding in near):
            break
        size += 1
    while size and not any(h.find("".join(words[:size])) >= 0 for h in near):
        size -= 1
    if size > 1 and len(words[size - 1]) <= _LABEL and not _stands_whole(words[:size], near):
        size -= _stands_whole(words[: size - 1], near)  # "(a)", not the first letter of "ask"
    return size


def _stands_whole(words: Sequence[str], near: Sequence[_Holding]) -> bool:
    return any(holding.has_whole("".join(words)) for holding in near)


def fields_of(recommendation: Recommendation) -> Iterator[str]:
    """Every printed text of a recommendation, once: of its actions, and what only it has.

    Not what was read from another field of it, as a status from the first words of an outcome.
    """
    own = (
        recommendation.number,
        recommendation.text,
        recommendation.scope.printed,
        *(cell.text for cell in recommendation.other),
    )
    actions: list[str | None] = [_own_lead(recommendation)]
    for part in recommendation.actions or (recommendation,):
        actions += [
            part.text if part is not recommendation else recommendation.action,
            part.lead_agency,
            part.milestones,
            part.target_date.printed,
            part.outcome,
            *(text for text in _dated_and_said(part) if not _is_within(text, part.outcome)),
        ]
    yield from (text for text in (*own, *actions) if text)


def _own_lead(recommendation: Recommendation) -> str | None:
    """Its lead agency where it is none of the owners of its actions."""
    owners = {action.lead_agency for action in recommendation.actions if action.lead_agency}
    said = (recommendation.lead_agency or "").split("\n\n")
    return recommendation.lead_agency if owners and owners.isdisjoint(said) else None


def _dated_and_said(part: Action | Recommendation) -> tuple[str, ...]:
    return tuple(text for text in (part.completed.printed, part.status.printed) if text)


def _is_within(text: str, outcome: str | None) -> bool:
    return letters_of(text) in letters_of(outcome or "")


def _read_from_others(recommendation: Recommendation) -> Iterator[str]:
    """Texts held a second time: a status within an outcome, the lead above its actions' owners."""
    owned = bool(recommendation.actions) and all(a.lead_agency for a in recommendation.actions)
    if owned and recommendation.lead_agency:
        yield recommendation.lead_agency
    for part in recommendation.actions or (recommendation,):
        yield from (text for text in _dated_and_said(part) if _is_within(text, part.outcome))


@lru_cache(maxsize=32_768)
def letters_of(text: str) -> str:
    """A text as it is compared here: its folded letters and digits; else what else it prints."""
    return "".join(_WORD.findall(fold(text))) or _bare(text)


def _bare(text: str) -> str:
    return "".join(text.split())


def _is_mark(text: str) -> bool:
    """Whether a text is nothing but dashes, dots and bullets."""
    return all(unicodedata.category(c)[0] in "PZC" for c in text)


def _columns_of_facts(
    units: Sequence[Unit], readings: Sequence[Reading]
) -> set[tuple[str, int | None]]:
    """The columns that facts, judged themes or an export's own tags stand in: (table, grid)."""
    fields = {letters_of(h): name for r in readings for h, name in r.columns}
    names = {fold(header) for reading in readings for header, _ in reading.columns}
    is_export = "review_id" in names and ("suggestions" in names or "themes_by" in names)
    found: set[tuple[str, int | None]] = set()
    for unit in units:
        name = fields.get(letters_of(unit.text), "")
        if unit.is_cell and (name in _KEPT_COLUMNS or (is_export and name is None)):
            found.add((unit.table, unit.at))
    return found
