"""The process that reads a document: same results, and no fault of it goes further."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from bases import FELLSIDE, child_environment, write_plan

from kb.errors import (
    DamagedDocument,
    DocumentError,
    KnowledgeBaseError,
    NoRecommendations,
    SettingsError,
    UnsupportedDocument,
    WrongUsage,
)
from kb.ingest import guarded, read_document
from kb.ingest.guarded import read_guarded
from kb.library import KnowledgeBase
from kb.limits import Limits
from kb.settings import load_settings
from kb.text.agencies import Agencies

posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits are those of POSIX")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_plan(tmp_path / "plan.csv", FELLSIDE)


def children() -> set[int]:
    """The processes that this one has started and not yet seen to their end."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    return {int(line.split()[0]) for line in listed if "confined" in line or "defunct" in line}


@contextmanager
def reading_is(monkeypatch: pytest.MonkeyPatch, body: str) -> Iterator[None]:
    """In the child, these lines run where the document would be read."""
    lines = f"import kb.ingest.reading as r\ndef read(*_, **__):\n {body}\nr.read_contents = read\n"
    with monkeypatch.context() as patched:
        start = "import sys; sys.path[:] = sys.argv[1:]\n"
        end = "from kb.ingest.confined import main; main()"
        patched.setattr(guarded, "_START", start + lines + end)
        yield


def test_the_reading_is_that_of_the_same_process(
    plan: Path, tarnmoor: Path, agencies: Agencies
) -> None:
    for path in (plan, tarnmoor):
        assert read_guarded(path) == read_document(path, agencies=agencies)


def test_judgements_reviews_and_other_cells_come_back_as_they_were(
    tmp_path: Path, agencies: Agencies
) -> None:
    rows = [
        {
            "review": "A",
            "recommendation": "Draw a genogram.",
            "themes": "genograms",
            "Colour": "😀",
        },
        {"review": "A", "recommendation": "Train the ward staff.", "themes": "none"},
        {"review": "B", "recommendation": "Answer every call.", "Colour": '"\\\n'},
    ]
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(rows), "utf-8")
    readings = read_guarded(path)
    assert readings == read_document(path, agencies=agencies)
    assert readings[0].judged == {1: ("genograms",), 2: ()}


def test_columns_url_and_own_agencies_reach_the_process(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Wording,Lead agency\nDraw a genogram.,Fellside Refuge\n", "utf-8")
    [reading] = read_guarded(
        path,
        columns={"recommendation": "Wording"},
        url="https://example.org/plan",
        own_agencies={"Fellside Women’s Refuge": {"sector": "faith", "also": ["Fellside Refuge"]}},
    )
    [recommendation] = reading.recommendations
    assert recommendation.text == "Draw a genogram."
    assert recommendation.lead_agencies[0].name == "Fellside Women’s Refuge"
    assert recommendation.lead_agencies[0].sector == "faith"
    assert recommendation.source.url == "https://example.org/plan"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("plan.png", b"x", UnsupportedDocument),
        ("plan.docx", b"x", DamagedDocument),
        ("plan.csv", b" \n", DamagedDocument),
        ("plan.csv", b"No,Name\n1,Anna\n", NoRecommendations),
        ("gone.csv", None, DocumentError),
    ],
)
def test_an_error_is_the_one_that_reading_here_raises(
    tmp_path: Path,
    agencies: Agencies,
    name: str,
    content: bytes | None,
    kind: type[KnowledgeBaseError],
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(kind) as here:
        read_document(path, agencies=agencies)
    with pytest.raises(kind) as there:
        read_guarded(path)
    assert type(there.value) is type(here.value)
    assert str(there.value) == str(here.value)


def test_wrong_columns_and_wrong_agencies_keep_their_own_errors(plan: Path) -> None:
    with pytest.raises(WrongUsage, match="no table has a column 'Colour'"):
        read_guarded(plan, columns={"status": "Colour"})
    with pytest.raises(SettingsError, match="the sector 'shop'"):
        read_guarded(plan, own_agencies={"Corner": "shop"})


@posix
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", r"crashed \(SIGSEGV\)"),
        ("import os; os.abort()", r"crashed \(SIGABRT\), .* 512 MB of memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGRTMIN + 1)", "crashed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "stopped from outside"),
        ("import os; os._exit(0)", "crashed"),
        ("import os; os._exit(3)", "crashed"),
        ("import sys; sys.exit(0)", "crashed"),
        ("return [0] * 10**9", "more than 512 MB of memory"),
        ("return read()", "too deep"),
        ("raise KeyError('secret words of the plan')", "it cannot be read: KeyError"),
        ("return []", "crashed"),
        ("import tempfile; tempfile.TemporaryFile().write(bytes(10**8))", "OSError"),
    ],
)
def test_a_fault_of_the_process_is_told_in_words(
    plan: Path, monkeypatch: pytest.MonkeyPatch, body: str, said: str
) -> None:
    with (
        reading_is(monkeypatch, body),
        pytest.raises(DocumentError, match=rf"^plan\.csv: .*{said}") as raised,
    ):
        read_guarded(plan, limits=Limits(megabytes=512, seconds=20))
    assert raised.value.hint
    assert "secret" not in str(raised.value)
    assert children() == set()


