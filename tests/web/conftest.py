"""The pages of the small knowledge bases of the other tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from sites import Site, site

BASE = "fellside-7"


@pytest.fixture
def pages(built: Path, tmp_path: Path) -> Site:
    """Pages of a knowledge base that is not to be changed."""
    return site(built, tmp_path)


@pytest.fixture
def own(home: Path, tmp_path: Path) -> Site:
    """Pages of a copy that may be changed."""
    return site(home, tmp_path / "served")
