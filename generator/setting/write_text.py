"""Document → plain text for a fixed-width font: a paragraph a line, tables drawn with spans."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from generator.setting.labels import broken, pieces
from generator.values.document import Document, Heading, Item, SignOff, Style, Table
from generator.values.grid import Cell, Grid
from generator.values.width import columns


def write_text(document: Document) -> bytes:
    """Return ``document`` as a text file in UTF-8."""
    return plain_text(document).encode()


def plain_text(document: Document) -> str:
    """Return ``document`` as text ending in a line feed."""
    blocks = ["".join(document.title)]
    blocks += [_block(item, document.style) for item in document.items]
    blocks += _sign_off(document.sign_off, document.style)
    if document.draft:
        mark = f"【{document.draft}】"
        blocks = [mark, *blocks, mark]
    return "\n\n".join(blocks) + "\n"


def _block(item: Item, style: Style) -> str:
    if isinstance(item, Table):
        return draw(item, style)
    if isinstance(item, Heading):
        return item.number + item.text
    indent = 0 if item.flush else round(style.indent)
    return _INDENT * indent + item.lead + item.text


_INDENT = "\u3000"
"""A space as wide as a 汉字."""


def _sign_off(signed: SignOff, style: Style) -> list[str]:
    """Move name and date towards the end of a line of body text."""
    end = round((style.characters - style.sign_off.right) * 2)
    return [
        " " * max(0, end - columns(text)) + text for text in (signed.office, signed.date) if text
    ]


def draw(table: Table, style: Style) -> str:
    """Draw a table with ``+-|`` so that its spans show and all its lines are equally wide.

    It takes the columns that the style gives it, more where words or figures need them.
    """
    grid, values = table.grid, table.values
    taken = list(map(columns, values))
    widths = _with_figures(grid, _widths(grid, style), taken)
    drawing, rooms = _drawing(grid, widths, style.label_words)
    return drawing % tuple(map(_centred, values, taken, rooms))


def _centred(text: str, taken: int, room: int) -> str:
    before = (room - taken) // 2
    return f"{' ' * before}{text}{' ' * (room - taken - before)}"


@lru_cache(maxsize=64)
def _widths(grid: Grid, style: Style) -> tuple[int, ...]:
    """Divide a table's width among its columns in the proportions of the form.

    No word is broken, and columns that the form makes equally wide are so here.
    """
    room, least = style.text_table
    room -= len(grid.widths) + 1
    total = sum(grid.widths)
    shares = tuple(max(least, room * width // total // 2 * 2) for width in grid.widths)
    words = [
        (cell, max(map(columns, pieces(cell.text, style.label_words))))
        for cell in grid.cells
        if cell.path is None
    ]
    wide = _widened(shares, words)
    equal: dict[int, int] = {}
    for width, own in zip(grid.widths, wide, strict=True):
        equal[width] = max(equal.get(width, 0), own)
    return tuple(equal[width] for width in grid.widths)


def _with_figures(grid: Grid, widths: tuple[int, ...], taken: list[int]) -> tuple[int, ...]:
    """Return the columns' widths, widened where a figure does not stand on one line."""
    if max(taken, default=0) <= min(widths):
        return widths
    return _widened(widths, zip(_figures(grid), taken, strict=True))


def _widened(widths: Iterable[int], needs: Iterable[tuple[Cell, int]]) -> tuple[int, ...]:
    """Return the widths, each column of a cell that needs more made wider by its share."""
    wide = list(widths)
    for cell, needed in needs:
        own = range(cell.column, cell.column + cell.columns)
        missing = needed - sum(wide[column] for column in own) - (cell.columns - 1)
        if missing > 0:
            for column in own:
                wide[column] += -(-missing // cell.columns // 2) * 2
    return tuple(wide)


@lru_cache(maxsize=64)
def _figures(grid: Grid) -> tuple[Cell, ...]:
    return tuple(cell for cell in grid.cells if cell.path is not None)


@lru_cache(maxsize=256)
def _drawing(
    grid: Grid, widths: tuple[int, ...], words: tuple[str, ...]
) -> tuple[str, tuple[int, ...]]:
    """Return a table with ``%s`` for each figure, and how many columns each has."""
    drawing = _Drawing(grid, widths, words)
    text = "\n".join(drawing.lines()).replace("%", "%%").replace(_FIGURE, "%s")
    return text, tuple(drawing.room(cell) for cell in _figures(grid))


_FIGURE = "\0"
"""Marks the place of a figure; no text of a document can hold it."""


class _Drawing:
    """Draws an empty table row by row; labels that need more lines make their last row taller.

    Columns are wide enough for every figure to stand on one line.
    """

    def __init__(self, grid: Grid, widths: tuple[int, ...], words: tuple[str, ...]) -> None:
        self.grid = grid
        self.widths = widths
        self.wrapped = [broken(cell.text, self.room(cell), words) for cell in grid.cells]
        self.heights = grid.heights(list(map(len, self.wrapped)), least=1, between=1)

    def room(self, cell: Cell) -> int:
        """Return how many columns a cell has between its borders."""
        return sum(self.widths[cell.column : cell.column + cell.columns]) + cell.columns - 1

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
        before = sum(self.heights[cell.row : row]) + max(0, row - cell.row)
        at = before + line
        lines = self.wrapped[index]
        if cell.path is not None and at == 0:
            return _FIGURE
        text = lines[at] if 0 <= at < len(lines) else ""
        taken, room = columns(text), self.room(cell)
        if row < self.grid.header or self.grid.align == "center":
            return _centred(text, taken, room)
        return text + " " * (room - taken)
