"""Rows for spreadsheets: CSV that a Chinese Excel opens rightly, and XLSX (extra ``xlsx``)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from generator.system.extras import MissingExtra
from generator.values.printable import cell, printable
from generator.values.width import columns

Value = str | int | Decimal | None


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return rows as CSV: UTF-8 with BOM, CRLF, no text that a spreadsheet takes for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return cell(value) if isinstance(value, str) else "" if value is None else str(value)


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: a head, rows, and whether the last columns are added up below.

    ``summed`` is the number of columns from the right whose sums, by the year in the column before
    them, stand in the last rows, with their values stored beside the formulas, for readers that
    compute nothing.
    """

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Value]]
    summed: int = 0
    total: str = "合计"


def as_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook: frozen and filtered heads, decimals as typed, the same bytes every time.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """
    try:
        import xlsxwriter  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtra("写 .xlsx 要用 XlsxWriter", "xlsx") from error
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": _CREATED})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        for sheet in sheets:
            _fill(book.add_worksheet(sheet.name), sheet, bold)
    return out.getvalue()


_CREATED = datetime(2000, 1, 1)
"""No clock: the same figures give the same bytes."""
_WIDEST = 40
_LINE = 15
"""Points of height for each line of a head."""
_HEAD = 8
"""Columns of text that a head has on a line; the rest goes on below."""


def _fill(page: Any, sheet: Sheet, bold: Any) -> None:
    lines = 1
    for column, title in enumerate(sheet.head):
        longest = max((columns(str(r[column])) for r in sheet.rows[:_LOOKED_AT]), default=0)
        width = min(_WIDEST, max(longest, min(_HEAD, columns(title))) + 2)
        page.set_column(column, column, width)
        lines = max(lines, -(-columns(title) // (width - 1)))
    page.set_row(0, _LINE * lines)
    page.write_row(0, 0, sheet.head, bold)
    page.freeze_panes(1, 2)
    page.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.head) - 1)
    _print_setup(page, len(sheet.head))
    for number, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(number, column, printable(value))
            elif value is not None:
                page.write_number(number, column, float(value))
    if sheet.summed:
        _add_up(page, sheet, bold)


_LOOKED_AT = 200
_ONE_PAGE = 16
"""Columns that are still legible side by side on a landscape A4 page."""


def _print_setup(page: Any, width: int) -> None:
    """Set a sheet up for the printer: landscape A4, heads and names repeated, pages counted."""
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(0)
    page.repeat_columns(0, 1)
    page.set_footer("&C第 &P 页，共 &N 页")
    page.fit_to_pages(-(-width // _ONE_PAGE), 0)


def _add_up(page: Any, sheet: Sheet, bold: Any) -> None:
    """Write a row of sums for every year; the years stand before the columns that are summed."""
    from xlsxwriter.utility import xl_range_abs  # type: ignore[import-untyped]

    first = len(sheet.head) - sheet.summed
    end = max(1, len(sheet.rows))
    years = xl_range_abs(1, first - 1, end, first - 1)
    for line, year in enumerate(_years(sheet.rows, first - 1), start=end + 1):
        rows = [row for row in sheet.rows if row[first - 1] == year]
        page.write(line, 0, sheet.total, bold)
        page.write(line, first - 1, year, bold)
        for column in range(first, len(sheet.head)):
            total = sum(v for row in rows if isinstance(v := row[column], int | Decimal))
            cells = xl_range_abs(1, column, end, column)
            formula = f"=SUMIF({years},{year},{cells})"
            page.write_formula(line, column, formula, bold, float(total))


def _years(rows: Sequence[Sequence[Value]], column: int) -> list[int]:
    return sorted({year for row in rows if isinstance(year := row[column], int)})
