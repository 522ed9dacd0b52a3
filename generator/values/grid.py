"""The layout of one statutory table: cells that tile a rectangle, and what each figure is called.

A :class:`Grid` is shared by all reports of a form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

FigurePath = tuple[str, ...]
"""Keys that lead to one figure of a report, the part's own key first."""

Number = int | Decimal
"""The value of a figure: a count, or money exactly as it was typed."""


class LayoutError(ValueError):
    """A table's rows leave a hole or overlap; ``row`` counts from 0."""

    def __init__(self, row: int, reason: str) -> None:
        """Remember the row, so that the layout file's line can be named."""
        super().__init__(reason)
        self.row = row


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid: a printed label, or the place of the figure that ``path`` leads to."""

    row: int
    column: int
    rows: int
    columns: int
    text: str = ""
    path: FigurePath | None = None


@dataclass(frozen=True, slots=True)
class Heads:
    """The label cells of a figure, as indices of the grid's cells, outermost first on each side."""

    row: tuple[int, ...]
    column: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """The printed labels of a figure, each side from the outermost to the innermost."""

    row: tuple[str, ...]
    column: tuple[str, ...]

    def __str__(self) -> str:
        """Name the figure as one would read it out of the form."""
        if not self.row:
            return " ".join(self.column)
        return " ".join((*self.row, *self.column[-1:]))


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells that tile a rectangle. ``slots[r][c]`` is the index of the cell that covers a slot.

    ``widths`` are relative; ``header`` counts the rows that repeat on the next page. A grid is one
    object for all reports of a form and is compared as such.
    """

    widths: tuple[int, ...]
    header: int
    align: Literal["left", "center"]
    """How row labels are set; everything else is centred."""
    size: float
    """Type size in pt."""
    row_height: float
    """Least height of a row, in pt."""
    cells: tuple[Cell, ...]
    slots: tuple[tuple[int, ...], ...]

    def starting_in(self, row: int) -> list[tuple[int, Cell]]:
        """Return the cells whose upper left corner lies in ``row``, with their indices."""
        return [(i, cell) for i, cell in enumerate(self.cells) if cell.row == row]

    def heights(self, needed: Sequence[int], least: int, between: int = 0) -> list[int]:
        """Return the rows' heights: at least ``least``, and what each cell needs.

        A cell over several rows has what lies ``between`` them too; where it needs more, its last
        row is made taller.
        """
        heights = [least] * len(self.slots)
        for cell, need in sorted(
            zip(self.cells, needed, strict=True), key=lambda pair: pair[0].rows
        ):
            rows = range(cell.row, cell.row + cell.rows)
            missing = need - sum(heights[r] for r in rows) - between * (cell.rows - 1)
            if missing > 0:
                heights[rows[-1]] += missing
        return heights

    def begins_band(self, row: int) -> bool:
        """Whether ``row`` is a label across the whole table, which what follows belongs to."""
        first, *others = self.slots[row]
        return self.cells[first].path is None and all(slot == first for slot in others)

    @cached_property
    def figures(self) -> tuple[FigurePath, ...]:
        """The figures of the grid in reading order."""
        return tuple(cell.path for cell in self.cells if cell.path is not None)

    @cached_property
    def heads(self) -> dict[FigurePath, Heads]:
        """The cells to the left of every figure and above it that say what it is."""
        return {
            cell.path: Heads(self._left_of(cell), self._above(cell))
            for cell in self.cells
            if cell.path is not None
        }

    @cached_property
    def heads_of_rows(self) -> frozenset[int]:
        """The cells that say what figures to their right are."""
        return frozenset(index for heads in self.heads.values() for index in heads.row)

    @cached_property
    def heads_of_columns(self) -> frozenset[int]:
        """The cells that say what figures below them are, and the bands above several rows."""
        bands = (i for i, cell in enumerate(self.cells) if cell.columns == len(self.widths))
        columns = (index for heads in self.heads.values() for index in heads.column)
        return frozenset((*bands, *columns))

    @cached_property
    def labels(self) -> dict[FigurePath, Labels]:
        """What stands to the left of every figure and above it, derived from the cells."""
        return {
            path: Labels(self._texts(heads.row), self._texts(heads.column))
            for path, heads in self.heads.items()
        }

    def _texts(self, indices: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(self.cells[index].text for index in indices)

    def _left_of(self, figure: Cell) -> tuple[int, ...]:
        indices = dict.fromkeys(self.slots[figure.row][: figure.column])
        return tuple(index for index in indices if self.cells[index].path is None)

    def _above(self, figure: Cell) -> tuple[int, ...]:
        """Climb from the figure to the labels above it, and stop at a band across the table.

        Table two has bands with column labels of their own, which hide those further up.
        """
        labels: list[int] = []
        above = dict.fromkeys(self.slots[r][figure.column] for r in range(figure.row - 1, -1, -1))
        for index in above:
            cell = self.cells[index]
            if cell.columns == len(self.widths) or (cell.path is not None and labels):
                break
            if cell.path is None:
                labels.insert(0, index)
        return tuple(labels)


def tile(
    rows: Sequence[Sequence[Cell]],
    widths: Sequence[int],
    header: int = 0,
    align: Literal["left", "center"] = "center",
    size: float = 10.5,
    row_height: float = 18,
) -> Grid:
    """Lay out ``rows`` as HTML does: each cell takes the next slot not covered from above.

    The cells' own ``row`` and ``column`` are ignored; only their spans count.

    Raises:
        LayoutError: a row leaves a hole, runs over the edge or into a cell from above.
    """
    height, width = len(rows), len(widths)
    slots = [[-1] * width for _ in range(height)]
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        column = 0
        for cell in row:
            while column < width and slots[r][column] >= 0:
                column += 1
            if column + cell.columns > width or r + cell.rows > height:
                raise LayoutError(r, f"单元格「{cell.text or cell.path}」超出表格边缘")
            for rr in range(r, r + cell.rows):
                for cc in range(column, column + cell.columns):
                    if slots[rr][cc] >= 0:
                        raise LayoutError(r, f"单元格「{cell.text or cell.path}」与上面的格重叠")
                    slots[rr][cc] = len(cells)
            cells.append(Cell(r, column, cell.rows, cell.columns, cell.text, cell.path))
            column += cell.columns
        if -1 in slots[r]:
            raise LayoutError(r, f"第 {slots[r].index(-1) + 1} 栏空缺")
    return Grid(
        tuple(widths), header, align, size, row_height, tuple(cells), tuple(map(tuple, slots))
    )
