"""The page that checks a draft: answers in words, aligned words, hints, reports to take away."""

from __future__ import annotations

import base64
import html
import re
import zlib
from pathlib import Path

import pytest
from bases import unchanged
from sites import Site, words

from kb.library.drafts import Draft
from kb.web.pages.checking import packed


def hidden(page: str, name: str) -> str:
    """What a page's form sends along under a name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def test_a_draft_is_answered_in_words(pages: Site, built: Path) -> None:
    with unchanged(built):
        answer = pages.post("/check", {"text": "All ward staff to be trained in coercive control."})
    said = words(answer.text)
    assert answer.status_code == 200
    assert "This has been asked before." in said
    assert "Asked twice since 2021" in said
    assert "fellside.csv" in said


def test_what_the_history_counts_is_marked(pages: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    near = {"text": "All dental staff to be trained in coercive control."}
    said = words(pages.post("/check", near).text)
    assert "Asked twice since 2021" in said
    assert said.count("asks nearly the same") == 2
    assert "not counted above" not in said
    text = "Ward staff should be trained in coercive control and to draw a genogram each year."
    said = words(pages.post("/check", {"text": text}).text)
    assert "Asked once" in said
    assert said.count("not counted above") == 1
    monkeypatch.setattr("kb.web.pages.checking._ROOM", 1)
    said = words(pages.post("/check", near).text)
    assert "Counted, too, and not shown: quillerby-9/3" in said


def test_blank_lines_part_drafts(pages: Site) -> None:
    answer = pages.post("/check", {"text": "Draw a genogram.\r\n\r\nTrain ward staff."})
    assert "2 drafts checked" in words(answer.text)


def test_the_own_review_is_left_out(pages: Site) -> None:
    text = "All ward staff to be trained in coercive control."
    answer = pages.post("/check", {"text": text, "except": "fellside-7"})
    assert "fellside.csv" not in answer.text


def test_a_draft_document_is_checked_and_not_kept(pages: Site, built: Path, tarnmoor: Path) -> None:
    with unchanged(built):
        answer = pages.post("/check", {}, files={"file": ("plan.txt", tarnmoor.read_bytes())})
    assert "14 drafts checked" in words(answer.text)
    assert list(pages.serving.uploads.iterdir()) == []


def test_the_answers_are_taken_away_as_a_report(pages: Site) -> None:
    answer = pages.post("/check", {"text": "Draw a genogram.", "format": "csv"})
    assert 'filename="check.csv"' in answer.headers["content-disposition"]
    assert "Draw a genogram." in answer.text


def test_a_report_on_a_document_keeps_what_its_plan_prints(pages: Site, tarnmoor: Path) -> None:
    page = pages.post("/check", {}, files={"file": ("plan.txt", tarnmoor.read_bytes())}).text
    again = {"drafts": hidden(page, "drafts"), "of": hidden(page, "of"), "format": "json"}
    drafts = pages.post("/check", again).json()["drafts"]
    assert len(drafts) == 14
    advised = {hint["id"] for draft in drafts for hint in draft["advice"]}
    assert "no-owner" not in advised  # the plan names lead agencies, the texts alone do not


@pytest.mark.parametrize(
    "sent", ["[", "[]", '[{"number": "1"}]', '[{"number": "1", "text": "x", "sectors": ["moon"]}]']
)
def test_drafts_that_came_back_otherwise_are_refused(pages: Site, sent: str) -> None:
    for drafts in (sent, base64.b64encode(zlib.compress(sent.encode())).decode()):
        answer = pages.post("/check", {"drafts": drafts})
        assert answer.status_code == 400
        assert "Check them again" in words(answer.text)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["a. " * 7_000], "Recommendation 1 has 20,999 characters"),
        (["word " * 3_900] * 11, "214,489 characters"),
    ],
)
def test_more_than_people_can_wait_for_is_refused(pages: Site, texts: list[str], said: str) -> None:
    drafts = [Draft(str(n), text.strip()) for n, text in enumerate(texts, start=1)]
    for sent in ({"text": "\n\n".join(texts)}, {"drafts": packed(drafts)}):
        answer = pages.post("/check", sent)
        assert answer.status_code == 400
        assert said in words(answer.text)


def test_a_page_of_very_long_drafts_stays_light(
    pages: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = [
        Draft(str(n), f"All ward {n} staff to be trained in coercive control. " * 200)
        for n in range(1, 3)
    ]
    page = pages.post("/check", {"drafts": packed(drafts)})
    assert "2 drafts checked" in words(page.text)
    assert len(page.content) < 20_000
    assert "more in the report to take away" not in page.text
    monkeypatch.setattr("kb.web.pages.checking._ROOM", 4_000)
    cut = pages.post("/check", {"drafts": packed(drafts)}).text
    assert cut.count('class="hits"') == 2
    assert cut.count("more in the report to take away") == 2


def test_a_check_of_nothing_says_what_to_do(pages: Site) -> None:
    answer = pages.post("/check", {"text": "   "})
    assert answer.status_code == 400
    assert "Paste a recommendation, or choose a document." in words(answer.text)


def test_words_that_both_have_are_marked_and_those_of_one_alone_told(pages: Site) -> None:
    text = "All dental staff to be trained in coercive control."
    page = pages.post("/check", {"text": text}).text
    assert re.search(r"<blockquote[^>]*>All dental <mark>staff[^<]*</mark>", page)
    assert "only in yours: dental" in words(page)
    assert "only in that one: ward" in words(page)


def test_a_draft_that_repeats_another_of_its_own_plan_is_told(pages: Site) -> None:
    answer = pages.post("/check", {"text": "Draw a genogram.\n\nDraw a genogram."})
    assert "Repeats no. 1 of this draft" in words(answer.text)


def test_hints_on_the_wording_quote_the_draft(pages: Site) -> None:
    said = words(pages.post("/check", {"text": "Staff to be reminded of curiosity."}).text)
    assert "No date is given" in said
    assert "(“reminded”)" in said


def test_a_long_plan_is_answered_in_pages_that_stay_light(pages: Site) -> None:
    text = "\n\n".join(f"Ward {number} staff to be trained in stalking." for number in range(1, 41))
    first = pages.post("/check", {"text": text})
    assert "Drafts 1 to 12 of 40" in words(first.text)
    assert len(first.content) < 100_000
    last = pages.post("/check", {"drafts": hidden(first.text, "drafts"), "page": "9"})
    assert "Drafts 37 to 40 of 40" in words(last.text)
    assert "Ward 40 staff" in words(last.text)
