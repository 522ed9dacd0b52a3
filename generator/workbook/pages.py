"""What every sheet has in common: formats, merged cells, heights, the printed page."""

from __future__ import annotations

import math
from typing import Any

from generator.values.width import columns
from generator.workbook.layout import Spot

LINE = 14.0
"""Points of a line of 10 pt text."""
LEAST = 20.0
"""Points of a row at least."""

_BASE = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
_BORDER = {"border": 1, "border_color": "#7F7F7F"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "font_name": "黑体"},
    "note": {"font_color": "#404040"},
    "head": {"bold": True, "align": "center", "bg_color": "#E7EEF7", **_BORDER},
    "label": {"align": "center", **_BORDER},
    "label_left": {"align": "left", "indent": 1, **_BORDER},
    "text": {"align": "left", "valign": "top", **_BORDER},
    "value": {"align": "left", **_BORDER},
    "input_text": {"align": "left", "valign": "top", "locked": False, **_BORDER},
    "input_word": {"align": "left", "locked": False, "num_format": "@", **_BORDER},
    "figure": {"align": "center", "locked": False, "bg_color": "#FFFDF2", **_BORDER},
    "count": {"align": "center", "locked": False, "num_format": "0", **_BORDER},
    "total": {"align": "center", "bg_color": "#EFEFEF", **_BORDER},
    "previous": {"align": "center", "font_color": "#5F5F5F", "italic": True, **_BORDER},
    "message": {"align": "left", "font_color": "#B00000", "bold": True, "font_size": 11},
    "unfilled": {"bg_color": "#FFC000", "font_color": "#7F0000", "bold": True},
    "broken": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "holds": {"font_color": "#006100"},
}
_STYLES["count"]["bg_color"] = _STYLES["figure"]["bg_color"]
_CHANGES_ON_A_CELL = ("unfilled", "broken", "holds")
"""Formats laid over a cell's own, which keeps its typeface."""


class Pages:
    """Makes the sheets of one workbook in one style."""

    def __init__(self, book: Any) -> None:
        """Prepare the formats in ``book``, an open XlsxWriter workbook."""
        self.book = book
        self.formats = {
            name: book.add_format(style if name in _CHANGES_ON_A_CELL else {**_BASE, **style})
            for name, style in _STYLES.items()
        }

    def sheet(self, name: str, *, landscape: bool, rows_may_change: bool = False) -> Any:
        """Add a sheet that prints on pages of full width and is locked but for what is filled in.

        The lock has no password: it keeps hands from slipping, nobody from anything else.
        """
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(9)  # A4
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)  # as wide as one page, as long as it is
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        sheet.set_footer("&C第 &P 页，共 &N 页&R&A")
        allowed = ("format_cells", "format_columns", "format_rows")
        changes = ("insert_rows", "delete_rows") if rows_may_change else ()
        sheet.protect("", dict.fromkeys((*allowed, *changes), True))
        return sheet

    def put(self, sheet: Any, spot: Spot, value: Any, style: str) -> None:
        """Write a value, or a text that may begin with anything, into a cell or merged cells."""
        chosen = self.formats[style]
        if spot.rows > 1 or spot.columns > 1:
            last = spot.row + spot.rows - 1, spot.column + spot.columns - 1
            sheet.merge_range(spot.row, spot.column, *last, "", chosen)
        if isinstance(value, str):
            sheet.write_string(spot.row, spot.column, value, chosen)
        elif value is None:
            sheet.write_blank(spot.row, spot.column, None, chosen)
        else:
            sheet.write_number(spot.row, spot.column, value, chosen)

    def compute(self, sheet: Any, spot: Spot, formula: str, now: Any, style: str) -> None:
        """Write a formula with what it comes to now, for readers that compute nothing."""
        self.put(sheet, spot, None, style)
        value = now if isinstance(now, str) else float(now)
        sheet.write_formula(spot.row, spot.column, f"={formula}", self.formats[style], value)

    def line(self, sheet: Any, row: int, width: int, text: str, style: str) -> None:
        """Write a text over the first ``width`` columns of a row."""
        self.put(sheet, Spot("", row, 0, 1, width), text, style)


CHARACTER = 5.6
"""Points of a column's unit of width, about half a character of 汉字."""


def height(text: str, width: float) -> float:
    """Return the points that a text takes in so many columns, line breaks included."""
    room = max(2.0, width - 1)
    lines = sum(max(1, math.ceil(columns(line) / room)) for line in text.split("\n"))
    return max(LEAST, lines * LINE + 4)
