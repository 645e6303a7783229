"""Personal data is found by its form; what looks like it and is not is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.personal import find_personal, is_nhs_number, masked


def kinds(text: str) -> list[str]:
    return [datum.kind for datum in find_personal(text)]


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (
            "a telephone number",
            "01632 960123|07700 900123|07700900123|+44 7700 900123|+447700900123|(020) 7946 0123|"
            "+44 (0)20 7946 0018|(01632) 960 123|020-7946-0123|0044 1632 960123|Tel:07700 900 123",
        ),
        ("an e-mail address", "anna.b@example.org|anna [at] example.org|O'Neil_1@mail.example.com"),
        ("an NHS number", "943 476 5919|943-476-5919|9434765919"),
        ("a National Insurance number", "AB123456C|AB 12 34 56 C|ab123456c|QQ 12 34 56 A"),
        (
            "a date of birth",
            "DOB 03/03/85|D.O.B.: 3 March 1985|date of birth: March 1985|born on 3 March 1985|"
            "(DOB: 1.1.70)|D.O.B. 12 03 1985|Born 3.3.85",
        ),
        ("a postcode", "TA1 1AA|ta11aa|SW1A 1AA|EC1A1BB|E1 6AN|B33 8TH|CR2 6XH|DN55 1PT|GIR 0AA"),
        (
            "a person's name",
            "Mr John Smith|Mrs J. Smith|Ms A B Jones|Dr Jane O'Brien|Prof. Mary-Ann Lee|"
            "Mx Sam Doe|Dr J van der Berg|MR JOHN SMITH|Miss Zoë Hale|Mr. J Smith",
        ),
    ],
)
def test_personal_data_is_found_whole(kind: str, texts: str) -> None:
    for text in texts.split("|"):
        (datum,) = find_personal(f"Ask for {text} on Monday.")
        assert datum.kind == kind, text
        start = 12 if text[:4] == "Tel:" else 8
        assert datum.start in (start, start + 1), text
        assert datum.end >= 7 + len(text), text


@pytest.mark.parametrize(
    "text",
    [
        "Recommendation 3.140(a), 10.1.1.1 and 12.2",
        "01.02.2021 03.04.2021",
        "by 07/12/2021 and 08/12/2021, 2020/21, 0123",
        "£01234567890 or 1,234,567,890",
        "The helpline 0808 2000 247 and NHS 111; 0300 123 4567",
        "943 476 5918",
        "000 000 0000",
        "DHR 12, SAR 4, KS2 3rd term, Q1 2nd, M25 Motorway, PC 12 3AB",
        "Children born in 2015; an unborn child; born premature",
        "Mr A and Mrs B; Mr Smith; Mr A. The GP knew; Ms C's sister",
        "Miss no opportunity. Dr and nurse. Mr A was seen. Dr Jane Review",
        "12 Acacia Dr Taunton Road",
        "Train 400 staff by 31.3.2022 at £1,000 (50%)",
        "@everyone, a@b",
    ],
)
def test_what_is_no_personal_data_is_left_alone(text: str) -> None:
    assert kinds(text) == []


def test_several_are_found_in_order_and_masked() -> None:
    text = "Ring Mrs Jo Hale, 07700 900123 (jo@example.org), at TA1 1AA."
    assert masked(text) == (
        "Ring [a person's name], [a telephone number] ([an e-mail address]), at [a postcode]."
    )


def nhs_number(nine: str) -> str | None:
    check = 11 - sum(int(d) * (10 - n) for n, d in enumerate(nine)) % 11
    return None if check == 10 else nine + str(check % 11)


@given(st.text("0123456789", min_size=9, max_size=9), st.sampled_from(["", " ", "-"]))
def test_only_the_right_check_digit_makes_an_nhs_number(nine: str, gap: str) -> None:
    right = nhs_number(nine)
    for digit in "0123456789":
        number = nine + digit
        is_one = number == right and len(set(number)) > 1
        assert is_nhs_number(number) == is_one
        if nine[0] != "0":
            text = f"NHS no {number[:3]}{gap}{number[3:6]}{gap}{number[6:]}."
            assert ("an NHS number" in kinds(text)) == is_one


@given(st.text("0123456789 ()+-./:@ABab\n", max_size=60))
def test_found_stretches_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    found = find_personal(text)
    ends = [0, *(datum.end for datum in found)]
    assert all(
        before <= datum.start < datum.end for before, datum in zip(ends, found, strict=False)
    )
    assert ends[-1] <= len(text)
