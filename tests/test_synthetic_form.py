"""A form that does not exist, "2099", written as data: it works without a line of code."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from generator.form import write_schemas
from generator.form.form import Forms
from generator.reading.source import Unreadable, read
from reading import docx_blocks
from support import ROOT, Outcome

TABLE = """\
id: 表甲
description: 一张只为试验的表
total: 合计
widths: [2, 3, 1, 1, 1]
header: 2
align: left
size: 9
row_height: 18
each: [来信, 来访, 合计]
kinds: {收费: money}
rows:
- [{text: 事项, rows: 2, cols: 2}, {text: 来源, cols: 3}]
- [来信, 来访, 合计]
- [{text: 办理, rows: 2}, 1.答复, {values: 办理.答复}]
- [2.转交, {values: 办理.转交}]
- [{text: 合计, cols: 2}, {values: 办理.合计}]
- [{text: 收费, cols: 2}, {value: 收费, cols: 3}]
"""
CHECKS = """\
- id: 甲-1
  level: error
  title: 合计应等于各来源之和
  basis: 试验
  hint: 核对
  each: {row: 表甲.rows}
  left: [$row.合计]
  relation: equals
  right: [$row.*]
  violated_by: {表甲.办理.答复.合计: 9}
"""
HEAD = """\
edition: 2099
first_year: 2099
predecessor: 2021
basis: 试验格式
title: "{{ 单位 }}{{ 年度 }}年度报告"
sections:
- {key: 综述, heading: 综 述}
- {key: 信访, heading: 信访情况, table: 表甲}
"""
REPORT = """\
格式: 2099
年度: 2099
综述: 答复{{ 表甲.办理.答复.合计 }}件，共{{ 表甲.办理.合计.合计 }}件。
信访:
  办理:
    答复: {来信: 2, 来访: 1}
    转交: {来访: 4, 合计: 4}
  收费: 0.50
