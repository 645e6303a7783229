"""What is printed before a paragraph: its number, letter or bullet, or "Recommendation 4:"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kb.text.normalise import fold_space
from kb.text.patterns import late

Kind = Literal["recommendation", "decimal", "number", "letter", "roman", "bullet"]

_BULLET = r"[•●▪◦‣⁃∙·■□◾➢➤►✓❖§\uf0b7\uf0a7\uf0d8*+–—o-]"
_ROMAN = r"x{0,2}(?:ix|iv|v?i{1,3}|v|x)"
_DECIMAL = r"\d{1,3}(?:\.\d{1,3}){1,4}"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "decimal",
        re.compile(
            rf"(?P<n>{_DECIMAL}\s?\([a-z]{{1,2}}\)|{_DECIMAL}[a-z]?)[.):]?(?=\s|$|[A-Z][a-z])"
        ),
    ),
    ("number", re.compile(r"\(?(?P<n>\d{1,3})[.)](?=\s|$|[A-Z])")),
    ("roman", re.compile(rf"(?:\((?P<n>{_ROMAN})\)|(?P<m>{_ROMAN})[.)](?=\s|$))", re.I)),
    ("letter", re.compile(r"(?:\((?P<n>[a-z]|([a-z])\2)\)|(?P<m>[a-z])[.)](?=\s|$))", re.I)),
    ("bullet", re.compile(rf"(?P<n>{_BULLET})(?=\s)")),
)
_BARE_NUMBER = late(r"(?P<n>\d{1,2})(?:\t+| {2,}| (?=[A-Z0-9“‘(]))")
_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_REC_NUMBER = (
    rf"[A-Z]{{0,3}}\d{{1,3}}(?:\.\d{{1,3}})*(?:\s?\([a-z]\)|[a-z])?|{'|'.join(_WORDS)}|"
    r"[A-Z]|[ivx]{1,5}"
)
_RECOMMENDATION = late(
    r"(?P<q>[\w'’&/ :–-]{0,200}?)(?:^|(?<=[ :–-]))(?P<word>recommendation|rec)\b\.?(?P<after>[ \t]*"
    rf"(?:(?:no\.?|number|ref)[ \t]*|#[ \t]*)?\(?(?P<n>{_REC_NUMBER})\)?(?![\w]))?"
    r"(?:[ \t]*(?P<bracket>\([^()\n]{2,90}\)))?[ \t]*(?P<mark>[:.–—-]+(?=\s|$)|:|$|\n)?",
    re.IGNORECASE,
)
_SHORT_REC = late(r"(?P<n>(?:[NLOMS]?R|R )\d{1,2}(?:\.\d{1,2})?[a-z]?)\s*[:.)–-]?(?=\s|$)")
_MOST_WORDS = 7  # before "recommendation"
_NO_QUALIFIER = late(
    r"\b(?:the|this|that|these|each|every|our|their|its|a|an|and|to|in|of|from|see|one|for|by|"
    r"no|another|previous|earlier|which)\b",
    re.IGNORECASE,
)
_KNOWN_QUALIFIER = late(
    r"(?:(?:overview|report|national|local|regional|single|individual|multi|agency|imr|dhr|dardr|"
    r"panel|key|final|review|learning|strategic|additional|further|specific|thematic|joint|sar|"
    r"cspr|independent|author|chair|author's|chair's|csp)[ -]*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Label:
    """A label as printed and what it is.

    ``number`` is the number as people cite it ("5.3", "(a)", "R1"; of "Recommendation 4:" it is
    "4"), None of a bullet. ``parts`` are its figures, by which labels follow one another. Of a
    "recommendation", ``qualifier`` is what stands before the word or in brackets behind its
    number ("Overview", "Home Office"). ``bare`` says that a figure stands without any mark.
    """

    printed: str
    kind: Kind
    number: str | None = None
    parts: tuple[int, ...] = ()
    qualifier: str = ""
    bare: bool = False

    @property
    def key(self) -> tuple[str, int | str]:
        """What the labels of one list have in common."""
        if self.kind == "bullet":
            return (self.kind, self.printed)
        return (self.kind, len(self.parts) if self.kind == "decimal" else 0)


def list_label(text: str) -> Label | None:
    """The number, letter or bullet that a text begins with; None where it begins with words."""
    for kind, pattern in _PATTERNS:
        match = pattern.match(text)
        if match is None:
            continue
        if kind == "bullet":
            return Label(match.group(), kind)
        printed = match.group()
        return Label(printed, kind, _cited(printed), _parts(kind, _number_of(match)))
    match = _BARE_NUMBER.match(text)
    if match and text[match.end() :].strip():
        number = match["n"]
        return Label(number, "number", number, (int(number),), bare=True)
    return None


def given_label(printed: str) -> Label:
    """The label that a program printed before a paragraph."""
    printed = printed.strip()
    found = recommendation_label(printed) or list_label(f"{printed} ")
    if found and len(fold_space(found.printed)) >= len(printed) - 1:
        return found
    if re.fullmatch(r"\d{1,3}", printed):
        return Label(printed, "number", printed, (int(printed),))
    if re.fullmatch(r"[a-zA-Z]", printed):
        return Label(printed, "letter", printed, (ord(printed.lower()) - 96,))
    if re.search(r"\w", printed):
        return Label(printed, "number", _cited(printed), _figures(printed))
    return Label(printed, "bullet")


def recommendation_label(text: str) -> Label | None:
    """ "Recommendation 4:", "Rec 3 –", "R1", "Police Recommendation 2" at the head of a text.

    Without a number it takes a colon or a line of its own. "Recommendation 3 of the report" and
    "The recommendation: …" are none: a number without a mark behind it must be followed by a
    capital, and a qualifier is capitalised or one of the words that qualify recommendations.
    """
    short = _SHORT_REC.match(text)
    if short:
        number = short["n"].replace(" ", "")
        return Label(short.group(), "recommendation", number, _figures(number))
    match = _RECOMMENDATION.match(text)
    if match is None or not _is_qualifier(match["q"]):
        return None
    number, mark = match["n"], match["mark"]
    if number is None and match["after"] is None and not _stands_alone(match, text):
        return None
    if number and mark is None and not _starts_sentence(text[match.end() :], number):
        return None
    if number and len(number) == 1 and number.isalpha() and mark is None:
        return None
    qualifier = fold_space(match["q"]).strip(" :–-")
    bracket = (match["bracket"] or "").strip("()")
    return Label(
        fold_space(match.group()),
        "recommendation",
        number,
        _figures(number or ""),
        "; ".join(part for part in (qualifier, bracket) if part),
    )


def end_of_label(text: str, label: Label) -> int:
    """Where the words begin behind a label that was found at the head of a text."""
    pattern = r"\s*".join(re.escape(part) for part in label.printed.split())
    match = re.match(rf"{pattern}[\s:.–—-]*" if label.kind == "recommendation" else pattern, text)
    end = match.end() if match else 0
    return end + len(text[end:]) - len(text[end:].lstrip())


def follows(label: Label, before: Label) -> bool:
    """Whether a label is the next of a list ("5.4" after "5.3", "(c)" after "(b)")."""
    return (
        label.key == before.key
        and label.parts[:-1] == before.parts[:-1]
        and bool(label.parts)
        and label.parts[-1] == before.parts[-1] + 1
    )


def as_letter(label: Label) -> Label:
    """A label like "(i)" or "(v)" read as a letter, as it is between "(h)" and "(j)"."""
    letter = label.number.strip("()") if label.number else ""
    if label.kind != "roman" or len(letter) != 1:
        return label
    return Label(label.printed, "letter", label.number, (ord(letter.lower()) - 96,))


def _number_of(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return groups.get("n") or groups.get("m") or ""


def _cited(printed: str) -> str:
    """A number as people cite it: without the mark that ends it, with brackets that enclose it."""
    bare = printed.strip()
    if re.fullmatch(r"[^()]*\)", bare):
        bare = bare[:-1]
    return bare.rstrip(".:")


def _parts(kind: Kind, number: str) -> tuple[int, ...]:
    if kind == "letter":
        return (sum(26 for _ in number[1:]) + ord(number[0].lower()) - 96,)
    if kind == "roman":
        return (_roman(number),)
    return _figures(number)


def _figures(number: str) -> tuple[int, ...]:
    figures = [int(figure) for figure in re.findall(r"\d+", number)]
    letter = re.search(r"\d\s?\(?([a-z])\)?$", number)
    return (*figures, ord(letter[1]) - 96) if letter else tuple(figures)


def _roman(number: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in number.lower()]
    following: Iterator[int] = iter([*values[1:], 0])
    return sum(-value if value < next(following) else value for value in values)


def _is_qualifier(words: str) -> bool:
    qualifier = words.strip(" :–-")
    if len(re.findall(r"[\w'’&/-]+", words)) > _MOST_WORDS:
        return False
    if not qualifier or _KNOWN_QUALIFIER.fullmatch(qualifier):
        return True
    if _NO_QUALIFIER.search(qualifier.replace(" of ", " ").replace(" and ", " ")):
        return False
    named = [
        word for word in re.findall(r"[\w'’/&-]+", qualifier) if word not in ("of", "and", "&")
    ]
    return all(word[0].isupper() or not word[0].isalpha() for word in named)


def _stands_alone(match: re.Match[str], text: str) -> bool:
    if match["mark"] is None or match["word"].lower() == "rec":
        return False
    return match["mark"].startswith(":") or not text[match.end() :].strip()


def _starts_sentence(rest: str, number: str) -> bool:
    return bool(re.match(r"\s*[A-Z“‘(]", rest)) and bool(re.search(r"\d", number))
