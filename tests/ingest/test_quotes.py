"""Doubts in words quote a cell in short, however long it is; the cell itself is kept whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.ingest import read_document
from kb.ingest.quotes import shortened
from kb.text.agencies import Agencies


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ("“31.2.22” is not a day", "“31.2.22” is not a day"),
        (f"“{'x' * 80}” is odd", f"“{'x' * 80}” is odd"),
        (f"“{'x' * 81}” is odd", f"“{'x' * 79}…” is odd"),
        (f"“{'a ' * 90}” and “{'b' * 90}”", f"“{('a ' * 40)[:-1]}…” and “{'b' * 79}…”"),
        ("“" * 5_000, "“" * 999 + "…"),
        ("x" * 5_000, "x" * 999 + "…"),
    ],
)
def test_quotations_have_eighty_characters_at_most(flag: str, said: str) -> None:
    assert shortened(flag) == said


def test_a_flag_about_a_long_cell_is_short_and_the_cell_whole(
    tmp_path: Path, agencies: Agencies
) -> None:
    status = "perhaps " * 100_000
    path = tmp_path / "plan.csv"
    path.write_text(f"No,Recommendation,Status\n1,Draw a genogram.,{status}\n", "utf-8")
    (reading,) = read_document(path, agencies=agencies)
    (recommendation,) = reading.recommendations
    assert recommendation.status.printed == status.strip()
    assert recommendation.flags
    assert all(len(flag) < 200 for flag in recommendation.flags)
