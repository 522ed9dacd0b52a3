"""Lines drawn on a page → tables: what lines part are cells, as one sees them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

THIN = 2.0
"""A line is thinner than this, in pt, and longer; lines nearer to each other are one."""
_TOUCHES = 3.0
"""Distance in pt at which two lines meet: borders of neighbouring cells leave out the crossing."""
_MOST_STROKES = 500
"""Lines of a page, pieces of one joined. The largest page of the forms has 50."""
_MOST_SLOTS = 10_000

_Placed = TypeVar("_Placed")


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line along an axis: where it stands on the other axis, and from where to where it goes."""

    at: float
    start: float
    end: float

    def covers(self, place: float) -> bool:
        """Whether the line passes a place of its own axis."""
        return self.start - _TOUCHES <= place <= self.end + _TOUCHES


@dataclass(frozen=True, slots=True)
class Slots:
    """A cell of a table: its first slot and how many it takes, both as rows and columns."""

    row: int
    column: int
    rows: int
    columns: int


Parted = Callable[[int, int], bool]
"""Whether a line stands behind a slot (row, column), to its right or below it."""


def cells_between(height: int, width: int, to_the_right: Parted, below: Parted) -> list[Slots]:
    """Return the cells of a grid: slots that no line parts are one, a cell is a rectangle."""
    cells: list[Slots] = []
    taken: set[tuple[int, int]] = set()
    for row, column in product(range(height), range(width)):
        if (row, column) in taken:
            continue
        right = column
        while right + 1 < width and not to_the_right(row, right) and (row, right + 1) not in taken:
            right += 1
        bottom = row
        while bottom + 1 < height and not any(below(bottom, c) for c in range(column, right + 1)):
            bottom += 1
        taken.update(product(range(row, bottom + 1), range(column, right + 1)))
        cells.append(Slots(row, column, bottom - row + 1, right - column + 1))
    return cells


@dataclass(frozen=True)
class Ruled:
    """A table as drawn: its columns' edges from the left, its rows' from below, its cells."""

    edges: Sequence[float]
    rows: Sequence[float]
    cells: Sequence[Slots]

    @property
    def top(self) -> float:
        """Where it begins on the page."""
        return self.rows[-1]

    def slot(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the row and the column of a place on the page, ``None`` outside the table."""
        column = bisect_right(self.edges, x) - 1
        row = len(self.rows) - 1 - bisect_right(self.rows, y)
        inside = 0 <= column < len(self.edges) - 1 and 0 <= row < len(self.rows) - 1
        return (row, column) if inside else None


def ruled_tables(upright: Sequence[Stroke], level: Sequence[Stroke]) -> list[Ruled]:
    """Return the tables of a page, from the lines drawn on it; x goes right, y up, in pt."""
    upright, level = _joined(upright), _joined(level)
    if len(upright) + len(level) > _MOST_STROKES:
        return []
    return [table for group in _meeting(upright, level) if (table := _table(*group))]


def _joined(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Join the pieces of lines: every cell may draw its own borders, beside its neighbour's."""
    made: list[Stroke] = []
    for row in _near(strokes, lambda stroke: stroke.at):
        pieces = sorted(row, key=lambda stroke: stroke.start)
        at = pieces[0].at
        start, end = pieces[0].start, pieces[0].end
        for piece in pieces[1:]:
            if piece.start > end + _TOUCHES:
                made.append(Stroke(at, start, end))
                start, end = piece.start, piece.end
            end = max(end, piece.end)
        made.append(Stroke(at, start, end))
    return made


def _near(things: Iterable[_Placed], place: Callable[[_Placed], float]) -> Iterator[list[_Placed]]:
    """Part things into those nearer to each other than a line is thick, from the least place on."""
    group: list[_Placed] = []
    for thing in sorted(things, key=place):
        if group and place(thing) - place(group[0]) > THIN:
            yield group
            group = []
        group.append(thing)
    if group:
        yield group


def _meeting(
    upright: Sequence[Stroke], level: Sequence[Stroke]
) -> Iterator[tuple[list[Stroke], list[Stroke]]]:
    """Part lines into those that hang together."""
    free_x, free_y = list(upright), list(level)
    while free_x:
        of_x, of_y = [free_x.pop()], list[Stroke]()
        new_x = of_x
        while new_x:
            new_y = [y for y in free_y if any(_meet(x, y) for x in new_x)]
            free_y = [y for y in free_y if y not in new_y]
            new_x = [x for x in free_x if any(_meet(x, y) for y in new_y)]
            free_x = [x for x in free_x if x not in new_x]
            of_x, of_y = of_x + new_x, of_y + new_y
        yield of_x, of_y


def _meet(upright: Stroke, level: Stroke) -> bool:
    return level.covers(upright.at) and upright.covers(level.at)


def _table(upright: Sequence[Stroke], level: Sequence[Stroke]) -> Ruled | None:
    """Return the table that lines draw, ``None`` for a frame. Its sides may be open."""
    if not level:
        return None
    edges = _edges(upright, level)
    rows = _edges(level, upright)
    height, width = len(rows) - 1, len(edges) - 1
    if not 1 < height * width < _MOST_SLOTS:
        return None
    behind, under = _by_edge(upright, edges), _by_edge(level, rows)

    def to_the_right(row: int, column: int) -> bool:
        middle = (rows[-1 - row] + rows[-2 - row]) / 2
        return any(line.covers(middle) for line in behind[column + 1])

    def below(row: int, column: int) -> bool:
        middle = (edges[column] + edges[column + 1]) / 2
        return any(line.covers(middle) for line in under[height - 1 - row])

    cells = cells_between(height, width, to_the_right, below)
    ends = {row for row in range(height) if to_the_right(row, width - 1)}
    if 2 * len(ends) > height:
        # Where a row has fewer cells than others, nothing is drawn at its end.
        cells = [c for c in cells if c.row in ends or c.column + c.columns < width]
    return Ruled(edges, rows, cells) if len(cells) > 1 else None


def _edges(lines: Sequence[Stroke], across: Sequence[Stroke]) -> list[float]:
    """Return where cells can end: at lines, and where those across them do."""
    places = [line.at for line in lines]
    places += [min(line.start for line in across), max(line.end for line in across)]
    return list(joined_edges(places))


def joined_edges(places: Iterable[float]) -> tuple[float, ...]:
    """Return places in their order, one for those nearer to each other than a line is thick."""
    return tuple(group[0] for group in _near(places, float))


def _by_edge(lines: Iterable[Stroke], edges: Sequence[float]) -> list[list[Stroke]]:
    """Return the lines that stand at each edge."""
    found: list[list[Stroke]] = [[] for _ in edges]
    for line in lines:
        found[bisect_right(edges, line.at) - 1].append(line)
    return found
