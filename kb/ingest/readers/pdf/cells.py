"""The text of a cell: its lines, and which of their ends were meant."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.ingest.readers.pdf.layout import Word
from kb.ingest.readers.pdf.running import Vocabulary, joined
from kb.ingest.readers.pdf.words import lines_of

_SPACE = 0.25  # of the size: the width of a space where a cell shows none
_SURE = 0.5  # points by which a word must have fitted for its line's end to be meant
_GAP = 1.3  # of the usual distance of lines: paragraphs lie further apart
_MANY = 12  # lines from which the longest one shows how long a line can be
_PADDING = 12.0  # points: text that starts further in is set in, not padded
_LABEL = re.compile(
    r"[•●○◦▪▫■□❑❖‣➢➔→✓☐☑☒◆\ufffd·]|o|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\((?:\d|[a-z])\)"
)
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{2,4}[.,;]?|\d{1,2}[./-]\d{4}[.,;]?")
_CLOSING = ".,;:)]!?%”’"
_ENDING = re.compile(
    r"[b-df-hj-np-tv-z]{0,2}(?:[ai]tion|tion|sion|ment|ing|ness|ity|ies|ance|ence|able|ible|ed|er|or|"
    r"ly|al|ally|ous|ive|ful|ship|ary|ory|ist|ism|age|ate|ated|ise|ised|ure)s?"
)
_SHORT_WORDS = frozenset(
    "a all an and any are as at be but by can co did do dr due ed end few for get go gp had has he "
    "her him his how i if in is it its led let may me mr ms my new no nor not now of off old on "
    "one or our out own per put ran re run see set she six so ten the to too two up us use via "
    "was way we who why you yet".split()
)
_LAST, _FIRST = re.compile(r"[^\W\d_]+$"), re.compile(r"^[^\W\d_]+")
_ADDRESS = re.compile(r"(?i)https?:|www\.|\S@|@\S")


@dataclass(slots=True)
class Line:
    """One line of a cell; ``brimful``: one long word fills it, which may go on below."""

    text: str
    brimful: bool = False


@dataclass(slots=True)
class CellText:
    """The lines of a cell, parted into paragraphs; ``bottom`` is that of the last line.

    ``letter`` and ``word`` are the widths of the first letter and word, ``left`` is the room that
    the last line leaves and ``alone`` says that it is a single word.
    """

    paragraphs: list[list[Line]]
    bottom: float
    leading: float
    letter: float = 0.0
    word: float = 0.0
    left: float = math.inf
    alone: bool = False

    def said(self, vocabulary: Vocabulary) -> str:
        """The text, one line a paragraph, with words whole that the ends of lines cut."""
        return "\n".join(_said(lines, vocabulary) for lines in self.paragraphs)

    def has_room_for(self, after: CellText) -> bool:
        """Whether the first word of another text had fitted into the last line of this one."""
        return _SPACE * self.leading / 1.2 + after.word <= self.left

    def take_rest(self, after: CellText, vocabulary: Vocabulary) -> None:
        """Make the last word whole where a narrow column and a page break cut it."""
        if not (self.alone and after.paragraphs) or self.left >= after.letter:
            return
        last, rest = self.paragraphs[-1][-1], after.paragraphs[0][0]
        if _is_cut(last.text, rest.text, vocabulary):
            word, _, rest.text = rest.text.partition(" ")
            last.text += word
            if not rest.text:
                del after.paragraphs[0][0]
            if not after.paragraphs[0]:
                del after.paragraphs[0]


@dataclass(frozen=True, slots=True)
class Room:
    """Where the lines of a column begin and may end (points from the left)."""

    left: float
    right: float


def room_of(cells: Iterable[tuple[float, float, Sequence[Word]]]) -> Room:
    """The room of a column from its cells (left edge, right edge, words)."""
    cells = list(cells)
    x0, x1 = min(cell[0] for cell in cells), max(cell[1] for cell in cells)
    lines = [line for *_, words in cells for line in lines_of(_upright(words))]
    if not lines:
        return Room(x0, x1)
    padding = min(line[0].x0 for line in lines) - x0
    right = x1 - (padding if 0 <= padding <= _PADDING else 0.0)
    if len(lines) >= _MANY:
        longest = max((e for line in lines if (e := line[-1].x1) <= x1), default=x1)
        right = min(right, longest + 2.0)
    return Room(x0 + max(padding, 0.0), right)


def text_of(words: Sequence[Word], room: Room) -> CellText:
    """The lines of a cell in reading order; upright ones first, then turned ones."""
    lines = lines_of(_upright(words))
    leading, space = _leading(lines), _space(lines)
    paragraphs: list[list[Line]] = []
    centred = _is_centred(lines)
    for before, line in zip([None, *lines], lines, strict=False):
        if before is None or _is_meant(before, line, room, (leading, space), centred=centred):
            paragraphs.append([])
        elif _is_brimful(before, line, room):
            paragraphs[-1][-1].brimful = True
        paragraphs[-1].append(Line(" ".join(word.text for word in line)))
    for turned in sorted({word.turned for word in words if word.turned}):
        turns = lines_of([word for word in words if word.turned == turned])
        paragraphs.append([Line(" ".join(word.text for word in line)) for line in turns])
    bottom = max((word.bottom for line in lines for word in line), default=0.0)
    text = CellText(paragraphs, bottom, leading)
    if lines:
        first, last = lines[0][0], lines[-1]
        text.letter, text.word = first.first, first.x1 - first.x0
        text.left = room.right - _SURE - last[-1].x1
        text.alone = len(last) == 1
    return text


def _upright(words: Sequence[Word]) -> list[Word]:
    return [word for word in words if not word.turned]


def _leading(lines: Sequence[Sequence[Word]]) -> float:
    """The usual distance of two lines."""
    if not lines:
        return 0.0
    size = max(word.size for word in lines[0])
    apart = [b[0].base - a[0].base for a, b in pairwise(lines)]
    close = [step for step in apart if step < 2.2 * size]
    return statistics.median_low(close) if close else 1.2 * size


def _space(lines: Sequence[Sequence[Word]]) -> float:
    """The usual width of a space, in points."""
    gaps = [b.x0 - a.x1 for line in lines for a, b in pairwise(line) if b.x0 > a.x1]
    size = lines[0][0].size if lines else 0.0
    return statistics.median(gaps) if gaps else _SPACE * size


def _is_centred(lines: Sequence[Sequence[Word]]) -> bool:
    """Whether lines are set to the middle or to the right, so that none says where it began."""
    if len(lines) < 2:
        return False
    starts = [line[0].x0 for line in lines]
    middles = [(line[0].x0 + line[-1].x1) / 2 for line in lines]
    ends = [line[-1].x1 for line in lines]
    uneven = max(starts) - min(starts) > 3
    return uneven and min(max(middles) - min(middles), max(ends) - min(ends)) < 2


def _is_meant(
    before: Sequence[Word],
    line: Sequence[Word],
    room: Room,
    usual: tuple[float, float],
    *,
    centred: bool,
) -> bool:
    """Whether a line ends on purpose: the next word had room, is a label, or stands apart."""
    first, last = line[0], before[-1]
    if _LABEL.fullmatch(first.text) and len(line) > 1:
        return True
    if _DATE.fullmatch(first.text) and (len(before) == 1 and _DATE.fullmatch(last.text)):
        return True
    leading, space = usual
    step = first.base - before[0].base
    if step > _GAP * leading and step > 1.35 * max(word.size for word in line):
        return True
    wide = last.x1 - (before[0].x0 - room.left if centred else 0.0)
    needed = wide + space + (first.x1 - first.x0)
    return needed <= room.right - _SURE


def _is_brimful(before: Sequence[Word], line: Sequence[Word], room: Room) -> bool:
    """Whether a line is one word that reaches so far that no letter more has room."""
    if len(before) > 1:
        return False
    return before[0].x1 + line[0].first > room.right - _SURE


def _said(lines: Sequence[Line], vocabulary: Vocabulary) -> str:
    texts: list[str] = []
    mend = False
    for line in lines:
        if mend and texts and _is_cut(texts[-1].rsplit(None, 1)[-1], line.text, vocabulary):
            texts[-1] += line.text
        else:
            texts.append(line.text)
        mend = line.brimful
    return joined(texts, vocabulary)


def _is_cut(first: str, line: str, vocabulary: Vocabulary) -> bool:
    """Whether a narrow column cut a word without a hyphen between these two lines."""
    second = line.split(None, 1)[0]
    whole = first + second
    if second[0] in _CLOSING or _DATE.fullmatch(whole):
        return True
    if _ADDRESS.search(first):
        return "." in second or "/" in second or "@" in whole
    if not first[-1].isalpha() or not second[0].islower():
        return False
    start, end = _LAST.findall(first)[-1], _FIRST.findall(second)[0]
    return _is_known(start, end, vocabulary) or _looks_cut(start, end, vocabulary)


def _looks_cut(start: str, end: str, vocabulary: Vocabulary) -> bool:
    """Whether two pieces that the document does not show joined are no words apart."""
    if start in vocabulary or end in _SHORT_WORDS:
        return False
    return len(end) <= 3 or (end not in vocabulary and _ENDING.fullmatch(end) is not None)


def _is_known(start: str, end: str, vocabulary: Vocabulary) -> bool:
    """Whether the document has the whole word elsewhere, or it but for its ending."""
    whole = start + end
    stems = (whole[:-cut] for cut in (1, 2, 3) if len(end) > cut)
    return whole in vocabulary or any(len(s) > 5 and s in vocabulary for s in stems)


def trusted_words(text: CellText) -> Iterator[str]:
    """The words of a cell that no end of a line, and no page break, can have cut."""
    for number, lines in enumerate(text.paragraphs):
        cut = not number and lines[0].text[:1].islower()
        for line in lines:
            words = line.text.split()
            hangs = len(words) == 1 or (bool(words) and words[-1][-1] in "-\u2010\u00ad")
            hangs = hangs and (line.brimful or line is lines[-1] or len(words) > 1)
            yield from words[1 if cut else 0 : -1 if hangs else None]
            cut = hangs
