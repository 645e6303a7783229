from __future__ import annotations

import os
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
