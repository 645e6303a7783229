"""How long do all reports take as JSON, beside the same group-bys in pandas, in one run?

A base of UPR recommendations, twenty to a review, with their issues as themes (each tagged by rule
and classifier), target dates and outcomes by lot of a fixed seed. The knowledge base is open (its
records are read from the disk's cache as they are listed), the data frames are in memory. pandas
counts, shares and lists the same and writes JSON; it has no intervals at all, which ours always has
(Wilson's, and whole reviews drawn again), so a second figure gives ours with one draw. For the
typical wordings of a briefing both weigh words by rarity, pandas by TF-IDF of scikit-learn. Groups
of repeats are given to both; finding them is no part of this.

    python bench/reports.py [--size 100000] [--rounds 3] [--base DIR]

Times are those of the processor; what is printed are medians over the rounds. It needs
`pip install pandas`.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
from indexed import write_records
from search_base import _entries, _manifest, _taxonomy
from sklearn.feature_extraction.text import TfidfVectorizer

from kb import KnowledgeBase
from kb.index.generations import publish
from kb.index.manifest import Manifest
from kb.intervals import draws
from kb.library.counted import IndexRows
from kb.model import Entry, Taxonomy
from kb.printed import PrintedDate
from kb.reports import (
    agency_profile,
    briefing,
    progress,
    render,
    repeated,
    review_profile,
    theme_frequency,
)

TODAY = date(2026, 1, 1)
DIMENSIONS = ("year", "sector", "agency", "area", "kind", "status", "year,sector")
MEMBERS = 3  # of a group of repeats
SEED = 8


def main() -> None:
    """Build, report and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--base", type=Path, help="keep the knowledge base there")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = chosen.base or Path(folder) / "base"
        if not home.exists():
            _build(home, chosen.size)
        _measure(KnowledgeBase.open(home), chosen.rounds)


def _build(home: Path, size: int) -> None:
    base = KnowledgeBase.create(home)
    publish(base.index_dir, lambda folder: _fill(folder, list(_dated(size))))


def _fill(folder: Path, entries: list[Entry]) -> Manifest:
    taxonomy = _taxonomy(entries)
    write_records(folder, entries, taxonomy)
    (folder / "taxonomy.json").write_text(taxonomy.model_dump_json(), "utf-8")
    return _manifest(len(entries))


def _dated(size: int) -> Iterator[Entry]:
    """The entries, two of three with a target date, a third of the complete with an outcome."""
    lot = random.Random(SEED)
    for entry in _entries(size):
        day = f"{lot.randint(2018, 2030)}-{lot.randint(1, 12):02}-15"[: lot.choice((4, 7, 10))]
        target = PrintedDate() if lot.random() < 1 / 3 else _printed(day)
        outcome = "Done." if lot.random() < 1 / 3 else None
        changed = replace(entry.recommendation, target_date=target, outcome=outcome)
        yield entry.model_copy(update={"recommendation": changed})


def _printed(day: str) -> PrintedDate:
    precision = {4: "year", 7: "month", 10: "day"}[len(day)]
    return PrintedDate(printed=day, date=day, precision=precision, all=(day,))  # type: ignore[arg-type]


def _measure(base: KnowledgeBase, rounds: int) -> None:
    stored = base.index.generation.folder / "taxonomy.json"
    taxonomy = Taxonomy.model_validate_json(stored.read_text("utf-8"))
    frames = Frames(base, taxonomy)
    print(f"{len(base.index.records):,} recommendations, {len(frames.tags):,} tags")
    print("| report | kb | kb without draws | pandas | ratio | ratio without draws |")
    print("|---|---|---|---|---|---|")
    totals = [0.0, 0.0, 0.0]
    for name, ours, theirs in _pairs(base, taxonomy, frames):
        times = [
            _median(ours, rounds),
            _without_draws(ours, rounds),
            _median(theirs, rounds),
        ]
        totals = [a + b for a, b in zip(totals, times, strict=True)]
        _put(name, times)
    _put("all", totals)


def _put(name: str, times: list[float]) -> None:
    cells = " | ".join(f"{1000 * each:,.0f} ms" for each in times)
    print(f"| {name} | {cells} | {times[0] / times[2]:.2f} | {times[1] / times[2]:.2f} |")


