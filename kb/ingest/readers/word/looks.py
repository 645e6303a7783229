"""How a run of text looks: hidden, struck through, strong, blacked out, in a symbol font."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kb.ingest.readers.word.styles import Style, Styles
from kb.ingest.readers.word.symbols import is_symbol_font
from kb.ingest.readers.word.tags import VAL, W, is_on

_BOLD, _UNDERLINE, _VANISH = f"{W}b", f"{W}u", f"{W}vanish"
_STRIKE, _DOUBLE_STRIKE = f"{W}strike", f"{W}dstrike"
_STYLE, _FONTS, _COLOUR = f"{W}rStyle", f"{W}rFonts", f"{W}color"
_HIGHLIGHT, _SHADING = f"{W}highlight", f"{W}shd"
_TOLD_BY = frozenset(
    {
        _BOLD,
        _UNDERLINE,
        _VANISH,
        _STRIKE,
        _DOUBLE_STRIKE,
        _STYLE,
        _FONTS,
        _COLOUR,
        _HIGHLIGHT,
        _SHADING,
    }
)
_BLACK = "000000"


@dataclass(frozen=True)
class Look:
    """The look of a run; ``font`` is named where it is a symbol font."""

    is_hidden: bool = False
    is_struck: bool = False
    is_strong: bool = False
    is_black: bool = False
    is_placeholder: bool = False
    font: str | None = None


def look_of(style: Style) -> Look:
    """The look of a run that says nothing itself."""
    return Look(style.hidden, style.struck, style.bold or style.underlined)


def look_in(properties: Any, style: Style, styles: Styles) -> Look | None:
    """The look of a run by its own properties and its styles; None: just that of the style.

    A switch that both the paragraph's and the character's style turn on is off (ECMA-376,
    17.7.3).
    """
    said = {child.tag: child for child in properties if child.tag in _TOLD_BY}
    if not said:
        return None
    named = styles.named(said[_STYLE].get(VAL)) if _STYLE in said else Style()
    underline = said.get(_UNDERLINE)
    is_underlined = (
        named.underlined or style.underlined
        if underline is None
        else underline.get(VAL) != "none" and named.name != "hyperlink"
    )
    struck = _switch(said, _STRIKE, named.struck != style.struck)
    return Look(
        is_hidden=_switch(said, _VANISH, named.hidden != style.hidden),
        is_struck=struck or _switch(said, _DOUBLE_STRIKE, False),
        is_strong=_switch(said, _BOLD, named.bold != style.bold) or is_underlined,
        is_black=_is_black(said),
        is_placeholder=named.is_placeholder,
        font=_symbol_font(said.get(_FONTS)),
    )


def _switch(said: dict[str, Any], tag: str, otherwise: bool) -> bool:
    return is_on(said[tag]) if tag in said else otherwise


def _is_black(said: dict[str, Any]) -> bool:
    """Black letters on a black ground, as people redact by hand.

    Letters of automatic colour turn white on black shading, but not on a black highlight.
    """
    colour = said[_COLOUR].get(VAL) if _COLOUR in said else "auto"
    is_marked = _HIGHLIGHT in said and said[_HIGHLIGHT].get(VAL) == "black"
    is_shaded = _SHADING in said and said[_SHADING].get(f"{W}fill") == _BLACK
    return (is_marked and colour in (_BLACK, "auto")) or (is_shaded and colour == _BLACK)


def _symbol_font(fonts: Any | None) -> str | None:
    font = None if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi")
    return font if is_symbol_font(font) else None
