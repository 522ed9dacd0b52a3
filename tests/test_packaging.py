"""A wheel finds its forms as an editable install does."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support import EXAMPLES, ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel of the project, without its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", folder, ROOT]
    subprocess.run([*command, "--quiet"], check=True, capture_output=True, timeout=300)
    return next(folder.glob("nianbao-*.whl"))


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
