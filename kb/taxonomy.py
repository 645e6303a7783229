"""Reading ``taxonomy.yaml``: its shape is checked, and every fault is named with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from kb.errors import TaxonomyError
from kb.model import Group, Rule, Taxonomy, Theme


@dataclass(frozen=True)
class ShapeFault:
    """A fault of the file's shape: its line (from 1), the theme it is in, and what is wrong."""

    line: int
    theme: str | None
    message: str

    def __str__(self) -> str:
        theme = f", theme {self.theme}" if self.theme else ""
        return f"line {self.line}{theme}: {self.message}"


@dataclass(frozen=True)
class TaxonomyFile:
    """A taxonomy as read, its digest, the line on which each theme begins, and its faults."""

    taxonomy: Taxonomy | None
    digest: str
    lines: dict[str, int]
    faults: tuple[ShapeFault, ...]

    @property
    def model(self) -> Taxonomy:
        """The taxonomy; raises TaxonomyError where the file has faults."""
        if self.taxonomy is None:
            raise TaxonomyError(str(self.faults[0]), hint="Mend it, then run: kb taxonomy check")
        return self.taxonomy


def load_taxonomy(path: Path) -> TaxonomyFile:
    """Read a taxonomy; raises TaxonomyError naming the file, line and theme of the first fault."""
    file = inspect_taxonomy(path)
    if file.faults or file.taxonomy is None:
        more = f" (and {len(file.faults) - 1} more faults)" if len(file.faults) > 1 else ""
        raise TaxonomyError(
            f"{file.faults[0]}{more}",
            place=str(path),
            hint="Mend it, then run: kb taxonomy check",
        )
    return file


def inspect_taxonomy(path: Path) -> TaxonomyFile:
    """Read a taxonomy and collect the faults of its shape instead of stopping at the first."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise TaxonomyError(
            "there is no taxonomy here",
            place=str(path),
            hint="Make a knowledge base with: kb init DIR",
        ) from error
    except OSError as error:
        raise TaxonomyError(
            f"the taxonomy cannot be read: {error.strerror}", place=str(path)
        ) from error
    digest = hashlib.sha256(data).hexdigest()
    try:
        text = data.decode("utf-8")
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        loaded: Any = yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return TaxonomyFile(None, digest, {}, (_yaml_fault(error),))
    faults = list(_key_faults(root)) if root is not None else []
    lines = dict(_theme_lines(root)) if root is not None else {}
    faults += _doubled_ids(root)
    taxonomy = None
    if not faults:
        try:
            taxonomy = Taxonomy.model_validate(loaded)
        except ValidationError as error:
            faults += [_validation_fault(root, dict(detail)) for detail in error.errors()]
    return TaxonomyFile(taxonomy, digest, lines, tuple(faults))


def _yaml_fault(error: Exception) -> ShapeFault:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it is not text in UTF-8"
    return ShapeFault(mark.line + 1 if mark else 1, None, f"this is not valid YAML: {problem}")


def _pairs(node: Any) -> Iterator[tuple[str, Any, Any]]:
    """The (key, key node, value node) of a mapping node; nothing for any other node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key, value


def _child(node: Any, name: str) -> Any:
    return next((value for key, _, value in _pairs(node) if key == name), None)


def _items(node: Any) -> list[Any]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _theme_nodes(root: Any) -> Iterator[tuple[str | None, Any]]:
    for group in _items(_child(root, "groups")):
        for theme in _items(_child(group, "themes")):
            node = _child(theme, "id")
            yield (str(node.value) if node is not None else None), theme


def _theme_lines(root: Any) -> Iterator[tuple[str, int]]:
    for theme_id, node in _theme_nodes(root):
        if theme_id:
            yield theme_id, node.start_mark.line + 1


def _unknown(node: Any, model: type[BaseModel], theme: str | None) -> Iterator[ShapeFault]:
    known = list(model.model_fields)
    seen: set[str] = set()
    for key, key_node, _ in _pairs(node):
        line = key_node.start_mark.line + 1
        if key not in known:
            yield ShapeFault(line, theme, f"unknown key {key!r}; known here: {', '.join(known)}")
        if key in seen:
            yield ShapeFault(line, theme, f"the key {key!r} stands twice")
        seen.add(key)


def _key_faults(root: Any) -> Iterator[ShapeFault]:
    yield from _unknown(root, Taxonomy, None)
    for group in _items(_child(root, "groups")):
        yield from _unknown(group, Group, None)
    for theme_id, theme in _theme_nodes(root):
        yield from _unknown(theme, Theme, theme_id)
        for rule in _items(_child(theme, "rules")):
            yield from _unknown(rule, Rule, theme_id)


def _doubled_ids(root: Any) -> list[ShapeFault]:
    faults = []
    first: dict[str, int] = {}
    nodes = [
        (str(_child(g, "id").value), g, "group")
        for g in _items(_child(root, "groups"))
        if _child(g, "id") is not None
    ]
    themes = [(theme_id, node, "theme") for theme_id, node in _theme_nodes(root) if theme_id]
    for identity, node, noun in [*nodes, *themes]:
        line = node.start_mark.line + 1
        key = f"{noun} {identity}"
        if key in first:
            faults.append(
                ShapeFault(
                    line, identity, f"the {noun} id {identity!r} stands on line {first[key]} too"
                )
            )
        first.setdefault(key, line)
    return faults


def _validation_fault(root: Any, detail: dict[str, Any]) -> ShapeFault:
    """Put a line to a pydantic error by walking the YAML nodes along its location."""
    node = root
    theme: str | None = None
    line = root.start_mark.line + 1 if root is not None else 1
    for part in detail["loc"]:
        inner = (
            _items(node)[part]
            if isinstance(part, int) and part < len(_items(node))
            else _child(node, str(part))
        )
        if inner is None:
            break
        node = inner
        line = node.start_mark.line + 1
        identity = _child(node, "id")
        if _child(node, "themes") is None and identity is not None:
            theme = str(identity.value)
    place = ".".join(str(part) for part in detail["loc"]) or "the file"
    return ShapeFault(line, theme, f"{place}: {detail['msg']}")
