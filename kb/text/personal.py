"""Personal data that may stand in a text: what kind, and where; never whose.

Forms of the United Kingdom: telephone numbers of people (Ofcom's 01, 02, 05 and 07 ranges; 03, 08
and 09 belong to services and helplines), e-mail addresses, NHS numbers (modulus 11, NHS Data
Dictionary), National Insurance numbers (HMRC NIM39110), dates of birth, postcodes (BS 7666) and
full names after a title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kb.text.dates import find_dates
from kb.text.patterns import late

_SPACE = r"[ \u00a0\u2009\u202f]"
_GAP = rf"(?:{_SPACE}{{0,2}}[-.–]?{_SPACE}{{0,2}})"
_TELEPHONE = late(
    rf"(?<![\w£#-])(?<!\d[.,:/])(?:(?P<abroad>(?:\+|00){_SPACE}?44{_GAP}(?:\(0\){_GAP})?)|\(?(?=0))"
    rf"(?P<rest>\(?\d{{2,11}}\)?(?:{_GAP}\d{{2,8}}){{0,4}})(?![\w]|[-.,/]\d)"
)
_EMAIL = late(
    r"(?<![\w.+-])[\w.+'-]{1,64}(?:@|\s?[\[(]at[\])]\s?)(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}\b"
)
_NHS = late(rf"(?<![\w.,/£+-])\d{{3}}({_SPACE}?|-)\d{{3}}\1\d{{4}}(?![\w]|[-.,/]\d)")
_INSURANCE = late(
    rf"\b(?!BG|GB|KN|NK|NT|TN|ZZ)(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ){_SPACE}?\d\d{_SPACE}?\d\d"
    rf"{_SPACE}?\d\d{_SPACE}?[A-D]\b",
    re.IGNORECASE,
)
_BORN = late(
    r"\b(?:(?P<label>D\.? ?O\.? ?B\b\.?|date of birth|birth ?date)|born(?: on)?)"
    r"(?:\s+(?:is|was|of|on))?[\s:=(–-]*",
    re.IGNORECASE,
)
_FIGURES = late(r"\d{1,2}[ ./-]\d{1,2}[ ./-](?:\d{4}|\d\d)(?!\d)")
_AREAS = (
    "AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|"
    "E|EC|EH|EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|"
    "LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|"
    "SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_POSTCODE = late(
    rf"(?<![\w/.-])(?:(?:{_AREAS})\d[A-HJKMNPR-Y\d]?{_SPACE}?\d"
    rf"[ABD-HJLNP-UW-Z]{{2}}|GIR{_SPACE}?0AA)(?![\w/-])",
    re.IGNORECASE,
)
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Rev|Revd)"
_WORD = r"[A-Z](?:['’][A-Z])?[a-zà-öø-ÿ]+(?:[-'’][A-Z]?[a-zà-öø-ÿ]+)*"
_NAMED = late(
    rf"\b{_TITLE}\b\.?{_SPACE}+(?P<first>{_WORD}|[A-Z]\.?(?:{_SPACE}?[A-Z]\b\.?){{0,2}})"
    rf"{_SPACE}+(?:(?:[A-Z]\.?|{_WORD}){_SPACE}+)?(?P<family>(?:(?:de|van|von|der|la|al|el|bin|Mac|"
    rf"Mc){_SPACE}?)*{_WORD})"
)
_SHOUTED = late(
    rf"\b(?:MR|MRS|MS|MISS|MX|DR|PROF)\b\.?{_SPACE}+(?:[A-Z]+(?:['’-][A-Z]+)*\.?{_SPACE}+){{1,2}}"
    r"[A-Z]{2,}(?:['’-][A-Z]+)*\b"
)
_IS_STREET = late(r"\d\w?,?\s(?:[A-Z][\w'’]+\s){1,3}$")
_NOT_NAMES = frozenset(
    "a after all also an and any are as at be because before being both but by can case children "
    "coroner could council county county's court department did does domestic during each every "
    "family for from gp had has have having he her hers his homicide hospital how however if in is "
    "it its junior locum may medical might must no nor not nothing of on opportunities or others "
    "our panel partnership patient police practice practitioner psychiatrist recommendation report "
    "review senior services shall she should since social some staff surgery that the their them "
    "then there these they this those though to told under until was were when where which while "
    "who whose will with within would you chances out signs".split()
)

_MONTHS = frozenset(
    "January February March April May June July August September October November December".split()
)


@dataclass(frozen=True)
class PersonalDatum:
    """A stretch of a text (character offsets) that may be personal data; ``kind`` in words."""

    kind: str
    start: int
    end: int


def find_personal(text: str) -> list[PersonalDatum]:
    """What in a text may be personal data, in the order of the text; none overlap."""
    found: list[PersonalDatum] = []
    for kind, finder, needs in _FINDERS if _DIGIT.search(text) else _WITHOUT_DIGITS:
        for start, end in finder(text) if needs.search(text) else ():
            if not any(start < other.end and other.start < end for other in found):
                found.append(PersonalDatum(kind, start, end))
    return sorted(found, key=lambda datum: datum.start)


def masked(text: str) -> str:
    """The text with each such stretch replaced by its kind: "[an e-mail address]"."""
    for datum in reversed(find_personal(text)):
        text = f"{text[: datum.start]}[{datum.kind}]{text[datum.end :]}"
    return text


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits are an NHS number: the last is the check digit, modulus 11."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    weighted = sum(int(d) * weight for d, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - weighted % 11) % 11 == int(digits[9])


_Spans = Iterator[tuple[int, int]]


def _telephones(text: str) -> _Spans:
    for match in _TELEPHONE.finditer(text):
        groups = re.findall(r"\d+", match["rest"])
        digits = "".join(groups)
        if match["abroad"]:
            is_whole = len(digits) in (9, 10) and digits[0] in "1257"
        else:
            is_whole = (
                len(digits) in (10, 11)
                and digits[:2] in ("01", "02", "05", "07")
                and all(len(group) >= 3 for group in groups)
            )
        if is_whole:
            yield match.span()


def _emails(text: str) -> _Spans:
    yield from (match.span() for match in _EMAIL.finditer(text))


def _nhs_numbers(text: str) -> _Spans:
    for match in _NHS.finditer(text):
        if is_nhs_number(re.sub(r"\D", "", match[0])):
            yield match.span()


def _insurance_numbers(text: str) -> _Spans:
    yield from (match.span() for match in _INSURANCE.finditer(text))


def _births(text: str) -> _Spans:
    """A date after "DOB" or "born": of a bare "born", only one with its day."""
    for match in _BORN.finditer(text):
        after = text[match.end() : match.end() + 30]
        figures = _FIGURES.match(after) if match["label"] else None
        if figures:
            yield match.start(), match.end() + figures.end()
            continue
        dates = [date for date in find_dates(after) if date.iso]
        if not dates or dates[0].start > 3:
            continue
        if match["label"] or len(dates[0].iso or "") == len("2001-01-01"):
            yield match.start(), match.end() + dates[0].end


def _postcodes(text: str) -> _Spans:
    for match in _POSTCODE.finditer(text):
        is_ordinal = re.search(r"(?:st|nd|rd|th)$", match[0])  # "in B3 4th floor"
        if match[0].isupper() or (match[0].islower() and not is_ordinal):
            yield match.span()


def _names(text: str) -> _Spans:
    """Title, given name or initials, and family name."""
    for match in (*_NAMED.finditer(text), *_SHOUTED.finditer(text)):
        words = re.findall(r"[^\W\d_]+", match[0].replace("’", "'"))[1:]
        if any(word.casefold() in _NOT_NAMES for word in words if len(word) > 1):
            continue
        if words[-1] in _MONTHS and re.match(r"\s+\d{4}\b", text[match.end() :]):
            continue
        if match[0].startswith("Dr") and _IS_STREET.search(text[: match.start()]):
            continue
        yield match.span()


# What is looked for in earnest only where the short pattern finds what every such thing has.
_AT = late(r"@|[\[(]at", re.IGNORECASE)
_BIRTH = late(r"b[io]r|d\.? ?o\.? ?b", re.IGNORECASE)
_DIGIT = late(r"\d")
_INWARD = late(r"\d[ABD-HJLNP-UW-Z]{2}(?![\w/-])", re.IGNORECASE)
_TITLED = late(r"M(?:[rsx]|iss)|Dr|Prof|Sir|Dame|Rev|M[RSX]|MISS|DR|PROF")
_FINDERS: tuple[tuple[str, Callable[[str], _Spans], re.Pattern[str]], ...] = (
    ("an e-mail address", _emails, _AT),
    ("a date of birth", _births, _BIRTH),
    ("a National Insurance number", _insurance_numbers, _DIGIT),
    ("a telephone number", _telephones, _DIGIT),
    ("an NHS number", _nhs_numbers, _DIGIT),
    ("a postcode", _postcodes, _INWARD),
    ("a person's name", _names, _TITLED),
)
_WITHOUT_DIGITS = tuple(one for one in _FINDERS if one[2] in (_AT, _TITLED))
