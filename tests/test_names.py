"""One grammar for figures' names: what they mean, what they are worth, how they are written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.form.form import Form, Forms
from generator.form.names import Kind, UnknownName, parse
from generator.report.figures import Branch, Figures
from generator.values import keys
from support import ROOT

FORMS = [Forms().load(number) for number in Forms().first_years]


def values_of(form: Form) -> st.SearchStrategy[dict[tuple[str, ...], int]]:
    return st.fixed_dictionaries(dict.fromkeys(form.figures, st.integers(0, 10**6)))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: str(form.id))
def test_every_figure_total_and_group_has_one_name_and_one_path(form: Form) -> None:
    names = list(form.names)
    found = [form.names.resolve(name) for name in names]
    assert len(set(names)) == len({named.path for named in found}) == len(found)
    assert [named.name for named in found] == names
    assert {named.path for named in found if named.kind is Kind.FIGURE} == set(form.figures)
    for named in found:
        assert form.names.name_of(named.path) == named.name
        in_file = ".".join(named.path)
        assert form.names.resolve(in_file) == named, "a place in a file means the same"
        table = form.table_by_key[named.path[0]]
        assert named.label.split(" ")[0] == table.id
        assert set(named.figures) <= set(table.grid.figures)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: str(form.id))
@settings(max_examples=5, deadline=None)
@given(st.data())
def test_a_total_that_is_not_printed_is_the_sum_of_what_it_adds_up(
    form: Form, data: st.DataObject
) -> None:
    values = data.draw(values_of(form))
    totals = [n for n in map(form.names.resolve, form.names) if n.kind is Kind.TOTAL]
    assert len(totals) > 10
    for named in totals:
        assert named.value(values) == sum(values[path] for path in named.figures)
        del (missing := dict(values))[named.figures[0]]
        assert named.value(missing) is None


@settings(max_examples=5, deadline=None)
@given(st.data())
def test_prose_finds_by_steps_what_the_name_means(data: st.DataObject) -> None:
    form = FORMS[-1]
    values = data.draw(values_of(form))
    figures = Figures(values, frozenset(values), frozenset(), frozenset())
    for name in form.names:
        table, *steps = name.split(".")
        value: object = Branch(form.names, figures, table)
        for step in steps:
            assert isinstance(value, Branch)
            assert step in value
            value = value[step]
        named = form.names.resolve(name)
        assert isinstance(value, Branch) == (named.kind is Kind.GROUP)
        assert isinstance(value, Branch) or value == named.value(values)


@pytest.mark.parametrize(
    ("name", "label", "count"),
    [
        ("表三.本年新收.总计", "表三 一、本年新收政府信息公开申请数量 总计", 1),
        (
            "表三.本年度办理结果.不予公开.总计.总计",
            "表三 三、本年度办理结果 （三）不予公开 总计",
            8,
        ),
        (
            "表三.本年度办理结果.不予公开.总计.自然人",
            "表三 三、本年度办理结果 （三）不予公开 总计 自然人",
            8,
        ),
        ("表四.行政诉讼.总计", "表四 行政诉讼 总计", 2),
        ("表三.本年度办理结果.不予公开", "表三 三、本年度办理结果 （三）不予公开", 56),
        ("表二.规章", "表二 规章", 3),
        ("表二", "表二", 10),
        (
            "表二.行政许可 + 表四.行政复议.总计",
            "表二 行政许可 本年处理决定数量 + 表四 行政复议 总计",
            2,
        ),
    ],
)
def test_a_name_says_what_the_form_prints(name: str, label: str, count: int) -> None:
    named = FORMS[-1].names.resolve(name)
    assert (named.label, len(named.figures)) == (label, count)


@pytest.mark.parametrize("word", [f"{keys.PREVIOUS}.", "previous:"])
def test_the_word_for_last_year_is_taken_off(word: str) -> None:
    assert parse(f" {word}表三.本年新收.总计") == ("表三.本年新收.总计", True)
    assert parse("表三.本年新收.总计") == ("表三.本年新收.总计", False)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("表三.本年新收.自燃人", "是不是「表三.本年新收.自然人」？"),
        ("本年新收.总计", "是不是「表三.本年新收.总计」？"),
        ("表三.本年度办理结果.无法提供.合计.总计", "无法提供.总计.总计」？"),
        ("表五.甲 + 表三.本年新收.总计", "「表五.甲」不是表中的数"),
        ("", "不是表中的数"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_refused_with_the_nearest(name: str, said: str) -> None:
    with pytest.raises(UnknownName) as raised:
        FORMS[-1].names.resolve(name)
    assert said in str(raised.value)


def test_a_group_is_no_number_and_a_sum_has_no_place() -> None:
    names = FORMS[-1].names
    with pytest.raises(UnknownName, match="写到数为止，例如"):
        names.number("表三.本年新收")
    assert names.place("表三.本年新收").path == names.number("表三.本年新收.总计").path[:-1]
    for name in ("表四.行政诉讼.总计", "表三.本年新收.总计 + 表三.上年结转.总计"):
        with pytest.raises(UnknownName, match="没有它的位置"):
            names.place(name)


def test_a_star_means_every_key_but_the_total() -> None:
    names = FORMS[-1].names
    rows = names.matching("表三.本年度办理结果.不予公开.*.自然人")
    assert rows == names.number("表三.本年度办理结果.不予公开.总计.自然人").figures
    assert len(names.matching("表三.本年新收.*")) == 6
    for name in ("表三.没有.*", "表九.*"):
        with pytest.raises(UnknownName):
            names.matching(name)


def test_a_rule_may_name_a_total_that_is_not_printed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    file = tmp_path / "templates" / "2021" / "checks.yaml"
    text = file.read_text("utf-8")
    old = "表三.本年度办理结果.不予公开.*.$column"
    assert old in text
    new = "表三.本年度办理结果.不予公开.总计.$column"
    file.write_text(text.replace(old, new), "utf-8")
    changed, known = Forms(tmp_path).load(2021).rules, FORMS[-1].rules
    assert [rule.bindings for rule in changed] == [rule.bindings for rule in known]
