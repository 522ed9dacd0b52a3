"""The cross-checks as data: every rule fires on its own counter-example and on nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.form.cases import complete_office
from generator.form.form import Form, Forms
from generator.form.rules import Rule
from generator.judging.examine import Examined, examine
from generator.judging.trials import complete
from generator.reading.source import Unreadable, read
from generator.reading.workspace import find_reports
from generator.report.report import Reader
from generator.values.diagnostics import Diagnostic, Severity
from support import EXAMPLES, ROOT, Outcome

FORMS = Forms()
QUIET = {2021: EXAMPLES / "songzhuang" / "2024.yaml", 2019: EXAMPLES / "baiyuan" / "2020.yaml"}
ERRORS = {"T2-1", "T2-3", "T3-1", "T3-2", "T3-3", "T3-4", "T4-1", "T4-2", "Y-1"}
"""Contract §4: what the form prints or a 总计 means, types and signs, T2-3 and Y-1."""

CONTRACT = {
    *(f"T2-{n}" for n in range(1, 8)),
    *(f"T3-{n}" for n in range(1, 9)),
    *(f"T4-{n}" for n in range(1, 7)),
    *(f"Y-{n}" for n in range(1, 6)),
}
"""Rules on figures that the contract names; a form may have more."""
RULES = [
    pytest.param(form, rule, id=f"{form}-{rule.id}")
    for form in FORMS.first_years
    for rule in FORMS.load(form).rules
]


@pytest.fixture
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the complete office of a form."""
    return Path(shutil.copytree(complete_office(FORMS.load(request.param)), tmp_path / "town"))


def look(file: Path) -> Examined:
    return examine(find_reports([file])[0], Reader(Forms()))


def of_rules(findings: tuple[Diagnostic, ...], form: Form) -> list[Diagnostic]:
    codes = {rule.id for rule in form.rules}
    return [finding for finding in findings if finding.code in codes]


def change(office: Path, changes: dict[str, Any]) -> None:
    """Change figures of the report of 2024, or whose it is."""
    form = FORMS.load(2021)
    file = office / "2024.yaml"
    data = read(file).data
    for written, value in changes.items():
        if written == "名称":
            own = f"名称: {value}\n类型: 其他机构\n"
            (office / "office.yaml").write_text(own, "utf-8")
            continue
        table, *steps = written.split(".")
        *path, last = (form.tables[table].key, *steps)
        node = data
        for step in path:
            node = node[step]
        node[last] = value
    file.write_text(json.dumps(data, ensure_ascii=False, default=float), "utf-8")


@pytest.mark.parametrize("office", FORMS.first_years, indirect=True)
def test_nothing_fires_on_a_complete_report(office: Path) -> None:
    for file in sorted(office.glob("2*.yaml")):
        examined = look(file)
        assert examined.report
        found = of_rules(examined.findings, examined.report.form)
        assert [f for f in found if not f.accepted] == []
        assert len(examined.report.figures.values) == len(examined.report.form.figures)


@pytest.mark.parametrize("form", QUIET)
def test_nothing_fires_on_a_report_of_zeros(form: int, forms: Forms) -> None:
    assert of_rules(look(QUIET[form]).findings, forms.load(form)) == []


@pytest.mark.parametrize(("form", "rule"), RULES)
def test_what_a_rule_finds_has_its_level_a_way_out_and_a_basis(form: int, rule: Rule) -> None:
    with complete(FORMS, FORMS.load(form)) as office:
        found = office.tried(rule.violated_by).examined.findings
    mine = [f for f in found if f.code == rule.id]
    assert mine and all(f.severity is rule.level and f.hint and f.basis for f in mine)


@pytest.mark.parametrize(("form", "rule"), RULES)
def test_a_rule_says_what_is_needed(form: int, rule: Rule) -> None:
    assert rule.causes and rule.basis and rule.hint and rule.title
    if rule.id in CONTRACT:
        assert (rule.level is Severity.ERROR) == (rule.id in ERRORS)
        assert rule.acceptable == (rule.id not in ERRORS - {"T2-3", "Y-1"})


