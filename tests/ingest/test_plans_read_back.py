"""Plans made at random are printed to each format and read back as they were meant."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_plans import Made, make, meant, read_back
from printers import (
    Plan,
    chromium_prints,
    office_prints,
    write_docx,
    write_html,
    write_markdown,
    write_pdf,
    write_xlsx,
)

from kb.ingest import Reading, read_document
from kb.text.agencies import Agencies

Writer = Callable[[Path, Plan], Path]
seeds = st.integers(0, 10**6)
often = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def read_printed(made: Made, ending: str, write: Writer, agencies: Agencies) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / f"plan.{ending}", made.plan)
        (reading,) = read_document(path, agencies=agencies)
    return reading


def check(made: Made, reading: Reading, *, folded: bool = False) -> None:
    """Every record is as meant, or its doubt is flagged; none is lost or made up."""
    wanted, found = meant(made, folded=folded), read_back(made, reading, folded=folded)
    flags = [r.flags for r in reading.recommendations]
    shown = [f"{w}\n   {f} {x}" for w, f, x in zip(wanted, found, flags, strict=False) if w != f]
    assert len(found) == len(wanted), "\n".join(shown)
    wrong = [n for n, (w, f) in enumerate(zip(wanted, found, strict=True)) if w != f]
    unflagged = [n for n in wrong if not flags[n]]
    assert not unflagged, "\n".join(shown)
    assert len(wrong) <= len(wanted) // 4, "\n".join(shown)


@pytest.mark.parametrize(
    ("ending", "write"),
    [("docx", write_docx), ("xlsx", write_xlsx), ("html", write_html)],
    ids=["docx", "xlsx", "html"],
)
@given(seed=seeds)
@often
def test_a_plan_comes_back_from_a_document_to_the_character(
    seed: int, ending: str, write: Writer, agencies: Agencies
) -> None:
    made = make(Random(seed))
    check(made, read_printed(made, ending, write, agencies))


@given(seed=seeds)
@often
def test_a_plan_comes_back_from_markdown(seed: int, agencies: Agencies) -> None:
    made = make(Random(seed), merges=False)
    check(made, read_printed(made, "md", write_markdown, agencies))


@given(seed=seeds)
@often
def test_a_plan_comes_back_from_a_pdf(seed: int, agencies: Agencies) -> None:
    made = make(Random(seed))
    check(made, read_printed(made, "pdf", write_pdf, agencies), folded=True)


PRINTED = range(100, 112)


def test_a_plan_comes_back_from_the_pdf_that_libreoffice_prints(
    office: str, tmp_path: Path, agencies: Agencies
) -> None:
    plans = {seed: make(Random(seed)) for seed in PRINTED}
    files = [write_docx(tmp_path / f"{seed}.docx", plan.plan) for seed, plan in plans.items()]
    for made, path in zip(plans.values(), office_prints(files, tmp_path), strict=True):
        (reading,) = read_document(path, agencies=agencies)
        check(made, reading, folded=True)


@pytest.mark.parametrize("thead", [True, False], ids=["header repeated", "header once"])
def test_a_plan_comes_back_from_the_pdf_that_chromium_prints(
    thead: bool, chromium: str, tmp_path: Path, agencies: Agencies
) -> None:
    for seed in list(PRINTED)[:4]:
        made = make(Random(seed))
        page = write_html(tmp_path / f"{seed}.html", made.plan, thead=thead)
        (reading,) = read_document(chromium_prints(page, tmp_path), agencies=agencies)
        check(made, reading, folded=True)
