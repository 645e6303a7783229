"""How good the tags are, made into a report; and how far two labelling passes agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.reports.report import Cell, Chart, Report, Table, columns

Found = Mapping[str, Any]
_METHODS = {
    "combined": "combination (rules and model)",
    "rules": "rules alone",
    "classifier": "model alone",
    "most-frequent": "always the most frequent theme",
}
_PASSES = "the two labelling passes with each other"


def tag_quality(found: Found) -> Report:
    """A report of an evaluation, given as the JSON object that scripts read."""
    tables = [_methods(found), _themes(found), _themes_by_method(found)]
    if found["not_learnt"]:
        tables.append(_without_model(found))
    tables.append(_calibration(found["calibration"]))
    if found["learning_curve"]:
        tables.append(_curve(found["learning_curve"]))
    caution = found["measured_on"]
    head = [("Measured on", caution)] if caution else []
    return Report(
        name="evaluation",
        title="How good the tags are",
        tables=tuple(tables),
        data=dict(found),
        notes=tuple(_notes(found)),
        head=(*head, ("Texts", _texts(found)), *_said(found)),
    )


def _texts(found: Found) -> str:
    measured = f"{found['texts']:,} judged recommendations"
    if found["folds"] == 0:
        return f"{measured}, from a file of labelled texts"
    reviews = f"{measured} of {found['reviews']} reviews"
    if found["folds"] == 1:
        return f"{reviews}, the starter's test set, never learnt from"
    return f"{reviews}, held out in {found['folds']} folds of whole reviews"


def _said(found: Found) -> list[tuple[str, str]]:
    lines = []
    if found["tuned"]:
        lines.append(("Tuned on", found["tuned"]))
    if found["kept_out"]:
        kept = found["kept_out"]
        lines.append(
            (
                "Near copies",
                f"{kept['judged']} judged texts and {kept['background']} background texts "
                "(examples, practice) taught nothing while a text that they nearly copy was held "
                "out",
            )
        )
    if found["inputs"]:
        lines.append(("Inputs", f"digest {found['inputs']}"))
    return lines


def _notes(found: Found) -> list[str]:
    notes = [
        "n: how often a theme was judged to hold. Precision: of the tags given, the share judged "
        "right. Recall: of the tags judged right, the share given. F1: their harmonic mean. Micro "
        "counts all tags together; macro is the mean over the themes.",
        "Intervals are of 95%: Wilson's for precision, recall and calibration; for F1 that of "
        "drawing whole reviews again, since the recommendations of one review hang together (none "
        "with fewer than 10 reviews).",
        "Calibration counts every judged pair of recommendation and theme that got a confidence, "
        "as a tag or as a suggestion, and no pair of which neither rule nor model spoke.",
    ]
    if "classifier" in found["methods"]:
        notes.append(
            "The model alone is learnt without hearing the rules, which only keep unjudged texts "
            "on which they fire from serving as “no”."
        )
    if found["passes"]:
        notes.append(
            "The two labelling passes, blind to each other, were both made by the same kind of "
            "language model: they agree more than two people would."
        )
    if found["measured_on"]:
        notes.append(f"Measured on {found['measured_on']}.")
    return notes


def _scored(found: Found) -> dict[str, Found]:
    """The scores of each method by its name for people, and of the labelling passes."""
    named = {_METHODS.get(name, name): scores for name, scores in found["methods"].items()}
    return named | ({_PASSES: found["passes"]} if found["passes"] else {})


def _methods(found: Found) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            scores["micro"]["f1"],
            _interval(scores["micro"]["f1_interval"]),
            scores["micro"]["precision"]["value"],
            scores["micro"]["recall"]["value"],
            scores["macro_f1"],
            _interval(scores["macro_f1_interval"]),
        )
        for name, scores in _scored(found).items()
    ]
    heads = columns(
        ("method", "Method"),
        ("micro_f1", "micro-F1", "score"),
        ("micro_f1_interval", "95% interval of micro-F1", "score interval"),
        ("precision", "precision", "score"),
        ("recall", "recall", "score"),
        ("macro_f1", "macro-F1", "score"),
        ("macro_f1_interval", "95% interval of macro-F1", "score interval"),
    )
    return Table("methods", "All themes together", heads, tuple(rows))


def _themes(found: Found) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            theme,
            one["n"],
            one["precision"]["value"],
            _interval(one["precision"]),
            one["recall"]["value"],
            _interval(one["recall"]),
            one["f1"],
            _interval(one["f1_interval"]),
        )
        for theme, one in found["methods"]["combined"]["themes"].items()
    ]
    heads = columns(
        ("theme", "Theme"),
        ("n", "n", "count"),
        ("precision", "precision", "score"),
        ("precision_interval", "95% interval of precision", "score interval"),
        ("recall", "recall", "score"),
        ("recall_interval", "95% interval of recall", "score interval"),
        ("f1", "F1", "score"),
        ("f1_interval", "95% interval of F1", "score interval"),
    )
    return Table("themes", "Each theme, tagged by the combination", heads, tuple(rows))


def _themes_by_method(found: Found) -> Table:
    scored = list(_scored(found).items())
    rows: list[tuple[Cell, ...]] = [
        (theme, one["n"], *(scores["themes"][theme]["f1"] for _, scores in scored))
        for theme, one in found["methods"]["combined"]["themes"].items()
    ]
    heads = columns(
        ("theme", "Theme"),
        ("n", "n", "count"),
        *((f"f1_{at}", name, "score") for at, (name, _) in enumerate(scored)),
    )
    return Table("themes_by_method", "F1 of each theme by each method", heads, tuple(rows))


def _without_model(found: Found) -> Table:
    rows = tuple(found["positives_of_not_learnt"].items())
    heads = columns(("theme", "Theme"), ("positives", "Texts known to hold it", "count"))
    return Table(
        "without_model", "Themes that got no model: too few texts could teach them", heads, rows
    )


def _calibration(found: Found) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            f"{one['from']:.1f}–{one['to']:.1f}",
            one["pairs"],
            one["tags"],
            one["mean_confidence"],
            one["share_right"]["value"],
            _interval(one["share_right"]),
        )
        for one in found["bins"]
    ]
    heads = columns(
        ("confidence", "Confidence"),
        ("pairs", "tags and suggestions", "count"),
        ("tags", "of these tags", "count"),
        ("mean_confidence", "mean confidence", "score"),
        ("share_right", "share right", "score"),
        ("share_right_interval", "95% interval of it", "score interval"),
    )
    error = found["expected_calibration_error"]
    told = "" if error is None else f" (expected calibration error {error:.3f})"
    chart = Chart("mean_confidence", ("share_right", "mean_confidence"))
    return Table(
        "calibration",
        f"Calibration: are the confidences right as often as they say?{told}",
        heads,
        tuple(rows),
        chart=chart,
    )


def _curve(points: list[Found]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            f"{point['share']:.1%}".replace(".0%", "%"),
            round(point["reviews"]),
            round(point["texts"]),
            point["scores"]["micro"]["f1"],
            _interval(point["scores"]["micro"]["f1_interval"]),
            point["scores"]["macro_f1"],
            _interval(point["scores"]["macro_f1_interval"]),
        )
        for point in points
    ]
    heads = columns(
        ("share", "Share of the training reviews"),
        ("reviews", "reviews learnt from", "count"),
        ("texts", "judged texts", "count"),
        ("micro_f1", "micro-F1", "score"),
        ("micro_f1_interval", "95% interval of micro-F1", "score interval"),
        ("macro_f1", "macro-F1", "score"),
        ("macro_f1_interval", "95% interval of macro-F1", "score interval"),
    )
    chart = Chart("reviews", ("micro_f1", "macro_f1"))
    title = "Learning curve of the combination"
    return Table("learning_curve", title, heads, tuple(rows), chart=chart)


def passes_agreement(found: Found) -> Report:
    """A report of ``{themes: agreement, pairs: agreement, measured_on}``."""
    tables = [_agreement("themes", "recommendations", found["themes"])]
    if found["pairs"]["texts"]:
        tables.append(_agreement("pairs", "pairs", found["pairs"]))
    return Report(
        name="agreement",
        title="How far the two labelling passes agree",
        tables=tuple(tables),
        data=dict(found),
        notes=(
            "first, second, both: how often the label was given by the first pass, by the second, "
            "by both. Kappa is agreement beyond chance (Cohen, 1960).",
            f"Measured on {found['measured_on']}; both passes by language models, not by people.",
        ),
        head=(("Measured on", found["measured_on"]),),
    )


def _agreement(name: str, of: str, found: Found) -> Table:
    counted = {**found["labels"], "all decisions (micro)": found["micro"]}
    rows: list[tuple[Cell, ...]] = [
        (label, one["first"], one["second"], one["both"], one["f1"], one["kappa"])
        for label, one in counted.items()
    ]
    macro = found["macro"]
    rows.append(("mean (macro)", None, None, None, macro["f1"], macro["kappa"]))
    heads = columns(
        ("label", name.removesuffix("s").capitalize()),
        ("first", "first", "count"),
        ("second", "second", "count"),
        ("both", "both", "count"),
        ("f1", "F1", "score"),
        ("kappa", "kappa", "score"),
    )
    title = f"{found['texts']:,} {of}, each judged twice, blind to the other pass"
    return Table(name, title, heads, tuple(rows))


def _interval(ends: Found) -> tuple[float, float] | None:
    return None if ends["low"] is None else (ends["low"], ends["high"])