def test_every_figure_rule_of_the_contract_is_there(forms: Forms) -> None:
    stated = {rule.id for form in FORMS.first_years for rule in forms.load(form).rules}
    assert stated >= CONTRACT


@pytest.mark.parametrize("office", [2021], indirect=True)
def test_carry_over_is_compared_in_all_seven_columns(office: Path, forms: Forms) -> None:
    row = "表三.上年结转"
    columns = forms.load(2021).tables["表三"].each
    change(office, {f"{row}.{column}": 90 for column in columns})
    found = [f for f in look(office / "2024.yaml").findings if f.code == "Y-1"]
    assert [f.place.path[-1] for f in found] == list(columns)
    assert found[0].related[1].place.file == office / "2023.yaml"
    assert found[0].related[1].place.position is not None


@pytest.mark.parametrize("office", [2021], indirect=True)
def test_rules_that_have_conditions(office: Path, forms: Forms) -> None:
    """T2-3 asks only offices without the power; T4-4 only from 2024 on."""
    change(office, {"表二.规章.本年制发件数": 1, "表二.规章.现行有效件数": 1})
    codes = {f.code for f in look(office / "2024.yaml").findings}
    assert {"T2-3", "T4-4"} <= codes
    assert "T4-4" not in {f.code for f in look(office / "2023.yaml").findings}
    file = office / "office.yaml"
    file.write_text(file.read_text("utf-8").replace("规章: false", "规章: true"), "utf-8")
    assert "T2-3" not in {f.code for f in look(office / "2024.yaml").findings}


@pytest.mark.parametrize("office", [2021], indirect=True)
def test_a_missing_operand_skips_with_the_reason(
    office: Path, forms: Forms, nianbao: Callable[..., Outcome]
) -> None:
    change(office, {"表三.本年新收.自然人": "待填"})
    examined = look(office / "2024.yaml")
    skipped = {(each.rule, each.reason) for each in examined.skipped}
    label = "「表三 一、本年新收政府信息公开申请数量 自然人」还没有填"
    assert {("T3-1", label), ("T3-3", label)} <= skipped
    assert not {f.code for f in examined.findings} & {"T3-1", "T3-3"}
    (office / "2023.yaml").unlink()
    printed = nianbao("check", office, "-v").out
    assert "跳过 Y-1（7 处） 没有可用的 2023 年度报告" in printed
    assert "跳过" not in nianbao("check", office).out


def test_the_stock_is_not_compared_between_the_forms() -> None:
    with complete(FORMS, FORMS.load(2021)) as office:
        examined = office.tried({"previous:格式": 2019}).examined
    reasons = {each.reason for each in examined.skipped if each.rule == "Y-2"}
    assert reasons == {"2023 年度用的是另一种格式，没有可比的数"}
    said = [f.message for f in examined.findings if f.code == "Y-3"]
    assert len(said) == 1 and "Y-2 不作比较" in said[0]
    assert not [each for each in examined.skipped if each.rule == "Y-1"], "same rows in both"


@pytest.mark.parametrize("office", [2021], indirect=True)
def test_a_wrong_figure_is_reported_once(office: Path, forms: Forms) -> None:
    change(office, {"表三.本年新收.自然人": -1})
    found = [f for f in look(office / "2024.yaml").findings if f.severity is Severity.ERROR]
    assert [(f.code, f.place.path[-1]) for f in found] == [("T3-4", "自然人")]


