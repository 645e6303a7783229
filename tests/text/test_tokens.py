from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kb.text.tokens import tokenise

# What a word is: letters and digits, with apostrophes between them.
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@given(st.text(alphabet="ab9_'’- Éß\n", max_size=30) | st.text(max_size=30))
def test_words_are_letters_and_digits_with_apostrophes_between_them(text: str) -> None:
    assert [(one.start, one.end) for one in tokenise(text)] == [
        found.span() for found in WORD.finditer(text)
    ]


def test_hyphens_slashes_and_underscores_part_words() -> None:
    assert [one.text for one in tokenise("Multi-agency and/or the VICTIM’s file_name")] == [
        "multi",
        "agency",
        "and",
        "or",
        "the",
        "victim's",
        "file",
        "name",
    ]
