"""Tables on the pages of a PDF: what stands in their cells, and pieces of one on several pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.old_report.blocks import Block, RawCell, RawTable
from generator.old_report.pdf_page import Character, by_line, written
from generator.old_report.ruled import Ruled, joined_edges

_FIGURE = re.compile(r"[^\s\u4e00-\u9fff]+")
_SAME_EDGE = 3.0
"""Distance in pt of the edges of a column on two pages."""


@dataclass(frozen=True, slots=True)
class TableOnPage(RawTable):
    """A table, where its columns end on the page and on which pages it stands."""

    edges: tuple[float, ...] = ()
    pages: tuple[int, int] = (0, 0)

    def goes_on_in(self, other: TableOnPage) -> bool:
        """Whether another table is as wide and begins the next page."""
        sides = zip((self.edges[0], self.edges[-1]), (other.edges[0], other.edges[-1]), strict=True)
        is_next = other.pages[0] == self.pages[1] + 1
        return is_next and all(abs(one - side) <= _SAME_EDGE for one, side in sides)

    def joined(self, below: TableOnPage) -> TableOnPage:
        """Return both as one table, with the columns of either; a row between them is one again."""
        edges = joined_edges([*self.edges, *below.edges])
        upper, lower = list(_within(self, edges)), list(_within(below, edges))
        at_end = _by_column(cell for cell in upper if cell.row + cell.rows == self.height)
        at_start = _by_column(cell for cell in lower if cell.row == 0)
        is_cut = _is_one_row(at_end, at_start)
        if is_cut:
            rest = {cell.column: cell for cell in at_start}
            upper = [
                _whole(cell, rest.get(cell.column)) if cell in at_end else cell for cell in upper
            ]
            lower = [cell for cell in lower if cell.row]
        lower = [replace(cell, row=cell.row + self.height - is_cut) for cell in lower]
        pages = self.pages[0], below.pages[1]
        origin = f"第 {pages[0]} 页至第 {pages[1]} 页的表格"
        return TableOnPage((*upper, *lower), origin, edges=edges, pages=pages)


def _by_column(cells: Iterable[RawCell]) -> list[RawCell]:
    return sorted(cells, key=lambda cell: cell.column)


def _is_one_row(upper: Sequence[RawCell], lower: Sequence[RawCell]) -> bool:
    """Whether a page ends within a row: its cells stand on both, its figures on one at most."""
    if [(c.column, c.columns) for c in upper] != [(c.column, c.columns) for c in lower]:
        return False
    pairs = list(zip(upper, lower, strict=True))
    above = [rest.text for cell, rest in pairs if _FIGURE.fullmatch(cell.text)]
    below = [cell.text for cell, rest in pairs if _FIGURE.fullmatch(rest.text)]
    if not (above or below):
        # Two pieces of a head: each says something, and rows that are all blank do not matter.
        return any(cell.text for cell in upper) and any(cell.text for cell in lower)
    if (above and below) or any(above) or any(below):
        return False
    return any(cell.text for cell in (lower if above else upper))


def _whole(cell: RawCell, rest: RawCell | None) -> RawCell:
    """Return a cell with what stands of it on the next page."""
    if rest is None:
        return cell
    text = "\n".join(filter(None, (cell.text, rest.text)))
    return replace(cell, rows=cell.rows + rest.rows - 1, text=text)


def _within(table: TableOnPage, edges: Sequence[float]) -> Iterator[RawCell]:
    """Yield the cells of a table, with their columns counted by more edges than its own."""
    places = [bisect_right(edges, edge + _SAME_EDGE) - 1 for edge in table.edges]
    for cell in table.cells:
        first, end = places[cell.column], places[cell.column + cell.columns]
        yield replace(cell, column=first, columns=end - first)


def joined(items: Iterable[Block]) -> Iterator[Block]:
    """Join the pieces of a table that goes on on the next page: its head stands on the first."""
    before: Block | None = None
    for item in items:
        if (
            isinstance(before, TableOnPage)
            and isinstance(item, TableOnPage)
            and before.goes_on_in(item)
        ):
            before = before.joined(item)
            continue
        if before is not None:
            yield before
        before = item
    if before is not None:
        yield before


def table_on_page(
    ruled: Ruled, inside: Mapping[tuple[int, int], Sequence[Character]], page: int
) -> TableOnPage:
    """Return a table with what stands in its cells."""
    cells = []
    for cell in ruled.cells:
        rows = range(cell.row, cell.row + cell.rows)
        across = range(cell.column, cell.column + cell.columns)
        of_cell = [each for r in rows for c in across for each in inside.get((r, c), ())]
        text = "\n".join(written(line) for line in by_line(of_cell))
        cells.append(RawCell(cell.row, cell.column, cell.rows, cell.columns, text))
    cells = list(_without_gaps(cells))
    origin = f"第 {page} 页的表格"
    return TableOnPage(tuple(cells), origin, edges=tuple(ruled.edges), pages=(page, page))


def _without_gaps(cells: Sequence[RawCell]) -> Iterator[RawCell]:
    """Leave out what is empty behind the figures of a row: in a frame nothing looks like a cell."""
    with_figures = {cell.row for cell in cells if _FIGURE.fullmatch(cell.text)}
    width = max(cell.column + cell.columns for cell in cells)
    for cell in cells:
        is_last = cell.column + cell.columns == width
        if cell.text or not is_last or cell.row not in with_figures:
            yield cell
