"""What cannot be as it was filled in: told at the top of its page and beside its field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.errors import KnowledgeBaseError
from kb.web.told import told


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field, by the name that it has in its form, and what to do."""

    field: str
    message: str
    hint: str = ""
    status: int = 400

    @classmethod
    def of(cls, error: KnowledgeBaseError, field: str) -> Problem:
        """An error as a problem of the field that it names, else of this one."""
        said = told(error)
        return cls(error.field or field, said.message, said.hint, said.status)


def status_of(problems: Sequence[Problem]) -> int:
    """The status of a page that tells these."""
    return problems[0].status if problems else 200
