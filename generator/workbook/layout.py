"""Where everything stands in a workbook, and what it is called: the writer's and the reader's plan.

It follows from the form alone. A sheet is called as its table; figures carry the names that prose
and rules use, so that formulas read like the rules and figures are found again wherever they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from generator.form.form import Form
from generator.form.tables import TableForm
from generator.system.spreadsheets import address, letters
from generator.values import keys
from generator.values.grid import Cell, FigurePath

COVER: Final = "封面"
PROSE: Final = "文字"
CHECKS: Final = "核对"
ACCEPTED: Final = keys.ACCEPTED

TOP: Final = 3
"""Rows above a table: its heading, whose and what year's it is, how it is filled in."""
COVER_NAMES: Final = (keys.NAME, keys.KIND, keys.YEAR, keys.FORM, keys.TITLE)
"""What the cover says, a row each, in this order; the foot of the report follows."""
COVER_FOOT: Final = (keys.SIGN_OFF_OFFICE, keys.SIGN_OFF_DATE)
COVER_TOP: Final = 3
"""Rows above the first of them: the heading, and how the workbook is filled in."""
PROSE_HEAD: Final = ("部分", "层次", "内容", "印出的样子（取数以后）")
ACCEPTED_HEAD: Final = (
    keys.ACCEPTED_RULE,
    keys.ACCEPTED_PLACE,
    keys.ACCEPTED_REASON,
    keys.ACCEPTED_BY,
    keys.ACCEPTED_ON,
    keys.ACCEPTED_UNTIL,
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell, or several merged ones by the first; row and column count from 0."""

    sheet: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def address(self) -> str:
        """The cell as a person says it: 表!C7."""
        return address(self.sheet, self.row, self.column)

    @property
    def reference(self) -> str:
        """The cell as a defined name refers to it."""
        return f"='{self.sheet}'!${letters(self.column)}${self.row + 1}"


@dataclass(frozen=True)
class TableSheet:
    """The sheet of one table: the form's own cells, and last year's figures beside or below."""

    table: TableForm

    @property
    def name(self) -> str:
        """What the sheet is called."""
        return self.table.id

    @property
    def width(self) -> int:
        """Columns of the form's table."""
        return len(self.table.grid.widths)

    @property
    def height(self) -> int:
        """Rows of the form's table."""
        return len(self.table.grid.slots)

    def spot(self, cell: Cell) -> Spot:
        """Return where a cell of the form's table stands."""
        return Spot(self.name, TOP + cell.row, cell.column, cell.rows, cell.columns)

    @cached_property
    def figures(self) -> dict[FigurePath, Spot]:
        """Where every figure stands."""
        return {cell.path: self.spot(cell) for cell in self.table.grid.cells if cell.path}

    @cached_property
    def is_beside(self) -> bool:
        """Whether last year's figures stand to the right: where rows have labels of their own."""
        return any(labels.row for labels in self.table.grid.labels.values())

    @cached_property
    def first_figure(self) -> int:
        """The first column that holds figures."""
        return min(spot.column for spot in self.figures.values())

    @property
    def previous_column(self) -> int:
        """The first column of last year's figures; one column is left free before it."""
        return self.width + 1

    @property
    def previous_row(self) -> int:
        """The row below the table that says whose figures follow."""
        return TOP + self.height

    @cached_property
    def previous(self) -> dict[FigurePath, Spot]:
        """Where last year's figures stand."""
        right = self.previous_column - self.first_figure if self.is_beside else 0
        down = 0 if self.is_beside else self.previous_row + 1 - max(self._rows_of_figures)
        return {
            path: Spot(spot.sheet, spot.row + down, spot.column + right, spot.rows, spot.columns)
            for path, spot in self.figures.items()
        }

    @property
    def _rows_of_figures(self) -> set[int]:
        return {spot.row for spot in self.figures.values()}

    @property
    def messages_row(self) -> int:
        """The row below everything, from which the messages begin."""
        return self.previous_row + (1 if self.is_beside else 4)


class Layout:
    """The whole workbook of a form."""

    def __init__(self, form: Form) -> None:
        """Plan the workbook of ``form``."""
        self.form = form
        self.sheets = {table.id: TableSheet(table) for table in form.tables.values()}

    @cached_property
    def figures(self) -> dict[FigurePath, Spot]:
        """Where every figure stands."""
        return {
            path: spot for sheet in self.sheets.values() for path, spot in sheet.figures.items()
        }

    @cached_property
    def previous(self) -> dict[FigurePath, Spot]:
        """Where last year's figures stand."""
        return {
            path: spot for sheet in self.sheets.values() for path, spot in sheet.previous.items()
        }

    def cover(self) -> Iterator[tuple[str, Spot]]:
        """Yield what the cover says with its cell."""
        for index, key in enumerate((*COVER_NAMES, *COVER_FOOT)):
            yield key, Spot(COVER, COVER_TOP + index, 1)

    def name(self, path: FigurePath) -> str:
        """Return the name of a figure's cell."""
        return _defined(self.form.names.name_of(path))

    def previous_name(self, path: FigurePath) -> str:
        """Return the name of the cell of last year's figure."""
        return f"{keys.PREVIOUS}.{self.name(path)}"

    @cached_property
    def by_name(self) -> dict[str, FigurePath]:
        """The figures by the names of their cells."""
        return {self.name(path): path for path in self.form.figures}


def cover_name(key: str) -> str:
    """Return the name of a cell on the cover."""
    return f"{COVER}.{key}"


def prose_parts(form: Form) -> list[tuple[str, str]]:
    """Return the keys of a report's texts with what the sheet of prose calls them."""
    parts = [(section.key, section.heading) for section in form.sections if not section.table]
    return [(keys.LEAD, keys.LEAD), *parts]


def level_words(form: Form) -> tuple[str, ...]:
    """Return what the levels of rows are called: body text, then headings by their numbering."""
    return ("正文", *(f"{pattern}标题" for pattern in form.numbering[1:]))


def _defined(name: str) -> str:
    """Return a figure's name with what names of cells may not hold replaced."""
    return re.sub(r"[^\w.]", "_", name)
