"""Document → plain text for a fixed-width font: a paragraph a line, tables drawn with spans."""

from __future__ import annotations

from functools import lru_cache

from generator.document import Document, Grid, Heading, Item, Table
from generator.width import columns

TABLE_WIDTH = 118
"""Columns that a table takes at least, where its labels need them."""
NARROWEST = 6
"""Columns between two borders at least: three 汉字, or a figure of six digits."""
INDENT = "\u3000\u3000"
PAGE = 56
"""Columns of a line of 28 汉字, to whose end name and date of the sign-off are moved."""


def write_text(document: Document) -> str:
    """Return ``document`` as text ending in a line feed."""
    blocks = ["".join(document.title)]
    blocks += [_block(item) for item in document.items]
    if document.draft:
        mark = f"【{document.draft}】"
        blocks = [mark, *blocks, mark]
    return "\n\n".join(blocks) + "\n"


def _block(item: Item) -> str:
    if isinstance(item, Table):
        return draw(item.grid, item.texts())
    if isinstance(item, Heading):
        return item.number + item.text
    if item.kind == "body":
        return INDENT + item.lead + item.text
    return " " * max(0, PAGE - 4 - columns(item.text)) + item.text


def draw(grid: Grid, texts: list[str]) -> str:
    """Draw a table with ``+-|`` so that its spans show and all its lines are equally wide."""
    widths = _widths(grid, tuple(_least(texts, grid)))
    wrapped = [
        wrap(text, sum(widths[c.column : c.column + c.columns]) + c.columns - 1)
        for c, text in zip(grid.cells, texts, strict=True)
    ]
    return "\n".join(_Drawing(grid, widths, wrapped).lines())


def _least(texts: list[str], grid: Grid) -> list[int]:
    """Return how wide each column must be for its figures to stand on one line."""
    least = [NARROWEST] * len(grid.widths)
    for cell, text in zip(grid.cells, texts, strict=True):
        if cell.path is not None:
            share = -(-(columns(text) - cell.columns + 1) // cell.columns)
            for column in range(cell.column, cell.column + cell.columns):
                least[column] = max(least[column], share)
    return least


@lru_cache(maxsize=64)
def _widths(grid: Grid, least: tuple[int, ...]) -> list[int]:
    """Divide the table's width among its columns in the proportions of the form."""
    total = sum(grid.widths)
    return [
        max(low, round(TABLE_WIDTH * width / total) // 2 * 2)
        for width, low in zip(grid.widths, least, strict=True)
    ]


def wrap(text: str, width: int) -> list[str]:
    """Break ``text`` into lines of at most ``width`` columns, anywhere, as 汉字 allow."""
    lines = [""]
    room = width
    for character in text:
        needed = columns(character)
        if needed > room and lines[-1]:
            lines.append("")
            room = width
        lines[-1] += character
        room -= needed
    return lines


class _Drawing:
    """Draws a grid row by row; texts that need more lines make their last row taller."""

    def __init__(self, grid: Grid, widths: list[int], wrapped: list[list[str]]) -> None:
        self.grid = grid
        self.widths = widths
        self.wrapped = wrapped
        self.heights = self._heights()

    def _heights(self) -> list[int]:
        heights = [1] * len(self.grid.slots)
        for cell, lines in sorted(
            zip(self.grid.cells, self.wrapped, strict=True), key=lambda pair: pair[0].rows
        ):
            rows = range(cell.row, cell.row + cell.rows)
            missing = len(lines) - sum(heights[r] for r in rows) - (cell.rows - 1)
            if missing > 0:
                heights[rows[-1]] += missing
        return heights

    def lines(self) -> list[str]:
        drawn = []
        for row in range(len(self.grid.slots)):
            drawn.append(self._border(row))
            drawn += [self._line(row, line) for line in range(self.heights[row])]
        drawn.append(self._border(len(self.grid.slots)))
        return drawn

    def _border(self, row: int) -> str:
        """Draw the border above ``row``; a cell that spans it shows its text there instead."""
        slots = self.grid.slots
        above = slots[row - 1] if row else None
        below = slots[row] if row < len(slots) else None
        parts = []
        column = 0
        while column < len(self.widths):
            index = below[column] if below else -1
            if above and below and above[column] == index:
                cell = self.grid.cells[index]
                parts.append((self._text(index, row, -1), False))
                column = cell.column + cell.columns
            else:
                parts.append(("-" * self.widths[column], True))
                column += 1
        return self._joined(parts, row)

    def _joined(self, parts: list[tuple[str, bool]], row: int) -> str:
        """Join a border's parts: ``+`` where lines meet, ``-`` along a cell, ``|`` beside text."""
        slots = self.grid.slots
        line = "+" if parts[0][1] else "|"
        column = 0
        for number, (text, ruled) in enumerate(parts):
            line += text
            column += self._covered(row, column, ruled)
            last = number == len(parts) - 1
            ruled_next = False if last else parts[number + 1][1]
            if last:
                line += "+" if ruled else "|"
            elif not ruled and not ruled_next:
                line += "|"
            elif ruled and ruled_next:
                parted = any(
                    0 <= r < len(slots) and slots[r][column - 1] != slots[r][column]
                    for r in (row - 1, row)
                )
                line += "+" if parted else "-"
            else:
                line += "+"
        return line

    def _covered(self, row: int, column: int, ruled: bool) -> int:
        return 1 if ruled else self.grid.cells[self.grid.slots[row][column]].columns

    def _line(self, row: int, line: int) -> str:
        texts = [self._text(index, row, line) for index in dict.fromkeys(self.grid.slots[row])]
        return "|" + "|".join(texts) + "|"

    def _text(self, index: int, row: int, line: int) -> str:
        """Return what a cell shows in a line of a row (-1: in the border above the row)."""
        cell = self.grid.cells[index]
        width = sum(self.widths[cell.column : cell.column + cell.columns]) + cell.columns - 1
        before = sum(self.heights[cell.row : row]) + max(0, row - cell.row)
        at = before + line
        lines = self.wrapped[index]
        text = lines[at] if 0 <= at < len(lines) else ""
        room = width - columns(text)
        if cell.path is not None or row < self.grid.header or self.grid.align == "center":
            return " " * (room // 2) + text + " " * (room - room // 2)
        return text + " " * room
