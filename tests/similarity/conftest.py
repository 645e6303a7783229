from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from kb.similarity.facts import Facts
from kb.similarity.store import Similarity
from kb.similarity.writing import build_similarity
from kb.text.abbreviations import Abbreviations, load_abbreviations

MakeBase = Callable[[Sequence[str | Facts]], Similarity]

TWELVE = (
    "aldermere-04",
    "aldermere-11",
    "fennwick-winifred",
    "harrowdale-02",
    "harrowdale-05",
    "ouseholm-06",
    "ouseholm-mr-t",
    "saltreach-ceri",
    "tarnbeck-03",
    "tarnbeck-robin",
    "wychlow-11",
    "wychlow-17",
)


@pytest.fixture(scope="session")
def abbreviations() -> Abbreviations:
    return load_abbreviations()


@pytest.fixture(scope="session")
def make_base(tmp_path_factory: pytest.TempPathFactory, abbreviations: Abbreviations) -> MakeBase:
    """A base of these recommendations; a plain text becomes one in a review of its own."""

    def make(given: Sequence[str | Facts]) -> Similarity:
        folder = tmp_path_factory.mktemp("generation")
        facts = [
            item if isinstance(item, Facts) else Facts(f"review-{at}/1", f"review-{at}", item)
            for at, item in enumerate(given)
        ]
        build_similarity(folder, facts, abbreviations)
        return Similarity.open(folder)

    return make


@pytest.fixture(scope="session")
def judged_pairs() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("pairs.json").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="session")
def pairs_base(make_base: MakeBase, judged_pairs: dict[str, Any]) -> Similarity:
    kinds = ("repeats", "near_misses", "unrelated")
    return make_base([pair[1] for kind in kinds for pair in judged_pairs[kind]])


@pytest.fixture(scope="session")
def starter(make_base: MakeBase) -> Similarity:
    """The twelve reviews of the starter corpus that the drafts of ``judged_pairs`` are about."""
    corpus = Path(__file__).resolve().parents[2] / "corpus"
    reviews = [json.loads((corpus / f"{name}.json").read_text("utf-8")) for name in TWELVE]
    return make_base(
        [
            Facts(
                f"{review['id']}/{given['position']}",
                review["id"],
                given["text"],
                sectors=tuple({lead["sector"] for lead in given.get("lead_agencies", ())}),
            )
            for review in reviews
            for given in review["recommendations"]
        ]
    )
