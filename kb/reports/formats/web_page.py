"""A report as one self-contained HTML page: no script, nothing from outside, prints on A4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from kb.reports.formats.behind import TOO_MANY, BehindNumbers
from kb.reports.formats.cells import is_number, readable
from kb.reports.formats.charts import can_draw, summary, svg
from kb.reports.report import Kind, Marked, Report, Section, Table

# Text #0b0c0c has a contrast of 19.5:1 on white, 17.4:1 on #f3f2f1 (WCAG 2.2 AA asks for 4.5:1).
_STYLE = """
body{font:1rem/1.5 Arial,sans-serif;color:#0b0c0c;background:#fff;margin:0 auto;padding:1.5rem;
max-width:75rem}
h1{font-size:2rem;line-height:1.2}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.25rem 1rem;margin:1rem 0}
dt{font-weight:bold}dd{margin:0;overflow-wrap:anywhere}
.table{overflow-x:auto;margin:2rem 0}
.table:focus{outline:3px solid #0b0c0c;outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;font-weight:bold;font-size:1.25rem;padding:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #b1b4b6;
overflow-wrap:break-word}
td{white-space:pre-line;min-width:5rem}td.number{min-width:0}
thead th{background:#f3f2f1;border-bottom:2px solid #0b0c0c}
tbody th{font-weight:normal;white-space:pre-line}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
thead .number{white-space:normal}
section section{border-left:4px solid #b1b4b6;padding-left:1rem;margin:1rem 0}
h3{font-size:1.05rem;margin:.5rem 0}
mark{background:#fff7bf;color:inherit;text-decoration:underline;text-underline-offset:.15em}
a{color:#1d70b8}a:focus{outline:3px solid #0b0c0c}
.behind li{margin:.25rem 0}:target{background:#fff7bf}
nav ol{columns:20rem;margin:1rem 0}
figure{margin:2rem 0 0}figcaption{font-size:.9rem;max-width:47rem}
svg{max-width:100%;height:auto;font:14px Arial,sans-serif}
@media (max-width:40rem){dl{display:block}dd{margin-bottom:.5rem}
figure{overflow-x:auto}svg{min-width:36rem}}
@page{size:A4;margin:15mm}
@media print{body{padding:0;max-width:none;font-size:9pt;line-height:1.3}h1{font-size:18pt;margin:0}
h2,caption{font-size:11pt}table,dl{font-size:8pt}th,td{padding:.1rem .4rem}dl{gap:0 1rem}
figure{margin:.75rem 0 0}svg{max-height:12cm}tbody tr:first-child{break-before:avoid}
.table{overflow:visible;margin:.75rem 0}nav,.behind{display:none}
td a,th a{color:inherit;text-decoration:none}
h2,h3{break-after:avoid}section section{break-inside:avoid}
mark{print-color-adjust:exact}thead{display:table-header-group}tr,figure{break-inside:avoid}
caption{break-after:avoid}}
"""


def render(report: Report) -> bytes:
    """The page, with a heading, the head as a list, each table with its caption, and the notes."""
    title = _plain(report.title)
    parts = [
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
        f"<h1>{title}</h1>",
        *_head(report),
    ]
    behind = BehindNumbers(report)
    for table in report.printed_tables():
        parts += _table(table, behind)
    parts += _contents(report.sections)
    for number, section in enumerate(report.sections, start=1):
        parts += _section(section, 2, f"part-{number}")
    notes = [*report.printed_notes(), *([TOO_MANY] if behind.is_too_much else [])]
    if notes:
        parts += ["<h2>Notes</h2>\n<ul>", *(f"<li>{_plain(note)}</li>" for note in notes), "</ul>"]
    parts += behind.section()
    parts.append("</main>\n</body>\n</html>")
    return ("\n".join(parts) + "\n").encode("utf-8", "replace")


def _plain(text: str) -> str:
    return escape(readable(text))


def _head(report: Report) -> Iterator[str]:
    if report.head:
        yield "<dl>"
        for label, value in report.head:
            yield f"<dt>{_plain(label)}</dt><dd>{_plain(value)}</dd>"
        yield "</dl>"


def _contents(sections: Sequence[Section]) -> Iterator[str]:
    """Links to the sections, for the screen alone."""
    if len(sections) > 1:
        yield '<nav aria-label="Sections of this report"><ol>'
        for number, section in enumerate(sections, start=1):
            yield f'<li><a href="#part-{number}">{_plain(section.title)}</a></li>'
        yield "</ol></nav>"


def _section(section: Section, level: int, name: str) -> Iterator[str]:
    yield "<section>"
    yield f'<h{level} id="{name}">{_plain(section.title)}</h{level}>\n<dl>'
    for label, words in section.lines:
        yield f"<dt>{_plain(label)}</dt><dd>{_words(words)}</dd>"
    yield "</dl>"
    for number, part in enumerate(section.parts, start=1):
        yield from _section(part, level + 1, f"{name}-{number}")
    yield "</section>"


def _words(words: str | Marked) -> str:
    if isinstance(words, str):
        return _plain(words)
    return "".join(
        f"<mark>{_plain(piece)}</mark>" if stands_out else _plain(piece)
        for piece, stands_out in words.pieces()
    )


def _table(table: Table, behind: BehindNumbers) -> Iterator[str]:
    if not table.rows:
        yield f"<h2>{_plain(table.title)}</h2>\n<p>None.</p>"
        return
    if can_draw(table):
        told = f"<strong>{_plain(table.title)}.</strong> {_plain(summary(table))}"
        yield f'<figure tabindex="0"><figcaption>{told}</figcaption>\n{svg(table)}</figure>'
    name = escape(f"table-{table.name}", quote=True)
    yield f'<div class="table" role="region" aria-labelledby="{name}" tabindex="0">'
    yield f'<table>\n<caption id="{name}">{_plain(table.title)}</caption>\n<thead><tr>'
    for column in table.columns:
        yield f'<th scope="col"{_class(column.kind)}>{_plain(column.label)}</th>'
    yield "</tr></thead>\n<tbody>"
    for row in range(len(table.rows)):
        cells = []
        for at, column in enumerate(table.columns):
            words = behind.cell(table, row, column)
            if at == 0:
                cells.append(f'<th scope="row"{_class(column.kind)}>{words}</th>')
            else:
                cells.append(f"<td{_class(column.kind)}>{words}</td>")
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody>\n</table>\n</div>"


def _class(kind: Kind) -> str:
    return ' class="number"' if is_number(kind) else ""
