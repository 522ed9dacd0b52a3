"""A county's January: a folder of reports is put by office, checked, and told in one table."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from import_cases import FOLDER
from support import Outcome

PAGE = (FOLDER / "page_furniture" / "input.html").read_text("utf-8")
NAME = "演示县青石镇人民政府"


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """An empty folder for what the offices send."""
    folder = tmp_path / "sent"
    folder.mkdir()
    return folder


def send(folder: Path, file: str, name: str, text: str = PAGE) -> None:
    (folder / file).write_text(text.replace(NAME, name), "utf-8")


def register(reports: Path, folder: str, name: str, more: str = "") -> None:
    (reports / folder).mkdir(parents=True)
    office = f"名称: {name}\n类型: 乡镇人民政府\n{more}"
    (reports / folder / "office.yaml").write_text(office, "utf-8")


def rows(outcome: Outcome) -> dict[str, list[str]]:
    lines = [line.split() for line in outcome.out.splitlines() if ".html" in line]
    return {line[0]: line[1:] for line in lines}


def test_every_report_goes_to_its_office_and_is_checked(
    sent: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    reports = tmp_path / "reports"
    register(reports, "qingshi", NAME)
    send(sent, "1.html", NAME)
    send(sent, "2.html", "演示县六合镇人民政府")
    outcome = nianbao("import", sent, "-o", reports)
    assert rows(outcome)["1.html"][1:7] == [NAME, "2023", "2021", "200/200", "0", "0"]
    assert rows(outcome)["1.html"][-1] == "qingshi/2023.yaml"
    assert rows(outcome)["2.html"][-1] == "演示县六合镇人民政府/2023.yaml"
    assert outcome.code == 0, outcome.err


def test_errors_are_counted_and_the_rest_goes_on(
    sent: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    send(sent, "wrong.html", NAME, PAGE.replace("<td>12</td>", "<td>13</td>", 1))
    send(sent, "late.html", "演示县六合镇人民政府")
    (sent / "broken.html").write_bytes(b"\x00\x01")
    (sent / "broken.docx").write_bytes(b"PK\x03\x04 not an archive")
    outcome = nianbao("import", sent, "-o", tmp_path / "reports")
    assert outcome.code == 1
    told = rows(outcome)
    assert told["wrong.html"][0] == "待改" and int(told["wrong.html"][6]) > 0
    assert told["late.html"][0] == "完成"
    assert "4 个文件，1 个完成，3 个要处理" in outcome.err


@pytest.mark.parametrize("name", ["青石镇人民政府", "演示县青石镇政府", "演示县青名镇人民政府"])
def test_a_name_that_is_nearly_known_is_asked(
    name: str, sent: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    reports = tmp_path / "reports"
    register(reports, "qingshi", NAME)
    register(reports, "liuhe", "演示县六合镇人民政府")
    send(sent, "1.html", name)
    outcome = nianbao("import", sent, "-o", reports)
    assert outcome.code == 1
    assert f"没有「{name}」，是不是「{NAME}」" in outcome.err
    assert str(reports / "qingshi") in outcome.err
    assert not list(reports.rglob("2023.yaml"))


def test_a_short_name_and_the_name_of_the_file_are_known(
    sent: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    reports = tmp_path / "reports"
    register(reports, "qingshi", NAME, "简称: 青石镇\n")
    register(reports, "liuhe", "演示县六合镇人民政府", "简称: 六合镇\n")
    send(sent, "1.html", "青石镇")
    send(sent, "六合镇年报.html", "")
    outcome = nianbao("import", sent, "-o", reports)
    assert (reports / "qingshi" / "2023.yaml").is_file(), outcome.err
    assert (reports / "liuhe" / "2023.yaml").is_file(), outcome.err


def test_nothing_is_overwritten(
    sent: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    reports = tmp_path / "reports"
    register(reports, "qingshi", NAME)
    there = reports / "qingshi" / "2023.yaml"
    there.write_text("格式: 2021\n", "utf-8")
    send(sent, "1.html", NAME)
    send(sent, "2.html", NAME)
    outcome = nianbao("import", sent, "-o", reports)
    assert outcome.code == 1
    assert there.read_text("utf-8") == "格式: 2021\n"


def test_the_table_for_programs(
    sent: Path, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    send(sent, "1.html", NAME, PAGE.replace("<td>12</td>", "<td>若干</td>", 1))
    (sent / "2.txt").write_text("不是年报\n", "utf-8")
    outcome = nianbao("import", sent, "-o", tmp_path / "reports", "--format", "json")
    assert outcome.code == 1
    told = json.loads(outcome.out)
    first, second = told["files"]
    assert (first["office"], first["year"], first["read"], first["asked"]) == (NAME, 2023, 199, 1)
    assert first["written"][-1].endswith("2023.yaml")
    assert second["office"] == "" and "没有找到" in second["refused"]
    assert {"I-3", "I-13", "S-8"} <= {finding["code"] for finding in told["findings"]}
