"""The table of layers in DESIGN.md, held: who may import whom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "kb"
MODULES = sorted(PACKAGE.rglob("*.py"))
ANYONE = {"printed", "model", "errors", "files", "limits", "intervals"}
# What a layer may import beside itself and ANYONE.
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "printed": set(),
    "model": {"printed"},
    "limits": set(),
    "intervals": set(),
    "files": {"errors"},
    "text": set(),
    "settings": {"text"},
    "corpus": {"text"},
    "taxonomy": {"text"},
    "ingest": {"text"},
    "tagging": {"text", "taxonomy"},
    "index": {"text"},
    "search": {"text", "index"},
    "similarity": {"text", "index"},
    "wording": {"text"},
    "reports": set(),
    "library": {
        "text", "settings", "corpus", "taxonomy", "ingest", "tagging", "index", "search",
        "similarity", "wording", "reports",
    },
    "web": {"library"},
    "cli": {"library", "web"},
    "__init__": {"library"},
    "__main__": {"cli"},
}  # fmt: skip
# Modules that stand alone: one place knows each of these libraries.
ONE_PLACE = {"whoosh": {"kb/search/whoosh_text.py"}}
WEB = {"starlette", "uvicorn", "jinja2", "markupsafe", "anyio"}
HEAVY = {
    "sklearn",
    "scipy",
    "matplotlib",
    "docx",
    "python_calamine",
    "xlsxwriter",
    "rich",
    "pdfplumber",
}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    """The modules that a tree imports, wherever in it; ``from kb import x`` counts as ``kb.x``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            if node.module == "kb":
                yield from (f"kb.{alias.name}" for alias in node.names)
            else:
                yield node.module


def without_type_checking(tree: ast.Module) -> ast.Module:
    """A module without what stands under ``if TYPE_CHECKING``."""
    for node in ast.walk(tree):
        for body in ("body", "orelse"):
            kept = [part for part in _statements(node, body) if not _is_type_checking(part)]
            if hasattr(node, body) and isinstance(getattr(node, body), list):
                setattr(node, body, kept)
    return tree


def _statements(node: ast.AST, body: str) -> list[ast.stmt]:
    found = getattr(node, body, [])
    return found if isinstance(found, list) else []


def _is_type_checking(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_every_module_belongs_to_a_layer() -> None:
    assert {layer_of(path) for path in MODULES} == set(ALLOWED)


def layers_used(path: Path) -> set[str]:
    """The layers of ours that a module imports.

    The two faces may name the types of what the library gives them.
    """
    tree = parsed(path)
    if layer_of(path) in ("cli", "web"):
        tree = without_type_checking(tree)
    return {name.split(".")[1] for name in imported(tree) if name.startswith("kb.")}


def test_imports_follow_the_arrows() -> None:
    wrong = {
        name_of(path): against
        for path in MODULES
        if (
            against := layers_used(path)
            - ALLOWED[layer_of(path)]
            - {layer_of(path), "__version__"}
            - (set() if layer_of(path) in ANYONE else ANYONE)
        )
    }
    assert wrong == {}


@pytest.mark.parametrize("library", ONE_PLACE)
def test_an_engine_is_imported_in_one_module(library: str) -> None:
    users = {
        name_of(path)
        for path in MODULES
        if any(name.split(".")[0] == library for name in imported(parsed(path)))
    }
    assert users == ONE_PLACE[library]


def imported_at_the_top(path: Path) -> set[str]:
    statements = without_type_checking(parsed(path)).body
    return {
        name.split(".")[0]
        for node in statements
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in imported(node)
    }


def test_heavy_libraries_are_imported_only_where_they_are_used() -> None:
    wrong = {
        name_of(path): found for path in MODULES if (found := HEAVY & imported_at_the_top(path))
    }
    assert wrong == {}


def test_the_web_layer_alone_knows_what_it_is_built_on() -> None:
    users = {
        layer_of(path)
        for path in MODULES
        if WEB & {name.split(".")[0] for name in imported(parsed(path))}
    }
    assert users == {"web"}


def test_the_pages_are_loaded_by_their_command_alone() -> None:
    for path in (path for path in MODULES if layer_of(path) == "cli"):
        statements = without_type_checking(parsed(path)).body
        at_the_top = [one for one in statements if isinstance(one, ast.Import | ast.ImportFrom)]
        found = {name for node in at_the_top for name in imported(node)}
        assert not any(name.startswith("kb.web") for name in found), name_of(path)