@posix
@pytest.mark.parametrize("body", ["while True: pass", "import time; time.sleep(60)"])
def test_an_endless_reading_is_ended_at_its_limit(
    plan: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    with (
        reading_is(monkeypatch, body),
        pytest.raises(DocumentError, match="longer than 2 seconds") as raised,
    ):
        read_guarded(plan, limits=Limits(seconds=2))
    assert "seconds under [reading] in kb.toml" in str(raised.value)
    assert children() == set()


@posix
def test_an_answer_without_end_is_refused(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "_LARGEST_ANSWER", 2**20)
    flood = "import os\nwhile True: os.write(1, b'x' * 65536)"
    monkeypatch.setattr(guarded, "_START", flood)
    with pytest.raises(DocumentError, match="more than 1 MB"):
        read_guarded(plan)
    assert children() == set()


@pytest.mark.parametrize(
    "answer",
    [
        "readings\\n[{}]",
        "readings\\n[",
        "readings\\n[]",
        "",
        "error\\n{",
        "fault\\n\\udcff",
        "nonsense",
        "gAN9cQAu",
    ],
)
def test_an_answer_of_another_shape_is_not_believed(
    plan: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    code = f"import sys; sys.stdout.buffer.write('{answer}'.encode('utf-8', 'surrogateescape'))"
    monkeypatch.setattr(guarded, "_START", code)
    with pytest.raises(DocumentError, match=r"^plan\.csv: "):
        read_guarded(plan)


def test_the_readings_of_another_file_are_not_believed(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = guarded._START.replace("main()", "")
    other = (
        "import kb.ingest.reading as r, dataclasses\nread = r.read_contents\n"
        "def swapped(contents, **k):\n"
        " return read(dataclasses.replace(contents, sha256='0' * 64), **k)\n"
        "r.read_contents = swapped\nmain()"
    )
    monkeypatch.setattr(guarded, "_START", f"{start}\n{other}")
    with pytest.raises(DamagedDocument, match="crashed"):
        read_guarded(plan)


def test_what_a_library_prints_is_no_part_of_the_answer(
    plan: Path,
    monkeypatch: pytest.MonkeyPatch,
    agencies: Agencies,
    capfd: pytest.CaptureFixture[str],
) -> None:
    start = guarded._START.replace("main()", "")
    noise = (
        "import kb.ingest.reading as r, os, sys\nread = r.read_contents\n"
        "def noisy(*a, **k):\n print('noise'); os.write(1, b'noise'); os.write(2, b'noise')\n"
        " return read(*a, **k)\nr.read_contents = noisy\nmain()"
    )
    monkeypatch.setattr(guarded, "_START", f"{start}\n{noise}")
    assert read_guarded(plan) == read_document(plan, agencies=agencies)
    assert capfd.readouterr() == ("", "")


def test_the_process_sees_little_of_its_surroundings(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_SECRET", "x")
    body = "import os; raise SystemError if os.environ.get('KB_SECRET') else ZeroDivisionError"
    with reading_is(monkeypatch, body), pytest.raises(DocumentError, match="ZeroDivisionError"):
        read_guarded(plan)


@posix
def test_a_pipe_is_refused_before_it_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "plan.csv")
    with pytest.raises(DocumentError, match="a pipe or a device"):
        read_guarded(tmp_path / "plan.csv")


@posix
def test_a_file_of_a_gigabyte_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    with path.open("wb") as file:
        file.write(b"No,Recommendation\n1,")
        file.truncate(2**30)
    with pytest.raises(DocumentError, match="larger than 500 MB"):
        read_guarded(path)


def test_several_threads_may_read_at_once(tarnmoor: Path, agencies: Agencies) -> None:
    expected = read_document(tarnmoor, agencies=agencies)
    before = threading.active_count()
    with ThreadPoolExecutor(3) as pool:
        assert all(r == expected for r in pool.map(read_guarded, [tarnmoor] * 4))
    assert threading.active_count() <= before + 1


def waiting_command(folder: Path, plan: Path) -> subprocess.Popen[str]:
    """A process whose child has begun to read and never ends; it says so in a file."""
    began = folder / "began"
    code = f"""
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
from kb.ingest import guarded
guarded._START = guarded._START.replace("main()", "") + '''
import kb.ingest.reading as r, os, time
def read(*_, **__):
    with open({str(began)!r}, "w") as f: f.write(str(os.getpid()))
    while True: time.sleep(0.1)
r.read_contents = read
main()'''
guarded.read_guarded(Path({str(plan)!r}))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=child_environment(), stderr=subprocess.PIPE, text=True
    )
    while process.poll() is None and not (began.exists() and began.read_text()):
        time.sleep(0.01)
    return process


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def gone(process: int, *, within: float = 20) -> bool:
    until = time.monotonic() + within
    while is_alive(process) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_alive(process)


@posix
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_process_ends_with_the_one_that_asked(
    plan: Path, tmp_path: Path, how: signal.Signals
) -> None:
    process = waiting_command(tmp_path, plan)
    reader = int((tmp_path / "began").read_text())
    assert is_alive(reader)
    process.send_signal(how)
    process.communicate(timeout=30)
    assert gone(reader)


def test_which_file_is_read_is_told(home: Path, plan: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    KnowledgeBase.open(home).add(
        [plan], who="anna", dry_run=True, progress=lambda *step: heard.append(step)
    )
    assert heard == [("reading plan.csv", 0, 1), ("reading plan.csv", 1, 1)]


def test_limits_come_from_the_settings(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text("[reading]\nseconds = 7\n", "utf-8")
    assert load_settings(tmp_path).reading == Limits(seconds=7)
    (tmp_path / "kb.toml").write_text("", "utf-8")
    assert load_settings(tmp_path).reading == Limits(megabytes=2048, seconds=300)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[reading]\nseconds = 0\n", "seconds is 0, but must be a whole number from 1"),
        ("[reading]\nseconds = true\n", "seconds is True"),
        ("[reading]\nmegabytes = 12\n", "megabytes is 12, but must be a whole number from 256"),
        ("[reading]\nmegabytes = '2G'\n", "megabytes is '2G'"),
        ("[reading]\nminutes = 2\n", r"unknown setting 'minutes' under \[reading\]"),
        ("reading = 3\n", "reading is 3, but must be a table"),
    ],
)
def test_wrong_limits_are_told_with_their_file(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "kb.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=said):
        load_settings(tmp_path)
