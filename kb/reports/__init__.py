"""Reports: counting first, then rendering; and the exports to take away.

A builder (``theme_frequency``, ``progress``, …) makes a ``Report`` of plain data from entries that
the caller has already filtered; ``render`` turns any report into any of ``FORMATS``.
"""

from __future__ import annotations

from kb.reports.agencies import agency_profile
from kb.reports.briefing import briefing
from kb.reports.comparison import theme_comparison
from kb.reports.dimensions import DIMENSIONS
from kb.reports.drafts import checked_drafts
from kb.reports.export import EXPORT_FORMATS, export
from kb.reports.formats import FORMATS, render
from kb.reports.formats.text import render_text
from kb.reports.frequency import theme_frequency
from kb.reports.measured import Measured, measured_from
from kb.reports.pair_quality import pair_quality
from kb.reports.progress import progress
from kb.reports.repeats import repeated
from kb.reports.report import Report
from kb.reports.reviews import review_profile
from kb.reports.rows import EntryRows, Rows, Values
from kb.reports.tag_quality import passes_agreement, tag_quality

__all__ = [
    "DIMENSIONS",
    "EXPORT_FORMATS",
    "FORMATS",
    "EntryRows",
    "Measured",
    "Report",
    "Rows",
    "Values",
    "agency_profile",
    "briefing",
    "checked_drafts",
    "export",
    "measured_from",
    "pair_quality",
    "passes_agreement",
    "progress",
    "render",
    "render_text",
    "repeated",
    "review_profile",
    "tag_quality",
    "theme_comparison",
    "theme_frequency",
]
