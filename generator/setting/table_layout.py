"""The measures of a statutory table: planned, so that they are the same on every machine.

Lines of labels are planned and row heights follow from their number; a table so takes the same room
wherever it is set. The typefaces that a reader has change the shapes of the letters only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from generator.setting.labels import broken
from generator.values.document import Style
from generator.values.grid import Cell, Grid
from generator.values.width import columns

TWIPS = 20
"""Twips in a point."""
LATIN = 0.64
"""The widest digit of the usual typefaces, in its type size (DejaVu Sans, Verdana; 宋体: 0.5)."""
FIGURE = "\0"
"""Marks the place of a figure, and parts figures; no text of a document can hold it."""


@lru_cache(maxsize=64)
def layout_of(grid: Grid, style: Style) -> Layout:
    """Return the measures of a grid in a style, worked out once."""
    return Layout(grid, style)


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
            (FIGURE,)
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
        return self.grid.heights(needed, round(self.grid.row_height * TWIPS))

    @cached_property
    def fits_page(self) -> bool:
        """Whether the table and the heading above it fit a page; then it is whole."""
        style = self.style
        room = (style.lines - 1 - style.above_table) * style.pitch * TWIPS
        return sum(self.heights) <= room

    @cached_property
    def parts(self) -> frozenset[int]:
        """The rows before which a table that is taller than a page may part: its bands."""
        rows = range(1, 1 if self.fits_page else len(self.heights))
        return frozenset(row for row in rows if self.grid.begins_band(row))

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
        longest = max(map(len, set(values)), default=0)  # a set: most figures are 0
        if longest <= self._fits_everywhere and "".join(values).isascii():
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
