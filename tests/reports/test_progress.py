from __future__ import annotations

import json
import sqlite3
from datetime import date
from typing import Any

import pytest
from report_factories import make_base, make_date, make_entry

from kb.model import Action, Correction, Entry, PrintedStatus
from kb.printed import is_date
from kb.reports import EntryRows, progress
from kb.reports.dates import in_words, is_past, last_day
from kb.reports.export import export_jsonl

TODAY = date(2025, 11, 22)


def _overdue(*entries: Entry, today: date = TODAY) -> list[tuple[str, int]]:
    data = progress(EntryRows(entries), today).data
    return [(item["target_date"], item["days_late"]) for item in data["overdue"]]


@pytest.mark.parametrize(
    ("target", "late"),
    [
        ("2025-11-21", 1),
        ("2025-11-22", None),
        ("2025-10", 22),
        ("2025-11", None),
        ("2024", 326),
        ("2025", None),
        (None, None),
    ],
)
def test_a_target_date_is_overdue_once_its_day_month_or_year_is_over(
    target: str | None, late: int | None
) -> None:
    expected = [] if late is None else [(target, late)]
    assert _overdue(make_entry(status="in-progress", target=target)) == expected


@pytest.mark.parametrize("status", ["complete", "ongoing", "not-accepted"])
def test_what_is_done_or_turned_down_is_never_overdue(status: str) -> None:
    assert _overdue(make_entry(status=status, target="2019")) == []


@pytest.mark.parametrize("status", ["in-progress", "not-started", None])
def test_what_is_not_done_is_open_also_where_no_status_is_stated(status: str | None) -> None:
    data = progress(EntryRows([make_entry(status=status, target="2019-04-30")]), TODAY).data
    assert data["totals"]["open"] == data["totals"]["overdue"] == 1


def _action(target: str | None, status: str | None) -> Action:
    value = PrintedStatus.model_validate({"printed": status, "value": status})
    return Action(text="Do it.", target_date=make_date(target), status=value)


def test_of_several_actions_only_those_still_open_can_be_late() -> None:
    actions = (_action("2019-01-31", "complete"), _action("2030", "in-progress"))
    on_time = make_entry(status="in-progress", target="2019-01-31", actions=actions)
    assert _overdue(on_time) == []
    late = (*actions, _action("2021-06", "not-started"))
    assert _overdue(make_entry(status="in-progress", target="2019-01-31", actions=late)) == [
        ("2021-06", (TODAY - date(2021, 6, 30)).days)
    ]


def test_actions_without_dates_leave_the_target_of_the_recommendation() -> None:
    entry = make_entry(target="2020-01-31", actions=(_action(None, "in-progress"),))
    assert [target for target, _ in _overdue(entry)] == ["2020-01-31"]


def test_a_corrected_target_date_stands_over_those_of_the_actions() -> None:
    moved = Correction.model_validate(
        {
            "field": "target_date",
            "value": "2030-01-01",
            "before": "2020-01-01",
            "who": "lead",
            "when": "2025-01-01T00:00:00Z",
        }
    )
    actions = (_action("2020-01-01", "in-progress"),)
    assert _overdue(make_entry(target="2030-01-01", actions=actions, corrections=(moved,))) == []


def test_complete_without_a_stated_outcome_looks_into_the_actions_too() -> None:
    told = Action(text="Do it.", outcome="Done in May.")
    entries = [
        make_entry(position=1, status="complete"),
        make_entry(position=2, status="complete", outcome="  "),
        make_entry(position=3, status="complete", outcome="Done."),
        make_entry(position=4, status="complete", actions=(told,)),
        make_entry(position=5, status="ongoing"),
        make_entry(position=6, status="in-progress"),
    ]
    data = progress(EntryRows(entries), TODAY).data
    bare = [item["id"] for item in data["complete_without_outcome"]]
    assert bare == ["north-2020/1", "north-2020/2"]
    assert [item["id"] for item in data["ongoing_without_outcome"]] == ["north-2020/5"]


def test_the_longest_late_stands_first() -> None:
    entries = [
        make_entry(position=1, target="2025-01-31"),
        make_entry(position=2, target="2018"),
        make_entry(position=3, target="2022-07"),
    ]
    assert [target for target, _ in _overdue(*entries)] == ["2018", "2022-07", "2025-01-31"]


