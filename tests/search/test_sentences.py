"""Where a text is long, the sentences with the matched words are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.sentences import LONG, sentences, shown_sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("Ask why? Then (if safe!) act. 3 more", ["Ask why?", "Then (if safe!) act.", "3 more"]),
        ("“Tell Adult A.” Then go.", ["“Tell Adult A.”", "Then go."]),
        ("Use e.g. DASH. See no. 4 by Dr. Bell.", ["Use e.g. DASH.", "See no. 4 by Dr. Bell."]),
        ("Version 2.5 of a.b.c is it", ["Version 2.5 of a.b.c is it"]),
        ("A list:\n- one\n- two\n\n", ["A list:", "- one", "- two"]),
        ("Wait… Then go.", ["Wait…", "Then go."]),
        ("  ", []),
    ],
)
def test_a_text_is_cut_at_the_ends_of_sentences_and_lines(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts


FILLER = "Nothing of note stands in this long sentence about the other matters of a case. "


def shown(text: str, *words: str) -> list[str]:
    spans = [(text.index(word), text.index(word) + len(word)) for word in words]
    return [text[start:end] for start, end in shown_sentences(text, spans)]


def test_a_long_text_shows_the_sentences_that_were_met() -> None:
    text = f"Draw a genogram. {FILLER * 4}Share it with the school. Keep the tree. {FILLER}"
    assert len(text) > LONG
    assert shown(text, "genogram") == ["Draw a genogram."]
    assert shown(text, "genogram", "tree") == ["Draw a genogram.", "Keep the tree."]
    assert shown(text, "school", "tree") == ["Share it with the school. Keep the tree."]
    assert shown(text, "school. Keep") == ["Share it with the school. Keep the tree."]


def test_a_short_text_and_one_without_highlights_are_shown_whole() -> None:
    assert shown("Draw a genogram. Keep it.", "Keep") == ["Draw a genogram. Keep it."]
    long = FILLER * 9
    assert shown(long) == [long.strip()]


@given(st.text(alphabet="aB.!? \n”)…é1"), st.integers(0, 40), st.integers(1, 9))
def test_every_word_is_in_one_sentence_and_every_highlight_is_shown(
    text: str, start: int, length: int
) -> None:
    spans = list(sentences(text))
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())
    padded = text + " " * LONG + "End."
    met = (start, start + length)
    if padded[start : start + length].strip():
        assert any(s < met[1] and met[0] < e for s, e in shown_sentences(padded, [met]))
