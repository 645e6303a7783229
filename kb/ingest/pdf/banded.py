"""Tables whose rows are shown by level rules or bands of colour alone; gaps show their columns."""

from __future__ import annotations

from collections.abc import Sequence

from kb.ingest.pdf.grid import PrintedTable
from kb.ingest.pdf.layout import Page, Rule, Word


def banded_tables(page: Page, rules: Sequence[Rule], words: Sequence[Word]) -> list[PrintedTable]:
    """The tables between level rules of one extent."""
    return []
