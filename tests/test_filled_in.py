"""A workbook of ours comes back as the report it was made of, and says what was done to it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from generator.form.form import Form, Forms
from generator.judging.examine import examine
from generator.old_report.emit import nested, prose, written
from generator.old_report.filled_in import read_filled_in
from generator.old_report.imported import Imported, Wishes
from generator.old_report.importing import import_report
from generator.reading.source import parse
from generator.reading.workspace import find_reports
from generator.report.figures import expand
from generator.report.report import Reader
from generator.system.spreadsheets import Book, read_book
from generator.values import keys
from generator.workbook.layout import Layout
from generator.workbook.prose_rows import rows_of, text_of
from generator.workbook.write import write_workbook
from spreadsheets import needs_calc, saved_as
from support import EXAMPLES, NAMES, Outcome

FORMS = Forms()
Run = Callable[..., Outcome]


def workbook_of(file: Path) -> bytes:
    examined = examine(find_reports([file])[0], Reader(FORMS))
    return write_workbook(examined)


def same(text: str, before: dict[str, Any], form: Form) -> None:
    """Hold that a text says what ``before`` does, totals that add up left aside."""
    after = parse(text.encode(), Path("after")).data
    was, now = expand(form, before), expand(form, after)
    totals = {path for table in form.tables.values() for path in table.addends}
    for path in form.figures:
        if path not in totals:
            assert now.get(path) == was.get(path), path
    for key in (keys.LEAD, *(part.key for part in form.sections if not part.table)):
        assert list(rows_of(after.get(key))) == list(rows_of(before.get(key))), key
    for key in (keys.FORM, keys.YEAR, keys.TITLE, keys.SIGN_OFF, keys.ACCEPTED):
        assert after.get(key) == before.get(key), key


@pytest.mark.parametrize("name", NAMES)
def test_every_example_comes_back(name: str, tmp_path: Path) -> None:
    if is_roll_up(name):
        pytest.skip("its figures are sums over its members, and come back as numbers")
    file = EXAMPLES / f"{name}.yaml"
    book = tmp_path / "book.xlsx"
    book.write_bytes(workbook_of(file))
    imported = import_report(book, FORMS, Wishes())
    assert imported.complete and not imported.notes
    same(imported.text, parse(file.read_bytes(), file).data, imported.form)


def is_roll_up(name: str) -> bool:
    """Whether an example is added up over offices below it."""
    office = (EXAMPLES / name).parent / "office.yaml"
    return "汇总:" in office.read_text("utf-8")


# Any report of both forms

TEXT = st.text("公开信息年度申请答复，、“”（）12 3.abc一二%#:&*-|+=@'\"", min_size=1, max_size=30)
LINE = st.one_of(TEXT.map(str.strip).filter(bool), st.just("收到{{ 表三.本年新收.总计 }}件。"))
LINES = st.lists(LINE, min_size=1, max_size=3).map(lambda lines: "".join(f"{x}\n" for x in lines))


def texts(depth: int) -> st.SearchStrategy[Any]:
    if depth == 3:
        return LINES
    item = st.fixed_dictionaries(
        {keys.HEADING: LINE, keys.BODY: st.deferred(lambda: texts(depth + 1))}
    )
    items = st.lists(item, min_size=1, max_size=2)
    whole = st.fixed_dictionaries({keys.ITEMS: items}, optional={keys.SUMMARY: LINES})
    return st.one_of(LINES, whole.map(lambda text: dict(sorted(text.items(), reverse=True))))


MONEY = st.decimals(0, 10**8, allow_nan=False, places=6)
FIGURE = {"count": st.integers(0, 10**7), "money": MONEY, "change": st.integers(-999, 999)}


@st.composite
def reports(draw: st.DrawFn) -> tuple[Form, dict[str, Any]]:
    """Return any report: figures of every kind or not filled in, prose of any depth."""
    form = FORMS.load(draw(st.sampled_from(list(FORMS.first_years))))
    figures: dict[Any, Any] = {}
    for table in form.tables.values():
        share = draw(st.sampled_from([0, 1, 9]))
        for path in table.grid.figures:
            if path in table.addends:
                continue
            kind = table.filling.kinds.get(path[-1], "count")
            if draw(st.integers(0, 9)) > share:
                figures[path] = 0
            else:
                figures[path] = draw(st.one_of(FIGURE[kind], st.just(keys.UNFILLED)))
    data: dict[str, Any] = {keys.FORM: form.id, keys.YEAR: form.first_year}
    if draw(st.booleans()):
        data[keys.LEAD] = prose(draw(LINES))
    for section in form.sections:
        if section.table:
            data[section.key] = nested(form.tables[section.table], figures)
        else:
            data[section.key] = prose(draw(texts(0)))
    return form, data


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(reports())
def test_any_report_of_both_forms_comes_back(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[Form, dict[str, Any]]
) -> None:
    form, data = made
    folder = tmp_path_factory.mktemp("any")
    (folder / "office.yaml").write_text("名称: 演示县青石镇人民政府\n类型: 乡镇人民政府\n", "utf-8")
    file = folder / f"{form.first_year}.yaml"
    file.write_text(written(data, {}), "utf-8")
    before = parse(file.read_bytes(), file).data
    book = folder / "book.xlsx"
    book.write_bytes(workbook_of(file))
    same(import_report(book, FORMS, Wishes()).text, before, form)


@given(texts(0))
def test_rows_of_prose_are_the_prose(text: Any) -> None:
    rows = list(rows_of(text))
    assert list(rows_of(text_of(rows))) == rows


@needs_calc
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_what_libreoffice_saves_comes_back(suffix: str, tmp_path: Path) -> None:
    names = [name for name in NAMES if not is_roll_up(name)]
    files = []
    for number, name in enumerate(names):
        files.append(tmp_path / f"{number}.xlsx")
        files[-1].write_bytes(workbook_of(EXAMPLES / f"{name}.yaml"))
    for name, file in zip(names, saved_as(suffix, files, tmp_path), strict=True):
        imported = import_report(file, FORMS, Wishes())
        assert imported.complete and not imported.notes, (name, imported.notes)
        source = EXAMPLES / f"{name}.yaml"
        same(imported.text, parse(source.read_bytes(), source).data, imported.form)


@needs_calc
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_a_formula_that_fails_and_the_names_of_cells_are_read_in_every_format(
    suffix: str, tmp_path: Path
) -> None:
    file = tmp_path / "errors.xlsx"
    with xlsxwriter.Workbook(file) as workbook:
        sheet = workbook.add_worksheet("表 三")
        for row, formula in enumerate(("=1/0", "=NA()", "=1+1")):
            sheet.write_formula(row + 2, 3, formula)
        workbook.define_name("这一格", "='表 三'!$D$5")
    (saved,) = saved_as(suffix, [file], tmp_path)
    found = read_book(saved.read_bytes())
    assert found.by_name["表 三"].errors == {(2, 3): "#DIV/0!", (3, 3): "#N/A"}
    assert found.names["这一格"] == ("表 三", 4, 3)
    assert found.by_name["表 三"].text(4, 3) == "2"


# What people do to it


@pytest.fixture
def book() -> Book:
    """The workbook of a town, as it is read."""
    return read_book(workbook_of(EXAMPLES / "yanshi" / "liuhe" / "2024.yaml"))


def without_names(book: Book) -> Book:
    return Book(book.sheets, {})


def read_again(book: Book) -> Imported:
    return read_filled_in(Path("book.xlsx"), book, FORMS, Wishes())


def said(imported: Imported) -> list[str]:
    return [f"{note.kind.code} {note.origin} {note.message}" for note in imported.notes]


def figures_of(imported: Imported) -> dict[str, Any]:
    names = imported.form.names
    return {names.name_of(path): value for path, value in imported.settled.values.items()}


def insert_row(book: Book, sheet: str, at: int) -> None:
    """Insert a row as a spreadsheet does: what stands below moves, names with it."""
    rows = book.by_name[sheet].rows
    rows.insert(at, [""] * len(rows[0]))
    for name, (where, row, column) in book.names.items():
        if where == sheet and row >= at:
            book.names[name] = (where, row + 1, column)


@pytest.mark.parametrize("named", [True, False])
def test_text_in_the_cell_of_a_figure(book: Book, named: bool) -> None:
    book = book if named else without_names(book)
    book.by_name["表三"].rows[6][3] = "若干"
    imported = read_again(book)
    assert not imported.complete
    assert figures_of(imported)["表三.本年新收.自然人"] == "待填"
    assert any("I-15 表三!D7" in line and "若干" in line for line in said(imported))


def test_a_figure_with_its_unit_is_read_and_said(book: Book) -> None:
    book.by_name["表三"].rows[6][3] = "１２件"
    imported = read_again(book)
    assert figures_of(imported)["表三.本年新收.自然人"] == 12
    assert any("I-6 表三!D7" in line for line in said(imported))


def test_the_error_of_a_formula(book: Book) -> None:
    book.by_name["表二"].errors[9, 1] = "#REF!"
    imported = read_again(book)
    assert figures_of(imported)["表二.行政许可"] == "待填"
    assert any("I-15 表二!B10" in line and "#REF!" in line for line in said(imported))


def test_a_total_that_was_typed_over_is_never_taken(book: Book) -> None:
    before = figures_of(read_again(book))
    book.by_name["表三"].rows[6][9] = 999.0
    imported = read_again(book)
    assert figures_of(imported) == before
    assert any("I-15 表三!J7" in line and "999" in line for line in said(imported))


def test_a_changed_label_goes_by_the_name_of_the_cell(book: Book) -> None:
    before = figures_of(read_again(book))
    book.by_name["表三"].rows[7][0] = "二、去年剩下的"
    imported = read_again(book)
    assert figures_of(imported) == before
    assert any("I-14 表三!A8" in line and "去年剩下的" in line for line in said(imported))


def test_a_changed_label_without_a_name_is_not_read(book: Book) -> None:
    book.by_name["表三"].rows[7][0] = "二、去年剩下的"
    imported = read_again(without_names(book))
    assert figures_of(imported)["表三.上年结转.自然人"] == "待填"
    assert any("I-3 表三!A8" in line and "去年剩下的" in line for line in said(imported))
    assert not imported.complete


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("at", [0, 3, 7, 20])
def test_an_inserted_row_moves_what_is_below_it(book: Book, named: bool, at: int) -> None:
    before = figures_of(read_again(book))
    insert_row(book, "表三", at)
    assert figures_of(read_again(book if named else without_names(book))) == before


@pytest.mark.parametrize("named", [True, False])
def test_rows_that_changed_places_go_by_their_labels(book: Book, named: bool) -> None:
    """As after sorting: names stay where they were, and would give each row the other's figures."""
    before = figures_of(read_again(book))
    rows = book.by_name["表三"].rows
    rows[8], rows[9] = [rows[8][0], *rows[9][1:]], [rows[9][0], *rows[8][1:]]
    rows[8][0], rows[9][0] = "三、本年度办理结果", ""
    imported = read_again(book if named else without_names(book))
    assert figures_of(imported) == before
    assert any("I-14 表三!" in line and "移到了" in line for line in said(imported))


