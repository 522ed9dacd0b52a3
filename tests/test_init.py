"""A repository of one's own: what ``init`` writes works, and a later version spares what is edited.

pre-commit, CI and editors are tried on the same files in ``test_user_tools`` and ``editor/``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import __version__
from generator.system.own_wheel import own_wheel
from support import Outcome

NAME = f"nianbao-{__version__}-py3-none-any.whl"


@pytest.fixture
def folder(tmp_path: Path, nianbao: Callable[..., Outcome]) -> Path:
    assert nianbao("init", tmp_path / "年报").code == 0
    return tmp_path / "年报"


def files(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and ".git/" not in file.as_posix()
    }


def test_a_second_run_changes_nothing(folder: Path, nianbao: Callable[..., Outcome]) -> None:
    before = files(folder)
    assert {"README.md", ".gitlab-ci.yml", "schemas/2021.schema.json", f"tools/{NAME}"} <= set(
        before
    )
    for options in ([], ["--update"]):
        outcome = nianbao("init", folder, *options)
        assert (outcome.code, outcome.out) == (0, "")
        assert files(folder) == before


def test_git_begins_where_there_is_none(folder: Path, nianbao: Callable[..., Outcome]) -> None:
    assert (folder / ".git").is_dir()
    nianbao("init", folder / "里面")
    assert not (folder / "里面" / ".git").exists()


def test_the_program_in_the_repository_is_the_one_that_a_builder_makes(
    wheel: Path,
) -> None:
    name, content = own_wheel()
    assert (name, content) == own_wheel(), "the same program, the same bytes"
    own = wheel.parent / f"own-{name}"
    own.write_bytes(content)
    with zipfile.ZipFile(own) as ours, zipfile.ZipFile(wheel) as built:
        theirs = {n: built.read(n) for n in built.namelist() if ".dist-info/" not in n}
        assert {n: ours.read(n) for n in ours.namelist() if ".dist-info/" not in n} == theirs
        assert ours.testzip() is None


def test_the_line_in_the_page_of_instructions_installs_what_works(
    folder: Path, tmp_path: Path
) -> None:
    line = f"pip install tools/{NAME}"
    for file in ("README.md", ".gitlab-ci.yml", ".github/workflows/nianbao.yml"):
        assert line in (folder / file).read_text("utf-8")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    program = tmp_path / "venv" / "bin" / "python"
    command = [program, "-m", *line.split(), "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if "No matching distribution" in done.stderr:
        pytest.skip("the package index is out of reach")
    assert done.returncode == 0, done.stderr

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [program.parent / "nianbao", *arguments]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    new = run("new", "songzhuang", "2025", "--name", "孟津区送庄镇人民政府")
    assert new.returncode == 0, new.stderr
    first, *_ = (folder / "songzhuang" / "2025.yaml").read_text("utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=../schemas/2021.schema.json"
    assert run("check").returncode == 1
    assert run("build", "--draft").returncode in (0, 1)
    assert (folder / "build" / "songzhuang" / "2025.docx").is_file()
    again = run("init")
    assert (again.returncode, again.stdout) == (0, ""), "an installed copy makes the same wheel"


def test_a_later_version_replaces_what_is_unedited_and_nothing_else(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    older = tmp_path / "nianbao-0.0.9-py3-none-any.whl"
    older.write_bytes(b"an older program")
    folder = tmp_path / "reports"
    assert nianbao("init", folder, "--wheel", older).code == 0
    (folder / "README.md").write_text("自己写的\n", "utf-8")
    (folder / "Makefile").unlink()
    page = folder / ".gitlab-ci.yml"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))

    told = nianbao("init", folder)
    assert "用 --update 换" in told.out
    assert [file.name for file in (folder / "tools").iterdir()] == [older.name]

    told = nianbao("init", folder, "--update")
    assert "README.md  没有动" in told.out
    assert (folder / "README.md").read_text("utf-8") == "自己写的\n"
    assert not (folder / "Makefile").exists(), "what was deleted stays deleted"
    assert NAME in page.read_text("utf-8"), "line ends are git's, not an edit"
    assert not (folder / "tools" / older.name).exists()
    assert (folder / "tools" / NAME).is_file()
    kept = json.loads((folder / ".nianbao.json").read_text("utf-8"))
    assert kept["version"] == __version__


def test_an_older_program_stays_while_an_edited_file_installs_it(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    older = tmp_path / "nianbao-0.0.9-py3-none-any.whl"
    older.write_bytes(b"an older program")
    folder = tmp_path / "reports"
    nianbao("init", folder, "--wheel", older)
    page = folder / ".gitlab-ci.yml"
    page.write_text(page.read_text("utf-8") + "# 自己加的\n", "utf-8")
    nianbao("init", folder, "--update")
    assert (folder / "tools" / older.name).is_file()


def test_files_that_others_wrote_are_left_alone(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    (tmp_path / ".gitignore").write_text("*.log\n", "utf-8")
    (tmp_path / "Makefile").mkdir()
    outcome = nianbao("init", tmp_path)
    assert outcome.code == 0
    assert ".gitignore  没有动" in outcome.out and "Makefile  没有动" in outcome.out
    assert (tmp_path / ".gitignore").read_text("utf-8") == "*.log\n"
    nianbao("init", tmp_path, "--update")
    assert (tmp_path / ".gitignore").read_text("utf-8") == "*.log\n"


def test_what_cannot_be_a_folder_is_refused(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    (tmp_path / "x").write_text("", "utf-8")
    outcome = nianbao("init", tmp_path / "x")
    assert outcome.code == 2
    assert "不是文件夹" in outcome.err
