"""Actions inside the objects of a JSON file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kb.errors import DamagedDocument
from kb.ingest import read_document
from kb.ingest.readers.json_file import read_json, read_json_lines
from kb.ingest.tables import Paragraph, Row, Table
from kb.text.agencies import Agencies

ACTIONS: list[dict[str, Any]] = [
    {
        "text": "Train crews",
        "lead_agency": "Police",
        "lead_agencies": [{"printed": "Police", "name": "Police", "sector": "police"}],
        "target_date": {"printed": "31.7.22", "date": "2022-07-31"},
        "outcome": "Complete",
        "status": {"printed": "Complete", "value": "complete"},
    },
    {
        "text": "Change the form",
        "lead_agency": "GP",
        "target_date": {"printed": "May 2021", "date": "2021-05"},
        "outcome": None,
        "status": {"printed": None, "value": None},
    },
]


def exported(actions: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """An object as ``kb export`` writes it, with the joined view of its actions."""
    item = {
        "id": "x/1",
        "review_id": "x",
        "text": "Ask about pets.",
        "action": "\n\n".join(action["text"] for action in actions),
        "lead_agency": "\n\n".join(action["lead_agency"] for action in actions),
        "target_date": {
            "printed": "\n\n".join(action["target_date"]["printed"] for action in actions)
        },
        "outcome": "Complete",
        "status": {"printed": "Complete", "value": "complete" if len(actions) == 1 else None},
        "actions": actions,
        "suggestions": [],
    }
    return item | changes


def first_row(item: dict[str, Any]) -> tuple[Row, dict[str, str], list[Table]]:
    (table,) = read_json_lines(json.dumps(item).encode(), "all.jsonl").blocks
    assert isinstance(table, Table)
    head, row = table.rows
    texts = {head.cells[cell.at].text: cell.text for cell in row.cells}
    texts |= {key.text: "" for key in head.cells if key.text not in texts}
    return row, texts, [inner for cell in row.cells for inner in cell.tables]


def test_a_list_of_objects_is_a_table_inside_its_cell() -> None:
    rows = [{"recommendation": "Ask.", "actions": [{"action": "Train", "owner": "GP"}]}]
    (table,) = read_json(json.dumps(rows).encode(), "plan.json").blocks
    assert isinstance(table, Table)
    (inner,) = table.rows[1].cells[1].tables
    assert (inner.name, inner.records) == ("object 1, actions", True)
    assert [row.printed for row in inner.rows] == ["action | owner", "Train | GP"]


def test_several_actions_of_an_export_stand_for_their_joined_view() -> None:
    _, texts, (inner,) = first_row(exported(ACTIONS))
    assert "action" not in {key for key in texts if texts[key]}
    assert [row.printed for row in inner.rows[1:]] == [
        "Train crews | Police | 31.7.22 | Complete | Complete",
        "Change the form | GP | May 2021",
    ]


def test_one_action_of_an_export_is_the_row_itself() -> None:
    _, texts, inner = first_row(exported(ACTIONS[:1]))
    assert (inner, texts["action"], texts.get("actions", "")) == ([], "Train crews", "")


def test_a_corrected_view_is_not_replaced_by_its_actions() -> None:
    _, texts, inner = first_row(exported(ACTIONS, outcome="Stopped"))
    assert (inner, texts["outcome"]) == ([], "Stopped")
    assert "Change the form" in texts["actions"]


def test_actions_of_an_export_come_back_as_actions(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(json.dumps(exported(ACTIONS)), "utf-8")
    (reading,) = read_document(path, agencies=agencies)
    (recommendation,) = reading.recommendations
    assert [(a.text, a.lead_agency, a.status.value) for a in recommendation.actions] == [
        ("Train crews", "Police", "complete"),
        ("Change the form", "GP", None),
    ]
    assert recommendation.action == "Train crews\n\nChange the form"
    assert recommendation.other == ()


def test_what_a_row_says_beside_its_actions_is_kept_though_each_says_otherwise(
    tmp_path: Path, agencies: Agencies
) -> None:
    actions = [
        {"Action": "Add the question", "Lead": "Lantern Row", "Date": "Dec 2025"},
        {"Action": "Train advocates", "Lead": "Lantern Row", "Date": "Spring 26"},
    ]
    rows = [
        {"Recommendation": "The first assessment should ask about suicide.", "Actions": actions,
         "Lead": "Lantern Row | Ousel NHS Trust", "Date": "2026"},
        {"Recommendation": "Check who cares for a child before writing.", "Actions": actions[:1],
         "Lead": "Lantern Row", "Date": ""},
    ]  # fmt: skip
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(rows), "utf-8")
    (reading,) = read_document(path, agencies=agencies)
    first, second = reading.recommendations
    assert first.lead_agency == "Lantern Row | Ousel NHS Trust"
    assert [agency.name for agency in first.lead_agencies] == ["Lantern Row", "Ousel NHS Trust"]
    assert [(cell.header, cell.text) for cell in first.other] == [("Date", "2026")]
    assert [a.target_date.printed for a in first.actions] == ["Dec 2025", "Spring 26"]
    assert second.lead_agency == "Lantern Row"
    assert reading.account.left_out_cells == ()


def test_what_stands_beside_the_rows_is_kept() -> None:
    text = """{"title": "DHR Ann", "notes": "Draft", "rows": [{"number": 3.10, "text": "Ask."}],
        "recommendations": [{"text": "Listen."}], "review": {"area": "Devon", "chair": "A. Bee"}}"""
    document = read_json(text.encode(), "plan.json")
    rows = [block.rows[1].printed for block in document.blocks if isinstance(block, Table)]
    assert rows == ["3.10 | Ask.", "Listen."]
    asides = [(b.text, b.place) for b in document.blocks if isinstance(b, Paragraph)]
    assert asides == [("notes: Draft", "the key notes"), ("chair: A. Bee", "the key chair")]
    assert document.facts["title"] == "DHR Ann"
    assert document.facts["area"] == "Devon"


def test_a_key_that_stands_twice_is_refused_since_one_text_would_be_lost() -> None:
    with pytest.raises(DamagedDocument, match="the key 'text' stands twice"):
        read_json(b'[{"text": "Ask.", "text": "Listen."}]', "plan.json")


def test_texts_of_actions_go_before_lists_of_them_whichever_key_comes_first(
    tmp_path: Path, agencies: Agencies
) -> None:
    rows = [
        {"Recommendation": "Train the crews of both boats.",
         "Actions": [{"Action to take": "Book a room", "Lead": "Police"}]},
        {"Recommendation": "Change the form.", "Action to take": "Draft it", "Lead": "GP"},
    ]  # fmt: skip
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(rows), "utf-8")
    (reading,) = read_document(path, agencies=agencies)
    assert [r.action for r in reading.recommendations] == ["Book a room", "Draft it"]
    assert [r.other for r in reading.recommendations] == [(), ()]
