"""Tables out of the lines on a page, however a program draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from generator.old_report.ruled import Slots, Stroke, ruled_tables

WIDTH, HEIGHT = 60.0, 20.0
"""Size of a slot in pt."""
GRID = [Slots(0, 0, 1, 3), Slots(1, 0, 2, 1), Slots(1, 1, 1, 2), Slots(2, 1, 1, 1)]
GRID += [Slots(2, 2, 1, 1), Slots(3, 0, 1, 1), Slots(3, 1, 1, 1), Slots(3, 2, 1, 1)]


def sides(cells: Sequence[Slots]) -> tuple[list[Stroke], list[Stroke]]:
    """Return the borders of all cells, each cell drawing its own, upright and level."""
    upright, level = [], []
    for cell in cells:
        left, right = cell.column * WIDTH, (cell.column + cell.columns) * WIDTH
        top, foot = -cell.row * HEIGHT, -(cell.row + cell.rows) * HEIGHT
        upright += [Stroke(x, foot, top) for x in (left, right)]
        level += [Stroke(y, left, right) for y in (top, foot)]
    return upright, level


def found(upright: Sequence[Stroke], level: Sequence[Stroke]) -> list[list[Slots]]:
    return [list(table.cells) for table in ruled_tables(upright, level)]


@given(seed=st.integers(0, 10**6))
def test_borders_of_cells_give_the_cells(seed: int) -> None:
    """In any order, a little off, cut off short of the crossings."""
    random = Random(seed)
    off = lambda: random.uniform(-0.4, 0.4)  # noqa: E731
    lines = [
        [Stroke(each.at + off(), each.start + 1 + off(), each.end - 1 + off()) for each in strokes]
        for strokes in sides(GRID)
    ]
    for strokes in lines:
        random.shuffle(strokes)
    assert found(*lines) == [GRID]


def test_lines_through_the_table_give_the_cells() -> None:
    cells = [Slots(row, column, 1, 1) for row in range(2) for column in range(2)]
    upright = [Stroke(x * WIDTH, -2 * HEIGHT, 0) for x in range(3)]
    level = [Stroke(-y * HEIGHT, 0, 2 * WIDTH) for y in range(3)]
    assert found(upright, level) == [cells]


def test_the_sides_may_be_open() -> None:
    grid = [replace(cell, row=cell.row - 1) for cell in GRID[1:]]
    upright, level = sides(grid)
    assert found([each for each in upright if 0 < each.at < 3 * WIDTH], level) == [grid]


def test_tables_that_do_not_touch_are_two() -> None:
    upright, level = sides(GRID)
    below = [Stroke(each.at, each.start - 300, each.end - 300) for each in upright]
    under = [Stroke(each.at - 300, each.start, each.end) for each in level]
    assert found([*upright, *below], [*level, *under]) == [GRID, GRID]


def test_a_frame_and_lines_under_words_are_no_table() -> None:
    upright, level = sides([Slots(0, 0, 9, 9)])
    assert found(upright, [*level, Stroke(-35, 100, 160)]) == []


def test_a_place_is_in_its_slot() -> None:
    (table,) = ruled_tables(*sides(GRID))
    assert table.slot(WIDTH * 1.5, -HEIGHT * 2.5) == (2, 1)
    assert table.slot(WIDTH * 1.5, HEIGHT) is None
    assert table.slot(-1, -HEIGHT) is None
