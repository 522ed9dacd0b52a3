"""The command line as users meet it: paths, outputs, exit codes, help."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.commands.cli import COMMANDS
from support import ROOT, Outcome, as_anybody

Call = Callable[..., Outcome]


def files(folder: Path) -> set[str]:
    return {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.parts)
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("reports/songzhuang", {"songzhuang/2024.docx", "songzhuang/2024.txt"}),
        ("reports/songzhuang/2024.yaml", {"songzhuang/2024.docx", "songzhuang/2024.txt"}),
        (
            "reports/yanshi/qingshi/2023.yaml",
            {"yanshi/qingshi/2023.docx", "yanshi/qingshi/2023.txt"},
        ),
    ],
)
def test_a_path_inside_a_workspace_writes_where_the_workspace_would(
    workspace: Path, nianbao: Call, monkeypatch: pytest.MonkeyPatch, path: str, expected: set[str]
) -> None:
    monkeypatch.chdir(workspace.parent)
    assert nianbao("build", path).code == 0
    assert files(workspace.parent / "build") == expected


def test_the_current_folder_is_the_default(
    workspace: Path, nianbao: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace / "songzhuang")
    assert nianbao("build", "-o", workspace.parent / "out").code == 0
    assert files(workspace.parent / "out") == {"songzhuang/2024.docx", "songzhuang/2024.txt"}


def test_formats_can_be_chosen(workspace: Path, nianbao: Call, tmp_path: Path) -> None:
    assert nianbao("build", workspace / "songzhuang", "-o", tmp_path / "o", "--to", "txt").code == 0
    assert files(tmp_path / "o") == {"songzhuang/2024.txt"}


def test_one_bad_office_does_not_stop_the_others_nor_touch_its_earlier_file(
    workspace: Path, nianbao: Call, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert nianbao("build", workspace, "-o", out).code == 0
    good = (out / "songzhuang" / "2024.docx").read_bytes()
    report = workspace / "songzhuang" / "2024.yaml"
    report.write_text(report.read_text("utf-8").replace("行政处罚: 5", "行政处罚: -5"), "utf-8")
    (out / "baihe" / "2023.docx").unlink()
    outcome = nianbao("build", workspace, "-o", out)
    assert outcome.code == 1
    assert (out / "songzhuang" / "2024.docx").read_bytes() == good
    assert (out / "baihe" / "2023.docx").exists()
    assert "songzhuang/2024.yaml:" in outcome.err and "T2-1" in outcome.err


def test_check_writes_nothing(workspace: Path, nianbao: Call) -> None:
    before = files(workspace.parent)
    assert nianbao("check", workspace).code == 0
    assert files(workspace.parent) == before


def test_json_has_the_fields_of_the_contract(workspace: Path, nianbao: Call) -> None:
    report = workspace / "yanshi" / "2024.yaml"
    text = report.read_text("utf-8")
    report.write_text(text.replace("自然人: 422", "自然人: 423", 1), "utf-8")
    assert report.read_text("utf-8") != text
    outcome = nianbao("check", report, "--format", "json")
    assert outcome.code == 1
    findings = json.loads(outcome.out)
    assert {"T3-1", "T3-3"} & {finding["code"] for finding in findings}
    for finding in findings:
        assert {
            "code", "severity", "file", "line", "column", "path", "message", "hint", "basis",
            "related",
        } <= finding.keys()  # fmt: skip
        assert all(
            {"file", "line", "column", "path", "label", "value"} <= item.keys()
            for item in finding["related"]
        )


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["build", "nowhere"],
        ["build", "--to", "odt"],
        ["check", "--format", "xml"],
        ["check", "--nothing"],
        ["build", "-j", "0"],
        ["build", "-j", "many"],
        ["build", "-o", "songzhuang/2024.yaml"],
        ["build", "--shard", "9/8"],
        ["build", "-o"],
        ["import", "a.docx", "b.docx"],
        ["summary", "2024", "."],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_code_2_and_said_in_chinese(
    workspace: Path, nianbao: Call, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(workspace)
    outcome = nianbao(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert any("\u4e00" <= character <= "\u9fff" for character in outcome.err)
    for english in ("Traceback", "Error", " is ", "not ", "Got", "参数 output", "参数 jobs"):
        assert english not in outcome.err


@pytest.mark.parametrize("call", ["check .", "explain", "build .", "status 2024"])
def test_a_slip_in_the_programs_own_catalogue_is_told_at_its_line(
    workspace: Path, tmp_path: Path, call: str
) -> None:
    """A refusal asks the catalogue what it is; the catalogue may be what is refused."""
    program = tmp_path / "program"
    for name in ("generator", "templates", "schemas"):
        shutil.copytree(ROOT / name, program / name)
    file = program / "templates" / "findings.yaml"
    file.write_text(f"<<<<<<< HEAD\n{file.read_text('utf-8')}", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "generator", *call.split()],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": str(program)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert "findings.yaml:1:1: 错误 F-3 这是 git 合并留下的标记" in done.stderr


def test_an_empty_folder_is_wrong_usage(tmp_path: Path, nianbao: Call) -> None:
    outcome = nianbao("check", tmp_path)
    assert outcome.code == 2 and "没有报告" in outcome.err


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_chinese_help_with_examples(nianbao: Call, command: str) -> None:
    outcome = nianbao(command, "--help")
    assert outcome.code == 0
    assert "用法：" in outcome.out and "选项" in outcome.out and "示例：" in outcome.out
    for english in ("Usage", "Options", "Show this message", "[OPTIONS]"):
        assert english not in outcome.out


def test_results_go_to_a_pipe_plain_and_the_pipe_may_close(workspace: Path) -> None:
    command = f'"{sys.executable}" -m generator build "{workspace}" -o "{workspace}/o" | head -1'
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        check=False,
        timeout=120,
    )
    assert "\x1b" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_c_locale_is_no_obstacle(workspace: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "generator", "check", workspace],
        capture_output=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "份报告" in done.stderr.decode("utf-8")


def test_a_folder_that_may_not_be_read_is_not_passed_over(workspace: Path) -> None:
    locked = workspace / "baihe"
    locked.chmod(0)
    outcome = as_anybody("check", workspace)
    locked.chmod(0o755)
    assert outcome.code == 1
    assert f"{locked}:1:1: 错误 F-1" in outcome.out and "读取权限" in outcome.out


def test_alone_it_shows_what_it_can_do(nianbao: Call) -> None:
    outcome = nianbao()
    assert outcome.code == 0 and outcome.err == ""
    assert outcome.out == nianbao("--help").out and "check" in outcome.out


@pytest.mark.parametrize("name", [[], *([name] for name in COMMANDS)], ids=str)
def test_short_help(name: list[str], nianbao: Call) -> None:
    outcome = nianbao(*name, "-h")
    assert outcome.code == 0
    assert outcome.out == nianbao(*name, "--help").out


@pytest.mark.parametrize(
    ("typed", "said"), [("chek", "是不是 check？"), ("bulid", "是不是 build？"), ("zzz", "check")]
)
def test_the_nearest_command(typed: str, said: str, nianbao: Call) -> None:
    outcome = nianbao(typed)
    assert outcome.code == 2 and said in outcome.err
