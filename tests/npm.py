"""Installs what some tests need from npm, once, or says why it cannot."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

NO_REGISTRY = re.compile(
    r"code (E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|TIMEDOUT)"
    r"|ERR_SOCKET_TIMEOUT|E407|E5\d\d)"
)


def installed(folder: Path) -> str:
    """Install what a folder's ``package-lock.json`` names and return node's path.

    The test is skipped where there is no node, no npm or no registry.
    """
    fcntl = pytest.importorskip("fcntl", reason="installing needs file locks, as POSIX has them")
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("this test needs node and npm")
    with (folder / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the workers of pytest-xdist install one at a time
        _install(npm, folder)
    return node


def _install(npm: str, folder: Path) -> None:
    """Install, unless what the lock file names is what is there already."""
    mark = folder / "node_modules" / ".installed"
    wanted = (folder / "package-lock.json").read_text(encoding="utf-8")
    if mark.is_file() and mark.read_text(encoding="utf-8") == wanted:
        return
    command = [npm, "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"]
    retries = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=20000"]
    try:
        done = subprocess.run(
            command + retries, cwd=folder, capture_output=True, encoding="utf-8", timeout=120
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm does not reach its registry in two minutes")
    if done.returncode != 0:
        unreachable = NO_REGISTRY.search(done.stderr)
        assert unreachable, done.stderr
        pytest.skip(f"npm does not reach its registry: {unreachable[1]}")
    mark.write_text(wanted, encoding="utf-8")
