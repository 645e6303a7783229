"""Fields: their results are printed, their instructions are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kb.ingest.readers.word.tags import DELETED, VAL, W, is_on, whole

_CHECKED, _UNCHECKED = "☒", "☐"
FIELD_CHAR, INSTRUCTION = f"{W}fldChar", f"{W}instrText"


@dataclass
class _Field:
    begin: Any
    instruction: str = ""
    has_result: bool = False
    is_contents: bool = False


class Fields:
    """The fields that are open at a point of a story; one that is never closed is none."""

    def __init__(self, root: Any) -> None:
        """Find which fields of a part are closed, so that none swallows the rest of it."""
        self._closed: dict[Any, None] = {}
        self._open: list[_Field] = []
        begun: list[Any] = []
        for element in root.iter(FIELD_CHAR):
            kind = element.get(f"{W}fldCharType")
            if next(element.iterancestors(*DELETED), None) is not None:
                continue
            if kind == "begin":
                begun.append(element)
            elif kind == "end" and begun:
                self._closed[begun.pop()] = None

    @property
    def is_silent(self) -> bool:
        """Whether what stands here is an instruction."""
        return bool(self._open) and any(not field.has_result for field in self._open)

    @property
    def is_contents(self) -> bool:
        """Whether what stands here is the result of a table of contents."""
        return bool(self._open) and any(field.is_contents for field in self._open)

    def instruct(self, text: str) -> None:
        """Take a piece of the innermost field's instruction."""
        if self._open and not self._open[-1].has_result:
            self._open[-1].instruction += text

    def mark(self, element: Any) -> str:
        """Pass the begin, middle or end of a field; what it prints by itself (a form's box)."""
        kind = element.get(f"{W}fldCharType")
        if kind == "begin" and element in self._closed:
            self._open.append(_Field(element))
        elif kind == "separate" and self._open:
            field = self._open[-1]
            field.has_result = True
            field.is_contents = field.instruction.split()[:1] == ["TOC"]
        elif kind == "end" and self._open:
            return _form(self._open.pop().begin)
        return ""


def _form(begin: Any) -> str:
    """What a form field shows: a ticked or an empty box, or the entry chosen of a list."""
    box = begin.find(f"{W}ffData/{W}checkBox")
    if box is not None:
        said = box.find(f"{W}checked")
        said = box.find(f"{W}default") if said is None else said
        return _CHECKED if said is not None and is_on(said) else _UNCHECKED
    entries = begin.findall(f"{W}ffData/{W}ddList/{W}listEntry")
    chosen = begin.find(f"{W}ffData/{W}ddList/{W}result")
    at = (whole(chosen.get(VAL)) if chosen is not None else 0) or 0
    return (entries[at].get(VAL) or "") if at < len(entries) else ""
