"""A form that does not exist, "2099", written as data: it works without a line of code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.edition import Editions
from generator.source import Unreadable
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
each: [来信, 来访, 合计]
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
EDITION = """\
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


def schema() -> dict[str, object]:
    number = {"oneOf": [{"type": "number", "minimum": 0}, {"const": "待填"}]}
    columns = {key: {"title": key, **number} for key in ("来信", "来访", "合计")}
    row = {"type": "object", "properties": columns, "additionalProperties": False}
    zero = {"enum": [0, "无", "待填"]}
    rows = {key: {"title": key, "oneOf": [row, zero]} for key in ("答复", "转交", "合计")}
    outcomes = {"type": "object", "properties": rows, "required": ["答复", "转交"]}
    table = {
        "type": "object",
        "properties": {"办理": {"title": "办理", "oneOf": [outcomes, zero]}, "收费": number},
        "required": ["办理", "收费"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "格式": {"const": 2099},
            "年度": {"type": "integer"},
            "综述": {"type": "string"},
            "信访": {"title": "信访情况", "oneOf": [table, zero]},
        },
        "required": ["格式", "年度", "综述", "信访"],
        "additionalProperties": False,
    }


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """The real forms and the synthetic one beside them, in a folder of their own."""
    root = tmp_path / "forms"
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copytree(ROOT / "schemas", root / "schemas")
    folder = root / "templates" / "2099"
    (folder / "tables").mkdir(parents=True)
    (folder / "edition.yaml").write_text(EDITION, "utf-8")
    (folder / "tables" / "表甲.yaml").write_text(TABLE, "utf-8")
    (folder / "checks.yaml").write_text(CHECKS, "utf-8")
    for name in ("style.yaml",):
        shutil.copy(root / "templates" / "2021" / name, folder / name)
    (root / "schemas" / "2099.schema.json").write_text(json.dumps(schema()), "utf-8")
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


def test_its_own_check_fires(forms: Path, office: Path, nianbao: Callable[..., Outcome]) -> None:
    report = office / "2099.yaml"
    report.write_text(REPORT.replace("来访: 1", "来访: 1, 合计: 9"), "utf-8")
    outcome = nianbao("--forms", forms, "check", office)
    assert outcome.code == 1
    assert "甲-1" in outcome.out and "相差 6" in outcome.out
    assert "2099.yaml:6:" in outcome.out


def test_the_form_of_a_year_is_the_latest_that_has_begun(forms: Path) -> None:
    editions = Editions(forms)
    assert [editions.for_year(y) for y in (2018, 2019, 2020, 2021, 2098, 2099)] == (
        [None, 2019, 2019, 2021, 2021, 2099]
    )
    assert editions.load(2021).covers(2098) and not editions.load(2021).covers(2099)


def test_a_hole_in_a_layout_is_reported_at_its_line(forms: Path) -> None:
    file = forms / "templates" / "2099" / "tables" / "表甲.yaml"
    file.write_text(TABLE.replace("{text: 合计, cols: 2}", "合计"), "utf-8")
    with pytest.raises(Unreadable) as raised:
        Editions(forms).load(2099)
    finding = raised.value.findings[0]
    assert (finding.place.file, finding.position.line) == (file, 14)
