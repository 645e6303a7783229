"""A shared knowledge base answers as if unpublished reviews were not stored.

Two knowledge bases differ by two reviews, one unpublished and one that does not say, whose every
text, fact and tag's evidence holds the word Zorbulex. Set to ``audience = "shared"`` both give the
same answers, and the word comes out of neither.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bases import Ran, digests, done, kb, make_home, write_plan

from kb import KnowledgeBase

MARK = "zorbulex"
HEADERS = (
    "No",
    "Heading",
    "Recommendation",
    "Scope",
    "Action",
    "Lead agency",
    "Milestones",
    "Target date",
    "Status",
    "Outcome",
    "Cost",
)
ASKS = (
    ("Health visitors to draw a genogram, train and check the answerphone", "Local", "Complete"),
    ("All ward staff to be trained in coercive control", "National", "Not started"),
    ("The surgery's answerphone message to name the abuse helpline", "Regional", "In progress"),
)
OUSEL = [("1", "All ward staff to have training in control each year.", "Local", "Ousel Police",
          "2022", "Complete", "Done")]  # fmt: skip
KNOWN = ("--kind", "DHR", "--region", "North")
FORMATS = ("text", "html", "docx", "xlsx", "csv", "json", "md")
REPORTS = (
    ["themes"],
    ["themes", "--by", "agency"],
    ["progress"],
    ["review", "ousel-2"],
    ["agency", "Ousel Police"],
    ["briefing", "--theme", "training"],
)


def hidden_rows(number: int) -> list[tuple[str, ...]]:
    return [
        (f"Z{MARK}{number}.{n}", f"Theme: {MARK} heading", f"{text} {MARK}", scope,
         f"{MARK} action", f"{MARK.title()} Refuge", f"{MARK} steps", f"31.7.2{n} {MARK}", status,
         f"{MARK} outcome", f"{MARK} cost")
        for n, (text, scope, status) in enumerate(ASKS, start=1)
    ]  # fmt: skip


def add_hidden(home: Path, folder: Path) -> None:
    for number, publication in ((1, "unpublished"), (2, "unknown")):
        plan = write_plan(folder / f"{MARK}{number}.csv", hidden_rows(number), HEADERS)
        done("add", plan, "--review-id", f"{MARK}-{number}", "--title", f"{MARK} review {number}",
             "--kind", f"{MARK} kind", "--area", f"{MARK.title()}shire", "--region", f"{MARK} land",
             "--publication", publication, "--report-date", "2019-04",
             "--url", f"https://{MARK}.example", home=home)  # fmt: skip
    done("judge", f"{MARK}-1/1", "--theme", "+training", "--theme", "+call-handling", "--complete",
         home=home)  # fmt: skip
    done("judge", f"{MARK}-1/2", "fellside-7/3", "--same", home=home)
    done("judge", f"{MARK}-1/3", "--theme", "+training", home=home)
    done("correct", f"{MARK}-1/3", f"text=Something else, {MARK}", home=home)


def make_base(home: Path, *, with_hidden: bool) -> Path:
    make_home(home)
    folder = home.parent
    done("add", write_plan(folder / "fellside.csv"), "--review-id", "fellside-7", "--title",
         "Review of Mrs F", *KNOWN, "--area", "Fellside", "--published", "2021-06",
         home=home)  # fmt: skip
    done("add", write_plan(folder / "ousel.csv", OUSEL), "--review-id", "ousel-2", "--title",
         "Ousel two", *KNOWN, "--area", "Ousel", "--published", "2022-01", home=home)  # fmt: skip
    if with_hidden:
        add_hidden(home, folder)
    done("judge", "fellside-7/3", "ousel-2/1", "--same", home=home)
    done("judge", "fellside-7/1", "--theme", "+genograms", "--complete", home=home)
    done("judge", "ousel-2/1", "--theme", "+training", home=home)
    return home


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = make_base(tmp_path_factory.mktemp("own") / "home", with_hidden=True)
    done("build", home=home)
    return home


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A shared knowledge base with the two hidden reviews, and one without them."""
    homes = []
    for with_hidden in (True, False):
        home = make_base(tmp_path_factory.mktemp("shared") / "home", with_hidden=with_hidden)
        (home / "kb.toml").write_text('audience = "shared"\n', "utf-8")
        done("build", home=home)
        homes.append(home)
    return homes[0], homes[1]