@pytest.mark.parametrize("named", [True, False])
def test_a_sheet_that_is_gone_is_said(book: Book, named: bool) -> None:
    book.sheets = [sheet for sheet in book.sheets if sheet.name != "表四"]
    imported = read_again(Book(book.sheets, book.names if named else {}))
    assert any("I-14" in line and "表四" in line for line in said(imported))
    assert figures_of(imported)["表四.行政复议.结果维持"] == "待填"


def test_a_blank_cell_is_no_zero(book: Book) -> None:
    book.by_name["表二"].rows[9][1] = ""
    imported = read_again(book)
    assert figures_of(imported)["表二.行政许可"] == "待填"
    assert any("I-5 表二!B10" in line for line in said(imported))
    as_zero = read_filled_in(Path("b"), book, FORMS, Wishes(blank_is_zero=True))
    assert figures_of(as_zero)["表二.行政许可"] == 0


def test_prose_that_was_typed_into_it(book: Book) -> None:
    rows = book.by_name["文字"].rows
    at = next(i for i, row in enumerate(rows) if row[0] == "其他需要报告的事项")
    rows[at + 1 : at + 1] = [
        ["", "（一）标题", "收费", ""],
        ["", "正文", "=没有收费\n也没有减免", ""],
    ]
    data = parse(read_again(book).text.encode(), Path("a")).data
    items = data["其他需要报告的事项"]["分项"]
    assert items[0] == {"标题": "收费", "正文": "=没有收费\n也没有减免\n"} or items[0][
        "正文"
    ].startswith("=没有收费\n也没有减免\n")


