from __future__ import annotations

from word_files import item, level, lists, p, paragraphs, read, run, table, tbl, tc, texts, tr

from kb.ingest.tables import Cell, Table


def merged(kind: str = "") -> str:
    return f'<w:vMerge w:val="{kind}"/>' if kind else "<w:vMerge/>"


def across(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def test_cells_merged_across_and_down_keep_their_columns() -> None:
    found = table(
        read(
            tbl(
                tr(tc("Police", across(3))),
                tr(tc("Ask.", merged("restart")), "Train", "May"),
                tr(tc("", merged()), "Print", "June"),
                tr(tc("", merged("continue")), tc("Both", across(2))),
            )
        )
    )
    assert [row.cells for row in found.rows] == [
        (Cell("Police", 0, 3),),
        (Cell("Ask.", 0), Cell("Train", 1), Cell("May", 2)),
        (Cell("", 0, goes_on=True), Cell("Print", 1), Cell("June", 2)),
        (Cell("", 0, goes_on=True), Cell("Both", 1, 2)),
    ]


def test_cells_merged_across_the_old_way_are_one() -> None:
    row = tr(
        tc("Police", '<w:hMerge w:val="restart"/>'),
        tc("", "<w:hMerge/>"),
        tc("", '<w:hMerge w:val="continue"/>'),
        "May",
    )
    assert table(read(tbl(row))).rows[0].cells == (Cell("Police", 0, 3), Cell("May", 3))


def test_a_cell_that_goes_on_from_nothing_keeps_its_text() -> None:
    body = tbl(tr(tc("Ask.", merged()), "x"), tr("Listen.", tc("Train", merged("continue"))))
    found = table(read(body))
    assert texts(found) == [["Ask.", "x"], ["Listen.", "Train"]]
    assert not any(cell.goes_on for row in found.rows for cell in row.cells)


def test_a_merged_cell_goes_on_where_the_grid_below_is_a_little_off() -> None:
    rows = (
        tr(tc("Ask.", merged("restart") + across(2)), "Train"),
        tr(tc("", across(3) + merged()), "Print"),
        tr(tc("Own text", across(3) + merged()), "Write"),
    )
    found = table(read(tbl(*rows)))
    assert [row.cells[0].goes_on for row in found.rows] == [False, True, True]
    apart = table(read(tbl(rows[0], rows[2])))
    assert texts(apart)[1] == ["Own text", "Write"]


def test_a_table_that_was_deleted_whole_is_none() -> None:
    gone = tbl(tr("Old", properties="<w:del/>"))
    assert [one.text for one in paragraphs(read(gone + p("Plan")))] == ["Plan"]


def test_text_under_a_merged_cell_is_left_out_and_said() -> None:
    document = read(tbl(tr(tc("Ask.", merged("restart"))), tr(tc("Lost?", merged()))))
    assert texts(table(document)) == [["Ask."], [""]]
    assert document.notes == (
        "text under a merged cell is not printed and was left out: table 1, row 2",
    )


def test_a_list_that_goes_on_under_a_merged_cell_is_said() -> None:
    numbering = lists(level(0, "decimal", "%1."))
    rows = (
        tr(tc(item(""), merged("restart")), "Train"),
        tr(tc(item(""), merged()), "Print"),
        tr(tc(item("")), "Write"),
    )
    document = read(tbl(*rows), numbering=numbering)
    assert texts(table(document)) == [["1.", "Train"], ["", "Print"], ["2.", "Write"]]
    assert document.notes[0].endswith("may be printed higher: table 1, row 2")


def test_a_row_that_starts_late_keeps_its_columns() -> None:
    row = tr("Train", "May", properties='<w:gridBefore w:val="2"/><w:gridAfter w:val="1"/>')
    assert [cell.at for cell in table(read(tbl(row))).rows[0].cells] == [2, 3]


def test_hidden_rows_and_deleted_rows_are_left_out_and_said() -> None:
    document = read(
        tbl(
            tr("Ask."),
            tr("Old", properties="<w:hidden/>"),
            tr("Gone", properties="<w:del/>"),
            tr("New", properties="<w:ins/>"),
        )
    )
    found = table(document)
    assert [(row.place, row.printed) for row in found.rows] == [("row 1", "Ask."), ("row 4", "New")]
    assert [note.rpartition(": ")[2] for note in document.notes] == [
        "table 1, row 2",
        "table 1, row 3",
    ]


def test_content_controls_around_tables_rows_cells_and_text_change_nothing() -> None:
    def control(content: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    cell = tc(control(p(run("Ask ") + control(run("again.")))))
    rows = (
        control(tr(control(cell), "Police")) + f"<w:customXml>{tr('Listen.', 'GP')}</w:customXml>"
    )
    document = read(control(p("Plan")) + control(tbl(rows)))
    assert [one.text for one in paragraphs(document)] == ["Plan"]
    assert texts(table(document)) == [["Ask again.", "Police"], ["Listen.", "GP"]]


def test_a_table_inside_a_cell_is_kept_apart_from_its_text() -> None:
    inner = tbl(tr("Train", "May"), tr("Print", tc(tbl(tr("deep")) + p())))
    found = table(read(tbl(tr("Ask.", tc(p("See:") + inner + p("and more"))))))
    first, second = found.rows[0].cells
    assert (first.text, second.text) == ("Ask.", "See:\nand more")
    (held,) = second.tables
    assert held.name == "table 1, row 1, inner table"
    assert texts(held) == [["Train", "May"], ["Print", ""]]
    deepest = held.rows[1].cells[1].tables[0]
    assert deepest.name == "table 1, row 1, inner table, row 2, inner table"
    assert texts(deepest) == [["deep"]]


def test_paragraphs_of_a_cell_stand_on_a_line_each() -> None:
    cell = tc(p("Ask.") + p() + p("Ask <w:x/> again.".replace("<w:x/>", "&amp;")))
    assert texts(table(read(tbl(tr(cell))))) == [["Ask.\n\nAsk & again."]]


def test_tables_are_named_in_order_of_the_document() -> None:
    document = read(tbl(tr("a")) + p("between") + tbl(tr(tc(tbl(tr("b")) + p()))) + tbl(tr("c")))
    assert [b.name for b in document.blocks if isinstance(b, Table)] == [
        "table 1",
        "table 2",
        "table 3",
    ]
