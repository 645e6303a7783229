"""Lines of print as running text."""

from __future__ import annotations

import pytest

from kb.ingest.readers.pdf.running import Vocabulary, joined

KNOWN = Vocabulary("the recommendation of a multi-agency panel was safeguarding, board".split())


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["a review of", "the case"], "a review of the case"),
        (["the recom-", "mendation"], "the recommendation"),
        (["a Multi-", "agency panel"], "a Multi-agency panel"),
        (["the safe\u00ad", "guarding board"], "the safeguarding board"),
        (["an unforesee-", "able event"], "an unforeseeable event"),
        (["a panel-", "board matter"], "a panel-board matter"),
        (["a long-", "standing pattern"], "a long-standing pattern"),
        (["face-to-", "face meetings"], "face-to-face meetings"),
        (["between 2018–", "2019"], "between 2018–2019"),
        (["Covid-", "19"], "Covid-19"),
        (["the police -", "and others"], "the police - and others"),
        (["abuse/", "violence"], "abuse/violence"),
        (["and /", "or"], "and / or"),
        (["see https://example.org/a?", "b=c for it"], "see https://example.org/a?b=c for it"),
        (["was it?", "It was."], "was it? It was."),
        (["one"], "one"),
        ([], ""),
        (["–", "one"], "– one"),
    ],
)
def test_lines_are_joined_as_they_were_before_print(lines: list[str], text: str) -> None:
    assert joined(lines, KNOWN) == text
