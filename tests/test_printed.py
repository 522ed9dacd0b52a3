"""What others wrote is printed by every command in every format, and never raw."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.values.printable import json_text, masked, printable
from import_cases import FOLDER as FOLDER_OF_IMPORTS
from support import COUNTY, Outcome, copy_of_examples

Call = Callable[..., Outcome]
RAW = "\x1b[31m\x07\x9b2J\x85\r\u202e\u2066\u2028\ufeff\x00"
FOLDER = "x\n::error::y\x1b]0;z\x07\x9b\u202e\u2028\r"
"""A folder's name may hold everything but a slash and a zero."""
DANGEROUS = {c for c in RAW + FOLDER if not (c.isprintable() or c == "\n")}


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """An office whose folder, names, keys and values try to drive a terminal or a CI."""
    office = tmp_path / "reports" / FOLDER
    shutil.copytree(COUNTY, office)
    written = json.dumps(RAW + "\n::error::")
    for year in ("2023", "2024"):
        file = office / f"{year}.yaml"
        text = file.read_text("utf-8").replace("行政处罚: ", f"行政处罚: {written} #", 1)
        text = text.replace("接受:", f"接受:\n  - {{规则: {written}, 位置: 无, 理由: {written}}}")
        file.write_text(f"{text}\n{written}: {written}\n", "utf-8")
    with (office / "office.yaml").open("a", encoding="utf-8") as file:
        file.write(f"{written}: 1\n")
    return tmp_path / "reports"


