"""A knowledge base that nobody holds any more lets go of its files at once."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kb import KnowledgeBase

OPEN_FILES = Path("/proc/self/fd")


@pytest.mark.parametrize(
    "ask",
    [
        lambda base: base.search('genogram "step children" draw*', facets=["theme"]),
        lambda base: base.explain(base.search("genogram")),
        lambda base: base.help_with(base.search("genagram")),
        lambda base: base.check("All ward staff to be trained in coercive control."),
        lambda base: base.repeats_of("fellside-7/1"),
        lambda base: base.repeated(),
        lambda base: base.report("themes", command="kb report themes"),
    ],
    ids=["search", "explain", "help", "check", "repeats", "repeated", "report"],
)
def test_no_file_of_the_index_stays_open(
    ask: Callable[[KnowledgeBase], object], built: Path
) -> None:
    if not OPEN_FILES.is_dir():
        pytest.skip("which files are open is told by Linux's /proc alone")
    ask(KnowledgeBase.open(built))  # what is loaded once stays
    gc.collect()
    gc.disable()
    try:
        before = len(os.listdir(OPEN_FILES))
        ask(KnowledgeBase.open(built))
        after = len(os.listdir(OPEN_FILES))
    finally:
        gc.enable()
    assert after == before
