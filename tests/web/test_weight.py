"""Pages stay light, however much there is to show, and leave nothing behind."""

from __future__ import annotations

import gc
import re
from pathlib import Path

import pytest
from bases import done, write_plan
from sites import EVERY_PAGE, Site

from kb.web.rendering import marked, piece

ASK = "Train every lighthouse keeper to ask about coercive control."


def test_a_group_of_many_shows_the_first_and_leads_to_the_report_for_all(
    own: Site, home: Path, tmp_path: Path
) -> None:
    rows = [(f"keeper-{at}", "1", ASK, f"{2008 + at}") for at in range(11)]
    plan = write_plan(tmp_path / "many.csv", rows, ("Review", "No", "Recommendation", "Published"))
    done("add", plan, home=home)
    done("build", home=home)
    page = own.get("/repeated").text
    group = page[page.index(ASK) :]
    assert "11 recommendations" in group
    assert len(re.findall(r'href="/recommendation/keeper-', group)) == 8
    assert re.search(r'<a href="/reports/repeated">3 more, in the report', group)
    report = own.get("/reports/repeated").text
    assert len(set(re.findall(r"keeper-\d+/1", report))) == 11


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_page_leaves_nothing_for_the_garbage_collector(pages: Site, path: str) -> None:
    answer = pages.get(path)
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        assert pages.get(path).status_code == answer.status_code
        gc.collect()
        left = {type(one).__name__ for one in gc.garbage}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    assert not left & {"Visit", "Context", "SearchResult", "KnowledgeBase"}


def test_marks_are_set_where_they_belong_whatever_the_text_holds() -> None:
    assert marked("ask and tell", [(0, 3), (8, 12)]) == "<mark>ask</mark> and <mark>tell</mark>"
    assert marked("<b> & 'c'", [(0, 3)]) == "<mark>&lt;b&gt;</mark> &amp; &#39;c&#39;"
    assert marked("a", []) == "a"


def test_a_piece_that_is_kept_is_escaped() -> None:
    told = piece("theme", "x", "<script>")
    assert told == '<li><a href="/theme/x">&lt;script&gt;</a></li>'
