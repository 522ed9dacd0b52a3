"""One table of a form as a sheet: its own cells, last year's figures, and what is broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from generator.form import files
from generator.form.form import Form
from generator.report.report import Report
from generator.system.spreadsheets import letters
from generator.values import keys
from generator.values.grid import Cell, FigurePath, Number
from generator.workbook.layout import CHECKS, TOP, Layout, Spot, TableSheet
from generator.workbook.pages import CHARACTER, LEAST, Pages, height
from generator.workbook.relations import Relation

_LEAST_WIDTH = 92.0
_LEAST_COLUMN = 6.2
_PREVIOUS_WIDTH = 0.85
"""Of the width of a figure: last year's are smaller."""
SHOWN = 6
"""Broken relations that a sheet shows below its table; all stand on a sheet of their own."""
_GAP = 2.0
"""The width of the column between the table and last year's figures."""
_LONGEST_PROMPT = 250
_HOW = "浅黄的格填数；没有就填 0，还不知道写「待填」。灰色的格自动合计。标签不要改。"


class TableWriter:
    """Writes the sheet of one table."""

    def __init__(self, pages: Pages, layout: Layout, report: Report, sheet: TableSheet) -> None:
        """Prepare to write ``report``'s figures into ``sheet``."""
        self.pages = pages
        self.layout = layout
        self.report = report
        self.plan = sheet
        self.page: Any = None
        grid = sheet.table.grid
        scale = max(_LEAST_WIDTH / sum(grid.widths), _LEAST_COLUMN / min(grid.widths))
        self.widths = [width * scale for width in grid.widths]

    def write(
        self,
        figures: Mapping[FigurePath, Number],
        previous: Mapping[FigurePath, Number],
        relations: Sequence[Relation],
    ) -> None:
        """Write everything; ``relations`` are those whose sentences appear on this sheet."""
        tallest = max((height(one.longest, self._room()) for one in relations), default=0.0)
        self.page = self.pages.sheet(self.plan.name, landscape=not self._is_tall(tallest))
        self.page.fit_to_pages(1, 1)
        for column, width in enumerate(self.widths):
            self.page.set_column(column, column, width)
        self._top()
        for cell in self.plan.table.grid.cells:
            self._label(cell) if cell.path is None else self._figure(cell.path, figures)
        for row, points in enumerate(self._row_heights()):
            self.page.set_row(TOP + row, points)
        if previous:
            self._previous(previous)
        self._messages(relations, tallest)
        self._mark_unfilled()
        self.page.freeze_panes(TOP + self.plan.table.grid.header, 0)
        self.page.repeat_rows(0, TOP + self.plan.table.grid.header - 1)

    @property
    def whole_width(self) -> int:
        """Columns of the table and of last year's figures beside it."""
        if self.report.previous is None or not self.plan.is_beside:
            return self.plan.width
        return self.plan.previous_column + self.plan.width - self.plan.first_figure

    def _top(self) -> None:
        table, width = self.plan.table, self.plan.width
        self.pages.line(self.page, 0, width, f"{table.id}　{table.title}", "title")
        whose = f"{self.report.office.name}　{self.report.year}年度　{table.filling.unit}"
        self.pages.line(self.page, 1, width, whose.strip(), "note")
        self.pages.line(self.page, 2, width, _HOW, "note")
        self.page.set_row(0, 30)

    def _label(self, cell: Cell) -> None:
        spot = self.plan.spot(cell)
        is_left = self.plan.table.grid.align == "left" and cell.column + cell.columns <= (
            self.plan.first_figure
        )
        self.pages.put(self.page, spot, cell.text, "label_left" if is_left else "label")

    def _figure(self, path: FigurePath, figures: Mapping[FigurePath, Number]) -> None:
        spot, table = self.plan.figures[path], self.plan.table
        self.pages.book.define_name(self.layout.name(path), spot.reference)
        if addends := table.addends.get(path):
            names = ",".join(map(self.layout.name, addends))
            formula = f'IF(COUNT({names})={len(addends)},SUM({names}),"{keys.UNFILLED}")'
            now = figures.get(path, keys.UNFILLED)
            self.pages.compute(self.page, spot, formula, now, "total")
            return
        value = figures.get(path)
        self.pages.put(self.page, spot, _shown(value, self._typed(path)), self._style(path))
        self._validate(path, spot)

    def _typed(self, path: FigurePath) -> str:
        """Return what an office wrote in place of a figure, or the mark of an unfilled one."""
        value: Any = self.report.data
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return keys.UNFILLED if value is None or isinstance(value, dict | list) else str(value)

    def _style(self, path: FigurePath) -> str:
        return "count" if _number(self.layout.form, path)["type"] == "integer" else "figure"

    def _validate(self, path: FigurePath, spot: Spot) -> None:
        """Let the cell take what the form's schema takes, and show its filling note."""
        wanted = _number(self.layout.form, path)
        cell = f"{letters(spot.column)}{spot.row + 1}"
        tests, said = [f"ISNUMBER({cell})"], "数"
        if wanted["type"] == "integer":
            tests.append(f"{cell}=INT({cell})")
            said = "整数"
        if "minimum" in wanted:
            tests.append(f"{cell}>={wanted['minimum']}")
            said = f"不小于 {wanted['minimum']} 的{said}"
        label, note = self.layout.form.shape.explained(path)
        self.page.data_validation(
            spot.row,
            spot.column,
            spot.row,
            spot.column,
            {
                "validate": "custom",
                "value": f'=OR({cell}="{keys.UNFILLED}",AND({",".join(tests)}))',
                "input_title": label[:32],
                "input_message": note[:_LONGEST_PROMPT],
                "error_title": "这里填数",
                "error_message": f"这里填{said}；没有就填 0，还不知道写「{keys.UNFILLED}」。",
            },
        )

    def _row_heights(self) -> list[int]:
        grid = self.plan.table.grid
        needed = [
            round(height(cell.text, sum(self.widths[cell.column : cell.column + cell.columns])))
            for cell in grid.cells
        ]
        return grid.heights(needed, round(LEAST))

    def _previous(self, previous: Mapping[FigurePath, Number]) -> None:
        """Write last year's figures: beside the rows under their own heads, or below the table."""
        plan, head = self.plan, f"上年（{self.report.year - 1}年度）"
        if plan.is_beside:
            first, count = plan.previous_column, plan.width - plan.first_figure
            self.page.set_column(plan.width, plan.width, _GAP)
            for column in range(count):
                width = self.widths[plan.first_figure + column] * _PREVIOUS_WIDTH
                self.page.set_column(first + column, first + column, width)
            self.pages.put(self.page, Spot("", 0, first, 1, count), head, "head")
            self._heads(first - plan.first_figure)
        else:
            self.pages.line(self.page, plan.previous_row, plan.width, head, "head")
        for path, spot in plan.previous.items():
            if path in previous:
                self.pages.book.define_name(self.layout.previous_name(path), spot.reference)
            shown = _shown(previous.get(path), "")
            self.pages.put(self.page, spot, shown, "previous")

    def _heads(self, right: int) -> None:
        """Repeat the labels above the figures over last year's."""
        grid = self.plan.table.grid
        for index in sorted({i for heads in grid.heads.values() for i in heads.column}):
            cell = grid.cells[index]
            if cell.column >= self.plan.first_figure:
                spot = self.plan.spot(cell)
                moved = Spot("", spot.row, spot.column + right, spot.rows, spot.columns)
                self.pages.put(self.page, moved, cell.text, "previous")

    def _is_tall(self, message: float) -> bool:
        """Whether the sheet is taller than wide, with all its messages."""
        tall = sum(self._row_heights()) + SHOWN * message + 120
        return tall > self._room() * CHARACTER

    def _messages(self, relations: Sequence[Relation], tallest: float) -> None:
        """Show below the table, in cells as wide as it, what does not hold."""
        row, width = self.plan.messages_row, self.whole_width
        count = len(relations)
        text = f"核对：不相符的列在下面；这张表的 {count} 条关系都列在「{CHECKS}」。"
        self.pages.line(self.page, row, width, text, "note")
        broken = [relation.said() for relation in relations if relation.is_open]
        for number in range(min(SHOWN, count)):
            key = f"{self.plan.name}#{number + 1}"
            found = f"INDEX('{CHECKS}'!$G:$G,MATCH(\"{key}\",'{CHECKS}'!$J:$J,0))"
            now = broken[number] if number < len(broken) else ""
            spot = Spot("", row + 1 + number, 0, 1, width)
            self.pages.compute(self.page, spot, f'IFERROR({found},"")', now, "message")
            self.page.set_row(spot.row, tallest)

    def _room(self) -> float:
        """Return the columns that a message has."""
        if self.whole_width == self.plan.width:
            return sum(self.widths)
        beside = sum(self.widths[self.plan.first_figure :]) * _PREVIOUS_WIDTH
        return sum(self.widths) + beside + _GAP

    def _mark_unfilled(self) -> None:
        spots = self.plan.figures.values()
        area = (
            min(spot.row for spot in spots),
            min(spot.column for spot in spots),
            max(spot.row for spot in spots),
            max(spot.column + spot.columns - 1 for spot in spots),
        )
        rule = {"type": "cell", "criteria": "==", "value": f'"{keys.UNFILLED}"'}
        self.page.conditional_format(*area, {**rule, "format": self.pages.formats["unfilled"]})


def _shown(value: Number | None, otherwise: str) -> Any:
    """Return what a cell holds: a number, or as text one that a spreadsheet would round."""
    if value is None:
        return otherwise or None
    return float(value) if Decimal(repr(float(value))) == value else f"{value:f}"


def _number(form: Form, path: FigurePath) -> Mapping[str, Any]:
    """Return what the form's schema says of a figure's number: its type, and its minimum."""
    kind = form.table_by_key[path[0]].filling.kinds.get(path[-1], "count")
    definition = form.shared[files.REPORT].data["definitions"][kind]
    found: Mapping[str, Any] = next(one for one in definition["oneOf"] if "type" in one)
    return found
