"""``audience = "shared"`` leaves unpublished reviews out of every answer.

The words Zanzibarine and Quillerby stand in the unpublished review alone; Tarnmoor in the one that
does not say, which counts as unpublished.
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from bases import Ran, done, kb

from kb.library import KnowledgeBase

SECRETS = ("zanzibarin", "quiller", "tarnmoor", "hostel")
SECRET_TEXT = "The surgery's answerphone message to name the Zanzibarine helpline."


def leaks(data: bytes) -> list[str]:
    return [secret for secret in SECRETS if secret.encode() in data.lower()]


def untold(ran: Ran, command: list[str]) -> list[str]:
    """The secrets that an answer tells and that the question did not."""
    said = leaks(ran.data) + leaks(ran.err.encode())
    return [secret for secret in said if secret not in " ".join(command).lower()]


@pytest.fixture(scope="module")
def shared(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base that shows only what is published."""
    home = Path(shutil.copytree(built, tmp_path_factory.mktemp("shared") / "home"))
    (home / "kb.toml").write_text('audience = "shared"\n', "utf-8")
    done("build", home=home)
    return home


@pytest.mark.parametrize(
    "command",
    [
        ["search", "--json"],
        ["search", "genogram OR answerphone OR ward*", "--json"],
        ["search", "zanzibar*", "--json"],
        ["search", "area:quillerby agency:quillerby", "--json"],
        ["search", "zanzibrine quilerby hostle", "--json"],
        ["search", "genogram", "--explain", "--json"],
        ["searches", "--new", "--json"],
        ["search", '"ward staff"', "--facets"],
        ["search", "--sort", "newest", "--json"],
        ["check", "Zanzibarine midwives to draw a genogram"],
        ["check", "Zanzibarine midwives to draw a genogram", "--json", "--limit", "30"],
        ["repeated"],
        ["repeated", "--json"],
        ["report", "themes"],
        ["report", "themes", "--json"],
        ["report", "themes", "--by", "area", "--format", "csv"],
        ["report", "themes", "--by", "agency", "--json"],
        ["report", "progress"],
        ["report", "progress", "--json"],
        ["report", "review", "fellside-7", "--json"],
        ["report", "agency", "Fellside Constabulary", "--all-agencies", "--json"],
        ["report", "briefing", "--theme", "genograms", "--json"],
        ["report", "briefing", "--theme", "genograms", "--format", "html"],
        ["show", "fellside-7"],
        ["show", "fellside-7/1", "--json"],
        ["export"],
        ["queue", "--json"],
        ["taxonomy", "try", "genograms", "--any", "genogram*"],
        ["tag", "Zebra"],
    ],
    ids=" ".join,
)
def test_no_answer_tells_of_an_unpublished_review(shared: Path, command: list[str]) -> None:
    assert untold(done(*command, home=shared), command) == []


@pytest.mark.parametrize(
    "command",
    [
        ["show", "fellside-8"],
        ["show", "q"],
        ["search", "genogram", "--area", "Nowhere"],
        ["search", "genogram", "--agency", "Nobody"],
        ["search", "genogram", "--review", "nothing-1"],
        ["search", "genogram", "--year", "1999..x"],
        ["report", "agency", "Nobody"],
        ["report", "themes", "--area", "Nowhere"],
        ["repeated", "--review", "nothing-1"],
        ["check", "Draw a genogram", "--except", "nothing-1"],
    ],
    ids=" ".join,
)
def test_no_refusal_offers_the_name_of_an_unpublished_review(
    shared: Path, command: list[str]
) -> None:
    ran = kb(*command, home=shared)
    assert ran.code == 1
    assert untold(ran, command) == []


@pytest.mark.parametrize(
    "command",
    [
        ["show", "quillerby-9"],
        ["show", "quillerby-9/1"],
        ["show", "tarnmoor-017/1", "--json"],
        ["report", "review", "quillerby-9"],
        ["check", "Draw a genogram", "--except", "quillerby-9"],
        ["search", "genogram", "--area", "Quillerby"],
        ["search", "genogram", "--review", "quillerby-9"],
        ["report", "agency", "Quillerby Constabulary"],
        ["report", "themes", "--sector", "housing"],
        ["judge", "quillerby-9/1", "fellside-7/1", "--same"],
        ["correct", "quillerby-9/1", "status=complete"],
    ],
    ids=" ".join,
)
def test_an_unpublished_review_is_not_there(shared: Path, command: list[str]) -> None:
    ran = kb(*command, home=shared)
    assert ran.code == 1
    assert ran.data == b""
    assert untold(ran, command) == []


