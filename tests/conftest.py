"""Makes the modules of this folder importable from every test; knowledge bases to work on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bases import FELLSIDE, HIDDEN, TARNMOOR, done, make_home, write_plan


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built knowledge base for reading only: a published, an unpublished and an unknown review.

    ``fellside-7`` is published (2021), ``quillerby-9`` is not, ``tarnmoor-017`` does not say.
    """
    folder = tmp_path_factory.mktemp("built")
    home = make_home(folder / "home")
    published = write_plan(folder / "fellside.csv", FELLSIDE)
    hidden = write_plan(folder / "quillerby.csv", HIDDEN)
    known = ("--kind", "DHR", "--region", "North")
    done("add", TARNMOOR, home=home)
    done("add", published, "--review-id", "fellside-7", "--title", "Review of Mrs F", *known,
         "--area", "Fellside", "--published", "2021-06", home=home)  # fmt: skip
    done("add", hidden, "--review-id", "quillerby-9", "--title", "Review of Quillerbina", *known,
         "--area", "Quillerby", "--publication", "unpublished", home=home)  # fmt: skip
    done("build", home=home)
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    """A copy of the built knowledge base, to be changed."""
    return Path(shutil.copytree(built, tmp_path / "home"))
