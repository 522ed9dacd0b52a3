"""An empty ledger for a form: the columns that are counted, the words to choose from."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from generator.form.ledger import LedgerForm
from generator.system.extras import MissingExtra
from generator.system.spreadsheets import letters
from generator.workbook.layout import Spot
from generator.workbook.pages import Pages

_CREATED = datetime(2000, 1, 1)
_ROWS = 500
"""Rows that are prepared with lists to choose from; more can be copied down."""
_SHEET, _WORDS = "台账", "说明"
_NOTE = "一件申请一行。nianbao tally 只读这些列，另加的列（姓名、电话、申请内容等）不会被读取。"


def as_csv(form: LedgerForm) -> bytes:
    """Return the heads of an empty ledger as CSV, which a Chinese Excel opens rightly."""
    return (",".join(form.titles) + "\r\n").encode("utf-8-sig")


def as_xlsx(form: LedgerForm) -> bytes:
    """Return an empty ledger with lists to choose from, and a page that says how it is filled in.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """
    try:
        import xlsxwriter  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtra("写 .xlsx 要用 XlsxWriter", "xlsx") from error
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _CREATED})
        pages = Pages(book)
        ledger = book.add_worksheet(_SHEET)
        lists = _words(pages, form)
        _ledger(pages, ledger, form, lists)
    return out.getvalue()


def _ledger(pages: Pages, page: Any, form: LedgerForm, lists: dict[str, str]) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.freeze_panes(1, 1)
    page.repeat_rows(0)
    for column, title in enumerate(form.titles):
        page.write_string(0, column, title, pages.formats["head"])
        page.set_column(column, column, 34 if title in lists and column == 4 else 14)
        rows = 1, column, _ROWS, column
        if title in lists:
            page.data_validation(*rows, {"validate": "list", "source": lists[title]})
        elif title.endswith("日期"):
            day = pages.book.add_format({"num_format": "yyyy-mm-dd"})
            page.set_column(column, column, 14, day)
            rule = {"validate": "date", "criteria": ">=", "value": datetime(1990, 1, 1)}
            page.data_validation(*rows, {**rule, "error_message": "这里填日期，如 2024-03-05。"})


def _words(pages: Pages, form: LedgerForm) -> dict[str, str]:
    """Write the page of words; return where the words of each column stand."""
    page = pages.sheet(_WORDS, landscape=False)
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 70)
    pages.line(page, 0, 2, _NOTE, "note")
    row = 2
    notes = {column.title: column.note for column in form.columns.values()}
    for title, note in notes.items():
        pages.put(page, Spot(_WORDS, row, 0), title, "label")
        pages.put(page, Spot(_WORDS, row, 1), note, "text")
        row += 1
    choices: dict[str, tuple[str, ...]] = {
        form.columns["kind"].title: form.kind_names,
        form.columns["outcome"].title: tuple(form.outcome_rows.values()),
        **{case.title: form.result_names for case in form.cases},
    }
    places: dict[str, str] = {}
    for title, words in choices.items():
        row += 1
        first = row
        for word in words:
            pages.put(page, Spot(_WORDS, row, 0), title, "label")
            pages.put(page, Spot(_WORDS, row, 1), word, "text")
            row += 1
        column = letters(1)
        places[title] = f"='{_WORDS}'!${column}${first + 1}:${column}${row}"
    return places
