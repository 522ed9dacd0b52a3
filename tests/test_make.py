"""The Makefile that ``init`` writes with the real GNU make: what a maker expects of it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support import NIANBAO, repository

pytestmark = pytest.mark.skipif(
    "GNU Make" not in subprocess.run(["make", "--version"], capture_output=True, text=True).stdout
    if shutil.which("make")
    else True,
    reason="GNU make is not installed",
)


def make(folder: Path, *arguments: str) -> list[str]:
    """Run make and return the calls of nianbao that it printed."""
    done = subprocess.run(
        ["make", f"NIANBAO={NIANBAO}", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if line.startswith(f"{NIANBAO} ")]


def documents(folder: Path) -> set[str]:
    return {str(f.relative_to(folder)) for f in folder.glob("build/**/*.*") if "/." not in str(f)}


def touch(file: Path, workspace: Path) -> None:
    """Make ``file`` newer than everything built so far, whatever the clock's steps."""
    newest = max(f.stat().st_mtime_ns for f in workspace.rglob("*") if f.is_file())
    os.utime(file, ns=(newest + 10**9, newest + 10**9))


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = repository(tmp_path_factory.mktemp("made") / "reports")
    make(folder, "-j2")
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The examples as a repository, nothing built."""
    return repository(tmp_path / "reports")


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Path:
    """A copy of the examples with everything built, times kept."""
    return Path(shutil.copytree(built_once, tmp_path / "built"))


def test_everything_is_built_and_then_nothing(built: Path) -> None:
    assert "build/yanshi/qingshi/2024.docx" in documents(built)
    assert "build/songzhuang/2024.txt" in documents(built)
    assert make(built) == []


@pytest.mark.parametrize(
    ("touched", "rebuilt"),
    [
        ("songzhuang/2024.yaml", ["songzhuang/2024.yaml"]),
        ("songzhuang/office.yaml", ["songzhuang/2024.yaml"]),
        ("yanshi/liuhe/2023.yaml", ["yanshi/liuhe/2023.yaml", "yanshi/liuhe/2024.yaml"]),
    ],
)
def test_what_is_touched_is_rebuilt_with_what_rests_on_it(
    built: Path, touched: str, rebuilt: list[str]
) -> None:
    touch(built / touched, built)
    calls = make(built)
    assert sorted(word for call in calls for word in call.split() if word.endswith(".yaml")) == (
        rebuilt
    )


def test_one_document_can_be_asked_for_by_its_name(workspace: Path) -> None:
    make(workspace, "songzhuang/2024.docx")
    assert documents(workspace) == {"build/songzhuang/2024.docx", "build/songzhuang/2024.txt"}


def test_a_dry_run_says_and_does_nothing(workspace: Path) -> None:
    assert len(make(workspace, "-n")) == 11
    assert documents(workspace) == set()


def test_check_and_clean(built: Path) -> None:
    assert len(make(built, "check")) == 1
    make(built, "clean")
    assert documents(built) == set()
