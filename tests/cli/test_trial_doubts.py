"""What kb add says of doubts that many recommendations share."""

from __future__ import annotations

from kb.cli.added import doubt_lines
from kb.model import Recommendation, Source


def _recommendation(position: int) -> Recommendation:
    source = Source(file="plan.docx", sha256="0" * 64, place="table 1, row 2")
    return Recommendation(position=position, text="Ring first.", source=source)


def test_doubt_of_many_recommendations_takes_one_line() -> None:
    doubts = [(_recommendation(n), "the status says so") for n in range(1, 11)]
    doubts.append((_recommendation(11), "“31.2.26” is not a day"))
    assert doubt_lines("case-3", doubts) == [
        "  doubt at case-3/1, /2, /3, /4, /5, /6, /7, /8 and 2 more: the status says so",
        "  doubt at case-3/11: “31.2.26” is not a day",
    ]
    assert doubt_lines("case-3", doubts, in_full=True)[0].endswith("/9, /10: the status says so")
