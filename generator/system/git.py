"""Git, where it is installed: asked whether overwriting a file loses nothing; told to begin."""

from __future__ import annotations

import subprocess
from pathlib import Path


def unsaved(file: Path) -> str:
    """Say why git could not bring ``file`` back, or return an empty string when it could."""
    try:
        tracked = _git(file, "ls-files", "--error-unmatch", "--", file.name)
        committed = _git(file, "cat-file", "-e", f"HEAD:./{file.name}")
        changes = _git(file, "status", "--porcelain", "--", file.name)
    except OSError:
        return "没有安装 git，不知道有没有存底"
    if tracked.returncode or committed.returncode:
        return "git 里没有它的存底"
    if changes.returncode or changes.stdout.strip():
        return "有改动还没有提交到 git"
    return ""


def begin(folder: Path) -> bool:
    """Make ``folder`` a repository unless it lies in one or git is missing; say if one was made."""
    try:
        inside = _git(folder / "x", "rev-parse", "--is-inside-work-tree")
        if inside.returncode == 0:
            return False
        return _git(folder / "x", "init", "--quiet", "--initial-branch=main").returncode == 0
    except OSError:
        return False


def _git(file: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(file.parent), *arguments]
    return subprocess.run(command, capture_output=True, check=False)
