"""A report as a workbook: what its formulas say is what ``check`` says, in every program."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from generator.form.cases import complete_office
from generator.form.form import Forms
from generator.judging.examine import examine
from generator.judging.trials import CompleteOffice
from generator.reading.workspace import find_reports, reports_in
from generator.report.report import Reader
from generator.workbook.write import write_workbook
from spreadsheets import needs_calc, saved_as
from support import EXAMPLES, NAMES, Outcome

Run = Callable[..., Outcome]


def workbook_of(report: Path) -> bytes:
    """Return the report in a file as a workbook."""
    forms = Forms()
    examined = examine(find_reports([report])[0], Reader(forms))
    return write_workbook(examined)


def sheets_of(file: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(str(file))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def shown(cell: object) -> object:
    return round(cell, 6) if isinstance(cell, float) else cell


def filled(rows: list[list[object]]) -> list[list[object]]:
    """Return the rows without what is empty at their ends; ``0`` of a formula is a figure."""
    found = [[shown(cell) for cell in row] for row in rows]
    for row in found:
        while row and row[-1] == "":
            row.pop()
    while found and not found[-1]:
        found.pop()
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    file = EXAMPLES / f"{name}.yaml"
    assert workbook_of(file) == workbook_of(file)


@pytest.mark.parametrize("form", Forms().first_years)
def test_the_sheets_are_the_cover_the_tables_prose_relations_and_what_is_accepted(
    form: int, tmp_path: Path, nianbao: Run
) -> None:
    report = reports_in(complete_office(Forms().load(form)))[-1].file
    done = nianbao("workbook", report, "-o", tmp_path / "a.xlsx")
    assert (done.code, done.out.strip()) == (0, str(tmp_path / "a.xlsx"))
    sheets = sheets_of(tmp_path / "a.xlsx")
    assert list(sheets) == ["封面", "表二", "表三", "表四", "文字", "核对", "接受"]
    again = nianbao("workbook", report, "-o", tmp_path / "a.xlsx")
    assert again.code == 2 and "没有动它" in again.err


def spoilt(form: int, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the complete report of a form, and once for each rule what upsets it, as workbooks."""
    forms = Forms()
    office = CompleteOffice(forms, forms.load(form), folder)
    for rule in (None, *forms.load(form).rules):
        if rule and (rule.kind != "relation" or "格式" in rule.violated_by):
            continue
        name = rule.id if rule else "complete"
        trial = office.tried(rule.violated_by if rule else {})
        file = folder / f"{name}.xlsx"
        file.write_bytes(workbook_of(trial.examined.at.file))
        yield name, file


@needs_calc
@pytest.mark.parametrize("form", Forms().first_years)
def test_every_formula_comes_to_what_was_stored_beside_it(form: int, tmp_path: Path) -> None:
    books = dict(spoilt(form, tmp_path))
    for name, computed in zip(books, saved_as("xlsx", books.values(), tmp_path), strict=True):
        stored, anew = sheets_of(books[name]), sheets_of(computed)
        for sheet, rows in stored.items():
            assert filled(anew[sheet]) == filled(rows), (name, sheet)


def test_a_typed_total_that_is_no_sum_is_not_changed_in_silence(
    tmp_path: Path, nianbao: Run
) -> None:
    office = Path(shutil.copytree(EXAMPLES / "yanshi" / "benji", tmp_path / "benji"))
    file = office / "2024.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("总计: 359}", "总计: 358}", 1), "utf-8")
    done = nianbao("workbook", file, "-o", tmp_path / "a.xlsx")
    assert done.code == 0
    assert "358" in done.err and "359" in done.err and "相加" in done.err


def test_what_an_office_has_accepted_is_shown_as_accepted(tmp_path: Path) -> None:
    office = tmp_path / "town"
    office.mkdir()
    source = EXAMPLES / "yanshi" / "qingshi"
    shutil.copy(source / "office.yaml", office)
    text = (
        (source / "2024.yaml")
        .read_text("utf-8")
        .replace("结转下年度继续办理: {自然人: 2", "结转下年度继续办理: {自然人: 90")
    )
    said = "- {规则: T3-7, 位置: 收到和处理政府信息公开申请情况.结转下年度继续办理, 理由: 年末集中}"
    head, mark, tail = text.partition("接受:\n")
    text = f"{head}接受:\n{said}\n{tail}" if mark else f"{text}接受:\n{said}\n"
    (office / "2024.yaml").write_text(text, "utf-8")
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook_of(office / "2024.yaml"))
    sheets = sheets_of(file)
    states = {row[0]: row[5] for row in sheets["核对"][3:]}
    assert states["T3-7"] == "已接受"
    assert not any("偏多" in str(cell) for row in sheets["表三"] for cell in row)


@pytest.mark.parametrize("form", Forms().first_years)
def test_every_rule_speaks_on_its_own_counter_example(form: int, tmp_path: Path) -> None:
    """Totals are formulas here: a wrong one cannot be typed, and its rule has nothing to say."""
    forms = Forms()
    for name, file in spoilt(form, tmp_path):
        rows = sheets_of(file)["核对"][3:]
        broken = {row[0]: row[6] for row in rows if row[5] in ("不符", "请核对")}
        rule = next((rule for rule in forms.load(form).rules if rule.id == name), None)
        if rule and not any(
            key.endswith("总计.自然人") or ".总计" in key for key in rule.violated_by
        ):
            assert rule.title in str(broken[name])
        if rule is None:
            assert not {row[0] for row in rows if row[5] == "不符"}
