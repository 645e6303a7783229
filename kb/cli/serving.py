"""``kb serve``."""

from __future__ import annotations

import click

from kb.cli.output import open_base, say, who


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Its port."
)
@click.option("--read-only", is_flag=True, help="Show everything; let nothing be changed.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes.",
)
@click.option(
    "--name", "names", multiple=True, metavar="HOST", help="A name under which a proxy serves it."
)
@click.option("--auth-header", metavar="HEADER", help="In which the proxy says who is signed in.")
@click.option(
    "--proxy", "proxies", multiple=True, metavar="ADDRESS", help="Where that proxy stands."
)
def serve(  # noqa: PLR0917  (click calls it by name)
    host: str,
    port: int,
    read_only: bool,
    workers: int,
    names: tuple[str, ...],
    auth_header: str | None,
    proxies: tuple[str, ...],
) -> None:
    """Serve the web pages and the JSON API, to this machine alone.

    Open the address that it says in a browser; Ctrl-C stops it. docs/web.md tells how several
    people use it behind a proxy that signs them in.
    """
    from kb.web import Serving
    from kb.web.server import serve as run

    base = open_base()
    serving = Serving(
        home=base.home.resolve(),
        uploads=base.home,
        who=who(),
        host=host,
        port=port,
        names=names,
        read_only=read_only,
        auth_header=auth_header,
        proxies=proxies,
    )
    run(serving, workers=workers, ready=lambda address: say(f"Serving {address} – Ctrl-C stops it"))


COMMANDS = (serve,)