# Spreadsheets that we did not write


def foreign(file: Path) -> None:
    """Write a report as an office keeps it: one sheet, its own titles, tables below each other."""
    examined = examine(
        find_reports([EXAMPLES / "yanshi" / "liuhe" / "2024.yaml"])[0], Reader(FORMS)
    )
    report = examined.report
    assert report is not None
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("年报")
        page.merge_range(0, 0, 0, 9, f"{report.office.name}2024年政府信息公开工作年度报告")
        row = 2
        for count, section in enumerate(report.form.sections):
            page.write(row, 0, f"{'一二三四五六'[count]}、{section.heading}")
            row += 1
            if not section.table:
                page.write(row, 0, f"这是{section.heading}的一段文字。")
                row += 2
                continue
            for cell in report.form.tables[section.table].grid.cells:
                value: Any = cell.text
                if cell.path:
                    value = report.figures.values[cell.path]
                    value = float(value) if isinstance(value, Decimal) else value
                top, bottom = row + cell.row, row + cell.row + cell.rows - 1
                last = cell.column + cell.columns - 1
                if (top, cell.column) == (bottom, last):
                    page.write(top, cell.column, value)
                else:
                    page.merge_range(top, cell.column, bottom, last, value)
            row += len(report.form.tables[section.table].grid.slots) + 1


