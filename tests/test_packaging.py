"""A wheel finds its forms as an editable install does."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

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
        names = archive.namelist()
    assert "generator/schemas/2021.schema.json" in names
    assert "generator/templates/2019/tables/表二.yaml" in names
    assert not any(name.startswith(("tests/", "examples/")) for name in names)
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
