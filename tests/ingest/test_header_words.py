"""What columns are called in real plans, and which field each of them is."""

from __future__ import annotations

import pytest

from kb.ingest.plans.headers import name_columns
from kb.ingest.plans.synonyms import FIELDS
from kb.ingest.tables import Cell

NAMES: dict[str | None, tuple[str, ...]] = {
    "number": (
        "Ref", "Ref.", "No", "Rec No.", "Recommendation no. in report", "Recommendation number",
        "Recommendation (No.)", "#", "Item", "Rec #", "S. No", "Paragraph", "Para ref",
        "Unique reference", "R", "Action ref no.", "Report ref", "DHR ref",
    ),
    "recommendation": (
        "Recommendation from the overview report", "IMR Recommendation", "SAR recommendation",
        "CSPR Recommendation", "Recommendations made by the review", "Recommendation as per report",
        "No. and recommendation", "Learning / Recommendation", "Finding and recommendation",
        "Recommen-\ndation", "Recommendatio\nn", "Recommendati ons", "Argymhelliad",
        "Recommendation (verbatim)", "What did the review recommend?", "National recommendation",
        "Recommendation number and text", "Recommended action", "Area for improvement",
    ),
    "scope": (
        "Scope of recommend-\nation i.e.\nlocal or regional", "Local, regional or national?",
        "Level (L/R/N)", "Scope (local/regional/national)", "Geographical scope", "Scope of rec",
    ),
    "action": (
        "Actions to be\ntaken", "Key actions", "What will we do?", "What action will be taken?",
        "Action(s) agreed", "Actions for agency", "Agency response", "What needs to be done?",
        "Tasks", "Action to address the recommendation", "How will this be achieved?", "What",
        "Single agency response", "Force response", "Response to recommendation",
    ),
    "lead_agency": (
        "Lead", "Lead officer", "Responsible officer/agency", "Who", "Who will lead?",
        "Who is responsible?", "By whom", "Action owner", "Lead agency and officer",
        "Accountable lead", "SRO", "Named lead", "Assigned to", "Lead Director", "Lead (job title)",
        "Person/agency responsible", "Responsible agency / lead officer", "Delivery lead",
        "Organisation", "Agency", "Recommendation owner", "Strategic lead",
    ),
    "milestones": ("Key milestones", "Milestones and timescales", "Key steps", "Sub-actions"),
    "target_date": (
        "Target\nDate", "By when?", "When", "Timescale for completion", "Due by", "Deadline",
        "Target completion date", "Date for completion", "Completion due", "Timeframe",
        "When will it be done?", "Completed by when", "Proposed completion date", "Review date",
        "Timescale / target date", "To be completed by",
    ),
    "completed": (
        "Date completed", "Completion date", "Completed", "Date action completed", "Sign off date",
        "Closure date", "Actual completion date", "Date achieved", "Date closed",
    ),
    "outcome": (
        "Progress", "Update", "Progress update", "Progress to date", "Quarterly update",
        "Update March 2022", "Outcome", "Outcomes and evidence", "Impact", "Progress / comments",
        "Completion Date and Outcome", "What difference has this made?", "Evidence of completion",
        "Current position", "Actions taken and outcome", "Comments/Update", "Outcome and impact",
        "Position statement", "Comments",
    ),
    "status": (
        "RAG", "BRAG", "RAG rating", "Status", "Status (RAG)", "RAG status", "RAYG", "Progress RAG",
        "Status as at 31 March 2022", "RAG (Red, Amber, Green)", "Complete Y/N", "Complete?",
        "Open/Closed", "Action status", "Progress (RAG)", "Colour code",
    ),
    "heading": ("Area of focus", "Key theme", "Theme / area of practice", "Section"),
    None: (
        "Desired outcome", "Expected impact", "Target outcome", "Success measures",
        "What does success look like?", "What will success look like?", "How will we know?",
        "How will it be monitored?", "What do we want to achieve?", "Monitoring arrangements",
        "Expected outcome and impact", "Measure of success", "Priority", "Resources required",
        "Rationale", "How will success be measured?", "KPI", "Intended outcome(s)", "Start date",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("header", "field"), [(name, field) for field, names in NAMES.items() for name in names]
)
def test_headers_of_real_plans_are_known(header: str, field: str | None) -> None:
    assert name_columns([Cell(header, 0)], {})[0].field == field


@pytest.mark.parametrize("field", [name for name in FIELDS if name != "themes"])
def test_the_name_of_a_field_is_its_header(field: str) -> None:
    assert name_columns([Cell(field, 0)], {})[0].field == field


def test_a_second_column_for_one_field_is_kept_or_stands_in_where_the_first_is_empty() -> None:
    named = ["Recommendation", "Lead agency", "Lead officer", "Action", "Action taken"]
    columns = name_columns([Cell(text, at) for at, text in enumerate(named)], {})
    assert [(c.field, c.spare) for c in columns] == [
        ("recommendation", None),
        ("lead_agency", None),
        (None, "lead_agency"),
        ("action", None),
        ("outcome", None),
    ]


def test_what_how_who_and_when_are_the_columns_of_an_action() -> None:
    named = ["Recommendation", "What", "How", "Who", "When"]
    columns = name_columns([Cell(text, at) for at, text in enumerate(named)], {})
    assert [c.field for c in columns[1:]] == ["action", "milestones", "lead_agency", "target_date"]
