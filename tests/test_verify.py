"""``nianbao verify``: our own files are equal, and whatever a site loses or changes is found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from generator.form.form import Forms
from generator.judging.examine import examine
from generator.reading.workspace import find_reports
from generator.report.report import Reader
from generator.setting.writers import WRITERS, ending_of
from generator.values.diagnostics import Diagnostic
from generator.values.document import Document, Heading, Paragraph, Table
from generator.values.grid import tile
from generator.verifying.published import read_published
from generator.verifying.verify import Ours, verify
from support import EXAMPLES, NAMES, ROOT, Outcome, document_of, formats_here

Call = Callable[..., Outcome]
NAME = "yanshi/2024"
REPORT = EXAMPLES / f"{NAME}.yaml"
PAGES = ROOT / "tests" / "data" / "verify"
FORMS = Forms()
(AT,) = find_reports([REPORT])
DOCUMENT = document_of(AT)
TABLES = [item for item in DOCUMENT.items if isinstance(item, Table)]
FIGURES = [(t, i) for t, table in enumerate(TABLES) for i in range(len(table.values))]


@pytest.fixture(scope="module")
def ours() -> Ours:
    examined = examine(AT, Reader(FORMS))
    assert examined.report is not None and examined.prose is not None
    return Ours(examined.report, examined.prose)


@pytest.fixture
def compared(ours: Ours, tmp_path: Path) -> Callable[..., list[Diagnostic]]:
    """Publish a document in a format, or a page's text as it stands, and compare it."""

    def compare(published: Document | str, format_name: str = "html") -> list[Diagnostic]:
        file = tmp_path / f"published.{ending_of(format_name)}"
        if isinstance(published, str):
            file.write_text(published, encoding="utf-8")
        else:
            file.write_bytes(WRITERS[format_name](published))
        return verify(ours, read_published(file, FORMS), file, FORMS.known)

    return compare


Compared = Callable[..., list[Diagnostic]]
Case = TypeVar("Case")
each_format = pytest.mark.parametrize("format_name", formats_here())


@pytest.mark.parametrize("name", NAMES)
def test_our_own_files_are_equal(in_all_formats: Path, nianbao: Call, name: str) -> None:
    for format_name in formats_here():
        file = in_all_formats / f"{name}.{ending_of(format_name)}"
        outcome = nianbao("verify", file, EXAMPLES / f"{name}.yaml")
        assert (outcome.code, outcome.out) == (0, ""), outcome.err


def with_figure(table: int, index: int) -> Document:
    """Return the document with one figure that is one too large."""
    values = list(TABLES[table].values)
    values[index] = (
        str(float(values[index]) + 1) if "." in values[index] else f"{int(values[index]) + 1}"
    )
    changed = replace(TABLES[table], values=tuple(values))
    items = tuple(changed if item is TABLES[table] else item for item in DOCUMENT.items)
    return replace(DOCUMENT, items=items)


@each_format
def test_each_of_the_200_figures_is_found_when_it_is_changed(
    compared: Compared, format_name: str
) -> None:
    assert len(FIGURES) == 200
    for table, index in some(FIGURES, format_name):
        (found,) = compared(with_figure(table, index), format_name)
        assert (found.code, found.place.path) == ("V-1", TABLES[table].grid.figures[index])
        assert found.related[0].label


def some(cases: Sequence[Case], format_name: str) -> Sequence[Case]:
    """Return all cases, of slow formats a few (docs/publishing.md says what all of them gave)."""
    return cases[:: {"pdf": 20, "docx": 5}.get(format_name, 1)]


@each_format
def test_each_lost_row_is_found(compared: Compared, format_name: str) -> None:
    rows = [
        (table, row)
        for table in TABLES
        for row in sorted({cell.row for cell in table.grid.cells if cell.path is not None})
    ]
    assert len(rows) == 32
    for table, row in some(rows, format_name):
        items = (without(item, row) if item is table else item for item in DOCUMENT.items)
        codes = {each.code for each in compared(replace(DOCUMENT, items=tuple(items)), format_name)}
        assert codes & {"V-1", "V-4"}, row


def without(table: Table, row: int) -> Table:
    """Return a table without a row; what spans it is shorter, or begins below it."""
    grid = table.grid
    rows = [
        [
            replace(cell, rows=cell.rows - (cell.row <= row < cell.row + cell.rows))
            for cell in (grid.cells[index] for index in dict.fromkeys(slots))
            if number == (cell.row if cell.row != row else row + 1)
        ]
        for number, slots in enumerate(grid.slots)
        if number != row
    ]
    shorter = tile(rows, grid.widths, grid.header, grid.align, grid.size, grid.row_height)
    values = dict(zip(grid.figures, table.values, strict=True))
    return replace(table, grid=shorter, values=tuple(values[path] for path in shorter.figures))