def texts_in(data: bytes) -> Iterator[str]:
    """The text of an output; of a Word or Excel file, of each of its parts."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name + archive.read(name).decode("utf-8", "replace")
    else:
        yield data.decode("utf-8", "replace")


def said(ran: Ran, home: Path) -> str:
    """What a command wrote, without the digest of the files, the time and the folder."""
    text = "\n".join([*texts_in(ran.data), ran.err]).replace(str(home), "HOME")
    text = re.sub(r"digest [0-9a-f]{16}", "digest", text)
    return re.sub(r"20\d\d-\d\d-\d\dT[\d:+.Z-]+", "WHEN", text)


def assert_alike(shared: tuple[Path, Path], *command: str) -> None:
    """Both knowledge bases answer alike, and neither tells the word unless it was asked with it."""
    answers = [said(kb(*command, home=home), home) for home in shared]
    asked = [w for word in command for w in (word, word.split("/")[0]) if MARK[:4] in w.lower()]
    for word in asked:
        answers = [answer.replace(word, "ASKED") for answer in answers]
    assert MARK not in answers[0].lower()
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "command",
    [
        ["search", "--json", "--limit", "100"],
        ["search", "genogram", "--json"],
        ["search", "ward OR answerphone", "--facets"],
        ["search", "ward OR answerphone", "--json"],
        ["search", '"ward staff"', "--json"],
        ["search", "zorb*", "--json"],
        ["search", "Zorbulex", "--json"],
        ["search", '"Zorbulex Refuge"'],
        ["search", "staff -Zorbulex", "--json"],
        ["search", "--sort", "newest", "--json"],
        ["search", "--sort", "status", "--json"],
        ["search", "--year", "2019..2022", "--json"],
        ["search", "--theme", "training", "--theme", "call-handling", "--json"],
        ["show", "fellside-7"],
        ["show", "fellside-7", "--json"],
        ["show", "fellside-7/3"],
        ["show", "fellside-7/3", "--json"],
        ["show", "fellside-7/3", "--source", "--json"],
        ["check", "All ward staff to be trained in coercive control"],
        ["check", "All ward staff to be trained in coercive control", "--json", "--limit", "30"],
        ["check", "Zorbulex", "--json", "--limit", "30"],
        ["check", "Draw a genogram", "--except", "ousel-2", "--json"],
        ["repeated"],
        ["repeated", "--json"],
        ["queue", "--json"],
        ["tag", "Zorbulex Refuge to draw a genogram and train ward staff", "--json"],
        ["evaluate", "--json"],
        ["taxonomy", "try", "training"],
        ["taxonomy", "try", "training", "--any", "zorbulex*"],
        ["taxonomy", "show", "training"],
        ["export"],
        ["build"],
    ],
    ids=" ".join,
)
def test_an_answer_is_the_same_as_if_they_were_not_stored(
    shared: tuple[Path, Path], command: list[str]
) -> None:
    assert_alike(shared, *command)


@pytest.mark.parametrize(
    "command",
    [
        ["show", "zorbulex-1"],
        ["show", "zorbulex-1/1"],
        ["show", "zorbulex-2/1", "--source"],
        ["show", "zorbulexe"],
        ["search", "--area", "Zorbulexshire"],
        ["search", "--agency", "Zorbulex Refuge"],
        ["search", "--review", "zorbulex-1"],
        ["search", "--kind", "zorbulex kind"],
        ["search", "--year", "2019"],
        ["search", "--scope", "Regional"],
        ["check", "Draw a genogram", "--except", "zorbulex-1"],
        ["report", "review", "zorbulex-1"],
        ["report", "agency", "Zorbulex Refuge"],
        ["report", "themes", "--area", "Zorbulexshire"],
        ["repeated", "--review", "zorbulex-2"],
        ["judge", "zorbulex-1/1", "fellside-7/1", "--same"],
        ["judge", "zorbulex-1/1", "--theme", "+training"],
        ["correct", "zorbulex-1", "publication=published"],
        ["remove", "zorbulex-1", "--yes"],
    ],
    ids=" ".join,
)
def test_a_refusal_is_the_same_as_if_they_were_not_stored(
    shared: tuple[Path, Path], command: list[str]
) -> None:
    assert_alike(shared, *command)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("report", [*REPORTS, None], ids=lambda r: " ".join(r or ["repeated"]))
def test_a_report_is_the_same_as_if_they_were_not_stored(
    shared: tuple[Path, Path], report: list[str] | None, format_name: str
) -> None:
    words = ["report", *report] if report else ["repeated"]
    assert_alike(shared, *words, "--format", format_name)


@pytest.mark.parametrize("format_name", ["csv", "xlsx", "jsonl"])
def test_an_export_holds_nothing_of_them(
    shared: tuple[Path, Path], tmp_path: Path, format_name: str
) -> None:
    target = tmp_path / ("out" if format_name == "csv" else f"out.{format_name}")
    done("export", "--format", format_name, "-o", target, home=shared[0])
    files = [path for path in (target, *target.rglob("*")) if path.is_file()]
    assert files
    for path in files:
        assert MARK not in "".join(texts_in(path.read_bytes())).lower()
        assert "ousel-2" in "".join(texts_in(path.read_bytes())) or len(files) > 1


def test_the_index_itself_holds_nothing_of_them(shared: tuple[Path, Path]) -> None:
    files = [path for path in (shared[0] / "index").rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        assert MARK not in path.read_bytes().decode("utf-8", "replace").lower(), path.name
    sizes = [
        sum(path.stat().st_size for path in (home / "index").rglob("records-*.jsonl"))
        for home in shared
    ]
    assert sizes[0] == sizes[1]


def test_more_like_this_and_the_python_face_leave_them_out(shared: tuple[Path, Path]) -> None:
    base, without = (KnowledgeBase.open(home) for home in shared)
    for identity in ("fellside-7/1", "fellside-7/3", "ousel-2/1"):
        found, expected = base.repeats_of(identity, 50), without.repeats_of(identity, 50)
        assert found is not None
        assert expected is not None
        assert [m.as_json() for m in found.matches] == [m.as_json() for m in expected.matches]
        assert found.history == expected.history
    assert {entry.review.id for entry in base.entries()} == {"fellside-7", "ousel-2"}
    for field in ("area", "agency", "kind", "theme", "review", "sector", "status", "scope"):
        assert base.values(field) == without.values(field)


NEWER = [("Z9", "", "Wardens to ring before they call at a flat", "", "", "", "", "", "", "", "")]
STORED: tuple[list[str], ...] = (
    ["--review-id", "zorbulex-1"],
    ["--review-id", "zorbulex-2"],
    ["--review-id", "newcomer-4", "--json"],
    ["--review-id", "fellside-7", "--also", "--json"],
    [],
)
LOOKED_AT: tuple[list[str], ...] = (
    ["--dry-run", "--json"],
    ["--review-id", "zorbulex-2", "--dry-run"],
    ["--review-id", "zorbulex-1", "--also", "--dry-run", "--json"],
    ["--review-id", "zorbulex-1", "--also"],
)


@pytest.mark.parametrize(
    ("rows", "options"),
    [(hidden_rows(1), options) for options in STORED]
    + [(NEWER, options) for options in STORED[:2]],
    ids=lambda value: " ".join(value) if value and isinstance(value[0], str) else "",
)
def test_a_document_of_theirs_is_refused_without_a_word_of_them(
    shared: tuple[Path, Path],
    tmp_path: Path,
    rows: list[tuple[str, ...]],
    options: list[str],
) -> None:
    before = digests(shared[0])
    ran = kb("add", write_plan(tmp_path / "plan.csv", rows, HEADERS), *options, home=shared[0])
    assert ran.code == 2
    assert 'audience = "own"' in ran.err
    assert MARK not in (ran.out + ran.err).lower()
    assert digests(shared[0]) == before


@pytest.mark.parametrize("options", LOOKED_AT, ids=" ".join)
@pytest.mark.parametrize("rows", [hidden_rows(1), NEWER], ids=["theirs", "newer"])
def test_a_look_at_a_document_does_not_tell_that_they_are_there(
    shared: tuple[Path, Path], tmp_path: Path, rows: list[tuple[str, ...]], options: list[str]
) -> None:
    before, plan = digests(shared[0]), write_plan(tmp_path / "plan.csv", rows, HEADERS)
    ran = [kb("add", plan, *options, home=home) for home in shared]
    assert ran[0].code == ran[1].code
    assert said(ran[0], shared[0]) == said(ran[1], shared[1])
    assert digests(shared[0]) == before


def test_a_shell_offers_nothing_of_them(shared: tuple[Path, Path]) -> None:
    from click.shell_completion import ShellComplete

    from kb.cli.main import cli

    complete = ShellComplete(cli, {}, "kb", "_KB_COMPLETE")
    for option in ("--area", "--agency", "--review", "--kind", "--theme"):
        offered = [
            [(item.value, item.help) for item in complete.get_completions(arguments, "")]
            for arguments in (["--home", str(home), "search", option] for home in shared)
        ]
        assert offered[0] == offered[1]
        assert MARK not in str(offered[0]).lower()


def test_the_doctor_names_and_counts_nothing_of_them(shared: tuple[Path, Path]) -> None:
    assert_alike(shared, "doctor")
    assert_alike(shared, "doctor", "--json")


def test_a_broken_file_of_theirs_is_not_quoted(shared: tuple[Path, Path], tmp_path: Path) -> None:
    import shutil

    home = Path(shutil.copytree(shared[0], tmp_path / "home"))
    path = home / "corpus" / f"{MARK}-1.json"
    path.write_text(path.read_text("utf-8").replace('"position": 1', f'"{MARK}": 1'), "utf-8")
    for command in (["show", "nothing-1"], ["doctor"], ["search", "genogram"]):
        ran = kb(*command, home=home)
        assert MARK not in (ran.out + ran.err).lower(), command


def test_the_owner_finds_them_and_sees_that_they_are_not_published(own: Path) -> None:
    found = done("search", "Zorbulex", "--json", "--limit", "50", home=own).json
    assert found["total"] == 6
    listed = done("search", "Zorbulex", home=own).out
    assert "[unpublished]" in listed
    assert "[publication unknown]" in listed
    assert "Not published." in done("show", f"{MARK}-1/1", home=own).out
    checked = done("check", ASKS[1][0], "--json", "--limit", "30", home=own).lines[0]
    assert {m["review_id"] for m in checked["matches"]} >= {f"{MARK}-1", f"{MARK}-2"}
    assert f"{MARK}-1" in done("export", home=own).out
    warned = done("doctor", home=own).out
    assert "do not say whether they are published: 1" in warned
    assert f"{MARK}-1/3" in warned
