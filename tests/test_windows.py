"""What differs on Windows, as far as it can be tried elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.system.parallel import chunks, in_order
from support import EXAMPLES, ROOT, Outcome, as_anybody

Call = Callable[..., Outcome]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """As many offices as are worth several processes."""
    for number in range(24):
        shutil.copytree(EXAMPLES / "songzhuang", tmp_path / "reports" / f"town{number:02}")
    return tmp_path / "reports"


def script(tmp_path: Path, text: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    file = tmp_path / "script.py"
    file.write_text(textwrap.dedent(text), "utf-8")
    return subprocess.run(
        [sys.executable, str(file), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )


SPAWN = """
import multiprocessing
import sys

from generator.commands.cli import main

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main(sys.argv[1:])
"""


def test_processes_that_begin_from_nothing(many: Path, tmp_path: Path, nianbao: Call) -> None:
    """Windows copies no process: each of several loads everything by itself."""
    (many / "town03" / "2024.yaml").write_text("[", "utf-8")
    build = ("build", many, "-j", "2", "-o")
    assert nianbao(*build, tmp_path / "forked").code == 1
    assert script(tmp_path, SPAWN, *build, tmp_path / "spawned").returncode == 1
    files = sorted((tmp_path / "forked").rglob("*.docx"))
    assert len(files) == 23
    for file in files:
        twin = tmp_path / "spawned" / file.relative_to(tmp_path / "forked")
        assert twin.read_bytes() == file.read_bytes()
    check = ("check", many, "-j", "2", "--format", "json")
    spawned = script(tmp_path, SPAWN, *check)
    assert spawned.stdout.decode("utf-8") == nianbao(*check).out


def numbers(items: list[int]) -> int:
    time.sleep(0.01)
    return os.getpid()


def test_windows_waits_for_61_processes_at_most() -> None:
    work = list(range(700))
    assert 1 < len(set(in_order(numbers, chunks(work, 100), 100))) <= 61 + 1


# Locks

STAND_IN = '''
"""Locks on bytes as Windows has them, made of the locks that are here."""

import errno
import fcntl

LK_NBLCK = 2


def locking(descriptor, mode, count):
    assert (mode, count) == (LK_NBLCK, 1)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise PermissionError(errno.EACCES, "Permission denied") from None
'''
LOCKED = """
import multiprocessing, subprocess, sys, tempfile, zipfile

from pathlib import Path

if sys.argv[1]:
    sys.path.insert(0, sys.argv[1])
from generator.system import locks

assert locks._ON_BYTES == bool(sys.argv[1])
from generator.building.workplace import workplace

with workplace(Path(sys.argv[2])) as folder:
    print(folder.name, flush=True)
    sys.stdin.read(1)
"""


@pytest.fixture(params=["", "msvcrt"], ids=["fcntl", "msvcrt"])
def worker(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], subprocess.Popen[str]]:
    """Start something that works in an output folder until it is told to end."""
    (tmp_path / "stand_in").mkdir()
    (tmp_path / "stand_in" / "msvcrt.py").write_text(STAND_IN, "utf-8")
    (tmp_path / "locked.py").write_text(LOCKED, "utf-8")
    there = str(tmp_path / "stand_in") if request.param else ""

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, str(tmp_path / "locked.py"), there, str(tmp_path / "out")]
        return subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    return start


def test_what_was_killed_is_cleared_away_and_what_is_at_work_is_not(
    worker: Callable[[], subprocess.Popen[str]], tmp_path: Path
) -> None:
    def left() -> set[str]:
        return {file.name for file in (tmp_path / "out" / ".nianbao").glob("new-*")}

    with worker() as killed, worker() as working:
        assert killed.stdout and working.stdout
        names = [killed.stdout.readline().strip(), working.stdout.readline().strip()]
        assert left() == set(names)
        killed.kill()
        killed.wait()
        with worker() as last:
            assert last.stdout
            newest = last.stdout.readline().strip()
            assert left() == {newest, names[1]}
            last.communicate("\n")
        working.communicate("\n")
    assert left() == set()


# What is printed


def printed(encoding: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "generator", *map(str, arguments)]
    surroundings = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, check=False)


@pytest.mark.parametrize("encoding", ["cp936", "utf-8", "ascii"])
def test_what_is_piped_is_in_the_encoding_that_is_asked_for(encoding: str, many: Path) -> None:
    file = many / "town00" / "2024.yaml"
    file.write_text(file.read_text("utf-8") + "𠮷é: 1\n", "utf-8")
    done = printed(encoding, "check", file)
    said = done.stdout.decode(encoding)
    assert done.returncode == 1
    assert ("错误 S-2" in said) == (encoding != "ascii")
    assert ("𠮷" in said) == (encoding == "utf-8") and ("\\U00020bb7" in said) != ("𠮷" in said)
    for style in ("json", "sarif", "junit"):  # JSON is UTF-8, and XML says it is
        data = printed(encoding, "check", file, "--format", style).stdout
        assert "𠮷" in data.decode("utf-8")


def test_a_document_that_is_open_is_named_as_the_cause(many: Path, tmp_path: Path) -> None:
    """What Windows refuses to replace, others do in a folder that may not be written to."""
    there = tmp_path / "out" / "town00"
    there.mkdir(parents=True)
    there.chmod(0o555)
    try:
        outcome = as_anybody("build", many / "town00", "-o", tmp_path / "out")
    finally:
        there.chmod(0o755)
    assert outcome.code == 1
    assert "正在 Word、WPS 里打开着；关掉后再试" in outcome.err


def test_no_advice_needs_a_tool_that_windows_does_not_have() -> None:
    said = [
        text
        for file in (*(ROOT / "generator").rglob("*.py"), *(ROOT / "templates").rglob("*.yaml"))
        for text in file.read_text("utf-8").split("\n")
    ]
    for tool in ("iconv", "运行 make", "运行 find", "chmod ", "sudo "):
        assert not [line for line in said if tool in line and "#" not in line.partition(tool)[0]]


def test_text_for_old_editors(many: Path, tmp_path: Path, nianbao: Call) -> None:
    nianbao("build", many / "town00", "-o", tmp_path / "out", "--to", "txt", "--crlf")
    content = (tmp_path / "out" / "town00" / "2024.txt").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") > 50


def test_json_is_whole(many: Path) -> None:
    assert json.loads(printed("cp936", "check", many, "--format", "json").stdout) is not None