@each_format
def test_each_lost_sentence_is_found(compared: Compared, format_name: str) -> None:
    sentences = [
        (place, item, sentence)
        for place, item in enumerate(DOCUMENT.items)
        if isinstance(item, Paragraph)
        for sentence in re.findall(r"[^。；]+[。；]?", item.text)
    ]
    assert len(sentences) > 30
    for place, item, sentence in some(sentences, format_name):
        shorter = replace(item, text=item.text.replace(sentence, "", 1))
        items = (*DOCUMENT.items[:place], shorter, *DOCUMENT.items[place + 1 :])
        found = compared(replace(DOCUMENT, items=items), format_name)
        assert [each.code for each in found] == ["V-2"], sentence
        assert found[0].position.line > 1


@each_format
def test_each_lost_part_is_found(compared: Compared, format_name: str) -> None:
    items = DOCUMENT.items
    starts = [i for i, item in enumerate(items) if isinstance(item, Heading) and item.level == 1]
    for start, end in zip(starts, [*starts[1:], len(items)], strict=True):
        found = compared(replace(DOCUMENT, items=items[:start] + items[end:]), format_name)
        heading = items[start]
        assert isinstance(heading, Heading)
        assert [each.code for each in found] == ["V-4"]
        assert heading.text in found[0].message


@each_format
def test_each_changed_year_is_found(compared: Compared, format_name: str) -> None:
    years = [
        (place, item, year)
        for place, item in enumerate(DOCUMENT.items)
        if isinstance(item, Paragraph)
        for year in re.finditer(r"20\d\d年", item.text)
    ]
    assert years
    for place, item, year in years:
        text = f"{item.text[: year.start()]}2019年{item.text[year.end() :]}"
        items = (*DOCUMENT.items[:place], replace(item, text=text), *DOCUMENT.items[place + 1 :])
        (found,) = compared(replace(DOCUMENT, items=items), format_name)
        assert found.code == "V-2" and "2019" in found.detail[1]


@each_format
def test_last_years_title_is_found(compared: Compared, format_name: str) -> None:
    title = tuple(line.replace("2024", "2023") for line in DOCUMENT.title)
    (found,) = compared(replace(DOCUMENT, title=title), format_name)
    assert found.code == "V-4" and found.detail[1].endswith("".join(title))


def test_a_sentence_that_is_not_ours_is_found(compared: Compared) -> None:
    added = Paragraph("本年度没有其他情况需要报告。")
    (found,) = compared(replace(DOCUMENT, items=(*DOCUMENT.items, added)))
    assert (found.code, found.related[0].value) == ("V-3", added.text)


def test_a_changed_sentence_shows_both(compared: Compared) -> None:
    page = WRITERS["html"](DOCUMENT).decode()
    assert "申请663件" in page
    (found,) = compared(page.replace("申请663件", "申请636件"))
    assert found.code == "V-2" and "636件" in found.detail[1]


LABELS = [
    (number, index)
    for number, table in enumerate(TABLES)
    for index, cell in enumerate(table.grid.cells)
    if cell.text
]


def with_labels(table: Table, texts: dict[int, str]) -> Document:
    """Return the document with other labels in a table, by the indices of their cells."""
    grid = table.grid
    cells = tuple(
        replace(cell, text=texts.get(index, cell.text)) for index, cell in enumerate(grid.cells)
    )
    changed = replace(table, grid=replace(grid, cells=cells))
    return replace(
        DOCUMENT, items=tuple(changed if item is table else item for item in DOCUMENT.items)
    )


@each_format
def test_each_changed_label_is_one_difference(compared: Compared, format_name: str) -> None:
    assert len(LABELS) == 79
    for table, index in some(LABELS, format_name):
        text = TABLES[table].grid.cells[index].text
        other = f"{text[:-2]}甲" if len(text) > 2 else "甲乙"
        (found,) = compared(with_labels(TABLES[table], {index: other}), format_name)
        assert (found.code, found.detail[0]) == ("V-4", f"年报：{text}"), text
        assert found.related[0].value == other


