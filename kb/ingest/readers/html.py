"""Web pages, also as Word, Excel or LibreOffice save them: their text as browsers show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.entities import html5
from typing import Any

from kb.errors import DamagedDocument
from kb.ingest.readers.encoding import decoded
from kb.ingest.readers.html_flow import Flow, Look, Numbering, Printed
from kb.ingest.readers.html_tables import RawTable, arranges_the_page, loosened, table_of
from kb.ingest.tables import Document, Paragraph, Table
from kb.text.normalise import fold

LINE = "kb-line"
"""Attribute by which the Markdown reader says from which line of its source an element comes."""
LIST_END = "kb-end"
"""Attribute by which it says what stands after the number of a list item."""

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_DECLARED_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
"""Browsers show what follows these ends of the page; the parser would drop it."""
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
_HEAD = 4096  # bytes in which a page declares its encoding

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav"
    " ol p pre search section summary table tbody td tfoot th thead tr ul".split()
)
_UNREAD = frozenset(
    "script style template title noscript object embed iframe audio video canvas svg datalist"
    " map frameset".split()
)
_STRONG = frozenset(("b", "strong", "u"))
_STRUCK = frozenset(("del", "s", "strike"))
_ASIDES = {
    "nav": "navigation",
    "header": "page header",
    "footer": "page footer",
    "aside": "box beside the text",
}
_ROLES = {
    "table": "table",
    "grid": "table",
    "row": "tr",
    "cell": "td",
    "gridcell": "td",
    "columnheader": "th",
    "rowheader": "th",
    "navigation": "nav",
    "banner": "header",
    "contentinfo": "footer",
}
_CONTENT = frozenset(("article", "main", "section", "td", "th"))
_PARTS = frozenset(("thead", "tbody", "tfoot", "tr", "td", "th", "dt", "dd"))
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_HIDING = re.compile(r"display:none|visibility:hidden|mso-hide:all")
_BOLD = re.compile(r"font-weight:(?:bold|[6-9]00)")
_SYMBOL_FONT = re.compile(r"(?:font-family|font):[^;]*(?:symbol|wingdings)")
_LARGEST = 65_534  # of any number that a page gives: the limit of rowspan
_DEEPEST = 12  # tables inside one another; below that their text stays in the cell around them


def read_html(data: bytes, name: str, declared: str | None = None) -> Document:
    """Paragraphs, lists and tables of a page in reading order; damage never stops the reading.

    What a browser hides is read as an aside, a hidden row with a flag. ``declared`` is the
    encoding where the file around the page names it. Raises DamagedDocument where the bytes are
    no text, or stand in one another too deep to be read whole.
    """
    found = _DECLARED_XML.search(data[:_HEAD]) or _DECLARED.search(data[:_HEAD])
    declared = declared or (found[1].decode("ascii", "ignore") if found else None)
    text, notes = decoded(data, name, declared)
    return Document(blocks_of_page(text, name), notes)


def blocks_of_page(text: str, name: str) -> tuple[Table | Paragraph, ...]:
    """The blocks of a page; its title first, or last where a heading names the page."""
    root = _parsed(text, name)
    if root is None:
        return ()
    walker = _Walker(_hidden_classes(root))
    walker.walk(root)
    blocks = tuple(_named(walker.flow.blocks))
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    title = _title(root)
    if not title or any(fold(title) == fold(paragraph.text) for paragraph in paragraphs):
        return blocks
    paragraph = Paragraph(title, "title of the page", aside="title")
    has_heading = any(paragraph.level == 1 for paragraph in paragraphs)
    return (*blocks, paragraph) if has_heading else (paragraph, *blocks)


def _parsed(text: str, name: str) -> Any:
    """The root element; None of a page that has none. Nothing is fetched, no entity is expanded."""
    from lxml import etree

    if text.lstrip().startswith("<?xml"):
        strict = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            encoding="utf-8",
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(_NAMED.sub(_sign, text).encode("utf-8", "replace"), strict)
        except (etree.XMLSyntaxError, ValueError):
            root = None
        if root is not None and _local(root) == "html":
            return root
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(_ENDS.sub("", text).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise DamagedDocument(
            "its elements stand in one another too deep (more than 2,000) to be read whole",
            place=name,
            hint="Open it in a browser, copy the plan into Word and add that.",
        )
    return root


def _sign(match: re.Match[str]) -> str:
    """A character by its name in HTML; the five that XML knows stay as they are."""
    return match[0] if match[1] in _OF_XML else html5.get(f"{match[1]};", match[0])


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _title(root: Any) -> str:
    for element in root.iter():
        if _local(element) == "title" and _local(element.getparent()) != "svg":
            return " ".join("".join(element.itertext()).split())
    return ""


def _hidden_classes(root: Any) -> frozenset[str]:
    """Classes that the page's own styles do not display (only plain ``.name`` rules are read)."""
    found: set[str] = set()
    for element in root.iter():
        if _local(element) == "style":
            found |= _hiding_rules(element.text or "")
    return frozenset(found)


