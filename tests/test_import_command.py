"""``nianbao import`` as users meet it: where it writes, what it says, how fast it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.form.form import Forms
from generator.form.spellings import read_spellings
from generator.old_report.blocks import RawTable
from generator.old_report.importing import read_blocks
from generator.old_report.reading import read_figure
from generator.reading.source import read
from import_cases import FOLDER, place_input
from support import Outcome


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An old report of 2023 as a page."""
    folder = tmp_path / "old"
    folder.mkdir()
    return place_input("gb18030", folder)


def test_the_file_named_is_written_and_office_yaml_beside_it(
    old: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    target = tmp_path / "reports" / "qingshi" / "2023.yaml"
    outcome = nianbao("import", old, "-o", target)
    assert outcome.code == 0
    assert outcome.out.split() == [str(target.parent / "office.yaml"), str(target)]
    office = read(target.parent / "office.yaml").data
    assert (office["名称"], office["类型"]) == ("演示县青石镇人民政府", "乡镇人民政府")
    assert "按名称认作 乡镇人民政府，请核对" in outcome.err
    checked = nianbao("check", target)
    assert checked.code == 0, checked.out


def test_without_a_place_it_is_the_current_folder(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nianbao: Callable[..., Outcome]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert nianbao("import", old).code == 0
    assert (tmp_path / "2023.yaml").is_file() and (tmp_path / "office.yaml").is_file()


def test_a_file_that_is_there_stays(
    old: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    target = tmp_path / "2023.yaml"
    target.write_text("格式: 2021\n", "utf-8")
    outcome = nianbao("import", old, "-o", target)
    assert outcome.code == 1 and "已有" in outcome.err and "--force" in outcome.err
    assert target.read_text("utf-8") == "格式: 2021\n"
    assert not (tmp_path / "office.yaml").exists()
    assert nianbao("import", old, "-o", target, "--force").code == 0
    assert "本年新收" in target.read_text("utf-8")


def test_office_yaml_is_never_changed_and_its_name_counts(
    old: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    office = tmp_path / "office.yaml"
    office.write_text("名称: 演示县青石镇政府\n类型: 乡镇人民政府\n", "utf-8")
    before = office.read_bytes()
    outcome = nianbao("import", old, "-o", tmp_path)
    assert office.read_bytes() == before
    assert "请核对" in outcome.err
    # The title is not the one that this name gives: it is kept as published.
    assert read(tmp_path / "2023.yaml").data["标题"].startswith("演示县青石镇人民政府2023年")


def test_a_file_of_another_year_is_refused(
    old: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    outcome = nianbao("import", old, "-o", tmp_path / "2022.yaml")
    assert outcome.code == 1 and "2023 年度" in outcome.err
    assert not (tmp_path / "2022.yaml").exists()
    assert nianbao("import", old, "-o", tmp_path / "2022.yaml", "--year", "2022").code == 0


def test_where_every_figure_comes_from(
    old: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    file = tmp_path / "来源.json"
    assert nianbao("import", old, "-o", tmp_path / "out", "--provenance", file).code == 0
    origins = json.loads(file.read_text("utf-8"))
    assert len(origins) == 200
    assert origins["收到和处理政府信息公开申请情况.本年新收.自然人"] == (
        {"值": "12", "原文": "12", "出处": "表格 2，第 4 行第 4 栏"}
    )
    again = nianbao("import", old, "-o", tmp_path / "other", "--provenance", file)
    assert again.code == 1 and not (tmp_path / "other").exists()


def test_a_label_with_a_slip_says_what_it_was_taken_for(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    file = tmp_path / "来源.json"
    old = place_input("typing_slips", tmp_path)
    nianbao("import", old, "-o", tmp_path / "out", "--provenance", file)
    reasons = {each.get("依据", "") for each in json.loads(file.read_text("utf-8")).values()}
    assert any("认作" in reason for reason in reasons), reasons


def test_a_folder_gives_a_table(tmp_path: Path, nianbao: Callable[..., Outcome]) -> None:
    folder = tmp_path / "old"
    for case in ("gb18030", "form_of_another_year", "no_year_anywhere"):
        (folder / case).mkdir(parents=True)
        place_input(case, folder / case)
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "~$lock.docx").write_bytes(b"x")
    outcome = nianbao("import", folder, "-o", tmp_path / "reports")
    assert outcome.code == 1
    rows = [line.split() for line in outcome.out.splitlines() if "input" in line]
    # Each of the two has an error: they are of one office, a year in the wrong form.
    assert [row[1] for row in rows] == ["待改", "待改", "没有导入"]
    assert rows[0][2:8] == ["演示县青石镇人民政府", "2022", "2019", "198/198", "0", "1"]
    assert rows[1][-1] == "演示县青石镇人民政府/2023.yaml"
    assert "3 个文件，0 个完成，3 个要处理" in outcome.err
    assert sorted(p.name for p in (tmp_path / "reports").rglob("*.yaml")) == (
        ["2022.yaml", "2023.yaml", "office.yaml"]
    )


def test_two_files_of_one_report_do_not_overwrite_each_other(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    folder = tmp_path / "old"
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        place_input("gb18030", folder / name)
    outcome = nianbao("import", folder, "-o", tmp_path / "reports")
    assert outcome.code == 1
    assert "已有" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.docx"], "没有这个路径"),
        (["old", "--year", "2023"], "只用于一个文件"),
        (["old", "--provenance", "x.json"], "只用于一个文件"),
        (["old", "-o", "2023.yaml"], "-o 是文件夹"),
        (["old", "--kind", "公司"], "没有「公司」这个类型"),
        (["empty"], "里没有 DOCX、工作簿、HTML、PDF 或 TXT"),
        (["old", "--blank", "1"], "blank"),
    ],
)
def test_wrong_usage(
    arguments: list[str],
    words: str,
    old: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    nianbao: Callable[..., Outcome],
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    outcome = nianbao("import", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err


def test_a_place_that_cannot_be_written(
    old: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    outcome = nianbao("import", old, "-o", tmp_path / "file" / "2023.yaml")
    assert outcome.code == 2 and "写不了" in outcome.err


@pytest.mark.parametrize("case", ["merged_cells_docx", "gb18030"])
def test_merged_cells_are_one(case: str, tmp_path: Path, forms: Forms) -> None:
    """A table read from DOCX or HTML has the cells and the spans of the form's own grid."""
    blocks = read_blocks(place_input(case, tmp_path), forms)
    tables = [item for item in blocks.items if isinstance(item, RawTable)]
    grids = [table.grid for table in forms.load(2021).tables.values()]
    for table, grid in zip(tables, grids, strict=True):
        assert [(c.row, c.column, c.rows, c.columns) for c in table.cells] == (
            [(c.row, c.column, c.rows, c.columns) for c in grid.cells]
        )


@pytest.mark.parametrize(
    ("text", "unit", "printed", "value"),
    [
        ("12", "", "", "12"),
        ("1,200", "", "", "1200"),
        ("1，200", "", "", "1200"),
        ("1 200", "", "", "1200"),
        ("１２", "", "", "12"),
        ("12件", "", "", "12"),
        ("-8", "", "", "-8"),
        ("－8", "", "", "-8"),
        ("007", "", "", "7"),
        ("0.50", "万元", "", "0.50"),
        ("251000元", "万元", "", "25.1"),
        ("25.1万元", "万元", "", "25.1"),
        ("0.3亿元", "万元", "", "3000"),
        ("251000", "万元", "元", "25.1"),
        ("251000", "万元", "", "251000"),
        ("", "", "", None),
        ("／", "", "", None),
        ("——", "", "", None),
    ],
)
def test_cells(text: str, unit: str, printed: str, value: str | None, forms: Forms) -> None:
    reading = read_figure(text, read_spellings(forms.load(2021)), unit, printed)
    assert reading is not None
    assert (None if reading.value is None else str(reading.value)) == value


@pytest.mark.parametrize(
    "text", ["若干", "1 2", "12,34", "1.2.3", "①", "1.", "2023年", "251000元", "约12", "1e3", "½"]
)
def test_what_is_no_figure(text: str, forms: Forms) -> None:
    assert read_figure(text, read_spellings(forms.load(2021))) is None


def test_every_case_has_a_name_that_says_what_it_is() -> None:
    assert all(
        set(case.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_") for case in FOLDER.iterdir()
    )


def test_what_there_is_to_know_as_findings(
    old: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    known = Forms().known
    outcome = nianbao("import", old, "-o", tmp_path / "2023.yaml", "--format", "json")
    assert (outcome.code, outcome.err) == (0, "")
    found = json.loads(outcome.out)
    assert {"I-2", "I-12"} <= {each["code"] for each in found}, "its encoding, and its office"
    for each in found:
        entry = known.entries[each["code"]]
        assert (each["severity"], each["basis"]) == (entry.level, entry.basis)
        assert each["hint"] and each["file"] == str(old)
    again = nianbao("import", old, "-o", tmp_path / "2023.yaml", "--format", "json")
    (refusal,) = json.loads(again.out)
    assert again.code == 1
    assert (refusal["code"], refusal["severity"]) == ("I-13", "error")
    assert "已有" in refusal["message"] and "--force" in refusal["hint"] and refusal["basis"]


def test_a_figure_that_needed_judgement_says_why(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    source = place_input("text_with_columns", tmp_path)
    file = tmp_path / "来源.json"
    assert nianbao("import", source, "-o", tmp_path / "out", "--provenance", file).code == 0
    origins = json.loads(file.read_text("utf-8"))
    part = "收到和处理政府信息公开申请情况"
    judged = origins[f"{part}.本年度办理结果.部分公开.自然人"]
    assert judged["依据"] == "标签断成几行，按前后的标签认出"
    assert judged["原文"] == "46" and judged["出处"].startswith("第 ")
    assert "依据" not in origins[f"{part}.本年新收.自然人"]