@pytest.mark.parametrize("other", ["法律、法规授权组织", "法律服务组织", "", "2024年"])
def test_what_sites_call_a_column_is_told_once(compared: Compared, other: str) -> None:
    index = cell_of(TABLES[1], "法律服务机构")
    (found,) = compared(with_labels(TABLES[1], {index: other}))
    assert found.code == "V-4" and f"「{other or '空白'}」" in found.message


def cell_of(table: Table, text: str) -> int:
    return next(index for index, cell in enumerate(table.grid.cells) if cell.text == text)


def test_columns_with_each_others_names_are_found(
    compared: Compared,
) -> None:
    one, other = (cell_of(TABLES[1], text) for text in ("科研机构", "社会公益组织"))
    document = with_labels(TABLES[1], {one: "社会公益组织", other: "科研机构"})
    found = [each for each in compared(document) if each.code != "V-1"]
    assert [each.code for each in found] == ["V-4", "V-4"]


def test_tables_below_each_others_headings_are_found(compared: Compared) -> None:
    _, three, four = TABLES
    exchanged = {id(three): four, id(four): three}
    items = tuple(exchanged.get(id(item), item) for item in DOCUMENT.items)
    found = compared(replace(DOCUMENT, items=items))
    assert [each.code for each in found] == ["V-4", "V-4"]
    assert [each.place.path[0] for each in found] == [t.grid.figures[0][0] for t in TABLES[1:]]


def test_a_row_that_stands_there_twice_is_found(compared: Compared) -> None:
    page = WRITERS["fragment"](DOCUMENT).decode()
    row = next(row for row in re.findall("<tr>.*?</tr>", page) if "行政处罚" in row)
    (found,) = compared(page.replace(row, row * 2))
    assert found.code == "V-3" and "出现两次" in found.message and found.related[0].label


def test_white_space_width_and_numbering_are_no_difference(compared: Compared) -> None:
    page = WRITERS["html"](DOCUMENT).decode()
    other = page.replace("，", ",").replace("；", ";").replace("（一）", "一是、")
    other = (
        page.replace("，", ",")
        .replace("；", ";")
        .replace("（一）", "(一) ")
        .replace("<p>", "<p>&nbsp; ")
    )
    other = re.sub(r"</p>\n<p>(?!<)", "<br>", other)
    assert compared(other) == []


def test_a_site_around_it_is_no_difference(compared: Compared) -> None:
    site = (PAGES / "site.html").read_text(encoding="utf-8")
    fragment = WRITERS["fragment"](DOCUMENT).decode()
    assert compared(site.replace("REPORT", fragment)) == []


def test_a_changed_figure_is_found_with_a_site_around_it(compared: Compared) -> None:
    site = (PAGES / "site.html").read_text(encoding="utf-8")
    for table, index in FIGURES[::10]:
        fragment = WRITERS["fragment"](with_figure(table, index)).decode()
        (found,) = compared(site.replace("REPORT", fragment))
        assert (found.code, found.place.path) == ("V-1", TABLES[table].grid.figures[index])


def test_json_and_a_receipt(tmp_path: Path, nianbao: Call) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(WRITERS["html"](with_figure(0, 0)))
    receipt = tmp_path / "receipt.txt"
    outcome = nianbao(
        "verify", page, REPORT, "--format", "json", "--receipt", receipt, "--date", "2025-01-20"
    )
    (found,) = json.loads(outcome.out)
    assert (outcome.code, found["code"], found["severity"]) == (1, "V-1", "error")
    lines = receipt.read_text(encoding="utf-8").splitlines()
    assert lines[4:6] == ["核对日期: 2025-01-20", "结果: 不一致：V-1 1 处"]
    page.write_bytes(WRITERS["html"](DOCUMENT))
    nianbao("verify", page, REPORT, "--receipt", receipt, "--date", "2025-01-21")
    assert receipt.read_text(encoding="utf-8").endswith("结果: 一致\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--receipt", "x.txt"], "--date"),
        (["--receipt", "x.txt", "--date", "1月20日"], "不是日期"),
    ],
)
def test_wrong_usage(nianbao: Call, arguments: list[str], message: str) -> None:
    outcome = nianbao("verify", "nothing.html", REPORT, *arguments)
    assert outcome.code == 2 and message in outcome.err


def test_a_file_that_is_no_report_is_refused(tmp_path: Path, nianbao: Call) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>通知</p>", encoding="utf-8")
    outcome = nianbao("verify", page, REPORT)
    assert outcome.code == 2 and "错误 I-13 没有找到年度报告" in outcome.err
