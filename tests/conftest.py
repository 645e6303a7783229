"""Makes the modules of this folder importable from every test; knowledge bases to work on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bases import FELLSIDE, HIDDEN, TARNMOOR, done, make_home, write_plan

from kb.text.agencies import Agencies, load_agencies

TESTS = Path(__file__).resolve().parent


@pytest.fixture(scope="session", autouse=True)
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the starter teaches is learnt once for all tests and workers, never for the user."""
    own = tmp_path_factory.getbasetemp()
    place = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "caches"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KB_CACHE", str(place))
        yield place


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
