"""Rollover by property: any valid file, in any layout, filled with any figures that add up."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from generator.drafting.next_year import roll_over
from generator.drafting.questions import Skeleton, skeleton_of
from generator.form.form import Form, Forms
from generator.judging.examine import Examined, examine
from generator.reading.source import parse, read
from generator.reading.workspace import place_of
from generator.reading.yaml_edit import YamlText
from generator.reading.yaml_write import flow
from generator.report.report import Reader
from generator.values import keys
from generator.values.grid import FigurePath

FORMS = Forms()
OFFICE = "名称: 某市人民政府\n简称: 某市\n类型: 县级以上人民政府\n可制定规章: true\n"
CARRIED_OUT, CARRIED_IN, RECEIVED, RESULTS = (
    "结转下年度继续办理",
    "上年结转",
    "本年新收",
    "本年度办理结果",
)
Values = dict[FigurePath, Any]
SLOW = settings(
    max_examples=60,
    deadline=None,
    # Whole reports shrink for minutes; the text of the first that fails says enough.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# Figures of seven digits: nothing else in a file looks like one of last year's.
counts = st.one_of(st.just(0), st.integers(1_000_000, 1_999_999))


def is_leaf(form: Form, path: FigurePath) -> bool:
    return form.table_by_key[path[0]].total not in path


@st.composite
def figures(draw: st.DrawFn, form: Form, carried_in: Mapping[str, int] | None = None) -> Values:
    """Draw figures that satisfy the printed equations; zero groups are common, as in life."""
    zero_rows = draw(st.sets(st.integers(0, 60), max_size=50))
    values: Values = {}
    rows = list(dict.fromkeys(path[:-1] for path in form.figures))
    for path in form.figures:
        if not is_leaf(form, path):
            continue
        column = form.shape.explained(path)[1]
        value: Any = 0 if rows.index(path[:-1]) in zero_rows else draw(counts)
        if "小数" in column and value:
            value = draw(st.decimals("0.01", "99999.99", places=2))
        values[path] = value
    for path in [p for p in values if p[1] == RECEIVED]:
        part, column = path[0], path[-1]
        out = values[(part, CARRIED_OUT, column)]
        results = sum(v for p, v in values.items() if p[1] == RESULTS and p[-1] == column)
        taken = carried_in.get(column, 0) if carried_in is not None else draw(st.integers(0, 3))
        if taken > results + out:
            first = next(p for p in values if p[1] == RESULTS and p[-1] == column)
            values[first] += taken
            results += taken
        values[(part, CARRIED_IN, column)] = taken
        values[path] = results + out - taken
    return values


def nested(values: Values, path: FigurePath, rows: Skeleton | None) -> Any:
    if rows is None:
        return values[path]
    return {key: nested(values, (*path, key), inner) for key, inner in rows.items()}


def is_zero(node: Any) -> bool:
    return all(map(is_zero, node.values())) if isinstance(node, dict) else node == 0


@st.composite
def layouts(draw: st.DrawFn, key: str, node: Any, indent: int, total: str) -> list[str]:
    """Write a table's figures as a clerk might: declared, in one line or in many, with totals."""
    margin = " " * indent
    note = draw(st.sampled_from(["", "", "  # 窗口提供", "   # 核对过"]))
    if not isinstance(node, dict):
        return [f"{margin}{key}: {node}{note}"]
    if is_zero(node) and draw(st.booleans()):
        return [f"{margin}{key}: {draw(st.sampled_from(['0', '无']))}{note}"]
    if not any(isinstance(inner, dict) for inner in node.values()) and len(node) != 6 + 99:
        is_uniform = all(isinstance(v, int) for v in node.values()) and len(node) in (4, 6)
        shown = {k: v for k, v in node.items() if v or draw(st.booleans())} or {"其他": 0}
        shown = shown if set(shown) <= set(node) else dict(node)
        if is_uniform and draw(st.booleans()):
            shown[total] = sum(node.values())
        if draw(st.booleans()):
            return [f"{margin}{key}: {flow(shown)}{note}"]
        return [f"{margin}{key}:{note}", *(f"{margin}    {k}: {v}" for k, v in shown.items())]
    inner_indent = indent + draw(st.sampled_from([2, 4]))
    lines = [f"{margin}{key}:{note}"]
    if draw(st.booleans()):
        lines.append(f"{' ' * inner_indent}# 台账在柜子里")
    for inner, below in draw(st.permutations(list(node.items()))):
        lines += draw(layouts(inner, below, inner_indent, total))
        if draw(st.integers(0, 5)) == 0:
            lines.append("")
    return lines


PROSE = """\
总体情况:
  概述: |
    {year}年，{{{{ 单位 }}}}新收政府信息公开申请{received}件。
    办结{{{{ 表三.本年度办理结果.总计.总计 }}}}件。
存在的主要问题及改进情况: '学习不够，{year}年''补课''。'
其他需要报告的事项: {year}年没有收取信息处理费。
"""


@st.composite
def reports(draw: st.DrawFn, year: int) -> tuple[str, Values]:
    form = FORMS.load(FORMS.for_year(year) or 0)
    values = draw(figures(form))
    received = sum(v for p, v in values.items() if p[1] == RECEIVED)
    lines = [f"格式: {form.id}", f"年度: {year}"]
    lines += PROSE.format(year=year, received=received).splitlines()
    for part, table in form.table_by_key.items():
        node = nested(values, (part,), skeleton_of(form, part))
        lines += draw(layouts(part, node, 0, table.total))
    if draw(st.booleans()):
        lines += ["落款: {单位: 某市人民政府, 日期: 2025-01-15}"]
    return "\n".join(lines) + "\n", values


