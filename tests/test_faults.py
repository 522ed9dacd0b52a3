"""A fault of the program at one file: a finding of that file, all others done, exit code 3.

What fails is a copy of the program that was made to fail at one office, as at a file that nobody
foresaw.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from browsing import Desk, browser, served
from import_cases import place_input
from support import ROOT, Outcome

Call = Callable[..., Outcome]
PLACES = {
    "check_figures": "judging/checks",
    "voice_of": "judging/prose/across_offices",
    "_heard": "judging/prose/across_offices",
    "compose": "setting/compose",
    "roll_over": "drafting/next_year",
    "two_reports": "compare/sources",
    "import_report": "old_report/importing",
    "_entry": "county/register",
    "filled": "county/letters",
    "in_report": "findings/figure_explanations",
    "set_figure": "drafting/edits",
    "sheet_of": "serving/fields",
}
FAILS = """

_intact_{function} = {function}


def {function}(*given, **named):
    import os

    at = str([getattr(each, "at", each) for each in given])
    if os.environ["FAILS"] == "{function}" and ("qingshi" in at or "青石" in at):
        raise ZeroDivisionError("\\x1b[31mnobody foresaw this")
    return _intact_{function}(*given, **named)
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for name in ("generator", "templates", "schemas"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for function, module in PLACES.items():
        with (folder / "generator" / f"{module}.py").open("a", encoding="utf-8") as file:
            file.write(FAILS.format(function=function))
    return folder


@pytest.fixture
def failing(copy: Path) -> Call:
    """Call the copy; the function named first fails at the office qingshi."""

    def call(function: str, *arguments: str | Path) -> Outcome:
        command = [sys.executable, "-m", "generator", *map(str, arguments)]
        surroundings = os.environ | {"FAILS": function}
        done = subprocess.run(
            command, cwd=copy, env=surroundings, capture_output=True, text=True, check=False
        )
        assert ("Traceback" in done.stderr) == (
            "--debug" in arguments and function == "two_reports"
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return call


def split(outcome: Outcome) -> tuple[list[Any], list[Any]]:
    """Return the faults of the program, and what was found in other offices."""
    found = json.loads(outcome.out)
    faults = [each for each in found if each["code"] == "E-2"]
    assert all("qingshi" in each["file"] and each["basis"] for each in faults)
    return faults, [each for each in found if "qingshi" not in each["file"]]


@pytest.mark.parametrize("function", ["check_figures", "voice_of", "_heard"])
def test_check(function: str, failing: Call, workspace: Path) -> None:
    whole = failing("", "check", workspace, "--format", "json")
    broken = failing(function, "check", workspace, "--format", "json")
    faults, others = split(broken)
    assert (whole.code, broken.code) == (0, 3)
    assert len(faults) == 2, "two years"
    assert others == split(whole)[1]
    assert failing(function, "check", workspace, "--ignore", "E").code == 3


def test_what_the_maintainers_need(failing: Call, workspace: Path) -> None:
    file = workspace / "yanshi" / "qingshi" / "2024.yaml"
    short = failing("check_figures", "check", file).out
    lines = short.split("\n")
    assert lines[0].startswith(f"{file}:1:1: 错误 E-2 ") and "ZeroDivisionError: " in lines[0]
    assert "版本：nianbao 0" in short and "发给维护者" in short
    assert "出处：generator/judging/checks.py:" in short
    assert str(ROOT) not in short
    whole = failing("check_figures", "--debug", "check", file).out
    assert whole.count("出处：") >= short.count("出处：") > 1


@pytest.mark.parametrize("function", ["check_figures", "compose"])
def test_build(function: str, failing: Call, workspace: Path, tmp_path: Path) -> None:
    outcome = failing(function, "build", workspace, "-o", tmp_path / "out", "--to", "txt")
    assert outcome.code == 3 and outcome.err.count("错误 E-2") == 2
    assert (tmp_path / "out" / "yanshi" / "liuhe" / "2024.txt").is_file()
    assert not (tmp_path / "out" / "yanshi" / "qingshi").exists()
    again = failing("", "build", workspace, "-o", tmp_path / "out", "--to", "txt")
    assert again.code == 0 and "写了 2 个文件" in again.err, "a fault is not remembered"


@pytest.mark.parametrize("function", ["check_figures", "roll_over"])
def test_rollover(function: str, failing: Call, workspace: Path) -> None:
    outcome = failing(function, "rollover", "2025", workspace)
    assert outcome.code == 3 and outcome.err.count("错误 E-2") == 1
    assert not (workspace / "yanshi" / "qingshi" / "2025.yaml").exists()
    assert (workspace / "yanshi" / "liuhe" / "2025.yaml").is_file()


def test_import(failing: Call, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    page = place_input("gb18030", old)
    shutil.copy(page, page.with_stem("qingshi"))
    text = failing("import_report", "import", old, "-o", tmp_path / "new")
    assert text.code == 3 and text.err.count("错误 E-2") == 1
    assert len(list((tmp_path / "new").rglob("2023.yaml"))) == 1
    found = json.loads(
        failing("import_report", "import", old, "-o", tmp_path / "x", "--format", "json").out
    )
    assert [each["file"] for each in found["findings"] if each["code"] == "E-2"] == [
        str(page.with_stem("qingshi"))
    ]


def test_compare(failing: Call, workspace: Path) -> None:
    office = workspace / "yanshi" / "qingshi"
    outcome = failing("check_figures", "compare", office, office)
    assert outcome.code == 3 and outcome.err.count("错误 E-2") == 2


@pytest.fixture
def county(workspace: Path) -> Path:
    """A county of two towns, neither of which is ready."""
    top = workspace / "yanshi"
    with (top / "office.yaml").open("a", encoding="utf-8") as file:
        file.write("\n汇总: {主管部门: 演示县人民政府办公室}\n")
    for town in ("liuhe", "qingshi"):
        file = top / town / "2024.yaml"
        file.write_text(file.read_text("utf-8").replace("行政处罚: ", "行政处罚: 待填 # "), "utf-8")
    return top


@pytest.mark.parametrize("function", ["check_figures", "_entry"])
def test_status(function: str, failing: Call, county: Path) -> None:
    outcome = failing(function, "status", "2024", county, "--format", "json")
    entries = {entry["office"]: entry for entry in json.loads(outcome.out)}
    assert outcome.code == 3 and outcome.err.count("错误 E-2") == 1
    assert entries["yanshi/qingshi"]["state"] == "有错"
    assert entries["yanshi/liuhe"]["state"] == "未填完"
    assert failing("", "status", "2024", county).code == 1
    assert "程序出错，没有检查完" in failing(function, "status", "2024", county).out


@pytest.mark.parametrize("function", ["check_figures", "_entry", "filled"])
def test_letters(function: str, failing: Call, county: Path, tmp_path: Path) -> None:
    outcome = failing(function, "letters", "2024", county, "-o", tmp_path / "out")
    assert outcome.code == 3 and "错误 E-2" in outcome.err
    assert (tmp_path / "out" / "yanshi" / "liuhe.docx").is_file()
    assert not (tmp_path / "out" / "yanshi" / "qingshi.docx").exists()
    assert failing("", "letters", "2024", county, "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out" / "yanshi" / "qingshi.docx").is_file()


def test_summary(failing: Call, county: Path, tmp_path: Path) -> None:
    outcome = failing("check_figures", "summary", "2024", county, "-o", tmp_path / "all.csv")
    assert outcome.code == 3 and outcome.err.count("错误 E-2") == 1
    text = (tmp_path / "all.csv").read_text("utf-8-sig")
    assert "yanshi/qingshi" in text and "yanshi/liuhe" in text


def test_verify(failing: Call, workspace: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    failing("", "build", workspace / "yanshi", "-o", tmp_path, "--to", "txt")
    shutil.copy(tmp_path / "yanshi" / "qingshi" / "2024.txt", page)
    report = workspace / "yanshi" / "qingshi" / "2024.yaml"
    outcome = failing("check_figures", "verify", page, report)
    assert outcome.code == 3 and outcome.err.count("错误 E-2") == 1
    assert failing("", "verify", page, report).code == 0


@pytest.mark.parametrize(
    ("function", "subject"), [("check_figures", "T3-1"), ("in_report", "表二.行政处罚")]
)
def test_explain(function: str, subject: str, failing: Call, workspace: Path) -> None:
    outcome = failing(function, "explain", subject, workspace)
    assert outcome.code == 3 and outcome.err.count("错误 E-2") == 2
    assert outcome.out.count("liuhe") and "songzhuang" in outcome.out
    (workspace / "yanshi" / "liuhe" / "2024.yaml").write_text("[", "utf-8")
    outcome = failing("", "explain", subject, workspace)
    assert "songzhuang" in outcome.out and outcome.code == (function == "in_report")


def test_where_no_report_is_at_work(failing: Call, workspace: Path) -> None:
    office = workspace / "yanshi" / "qingshi"
    outcome = failing("two_reports", "compare", office, office)
    assert outcome.code == 3
    assert "程序出错了：ZeroDivisionError" in outcome.err and "--debug" in outcome.err
    assert failing("two_reports", "--debug", "compare", office, office).code == 3


@pytest.fixture
def page(
    request: pytest.FixtureRequest, copy: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """A browser at the page that the copy serves; what a test asks for fails."""
    monkeypatch.setenv("FAILS", request.param)
    with browser() as chromium, served(workspace, copy) as address:
        yield Desk(chromium.new_page(), address).open()


TOWN = "演示县青石镇人民政府"


@pytest.mark.parametrize("page", ["set_figure"], indirect=True)
def test_a_change_on_the_page_to_work_on(page: Desk, workspace: Path) -> None:
    file = workspace / "yanshi" / "qingshi" / "2024.yaml"
    before = file.read_bytes()
    page.report(TOWN, 3)
    field = page.page.locator("#grid input").first
    field.fill("9")
    field.press("Tab")
    dialog = page.page.locator("#fault[open]")
    dialog.wait_for()
    said = dialog.inner_text()
    assert "程序出错了" in said and "维护者" in said and "先复制出来" in said
    assert "nobody foresaw this" in said and "generator/drafting/edits.py" in said
    dialog.get_by_role("button", name="知道了").click()
    assert field.input_value() == "9" and file.read_bytes() == before
    assert "没有保存" in page.page.locator("#saved").inner_text()


@pytest.mark.parametrize("page", ["sheet_of"], indirect=True)
def test_a_page_that_cannot_be_shown(page: Desk) -> None:
    page.report(TOWN, 3)
    said = page.page.locator("main").inner_text()
    assert "程序出错了" in said and "维护者" in said and "nobody foresaw this" in said
    page.page.get_by_role("link", name="回到各机关").click()
    page.page.get_by_role("link", name=TOWN, exact=True).wait_for()
