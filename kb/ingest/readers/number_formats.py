"""Numbers and dates of a sheet as its number formats show them (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

import datetime
import re

BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    17: "mmm-yy",
}
"""The formats that a workbook refers to by number alone, where they change what is shown."""

_DIGITS = re.compile(r"(?P<whole>[#0?,]*)(?:\.(?P<part>[0#?]*))?(?P<percent>%?)")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|_.|\*.|\[[^\]]*\]')
_LONGEST = 200  # characters of a format


def shown_number(value: float, code: str | None) -> str:
    """A number as a format shows it: ``1.10`` by ``0.00``, ``50%`` by ``0%``, ``R7`` by ``"R"0``.

    A format that is none of digits and fixed words shows it as Excel's "General" does.
    """
    before, digits, after = _parted(code)
    found = _DIGITS.fullmatch(digits) if digits else None
    if found is None or not re.search(r"[0#?]", digits):
        return plain_number(value)
    whole, part = found["whole"], found["part"] or ""
    number = value * 100 if found["percent"] else value
    text = f"{abs(number):,.{len(part)}f}" if "," in whole else f"{abs(number):.{len(part)}f}"
    for mark in reversed(part):
        if mark != "0" and text.endswith("0"):
            text = text[:-1]
        else:
            break
    units, point, rest = text.partition(".")
    text = units.zfill(whole.count("0")) + (point + rest if rest else "")
    sign = "-" if number < 0 and re.search(r"[1-9]", text) else ""
    return f"{sign}{before}{text}{found['percent']}{after}"


def plain_number(value: float) -> str:
    """A number as "General" shows it: at most 15 digits, a whole number without ``.0``."""
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"


def shown_date(value: datetime.date, code: str | None) -> str:
    """A day as ``31/07/2022``; as much of it as its format shows: ``Jul-22``, ``July 2022``."""
    letters = _LITERAL.sub("", code or "").lower() if code else "dmy"
    if "d" not in letters and "y" in letters and "h" not in letters:
        if "m" not in letters:
            return f"{value:%Y}"
        is_short = "mmm" in letters and "mmmm" not in letters and "yyy" not in letters
        return f"{value:%b-%y}" if is_short else f"{value:%B %Y}"
    if isinstance(value, datetime.datetime) and value.time() != datetime.time():
        return value.strftime("%d/%m/%Y %H:%M")
    return value.strftime("%d/%m/%Y")


def _parted(code: str | None) -> tuple[str, str, str]:
    """What a format prints before the digits, its digits, and what it prints after them."""
    if not code or len(code) > _LONGEST:
        return "", "", ""
    before, digits, after = "", "", ""
    position, section = 0, code
    while position < len(section):
        literal = _LITERAL.match(section, position)
        character = section[position]
        if literal:
            printed = literal[1] or literal[2] or literal[3] or ""
            before, after = (before, after + printed) if digits else (before + printed, after)
            position = literal.end()
            continue
        if character == ";":
            break
        if character in "#0?,.%" and not after:
            digits += character
        elif character in " -()£$€/:+":
            before, after = (before, after + character) if digits else (before + character, after)
        else:
            return "", "", ""
        position += 1
    return before, digits, after
