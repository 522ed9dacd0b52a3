"""A filled-in workbook goes into the report that is there: what differs, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.old_report.filled_in import read_filled_in
from generator.old_report.imported import Imported, Wishes
from generator.old_report.update import updated
from generator.reading.source import parse
from generator.reading.workspace import find_reports
from generator.report.figures import expand
from generator.report.report import Reader, Report
from generator.system.spreadsheets import Book, read_book
from generator.workbook.layout import Layout
from generator.workbook.prose_rows import rows_of
from support import EXAMPLES, NAMES, Outcome
from test_filled_in import FORMS, edited, workbook_of

Run = Callable[..., Outcome]
SOME = ["yanshi/liuhe/2024", "baiyuan/2020", "songzhuang/2024"]
TOWN = EXAMPLES / "yanshi" / "liuhe" / "2024.yaml"


def report_of(file: Path) -> Report:
    return Reader(FORMS).report(find_reports([file])[0])


def imported_from(book: Book) -> Imported:
    return read_filled_in(Path("book.xlsx"), book, FORMS, Wishes())


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_that_nobody_touched_changes_nothing(name: str) -> None:
    file = EXAMPLES / f"{name}.yaml"
    text, said = updated(report_of(file), imported_from(read_book(workbook_of(file))))
    assert (text, said) == (file.read_text("utf-8"), [])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_figures_that_were_typed_are_there_and_no_others(data: st.DataObject) -> None:
    file = EXAMPLES / f"{data.draw(st.sampled_from(SOME))}.yaml"
    report, book = report_of(file), read_book(workbook_of(file))
    layout = Layout(report.form)
    totals = {path for table in report.form.tables.values() for path in table.addends}
    leaves = [path for path in report.form.figures if path not in totals]
    typed = data.draw(
        st.dictionaries(st.sampled_from(leaves), st.integers(0, 99) | st.just("待填"), max_size=6)
    )
    for path, value in typed.items():
        spot = layout.figures[path]
        book.by_name[spot.sheet].rows[spot.row][spot.column] = value
    text, _ = updated(report, imported_from(book))
    after = expand(report.form, parse(text.encode(), file).data)
    for path in leaves:
        wanted = typed.get(path, report.figures.get(path))
        assert after.get(path) == (None if wanted == "待填" else wanted), path
    comments = [line for line in report.source.text.splitlines() if line.lstrip().startswith("#")]
    assert [line for line in text.splitlines() if line.lstrip().startswith("#")] == comments


def prose_rows(book: Book, part: str) -> tuple[list[list[Any]], int]:
    rows: list[list[Any]] = book.by_name["文字"].rows
    return rows, next(i for i, row in enumerate(rows) if row[0] == part)


def test_a_paragraph_that_was_changed(tmp_path: Path) -> None:
    book = read_book(workbook_of(TOWN))
    rows, at = prose_rows(book, "总体情况")
    place = next(
        i for i in range(at, len(rows)) if rows[i][1] == "正文" and len(str(rows[i][2])) > 20
    )
    rows[place][2] = f"{rows[place][2]}又补充一句。"
    text, said = updated(report_of(TOWN), imported_from(book))
    assert said == ["「总体情况」改了文字"]
    before = TOWN.read_text("utf-8").splitlines()
    different = [line for line in text.splitlines() if line not in before]
    assert len(different) == 1 and different[0].endswith("又补充一句。")


def test_headings_that_were_added_write_the_part_anew() -> None:
    book = read_book(workbook_of(TOWN))
    rows, at = prose_rows(book, "其他需要报告的事项")
    rows[at + 1 : at + 1] = [["", "（一）标题", "另一件事", ""], ["", "正文", "做完了。", ""]]
    text, said = updated(report_of(TOWN), imported_from(book))
    assert said == ["「其他需要报告的事项」改了文字"]
    after = parse(text.encode(), TOWN).data
    assert (1, "另一件事") in list(rows_of(after["其他需要报告的事项"]))
    old = parse(TOWN.read_bytes(), TOWN).data
    assert {k: v for k, v in after.items() if k != "其他需要报告的事项"} == {
        k: v for k, v in old.items() if k != "其他需要报告的事项"
    }


def test_title_foot_and_what_is_accepted() -> None:
    book = read_book(workbook_of(TOWN))
    cover = book.by_name["封面"].rows
    next(row for row in cover if row[0] == "标题")[1] = "柳河镇2024年政府信息公开工作年度报告"
    next(row for row in cover if row[0] == "落款日期")[1] = "2025-01-09"
    accepted = book.by_name["接受"].rows
    accepted[3][:3] = ["Y-7", "主动公开政府信息情况.行政处罚", "专项整治"]
    text, said = updated(report_of(TOWN), imported_from(book))
    after = parse(text.encode(), TOWN).data
    assert after["标题"] == "柳河镇2024年政府信息公开工作年度报告"
    assert after["落款"]["日期"] == "2025-01-09"
    assert after["接受"][-1] == {
        "规则": "Y-7",
        "位置": "主动公开政府信息情况.行政处罚",
        "理由": "专项整治",
    }
    assert len(said) == 3


def test_the_command_changes_what_differs_and_says_it(tmp_path: Path, nianbao: Run) -> None:
    folder = Path(shutil.copytree(TOWN.parent, tmp_path / "liuhe"))
    report = folder / "2024.yaml"
    crlf = report.read_bytes().replace(b"\n", b"\r\n")
    report.write_bytes(crlf)
    content = edited(workbook_of(report), "xl/worksheets/sheet2.xml", {"B10": "77"})
    (tmp_path / "a.xlsx").write_bytes(content)
    refused = nianbao("import", tmp_path / "a.xlsx", "-o", folder)
    assert refused.code == 1 and "--update" in refused.err and report.read_bytes() == crlf
    done = nianbao("import", tmp_path / "a.xlsx", "-o", folder, "--update")
    assert done.code == 0 and "→ 77" in done.err, done.err
    before, after = crlf.split(b"\r\n"), report.read_bytes().split(b"\r\n")
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert [line.decode().split("#")[0].split(":")[1].strip() for line in changed] == ["77"]


def test_another_year_or_form_is_refused(tmp_path: Path, nianbao: Run) -> None:
    folder = Path(shutil.copytree(TOWN.parent, tmp_path / "liuhe"))
    (tmp_path / "a.xlsx").write_bytes(workbook_of(TOWN))
    done = nianbao("import", tmp_path / "a.xlsx", "-o", folder / "2023.yaml", "--update")
    assert done.code == 1 and "没有导入" in done.err and "错误 I-13" in done.err
    gone = nianbao("import", tmp_path / "a.xlsx", "-o", tmp_path / "nowhere", "--update")
    assert gone.code == 1 and "不能更新" in gone.err
