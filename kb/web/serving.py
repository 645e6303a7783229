"""How the pages are served: where, to whom, and what may be changed; checked when made."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from kb.errors import WrongUsage

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Serving:
    """What one running server was told; it can be sent to its workers.

    ``names`` are the hosts, each perhaps with a port, under which a proxy serves the pages.
    ``auth_header`` names the header in which one of ``proxies`` (addresses) says who is signed
    in; without it everybody is ``who``. ``key`` signs forms, and dies with the server.
    """

    home: Path
    uploads: Path
    who: str
    host: str = "127.0.0.1"
    port: int = 8000
    names: tuple[str, ...] = ()
    read_only: bool = False
    auth_header: str | None = None
    proxies: tuple[str, ...] = ()
    largest_upload: int = 50 * 2**20
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def __post_init__(self) -> None:
        """Refuse what would let strangers in, or names that nobody can have."""
        object.__setattr__(self, "host", self.host.removeprefix("[").removesuffix("]"))
        for proxy in self.proxies:
            _check_address(proxy)
        if self.auth_header is not None and not self.proxies:
            raise WrongUsage(
                "a header that names people is believed from a known proxy alone",
                place="--auth-header",
                hint="Say where the proxy stands: --proxy 127.0.0.1",
            )
        if self.proxies and self.auth_header is None:
            raise WrongUsage(
                "a proxy was named, and no header in which it says who is signed in",
                place="--proxy",
                hint="Name the header, else everybody is one person: --auth-header X-User",
            )
        if not self.is_local and self.auth_header is None and not self.read_only:
            raise WrongUsage(
                f"at {self.host} anybody in the network could change this knowledge base",
                place="--host",
                hint="Let a proxy sign people in (--auth-header, see docs/web.md), or --read-only.",
            )
        if not self.is_local and not self.names:
            raise WrongUsage(
                f"nobody knows under which name {self.host} is reached",
                place="--host",
                hint="Name it: --name kb.example.org",
            )

    @property
    def is_local(self) -> bool:
        """Whether it listens to this machine alone."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def host_in_addresses(self) -> str:
        """The host as it stands in an address: one of IPv6 in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def hosts(self) -> frozenset[str]:
        """The values of the header Host that are answered."""
        machine = {*LOOPBACK, *([self.host_in_addresses] if self.is_local else [])}
        own = {f"{host}:{self.port}" for host in machine}
        bare = machine if self.port == 80 else set()
        return frozenset(own | bare | {name.lower() for name in self.names})

    @property
    def origins(self) -> frozenset[str]:
        """The values of the header Origin from which something may be changed."""
        plain = {f"http://{host}" for host in self.hosts}
        return frozenset(plain | {f"https://{name.lower()}" for name in self.names})


def _check_address(proxy: str) -> None:
    try:
        ipaddress.ip_address(proxy)
    except ValueError as error:
        raise WrongUsage(
            f"{proxy!r} is not an address", place="--proxy", hint="Write it like 127.0.0.1"
        ) from error
