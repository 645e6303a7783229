"""Where one paragraph ends and the next begins, told from lines of print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kb.ingest.readers.pdf.lines import Line, is_bullet
from kb.ingest.readers.pdf.style import Margins, Style, is_centred

_SAME_SIZE = 0.06  # of the size: how far lines of one paragraph may differ
_GAP = 1.22  # of the usual distance between lines: a larger one parts paragraphs
_STEADY = 0.1  # of the distance: how far distances within one paragraph may differ
_WIDEST = 2.8  # of the size: lines of one paragraph are never further apart
_ALIGNED = 2.5  # points: how far the left ends of lines in one column may differ
_DEEPEST_INDENT, _FIRST_INDENT = 72.0, 45.0  # points: hanging, of a first line
_OUTDENT = 3.0  # points
_TAB = 0.6  # of the size: a space so wide parts a label from its text
_SLACK = 0.5  # of the size: room that a line had left for the next word
_EMPTY = 0.3  # of the width: a line that leaves so much free was ended on purpose
_ENDS = (".", "!", "?", ":", ";")
_CLOSING = "”’\"')]0123456789"


@dataclass(frozen=True)
class Seams:
    """Decides whether two lines belong to one paragraph, by the style and margins around them.

    ``distance`` is the usual one between lines in this part of the page, None where it does not
    tell; ``narrow`` says where the lines (by ``id``) of narrower blocks end.
    """

    style: Style
    margins: Margins
    distance: float | None
    narrow: Mapping[int, float] = field(default_factory=dict)

    def part(self, lines: Sequence[Line], line: Line) -> bool:
        """Whether ``line`` begins a new paragraph after these lines of one."""
        before = lines[-1]
        if before.mark is not None and before.mark == line.mark:
            return False
        return (
            not _same_size(before, line)
            or self._far(lines, line)
            or self._bold_changes(before, line)
            or self._begins_item(lines, line)
            or self._indents(lines, line)
            or self._ended_early(before, line)
        )

    def goes_on_overleaf(self, lines: Sequence[Line], line: Line, margins: Margins) -> bool:
        """Whether the paragraph of these lines goes on with ``line`` on the next page or column.

        ``margins`` are those there. A full line that ends a sentence before a capital letter is
        taken for the end of its paragraph, except in text set to both margins.
        """
        before = lines[-1]
        indent = line.x0 - margins.left - (before.x0 - self.margins.left)
        if not _same_size(before, line) or before.bold != line.bold or line.labelled:
            return False
        if self._ended_early(before, line) or (len(lines) > 1 and indent > _ALIGNED):
            return False
        if not _is_sentence_end(before.text) or line.text[0].islower():
            return True
        full = abs(before.x1 - self.margins.end_of(before)) <= 1.2
        return self.style.justified and full and not before.text.endswith((":", ";"))

    def _far(self, lines: Sequence[Line], line: Line) -> bool:
        before = lines[-1]
        apart = line.base - before.base
        if apart > _WIDEST * line.size or apart < 0:
            return True
        if len(lines) > 1:
            within = before.base - lines[-2].base
            if before.page == lines[-2].page and abs(apart - within) <= _STEADY * within:
                return False
        usual = self.style.distance(line.size)
        if self.distance and abs(line.size - self.style.size) < 1:
            usual = self.distance
        if apart <= _GAP * usual:
            return False
        flows = line.text[0].islower() and not _is_sentence_end(before.text)
        return not (flows and len(lines) == 1 and not self._ended_early(before, line))

    def _bold_changes(self, before: Line, line: Line) -> bool:
        if before.bold == line.bold:
            return False
        return _is_sentence_end(before.text) or not line.text[0].islower()

    def _begins_item(self, lines: Sequence[Line], line: Line) -> bool:
        """Whether a line begins with a number or bullet that is no word of the sentence before."""
        if not line.labelled:
            return False
        if is_bullet(line.words[0].text) or line.label_gap > _TAB:
            return True
        return line.x0 < lines[-1].x0 - _OUTDENT or _is_sentence_end(lines[-1].text)

    def _indents(self, lines: Sequence[Line], line: Line) -> bool:
        """Whether a line begins at another place than a paragraph's next line does."""
        before = lines[-1]
        moved = line.x0 - before.x0
        if abs(moved) <= _ALIGNED or is_centred([before, line], self.margins):
            return False
        if len(lines) > 1:
            return True
        if moved < 0:
            return -moved > _FIRST_INDENT
        if before.labelled and abs(line.x0 - before.text_x0) <= 2 * _ALIGNED:
            return False
        return moved > _DEEPEST_INDENT or _is_sentence_end(before.text)

    def _ended_early(self, before: Line, line: Line) -> bool:
        """Whether the line before had room for the first word of this one."""
        room = self.narrow.get(id(before), self.margins.end_of(before)) - before.x1
        if is_centred([before, line], self.margins):
            room = self.margins.width - (before.x1 - before.x0)
        room -= before.space + line.first_chunk
        if room <= 1:
            return False
        if _is_sentence_end(before.text) or line.labelled:
            return True
        if line.text[0].islower():
            return room > _EMPTY * self.margins.width
        return room > _SLACK * before.size


def _same_size(before: Line, line: Line) -> bool:
    return abs(before.size - line.size) <= _SAME_SIZE * max(before.size, line.size)


def _is_sentence_end(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith(_ENDS) or text.endswith(("; and", "; or"))
