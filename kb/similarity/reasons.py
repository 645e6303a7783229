"""Why two texts are or are not the same ask, in plain words.

Everything is said of the stored recommendation: "asks to evaluate, not to offer" means that the
stored one asks to evaluate and the text being checked to offer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kb.model import SECTOR_NAMES
from kb.similarity.features import Comparison, other_polarity, reversed_direction
from kb.similarity.reading import Reading
from kb.similarity.words import Word

_FEW_WORDS = 3
_AT_MOST = 4
_SWAPS = 2
_SHARED_ENOUGH = 0.1


def reasons(comparison: Comparison, theme_names: Mapping[str, str]) -> tuple[str, ...]:
    """The reasons of a match, what joins the two first, then what parts them.

    ``theme_names`` are the names of themes by their ids.
    """
    features = comparison.features
    if features["same_words"]:
        parted = _addressee(comparison) if features["other_addressee"] else []
        return ("the same words", *parted)
    found = [*_wording(comparison), *_ask(comparison), *_figures(comparison)]
    found += _addressee(comparison)
    if features["same_themes"]:
        shared = comparison.draft.themes & comparison.stored.themes
        names = sorted(theme_names.get(theme, theme) for theme in shared)
        found.append(f"the same {_plural('theme', names)} {_quoted(names)}")
    return tuple(found) or ("hardly a word in common",)


def _wording(comparison: Comparison) -> list[str]:
    features = comparison.features
    stored = comparison.stored.reading
    here = _printed(comparison.only_draft, comparison.draft.reading)
    there = _printed(comparison.only_stored, stored)
    shared = len(comparison.shared)
    found = []
    few = len(here) <= _FEW_WORDS and len(there) <= _FEW_WORDS
    if shared > len(here) + len(there) and few and (here or there or not comparison.swaps):
        found.append(_but_for(here, there))
    elif features["contained"] >= 0.8 and shared >= _FEW_WORDS and not comparison.swaps:
        whole = "the text stands almost whole in it, which says more"
        part = "it stands almost whole in the text, which says more"
        found.append(whole if len(there) > len(here) else part)
    elif comparison.swaps:
        found += [
            f"says '{theirs}' where the text says '{ours}'"
            for ours, theirs in comparison.swaps[:_SWAPS]
        ]
    rare = _printed([word for word in comparison.rare if not word.form.isdecimal()], stored)
    rare = rare[:_AT_MOST]
    if rare:
        found.append(f"shares the rare {_plural('word', rare)} {_quoted(rare)}")
    elif not found and features["shared_words"] >= _SHARED_ENOUGH:
        words = _printed([stored.keys[key] for key in comparison.shared[:_AT_MOST]], stored)
        found.append(f"shares the {_plural('word', words)} {_quoted(words)}")
    return found


def _but_for(here: list[str], there: list[str]) -> str:
    if here and there:
        return f"the same words but for {_quoted(there)} instead of {_quoted(here)}"
    if here or there:
        return f"the same words but for {_quoted(here or there)}"
    return "the same words in another form or order"


def _ask(comparison: Comparison) -> list[str]:
    draft, stored = comparison.draft.reading, comparison.stored.reading
    found = []
    if comparison.features["same_ask"]:
        classes = [c for ask in draft.asks for c in ask.classes]
        theirs = {c for ask in stored.asks for c in ask.classes}
        names = {c: ask.name for ask in draft.asks for c in ask.classes if not ask.is_listed}
        verb = next((names.get(c, c) for c in classes if c in theirs), None)
        if verb:
            found.append(f"the same ask verb '{verb}'")
    elif comparison.features["other_ask"] >= 1:  # of a verb that is not listed one cannot be sure
        asked, wanted = (next(ask for ask in r.asks if ask.classes) for r in (stored, draft))
        found.append(f"asks to {asked.name}, not to {wanted.name}")
    turned = reversed_direction(draft, stored)
    if turned:
        found.append(f"the other direction: {turned[1]}, not {turned[0]}")
    polarity = other_polarity(comparison)
    if polarity:
        found.append(f"one of the two negates {_quoted(_printed(polarity[:_AT_MOST], stored))}")
    return found


def _figures(comparison: Comparison) -> list[str]:
    if not comparison.features["other_figures"]:
        return []
    ours, theirs = (side.reading.numbers for side in (comparison.draft, comparison.stored))
    return [f"other figures: {', '.join(sorted(theirs))}, not {', '.join(sorted(ours))}"]


def addressees(comparison: Comparison) -> dict[str, object] | None:
    """Whether both are asked of the same: ``{same, says}``, or None where one does not say."""
    said = _addressee(comparison)
    same = bool(comparison.features["same_addressee"])
    return {"same": same, "says": said[0]} if said else None


def _addressee(comparison: Comparison) -> list[str]:
    features = comparison.features
    draft, stored = comparison.draft, comparison.stored
    if features["other_addressee"]:
        ours, theirs = (_holders(side.reading.duty_holders) for side in (draft, stored))
        if not (ours and theirs) or ours == theirs:
            ours, theirs = (_sectors(side.known_sectors) for side in (draft, stored))
        return [f"another addressee: {theirs}, not {ours}"]
    if features["same_addressee"]:
        return [f"the same addressee: {_sectors(draft.known_sectors & stored.known_sectors)}"]
    return []


def _holders(names: Iterable[str]) -> str:
    return " and ".join(names)


def _sectors(sectors: Iterable[str]) -> str:
    names = [SECTOR_NAMES.get(sector, sector) for sector in sorted(sectors)]
    return " and ".join(name[:1].lower() + name[1:] for name in names)


def _printed(words: Iterable[Word], reading: Reading) -> list[str]:
    """Words of a text as they stand there, each once."""
    return list(dict.fromkeys(reading.printed(word) for word in words))


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _plural(noun: str, things: list[str]) -> str:
    return noun if len(things) == 1 else noun + "s"
