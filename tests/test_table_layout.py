"""What is planned of a table: where labels break, how tall rows are, what fits."""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.form.form import Form, Forms
from generator.setting.labels import broken
from generator.setting.table_layout import LATIN, TWIPS, Layout, ems
from generator.values.width import columns

FORMS = [2019, 2021]
TEXTS = st.text(alphabet="结果维持商业企业、。（）“”12a", max_size=30)
WORDS = ("结果", "商业")

each_form = pytest.mark.parametrize("number", FORMS)


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("结果维持", 8, ["结果维持"]),
        ("结果维持", 6, ["结果", "维持"]),
        ("结果维持", 4, ["结果", "维持"]),
        ("社会公益组织", 8, ["社会公益", "组织"]),
        ("社会公益组织", 7, ["社会", "公益", "组织"]),
        ("三、本年度办理结果", 6, ["三、", "本年度", "办理", "结果"]),
        ("（三）不予公开", 8, ["（三）", "不予公开"]),
        ("部分公开（区分处理的，不计其他）", 18, ["部分公开", "（区分处理的，", "不计其他）"]),
        ("没有列出的词语", 6, ["没有列", "出的", "词语"]),
        ("结果", 1, ["结", "果"]),
    ],
)
def test_a_label_breaks_where_words_end(
    forms: Forms, text: str, room: int, lines: list[str]
) -> None:
    assert list(broken(text, room, forms.load(2021).style.label_words)) == lines


@given(TEXTS, st.integers(2, 20))
def test_lines_hold_the_text_and_fit(text: str, room: int) -> None:
    lines = broken(text, room, WORDS)
    assert "".join(lines) == text
    assert all(columns(line) <= room for line in lines)


@given(st.lists(st.sampled_from(["政", "结果", "商业企业", "12", "300", "政，", "政）"])))
def test_numbers_stay_whole_and_no_line_begins_with_a_closing_mark(parts: list[str]) -> None:
    lines = broken("年".join(parts), 6, WORDS)
    numbers = [number for line in lines for number in re.findall(r"\d+", line)]
    assert numbers == [part for part in parts if part.isdecimal()]
    assert not any(line.startswith(("，", "）")) for line in lines)


def layouts(form: Form) -> dict[str, Layout]:
    return {name: Layout(table.grid, form.style) for name, table in form.tables.items()}


@each_form
def test_every_table_fits_a_page_with_its_heading(forms: Forms, number: int) -> None:
    form = forms.load(number)
    style = form.style
    page = style.lines * style.pitch * TWIPS
    around = (1 + style.above_table + style.below_table) * style.pitch * TWIPS
    for name, layout in layouts(form).items():
        assert sum(layout.heights) + around <= page, name


@each_form
def test_heads_break_at_words_in_every_column(forms: Forms, number: int) -> None:
    """Every break of every label is one that the style or a punctuation mark allows."""
    form = forms.load(number)
    ends = (*form.style.label_words, "、", "，", "。", "；", "：", "）")
    for layout in layouts(form).values():
        for lines in layout.lines:
            for before, after in pairwise(lines):
                assert before.endswith(ends) or after.startswith("（"), lines


@each_form
def test_labels_are_of_one_size_and_figures_fit_their_cells(forms: Forms, number: int) -> None:
    form = forms.load(number)
    assert len({table.grid.size for table in form.tables.values()}) == 1
    for layout in layouts(form).values():
        cells = [cell for cell in layout.grid.cells if cell.path is not None]
        assert layout.size_of(("1234",) * len(cells)) == layout.grid.size
        for digits in range(1, 10):
            size = layout.size_of(("9" * digits,) * len(cells))
            taken = ems("9" * digits) * size * TWIPS
            assert all(taken <= layout.room(cell) for cell in cells)
            assert size == layout.grid.size or size > 3


def test_digits_are_measured_wide_and_characters_square() -> None:
    assert ems("政府1") == 2 + LATIN


@each_form
def test_table_two_takes_half_a_page_with_its_heading(forms: Forms, number: int) -> None:
    """More would leave more than half a page white above it, less below it."""
    form = forms.load(number)
    two = next(iter(layouts(form).values()))
    style = form.style
    borders = len(two.heights) * 0.09  # what LibreOffice adds, pt
    lines = 1 + style.above_table + (sum(two.heights) / TWIPS + borders) / style.pitch
    assert style.lines / 2 < lines < style.lines / 2 + 0.05


@each_form
def test_a_table_that_fits_a_page_is_whole(forms: Forms, number: int) -> None:
    assert all(not layout.parts for layout in layouts(forms.load(number)).values())


def test_a_taller_table_parts_between_its_bands(forms: Forms) -> None:
    two = next(iter(forms.load(2021).tables.values()))
    tall = dataclasses.replace(two.grid, row_height=60)
    assert Layout(tall, forms.load(2021).style).parts == {4, 7, 11}
