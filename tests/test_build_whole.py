"""Whole or not at all: killed, interrupted, without room, not allowed, in use, two at once."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support import EXAMPLES, ROOT, Outcome, copy_of_examples

Call = Callable[..., Outcome]
MARK = "行政处罚: "
ALL = ("--to", "docx,txt,html")


def copies(folder: Path, count: int) -> Path:
    """Make a workspace of copies of one office."""
    for number in range(count):
        shutil.copytree(EXAMPLES / "songzhuang", folder / f"office{number:03}")
    return folder


def set_figure(reports: Path, figure: int) -> None:
    """Write another figure into every report, which then shows in every document."""
    for file in reports.rglob("2024.yaml"):
        text = file.read_text("utf-8")
        file.write_text(re.sub(MARK + r"\d+", f"{MARK}{figure}", text), "utf-8")


def start(*arguments: str | Path, limit: int = 0) -> subprocess.Popen[str]:
    """Start a build in a process of its own; ``limit`` is what a file may hold at most."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-m", "generator", "build", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=limited if limit else None,
    )


def finish(process: subprocess.Popen[str]) -> Outcome:
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err and "程序出错了" not in err, err
    return Outcome(process.returncode, out, err)


def documents(out: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(out)): file.read_bytes()
        for file in sorted(out.rglob("20*"))
        if ".nianbao" not in file.parts
    }


def assert_whole(out: Path) -> None:
    """Every document there is can be opened and has its end; nothing else lies about."""
    for name, content in documents(out).items():
        if name.endswith("docx"):
            with zipfile.ZipFile(out / name) as archive:
                assert archive.testzip() is None
        else:
            assert content.decode("utf-8").endswith("\n")
        if name.endswith("html"):
            assert content.endswith(b"</html>\n")
    index = out / "index.html"
    assert not index.exists() or index.read_bytes().endswith(b"</html>\n")
    files = [file for file in out.rglob("*") if file.is_file() and file != index]
    stray = [file for file in files if not file.name.startswith("20")]
    assert all(".nianbao" in file.parts for file in stray)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, bytes]]:
    """The documents of forty offices for each figure, built undisturbed."""
    folder = tmp_path_factory.mktemp("expected")
    reports = copies(folder / "reports", 40)
    found = {}
    for figure in (5, 6):
        set_figure(reports, figure)
        out = folder / f"out{figure}"
        assert finish(start(reports, "-o", out, *ALL, "-j1")).code == 0
        found[figure] = documents(out)
    return found


def test_killed_at_any_moment(tmp_path: Path, expected: dict[int, dict[str, bytes]]) -> None:
    reports, out = copies(tmp_path / "reports", 40), tmp_path / "out"
    dice = random.Random()
    figures = [5, 6, 5, 6, 5, 6]
    for figure in figures:
        set_figure(reports, figure)
        process = start(reports, "-o", out, *ALL, "-j2")
        time.sleep(dice.uniform(0.15, 0.9))
        kill = os.killpg if dice.random() < 0.7 else os.kill  # with or without its helpers
        with contextlib.suppress(ProcessLookupError):
            kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert_whole(out)
        for name, content in documents(out).items():
            assert content in (expected[5][name], expected[6][name])
    outcome = finish(start(reports, "-o", out, *ALL, "-j2"))
    assert outcome.code == 0
    assert "手工" not in outcome.err and "不认识" not in outcome.err, "all that lies there is ours"
    assert documents(out) == expected[6]
    assert not list((out / ".nianbao").glob("new-*"))
    assert finish(start(reports, "-o", out, *ALL)).out == ""


def test_ctrl_c_stops_cleanly(tmp_path: Path) -> None:
    reports, out = copies(tmp_path / "reports", 2000), tmp_path / "out"
    process = start(reports, "-o", out, "-j2")
    assert process.stderr is not None
    line = process.stderr.readline()
    os.killpg(process.pid, signal.SIGINT)  # as the terminal does: to everybody
    outcome = finish(process)
    assert re.fullmatch(r"已处理 \d+/2000 份报告，约剩 .*秒，已发现 \d+ 个问题\n", line)
    assert outcome.code == 130
    assert "已中断" in outcome.err and "份没有处理" in outcome.err
    assert_whole(out)
    written = set(outcome.out.split())
    assert written == {str(out / name) for name in documents(out)} and written
    rest = finish(start(reports, "-o", out, "-j2"))
    assert rest.code == 0
    assert set(rest.out.split()) | written == {str(out / name) for name in documents(out)}
    assert not set(rest.out.split()) & written


