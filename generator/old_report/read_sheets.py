"""A workbook that we did not write → tables and lines: the form in somebody's own spreadsheet.

A row in which only one cell is filled is a line of prose, unless the form prints it in a table or
others of the row are covered from above; the rows between are tables. What the cells mean is found
out by whoever reads old reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.old_report.blocks import (
    MOST_SLOTS,
    Block,
    Blocks,
    Kind,
    Line,
    RawCell,
    RawTable,
    Refused,
)
from generator.system.spreadsheets import Book, Sheet, address, filled_rows, text_of


def blocks_of_book(book: Book, is_label: Callable[[str], bool]) -> Blocks:
    """Return the sheets of a workbook in reading order, every cell with its address.

    ``is_label`` says of a text whether a form prints it in a table.
    """
    blocks = Blocks()
    for sheet in book.sheets:
        for place, error in sheet.errors.items():
            where = address(sheet.name, *place)
            blocks.note(Kind.CELL, f"公式出错：{error}，当作空白", where)
        blocks.items += _of_sheet(sheet, is_label)
    return blocks


def _of_sheet(sheet: Sheet, is_label: Callable[[str], bool]) -> Iterator[Block]:
    table: list[int] = []
    for number, texts in filled_rows(sheet):
        filled = [column for column, text in enumerate(texts) if text.strip()]
        only = texts[filled[0]]
        if len(filled) > 1 or is_label(only) or not _is_line(sheet, number, filled[0]):
            table.append(number)
            continue
        if table:
            yield _table(sheet, table[0], table[-1])
            table = []
        where = address(sheet.name, number, filled[0])
        for line in texts[filled[0]].splitlines():
            if line.strip():
                yield Line(line.strip(), where)
    if table:
        yield _table(sheet, table[0], table[-1])


def _is_line(sheet: Sheet, row: int, column: int) -> bool:
    """Whether the only cell of a row is prose or a heading, and not a band or a label of a table.

    A cell that others of the same rows stand beside spans several rows: a label.
    """
    if sheet.merged.get((row, column), (1, 1))[0] > 1:
        return False
    covered = any(
        top < row < top + height for (top, _), (height, _) in sheet.merged.items() if height > 1
    )
    return not covered and not isinstance(sheet.value(row, column), int | float)


def _table(sheet: Sheet, first: int, last: int) -> RawTable:
    """Return the rows as a table, covered cells left out; trailing empty columns as well.

    Raises:
        Refused: it is larger than any report's could be.
    """
    rows = range(first, last + 1)
    filled = [
        column
        for row in rows
        for column, value in enumerate(sheet.rows[row])
        if text_of(value).strip() or (row, column) in sheet.merged
    ]
    left, right = min(filled, default=0), max(filled, default=0) + 1
    if len(rows) * (right - left) > MOST_SLOTS:
        raise Refused("有一页大得不像年度报告里的表", "只留年报的各页，另存后再导入")
    covered: set[tuple[int, int]] = set()
    cells = []
    for row in rows:
        for column in range(left, right):
            if (row, column) in covered:
                continue
            height, width = sheet.merged.get((row, column), (1, 1))
            height, width = min(height, last - row + 1), min(width, right - column)
            covered |= {
                (r, c) for r in range(row, row + height) for c in range(column, column + width)
            }
            text = "" if (row, column) in sheet.errors else sheet.text(row, column).strip()
            cells.append(RawCell(row - first, column - left, height, width, text))
    return RawTable(tuple(cells), f"「{sheet.name}」", sheet=sheet.name, corner=(first, left))
