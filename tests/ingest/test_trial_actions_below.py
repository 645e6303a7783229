"""Actions in tables of their own, whose recommendations the text prints."""

from __future__ import annotations

from pathlib import Path

from kb.ingest import Reading, read_document
from kb.text.agencies import load_agencies

_ASKS = (
    "The Partnership should publish a briefing on this review.",
    "Tarnmoor Council should revise its allocations policy.",
    "All staff should know the pathway for strangulation.",
)
_TOP = "# Domestic Homicide Review\n\n## Recommendations\n\n"


def _read(tmp_path: Path, text: str) -> Reading:
    path = tmp_path / "report.md"
    path.write_text(text, encoding="utf-8")
    return read_document(path, agencies=load_agencies())[0]


def test_table_of_actions_below_a_recommendation_is_its_own(tmp_path: Path) -> None:
    parts = [
        f"### Recommendation {number}\n\n{text}\n\n| Action | Owner | Due |\n|---|---|---|\n"
        f"| Step {number} | Kent Police | June 2024 |\n| Next {number} | ICB | July 2024 |\n"
        for number, text in enumerate(_ASKS, start=1)
    ]
    read = _read(tmp_path, _TOP + "\n".join(parts))
    assert [r.text for r in read.recommendations] == list(_ASKS)
    for number, recommendation in enumerate(read.recommendations, start=1):
        assert [a.text for a in recommendation.actions] == [f"Step {number}", f"Next {number}"]
        assert [a.lead_agency for a in recommendation.actions] == ["Kent Police", "ICB"]
        assert recommendation.actions[0].target_date.date == "2024-06"
        assert not any("was read from" in flag for flag in recommendation.flags)
    assert not any("was left out" in note for note in read.notes)
    assert not read.account.left_out_cells


def test_agency_asked_in_the_text_stays_where_the_table_names_only_posts(tmp_path: Path) -> None:
    parts = [
        f"### Recommendation {number}\n\n{text}\n\n| Action | Owner |\n|---|---|\n"
        "| Redraft it | Head of Service |\n"
        for number, text in enumerate(_ASKS, start=1)
    ]
    council = _read(tmp_path, _TOP + "\n".join(parts)).recommendations[1]
    assert [agency.name for agency in council.lead_agencies] == ["Tarnmoor Council"]
    assert council.actions[0].lead_agency == "Head of Service"


def test_table_of_actions_names_its_recommendations_by_number(tmp_path: Path) -> None:
    listed = "\n\n".join(f"{n}. {text}" for n, text in enumerate(_ASKS, start=1))
    plan = (
        "\n\n## Action plan\n\n| Rec. no. | Action | Lead | Target date |\n|---|---|---|---|\n"
        "| 1.1 | Write it | CSP | May 2024 |\n| 1.2 | Share it | CSP | June 2024 |\n"
        "| 2 | Redraft it | Tarnmoor Council | July 2024 |\n"
        "| Recommendation 3 | Print cards | ICB | July 2024 |\n"
    )
    read = _read(tmp_path, _TOP + listed + plan)
    assert [[a.text for a in r.actions] for r in read.recommendations] == [
        ["Write it", "Share it"],
        ["Redraft it"],
        ["Print cards"],
    ]
    assert not read.account.left_out_cells


def test_table_of_other_actions_after_the_last_recommendation_is_not_its_own(
    tmp_path: Path,
) -> None:
    listed = "\n\n".join(f"{n}. {text}" for n, text in enumerate(_ASKS, start=1))
    table = "\n\n| Action | Owner |\n|---|---|\n| Circulate the minutes | Clerk |\n"
    read = _read(tmp_path, _TOP + listed + table)
    assert not any(a.text for r in read.recommendations for a in r.actions)
    assert "Circulate the minutes" in " ".join(left.text for left in read.left_out)


def test_labels_and_values_below_a_recommendation_are_its_action(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    parts = "".join(
        f"<h3>Recommendation {number}</h3><p>{text}</p><dl><dt>Action</dt><dd>Write {number}</dd>"
        "<dt>Lead agency</dt><dd>Kent Police</dd><dt>Target date</dt><dd>May 2024</dd></dl>"
        for number, text in enumerate(_ASKS, start=1)
    )
    path.write_text(f"<h1>Domestic Homicide Review</h1><h2>Recommendations</h2>{parts}", "utf-8")
    read = read_document(path, agencies=load_agencies())[0]
    assert [[a.text for a in r.actions] for r in read.recommendations] == [
        ["Write 1"],
        ["Write 2"],
        ["Write 3"],
    ]
    assert [[a.name for a in r.lead_agencies] for r in read.recommendations] == [
        ["Kent Police"]
    ] * 3
    assert not any("was read from" in flag for r in read.recommendations for flag in r.flags)
    assert not read.account.left_out_cells
