"""The rules on prose: each with cases that fire and cases that must not.

A case is a file in ``data/prose/<code>/``; its ``README.md`` says how it is written.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from generator.form.files import data_folder
from generator.form.form import Forms
from generator.judging.examine import Examined, examine
from generator.judging.prose.across_offices import compare_offices, voice_of
from generator.judging.prose.checks import unchecked_numbers
from generator.reading.source import Unreadable, read
from generator.reading.workspace import find_reports
from generator.report.report import Reader
from generator.values.diagnostics import Diagnostic, Severity, ordered
from support import WORKSPACE, Outcome, needs_published

DATA = Path(__file__).parent / "data" / "prose"
CASES = sorted(DATA.glob("*/*.yaml"))
FORMS = Forms()
OFFICE = {"名称": "孟津区送庄镇人民政府", "简称": "送庄镇", "类型": "乡镇人民政府"}
FORM_2019 = {
    "格式": 2019,
    "年度": 2020,
    "主动公开政府信息情况": {
        "规章": 0,
        "规范性文件": 0,
        "行政许可": 0,
        "其他对外管理服务事项": 0,
        "行政处罚": 0,
        "行政强制": 0,
        "行政事业性收费": 0,
        "政府集中采购": 0,
    },
}


def merged(base: Any, change: Any) -> Any:
    """Lay ``change`` over ``base``: mappings key by key, everything else as a whole."""
    if not (isinstance(base, dict) and isinstance(change, dict)):
        return change
    return {
        key: merged(base.get(key), change[key]) if key in change else base[key] for key in base
    } | {key: value for key, value in change.items() if key not in base}


def written(value: Any) -> Any:
    """Set texts of several lines as blocks, as offices write them."""
    if isinstance(value, dict):
        return {key: written(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [written(inner) for inner in value]
    if isinstance(value, Decimal):
        return float(value)
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value else value


def save(file: Path, data: Any) -> None:
    yaml = YAML()
    yaml.width = 10_000
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as stream:
        yaml.dump(written(data), stream)


def case_data(file: Path) -> dict[str, Any]:
    data = read(file).data
    assert isinstance(data, dict), f"{file} 是空的"
    known = {"text", "report", "previous", "form", "office", "others", "found", "says"}
    assert set(data) <= known, f"{file} 里有不认识的键"
    return data


def workspace(case: dict[str, Any], root: Path) -> Path:
    """Write the workspace that a case describes; return the report that it is about."""
    base = read(DATA / "base-2024.yaml").data
    report = merged(base, case.get("report") or {})
    if "text" in case:
        report["总体情况"]["分项"][1]["正文"] = case["text"]
    year = 2024
    if case.get("form") == 2019:
        report = merged(report, {k: v for k, v in FORM_2019.items() if k != "主动公开政府信息情况"})
        report["主动公开政府信息情况"] = FORM_2019["主动公开政府信息情况"]
        year = 2020
    office = root / "mengjin" / "songzhuang"
    save(office / "office.yaml", OFFICE | (case.get("office") or {}))
    save(office / f"{year}.yaml", report)
    if "previous" in case:
        save(office / "2023.yaml", merged(read(DATA / "base-2023.yaml").data, case["previous"]))
    for name, other in (case.get("others") or {}).items():
        folder = (root / "mengjin" / name).resolve() if name != ".." else root / "mengjin"
        save(folder / "office.yaml", other["office"])
        before = read(DATA / "base-2023.yaml").data
        save(folder / "2024.yaml", merged(before, {"年度": 2024} | other["report"]))
    return office / f"{year}.yaml"


def judged(case: dict[str, Any], root: Path) -> list[Diagnostic]:
    """Return everything that is found in the case's report, with the counts left unchecked."""
    file = workspace(case, root)
    reader = Reader(FORMS)
    examined = [examine(at, reader) for at in find_reports([root])]
    mine = next(each for each in examined if each.at.file == file)
    assert mine.report and mine.prose
    found = [*mine.findings, *unchecked_numbers(mine.report, mine.prose)]
    found += [f for f in across(examined) if f.place.file == file]
    return ordered(found)


def across(examined: Sequence[Examined]) -> list[Diagnostic]:
    """Return what the reports show about each other."""
    heard = [voice_of(each.report, each.prose) for each in examined if each.report and each.prose]
    return list(compare_offices(heard, Reader(FORMS)))


