"""``kb serve`` itself: it listens to this machine, stops cleanly, and many workers answer alike."""

from __future__ import annotations

import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from bases import done, refused, write_plan
from servers import Server, serving


def until(said: str, ask: str, server: object) -> bool:
    """Whether a page says something within a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if said in server.get(ask):  # type: ignore[attr-defined]
            return True
        time.sleep(0.2)
    return False


def test_it_answers_and_stops_without_a_fault(built: Path, tmp_path: Path) -> None:
    with serving(built) as server:
        assert server.address.startswith("http://127.0.0.1:")
        assert '"ready"' in server.get("/readyz")
        assert "2 recommendations for" in server.get("/search?q=genogram")
    assert server.process.returncode == 0


@pytest.mark.parametrize(("workers", "stop"), [("1", signal.SIGTERM), ("2", signal.SIGINT)])
def test_what_was_sent_is_deleted_when_the_server_is_stopped(
    built: Path, tmp_path: Path, workers: str, stop: int
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    with serving(built, "--workers", workers, stop=stop, TMPDIR=str(folder)) as server:
        assert until('"ready"', "/readyz", server)
        assert len(list(folder.glob("kb-serve-*"))) == 1
    assert server.process.returncode == 0
    assert list(folder.iterdir()) == []


def test_workers_share_one_index_and_all_see_a_new_build(home: Path, tmp_path: Path) -> None:
    with serving(home, "--workers", "2") as server:
        assert until('"ready"', "/readyz", server)
        rows = [("1", "Train every lighthouse keeper.", "Local", "X", "2022", "", "")]
        done("add", write_plan(tmp_path / "new.csv", rows), "--review-id", "new-1", home=home)
        wrong: list[str] = []
        is_over = threading.Event()

        def read() -> None:
            while not is_over.is_set():
                page = server.get("/search?q=genogram")
                if "2 recommendations for" not in page:
                    wrong.append(page)

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        done("build", home=home)
        is_over.set()
        for reader in readers:
            reader.join()
        assert wrong == []
        for _ in range(20):
            assert "1 recommendation for" in server.get("/search?q=lighthouse")
    assert server.process.returncode == 0


def test_a_port_that_is_taken_is_told_in_words(built: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = refused(2, "serve", "--port", port, home=built)
    assert f"nothing can be served at 127.0.0.1, port {port}" in said
    assert "choose another port" in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--host", "0.0.0.0"), "anybody in the network could change"),
        (("--host", "0.0.0.0", "--read-only"), "Name it: --name"),
        (("--auth-header", "X-User"), "--proxy 127.0.0.1"),
    ],
)
def test_what_would_let_strangers_in_is_refused(
    built: Path, options: tuple[str, ...], words: str
) -> None:
    assert words in refused(2, "serve", *options, home=built)


# What takes its time ---------------------------------------------------------------------------


def asked(server: Server, said: bytes, dripped: bytes = b"") -> tuple[bytes, bool]:
    """What a connection is answered within a few seconds, and whether the server then closes it."""
    host, port = server.address.removeprefix("http://").split(":")
    answer, end = b"", time.monotonic() + 8
    with socket.create_connection((host, int(port))) as connection:
        connection.settimeout(0.3)
        connection.sendall(said.replace(b"HOST", f"{host}:{port}".encode()))
        while time.monotonic() < end:
            try:
                received = connection.recv(65_536)
                if not received:
                    return answer, True
                answer += received
            except TimeoutError:
                if dripped:
                    connection.sendall(dripped)
            except OSError:
                return answer, True
    return answer, False


def test_nobody_holds_a_connection_by_being_slow(built: Path) -> None:
    limits = (
        "import kb.web.connection as c, kb.web.guard as g;"
        "c.HEAD_SECONDS = 1.0; c.BODY_SECONDS = g.BODY_SECONDS = 1.5; c._GRACE = 0.5"
    )
    form = (
        b"POST /check HTTP/1.1\r\nHost: HOST\r\nContent-Length: 999\r\nContent-Type:"
        b" application/x-www-form-urlencoded\r\n\r\n"
    )
    whole = b"GET /healthz HTTP/1.1\r\nHost: HOST\r\n\r\n"
    unread = whole.replace(b"\r\n\r\n", b"\r\nContent-Length: 999\r\n\r\n")
    with serving(built, before=limits) as server:
        assert asked(server, b"", b"") == (b"", True)
        assert asked(server, b"GET / HTTP/1.1\r\n", b"X: y\r\n") == (b"", True)
        for said, status in ((form, b"408"), (unread, b"200"), (whole + b"GET", b"200")):
            answer, is_closed = asked(server, said, b"x")
            assert answer.split(b" ")[1] == status
            assert is_closed, said


def test_who_asks_for_a_websocket_is_answered_in_http_and_nothing_is_logged(built: Path) -> None:
    upgrade = b"GET /ws HTTP/1.1\r\nHost: HOST\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    with serving(built) as server:
        assert asked(server, upgrade)[0].startswith(b"HTTP/1.1 404 ")
        server.process.send_signal(signal.SIGINT)
        assert server.process.stderr is not None
        assert server.process.stderr.read() == ""