def _hiding_rules(css: str) -> set[str]:
    """Class names of the rules that hide; those inside ``@media`` are not for the screen."""
    found: set[str] = set()
    depth = 0
    for chunk in css.split("}"):
        selector, opening, body = chunk.partition("{")
        depth += chunk.count("{")
        if opening and depth == 1 and _HIDING.search("".join(body.lower().split())):
            names = (name.strip() for name in selector.split(","))
            found |= {name[1:] for name in names if re.fullmatch(r"\.[\w-]+", name)}
        depth = max(depth - 1, 0)
    return found


class _Walker:
    """Goes through the elements of a page from start to end, without recursion."""

    def __init__(self, hidden_classes: frozenset[str]) -> None:
        self.flow = Flow()
        self._flows = [self.flow]
        self._tables: list[RawTable] = []
        self._lists: list[Numbering] = []
        self._looks = [Look()]
        self._tags: list[str] = []
        self._opened: list[str] = []  # what each open element began: "table", "cell", "list", ""
        self._hidden_classes = hidden_classes
        self._options: set[Any] = set()

    @property
    def _here(self) -> Flow:
        return self._flows[-1]

    def walk(self, root: Any) -> None:
        """Read the page into ``flow``."""
        from lxml import etree

        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in steps:
            if event == "start" and not self._enter(element):
                steps.skip_subtree()
            elif event == "end":
                self._leave()
                if element.tail and element is not root:
                    self._here.write(element.tail, self._looks[-1])
        self._here.end_paragraph()

    def _enter(self, element: Any) -> bool:
        """Begin an element; False where nothing in it is read."""
        tag = self._tag(element)
        is_read = element in self._options if tag == "option" else tag not in _UNREAD
        self._looks.append(self._look(element, tag))
        self._opened.append(self._start(element, tag) if is_read else "")
        self._tags.append(tag)
        if is_read and element.text:
            self._here.write(element.text, self._looks[-1])
        return is_read

    def _tag(self, element: Any) -> str:
        tag = _local(element)
        role = (element.get("role") or "").strip().lower()
        if tag in ("div", "span", "section", "ul", "li"):
            tag = _ROLES.get(role, tag)
            level = element.get("aria-level") or ""
            if role == "heading" and re.fullmatch("[1-6]", level):
                return f"h{level}"
        is_too_deep = tag in ("table", "dl") and len(self._tables) >= _DEEPEST
        return "div" if is_too_deep else tag

    def _look(self, element: Any, tag: str) -> Look:
        changes = _changes(element, tag, self._hidden_classes)
        if tag in _ASIDES and not self._looks[-1].aside:
            is_of_content = tag in ("header", "footer") and _CONTENT & set(self._tags)
            changes |= {} if is_of_content else {"aside": _ASIDES[tag]}
        return replace(self._looks[-1], **changes) if changes else self._looks[-1]

    def _start(self, element: Any, tag: str) -> str:
        """Begin what an element stands for; its name, for the end."""
        if tag in _BLOCKS:
            self._here.end_paragraph()
        if tag in ("table", "dl"):
            is_layout = (element.get("role") or "") in ("presentation", "none")
            self._tables.append(RawTable(is_layout=is_layout, is_terms=tag == "dl"))
            return "table"
        if tag in _PARTS and self._tables and self._tables[-1].is_terms == (tag in ("dt", "dd")):
            return self._start_part(element, tag)
        if tag in _LISTS:
            self._lists.append(_numbering(element, tag))
            return "list"
        if tag == "li":
            numbering = self._lists[-1] if self._lists else Numbering("disc")
            self._here.begin_item(numbering.next_label(_number(element, "value")))
        elif re.fullmatch("h[1-6]", tag):
            self._here.level = int(tag[1])
        elif tag == "p" and "msotitle" in (element.get("class") or "").lower():
            self._here.level = 1
        else:
            self._start_inline(element, tag)
        return ""

    def _start_part(self, element: Any, tag: str) -> str:
        table, look = self._tables[-1], self._looks[-1]
        if tag in ("thead", "tbody", "tfoot"):
            table.groups.append((tag, []))
            return "group"
        if tag == "tr":
            table.begin_row(hidden=look.hidden, line=look.line)
            self._looks[-1] = replace(look, hidden=False)
            return ""
        if tag in ("dt", "dd"):
            flow = table.term(tag, line=look.line)
        else:
            table.has_headers = table.has_headers or tag == "th"
            span, down = _number(element, "colspan"), _number(element, "rowspan")
            down = 1 if down is None else down
            keeps_place = "visibility:" in "".join((element.get("style") or "").lower().split())
            flow = table.cell(span=span or 1, down=down, hidden=look.hidden, gone=not keeps_place)
        self._looks[-1] = replace(look, hidden=False)
        self._flows.append(flow)
        return "cell"

    def _start_inline(self, element: Any, tag: str) -> None:
        look = self._looks[-1]
        if tag == "br":
            self._here.break_line()
        elif tag == "q":
            self._here.write("“", look)
        elif tag == "img" and (element.get("alt") or "").strip():
            self._here.images.append(" ".join(element.get("alt").split()))
        elif tag == "input":
            self._here.write(_shown_in(element), look)
        elif tag == "select":
            options = [option for option in element.iter() if _local(option) == "option"]
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            self._options |= set(chosen)

    def _leave(self) -> None:
        """End the innermost element."""
        tag, opened = self._tags.pop(), self._opened.pop()
        if tag == "q":
            self._here.write("”", self._looks[-1])
        if tag in _BLOCKS:
            self._here.end_paragraph()
        if opened == "cell":
            self._flows.pop()
        elif opened == "list":
            self._lists.pop()
        elif opened == "group":
            self._tables[-1].groups.append(("tbody", []))
        elif opened == "table":
            self._end_table(self._tables.pop())
        elif tag == "li":
            self._here.end_item()
        elif re.fullmatch("h[1-6]|p", tag):
            self._here.level = 0
        self._looks.pop()

    def _end_table(self, table: RawTable) -> None:
        """Put a table into the text around it, or what it holds where it only arranges that."""
        if arranges_the_page(table) or (table.is_terms and len(self._flows) > 1):
            self._here.blocks += loosened(table)
        elif table.rows:
            self._here.blocks.append(table)