def pointed_at(finding: Diagnostic) -> str:
    """Return the characters of the file that a finding points at."""
    line = finding.place.file.read_text(encoding="utf-8").splitlines()[finding.position.line - 1]
    start = finding.position.column - 1
    return line[start : start + finding.position.length]


@pytest.mark.parametrize("file", CASES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_case(file: Path, tmp_path: Path) -> None:
    case = case_data(file)
    code = file.parent.name
    found = judged(case, tmp_path)
    others = [f for f in found if f.code[0] in "FSP" and f.code != "S-8"]
    assert not others, "例子本身写错了"
    mine = [finding for finding in found if finding.code == code]
    if file.stem.startswith("silent-"):
        assert [(f.message, pointed_at(f)) for f in mine] == []
        return
    assert file.stem.startswith("fires-")
    assert [pointed_at(finding) for finding in mine] == case["found"]
    for words in case.get("says") or ():
        assert any(words in f"{f.message} {f.hint}" for f in mine), [f.message for f in mine]
    for finding in mine:
        assert finding.severity is not Severity.ERROR
        assert finding.hint and finding.basis


def rule_codes() -> set[str]:
    return {rule.id for year in (2019, 2021) for rule in FORMS.load(year).prose_rules}


def test_every_rule_has_cases_of_both_kinds() -> None:
    folders = {folder.name for folder in DATA.iterdir() if folder.is_dir()}
    assert folders == rule_codes()
    for code in folders:
        names = [file.stem for file in (DATA / code).glob("*.yaml")]
        assert any(name.startswith("fires-") for name in names), code
        assert any(name.startswith("silent-") for name in names), code


def test_the_base_has_nothing_to_find(tmp_path: Path) -> None:
    found = judged({"previous": {}}, tmp_path)
    assert [f.message for f in found if f.code in rule_codes() and f.code != "X-0"] == []


def test_codes_are_unique_and_no_rule_is_an_error() -> None:
    for year in (2019, 2021):
        rules = FORMS.load(year).prose_rules
        assert len({rule.id for rule in rules}) == len(rules)
        for rule in rules:
            assert rule.level in (Severity.WARNING, Severity.INFO)
            assert rule.title and rule.basis and rule.hint


# The published reports and the examples.

GOLDEN = Path(__file__).parent / "data" / "published-findings.txt"


def examined_under(root: Path) -> list[Examined]:
    reader = Reader(FORMS)
    return [examine(at, reader) for at in find_reports([root])]


@needs_published
def test_published_reports_get_exactly_these_findings(request: pytest.FixtureRequest) -> None:
    examined = examined_under(WORKSPACE)
    found = [f for each in examined for f in each.findings] + across(examined)
    lines = [
        f"{f.place.file.relative_to(WORKSPACE).as_posix()}:{f.position.line}:{f.position.column}"
        f" {f.severity} {f.code} {f.message}"
        for f in ordered(found)
    ]
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text("\n".join([*lines, ""]), encoding="utf-8")
    assert lines == GOLDEN.read_text(encoding="utf-8").splitlines()
    assert not any(f.severity is Severity.ERROR for f in found)


def test_examples_get_no_finding_on_prose() -> None:
    examined = examined_under(data_folder() / "examples")
    found = [f for each in examined for f in each.findings] + across(examined)
    assert [f.message for f in found if f.code in rule_codes()] == []
    assert all(f.accepted for f in found)


# What belongs to no single rule.


def test_quotations_and_titles_are_never_looked_into(tmp_path: Path) -> None:
    """Everything that fires in the cases' texts is silent within quotation marks."""
    for file in CASES:
        case = case_data(file)
        if not file.stem.startswith("fires-") or "text" not in case or file.parent.name in "X-0":
            continue
        if file.parent.name in ("Q-12", "O-2", "X-15"):
            continue  # these look at whole sentences, marks and all
        lines = case["text"].replace("“", "").replace("”", "").replace('"', "").splitlines()
        quoted = "\n".join(
            f"有人写道：“{line.replace('{{', '').replace('}}', '')}”。" for line in lines
        )
        found = judged(case | {"text": f"{quoted}\n"}, tmp_path / file.parent.name / file.stem)
        wrong = [f.message for f in found if f.code == file.parent.name]
        assert wrong == [], file


def test_accepting_works_for_rules_on_prose(tmp_path: Path) -> None:
    accepted = [
        {"规则": "X-5", "位置": "其他需要报告的事项", "理由": "按上级要求只写无"},
        {"规则": "O-1", "位置": "总体情况", "理由": "会盟镇与我镇共用窗口"},
    ]
    case = case_data(DATA / "O-1" / "fires-short-name.yaml")
    case["report"] = {"其他需要报告的事项": "无", "接受": accepted}
    found = judged(case, tmp_path)
    assert {f.code: bool(f.accepted) for f in found if f.code in ("X-5", "O-1")} == {
        "X-5": True,
        "O-1": True,
    }
    assert [f.code for f in found if f.code.startswith("A-")] == []


def test_everybody_who_shares_a_sentence_is_told_of_the_others_but_not_of_later_ones(
    tmp_path: Path,
) -> None:
    sentence = "收件、登记、拟办、会签、送达五个环节都有书面记录，申请人可以随时查询办理进度。"
    offices = {"huimeng": 2024, "baihe": 2024, "pingle": 2024, "songzhuang": 2023}
    for number, (name, year) in enumerate(offices.items()):
        folder = tmp_path / "mengjin" / name
        save(folder / "office.yaml", OFFICE | {"名称": f"孟津区第{number}镇人民政府", "简称": name})
        base = read(DATA / "base-2023.yaml").data | {"年度": year, "总体情况": sentence}
        save(folder / f"{year}.yaml", base)
    found = {f.place.file.parent.name: f for f in across(examined_under(tmp_path))}
    told = {
        name: [each.label for each in f.related] for name, f in found.items() if f.code == "O-2"
    }
    assert told == {
        "baihe": [f"孟津区第{n}镇人民政府 {y}" for n, y in ((3, 2023), (0, 2024), (2, 2024))],
        "huimeng": [f"孟津区第{n}镇人民政府 {y}" for n, y in ((3, 2023), (1, 2024), (2, 2024))],
        "pingle": [f"孟津区第{n}镇人民政府 {y}" for n, y in ((3, 2023), (1, 2024), (0, 2024))],
    }
    assert all(pointed_at(finding) == sentence for finding in found.values())
    (line,) = found["baihe"].detail
    assert line.startswith(f"「{sentence}」也在：孟津区第3镇人民政府 2023 年度报告、")


def test_unchecked_counts_are_listed_on_request(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    workspace({"text": "全年发布信息491条。"}, tmp_path)
    for asked, listed in (([], False), (["-v"], True), (["--select", "X-0"], True)):
        outcome = nianbao("check", tmp_path, "--format", "json", *asked)
        assert outcome.code == 0
        assert ("X-0" in {finding["code"] for finding in json.loads(outcome.out)}) is listed


def test_a_long_list_of_findings_is_cut_short(tmp_path: Path) -> None:
    found = judged({"text": "加强信息的的管理。" * 300}, tmp_path)
    assert len([f for f in found if f.code == "Q-7"]) == 50


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("pattern: '[：:]'", "pattern: '[：:'", "正则式写错了"),
        ("kind: echoes", "kind: echo", "写成了「echo」"),
        ("kind: echoes", "kind: echoes\n  unles: x", "不认识的键「unles」"),
        ("level: info", "level: error", "写成了「error」"),
        ("figure: 表二.行政强制", "figure: 表二.行政强制措施", "不是表中的数"),
        ("part: 其他需要报告的事项", "part: 其他事项", "没有「其他事项」这个文字部分"),
    ],
)
def test_a_fault_in_the_rules_is_reported_at_its_line(
    old: str, new: str, says: str, tmp_path: Path
) -> None:
    for folder in ("templates", "schemas"):
        shutil.copytree(data_folder() / folder, tmp_path / folder)
    changed = None
    for file in sorted((tmp_path / "templates").glob("**/prose.yaml")):
        text = file.read_text(encoding="utf-8")
        if old in text and "2019" not in file.parts:
            file.write_text(text.replace(old, new, 1), encoding="utf-8")
            changed = file
            break
    assert changed
    with pytest.raises(Unreadable) as refused:
        Forms(tmp_path).load(2021)
    (finding,) = refused.value.findings
    assert finding.code == "E-1" and says in finding.message
    assert finding.place.file == changed
    line = changed.read_text(encoding="utf-8").splitlines()[finding.position.line - 1]
    assert new.split("\n")[-1].strip().split(":")[0] in line
