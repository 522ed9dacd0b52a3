"""The three ways in, each from end to end: the page, the workbook, the ledger.

Every line that a person types stands in README.md; here they are typed.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from generator.form.form import Forms
from generator.form.model import Form
from generator.reading.source import parse
from generator.reading.workspace import find_reports
from generator.report.figures import expand
from generator.report.report import Reader
from generator.system.spreadsheets import address, letters, read_book
from generator.values import keys
from generator.workbook.layout import Layout
from ledgers import as_csv, rows_of
from spreadsheets import needs_calc, saved_as
from support import EXAMPLES, ROOT, Outcome
from test_filled_in import edited

Run = Callable[..., Outcome]
NAME = "孟津区送庄镇人民政府"
YEAR = 2025
SAYS = {
    "总体情况": "本年度我镇围绕年度重点做好主动公开，开展了工作考核、社会评议，没有责任追究情况。"
    "依申请公开、政府信息管理、政府信息公开平台建设、监督保障各项工作按要求开展。",
    "存在的主要问题及改进情况": "公开目录更新不够及时。改进：每月核对一次目录，由专人负责。",
    "其他需要报告的事项": "本年度没有收取政府信息公开信息处理费，也没有发出收费通知。",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nianbao: Run) -> Path:
    """An office's folder in an empty place, which is the current one."""
    monkeypatch.chdir(tmp_path)
    assert nianbao("new", "songzhuang", str(YEAR), "--name", NAME).code == 0
    return tmp_path


def printed(folder: Path) -> list[str]:
    """Return the paragraphs of the document that was built."""
    document = Document(str(folder / "build" / "songzhuang" / f"{YEAR}.docx"))
    return [paragraph.text for paragraph in document.paragraphs]


# The page


