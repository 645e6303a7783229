"""What each page of `kb serve` weighs and loads, and whether that keeps within its limits."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import lxml.html
from web_servers import fetched

LONGEST_PAGE = 100_000  # bytes of HTML, its charts left out
LONGEST_STYLE = 30_000
MOST_REQUESTS = 5  # the page with all that it loads
_CHARTS = re.compile(rb"<svg\b.*?</svg>", re.DOTALL)
_FIXED = (
    "/", "/search", "/search?q=women+rights", "/search?page=40", "/search/choices?field=agency",
    "/searches", "/themes", "/repeated", "/check", "/reports", "/add", "/queue", "/about",
    "/accessibility", "/privacy", "/build", "/reports/progress", "/reports/themes?by=year",
    "/reports/agency?agency=Germany", "/reports/briefing?theme=training", "/reports/compare",
    "/reports/compare?of=area", "/reports/compare?of=agency", "/reports/themes?by=area,agency",
    "/choose?field=agency&to=/reports/agency&as=agency",
)  # fmt: skip
_OF_EACH = ("/recommendation/", "/review/", "/theme/", "/reports/", "/repeated?", "/queue?")


def weigh(port: int) -> None:
    """Print a line for every page; ends the program where one is too heavy."""
    faults: list[str] = []
    known: dict[str, int] = {}
    print(f"{'page':48} {'HTML':>9} {'charts':>9} {'loads':>6} {'in all':>9}")
    for address in addresses(port):
        status, kind, body = fetched(port, address)
        if status != 200 or not kind.startswith("text/html"):
            faults.append(f"{address}: {status} {kind}")
            continue
        charts = sum(map(len, _CHARTS.findall(body)))
        loaded = list(dict.fromkeys(resources(body)))
        faults += [f"{address} loads {one} from outside" for one in loaded if is_outside(one)]
        for one in loaded:
            if one not in known and not is_outside(one):
                known[one] = len(fetched(port, one)[2])
        if len(body) - charts >= LONGEST_PAGE:
            faults.append(f"{address}: {len(body) - charts:,} bytes without charts")
        if len(loaded) + 1 > MOST_REQUESTS:
            faults.append(f"{address}: {len(loaded) + 1} requests")
        whole = len(body) + sum(known.get(one, 0) for one in loaded)
        print(f"{address[:48]:48} {len(body):9,} {charts:9,} {len(loaded):6} {whole:9,}")
    for one, size in known.items():
        print(f"{urlsplit(one).path:48} {size:9,}")
        if urlsplit(one).path.endswith(".css") and size >= LONGEST_STYLE:
            faults.append(f"{one}: {size:,} bytes")
    if faults:
        sys.exit("too heavy, or no page:\n" + "\n".join(faults))
    print("every page is within its limits")


def addresses(port: int) -> Iterator[str]:
    """The pages, and one of each kind that they lead to."""
    yield from _FIXED
    seen: set[str] = set()
    for page in ("/search?q=women+rights", "/themes", "/reports", "/repeated", "/queue"):
        for link in links(fetched(port, page)[2]):
            kind = next((one for one in _OF_EACH if link.startswith(one)), None)
            every = kind == "/reports/"
            key = urlsplit(link).path if every else kind
            if key and key not in seen:
                seen.add(key)
                yield link
                if kind == "/recommendation/":
                    review = link.split("/")[2]
                    yield f"/review/{review}"
                    yield f"/reports/review?id={review}"
                    seen.add("/review/")


def links(body: bytes) -> list[str]:
    """Where a page leads to."""
    return [str(one) for one in lxml.html.fromstring(body).xpath("//a/@href")]


def resources(body: bytes) -> list[str]:
    """What a browser loads with a page."""
    page = lxml.html.fromstring(body)
    paths = (
        "//link[not(@rel='canonical')]/@href | //*[self::script or self::img or self::iframe]/@src"
    )
    return [str(one) for one in page.xpath(paths)]


def is_outside(address: str) -> bool:
    """Whether something lies on another host."""
    return bool(urlsplit(address).netloc)