def test_totals_agencies_and_reviews_equal_a_plain_loop() -> None:
    base = make_base(reviews=30)
    closed = ("complete", "ongoing", "not-accepted")
    data = progress(EntryRows(base), TODAY).data

    def expected(entries: list[Entry]) -> dict[str, int]:
        opened = [e for e in entries if e.recommendation.status.value not in closed]
        dates = [e.recommendation.target_date.date for e in opened]
        return {
            "recommendations": len(entries),
            "open": len(opened),
            "overdue": sum(d in ("2020-06-30", "2023-02") for d in dates),
        }

    def counted(part: dict[str, Any]) -> dict[str, int]:
        return {key: part[key] for key in ("recommendations", "open", "overdue")}

    assert counted(data["totals"]) == expected(base)
    for part in data["reviews"]:
        assert counted(part) == expected([e for e in base if e.review.id == part["id"]])
    for part in data["agencies"]:
        own = [
            e
            for e in base
            if part["name"] in {a.name for a in e.recommendation.lead_agencies}
            or (part["name"] is None and not e.recommendation.lead_agencies)
        ]
        assert counted(part) == expected(own)


def test_an_empty_base_has_nothing_open() -> None:
    data = progress(EntryRows([]), TODAY).data
    assert data["totals"]["recommendations"] == data["totals"]["open"] == 0
    assert data["agencies"] == data["reviews"] == data["overdue"] == []


def test_dates_to_their_own_precision() -> None:
    assert [in_words(d) for d in ("2022-07-31", "2020-12", "2020")] == [
        "31 July 2022",
        "December 2020",
        "2020",
    ]
    assert last_day("2024-02") == date(2024, 2, 29)
    assert last_day("2024-12") == date(2024, 12, 31)
    assert is_past("2024-02", date(2024, 3, 1))
    assert not is_past("2024-02", date(2024, 2, 29))


@pytest.mark.parametrize("text", ["2022-13", "2021-02-30", "soon", "", "20220731", "2022-W01-1"])
def test_what_is_no_date_is_left_as_it_is_and_never_late(text: str) -> None:
    assert not is_date(text)
    assert in_words(text) == text
    odd = make_date(None).model_copy(update={"date": text, "printed": text})
    entry = make_entry()
    recommendation = entry.recommendation.model_copy(update={"target_date": odd})
    assert _overdue(entry.model_copy(update={"recommendation": recommendation})) == []


def test_counts_equal_sql_over_an_export() -> None:
    base = make_base(reviews=40)
    data = progress(EntryRows(base), TODAY).data
    tables = sqlite3.connect(":memory:")
    tables.execute("create table rec (id, review, status, target, outcome)")
    tables.execute("create table agency (rec, name)")
    for line in export_jsonl(base).decode().splitlines():
        rec = json.loads(line)
        row = (rec["id"], rec["review_id"], rec["status"]["value"], rec["target_date"]["date"])
        tables.execute("insert into rec values (?, ?, ?, ?, ?)", (*row, rec["outcome"]))
        names = {agency["name"] for agency in rec["lead_agencies"]}
        tables.executemany("insert into agency values (?, ?)", [(rec["id"], n) for n in names])
    is_open = "(status is null or status in ('in-progress', 'not-started'))"
    late = f"{is_open} and target < substr('{TODAY.isoformat()}', 1, length(target))"
    bare = "status = 'complete' and trim(coalesce(outcome, '')) = ''"
    counts = f"count(*), sum({is_open}), sum(coalesce({late}, 0)), sum(coalesce({bare}, 0))"
    tests = ("recommendations", "open", "overdue", "complete_without_outcome")
    for field, table in (
        ("review", f"select review, {counts} from rec group by 1"),
        ("agency", f"select name, {counts} from rec left join agency on id = rec group by 1"),
    ):
        parts = data["reviews"] if field == "review" else data["agencies"]
        key = "id" if field == "review" else "name"
        found = {(part[key], *(part[test] for test in tests)) for part in parts}
        assert found == set(tables.execute(table).fetchall())


def test_a_document_shows_what_is_longest_overdue_and_says_where_the_rest_is() -> None:
    entries = [make_entry(review=f"r{at}", target=f"2020-01-{at % 28 + 1:02}") for at in range(90)]
    report = progress(EntryRows(entries), TODAY)
    printed = {table.name: table for table in report.printed_tables()}
    whole = {table.name: table for table in report.tables}
    assert len(whole["overdue"].rows) == len(report.data["overdue"]) == 90
    assert len(printed["overdue_short"].rows) < 90
    assert "of 90)" in printed["overdue_short"].title
    assert len(whole["reviews"].rows) == 90
    assert len(printed["reviews_short"].rows) < 90
    assert any("Overdue, the longest first" in note for note in report.printed_notes())