def texts_in(data: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Yield the places of the paragraphs of a part."""
    if not isinstance(data, dict):
        yield path
        return
    if keys.SUMMARY in data:
        yield (*path, keys.SUMMARY)
    for index, item in enumerate(data[keys.ITEMS]):
        yield from texts_in(item[keys.BODY], (*path, keys.ITEMS, index, keys.BODY))


def test_a_person_with_a_folder_fills_in_a_page(folder: Path, nianbao: Run) -> None:
    """As on Windows: a folder, a browser, and no line of YAML."""
    pytest.importorskip("starlette", reason="the extra serve is not installed")
    from serving import Visitor

    form = Forms().load(2021)
    figure = next(path for path in form.figures if path[-1] == "行政处罚")
    report = folder / "songzhuang" / f"{YEAR}.yaml"
    wishes: list[dict[str, Any]] = [
        {"do": "zero", "path": [part.key]} for part in form.sections if part.table
    ]
    wishes.append({"do": "figures", "cells": [[list(figure), "5"]]})
    data = parse(report.read_bytes(), report).data
    for part in (keys.LEAD, *(section.key for section in form.sections if not section.table)):
        for path in texts_in(data[part], (part,)):
            said = SAYS.get(part, "本报告由本镇编制。")
            wishes.append({"do": "paragraphs", "path": list(path), "value": [said]})
    visitor = Visitor(folder)
    with visitor.client:
        visitor.enter()
        root = visitor.root("songzhuang", YEAR)
        for wish in wishes:
            answer = visitor.edit(root, wish)
            assert answer.status_code == 200, (wish, answer.text)
    assert Reader(Forms()).report(find_reports([report])[0]).figures.get(figure) == 5
    assert nianbao("build", "songzhuang").code == 0
    assert any(SAYS["其他需要报告的事项"] in line for line in printed(folder))


# The workbook


def typed(content: bytes, form: Form) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what a person types into each sheet, by its part in the archive."""
    layout = Layout(form)
    book = read_book(content)
    for number, sheet in enumerate(book.sheets, start=1):
        cells: dict[str, str] = {}
        for path, spot in layout.figures.items():
            totals = form.table_by_key[path[0]].addends
            if spot.sheet == sheet.name and path not in totals:
                cells[f"{letters(spot.column)}{spot.row + 1}"] = (
                    "3" if path[-1] == "行政处罚" else "0"
                )
        part = ""
        for row, values in enumerate(sheet.rows if sheet.name == "文字" else ()):
            if (label := str(values[0])) and label not in (part, "部分", "文字"):
                part = label
                first = True
            if not part or not str(values[2]):
                continue
            words = SAYS.get(part, "本报告由本镇编制。") if first else " "
            cells[address("", row, 2).removeprefix("!")] = words
            cells[address("", row, 1).removeprefix("!")] = "正文"
            first = False
        yield f"xl/worksheets/sheet{number}.xml", cells


@needs_calc
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_a_person_with_a_spreadsheet_never_sees_yaml(
    suffix: str, folder: Path, nianbao: Run
) -> None:
    report, book = Path("songzhuang") / f"{YEAR}.yaml", folder / "送庄镇2025.xlsx"
    assert nianbao("workbook", report, "-o", book).code == 0
    content = book.read_bytes()
    for part, cells in typed(content, Forms().load(2021)):
        content = edited(content, part, cells)
    book.write_bytes(content)
    (saved,) = saved_as(suffix, [book], folder / "office")

    told = nianbao("import", saved, "-o", "songzhuang", "--update")
    assert told.code == 0, told.err
    assert "没有错误" in told.err or "警告" in told.err
    assert ".yaml:" not in told.err, "cells are named, and no line of a file"
    assert nianbao("build", "songzhuang").code == 0
    assert any(SAYS["其他需要报告的事项"] in line for line in printed(folder))


def test_what_is_wrong_is_said_by_cells(folder: Path, nianbao: Run) -> None:
    report, book = Path("songzhuang") / f"{YEAR}.yaml", folder / "a.xlsx"
    nianbao("workbook", report, "-o", book)
    content = book.read_bytes()
    for part, cells in typed(content, Forms().load(2021)):
        cells = {cell: "4" if cell == "D7" and "sheet3" in part else v for cell, v in cells.items()}
        content = edited(content, part, cells)
    book.write_bytes(content)
    told = nianbao("import", book, "-o", "songzhuang", "--update")
    assert re.search(r"表三!D\d+ 错误 T3-1", told.err), told.err


# The ledger


def test_a_person_with_a_ledger_types_no_figure(folder: Path, nianbao: Run) -> None:
    """Of tables three and four: what an office decided and charged stands in no ledger."""
    form = Forms().load(2021)
    source = EXAMPLES / "yanshi" / "liuhe" / "2024.yaml"
    values = expand(form, parse(source.read_bytes(), source).data).values
    ledger = folder / "台账.csv"
    ledger.write_text(as_csv(form, rows_of(form, values, YEAR), YEAR), "utf-8")
    report = Path("songzhuang") / f"{YEAR}.yaml"

    assert nianbao("tally", ledger, report, "--write").code == 0
    assert nianbao("tally", ledger, report).code == 0
    found = expand(form, parse(report.read_bytes(), report).data)
    for table in list(form.tables.values())[1:]:
        for path in table.grid.figures:
            assert found.get(path) == values[path], path
    checked = nianbao("check", "songzhuang")
    assert not re.search(r"错误 (?:T[34]|S-\d+ 「表[三四])", checked.out + checked.err)


# The lines of the README


def blocks(text: str) -> Iterator[list[str]]:
    """Yield the lines of every block of commands in a page."""
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield [line.partition("#")[0].strip() for line in block.splitlines()]


def commands(page: str) -> list[str]:
    lines = (line for block in blocks((ROOT / page).read_text("utf-8")) for line in block)
    pieces = (piece.strip() for line in lines for piece in line.split("&&"))
    return [piece for piece in pieces if piece.startswith("nianbao ")]


@pytest.mark.parametrize("page", ["README.md", "docs/workbook.md", "docs/ledger.md"])
def test_every_command_in_a_page_is_one_that_there_is(page: str, nianbao: Run) -> None:
    for line in commands(page):
        _, name, *arguments = line.split()
        told = nianbao(name, "--help")
        assert told.code == 0, line
        for option in (argument for argument in arguments if argument.startswith("--")):
            assert option in told.out, line


def test_each_way_is_told_in_five_lines() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    ways = text.partition("## 三条路")[2].partition("\n## ")[0]
    found = list(blocks(ways))
    assert len(found) == 3
    assert all(len(lines) <= 5 for lines in found)


def test_the_lines_of_the_page_and_of_the_editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nianbao: Run
) -> None:
    """Typed one after the other; what waits for a person to fill in is a finding, and no fault."""
    monkeypatch.chdir(tmp_path)
    old = EXAMPLES / "songzhuang"
    assert nianbao("build", old, "-o", tmp_path / "旧").code == 0
    (tmp_path / "旧报告.docx").write_bytes(
        (tmp_path / "旧" / "songzhuang" / "2024.docx").read_bytes()
    )
    assert nianbao("init", "年报").code == 0
    monkeypatch.chdir(tmp_path / "年报")
    assert nianbao("import", tmp_path / "旧报告.docx", "-o", "songzhuang").code == 0
    assert nianbao("rollover", str(YEAR)).code == 0
    assert nianbao("check").code == 1
    assert nianbao("build").code == 1
    assert (Path("build") / "songzhuang" / "2024.docx").is_file()
    assert keys.UNFILLED in (Path("songzhuang") / f"{YEAR}.yaml").read_text("utf-8")


def test_the_page_starts_as_the_readme_says(folder: Path, tmp_path: Path) -> None:
    """A browser is started, with an address that lets it in, and Ctrl-C ends it."""
    pytest.importorskip("starlette", reason="the extra serve is not installed")
    opened = tmp_path / "opened"
    browser = f"{sys.executable} -c \"import sys; open('{opened}', 'w').write(sys.argv[1])\" %s &"
    environment = {**os.environ, "BROWSER": browser, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "generator", "serve"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline().decode().strip()
        for _ in range(600):
            if opened.exists() and opened.read_text():
                break
            time.sleep(0.05)
        for address in (said, opened.read_text()):
            with urllib.request.urlopen(address, timeout=30) as answer:
                assert answer.status == 200 and "nianbao-" in answer.headers["set-cookie"]
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 0 and b"Traceback" not in told


PAGES = sorted(
    [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*.md")]
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_lead_to_files_that_there_are(page: Path) -> None:
    text = page.read_text("utf-8")
    places = re.findall(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"", text)
    for place in (one or other for one, other in places):
        if "://" not in place:
            assert (page.parent / place).exists(), place


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_installs_from_an_index_on_which_nothing_is(page: Path) -> None:
    lines = [line for line in page.read_text("utf-8").splitlines() if "pip install" in line]
    assert not [line for line in lines if re.search(r"pip install ['\"]?nianbao\b", line)]