"""


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """The real forms and the synthetic one beside them, in a folder of their own."""
    root = tmp_path / "forms"
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copytree(ROOT / "schemas", root / "schemas")
    folder = root / "templates" / "2099"
    (folder / "tables").mkdir(parents=True)
    (folder / "edition.yaml").write_text(HEAD, "utf-8")
    (folder / "tables" / "表甲.yaml").write_text(TABLE, "utf-8")
    (folder / "checks.yaml").write_text(CHECKS, "utf-8")
    return root


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "reports" / "town"
    folder.mkdir(parents=True)
    (folder / "office.yaml").write_text("名称: 某县人民政府\n类型: 县级以上人民政府\n", "utf-8")
    (folder / "2099.yaml").write_text(REPORT, "utf-8")
    return folder


def test_a_form_is_data(
    forms: Path, office: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    out = tmp_path / "out"
    outcome = nianbao("--forms", forms, "build", office, "-o", out)
    assert outcome.code == 0, outcome.err
    blocks = docx_blocks(out / "town" / "2099.docx")
    assert blocks[:3] == ["某县人民政府2099年度报告", "一、综 述", "答复3件，共7件。"]
    table = blocks[-1]
    assert table[table.index("1.答复") :] == (
        ["1.答复", "2", "1", "3", "2.转交", "0", "4", "4", "合计", "2", "5", "7", "收费", "0.50"]
    )


def test_a_slip_keeps_its_schema_from_being_made_and_is_named(forms: Path) -> None:
    file = forms / "templates" / "2099" / "edition.yaml"
    file.write_text(file.read_text("utf-8").replace("sections:", "section:"), "utf-8")
    said = write_schemas.main(str(forms)) or ""
    assert said.startswith(f"{file}:") and "E-1" in said and "section" in said


def test_its_schema_for_editors_is_made_from_its_tables(forms: Path) -> None:
    assert write_schemas.main(str(forms)) is None
    schema = json.loads((forms / "schemas" / "2099.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    good = YAML(typ="safe").load(re.sub("收费.*", "收费: 1", REPORT))
    assert not list(Draft202012Validator(schema).iter_errors(good))
    wrong = good | {"信访": {"办理": {"答复": 1, "转交": 0}, "收费": -1}}
    found = Draft202012Validator(schema).iter_errors(wrong)
    assert [error.absolute_path[0] for error in found] == ["信访"]
    row = schema["properties"]["信访"]["oneOf"][0]["properties"]["办理"]["oneOf"][0]["properties"]
    assert [each["title"] for each in row.values()] == ["1.答复", "2.转交", "合计"]


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_its_old_reports_are_read(
    kind: str, forms: Path, office: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    assert nianbao("--forms", forms, "build", office, "-o", tmp_path / "out").code == 0
    document = tmp_path / "out" / "town" / f"2099.{kind}"
    outcome = nianbao("--forms", forms, "import", document, "-o", tmp_path / "again")
    assert outcome.code == 0, outcome.err
    assert "读出 10/10" in outcome.err
    again = read(tmp_path / "again" / "2099.yaml").data
    assert again["信访"]["办理"] == {"答复": {"来信": 2, "来访": 1}, "转交": {"来访": 4}}
    assert again["综述"] == "答复3件，共7件。\n"


def test_its_author_is_told_what_is_missing_and_has_its_cases_tried(
    forms: Path, nianbao: Callable[..., Outcome]
) -> None:
    """A complete office of two years, a case, a note: nothing but data."""
    bare = nianbao("forms", "check", forms)
    assert bare.code == 1 and "没有两个年度的完整示例" in bare.out
    folder = forms / "templates" / "2099"
    complete = folder / "cases" / "complete"
    complete.mkdir(parents=True)
    (complete / "office.yaml").write_text("名称: 某县人民政府\n类型: 县级以上人民政府\n", "utf-8")
    whole = REPORT.replace("答复: {来信: 2, 来访: 1}", "答复: {来信: 2, 来访: 1, 合计: 3}")
    (complete / "2099.yaml").write_text(whole, "utf-8")
    later = whole.replace("年度: 2099", "年度: 2100").replace("答复{{", "来信来访答复了{{")
    (complete / "2100.yaml").write_text(later, "utf-8")
    (folder / "cases" / "a-total.yaml").write_text(
        "changes: {表甲.办理.转交.合计: 5}\nexpected:\n- {rule: 甲-1, says: 相差 1}\n", "utf-8"
    )
    done = nianbao("forms", "check", forms)
    said = [line for line in done.out.splitlines() if ": 错误" in line]
    assert said == [], done.out
    assert "E-9 没有 rollover.yaml" in done.out and "3 行没有填报说明（note）" in done.out


def test_its_own_check_fires(forms: Path, office: Path, nianbao: Callable[..., Outcome]) -> None:
    report = office / "2099.yaml"
    report.write_text(REPORT.replace("来访: 1", "来访: 1, 合计: 9"), "utf-8")
    outcome = nianbao("--forms", forms, "check", office)
    assert outcome.code == 1
    assert "甲-1" in outcome.out and "相差 6" in outcome.out
    assert "2099.yaml:6:" in outcome.out


def test_the_form_of_a_year_is_the_latest_that_has_begun(forms: Path) -> None:
    forms = Forms(forms)
    assert [forms.for_year(y) for y in (2018, 2019, 2020, 2021, 2098, 2099)] == (
        [None, 2019, 2019, 2021, 2021, 2099]
    )
    assert forms.load(2021).covers(2098) and not forms.load(2021).covers(2099)


def test_a_hole_in_a_layout_is_reported_at_its_line(forms: Path) -> None:
    file = forms / "templates" / "2099" / "tables" / "表甲.yaml"
    file.write_text(TABLE.replace("{text: 合计, cols: 2}", "合计"), "utf-8")
    with pytest.raises(Unreadable) as raised:
        Forms(forms).load(2099)
    finding = raised.value.findings[0]
    assert (finding.place.file, finding.position.line) == (file, 16)


NEXT_YEARS = """\
parts: {综述: asked}
carried:
  表甲.办理.转交: 表甲.办理.答复
