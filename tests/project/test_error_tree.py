"""The errors: all drawn in one place, all told in words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import kb
from kb import errors
from kb.errors import KnowledgeBaseError

PACKAGE = Path(kb.__file__).parent


def all_errors(root: type[KnowledgeBaseError]) -> list[type[KnowledgeBaseError]]:
    return [root, *(error for child in root.__subclasses__() for error in all_errors(child))]


def drawn() -> dict[str, str | None]:
    """Each name in the tree of the module's docstring, with the name that it hangs on."""
    parents: dict[str, str | None] = {}
    above: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"([ │├└─]{4,})([A-Z]\w+)", line)
        if found is None:
            continue
        depth, name = len(found[1]), found[2]
        above = [(d, n) for d, n in above if d < depth]
        parents[name] = above[-1][1] if above else None
        above.append((depth, name))
    return parents


def test_every_error_is_drawn_where_it_hangs() -> None:
    parents = {
        error.__name__: None if error is KnowledgeBaseError else error.__mro__[1].__name__
        for error in all_errors(KnowledgeBaseError)
    }
    assert drawn() == parents


def test_every_error_lives_in_one_module() -> None:
    assert {error.__module__ for error in all_errors(KnowledgeBaseError)} == {"kb.errors"}


def test_only_wrong_usage_exits_with_2() -> None:
    codes = {error.__name__: error.exit_code for error in all_errors(KnowledgeBaseError)}
    assert {name for name, code in codes.items() if code == 2} == {"WrongUsage"}
    assert set(codes.values()) == {1, 2}


def test_an_error_names_place_value_and_next_step() -> None:
    error = KnowledgeBaseError("this is 'x'", place="plan.csv, line 2", hint="Mend it.")
    assert str(error) == "plan.csv, line 2: this is 'x'\nMend it."


def test_the_product_has_no_naked_assert_and_no_blind_handler() -> None:
    wrong = [
        f"{path.name}, line {node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Assert)
        or (isinstance(node, ast.ExceptHandler) and node.type is None)
    ]
    assert wrong == []
