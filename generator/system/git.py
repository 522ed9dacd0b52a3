"""Asks git whether it holds a file as it is, so that overwriting it loses nothing."""

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


def _git(file: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(file.parent), *arguments]
    return subprocess.run(command, capture_output=True, check=False)
