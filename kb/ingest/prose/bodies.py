"""The area of a partnership, board or council that a line of a report is the name of."""

from __future__ import annotations

import re

from kb.text.patterns import late

PLACE = (
    r"(?!(?:Safeguarding|Community|Board|Council|Partnership|CSP)\b)[A-Z][\w'’.-]*"
    r"(?:(?: (?:and|&|of|upon|on|in|the|with|le))*[ -]"
    r"(?!(?:Safeguarding|Community|Board|Council|Partnership|CSP|City|County|Borough|District|"
    r"Metropolitan)\b)"
    r"[A-Z][\w'’.-]*){0,4}"
)
_BODIES = (
    late(
        rf"(?P<area>Safe(?:r|ty)? ?{PLACE}) Partnership(?: Board)?|"
        rf"(?P<area2>{PLACE}) (?:Community Safety (?:Partnership|Board)|CSP|"
        r"Safer (?:Communities )?(?:Partnership|Board)|Public Services Board|"
        r"Community Safety and [A-Z]\w+ Partnership)(?: Board)?|"
        rf"Safer (?!Communities|Neighbourhoods|Lives|Together)(?P<area3>{PLACE})"
    ),
    late(
        rf"(?P<area>{PLACE}) Safeguarding (?:Adults?|Children(?:['’]s)?) (?:Board|Partnership)|"
        rf"(?P<area2>{PLACE}) (?:City |County |Borough |District |Metropolitan |London )*Council|"
        r"(?:(?:London|Royal|Metropolitan|County) )?(?:Borough|County|City and County) of "
        rf"(?P<area3>{PLACE}?)(?: Council)?"
    ),
)
_WORDS = ("Partnership", "CSP", "Board", "Council", "Safer", " of ")  # each of them has one
_SMALL = late(r"(?<= )(?:Of|And|Upon|The|On|In)(?= )")
_SAFER = late(r"^(?:(?:safer|safe|stronger|together|and|&|the|communities|community)\s+)+", re.I)


def body_named(text: str) -> tuple[str, int] | None:
    """The area of a partnership, board or council that a line is the name of, and its rank."""
    name = re.sub(r"^(?:and\s+)?[Tt]he\s+", "", text.strip(" .:-–"))
    if name.isupper():
        name = _SMALL.sub(lambda word: word[0].lower(), name.title())
    if not any(word in name for word in _WORDS):
        return None
    for rank, pattern in enumerate(_BODIES):
        match = pattern.fullmatch(name)
        if match:
            printed = match["area"] or match["area2"] or match["area3"]
            area = _SAFER.sub("", printed).strip()
            return (area, rank) if area else None
    first, _, second = name.partition(" and ")
    both = (body_named(first), body_named(second)) if second else (None, None)
    return both[0] if both[0] and both[1] and both[0][0] == both[1][0] else None