def clean(text: str) -> None:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")  # as CSV begins and ends its lines
    assert not DANGEROUS & set(text), sorted(DANGEROUS & set(text))
    lines = text.split("\n")
    assert not [line for line in lines if line.startswith("::error::")]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "-v"],
        ["check", "--brief"],
        *(["check", "--format", style] for style in ("json", "sarif", "github", "junit")),
        ["build", "-o", "out", "--why"],
        ["build", "-o", "out", "--draft", "--to", "txt"],
        ["build", "-o", "out", "-n", "--why"],
        ["rollover", "2025"],
        ["explain", "S-2"],
        ["status", "2024"],
        *(["status", "2024", "--format", style] for style in ("json", "csv")),
        ["explain", "T2-1"],
        ["check", "no such path"],
    ],
    ids=" ".join,
)
def test_nothing_is_printed_raw(
    arguments: list[str], hostile: Path, nianbao: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(hostile.parent)
    paths = [] if "no such path" in arguments else [hostile]
    outcome = nianbao(*arguments, *paths)
    assert outcome.out or outcome.err
    clean(outcome.out)
    clean(outcome.err)


SOFT = "\u202e\u2066\u2028"
"""What is dangerous and may stand in a file all the same."""


@pytest.fixture(params=[RAW, SOFT], ids=["refused", "read"])
def county(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A county whose members' names and folders are what a terminal or a sheet would obey."""
    raw = request.param
    top = copy_of_examples(tmp_path / "reports") / "yanshi"
    with (top / "office.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\n汇总: {{主管部门: {json.dumps('=1+1' + SOFT)}}}\n")
    town = top / FOLDER
    (top / "qingshi").rename(town)
    names = json.dumps(f"=HYPERLINK(1)|[x](https://e.example) {raw}\n::error::")
    text = (town / "office.yaml").read_text("utf-8")
    (town / "office.yaml").write_text(text.replace("演示县青石镇人民政府", names), "utf-8")
    liuhe = top / "liuhe" / "2024.yaml"
    liuhe.write_text(
        liuhe.read_text("utf-8").replace("行政处罚: ", f"行政处罚: {names} #"), "utf-8"
    )
    return top


@pytest.mark.parametrize("style", ["text", "json", "csv", "xlsx"])
def test_a_register_of_hostile_names(
    style: str, county: Path, tmp_path: Path, nianbao: Call
) -> None:
    file = tmp_path / f"register.{style}"
    into = ["-o", file] if style in ("csv", "xlsx") else []
    outcome = nianbao("status", "2024", county, "--format", style, *into)
    clean(outcome.out)
    clean(outcome.err)
    if style == "csv":
        clean(file.read_text("utf-8-sig"))
        sheets_take_it_for_text(file.read_text("utf-8-sig"))
    if style == "xlsx":
        no_formula(file)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_summary_of_hostile_names(
    ending: str, county: Path, tmp_path: Path, nianbao: Call
) -> None:
    file = tmp_path / f"summary.{ending}"
    outcome = nianbao("summary", "2024", county, "-o", file)
    assert outcome.code == 0, outcome.err
    clean(outcome.err)
    if ending == "csv":
        clean(file.read_text("utf-8-sig"))
        sheets_take_it_for_text(file.read_text("utf-8-sig"))
    else:
        no_formula(file)


def sheets_take_it_for_text(content: str) -> None:
    for row in csv.reader(io.StringIO(content)):
        assert not [cell for cell in row if cell.lstrip().startswith(("=", "+", "@"))]


def no_formula(file: Path) -> None:
    """Only the sums of the program's own are formulas."""
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8", "replace")
            assert all(f.startswith(("SUM(", "SUMIF(")) for f in re.findall(r"<f>([^<]*)", text))
            assert not {
                c for c in DANGEROUS & set(text) if c not in "\r\x85\u2028\u202e\u2066\ufeff"
            }


def test_letters_to_hostile_names(county: Path, tmp_path: Path, nianbao: Call) -> None:
    outcome = nianbao("letters", "2024", county, "-o", tmp_path / "out")
    assert outcome.code == 0, outcome.err
    clean(outcome.out)
    clean(outcome.err)
    for file in (tmp_path / "out").rglob("*.txt"):
        text = file.read_text("utf-8")
        assert not {"\x1b", "\x07", "\x9b", "\x85", "\u202e", "\u2066", "\ufeff", "\0"} & set(text)
    for file in (tmp_path / "out").rglob("*.docx"):
        with zipfile.ZipFile(file) as archive:
            ElementTree.fromstring(archive.read("word/document.xml"))


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_published_page_of_hostile_names(
    style: str, hostile: Path, tmp_path: Path, nianbao: Call
) -> None:
    report = hostile / FOLDER / "2024.yaml"
    good = COUNTY / "2024.yaml"
    shutil.copy(good, report)
    shutil.copy(good.parent / "office.yaml", report.parent)
    shutil.copy(good.with_name("2023.yaml"), report.parent)
    nianbao("build", report, "-o", tmp_path / "out", "--to", "txt")
    page = tmp_path / f"page{FOLDER}.txt"
    (built,) = tmp_path.rglob("2024.txt")
    page.write_text(built.read_text("utf-8").replace("。", f"{RAW[:-1]}。\n::error::", 3), "utf-8")
    receipt = tmp_path / f"receipt{FOLDER}.txt"
    more = ["--receipt", receipt, "--date", "2025-01-20"]
    outcome = nianbao("verify", page, report, "--format", style, *more)
    assert outcome.code == 1
    clean(outcome.out)
    clean(outcome.err)
    clean(receipt.read_text("utf-8"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", "表二.行政处罚"],
        ["explain", "S-4"],
        ["explain", f"表二.{RAW}"],
        ["explain", RAW],
    ],
    ids=["a figure", "a code", "a figure that is none", "nothing at all"],
)
def test_what_is_explained(arguments: list[str], hostile: Path, nianbao: Call) -> None:
    outcome = nianbao("explain", *arguments, hostile)
    clean(outcome.out)
    clean(outcome.err)


@pytest.mark.parametrize("style", ["text", "json"])
def test_what_is_imported(style: str, tmp_path: Path, nianbao: Call) -> None:
    old = tmp_path / f"old{FOLDER}.html"
    page = (FOLDER_OF_IMPORTS / "page_furniture" / "input.html").read_text("utf-8")
    hostile = "\u202e\u2028\x9b=1+1|[x](https://e.example)"
    old.write_text(page.replace("。", f"{hostile}。", 5), "utf-8")
    provenance = tmp_path / "provenance.json"
    into = tmp_path / f"new{FOLDER}" / "2023.yaml"
    arguments = ["-o", into, "--provenance", provenance, "--format", style]
    outcome = nianbao("import", old, *arguments)
    assert outcome.code in (0, 1), outcome.err
    clean(outcome.out)
    clean(outcome.err)
    written = provenance.read_text("utf-8")
    clean(written)
    assert json.loads(written)


@pytest.mark.parametrize("command", ["compare", "new", "import", "frobnicate"])
def test_nor_is_what_was_typed(command: str, hostile: Path, tmp_path: Path, nianbao: Call) -> None:
    office = hostile / FOLDER
    old = tmp_path / f"{FOLDER}.txt"
    old.write_text(f"{RAW}\n某镇2023年政府信息公开工作年度报告\n", "utf-8")
    arguments: list[str | Path] = {
        "compare": [office, office],
        "new": [tmp_path / f"new{FOLDER}", "2024", "--name", "演示县青石镇人民政府"],
        "import": [old],
        "frobnicate": [],
    }[command]
    outcome = nianbao(command + FOLDER * (command == "frobnicate"), *arguments)
    clean(outcome.out)
    clean(outcome.err)


def test_a_line_of_github_is_a_finding(hostile: Path, nianbao: Call) -> None:
    found = json.loads(nianbao("check", hostile, "--format", "json").out)
    lines = nianbao("check", hostile, "--format", "github").out.rstrip("\n").split("\n")
    assert len(lines) == len(found)
    assert all(
        line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in lines
    )
    assert any(FOLDER in each["file"] for each in found), "JSON tells the name as it is"


@pytest.mark.parametrize("style", ["csv", "markdown", "text", "json"])
def test_a_comparison_is_text_for_whoever_opens_it(
    style: str, workspace: Path, nianbao: Call
) -> None:
    office = workspace / "yanshi" / "office.yaml"
    text = office.read_text("utf-8")
    name = '"=HYPERLINK(1)|[x](https://e.example) ::"'
    office.write_text(text.replace("名称: 演示县人民政府\n", f"名称: {name}\n", 1), "utf-8")
    file = workspace / "yanshi" / "2024.yaml"
    text = file.read_text("utf-8")
    sentence = "=1+1|[看](https://e.example)www.e.example，a@e.example。"
    file.write_text(text.replace("概述: |\n", f"概述: |\n    {sentence}\n", 1), "utf-8")
    outcome = nianbao("compare", workspace / "yanshi", workspace / "yanshi", "--format", style)
    assert outcome.code == 0 and "1+1" in outcome.out.replace("\\", "")
    if style == "csv":
        rows = list(csv.reader(io.StringIO(outcome.out.removeprefix("\ufeff"))))
        values = {cell for row in rows[1:] for cell in row if cell.startswith(("=", "+", "-", "@"))}
        assert all(cell[1:].replace(".", "").rstrip("%").isdigit() for cell in values), values
        assert not [cell for cell in rows[0] if cell.startswith("=")]
    elif style == "markdown":
        assert not re.search(r"(?<!\\)[\[\]]", outcome.out) and "https://" not in outcome.out
        table = [line for line in outcome.out.split("\n") if line.startswith("|")]
        assert {line.replace("\\|", "").count("|") for line in table} == {6}


@given(st.text())
def test_json_is_escaped_and_nothing_is_lost(text: str) -> None:
    written = json_text({text: [text]})
    assert json.loads(written) == {text: [text]}
    assert printable(written.replace("\n", "")) == written.replace("\n", "")


@given(st.text())
def test_what_is_printable_is_one_line(text: str) -> None:
    shown = printable(text)
    assert printable(shown) == shown and len(shown.splitlines()) <= 1
    assert len(masked(text)) == len(text)