def test_facets_count_only_what_is_published(shared: Path) -> None:
    facets = done("search", "--json", home=shared).json["facets"]
    assert {count["value"] for count in facets["area"]} == {"Fellside"}
    assert sum(count["count"] for count in facets["scope"]) == 3


def test_a_check_counts_only_what_is_published(shared: Path) -> None:
    found = done("check", SECRET_TEXT, "--json", "--limit", "30", home=shared).lines[0]
    assert {match["review_id"] for match in found["matches"]} == {"fellside-7"}


@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_an_export_to_files_holds_only_what_is_published(
    shared: Path, tmp_path: Path, format_name: str
) -> None:
    target = tmp_path / ("out" if format_name == "csv" else "out.xlsx")
    done("export", "--format", format_name, "-o", target, home=shared)
    files = [path for path in (target, *target.rglob("*")) if path.is_file()]
    assert files
    for path in files:
        assert leaks(path.read_bytes()) == []
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                assert [leaks(book.read(name)) for name in book.namelist()] == [
                    [] for _ in book.namelist()
                ]


def test_a_shell_completes_only_what_is_published(shared: Path) -> None:
    from click.shell_completion import ShellComplete

    from kb.cli.main import cli

    complete = ShellComplete(cli, {}, "kb", "_KB_COMPLETE")
    for option in ("--area", "--agency", "--review"):
        offered = complete.get_completions(["--home", str(shared), "search", option], "")
        assert offered
        assert leaks(" ".join(f"{item.value} {item.help}" for item in offered).encode()) == []


def test_the_python_face_leaves_out_the_same(shared: Path) -> None:
    base = KnowledgeBase.open(shared)
    assert {entry.review.id for entry in base.entries()} == {"fellside-7"}
    assert {hit.review["id"] for hit in base.search("", limit=100).hits} == {"fellside-7"}
    reviews = {review for group in base.repeated() for review in group.reviews}
    assert reviews <= {"fellside-7"}


def test_the_owner_sees_everything_and_what_is_unpublished_is_marked(built: Path) -> None:
    found = done("search", "genogram", home=built).out
    assert "quillerby-9/1" in found
    assert "[unpublished]" in found
    assert "[publication unknown]" in done("search", "hostel", home=built).out


@pytest.fixture(scope="module")
def owned(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shared knowledge base whose index was made for its owner, from judgements on all of it."""
    home = Path(shutil.copytree(built, tmp_path_factory.mktemp("owned") / "home"))
    done("judge", "quillerby-9/1", "--theme", "+genograms", "--complete", home=home)
    done("build", home=home)
    assert "Zanzibarine" in done("show", "fellside-7/1", home=home).out  # most like it
    (home / "kb.toml").write_text('audience = "shared"\n', "utf-8")
    return home


@pytest.mark.parametrize(
    "command",
    [
        ["search", "genogram", "--json"],
        ["check", "Midwives to draw a genogram for families"],
        ["repeated"],
        ["report", "themes"],
        ["export"],
        ["queue"],
        ["queue", "--judge"],
        ["taxonomy", "try", "genograms"],
        ["tag", "Health visitors to draw a genogram for families with step-children."],
    ],
    ids=" ".join,
)
def test_an_index_made_for_the_owner_is_not_shown_to_others(
    owned: Path, command: list[str]
) -> None:
    ran = kb(*command, home=owned)
    assert (ran.code, ran.data) == (1, b"")
    assert "Build it anew before it is shown to others: kb build" in ran.words
    assert untold(ran, command) == []


def test_without_an_index_what_is_shown_quotes_nothing(owned: Path) -> None:
    for command in (["show", "fellside-7/1"], ["show", "fellside-7/1", "--json"], ["doctor"]):
        assert untold(done(*command, home=owned), command) == []


def test_a_review_withdrawn_since_the_build_is_not_shown_to_others(home: Path) -> None:
    (home / "kb.toml").write_text('audience = "shared"\n', "utf-8")
    done("build", home=home)
    review = next(
        review.id
        for review in KnowledgeBase.open(home).corpus.reviews()
        if review.publication == "published"
    )
    done("correct", review, "publication=unpublished", home=home)
    ran = kb("search", "", home=home)
    assert ran.code == 1
    assert ran.out == ""
    assert "kb build" in ran.err
    done("build", home=home)
    assert review not in done("search", "", home=home).out
