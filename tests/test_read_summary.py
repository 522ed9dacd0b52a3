"""A summary read back: the members' tables, each in its office's place."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.form.form import Forms
from generator.reading.workspace import find_reports, place_of
from generator.report.report import Reader
from support import EXAMPLES, Outcome

Call = Callable[..., Outcome]
COUNTY = EXAMPLES / "yanshi"
HEAD = "单位,名称,类型,状态,年度,表二.行政许可,表二.行政事业性收费,表三.本年新收.自然人\n"


def figures(forms: Forms, folder: Path) -> dict[tuple[str, int], object]:
    """Return the figures of every report in a workspace that is not added up."""
    found: dict[tuple[str, int], object] = {}
    for at in find_reports([folder]):
        report = Reader(forms).report(at)
        if not report.office.roll_up:
            values = {path: report.figures.get(path) for path in report.form.figures}
            found[at.office_path.as_posix(), at.year] = values
    return found


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str], Path]:
    def written(rows: str) -> Path:
        file = tmp_path / "2024.csv"
        file.write_text(HEAD + rows, "utf-8")
        return file

    return written


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_members_tables_come_back(
    ending: str, tmp_path: Path, forms: Forms, nianbao: Call
) -> None:
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    file, back = tmp_path / f"all.{ending}", tmp_path / "back"
    assert nianbao("summary", "--years", "2023-2024", COUNTY, "-o", file).code == 0
    outcome = nianbao("import", file, "-o", back)
    assert outcome.code == 1, "the prose is still to be written"
    wanted = figures(forms, COUNTY)
    wanted = {key: value for key, value in wanted.items() if key[0] != "yanshi/shuiwuju"}
    assert figures(forms, back) == wanted
    office = Reader(forms).office(place_of(back / "yanshi/liuhe", 2024))
    assert (office.name, office.kind) == ("演示县柳河镇人民政府", "乡镇人民政府")


def test_what_is_written_is_what_the_summary_says_again(tmp_path: Path, nianbao: Call) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    nianbao("summary", "2023", COUNTY, "-o", one)
    nianbao("import", one, "-o", tmp_path / "back")
    nianbao("summary", "2023", tmp_path / "back", "-o", two)
    texts = [
        [[*row[:3], *row[4:]] for row in csv.reader(io.StringIO(file.read_text("utf-8-sig")))]
        for file in (one, two)
    ]
    assert texts[0] == texts[1]


def test_offices_that_are_there_are_known_by_name(
    table: Callable[[str], Path], tmp_path: Path, nianbao: Call
) -> None:
    there = tmp_path / "yanshi/dong"
    there.mkdir(parents=True)
    for folder, name in ((there.parent, "甲县人民政府"), (there, "甲县东镇人民政府")):
        office = f"名称: {name}\n类型: 其他机构\n"
        (folder / "office.yaml").write_text(office, "utf-8")
    file = table(
        "yanshi/x,甲县东镇人民政府,,,2024,1,0,2\nyanshi/xi,甲县西镇人民政府,,,2024,3,0,4\n"
    )
    nianbao("import", file, "-o", there.parent)
    assert (there / "2024.yaml").is_file()
    assert (there.parent / "xi/2024.yaml").is_file(), "its path begins at the workspace"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("a,甲,,,2024,,,\n", "一个数也没有"),
        ("a,甲,,,20x4,1,0,2\n", "不是有表式的年度"),
        ("a,甲,,,1999,1,0,2\n", "不是有表式的年度"),
        ("a,甲,,,2024,1,0,2\na,甲,,,2024,1,0,2\n", "同一个机关"),
    ],
)
def test_rows_that_are_no_report_are_refused_with_a_way_out(
    rows: str, said: str, table: Callable[[str], Path], tmp_path: Path, nianbao: Call
) -> None:
    outcome = nianbao("import", table(rows), "-o", tmp_path / "back", "--format", "json")
    last = json.loads(outcome.out)["files"][-1]
    assert outcome.code == 1 and said in last["refused"] and last["hint"]


def test_cells_that_hold_no_figure_are_still_to_be_filled_in(
    table: Callable[[str], Path], tmp_path: Path, nianbao: Call
) -> None:
    file = table("a,甲镇人民政府,,,2024,十来件,72701.2578,3\n")
    outcome = nianbao("import", file, "-o", tmp_path / "back", "--format", "json")
    text = (tmp_path / "back/a/2024.yaml").read_text("utf-8")
    assert "行政许可: 待填" in text and "行政事业性收费: 72701.2578" in text
    found = json.loads(outcome.out)
    assert found["files"][0]["part"] == "第 2 行"
    assert any("十来件" in finding["message"] for finding in found["findings"])


@pytest.mark.parametrize("office", ["../../up", "/etc/a", "..\\..\\up", "a/../../../up", "."])
def test_no_path_leads_out_of_the_folder(
    office: str, table: Callable[[str], Path], tmp_path: Path, nianbao: Call
) -> None:
    before = set(tmp_path.parent.rglob("*"))
    nianbao("import", table(f"{office},甲镇人民政府,,,2024,1,0,3\n"), "-o", tmp_path / "in/back")
    new = set(tmp_path.parent.rglob("*")) - before - {tmp_path / "2024.csv", tmp_path / "in"}
    assert new and all(path.is_relative_to(tmp_path / "in/back") for path in new)


def test_only_figures_are_brought_up_to_date(
    table: Callable[[str], Path], tmp_path: Path, nianbao: Call
) -> None:
    folder = tmp_path / "back"
    nianbao("import", table("a,甲镇人民政府,,,2024,1,0,2\n"), "-o", folder)
    file = folder / "a/2024.yaml"
    file.write_text(file.read_text("utf-8").replace("总体情况: 待填", "总体情况: 写好了"), "utf-8")
    nianbao("import", table("a,甲镇人民政府,,,2024,7,,\n"), "-o", folder, "--update")
    assert "行政许可: 7" in file.read_text("utf-8") and "写好了" in file.read_text("utf-8")
