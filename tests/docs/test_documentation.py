"""The documentation says what is so: its commands run, its output is real, its links lead on."""

from __future__ import annotations

import os
import re
import shutil
import socket
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from doc_pages import PAGES, ROOT, anchors, commands, links, make_files, missing_line, run

from kb.cli.main import cli

WITH_COMMANDS = [page for page in PAGES if commands(page)]
EVERY_PAGE = [*PAGES, ROOT / "ARCHITECTURE.md", *(ROOT / "bench").glob("*.md")]


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter corpus, built; not to be changed. All workers of pytest-xdist share it."""
    own = tmp_path_factory.getbasetemp()
    place = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "starter"
    folder = place / "base"
    try:
        place.mkdir()
    except FileExistsError:
        return _when_built(folder)
    with pytest.MonkeyPatch.context() as patch:
        for words in (["init", str(folder), "--starter"], ["--home", str(folder), "build"]):
            code, said = run(["kb", *words], patch)
            assert code == 0, said
    return folder


def _when_built(folder: Path) -> Path:
    deadline = time.monotonic() + 300
    while not (folder / "index" / "current").exists():
        assert time.monotonic() < deadline, "another worker did not build the starter corpus"
        time.sleep(0.1)
    return folder


def refuse_to_connect(*_: object) -> None:
    """What docs/security.md promises: no command opens a connection."""
    raise AssertionError("a command opened a network connection")


def test_shown_lines_are_looked_for_in_order_with_gaps_allowed() -> None:
    said = "one 1.25\ntwo\n  three   words\n"
    assert missing_line(["one …", "…", "three words"], said) is None
    assert missing_line(["two", "one …"], said) == "one …"
    assert missing_line(["thr"], said) == "thr"


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.name)
def test_commands_of_a_page_do_what_it_shows(
    page: Path, starter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(shutil.copytree(starter, tmp_path / "base"))
    make_files(page, home)
    monkeypatch.chdir(home)
    monkeypatch.delenv("KB_HOME", raising=False)
    monkeypatch.setenv("KB_WHO", "you")
    monkeypatch.setattr(socket.socket, "connect", refuse_to_connect)
    for command in commands(page):
        if command.words[0] == "cd":
            make_files(page, Path(command.words[1]))
            monkeypatch.chdir(command.words[1])
        elif command.words[0] == "kb":
            code, said = run(command.words, monkeypatch)
            assert code == command.code, f"{command.place}: exit {code}\n{said}"
            missing = missing_line(command.shown, said)
            assert missing is None, f"{command.place} does not say: {missing}\nIt says:\n{said}"


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: page.name)
def test_relative_links_lead_to_a_file_and_a_heading(page: Path) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.name}: {link}"
        assert not anchor or anchor in anchors(target), f"{page.name}: {link}"


def test_index_lists_every_page() -> None:
    listed = set(links(ROOT / "docs" / "index.md"))
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert pages <= listed


def test_every_direct_dependency_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[<>=]", name)[0] for name in project["dependencies"]}
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    assert wanted == set(re.findall(r"^\| ([\w-]+) \| [A-Z]", page, re.MULTILINE))


def walked(command: click.Command, name: str = "kb") -> Iterator[tuple[str, click.Command]]:
    """Every command of the tree with its full name, groups too."""
    yield name, command
    if isinstance(command, click.Group):
        for child, below in command.commands.items():
            yield from walked(below, f"{name} {child}")


TREE = dict(walked(cli))


def test_every_command_and_option_is_documented() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    for name, command in TREE.items():
        assert re.search(rf"\b{name}\b", text), f"{name} stands in no page"
        for option in (p for p in command.params if isinstance(p, click.Option)):
            for flag in (*option.opts[-1:], *option.secondary_opts):
                assert re.search(rf"(?<!\S)[`\"(]*{re.escape(flag)}\b", text), f"{name} {flag}"


@pytest.mark.parametrize("name", TREE)
def test_help_is_whole_and_fits_the_terminal(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = run([*name.split(), "--help"], monkeypatch)
    assert code == 0
    assert "..." not in said.replace("[ARGS]...", "").replace("]...", "").replace("S...", "")
    assert max(len(line) for line in said.splitlines()) <= 80


def test_listed_commands_take_one_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, command in TREE.items():
        if isinstance(command, click.Group):
            _, said = run([*name.split(), "--help"], monkeypatch)
            lines = {" ".join(line.split()) for line in said.splitlines()}
            for child, below in command.commands.items():
                summary = str(below.help).split("\n")[0]
                assert f"{child} {summary.removesuffix('.')}" in {
                    line.removesuffix(".") for line in lines
                }, f"{name} {child}"
