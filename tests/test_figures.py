"""Declared zeros, computed totals, and what is never assumed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.form.form import Form, Forms
from generator.form.tables import read_table
from generator.reading.source import parse
from generator.report.figures import Branch, Figures, expand
from generator.values import keys

APPLICATIONS = "收到和处理政府信息公开申请情况"
OUTCOMES = "本年度办理结果"
COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")


@pytest.fixture(scope="module")
def form(forms: Forms) -> Form:
    return forms.load(2021)


def figures(form: Form, applications: Any) -> Figures:
    return expand(form, {APPLICATIONS: applications})


@pytest.mark.parametrize("zero", [0, "无"])
def test_a_declared_zero_answers_for_everything_below(form: Form, zero: Any) -> None:
    table = form.tables["表三"]
    found = figures(form, zero)
    assert {found.get(path) for path in table.grid.figures} == {0}


def test_a_zero_may_be_declared_at_any_level(form: Form) -> None:
    found = figures(form, {OUTCOMES: {"不予公开": 0, "无法提供": {"其他": 0}}})
    assert found.get((APPLICATIONS, OUTCOMES, "不予公开", "属于国家秘密", "自然人")) == 0
    assert found.get((APPLICATIONS, OUTCOMES, "予以公开", "自然人")) is None


def test_a_row_left_out_has_no_value_but_a_column_left_out_is_zero(form: Form) -> None:
    found = figures(form, {"本年新收": {"自然人": 3}})
    assert found.get((APPLICATIONS, "本年新收", "商业企业")) == 0
    assert found.get((APPLICATIONS, "本年新收", "总计")) == 3
    assert found.get((APPLICATIONS, "上年结转", "自然人")) is None
    assert found.get((APPLICATIONS, "上年结转", "总计")) is None


def test_an_unfilled_row_leaves_its_totals_unfilled(form: Form) -> None:
    found = figures(form, {"本年新收": keys.UNFILLED, "上年结转": {"自然人": keys.UNFILLED}})
    assert (APPLICATIONS, "本年新收", "总计") in found.unfilled
    assert (APPLICATIONS, "上年结转", "总计") in found.unfilled
    assert found.printed([(APPLICATIONS, "本年新收", "自然人")]) == (keys.UNFILLED,)
    assert found.get((APPLICATIONS, "上年结转", "商业企业")) == 0


def test_a_typed_total_stays_as_typed(form: Form) -> None:
    found = figures(form, {"本年新收": {"自然人": 3, "总计": 4}})
    assert found.get((APPLICATIONS, "本年新收", "总计")) == 4


def test_money_is_printed_as_typed(form: Form) -> None:
    data = {"主动公开政府信息情况": {"行政事业性收费": Decimal("72701.2500")}}
    path = ("主动公开政府信息情况", "行政事业性收费")
    assert expand(form, data).printed([path]) == ("72701.2500",)


def test_prose_can_name_groups_and_both_kinds_of_litigation(form: Form) -> None:
    rows = {"未经复议直接起诉": {"结果维持": 2}, "复议后起诉": {"结果维持": 1, "尚未审结": 4}}
    reviews = expand(form, {"政府信息公开行政复议、行政诉讼情况": {"行政复议": 0, **rows}})
    four = Branch(form.names, reviews, "表四")
    assert four["行政诉讼"]["结果维持"] == 3
    assert four["行政诉讼"]["总计"] == 7
    refused = {"属于国家秘密": {"自然人": 1}, "属于行政查询事项": {"其他": 2}}
    others = dict.fromkeys(
        (p[3] for p in form.tables["表三"].grid.figures if p[2:3] == ("不予公开",)), 0
    )
    outcomes = {OUTCOMES: {"不予公开": {**others, **refused}}}
    three = Branch(form.names, figures(form, outcomes), "表三")
    assert three[OUTCOMES]["不予公开"]["总计"]["总计"] == 3
    assert three[OUTCOMES]["总计"]["总计"] == keys.UNFILLED


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_totals_are_the_sums_of_any_figures(data: st.DataObject) -> None:
    form = Forms().load(2021)
    table = form.tables["表三"]
    typed: dict[str, Any] = {}
    expected: dict[str, int] = dict.fromkeys(COLUMNS, 0)
    for row in table.rows:
        if "总计" in row:
            continue
        values = data.draw(st.fixed_dictionaries(dict.fromkeys(COLUMNS, st.integers(0, 10**6))))
        node = typed
        for step in row[1:-1]:
            node = node.setdefault(step, {})
        node[row[-1]] = values
        if row[1] == OUTCOMES:
            for column, value in values.items():
                expected[column] += value
    found = figures(form, typed)
    for column, value in expected.items():
        assert found.get((APPLICATIONS, OUTCOMES, "总计", column)) == value
    assert found.get((APPLICATIONS, OUTCOMES, "总计", "总计")) == sum(expected.values())


def test_a_printed_total_is_not_added_to_an_unprinted_one(tmp_path: Path) -> None:
    """No form of today has a group with a total row inside a group without one."""
    file = tmp_path / "表九.yaml"
    file.write_text(
        """\
id: 表九
description: 一组中有一行合计，外面一层没有
total: 总计
widths: [1, 1, 1]
header: 1
align: left
size: 9
row_height: 18
each: [件数, 总计]
rows:
- [事项, 件数, 总计]
- [甲, {values: 外.内.甲}]
- [乙, {values: 外.内.乙}]
- [总计, {values: 外.内.总计}]
- [丙, {values: 外.丙}]
""",
        "utf-8",
    )
    table = read_table(file, "部分", "第九部分", ())
    assert set(table.unprinted) == {("外", "总计", "件数"), ("外", "总计", "总计")}
    parts = [path[1:-1] for path in table.unprinted["外", "总计", "件数"]]
    assert parts == [("外", "内", "甲"), ("外", "内", "乙"), ("外", "丙")]


@settings(max_examples=300, deadline=None)
@given(money=st.from_regex(r"(0|[1-9][0-9]{0,7})\.[0-9]{1,8}", fullmatch=True))
@example(money="0.0000001")
@example(money="100000.10")
def test_money_of_any_size_is_printed_as_typed(form: Form, money: str) -> None:
    published = "主动公开政府信息情况"
    data = parse(f"{published}: {{行政事业性收费: {money}}}".encode(), Path("2024.yaml")).data
    found = expand(form, data)
    assert found.printed([(published, "行政事业性收费")]) == (money,)
