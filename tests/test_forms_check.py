"""``nianbao forms check``: a form's author is told what our own tests would tell."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support import ROOT, Outcome

Run = Callable[..., Outcome]


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """The form of 2021 alone, in a folder of its own."""
    root = tmp_path / "forms"
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copytree(ROOT / "schemas", root / "schemas")
    return root


def found(outcome: Outcome, form: int = 2021) -> list[tuple[str, str, int, str]]:
    """Return code, file, line and message of what was found in a form."""
    listed: list[dict[str, Any]] = json.loads(outcome.out)
    return [
        (each["code"], Path(each["file"]).name, each["line"], each["message"])
        for each in listed
        if str(form) in Path(each["file"]).parts or Path(each["file"]).name == f"{form}.schema.json"
    ]


def changed(file: Path, old: str, new: str) -> int:
    """Change the text of a file once; return the line of the change."""
    text = file.read_text("utf-8")
    assert text.count(old) >= 1, old
    file.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_nothing_is_missing_in_the_forms_that_come_with_the_program(nianbao: Run) -> None:
    outcome = nianbao("forms", "check", "--strict")
    assert (outcome.code, outcome.out) == (0, "")
    assert "表式 2019、2021；试了 43 条规则的反例" in outcome.err
    assert "没有发现问题" in outcome.err


@pytest.mark.parametrize("part", ["", "templates", "templates/2021"])
def test_a_folder_may_be_named_by_any_part_of_it(part: str, forms: Path, nianbao: Run) -> None:
    assert nianbao("forms", "check", forms / part).code == 0


def test_what_is_no_folder_of_forms_is_wrong_usage(tmp_path: Path, nianbao: Run) -> None:
    assert nianbao("forms", "check", tmp_path).code == 2
    assert nianbao("forms", "check", tmp_path / "none").code == 2
    (tmp_path / "templates").mkdir()
    assert nianbao("forms", "check", tmp_path).code in (1, 2)


def test_a_rule_that_is_silent_on_its_counter_example(forms: Path, nianbao: Run) -> None:
    rules = forms / "templates" / "2021" / "checks.yaml"
    line = changed(rules, "  violated_by: {表二.行政许可: -1}", "  violated_by: {表二.行政许可: 5}")
    outcome = nianbao("forms", "check", forms, "--format", "json")
    ((code, file, at, message),) = found(outcome)
    assert outcome.code == 1 and (code, file) == ("E-6", "checks.yaml") and at < line
    assert "「T2-1」的反例没有引起它报告" in message


def test_a_rule_that_speaks_of_another_place(forms: Path, nianbao: Run) -> None:
    """The counter-example changes licences, the rule would complain of something else."""
    rules = forms / "templates" / "2021" / "checks.yaml"
    text = "  violated_by: {表二.行政许可: -1}"
    changed(rules, text, "  violated_by: {表二.行政处罚: 6, 其他需要报告的事项: 无}")
    outcome = nianbao("forms", "check", forms)
    assert outcome.code == 1 and "「T2-1」的反例没有引起它报告：只报告了" in outcome.out


def test_a_case_says_what_is_found_no_more_and_no_less(forms: Path, nianbao: Run) -> None:
    case = forms / "templates" / "2021" / "cases" / "applications-in-words.yaml"
    changed(case, "{rule: X-1, at: 总体情况.分项.2.正文, says: 700件}", "{rule: X-2}")
    outcome = nianbao("forms", "check", forms, "--format", "json")
    assert outcome.code == 1
    by_line = [(code, file, line) for code, file, line, _ in found(outcome) if code == "E-7"]
    assert by_line == [("E-7", case.name, 3), ("E-7", case.name, 6)]
    messages = [message for code, _, _, message in found(outcome) if code == "E-7"]
    assert "不应当有的结果 X-1" in messages[0] and "应当报告 X-2，没有报告" in messages[1]
    assert any("「X-1」没有案例" in message for _, _, _, message in found(outcome))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("changes:", "change:", "不认识的键「change」"),
        ("rule: X-1", "rule: X-10", "没有「X-10」这个编号"),
        ("总体情况.分项", "总体状况.分项", "没有「总体状况」这个部分或表，是不是「总体情况」"),
        ("总体情况.分项.2.正文: |", "总体情况.分项.9.正文: |", "完整的示例里没有"),
    ],
)
def test_a_slip_in_a_case_is_named_at_its_line(
    old: str, new: str, message: str, forms: Path, nianbao: Run
) -> None:
    case = forms / "templates" / "2021" / "cases" / "applications-in-words.yaml"
    changed(case, old, new)
    outcome = nianbao("forms", "check", forms)
    assert outcome.code == 1 and message in outcome.out, outcome.out
    assert f"{case}:" in outcome.out


def test_a_complete_office_that_is_not(forms: Path, nianbao: Run) -> None:
    report = forms / "templates" / "2021" / "cases" / "complete" / "2024.yaml"
    line = changed(report, "自然人: 422", "自然人: 423")
    outcome = nianbao("forms", "check", forms, "--format", "json")
    assert outcome.code == 1
    assert ("E-7", "2024.yaml", line) in {each[:3] for each in found(outcome)}
    shutil.rmtree(report.parent)
    gone = nianbao("forms", "check", forms)
    assert gone.code == 1 and "没有两个年度的完整示例" in gone.out


GAPS: dict[str, tuple[str, str, str, str]] = {
    "note of a row": (
        "2021/tables/表二.yaml",
        "{value: 行政强制, cols: 3, note: ",
        "{value: 行政强制, cols: 3}] # ",
        "1 行没有填报说明（note）：表二 行政强制",
    ),
    "causes of a rule": (
        "2021/checks.yaml",
        "  causes: [从别处粘贴时带进了千分位逗号、单位或全角数字, 把金额填进了件数一栏]\n",
        "",
        "「T2-1」没有写常见原因",
    ),
    "predecessor": (
        "2021/edition.yaml",
        "predecessor: 2019",
        "predecessor: 2017",
        "没有 2017 年表式",
    ),
    "schema": ("2021/tables/表二.yaml", "行政强制", "行政强制措施", "结构文件与表不符"),
}


def test_what_is_missing_is_named(forms: Path, nianbao: Run) -> None:
    folder = forms / "templates" / "2021"
    (folder / "chart.yaml").rename(folder / "chrt.yaml")
    (folder / "cases" / "problems-in-a-word.yaml").unlink()
    shutil.copy(folder / "tables" / "表四.yaml", folder / "tables" / "表五.yaml")
    (forms / "schemas" / "2021.schema.json").unlink()
    outcome = nianbao("forms", "check", forms)
    assert outcome.code == 0
    for said in (
        "E-8 没有谁读「chrt.yaml」，是不是「chart.yaml」？",
        "E-9 没有 chart.yaml：compare --chart 没有图可画",
        "E-8 「X-17」没有案例",
        "E-8 edition.yaml 没有哪个部分用「表五」这张表",
        "E-8 没有给编辑器用的结构文件",
    ):
        assert said in outcome.out
    assert nianbao("forms", "check", forms, "--strict").code == 1


@pytest.mark.parametrize("gap", GAPS)
def test_what_is_missing_in_a_file_is_named(gap: str, forms: Path, nianbao: Run) -> None:
    file, old, new, message = GAPS[gap]
    changed(forms / "templates" / file, old, new)
    outcome = nianbao("forms", "check", forms)
    assert f"E-8 {message}" in outcome.out or message in outcome.out, outcome.out
