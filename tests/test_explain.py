"""What findings mean: the catalogue of codes, ``explain``, and the page made from them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.findings.explanations import markdown
from generator.form.catalogue import catalogue
from generator.form.form import Forms
from generator.reading.source import Unreadable
from support import COUNTY, ROOT, Outcome

Call = Callable[..., Outcome]
KNOWN = catalogue(Forms())


def test_the_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "findings.md").read_text("utf-8")
    assert page == markdown(KNOWN), "docs/findings.md is stale: run make docs"


def test_every_code_in_the_program_is_in_the_catalogue() -> None:
    text = "".join(file.read_text("utf-8") for file in (ROOT / "generator").rglob("*.py"))
    used = set(re.findall(r'"([A-Z]\d?-\d+)"', text))
    assert len(used) > 20
    assert used <= set(KNOWN.entries)


def test_nobody_is_sent_to_files_that_only_a_checkout_has() -> None:
    files = [*(ROOT / "generator").rglob("*.py"), *(ROOT / "templates").rglob("*.yaml")]
    assert [file for file in files if "examples/" in file.read_text("utf-8")] == []


def test_every_code_belongs_to_a_named_family() -> None:
    listed = [code for codes in KNOWN.families.values() for code in codes]
    assert sorted(listed) == sorted(KNOWN.entries)
    assert all(re.search(r"[\u4e00-\u9fff]", family) for family in KNOWN.families)


@pytest.mark.parametrize("code", KNOWN.entries)
def test_a_code_is_explained(code: str, nianbao: Call) -> None:
    outcome = nianbao("explain", code.lower())
    assert outcome.code == 0
    for entry in KNOWN.entries[code]:
        assert f"{code}　{entry.title}" in outcome.out
        assert f"依据：{entry.basis}" in outcome.out
        assert f"改法：{entry.hint}" in outcome.out
        assert entry.causes
        assert all(f"· {cause}" in outcome.out for cause in entry.causes)
        if entry.rule and entry.rule.bindings:
            assert "算式：" in outcome.out


@pytest.mark.parametrize("family", ["T3", "t4", "X", "T"])
def test_a_family_is_listed(family: str, nianbao: Call) -> None:
    outcome = nianbao("explain", family)
    codes = re.findall(r"^  (\S+) +(?:错误|警告|提示)  \S", outcome.out, re.MULTILINE)
    assert outcome.code == 0
    assert codes == [code for code in KNOWN.entries if code.startswith(family.upper())]


@pytest.mark.parametrize("code", ["F-1", "T3-1", "X-7", "Q-1", "I-13"])
def test_where_a_rule_is_written(code: str, nianbao: Call) -> None:
    places = re.findall(r"  写在：(.+):(\d+)\n", nianbao("explain", code).out)
    assert len(places) == len(KNOWN.entries[code])
    for file, line in places:
        assert f"id: {code}" in Path(file).read_text("utf-8").split("\n")[int(line) - 1]


def test_without_a_code_all_are_listed(nianbao: Call) -> None:
    out = nianbao("explain").out
    for code in KNOWN.entries:
        assert re.search(rf"^  {code} +(错误|警告|提示)  \S", out, re.MULTILINE)


@pytest.mark.parametrize(
    ("code", "said"),
    [("T3-11", "是不是 T3-1？"), ("Z", "全部编号见 nianbao explain"), ("f-99", "是不是 F-9？")],
)
def test_an_unknown_code(code: str, said: str, nianbao: Call) -> None:
    outcome = nianbao("explain", code)
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err


def test_the_equation_with_the_figures_of_a_report(workspace: Path, nianbao: Call) -> None:
    out = nianbao("explain", "T3-1", workspace / "yanshi" / "2024.yaml").out
    assert "  算式：一、本年新收政府信息公开申请数量 + 二、上年结转政府信息公开申请数量" in out
    assert "✓ 表三 自然人：左边 422 + 31 = 453；右边 424 + 29 = 453" in out
    assert out.count("✓") == 7 and "✗" not in out
    file = workspace / "yanshi" / "2024.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("上年结转: {自然人: 31", "上年结转: {自然人: 33"), "utf-8")
    out = nianbao("explain", "Y-1", file).out
    assert "✗ 表三 自然人：左边 33；右边 31" in out
    assert "右边 31 = 2023年度 四、结转下年度继续办理 31" in out
    (workspace / "yanshi" / "2023.yaml").unlink()
    assert "－ 表三 自然人：跳过，没有可用的 2023 年度报告" in nianbao("explain", "Y-1", file).out


def test_the_office_and_the_form_decide_what_is_shown(workspace: Path, nianbao: Call) -> None:
    out = nianbao("explain", "T2-5", workspace / "baiyuan").out
    assert "表式：2019 年格式" in out
    assert "✓" in out
    out = nianbao("explain", "T2-5", workspace / "songzhuang").out
    assert "没有 T2-5 的检查结果" in out


def test_a_finding_that_is_no_equation_is_shown_as_it_is(workspace: Path, nianbao: Call) -> None:
    file = workspace / "songzhuang" / "2024.yaml"
    file.write_text(file.read_text("utf-8").replace("行政处罚: 5", "行政处罚: 五"), "utf-8")
    out = nianbao("explain", "T2-1", file).out
    assert f"{file}:" in out and "「五」不是数字" in out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    hint: 检查路径和读取权限\n", "", "缺少「hint」"),
        ("families:", "familes:", "「familes」"),
    ],
)
def test_a_wrong_catalogue_is_a_fault_of_the_form(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "templates").mkdir()
    text = (ROOT / "templates" / "findings.yaml").read_text("utf-8")
    (tmp_path / "templates" / "findings.yaml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(Unreadable) as raised:
        catalogue(Forms(tmp_path))
    assert raised.value.findings[0].code == "E-1"
    assert said in raised.value.findings[0].message


def lines_of(outcome: Outcome) -> list[str]:
    assert outcome.code == 0, outcome.err
    return [line.strip() for line in outcome.out.splitlines()]


def test_a_figure_is_explained_by_its_labels_its_place_and_how_it_is_filled_in(
    nianbao: Call,
) -> None:
    said = lines_of(nianbao("explain", "表三.本年新收.总计"))
    assert said[:3] == [
        "表三.本年新收.总计　表三 一、本年新收政府信息公开申请数量 总计",
        "表式：2019 年格式、2021 年格式",
        "位置：三、收到和处理政府信息公开申请情况；"
        "文件里写作 收到和处理政府信息公开申请情况.本年新收.总计",
    ]
    assert [line.startswith("填报：") for line in said].count(True) == 2, "of the row and column"
    assert "算式：自然人 + 商业企业 + 科研机构 + 社会公益组织 + 法律服务机构 + 其他" in said
    assert "规则：T3-3、T3-1、T3-5、T3-7（nianbao explain 编号）" in said
    assert "取数：文字里写 {{ 表三.本年新收.总计 }}" in said


def test_a_figure_in_a_report_is_explained_by_its_parts_and_its_equations(nianbao: Call) -> None:
    file = COUNTY / "2024.yaml"
    line = file.read_text("utf-8").split("  本年新收:")[0].count("\n") + 1
    said = lines_of(nianbao("explain", "表三.本年新收.总计", file))
    assert said[0] == f"{file}:{line}: 表三 一、本年新收政府信息公开申请数量 总计：663"
    assert f"422  表三 一、本年新收政府信息公开申请数量 自然人　{file}:{line}" in said
    assert any(s.startswith("✓ T3-3 ") and s.endswith("59 + 26 = 663") for s in said)
    last_year = nianbao("explain", "上年.表三.本年新收.总计", file)
    assert lines_of(last_year)[0].endswith("总计：596")
    assert f"上年：596　{file.parent / '2023.yaml'}:41" in said


@pytest.mark.parametrize(
    ("name", "value", "parts"),
    [
        ("表三.本年度办理结果.不予公开.总计.自然人", 68, [2, 7, 3, 12, 11, 14, 9, 10]),
        ("表四.行政诉讼.总计", 12, [5, 7]),
        ("表三.本年新收.总计 + 表三.上年结转.总计", 710, [663, 47]),
    ],
)
def test_a_total_that_is_not_printed_is_explained_by_what_it_adds_up(
    name: str, value: int, parts: list[int], nianbao: Call
) -> None:
    said = lines_of(nianbao("explain", name, COUNTY / "2024.yaml"))
    assert said[0].endswith(f"：{value}")
    assert said[1] == "表中没有这个数，由下列各数相加："
    assert [int(line.split(" ")[0]) for line in said[2 : 2 + len(parts)]] == parts


def test_zeros_are_not_listed_one_by_one(nianbao: Call) -> None:
    said = lines_of(nianbao("explain", "表二.规章", COUNTY / "2024.yaml"))
    assert said[1:] == ["0  3 项都是 0"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("表三.本年新受", "是不是「表三.本年新收」？"),
        ("上年.表三.本年新收.总计", "没有可用的 2022 年度报告"),
    ],
)
def test_an_unknown_figure_is_a_wrong_usage(name: str, said: str, nianbao: Call) -> None:
    outcome = nianbao("explain", name, COUNTY / "2023.yaml")
    assert (outcome.code, said in outcome.err) == (2, True)
