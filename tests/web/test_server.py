"""``kb serve`` itself: it listens to this machine, stops cleanly, and many workers answer alike."""

from __future__ import annotations

import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from bases import done, refused, write_plan
from servers import serving


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


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("workers", ["1", "2"])
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