def _median(run: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return statistics.median(times)


def _without_draws(run: Callable[[], object], rounds: int) -> float:
    with patch("kb.intervals.DRAWS", 1):
        draws.cache_clear()
        found = _median(run, rounds)
    draws.cache_clear()
    return found


def _pairs(
    base: KnowledgeBase, taxonomy: Taxonomy, frames: Frames
) -> Iterator[tuple[str, Callable[[], object], Callable[[], object]]]:
    def rows() -> IndexRows:
        return IndexRows(base, {})

    yield (
        "themes",
        lambda: render(theme_frequency(rows(), taxonomy), "json"),
        frames.themes,
    )
    for by in DIMENSIONS:
        yield (
            f"themes by {by}",
            partial(lambda by: render(theme_frequency(rows(), taxonomy, by), "json"), by),
            partial(frames.themes_by, by),
        )
    yield "progress", lambda: render(progress(rows(), TODAY), "json"), frames.progress
    review, agency = frames.recs["review"].iloc[0], frames.agencies["agency"].mode().iloc[0]
    yield (
        "review",
        lambda: render(review_profile(rows(), review, taxonomy), "json"),
        lambda: frames.review(review),
    )
    yield (
        "agency",
        lambda: render(agency_profile(rows(), agency, taxonomy), "json"),
        lambda: frames.agency(agency),
    )
    theme = frames.tags["theme"].mode().iloc[0]
    yield (
        "briefing",
        lambda: render(briefing(rows(), theme, taxonomy), "json"),
        lambda: frames.briefing(theme),
    )
    groups = list(_groups(frames.recs))
    members = pd.DataFrame([m | {"group": at} for at, g in enumerate(groups) for m in g["members"]])
    yield (
        "repeated",
        lambda: render(repeated(groups), "json"),
        lambda: frames.repeated(members),
    )


def _groups(recs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Recommendations put in groups as they stand, as if they repeated each other."""
    names = ("id", "text", "review", "area", "year", "status")
    told = recs[list(names)].rename(columns={"review": "review_id"}).to_dict("records")
    for at in range(0, len(told) - MEMBERS, MEMBERS):
        members = [
            {**one, "year": int(one["year"]), "title": one["review_id"], "date": None}
            for one in told[at : at + MEMBERS]
        ]
        yield {"wording": members[0]["text"], "members": members}


class Frames:
    """The same recommendations as data frames, and the same counts of them."""

    def __init__(self, base: KnowledgeBase, taxonomy: Taxonomy) -> None:
        """Read everything; what has several values stands in frames of its own."""
        rows = IndexRows(base, {})
        firsts = ("review", "year", "area", "kind", "status", "target_date", "outcome")
        places = np.arange(len(rows))
        self.recs = pd.DataFrame({name: rows.values(name).firsts(places) for name in firsts})
        self.recs["id"], self.recs["text"] = rows.ids(places), rows.texts(places)
        self.tags = self._long(rows, "theme")
        self.tags["by"] = self._long(rows, "tagged")["tagged"].str.partition(":")[2]
        self.sectors, self.agencies = self._long(rows, "sector"), self._long(rows, "agency")
        self.group_of = taxonomy.group_of()

    def _long(self, rows: IndexRows, name: str) -> pd.DataFrame:
        values = rows.values(name)
        named = [values.values[code] for code in values.codes.tolist()]
        frame = pd.DataFrame({"rec": values.row_of_code, name: named})
        return frame.join(self.recs[["review"]], on="rec")

    def _counts(self, tags: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
        found = tags.groupby(keys).agg(
            recommendations=("rec", "nunique"), reviews=("review", "nunique")
        )
        found["share"] = found["recommendations"] / len(self.recs)
        found["review_share"] = found["reviews"] / self.recs["review"].nunique()
        return found.reset_index()

    def themes(self) -> str:
        """Themes, their groups, and who tagged."""
        groups = self.tags.assign(group=self.tags["theme"].map(self.group_of))
        parts = {
            "themes": self._counts(self.tags, ["theme"]),
            "groups": self._counts(groups, ["group"]),
            "tagged_by": self._counts(self.tags, ["theme", "by"]),
        }
        return _json(parts)

    def themes_by(self, name: str) -> str:
        """The same, and themes by each value of a dimension with its size."""
        if "," in name:
            return self.crossed(*name.split(","))
        values = self._values(name)
        crossed = self.tags.merge(values, on="rec")
        sizes = values.join(self.recs[["review"]], on="rec").groupby(name, dropna=False)
        parts = {
            "by": self._counts(crossed, [name, "theme"]),
            "sizes": sizes.agg(all=("rec", "nunique"), reviews=("review", "nunique")).reset_index(),
        }
        return self.themes() + _json(parts)

    def crossed(self, first: str, second: str) -> str:
        """The same by each of two dimensions, and by both together."""
        pairs = self._values(first).merge(self._values(second), on="rec")
        keys = [first, second]
        sizes = pairs.join(self.recs[["review"]], on="rec").groupby(keys, dropna=False)
        parts = {
            "crossed": self._counts(self.tags.merge(pairs, on="rec"), [*keys, "theme"]),
            "sizes": sizes.agg(all=("rec", "nunique"), reviews=("review", "nunique")).reset_index(),
        }
        return self.themes_by(first) + self.themes_by(second) + _json(parts)

    def _values(self, name: str) -> pd.DataFrame:
        """The values of a dimension, a line each."""
        long = {"sector": self.sectors, "agency": self.agencies}.get(name)
        if long is None:
            return self.recs[[name]].rename_axis("rec").reset_index()
        return long[["rec", name]]

    def briefing(self, theme: str) -> str:
        """One theme by year, sector, area and status, its wordings, and what stands behind it."""
        chosen = self.tags[self.tags["theme"] == theme][["rec"]]
        own = self.recs.loc[chosen["rec"]]
        parts = {"items": own, "status": own.groupby("status", dropna=False).size().reset_index()}
        for name in ("year", "sector", "area"):
            values = self._values(name).join(self.recs[["review"]], on="rec")
            values["theme"] = values["rec"].isin(chosen["rec"])
            found = values.groupby(name, dropna=False).agg(
                all=("rec", "nunique"), theme=("theme", "sum"), reviews=("review", "nunique")
            )
            parts[name] = found.assign(share=found["theme"] / found["all"]).reset_index()
        weights = TfidfVectorizer().fit(self.recs["text"]).transform(own["text"])
        nearness = np.asarray(weights @ weights.sum(axis=0).T).ravel()
        parts["wordings"] = own.iloc[np.argsort(-nearness)[:50]]
        return _json(parts)

    @staticmethod
    def repeated(members: pd.DataFrame) -> str:
        """Groups with their spans and sizes, and their members."""
        found = members.groupby("group").agg(
            wording=("text", "first"),
            recommendations=("id", "nunique"),
            reviews=("review_id", "nunique"),
            first=("year", "min"),
            last=("year", "max"),
        )
        return _json({"groups": found.reset_index(), "members": members})

    def progress(self) -> str:
        """Open, overdue and done without an outcome, for all, by agency and by review; lists."""
        recs = self.recs.rename_axis("rec").reset_index()
        recs["open"] = ~recs["status"].isin(["complete", "ongoing", "not-accepted"])
        target = recs["target_date"]
        today = TODAY.isoformat()
        over = [isinstance(day, str) and day < today[: len(day)] for day in target]
        recs["overdue"] = recs["open"] & pd.Series(over)
        recs["bare"] = (recs["status"] == "complete") & recs["outcome"].isna()
        crossed = self.agencies[["rec", "agency"]].merge(recs, on="rec")
        flags = ["open", "overdue", "bare"]
        parts = {"totals": recs[flags].sum().to_frame().T}
        for name, frame in (("agency", crossed), ("review", recs)):
            parts[name] = frame.groupby(name)[flags].sum().reset_index()
            parts[f"{name}_status"] = (
                frame.groupby([name, "status"], dropna=False).size().reset_index(name="many")
            )
        for flag in flags:
            parts[f"{flag}_list"] = recs[recs[flag]]
        return _json(parts)

    def review(self, review: str) -> str:
        """The themes of one review beside those of all."""
        own = self.tags[self.tags["review"] == review]
        parts = {
            "here": self._counts(own, ["theme"]),
            "all": self._counts(self.tags, ["theme"]),
            "items": self.recs[self.recs["review"] == review],
        }
        return _json(parts)

    def agency(self, agency: str) -> str:
        """What one agency has been asked, by theme and year and status."""
        asked = self.agencies[self.agencies["agency"] == agency]["rec"]
        own = self.recs.loc[asked]
        tags = self.tags[self.tags["rec"].isin(asked)]
        crossed = tags.join(self.recs[["status"]], on="rec")
        parts = {
            "status": own.groupby("status", dropna=False).size().reset_index(name="many"),
            "themes": self._counts(tags, ["theme"]),
            "themes_status": crossed.groupby(["theme", "status"]).size().reset_index(name="many"),
            "years": own.groupby(["year", "status"]).size().reset_index(name="many"),
            "items": own,
        }
        return _json(parts)


def _json(parts: dict[str, pd.DataFrame]) -> str:
    found = {name: frame.to_json(orient="records") for name, frame in parts.items()}
    return json.dumps(list(found)) + "".join(found.values())


if __name__ == "__main__":
    main()
