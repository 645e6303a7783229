from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.dates import find_dates, impossible_dates, iso_date, leading_date, read_date


@pytest.mark.parametrize(
    ("printed", "iso", "precision"),
    [
        ("31.7.22", "2022-07-31", "day"),
        ("1.4.2022", "2022-04-01", "day"),
        ("16/12/21", "2021-12-16", "day"),
        ("31-07-2022", "2022-07-31", "day"),
        ("31st July 2022", "2022-07-31", "day"),
        ("3rd of May, 2021", "2021-05-03", "day"),
        ("31-Jul-22", "2022-07-31", "day"),
        ("September 26th 2022", "2022-09-26", "day"),
        ("2022-07-31", "2022-07-31", "day"),
        ("December 2020", "2020-12", "month"),
        ("Dec-20", "2020-12", "month"),
        ("Sept 2021", "2021-09", "month"),
        ("Sept '21", "2021-09", "month"),
        ("07/2022", "2022-07", "month"),
        ("2020-12", "2020-12", "month"),
        ("end of March 2021", "2021-03", "month"),
        ("Q3 2021", "2021-09", "month"),
        ("Q1 2021/22", "2021-06", "month"),
        ("Q3 2021/22", "2021-12", "month"),
        ("Q4 2021/22", "2022-03", "month"),
        ("2021", "2021", "year"),
        ("end of 2021", "2021", "year"),
        ("Autumn 2022", "2022", "year"),
    ],
)
def test_printed_date_is_read_to_its_own_precision(printed: str, iso: str, precision: str) -> None:
    found = read_date(printed)
    assert (found.printed, found.date, found.precision) == (printed, iso, precision)


@pytest.mark.parametrize(
    "text",
    [
        "14th June",
        "Take to Best Practice on 14th June for discussion and agreement",
        "section 10.1.1.1",
        "point 6.2",
        "3.140(a)",
        "the Domestic Abuse Act 2021",
        "staff may 2 attend",
        "call 01234 567890",
        "TBC",
        "24/7",
        "June 10am",
    ],
)
def test_what_has_no_date_gives_none(text: str) -> None:
    assert find_dates(text) == []


@pytest.mark.parametrize("text", ["31.2.22", "31 September 2022", "12/25/2021", "00/01/2022"])
def test_a_day_that_no_calendar_has_is_not_a_date_and_is_named(text: str) -> None:
    assert read_date(text).date is None
    assert impossible_dates(f"by {text} at the latest") == [text]


def test_a_cell_with_several_dates_keeps_all_and_the_first_is_the_date() -> None:
    cell = "31.7.22\n\nTraining completed:\n16/12/21\n05/01/22\n\nBoard on 14th June 2022"
    found = read_date(cell)
    assert found.date == "2022-07-31"
    assert found.all == ("2022-07-31", "2021-12-16", "2022-01-05", "2022-06-14")
    assert found.printed == cell


def test_a_span_of_two_years_gives_both() -> None:
    assert read_date("2021/22").all == ("2021", "2022")
    assert read_date("2021-2023").all == ("2021", "2023")
    assert read_date("10.12.21-15.12.21").all == ("2021-12-10", "2021-12-15")
    assert read_date("June/July 2021").all == ("2021-07",)


def test_date_at_the_head_of_a_cell_is_told_from_a_date_inside_it() -> None:
    leading = leading_date("June 2021\n\nWorkshops developed")
    assert leading is not None
    assert leading.iso == "2021-06"
    assert leading_date("Workshops developed June 2021") is None


def test_only_a_text_that_is_nothing_but_a_date_has_an_iso_date() -> None:
    assert iso_date(" 31.7.22 ") == "2022-07-31"
    assert iso_date("31.7.22 or later") is None


@given(st.dates(date(1971, 1, 1), date(2069, 12, 31)))
def test_every_way_to_print_a_day_gives_that_day_back(day: date) -> None:
    month = calendar.month_name[day.month]
    for printed in (
        f"{day.day}.{day.month}.{day.year % 100:02}",
        f"{day.day:02}/{day.month:02}/{day.year}",
        f"{day.day} {month} {day.year}",
        f"{day.day}th {month[:3]} {day.year}",
        f"{month} {day.day}, {day.year}",
        day.isoformat(),
    ):
        assert read_date(f"By {printed}; then again").all == (day.isoformat(),)


@given(st.text(alphabet=st.sampled_from("0123456789./- \nJanuy'QtMcDe()stnd–"), max_size=40))
def test_any_text_gives_valid_dates_in_order_inside_it(text: str) -> None:
    end = 0
    for found in find_dates(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.end >= end
        end = found.end
        if found.iso:
            date.fromisoformat((found.iso + "-01-01")[:10])
