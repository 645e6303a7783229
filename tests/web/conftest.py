"""The pages of the small knowledge bases of the other tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sites import Site, site


@pytest.fixture(scope="session")
def pages(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Pages of a knowledge base that is not to be changed."""
    opened = site(built, tmp_path_factory.mktemp("served"))
    with opened.client:  # one thread for all requests
        yield opened


@pytest.fixture
def own(home: Path, tmp_path: Path) -> Iterator[Site]:
    """Pages of a copy that may be changed."""
    opened = site(home, tmp_path / "served")
    with opened.client:
        yield opened
