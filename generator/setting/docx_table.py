"""A statutory table in WordprocessingML, its heights our own.

Lines of labels are planned and row heights follow from their number; a table so takes the same
room on every machine. The typefaces that a reader has change the shapes of the letters only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from xml.sax.saxutils import escape

from generator.setting.docx_skeleton import CELL, TWIPS
from generator.setting.labels import broken
from generator.values.document import Style, Table
from generator.values.grid import Cell, Grid
from generator.values.width import columns

LATIN = 0.64
"""The widest digit of the usual typefaces, in its type size (DejaVu Sans, Verdana; 宋体: 0.5)."""
_FIGURE = "\0"
"""Marks the place of a figure, and parts figures; no text of a document can hold it."""


def table_xml(table: Table, style: Style, *, keep: bool) -> bytes:
    """Return a table: its frame, with a report's figures put in.

    ``keep`` its end on the page of what follows.
    """
    layout = _layout(table.grid, style)
    frame = _frame(layout, table.title, table.description, layout.size_of(table.values), keep)
    return frame % tuple(escape(_FIGURE.join(table.values)).encode().split(_FIGURE.encode()))


@lru_cache(maxsize=64)
def _layout(grid: Grid, style: Style) -> Layout:
    return Layout(grid, style)


@lru_cache(maxsize=256)
def _frame(layout: Layout, title: str, description: str, size: float, keep: bool) -> bytes:
    """Return a table with ``%s`` for each figure, which are set in ``size``."""
    widths = layout.widths
    grid_columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_Row(layout, row, size, keep).xml() for row in range(len(layout.grid.slots)))
    title, description = (escape(text, {'"': "&quot;"}) for text in (title, description))
    xml = (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/>'
        f'<w:tblCaption w:val="{title}"/><w:tblDescription w:val="{description}"/></w:tblPr>'
        f"<w:tblGrid>{grid_columns}</w:tblGrid>{rows}</w:tbl>"
    )
    return xml.replace("%", "%%").replace(_FIGURE, "%s").encode()


def ems(text: str) -> float:
    """Return how wide ``text`` is at most, in its type size: 汉字 are square."""
    return sum(1 if columns(character) == 2 else LATIN for character in text)


@dataclass(frozen=True, eq=False)
class Layout:
    """The planned measures of a table, in twips: column widths, lines of labels, row heights."""

    grid: Grid
    style: Style

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """The column widths: the form's, scaled to the type area, in whole twips."""
        room = round(self.style.room * TWIPS)
        parts = self.grid.widths
        edges = [round(room * sum(parts[:i]) / sum(parts)) for i in range(len(parts) + 1)]
        return tuple(after - before for before, after in pairwise(edges))

    @cached_property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The lines of every cell; a figure takes one."""
        words, size = self.style.label_words, self.grid.size
        return tuple(
            (_FIGURE,)
            if cell.path is not None
            else broken(cell.text, self.room(cell) / (size * TWIPS), words, ems)
            for cell in self.grid.cells
        )

    @cached_property
    def heights(self) -> list[int]:
        """The heights of the rows, from the number of lines of their cells."""
        line = round(self.style.table_pitch * TWIPS)
        above = round(self.style.cell_margin[0] * TWIPS)
        needed = [len(lines) * line + 2 * above for lines in self.lines]
        return self.grid.heights(needed, round(self.style.row_height * TWIPS))

    def width(self, cell: Cell) -> int:
        """Return a cell's width from border to border."""
        return sum(self.widths[cell.column : cell.column + cell.columns])

    def room(self, cell: Cell) -> int:
        """Return how much of a cell's width its text may take."""
        beside = self.style.cell_margin[1]
        if self.is_flush(cell):
            beside += self.style.label_indent
        return self.width(cell) - 2 * round(beside * TWIPS)

    def is_flush(self, cell: Cell) -> bool:
        """Whether a cell is the label of a row that begins at the left border."""
        is_label = cell.path is None and cell.row >= self.grid.header
        return is_label and self.grid.align == "left"

    def size_of(self, values: tuple[str, ...]) -> float:
        """Return the type size for a report's figures: the table's, smaller where they need it."""
        if max(map(len, values), default=0) <= self._fits_everywhere and "".join(values).isascii():
            return self.grid.size
        needs = (columns(value) / room for value, room in zip(values, self._rooms, strict=True))
        largest = 1 / (max(needs) * LATIN * TWIPS)
        return min(self.grid.size, int(largest * 2) / 2)

    @cached_property
    def _rooms(self) -> list[int]:
        """What is left in each figure's cell for its digits."""
        return [self.room(cell) for cell in self.grid.cells if cell.path is not None]

    @cached_property
    def _fits_everywhere(self) -> int:
        """How many digits of the table's own size fit the narrowest cell."""
        return int(min(self._rooms, default=0) / (LATIN * self.grid.size * TWIPS))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table; ``size`` is that of its figures."""

    layout: Layout
    number: int
    size: float
    keep: bool

    def xml(self) -> str:
        header = "<w:tblHeader/>" if self.number < self.layout.grid.header else ""
        height = self.layout.heights[self.number]
        cells = "".join(map(self.cell, dict.fromkeys(self.layout.grid.slots[self.number])))
        return (
            f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>'
            f"{header}</w:trPr>{cells}</w:tr>"
        )

    def is_kept(self) -> bool:
        """Whether the next row stands on the same page: a table may part before a band only."""
        grid = self.layout.grid
        if self.number == len(grid.slots) - 1:
            return self.keep
        return not grid.begins_band(self.number + 1)

    def cell(self, index: int) -> str:
        grid = self.layout.grid
        cell = grid.cells[index]
        properties = [f'<w:tcW w:w="{self.layout.width(cell)}" w:type="dxa"/>']
        if cell.columns > 1:
            properties.append(f'<w:gridSpan w:val="{cell.columns}"/>')
        if cell.rows > 1:
            merge = ' w:val="restart"' if cell.row == self.number else ""
            properties.append(f"<w:vMerge{merge}/>")
        properties.append('<w:vAlign w:val="center"/>')
        paragraph = f'<w:pStyle w:val="{CELL.replace(" ", "")}"/>'
        paragraph += "" if self.is_kept() else '<w:keepNext w:val="0"/>'
        if self.layout.is_flush(cell):
            beside = round(self.layout.style.label_indent * TWIPS)
            paragraph += f'<w:ind w:left="{beside}" w:right="{beside}"/><w:jc w:val="left"/>'
        run = self.run(cell, self.layout.lines[index]) if cell.row == self.number else ""
        return (
            f"<w:tc><w:tcPr>{''.join(properties)}</w:tcPr>"
            f"<w:p><w:pPr>{paragraph}</w:pPr>{run}</w:p></w:tc>"
        )

    def run(self, cell: Cell, lines: tuple[str, ...]) -> str:
        size = self.layout.grid.size if cell.path is None else self.size
        properties = ""
        if size != self.layout.style.fonts["table"].size:
            half_points = round(2 * size)
            properties = (
                f'<w:rPr><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
            )
        shown = "</w:t><w:br/><w:t>".join(map(escape, lines))
        return f"<w:r>{properties}<w:t>{shown}</w:t></w:r>"
