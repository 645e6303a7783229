"""Templates: every text is escaped, dates and counts are written for readers."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Container, Hashable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from kb.model import SECTOR_NAMES, STATUS_NAMES

if TYPE_CHECKING:
    from kb.search.engine import FacetCount
    from kb.web.visit import Visit

HERE = Path(__file__).parent
STATIC = HERE / "static"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
SCOPE_NAMES = {"local": "Local", "regional": "Regional", "national": "National"}
PUBLICATION_NAMES = {"unpublished": "Unpublished", "unknown": "Publication unknown"}


def rendered(template: str, visit: Visit, content: Mapping[str, Any]) -> str:
    """A page's HTML."""
    return _environment().get_template(template).render(visit=visit, **content)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    from kb.web.choices import are_listed, suggested
    from kb.web.visit import address

    environment.tests["listed"] = are_listed
    environment.filters |= {
        "marked": marked,
        "phrases": phrases,
        "agencies": agencies,
        "day": day,
        "counted": counted,
        "suggested": suggested,
        "percent": percent,
        "status_name": lambda value: STATUS_NAMES.get(value or "", "Status not stated"),
        "sector_name": lambda value: SECTOR_NAMES.get(value, value),
        "scope_name": lambda value: SCOPE_NAMES.get(value, value),
        "publication_name": lambda value: PUBLICATION_NAMES.get(value, value),
    }
    environment.globals |= {
        "static": static_address,
        "address": address,
        "piece": piece,
        "ticks": ticks,
        "theme_links": theme_links,
    }
    return environment


@functools.lru_cache(maxsize=4_096)
def piece(name: str, *words: Hashable) -> Markup:
    """One of ``pieces.html``, written once for the same words: hundreds stand on a page."""
    written: Markup = getattr(_environment().get_template("pieces.html").module, name)(*words)
    return written


def ticks(field: str, counts: Iterable[FacetCount], chosen: Container[str]) -> Markup:
    """The values of a filter to choose from, each with its count."""
    end = piece("tick_end")
    boxes = [
        f"{piece('tick', field, value, name, value in chosen)}{count:,}{end}"
        for value, name, count in counts
    ]
    return Markup("".join(boxes))  # noqa: S704 - pieces are escaped where they are written


def theme_links(tags: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> Markup:
    """Links to the themes of these tags, as items of a list."""
    links = [piece("theme", tag["id"], names.get(tag["id"], tag["id"])) for tag in tags]
    return Markup("".join(links))  # noqa: S704 - as above


def agencies(lead_agencies: Iterable[Mapping[str, Any]]) -> str:
    """Their names in a line."""
    return "; ".join(agency["name"] for agency in lead_agencies)


@functools.cache
def static_address(name: str) -> str:
    """Where a file of the style lies; another address once the file is another one."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    """A text, escaped, with these stretches marked."""
    is_plain = len(escape(text)) == len(text)  # nothing in it means anything in HTML
    safe: Callable[[str], str] = str if is_plain else escape
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += [safe(text[at:start]), "<mark>", safe(text[start:end]), "</mark>"]
        at = end
    return Markup("".join([*parts, safe(text[at:])]))  # noqa: S704 - every part is escaped


def phrases(text: str, spans: Iterable[tuple[int, int]]) -> list[str]:
    """The words of these stretches, each on one line and once, in order."""
    return list(dict.fromkeys(" ".join(text[start:end].split()) for start, end in spans))


def day(iso: str | None) -> str:
    """``2021-06-30`` as "30 June 2021", to the precision that it has."""
    if not iso:
        return ""
    year, month, date = [*iso.split("-"), "", ""][:3]
    named = _MONTHS[int(month) - 1] if month else ""
    return " ".join(part for part in (date.lstrip("0"), named, year) if part)


def counted(number: int, noun: str, plural: str = "") -> str:
    """A count with its noun: "1 review", "2,000 reviews"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def percent(share: float) -> str:
    """A share, as reports print it: "34.2%"."""
    return f"{share:.1%}"
