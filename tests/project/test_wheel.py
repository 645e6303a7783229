"""Installed from a wheel, outside the checkout, ``kb`` works the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ENCODING = {"PYTHONIOENCODING": "utf-8"}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel was unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, cwd: Path, *arguments: str) -> str:
    """Run the unpacked ``kb`` in another folder."""
    # Before anything else on the path, the checkout's editable install among it.
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); from kb.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-P", "-c", code, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={"PATH": "", "KB_WHO": "anna", "KB_CACHE": os.environ["KB_CACHE"], **ENCODING},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_wheel_carries_taxonomy_and_starter(installed: Path) -> None:
    starter = installed / "kb" / "starter"
    assert (starter / "taxonomy.yaml").read_bytes() == (ROOT / "taxonomy.yaml").read_bytes()
    shipped = {path.name: path.read_bytes() for path in (starter / "corpus").iterdir()}
    kept = {path.name: path.read_bytes() for path in (ROOT / "corpus").iterdir()}
    assert shipped == kept


def test_the_wheel_carries_no_index_and_no_tests(installed: Path) -> None:
    names = {path.relative_to(installed).parts[0] for path in installed.rglob("*")}
    assert {name for name in names if not name.endswith(".dist-info")} == {"kb"}
    assert not (installed / "kb" / "starter" / "index").exists()


def test_the_wheel_carries_the_pages(installed: Path) -> None:
    for folder in ("templates", "static"):
        kept = {path.name for path in (ROOT / "kb" / "web" / folder).iterdir()}
        assert {path.name for path in (installed / "kb" / "web" / folder).iterdir()} == kept


def test_the_main_job_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    run(installed, tmp_path, "init", "mine", "--starter")
    mine = tmp_path / "mine"
    built: dict[str, Any] = json.loads(run(installed, mine, "build", "--json"))
    assert built["reviews"] >= 12
    assert json.loads(run(installed, mine, "search", "genogram", "--json"))["total"] > 0
    findings = [json.loads(line) for line in run(installed, mine, "doctor", "--json").splitlines()]
    assert [finding for finding in findings if finding["level"] == "fault"] == []