@needs_calc
def test_the_form_in_somebodys_own_spreadsheet(tmp_path: Path) -> None:
    foreign(tmp_path / "own.xlsx")
    source = EXAMPLES / "yanshi" / "liuhe" / "2024.yaml"
    files = [tmp_path / "own.xlsx"]
    files += [saved_as(suffix, files[:1], tmp_path)[0] for suffix in ("ods", "xls")]
    for file in files:
        imported = import_report(file, FORMS, Wishes())
        assert (imported.settled.read, imported.settled.total) == (200, 200), file
        assert imported.complete, (file, imported.notes)
        was = expand(imported.form, parse(source.read_bytes(), source).data).values
        now = expand(imported.form, parse(imported.text.encode(), file).data).values
        assert now == was
        assert {found.origin.partition("!")[0] for found in imported.found.values()} == {"年报"}
        assert "这是总体情况的一段文字。" in imported.text


def edited(content: bytes, part: str, cells: dict[str, str]) -> bytes:
    """Return a workbook in which texts stand in cells, as a program would write them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == part:
                root = etree.fromstring(data)
                for cell in root.iter("{*}c"):
                    if text := cells.get(cell.get("r", "")):
                        _type(cell, text)
                data = etree.tostring(root)
            new.writestr(info, data)
    return out.getvalue()


def _type(cell: Any, text: str) -> None:
    """Put a text, or a figure, into a cell."""
    space = cell.tag[:-1]
    for child in list(cell):
        cell.remove(child)
    if text.isdecimal():
        cell.attrib.pop("t", None)
        etree.SubElement(cell, f"{space}v").text = text
    else:
        cell.set("t", "inlineStr")
        etree.SubElement(etree.SubElement(cell, f"{space}is"), f"{space}t").text = text


def test_the_command_says_where_and_writes_the_rest(tmp_path: Path, nianbao: Run) -> None:
    content = workbook_of(EXAMPLES / "songzhuang" / "2024.yaml")
    (tmp_path / "填好.xlsx").write_bytes(
        edited(content, "xl/worksheets/sheet3.xml", {"D7": "三件左右"})
    )
    done = nianbao("import", tmp_path / "填好.xlsx", "-o", tmp_path / "town")
    assert done.code == 1 and "表三!D7" in done.err and "三件左右" in done.err
    office = (tmp_path / "town" / "office.yaml").read_text("utf-8")
    assert "名称: 孟津区送庄镇人民政府" in office and "类型: 乡镇人民政府" in office
    assert "自然人: 待填" in (tmp_path / "town" / "2024.yaml").read_text("utf-8")


def test_names_are_the_figures_and_every_label_is_at_its_place(forms: Forms) -> None:
    for form_id in forms.first_years:
        layout = Layout(forms.load(form_id))
        assert len(layout.by_name) == len(layout.figures) == len(layout.form.figures)


@pytest.mark.parametrize("content", [b"PK\x03\x04junk", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_what_is_no_workbook_is_refused(content: bytes, tmp_path: Path, nianbao: Run) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    done = nianbao("import", tmp_path / "a.xlsx", "-o", tmp_path / "out")
    assert done.code == 1 and "没有导入" in done.err
    assert not (tmp_path / "out").exists()
