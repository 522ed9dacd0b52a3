"""The grid: cells that tile a rectangle, and the labels derived from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.form.form import Forms
from generator.values.grid import Cell, LayoutError, tile

SHAPES = {
    (2021, "表二"): (14, 4, 10),
    (2021, "表三"): (28, 10, 175),
    (2021, "表四"): (4, 15, 15),
    (2019, "表二"): (18, 4, 22),
    (2019, "表三"): (26, 10, 161),
    (2019, "表四"): (4, 15, 15),
}


def cell(text: str = "", rows: int = 1, columns: int = 1) -> Cell:
    return Cell(0, 0, rows, columns, text)


def test_covered_slots_are_passed_over() -> None:
    grid = tile([[cell("a", rows=2), cell("b")], [cell("c")]], [1, 1])
    assert grid.slots == ((0, 1), (0, 2))
    assert [(c.row, c.column) for c in grid.cells] == [(0, 0), (0, 1), (1, 1)]


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([[cell("a")]], 0),
        ([[cell("a", columns=3)]], 0),
        ([[cell("a", rows=2), cell("b")]], 0),
        ([[cell("a", rows=2), cell("b")], [cell("c", columns=2)]], 1),
        ([[cell("a"), cell("b", rows=2)], [cell("c", columns=2)]], 1),
    ],
    ids=["hole", "too wide", "too tall", "into a span", "over a span"],
)
def test_a_hole_or_an_overlap_names_its_row(rows: list[list[Cell]], row: int) -> None:
    with pytest.raises(LayoutError) as raised:
        tile(rows, [1, 1])
    assert raised.value.row == row


@given(st.data())
def test_any_tiling_is_found_again(data: st.DataObject) -> None:
    """Cut a rectangle into cells at random; their spans alone give the same rectangle back."""
    height, width = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    owner = [[-1] * width for _ in range(height)]
    rows: list[list[Cell]] = [[] for _ in range(height)]
    count = 0
    for r in range(height):
        for c in range(width):
            if owner[r][c] >= 0:
                continue
            free = next((k for k in range(c, width) if owner[r][k] >= 0), width) - c
            columns = data.draw(st.integers(1, free))
            tall = data.draw(st.integers(1, height - r))
            for rr in range(r, r + tall):
                for cc in range(c, c + columns):
                    owner[rr][cc] = count
            rows[r].append(cell(rows=tall, columns=columns))
            count += 1
    assert [list(row) for row in tile(rows, [1] * width).slots] == owner


@pytest.mark.parametrize(("form", "table"), SHAPES)
def test_the_statutory_tables_have_their_shape(forms: Forms, form: int, table: str) -> None:
    grid = forms.load(form).tables[table].grid
    assert (len(grid.slots), len(grid.widths), len(grid.figures)) == SHAPES[form, table]


def test_labels_are_read_off_the_grid(forms: Forms) -> None:
    form = forms.load(2021)

    def label(path: str) -> str:
        table_id, *steps = path.split(".")
        table = form.tables[table_id]
        return table.label((table.key, *steps))

    assert label("表二.行政规范性文件.现行有效件数") == "表二 行政规范性文件 现行有效件数"
    assert label("表二.行政强制") == "表二 行政强制 本年处理决定数量"
    assert label("表三.本年新收.总计") == "表三 一、本年新收政府信息公开申请数量 总计"
    assert (
        label("表三.本年度办理结果.其他处理.其他.其他")
        == "表三 三、本年度办理结果 （六）其他处理 3.其他 其他"
    )
    assert label("表四.复议后起诉.尚未审结") == "表四 行政诉讼 复议后起诉 尚未审结"
