"""What is handed on: a wheel and a source distribution that carry everything they need."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from generator import __version__
from support import EXAMPLES, ROOT


def test_an_sdist_carries_what_the_project_is_made_and_tested_with(built: Path) -> None:
    with tarfile.open(next(built.glob("nianbao-*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for folder in ("generator", "templates", "schemas", "examples", "tests", "docs"):
        held = {file for file in tracked(folder) if not Path(file).name.startswith(".")}
        assert held <= names, folder


def tracked(folder: str) -> list[str]:
    command = ["git", "-C", ROOT, "ls-files", "-z", folder]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this is no clone")
    return [name for name in done.stdout.decode().split("\0") if name]


def test_all_asks_for_every_part_that_users_may_add() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "optional-dependencies"
    ]
    (everything,) = extras["all"]
    named = set(everything.removeprefix("nianbao[").removesuffix("]").split(","))
    assert named == extras.keys() - {"all", "benchmark", "dev"}


def test_a_wheel_carries_its_forms_and_works_without_the_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    forms = {f"generator/{name}" for folder in ("templates", "schemas") for name in tracked(folder)}
    assert names >= {*tracked("generator"), *forms}
    assert all(name.startswith("generator/") for name in names)
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1));"
        "import generator; assert 'site' in generator.__file__;"
        "from generator.commands.cli import main; main()"
    )
    office = EXAMPLES / "songzhuang"
    arguments = [sys.executable, "-c", program, tmp_path / "site", "build", office, "-o", tmp_path]
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "songzhuang" / "2024.docx").exists()


def test_a_wheel_and_its_parts_install_into_an_empty_environment(
    wheel: Path, tmp_path: Path
) -> None:
    """The line of the README; then a new office is checked, built and written as a workbook."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    line = [python, "-m", "pip", "install", "-q", f"{wheel}[xlsx]"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=300, check=False)
    if "No matching distribution" in done.stderr:
        pytest.skip("the package index is out of reach")
    assert done.returncode == 0, done.stderr

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [python.parent / "nianbao", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run("--version").stdout.strip().endswith(__version__)
    assert run("new", "songzhuang", "2025", "--name", "孟津区送庄镇人民政府").returncode == 0
    assert run("check").returncode == 1
    assert run("build", "--draft").returncode in (0, 1)
    assert (tmp_path / "build" / "songzhuang" / "2025.docx").is_file()
    assert run("workbook", "songzhuang/2025.yaml", "-o", "a.xlsx").returncode == 0
    # What is not installed names the wheel that this copy came from.
    missing = run("build", "--to", "pdf")
    assert missing.returncode == 2 and f"nianbao[pdf] @ {wheel.as_uri()}" in missing.stderr


def test_the_pages_speak_of_this_version() -> None:
    assert f"\n## {__version__} — " in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"nianbao-{__version__}-py3-none-any.whl" in (ROOT / "README.md").read_text("utf-8")