def filled(text: str, form: Form, values: Values) -> str:
    """Put figures where a file asks for them, each question answered as it is put."""
    edit = YamlText(text)
    data = parse(text.encode(), Path("x.yaml"))
    for path, value in data.walk():
        if value == keys.UNFILLED:
            rows: Any = skeleton_of(form, str(path[0]))
            for step in path[1:]:
                rows = rows[step] if rows is not None else None
            steps = tuple(map(str, path))
            node = nested(values, steps, rows)
            edit.replace(path, "0" if is_zero(node) else flow(node))
    return edit.result()


def examined(folder: Path, year: int) -> Examined:
    return examine(place_of(folder, year), Reader(FORMS))


def errors(found: Examined) -> list[str]:
    return [f"{f.code} {f.message}" for f in found.findings if f.blocks]


@SLOW
@given(st.data(), st.sampled_from([2019, 2020, 2021, 2024]))
def test_any_valid_file_rolls_over_and_fills_up(data: st.DataObject, year: int) -> None:
    text, old = data.draw(reports(year))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "office.yaml").write_text(OFFICE, "utf-8")
        (folder / f"{year}.yaml").write_text(text, "utf-8")
        note(text)
        before = examined(folder, year)
        assert errors(before) == [] and before.report is not None
        assert {p: before.report.figures.get(p) for p in old} == old

        made = roll_over(place_of(folder, year + 1), Reader(FORMS))
        made.at.file.write_bytes(made.content)
        unfilled = examined(folder, year + 1)
        # valid up to its blanks, one finding for each
        blanks = [path for path, value in read(made.at.file).walk() if value == keys.UNFILLED]
        assert sorted(str(f.place.path) for f in unfilled.findings if f.blocks) == sorted(
            map(str, blanks)
        )
        assert len(blanks) == made.unfilled

        # what was handed on is taken over, column by column
        assert unfilled.report is not None
        form = unfilled.report.form
        handed_on = {p[-1]: v for p, v in old.items() if p[1] == CARRIED_OUT}
        taken_over = {
            p[-1]: unfilled.report.figures.get(p)
            for p in form.figures
            if p[1] == CARRIED_IN and is_leaf(form, p)
        }
        assert taken_over == handed_on

        # nothing of last year's remains but in comments and in what is carried over
        bare = re.sub(r"#.*", "", made.new_text)
        data_left = parse(bare.encode(), made.at.file).data
        for part in form.table_by_key:
            rest = data_left[part]
            if isinstance(rest, dict):
                rest.pop(CARRIED_IN, None)
            assert not re.search(r"\d", str(rest).replace("'待填'", "")), rest
        for value in {v for v in old.values() if v >= 1000}:
            elsewhere = bare.replace(str(handed_on), "")
            places = [m.start() for m in re.finditer(rf"(?<!\d){value}(?!\d)", elsewhere)]
            assert all(_is_carried(elsewhere, at) for at in places), value
        assert f"{year}年" not in bare and "{{ 年度 }}年" in bare
        assert "申请{{ 表三.本年新收.总计 }}件" in bare  # the sentence names it, so it is bound
        assert keys.SIGN_OFF not in data_left

        # a comment of the clerk's survives, unless its own line is gone
        for comment in ("窗口提供", "台账在柜子里"):
            if year != 2020 and comment == "台账在柜子里":
                assert made.new_text.count(comment) == text.count(comment)

        new = data.draw(figures(form, handed_on))
        made.at.file.write_text(filled(made.new_text, form, new), "utf-8")
        after = examined(folder, year + 1)
        assert errors(after) == []
        assert after.report is not None
        assert {p: after.report.figures.get(p) for p in new} == new

        # and the year after that starts from there
        again = roll_over(place_of(folder, year + 2), Reader(FORMS))
        assert again.unfilled > 0


def _is_carried(text: str, at: int) -> bool:
    """Whether a place in the text lies in the row that is carried over."""
    before = text[:at]
    key = max(before.rfind(f"{word}:") for word in (CARRIED_IN,))
    between = before[key:]
    return key >= 0 and not re.search(r"待填|\n\S", between)


@SLOW
@given(st.data())
def test_what_nobody_edits_stays_to_the_letter(data: st.DataObject) -> None:
    text, _ = data.draw(reports(2024))
    assert YamlText(text).result() == text


@SLOW
@given(st.data())
def test_an_edit_of_one_value_changes_that_value_alone(data: st.DataObject) -> None:
    text, values = data.draw(reports(2024))
    source = parse(text.encode(), Path("x.yaml"))
    paths = [p for p in source.values if source.values[p] and _leaf(source.data, p)]
    path = data.draw(st.sampled_from(paths))
    edit = YamlText(text)
    edit.replace(path, "7654321")
    edit.note(path, "改过")
    after = parse(edit.result().encode(), Path("x.yaml"))
    expected = source.data
    node = expected
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = 7654321
    assert after.data == expected
    assert Decimal(1) and values


def _leaf(data: Any, path: tuple[str | int, ...]) -> bool:
    for step in path:
        data = data[step]
    return bool(path) and not isinstance(data, dict | list)
