"""What others wrote is printed by every command in every format, and never raw."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.values.printable import json_text, masked, printable
from support import EXAMPLES, Outcome

Call = Callable[..., Outcome]
RAW = "\x1b[31m\x07\x9b2J\x85\r\u202e\u2066\u2028\ufeff\x00"
FOLDER = "x\n::error::y\x1b]0;z\x07\x9b\u202e\u2028\r"
"""A folder's name may hold everything but a slash and a zero."""
DANGEROUS = {c for c in RAW + FOLDER if not (c.isprintable() or c == "\n")}


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """An office whose folder, names, keys and values try to drive a terminal or a CI."""
    office = tmp_path / "reports" / FOLDER
    shutil.copytree(EXAMPLES / "yanshi", office, ignore=shutil.ignore_patterns("liuhe", "qingshi"))
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