def test_check_says_how_far_it_is(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "generator", "check", copies(tmp_path / "reports", 2500)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    first, *_, last = done.stderr.splitlines()
    assert re.fullmatch(r"已处理 \d+/2500 份报告，约剩 .*秒，已发现 \d+ 个问题", first)
    assert last.startswith("2500 份报告，")


def test_many_processes_give_what_one_gives(tmp_path: Path, nianbao: Call) -> None:
    reports = tmp_path / "reports"
    copy_of_examples(reports)
    copies(reports, 30)
    for number in range(0, 30, 4):
        file = reports / f"office{number:03}/2024.yaml"
        file.write_text(file.read_text("utf-8").replace("年度: 2024", "年度: 2042"), "utf-8")
    found = []
    for jobs in (1, 2, 5):
        outcome = nianbao("build", reports, "-o", tmp_path / f"out{jobs}", f"-j{jobs}")
        said = [line for line in outcome.err.split("\n") if not line.startswith("已处理")]
        printed = outcome.out.replace(f"out{jobs}", "out"), said
        found.append((outcome.code, printed, documents(tmp_path / f"out{jobs}")))
    assert found[0] == found[1] == found[2]
    assert found[0][0] == 1 and len(found[0][2]) == 2 * (11 + 30 - 8)


def children_of(parent: int) -> list[int]:
    """Return the numbers of a process's children (proc(5): behind the name, state and parent)."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(file.read_text("utf-8").rpartition(")")[2].split()[1]) == parent:
                found.append(int(file.parent.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for the processes")
@pytest.mark.parametrize("command", ["build", "check"])
def test_a_process_that_is_killed(tmp_path: Path, command: str) -> None:
    """As the system does where memory runs out; what it was about to say never comes."""
    reports, out = copies(tmp_path / "reports", 2500), tmp_path / "out"
    output = ("-o", str(out)) if command == "build" else ()
    main = subprocess.Popen(
        [sys.executable, "-m", "generator", command, str(reports), "-j2", *output],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert main.stderr is not None
    said = main.stderr.readline()
    os.kill(children_of(main.pid)[0], signal.SIGKILL)
    said += main.communicate(timeout=120)[1]
    assert "一个工作进程被系统结束了" in said and "Traceback" not in said
    assert main.returncode in (1, 3)
    assert_whole(out)


def test_a_check_finds_the_same_with_many_processes(tmp_path: Path, nianbao: Call) -> None:
    reports = tmp_path / "reports"
    copy_of_examples(reports)
    for number in (3, 20):
        file = copies(reports / str(number), number) / "office001/2024.yaml"
        file.write_text(file.read_text("utf-8").replace("本年新收: 0", "本年新收: 2"), "utf-8")
    found = [nianbao("check", reports, "-v", f"-j{jobs}", "--format", "json") for jobs in (1, 2, 5)]
    assert found[0].out == found[1].out == found[2].out
    assert [each.code for each in found] == [1, 1, 1]
    copied = [finding for finding in json.loads(found[0].out) if finding["code"] == "O-2"]
    assert len({finding["file"] for finding in copied}) == 1 + 3 + 20, "everybody has copied"


def test_two_builds_at_once(tmp_path: Path, expected: dict[int, dict[str, bytes]]) -> None:
    reports, out = copies(tmp_path / "reports", 40), tmp_path / "out"
    for figure in (5, 6):
        set_figure(reports, figure)
        both = [start(reports, "-o", out, *ALL, "-B", f"-j{jobs}") for jobs in (1, 2)]
        outcomes = [finish(process) for process in both]
        assert [outcome.code for outcome in outcomes] == [0, 0]
        assert documents(out) == expected[figure]
    parts = [start(reports, "-o", out, *ALL, "--draft", "--shard", f"{n}/3") for n in (1, 2, 3)]
    assert [finish(process).code for process in parts] == [0, 0, 0]
    last = finish(start(reports, "-o", out, *ALL, "--draft"))
    assert (last.code, last.out) == (0, ""), "each has kept what the others wrote"


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """Mount a disk of a given size."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(tmp_path: Path) -> None:
    reports, out = copies(tmp_path / "reports", 60), tmp_path / "disk"
    with small_disk(out, "1m"):
        for _ in range(2):
            outcome = finish(start(reports, "-o", out, "-j2"))
            assert outcome.code == 1
            assert "磁盘满了" in outcome.err and "份没有处理" in outcome.err
            assert_whole(out)
        subprocess.run(["mount", "-o", "remount,size=9m", str(out)], check=True)
        outcome = finish(start(reports, "-o", out))
        assert outcome.code == 0 and len(documents(out)) == 120
        assert "手工" not in outcome.err and "不认识" not in outcome.err


def test_no_room_for_anything(tmp_path: Path) -> None:
    reports, out = copies(tmp_path / "reports", 2), tmp_path / "disk"
    with small_disk(out, "16k"):
        outcome = finish(start(reports, "-o", out))
        assert outcome.code == 1 and "磁盘满了" in outcome.err
        assert documents(out) == {}


@pytest.mark.parametrize("limit", [2_000, 9_000, 15_000, 400_000])
def test_a_limit_to_the_size_of_files(tmp_path: Path, limit: int) -> None:
    reports, out = copies(tmp_path / "reports", 3), tmp_path / "out"
    outcome = finish(start(reports, "-o", out, limit=limit))
    assert_whole(out)
    assert outcome.code == (0 if limit == 400_000 else 1)
    assert (limit == 400_000) or "写不了" in outcome.err
    assert finish(start(reports, "-o", out)).code == 0
    assert len(documents(out)) == 6


def test_a_read_only_folder(tmp_path: Path, nianbao: Call) -> None:
    reports, out = copies(tmp_path / "reports", 2), tmp_path / "out"
    assert nianbao("build", reports, "-o", out).code == 0
    before = documents(out)
    set_figure(reports, 6)
    office = out / "office000"
    protect = ["chattr", "+i", str(office)]
    if os.geteuid() or subprocess.run(protect, capture_output=True, check=False).returncode:
        pytest.skip("no right to protect a folder against the administrator")
    try:
        outcome = nianbao("build", reports, "-o", out)
        assert outcome.code == 1
        assert re.search(r"写不了 .*office000/2024.docx：没有写入权限", outcome.err)
        changed = {name for name, content in documents(out).items() if content != before[name]}
        assert changed == {"office001/2024.docx", "office001/2024.txt"}, "the others went on"
    finally:
        subprocess.run(["chattr", "-i", str(office)], check=True)
    assert len(nianbao("build", reports, "-o", out).out.split()) == 2


def test_a_read_only_disk(tmp_path: Path) -> None:
    reports, out = copies(tmp_path / "reports", 2), tmp_path / "disk"
    with small_disk(out, "1m"):
        assert finish(start(reports, "-o", out)).code == 0
        before = documents(out)
        set_figure(reports, 6)
        subprocess.run(["mount", "-o", "remount,ro", str(out)], check=True)
        outcome = finish(start(reports, "-o", out))
        assert outcome.code == 1 and "只读" in outcome.err
        assert documents(out) == before
        dry = finish(start(reports, "-o", out, "-n"))
        assert dry.code == 0 and len(dry.out.split()) == 4, "to look is allowed"


def test_folders_and_files_in_the_way(tmp_path: Path, nianbao: Call) -> None:
    reports, out = copies(tmp_path / "reports", 3), tmp_path / "out"
    (out / "office000/2024.docx").mkdir(parents=True)
    (out / "office001").write_text("kein Ordner")
    outcome = nianbao("build", reports, "-o", out)
    assert outcome.code == 1
    assert "office000/2024.docx：那里已有一个同名的文件夹" in outcome.err
    assert "office001/2024.docx：路径中间有一个同名的文件" in outcome.err
    assert (out / "office002/2024.docx").is_file()
    assert nianbao("build", reports, "-o", out / "office002/2024.docx").code == 2


def test_a_document_that_is_open_elsewhere(tmp_path: Path, nianbao: Call) -> None:
    reports, out = copies(tmp_path / "reports", 1), tmp_path / "out"
    nianbao("build", reports, "-o", out)
    document = out / "office000/2024.docx"
    before = document.read_bytes()
    with document.open("rb") as reader:
        set_figure(reports, 6)
        assert nianbao("build", reports, "-o", out).code == 0
        assert reader.read() == before, "whoever reads it keeps the whole earlier document"
    assert document.read_bytes() != before


def test_a_report_that_changes_while_it_is_read_is_built_again(
    tmp_path: Path, nianbao: Call
) -> None:
    reports, out = copies(tmp_path / "reports", 120), tmp_path / "out"
    process = start(reports, "-o", out, "-j1")
    figure = 5
    while process.poll() is None:
        figure = 11 - figure
        set_figure(reports, figure)
    finish(process)
    nianbao("build", reports, "-o", out)
    texts = [content.decode() for name, content in documents(out).items() if name.endswith("txt")]
    assert len(texts) == 120 and all(f"行政处罚决定{figure}件" in text for text in texts)
