"""Pages whose text was printed sideways, turned so that it is read from left to right."""

from __future__ import annotations

from dataclasses import replace

from kb.ingest.readers.pdf.layout import Area, Page, Picture, Rule, Word

_MOSTLY = 0.7  # of the words: a page with so many turned one way is itself turned

_Box = tuple[float, float, float, float]


def turned_upright(page: Page) -> Page:
    """The page as it is read: turned where most of its words run upwards or downwards."""
    upwards = sum(1 for word in page.words if word.turned == 90)
    downwards = sum(1 for word in page.words if word.turned == 270)
    if max(upwards, downwards) <= _MOSTLY * len(page.words):
        return page
    turn = _Turn(page.width, page.height, upwards=upwards > downwards)
    return replace(
        page,
        width=page.height,
        height=page.width,
        words=tuple(turn.word(word) for word in page.words),
        rules=tuple(turn.rule(rule) for rule in page.rules),
        areas=tuple(Area(*turn.box(a.x0, a.top, a.x1, a.bottom), a.colour) for a in page.areas),
        pictures=tuple(Picture(*turn.box(p.x0, p.top, p.x1, p.bottom)) for p in page.pictures),
    )


class _Turn:
    """Turns boxes by a quarter, so that what ran upwards (or downwards) runs to the right."""

    def __init__(self, width: float, height: float, *, upwards: bool) -> None:
        self._width, self._height, self._upwards = width, height, upwards

    def box(self, x0: float, top: float, x1: float, bottom: float) -> _Box:
        """The place of a box on the turned page (left, top, right, bottom)."""
        if self._upwards:
            return self._height - bottom, x0, self._height - top, x1
        return top, self._width - x1, bottom, self._width - x0

    def word(self, word: Word) -> Word:
        """The word at its new place; its line is the same distance from what is now above."""
        x0, top, x1, bottom = self.box(word.x0, word.top, word.x1, word.bottom)
        turned = (word.turned - (90 if self._upwards else 270)) % 360
        base = word.base if self._upwards or turned else self._width + word.base
        return replace(word, x0=x0, top=top, x1=x1, bottom=bottom, base=base, turned=turned)

    def rule(self, rule: Rule) -> Rule:
        """The rule at its new place: level where it was upright."""
        low, high = (rule.at, rule.at), (rule.start, rule.end)
        (x0, x1), (top, bottom) = (low, high) if rule.upright else (high, low)
        x0, top, x1, bottom = self.box(x0, top, x1, bottom)
        if rule.upright:
            return replace(rule, upright=False, at=top, start=x0, end=x1)
        return replace(rule, upright=True, at=x0, start=top, end=bottom)
