"""How findings are shown: to people, to programs, and which of them."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from generator.findings.printing import as_text
from generator.form.catalogue import catalogue
from generator.form.form import Forms
from generator.values.diagnostics import Diagnostic, Place, Position, Severity
from generator.values.width import columns
from support import COUNTY, ROOT, Outcome

Call = Callable[..., Outcome]
SARIF = json.loads(
    (ROOT / "tests" / "data" / "sarif" / "sarif-2.1.0-used.schema.json").read_text("utf-8")
)


@pytest.fixture
def wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace 「报告 集」 with the county: one wrong figure, one accepted finding."""
    office = tmp_path / "报告 集" / "county"
    office.mkdir(parents=True)
    for name in ("office.yaml", "2023.yaml", "2024.yaml"):
        shutil.copy(COUNTY / name, office)
    file = office / "2024.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("予以公开: {自然人: 142", "予以公开: {自然人: 145"), "utf-8")
    monkeypatch.chdir(tmp_path)
    return Path("报告 集")


def test_text(wrong: Path, nianbao: Call) -> None:
    outcome = nianbao("check", wrong, "--select", "T3")
    lines = outcome.out.split("\n")
    assert re.match(r"报告 集/county/2024\.yaml:63:17: 错误 T3-2 ", lines[0])
    source, caret = lines[1], lines[2]
    assert "145" in source
    # The caret stands under the figure when 汉字 take two columns.
    assert columns(caret[: caret.index("^")]) == columns(source[: source.index("145")])
    assert caret.endswith("^^^") and not caret.endswith("^^^^")
    assert lines[3] == "  左边 424 = （七）总计 424"
    assert lines[4].startswith("  右边 427 = （一）予以公开 145 + （二）部分公开")
    assert "  改法：只改一个数就都能平衡（T3-3、T3-2）" in outcome.out
    assert "由 145 改为 142" in outcome.out
    assert "  依据：《格式》表三（七）总计的含义" in outcome.out
    assert outcome.err == "2 份报告，2 个错误\n"


def test_several_with_one_way_out_name_it_once(tmp_path: Path, nianbao: Call) -> None:
    nianbao("new", tmp_path / "town", "2025", "--name", "孟津区送庄镇人民政府")
    lines = nianbao("check", tmp_path).out.split("\n")
    heads = [line.partition("错误 ")[2] for line in lines if "错误 S-8" in line]
    ways = [line for line in lines if line.startswith("  改法：")]
    figures, blanks = "没有就写 0", "连同括号换成自己的话"
    runs = [blanks in way or figures in way for way in ways]
    assert len(heads) > 50 and runs == [True] * 3, "words, figures, words"
    assert blanks in ways[0] and figures in ways[1] and blanks in ways[2]
    assert lines[-3] == ways[-1], "the last one that is seen says what to do"
    assert lines[-2] == "  依据：待填的报告不能公布"


def test_the_summary_counts_everything(wrong: Path, nianbao: Call) -> None:
    error = nianbao("check", wrong, "--ignore", "X,Y-6,Y-7,Y-8").err
    assert re.fullmatch(r"2 份报告，2 个错误，已接受 3 个，跳过 \d+ 项核对\n", error)


def test_findings_are_sorted_and_none_is_lost(workspace: Path, nianbao: Call) -> None:
    for name, old, new in (
        ("yanshi/2024.yaml", "本年新收: {自然人: 422", "本年新收: {自然人: 423"),
        ("yanshi/2024.yaml", "行政复议: {结果维持: 9", "行政复议: {结果维持: 8"),
        ("baihe/2023.yaml", "行政处罚: 0", "行政处罚: 一"),
    ):
        text = (workspace / name).read_text("utf-8")
        assert old in text
        (workspace / name).write_text(text.replace(old, new), "utf-8")
    shutil.copy(workspace / "songzhuang" / "2024.yaml", workspace / "2024.yaml")
    found = json.loads(nianbao("check", workspace, "--format", "json").out)
    places = [(each["file"], each["line"], each["column"], each["code"]) for each in found]
    assert places == sorted(places)
    errors = [each["code"] for each in found if each["severity"] == "error"]
    assert sorted(errors) == ["F-7", "T2-1", "T3-3", "T4-1"]


@pytest.mark.parametrize(
    ("line", "column", "length"),
    [
        ("  行政处罚: 12件", 9, 3),
        ("一" * 200 + "错" + "二" * 200, 201, 1),
        ("a" * 200 + "错误的" + "b" * 10, 201, 3),
        ("\t制表符: 错", 7, 1),
        ("“引号”与①，全角 Ａ: 错", 15, 1),
        ("", 1, 1),
    ],
)
def test_the_caret_stands_under_the_place(
    line: str, column: int, length: int, tmp_path: Path
) -> None:
    file = tmp_path / "2024.yaml"
    file.write_text(f"上一行\n{line}\n", "utf-8")
    place = Place(file, position=Position(2, column, length))
    shown = as_text(Diagnostic("S-4", Severity.ERROR, place, "错")).split("\n")
    source, caret = shown[1], shown[2]
    marked = line[column - 1 : column - 1 + length]
    assert caret.count("^") == max(1, columns(marked))
    before = columns(caret[: caret.index("^")])
    start = next(i for i in range(len(source) + 1) if columns(source[:i]) == before)
    assert source[start : start + len(marked)] == marked
    assert columns(source) < 100


def test_lines_are_counted_as_the_parser_counts_them(workspace: Path, nianbao: Call) -> None:
    """U+2028 from a web page ends a line for libyaml; the excerpt must still be the right one."""
    file = workspace / "songzhuang" / "2024.yaml"
    text = file.read_text("utf-8").replace("行政处罚: 5", "行政处罚: 五")
    file.write_text(text.replace("\n", "\r\n").replace("格式:", "#\u2028格式:", 1), "utf-8")
    shown = nianbao("check", file, "--select", "T2").out.split("\n")
    assert "行政处罚: 五" in shown[1]
    assert shown[2].endswith("^^")


def test_json_as_the_contract_says(wrong: Path, nianbao: Call) -> None:
    outcome = nianbao("check", wrong, "--format", "json", "--select", "T3,T4")
    found = json.loads(outcome.out)
    assert outcome.code == 1
    keys = {"code", "severity", "file", "line", "column", "path", "message", "hint", "basis"}
    for each in found:
        assert set(each) == keys | {"related", "accepted"}
        for item in each["related"]:
            assert set(item) == {"file", "line", "column", "path", "label", "value"}
            assert item["line"] > 1
    first = next(each for each in found if each["code"] == "T3-3")
    assert first["path"] == "收到和处理政府信息公开申请情况.本年度办理结果.予以公开.自然人"
    assert (first["line"], first["column"], first["severity"]) == (63, 17, "error")
    assert [item["value"] for item in first["related"]] == ["198", "145", "31", "5", "4", "12", "4"]
    accepted = [each for each in found if each["accepted"]]
    assert {each["code"] for each in accepted} == {"T4-3", "T4-4"}


def test_github_annotations(wrong: Path, nianbao: Call) -> None:
    out = nianbao("check", wrong, "--format", "github", "--select", "T3,T4").out
    lines = out.rstrip("\n").split("\n")
    assert len(lines) == 5, "one line for each finding"
    assert (
        lines[0].startswith("::notice file=报告 集/county/2023.yaml,line=") or "已接受" in lines[0]
    )
    errors = [line for line in lines if line.startswith("::error ")]
    assert len(errors) == 2
    assert "file=报告 集/county/2024.yaml,line=63,col=17,endColumn=20,title=T3-2::" in errors[0]
    assert "%0A左边 424" in errors[0]


def test_sarif_is_valid(wrong: Path, nianbao: Call) -> None:
    out = nianbao("check", wrong, "--format", "sarif").out
    log = json.loads(out)
    Draft202012Validator.check_schema(SARIF)
    assert list(Draft202012Validator(SARIF).iter_errors(log)) == []
    run = log["runs"][0]
    results = run["results"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(ids) == len(set(ids)) and {r["ruleId"] for r in results} == set(ids)
    for rule in run["tool"]["driver"]["rules"]:
        assert all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
    error = next(r for r in results if r["level"] == "error")
    physical = error["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == (
        "%E6%8A%A5%E5%91%8A%20%E9%9B%86/county/2024.yaml"
    )
    assert physical["region"] == {"startLine": 63, "startColumn": 17, "endColumn": 20}
    suppressed = [r for r in results if "suppressions" in r]
    assert {r["ruleId"] for r in suppressed} == {"T4-3", "T4-4"}


@pytest.mark.parametrize("style", ["json", "github", "sarif", "junit"])
def test_nothing_found_is_an_empty_answer(style: str, workspace: Path, nianbao: Call) -> None:
    outcome = nianbao("check", workspace / "songzhuang", "--format", style, "--select", "F")
    assert outcome.code == 0
    if style == "json":
        assert json.loads(outcome.out) == []
    elif style == "sarif":
        log = json.loads(outcome.out)
        assert log["runs"][0]["results"] == []
        assert list(Draft202012Validator(SARIF).iter_errors(log)) == []
    elif style == "junit":
        assert ElementTree.fromstring(outcome.out).attrib["tests"] == "0"
    else:
        assert outcome.out.strip() == ""


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        (["--select", "T3"], {"T3-2", "T3-3"}),
        (["--select", "T3-2"], {"T3-2"}),
        (["--select", "t3-2，T4"], {"T3-2", "T4-3", "T4-4"}),
        (["--select", "T", "--ignore", "T3"], {"T4-3", "T4-4"}),
        (["--select", "T", "--ignore", "T3-2,T4-3"], {"T3-3", "T4-4"}),
        (["--select", "Y-1"], set()),
    ],
)
def test_select_and_ignore(options: list[str], codes: set[str], wrong: Path, nianbao: Call) -> None:
    outcome = nianbao("check", wrong, "--format", "json", *options)
    assert {each["code"] for each in json.loads(outcome.out)} == codes
    assert outcome.code == int(bool(codes & {"T3-2", "T3-3"}))


@pytest.mark.parametrize(
    ("option", "written", "said"),
    [
        ("--select", "T3-22", "是不是 T3-2？"),
        ("--ignore", "X,K", "没有「K」这个编号"),
        ("--select", "T3-", "没有「T3-」这个编号"),
    ],
)
def test_an_unknown_code_is_wrong_usage(
    option: str, written: str, said: str, wrong: Path, nianbao: Call
) -> None:
    outcome = nianbao("check", wrong, option, written)
    assert outcome.code == 2 and said in outcome.err and outcome.out == ""


def test_strict_counts_warnings_but_not_what_was_accepted(workspace: Path, nianbao: Call) -> None:
    county = workspace / "yanshi" / "2024.yaml"
    assert nianbao("check", county, "--select", "T4").code == 0
    assert nianbao("check", county, "--select", "T4", "--strict").code == 0
    text = county.read_text("utf-8")
    county.write_text(re.sub(r"  - \{规则: T4-4.*\n", "", text), "utf-8")
    assert nianbao("check", county, "--select", "T4").code == 0
    assert nianbao("check", county, "--select", "T4", "--strict").code == 1


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """Run the command with a terminal as its standard output, and return what appears there."""
    parent, child = pty.openpty()
    surroundings = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    with subprocess.Popen(
        [sys.executable, "-m", "generator", *arguments],
        stdout=child,
        stderr=subprocess.DEVNULL,
        env=surroundings | {"TERM": "xterm-256color", "COLUMNS": "40"} | environment,
        cwd=ROOT,
    ) as process:
        os.close(child)
        out = io.BytesIO()
        while chunk := read(parent):
            out.write(chunk)
        process.wait()
    os.close(parent)
    return out.getvalue().decode("utf-8").replace("\r\n", "\n")


def read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other end has gone
        return b""


def test_colour_on_a_terminal_only(wrong: Path, nianbao: Call) -> None:
    folder = str(wrong.resolve())
    plain = nianbao("check", folder, "--select", "T3").out
    coloured = on_a_terminal("check", folder, "--select", "T3")
    assert "\x1b[" not in plain
    assert "\x1b[1;31m错误 T3-2" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert on_a_terminal("check", folder, "--select", "T3", NO_COLOR="1") == plain


def test_a_finding_shown_in_the_documents_folder_is_not_wrapped(wrong: Path) -> None:
    """Lines are as long on a narrow terminal as in a file: editors must find file:line:column."""
    coloured = on_a_terminal("check", str(wrong.resolve()), "--select", "T3-3")
    assert any(len(line) > 80 for line in coloured.split("\n"))


def test_the_same_finding_of_an_office_is_shown_once(workspace: Path, nianbao: Call) -> None:
    office = workspace / "yanshi" / "office.yaml"
    office.write_text(office.read_text("utf-8") + "无此键: 1\n", "utf-8")
    found: list[dict[str, Any]] = json.loads(
        nianbao("check", workspace / "yanshi", "--format", "json").out
    )
    assert [f["code"] for f in found if f["file"] == str(office)] == ["S-2"]


def test_every_finding_says_what_it_rests_on(nianbao: Call) -> None:
    """F, S, P and A findings are made where no form is known; they show their basis as well."""
    bad = ROOT / "tests" / "data" / "bad"
    found = json.loads(nianbao("check", bad, "--format", "json").out)
    known = catalogue(Forms()).entries
    assert {"F", "S", "P", "A", "T2", "T3", "X", "Q"} <= {f["code"].split("-")[0] for f in found}
    for finding in found:
        entries = known[finding["code"]]
        assert finding["severity"] in {entry.level for entry in entries}
        assert finding["basis"] and finding["hint"]
        assert finding["basis"] in {entry.basis for entry in entries}
    log = json.loads(nianbao("check", bad, "--format", "sarif").out)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert all(rule["fullDescription"]["text"] for rule in rules)
    lines = nianbao("check", bad, "--format", "github").out.rstrip("\n").split("\n")
    assert len(lines) == len(found) and all("%0A依据：" in line for line in lines)


def test_junit(wrong: Path, nianbao: Call) -> None:
    outcome = nianbao("check", wrong, "--format", "junit", "--select", "T3,T4")
    root = ElementTree.fromstring(outcome.out)
    cases = [(suite.attrib["name"], case) for suite in root for case in suite]
    assert outcome.code == 1
    assert [root.attrib[name] for name in ("tests", "failures", "skipped")] == ["5", "2", "3"]
    failed = [(name, case) for name, case in cases if case.find("failure") is not None]
    assert {name for name, _ in failed} == {"报告 集/county/2024.yaml"}
    first = failed[0][1]
    assert (first.attrib["name"], first.attrib["line"]) == ("T3-2 63:17", "63")
    failure = first.find("failure")
    assert failure is not None and "左边 424" in str(failure.text) and "依据：" in str(failure.text)


def test_in_brief(wrong: Path, nianbao: Call) -> None:
    outcome = nianbao("check", wrong, "--brief", "--select", "T3")
    assert outcome.code == 1
    assert outcome.out == (
        "报告 集/county/2024.yaml：2 个错误\n"
        "  T3-2 （七）总计应等于各种办理结果之和：1 处\n"
        "  T3-3 每一行的总计应等于各类申请人之和：1 处\n"
        "  先改第 63 行：" + outcome.out.split("先改第 63 行：")[1]
    )
    assert nianbao("check", wrong, "--brief", "--format", "json").code == 2


def test_a_blank_form_says_what_is_to_be_filled_in(tmp_path: Path, nianbao: Call) -> None:
    nianbao("new", tmp_path / "town", "2025", "--name", "孟津区送庄镇人民政府")
    file = tmp_path / "town" / "2025.yaml"
    lines = file.read_text("utf-8").split("\n")
    blank = re.compile("[^#].*待填")
    first = next(n for n, line in enumerate(lines, 1) if blank.match(line))
    brief = nianbao("check", tmp_path, "--brief").out
    assert re.search(r"还有 (\d+) 处待填：.*表二 \d+、表三 \d+、表四 \d+", brief)
    assert f"下一处第 {first} 行" in brief
    counts = [int(n) for n in re.findall(r" (\d+)[、；]", brief)]
    assert sum(counts) == int(brief.split("还有 ")[1].split(" ")[0])
    built = nianbao("build", tmp_path, "-o", tmp_path / "out")
    assert built.code == 1 and "处待填：" in built.err and "S-8" not in built.err
    assert len(built.err.split("\n")) < 6, "build does not repeat what check lists"