WRONG_RULES = {
    "unknown rule": ("after: [T3-2, T3-3]", "after: [T3-2, T3-9]", "没有「T3-9」这条规则"),
    "later rule": ("after: [T3-2, T3-3]", "after: [T3-7]", "应当写在这条规则之前"),
    "unknown figure": ("[表四.复议后起诉.总计]", "[表四.复议后起诉.合计]", "不是表中的数"),
    "unknown figure in each": ("{row: [表二.规章, ", "{row: [表二.规则, ", "不是表中的数"),
    "unknown table": ("table: 表二", "table: 表五", "没有「表五」这张表"),
    "unknown parameter": (
        "  relation: within\n",
        "  relation: within\n  factr: 2\n",
        "不认识的键「factr」",
    ),
    "unknown relation": ("relation: within", "relation: withn", "写成了「withn」"),
    "unknown kind": ("  kind: text\n", "  kind: txt\n", "写成了「txt」"),
    "unknown part": ("part: 其他需要报告的事项", "part: 其它", "没有「其它」"),
    "unknown level": ("level: info", "level: notice", "写成了「notice」"),
    "unbound variable": ("[$row.总计]", "[$line.总计]", "没有在 each 中说明"),
    "no counter-example": ("  violated_by: {表二.行政许可: -1}\n", "", "缺少「violated_by」"),
    "wrong counter-example": ("{表二.行政许可: -1}", "{表二.许可: -1}", "不是表中的数"),
    "wrong pattern": ("must_mention: [收费", "must_mention: ['(', 收费", "正则式"),
    "same rule twice": ("- id: T2-4", "- id: T2-2", "写了两次"),
}


@pytest.mark.parametrize("case", WRONG_RULES)
def test_a_wrong_rule_is_a_fault_of_the_form(case: str, tmp_path: Path) -> None:
    old, new, message = WRONG_RULES[case]
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    file = tmp_path / "templates" / "2021" / "checks.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(Unreadable) as raised:
        Forms(tmp_path).load(2021)
    (finding,) = raised.value.findings
    assert (finding.code, finding.place.file) == ("E-1", file)
    assert message in finding.message
    assert finding.position.line > 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("江苏省人民政府", ""),
        ("内蒙古自治区人民政府", ""),
        ("上海市人民政府", ""),
        ("上海市人民政府办公厅", ""),
        ("延边朝鲜族自治州人民政府", ""),
        ("淮安市人民政府", ""),
        ("苏州市人民政府", ""),
        ("宿迁市人民政府", ""),
        ("江苏省宿迁市人民政府", ""),
        ("淮安市人民政府办公室", ""),
        ("眉山市人民政府", ""),
        ("东莞市人民政府", ""),
        ("吉林省吉林市人民政府", ""),
        ("峨眉山市人民政府", "T2-3"),
        ("四川省峨眉山市人民政府", "T2-3"),
        ("苏州市昆山市人民政府", "T2-3"),
        ("昆山市人民政府办公室", "T2-3"),
        ("某市人民政府", "T2-7"),
        ("国家税务总局", "T2-7"),
        ("国家税务总局洛阳市税务局", "T2-3"),
        ("中华人民共和国财政部", "T2-7"),
        ("上海市浦东新区人民政府", "T2-3"),
        ("苏州市吴中区人民政府", "T2-3"),
        ("江苏省某县人民政府", "T2-3"),
        ("某自治县人民政府", "T2-3"),
        ("某市某镇人民政府", "T2-3"),
        ("江苏省财政厅", "T2-3"),
    ],
)
@pytest.mark.parametrize("office", [2021], indirect=True)
def test_who_may_make_rules_is_known_by_the_name_or_asked(
    name: str, code: str, office: Path, forms: Forms
) -> None:
    changes = {"名称": name, "表二.规章.本年制发件数": 1, "表二.规章.现行有效件数": 1}
    change(office, changes)
    found = {f.code for f in look(office / "2024.yaml").findings}
    assert found & {"T2-3", "T2-7"} == {code} - {""}
    own = office / "office.yaml"
    for said, expected in (("true", set()), ("false", {"T2-3"})):
        own.write_text(f"名称: {name}\n类型: 其他机构\n可制定规章: {said}\n", "utf-8")
        assert {f.code for f in look(office / "2024.yaml").findings} & {"T2-3", "T2-7"} == expected
