"""A taxonomy of one's own, with labels only, is learnt and measured: 54 themes of the UPR."""

from __future__ import annotations

import csv
from pathlib import Path

from kb.model import Group, Taxonomy, Theme
from kb.tagging.evaluate import evaluate
from kb.tagging.evaluation import COMBINED, MOST_FREQUENT, RULES
from kb.tagging.learning import LearningText
from kb.text.abbreviations import load_abbreviations


def test_labels_alone_teach_the_themes_of_another_field(shared_documents: Path) -> None:
    path = shared_documents.parent / "data" / "upr" / "upr_sessions_01_10.csv"
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Session"] in ("1", "2")]
    judged = [
        LearningText(
            row["Text"],
            yes=frozenset(part.strip() for part in row["Issue"].split(",") if part.strip()),
            complete=True,
            group=row["To"],
            who="person",
        )
        for row in rows
    ]
    names = sorted({theme for text in judged for theme in text.yes})
    themes = tuple(Theme(id=f"upr-{number}", name=name) for number, name in enumerate(names))
    ids = dict(zip(names, (theme.id for theme in themes), strict=True))
    own = [
        LearningText(
            t.text, frozenset(ids[n] for n in t.yes), complete=True, group=t.group, who="person"
        )
        for t in judged
    ]
    taxonomy = Taxonomy(groups=(Group(id="upr", name="UPR", themes=themes),))
    found = evaluate(taxonomy, load_abbreviations(), own, folds=3).methods
    combined, usual = found[COMBINED].micro.f1, found[MOST_FREQUENT].micro.f1
    assert found[RULES].micro.given == 0
    assert combined is not None
    assert usual is not None
    assert combined > 0.65
    assert combined > 3 * usual
