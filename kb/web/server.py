"""The running server: a socket, one worker or several, and a folder for what is sent."""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import KnowledgeBaseError, WrongUsage
from kb.web.serving import Serving

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from kb.web.site import Site

_WAITING = 2048  # connections that are not yet answered
_STOPPING = 10  # seconds that requests have when the server is stopped


def serve(serving: Serving, *, workers: int = 1, ready: Callable[[str], None]) -> None:
    """Answer until somebody stops it; ``ready`` hears the address.

    Raises WrongUsage where it cannot listen at that place.
    """
    from uvicorn import Config, Server
    from uvicorn.supervisors import Multiprocess

    from kb.web.connection import Connection

    listening = _listening(serving)
    port = listening.getsockname()[1]
    with contextlib.closing(listening), tempfile.TemporaryDirectory(prefix="kb-serve-") as folder:
        uploads = Path(folder) / "uploads"
        uploads.mkdir(mode=0o700)
        told = replace(serving, port=port, uploads=uploads)
        config = Config(
            partial(_worker, told),
            factory=True,
            workers=workers,
            http=Connection,
            ws="none",
            loop="asyncio",
            log_level="warning",
            access_log=False,  # addresses hold what people search for
            server_header=False,
            proxy_headers=False,  # whom the proxy names is decided by its address alone
            timeout_graceful_shutdown=_STOPPING,
        )
        ready(f"http://{told.host_in_addresses}:{port}/")
        # Asked to end, it deletes what was sent before it goes.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with contextlib.suppress(KeyboardInterrupt):
            if workers > 1:
                Multiprocess(config, sockets=[listening]).run()
            else:
                Server(config).run(sockets=[listening])


def _worker(told: Serving) -> Starlette:
    """The application of one process."""
    from kb.web.app import create_app

    # Pages leave no cycles. A full collection every some hundred of them halted all for 0.3 s.
    gc.set_threshold(50_000, 20, 100)
    app = create_app(told)
    threading.Thread(target=_open, args=(app.state.site,)).start()
    return app


def _open(site: Site) -> None:
    """Open the knowledge base before somebody asks; what is wrong with it is told to who does."""
    with contextlib.suppress(KnowledgeBaseError):
        site.base()


def _listening(serving: Serving) -> socket.socket:
    family = socket.AF_INET6 if ":" in serving.host else socket.AF_INET
    listening = socket.socket(family)
    try:
        if sys.platform != "win32":  # there it would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((serving.host, serving.port))
        listening.listen(_WAITING)
        listening.set_inheritable(True)
    except OSError as error:
        listening.close()
        raise WrongUsage(
            f"nothing can be served at {serving.host}, port {serving.port}: {error.strerror}",
            hint="Another server may run there; choose another port: kb serve --port 8001",
        ) from error
    return listening
