"""What ``init`` gives users' own tools, tried with them: git, pip, pre-commit, CI, an editor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support import ROOT
from support import repository as made

BIN = Path(sys.executable).parent


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=某人", "-c", "user.email=someone@example.invalid"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An office's own repository: a copy of the examples and what ``init`` writes, committed."""
    folder = made(tmp_path / "reports")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "起步")
    return folder


def pre_commit(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    home = folder.parent / "pre-commit"
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [BIN / "pre-commit", *arguments],
        cwd=folder,
        env={**os.environ, "PRE_COMMIT_HOME": str(home), "PATH": path},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def break_a_sum(folder: Path) -> None:
    report = folder / "yanshi" / "2024.yaml"
    text = report.read_text("utf-8")
    report.write_text(text.replace("行政处罚: 3917", "行政处罚: 12件"), "utf-8")
    assert report.read_text("utf-8") != text
    git(folder, "add", "--all")


def test_pre_commit_with_the_settings_that_init_writes(repository: Path) -> None:
    assert pre_commit(repository, "run", "--all-files").returncode == 0
    break_a_sum(repository)
    done = pre_commit(repository, "run")
    assert done.returncode == 1
    assert "「12件」" in done.stdout and "yanshi/2024.yaml" in done.stdout


def test_pre_commit_installs_the_hook_from_the_project(repository: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    git(tmp_path, "clone", "--quiet", str(ROOT), str(project))
    break_a_sum(repository)
    done = pre_commit(repository, "try-repo", project, "nianbao-check", "--all-files")
    if "Could not find a version" in done.stdout + done.stderr:
        pytest.skip("the package index is out of reach")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "「12件」" in done.stdout


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-workflows", ".github/workflows/nianbao.yml"),
        ("vendor.gitlab-ci", ".gitlab-ci.yml"),
    ],
)
def test_the_ci_files_have_the_form_their_services_ask_for(
    schema: str, file: str, repository: Path
) -> None:
    command = [BIN / "check-jsonschema", "--builtin-schema", schema, repository / file]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout


def test_the_editor_settings_name_a_schema_for_every_report_and_no_other(
    repository: Path,
) -> None:
    settings: dict[str, Any] = json.loads((repository / ".vscode/settings.json").read_text("utf-8"))
    found: dict[str, list[str]] = {}
    for schema, patterns in settings["yaml.schemas"].items():
        assert (repository / schema).is_file()
        for pattern in patterns:
            for file in repository.glob(pattern):
                found.setdefault(str(file.relative_to(repository)), []).append(schema)
    reports = {str(f.relative_to(repository)) for f in repository.rglob("*/*.yaml")}
    assert found.keys() == reports
    assert all(len(schemas) == 1 for schemas in found.values())
    assert found["baiyuan/2020.yaml"] == ["./schemas/2019.schema.json"]