"""


def test_it_is_started_filled_in_built_and_rolled_over_without_a_line_of_code(
    forms: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    office = tmp_path / "reports" / "new"
    started = nianbao("--forms", forms, "new", office, "2099", "--name", "某县人民政府")
    assert started.code == 0, started.err
    file = office / "2099.yaml"
    text = file.read_text("utf-8")
    assert "\n综述: 待填\n" in text and "\n    答复: 待填\n" in text and "合计:" not in text
    file.write_text(
        text.replace("综述: 待填", "综述: 2099年答复{{ 表甲.办理.答复.合计 }}件。")
        .replace("答复: 待填", "答复: {来信: 5, 合计: 5}")
        .replace("待填", "0"),
        "utf-8",
    )
    assert nianbao("--forms", forms, "check", "--strict", office).code == 0
    assert nianbao("--forms", forms, "build", office, "-o", tmp_path / "out").code == 0

    # A form that says nothing of next years keeps its words and asks for every figure.
    assert nianbao("--forms", forms, "rollover", "2100", "--dry-run", office).code == 0
    assert nianbao("--forms", forms, "rollover", "2100", office).code == 0
    plain = (office / "2100.yaml").read_text("utf-8")
    assert "综述: '{{ 年度 }}年答复{{ 表甲.办理.答复.合计 }}件。'" in plain
    assert "答复: 待填  # 上年 {来信: 5}" in plain and "收费: 待填  # 上年 0" in plain

    # One that does is followed to the letter.
    (forms / "templates" / "2099" / "rollover.yaml").write_text(NEXT_YEARS, "utf-8")
    (office / "2100.yaml").unlink()
    assert nianbao("--forms", forms, "rollover", "2100", office).code == 0
    told = (office / "2100.yaml").read_text("utf-8")
    assert "\n综述: 待填\n" in told and "    转交: {来信: 5}\n" in told


def test_a_step_to_it_is_told_line_by_line(
    forms: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    """From the form of 2021 nothing is left but what the data says."""
    office = tmp_path / "reports" / "old"
    assert nianbao("--forms", forms, "new", office, "2098", "--name", "某县人民政府").code == 0
    old = office / "2098.yaml"
    text = re.sub(r"【待填[^】]*】", "某事", old.read_text("utf-8")).replace("待填", "0")
    old.write_text(re.sub(r"(行政(?:处罚|强制): )0", r"\g<1>4", text), "utf-8")
    step = (
        "step:\n  merged:\n    表甲.收费: [表二.行政处罚, 表二.行政强制]\n"
        "  mapped:\n    表甲.办理.答复.来信: 表二.行政许可\n"
    )
    (forms / "templates" / "2099" / "rollover.yaml").write_text(step, "utf-8")
    rolled = nianbao("--forms", forms, "rollover", "2099", office)
    assert rolled.code == 0, rolled.err
    assert "对应：表二 行政许可 本年处理决定数量（上年 0）→ 表甲" in rolled.err
    assert "合并：表二 行政处罚 本年处理决定数量、表二 行政强制 本年处理决定数量 →" in rolled.err
    assert "（上年合计 8）" in rolled.err and "没有对应：2021 年表式 表四" in rolled.err
    new = (office / "2099.yaml").read_text("utf-8")
    assert "格式: 2099\n年度: 2099\n" in new and "\n总体情况:" not in new
    assert "没有对应：2021 年表式的部分「总体情况」，没有带入" in rolled.err
    assert "新增：2099 年表式的部分「综 述」，须填" in rolled.err
    found = nianbao("--forms", forms, "check", office)
    assert set(re.findall(r"错误 (\S+)", found.out)) == {"S-8"}


@pytest.mark.parametrize(
    "data",
    [
        "carried:\n  表甲.办理.转送: 表甲.办理.答复\n",
        "carried:\n  表乙.办理: 表甲.办理.答复\n",
        "step:\n  mapped:\n    表甲.收费: 表二.行政处分\n",
        "parts: {综述: 照抄}\n",
    ],
)
def test_a_slip_in_what_is_handed_on_is_reported_at_its_line(
    data: str, forms: Path, office: Path, nianbao: Callable[..., Outcome]
) -> None:
    (forms / "templates" / "2099" / "rollover.yaml").write_text(data, "utf-8")
    if "step" in data:
        (office / "2099.yaml").rename(office / "2098.yaml")
        (office / "2098.yaml").unlink()
        assert nianbao("--forms", forms, "new", office, "2098").code == 0
        old = (office / "2098.yaml").read_text("utf-8")
        filled = re.sub(r"【待填[^】]*】", "某事", old).replace("待填", "0")
        (office / "2098.yaml").write_text(filled, "utf-8")
    outcome = nianbao("--forms", forms, "rollover", "2099" if "step" in data else "2100", office)
    assert outcome.code == 1 and "rollover.yaml:" in outcome.err and "E-1" in outcome.err
