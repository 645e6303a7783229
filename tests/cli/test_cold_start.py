"""What a command loads: the search path stays light."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bases import child, child_environment

HEAVY = {
    "sklearn", "scipy", "pandas", "pdfplumber", "docx", "lxml", "yaml", "starlette", "uvicorn",
    "python_calamine", "xlsxwriter", "rich", "charset_normalizer",
}  # fmt: skip
TELL = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
"""


def loaded(*arguments: str) -> set[str]:
    """The top-level modules that a command loads in a new process."""
    ran = subprocess.run(
        [*child(TELL), *arguments],
        capture_output=True,
        text=True,
        env=child_environment(),
        check=True,
    )
    assert ran.stdout
    return {name.split(".")[0] for name in json.loads(ran.stderr.splitlines()[-1])}


def test_help_loads_neither_learning_nor_documents_nor_web() -> None:
    modules = loaded("--help")
    assert "click" in modules
    assert modules.isdisjoint(HEAVY | {"numpy", "pydantic", "whoosh"})


@pytest.mark.parametrize("query", ["genogram", '"answerphone message" OR ward*'])
def test_search_loads_neither_learning_nor_documents_nor_web(built: Path, query: str) -> None:
    modules = loaded("--home", str(built), "search", query)
    assert modules.isdisjoint(HEAVY)


def test_check_loads_no_learning_and_no_documents(built: Path) -> None:
    # The text's own themes are told by the taxonomy's rules (yaml) and the stored model (scipy,
    # which brings charset_normalizer where that is installed).
    modules = loaded("--home", str(built), "check", "Draw a genogram for every family")
    assert modules.isdisjoint(HEAVY - {"yaml", "scipy", "charset_normalizer"})


def test_the_process_that_reads_loads_neither_pydantic_nor_yaml() -> None:
    ready = "from kb.ingest.confined import _get_ready; _get_ready('.docx')"
    tell = f"{ready}; import json, sys; print(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", tell], capture_output=True, text=True, check=True)
    names = {name.split(".")[0] for name in json.loads(ran.stdout)}
    assert "lxml" in names
    assert names.isdisjoint({"pydantic", "pydantic_core", "yaml"})
