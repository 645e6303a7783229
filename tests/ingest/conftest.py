from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from kb.text.agencies import Agencies, load_agencies

TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def agencies() -> Agencies:
    return load_agencies()


@pytest.fixture(scope="session")
def tarnmoor() -> Path:
    return TESTS / "fixtures" / "tarnmoor-plan.txt"


@pytest.fixture(scope="session")
def shared_documents() -> Path:
    given = os.environ.get("DHR_SHARED")
    folder = (Path(given) if given else TESTS.parents[1] / "shared") / "documents"
    if not folder.is_dir():
        pytest.skip(f"the real documents are not here ({folder})")
    return folder


@pytest.fixture(scope="session")
def office() -> str:
    """LibreOffice's program; CI must have it."""
    return _program("LibreOffice", ("soffice", "libreoffice"), "libreoffice-writer-nogui")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium; CI must have it."""
    return _program("Chromium", ("chromium", "google-chrome"), "chromium")


def _program(name: str, commands: tuple[str, ...], package: str) -> str:
    found = next((path for command in commands if (path := shutil.which(command))), None)
    if found is None:
        why = f"{name} is not here (Debian, Ubuntu: apt install {package})"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return found