def _changes(element: Any, tag: str, hidden_classes: frozenset[str]) -> dict[str, Any]:
    """How an element changes the look of its text."""
    style = "".join((element.get("style") or "").lower().split())
    changes: dict[str, Any] = {}
    hidden_by_class = hidden_classes and hidden_classes & set((element.get("class") or "").split())
    if element.get("hidden") is not None or hidden_by_class or _HIDING.search(style):
        changes["hidden"] = True
    if tag in _STRONG or _BOLD.search(style) or "text-decoration:underline" in style:
        changes["strong"] = True
    elif "font-weight:normal" in style:
        changes["strong"] = False
    if tag in _STRUCK or "line-through" in style:
        changes["struck"] = True
    if tag in ("pre", "textarea", "listing", "xmp") or "white-space:pre" in style:
        changes["kept_space"] = True
    if _SYMBOL_FONT.search(style) or "wingdings" in (element.get("face") or "").lower():
        changes["symbols"] = True
    if "mso-list:ignore" in style:
        changes["is_label"] = True
    if (line := _number(element, LINE)) is not None:
        changes["line"] = line
    return changes


def _numbering(element: Any, tag: str) -> Numbering:
    """The labels of a list, by its ``type``, ``start``, ``reversed`` and its own style."""
    style = re.search(r"list-style(?:-type)?\s*:\s*([\w-]+)", (element.get("style") or "").lower())
    kind = style[1] if style else element.get("type") or ""
    if tag != "ol":
        return Numbering(kind if kind in ("none", "circle", "square") else "disc")
    start = _number(element, "start")
    items = sum(_local(child) == "li" for child in element)
    is_reversed = element.get("reversed") is not None
    first = start if start is not None else items if is_reversed else 1
    end = element.get(LIST_END) or "."
    return Numbering(kind or "decimal", first, -1 if is_reversed else 1, end)


def _number(element: Any, name: str) -> int | None:
    """A whole number of an attribute, as browsers read it; huge ones are limited."""
    found = re.match(r"\s*\+?(-?\d{1,9})", element.get(name) or "")
    return min(int(found[1]), _LARGEST) if found else None


def _shown_in(element: Any) -> str:
    """What a field of a form shows."""
    kind = (element.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "☑" if element.get("checked") is not None else "☐"
    is_text = kind in ("text", "date", "number", "email", "url", "tel", "search")
    return (element.get("value") or "") if is_text else ""


def _named(blocks: list[Printed | RawTable]) -> Iterator[Table | Paragraph]:
    """Tables and paragraphs with their places."""
    tables = paragraphs = 0
    for block in blocks:
        if isinstance(block, RawTable):
            tables += 1
            table, unprinted = table_of(block, f"table {tables}")
            yield table
            yield from unprinted
        else:
            paragraphs += 1
            place = f"line {block.line}" if block.line else f"paragraph {paragraphs}"
            yield Paragraph(block.text, place, block.label, block.level, block.strong, block.aside)
