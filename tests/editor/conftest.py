"""The real YAML language server, installed once and started once for all tests of an editor."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from language_server import LanguageServer

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SERVER = HERE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"

# A schema by the user's settings, as a workspace has it; the tests' other files name theirs.
SETTINGS = {
    "yaml": {
        "hover": True,
        "completion": True,
        "validate": True,
        "schemaStore": {"enable": False},
        "schemas": {(ROOT / "schemas" / "office.schema.json").as_uri(): "**/office.yaml"},
    }
}
NO_REGISTRY = re.compile(
    r"code (E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|TIMEDOUT)"
    r"|ERR_SOCKET_TIMEOUT|E407|E5\d\d)"
)


def install(npm: str) -> None:
    """Install what package-lock.json names, unless that is what is there already."""
    installed = HERE / "node_modules" / ".installed"
    wanted = (HERE / "package-lock.json").read_text(encoding="utf-8")
    if installed.is_file() and installed.read_text(encoding="utf-8") == wanted:
        return
    command = [npm, "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"]
    retries = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=20000"]
    try:
        done = subprocess.run(
            command + retries, cwd=HERE, capture_output=True, encoding="utf-8", timeout=120
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm does not reach its registry in two minutes")
    if done.returncode != 0:
        unreachable = NO_REGISTRY.search(done.stderr)
        assert unreachable, done.stderr
        pytest.skip(f"npm does not reach its registry: {unreachable[1]}")
    installed.write_text(wanted, encoding="utf-8")


@pytest.fixture(scope="session")
def server() -> Iterator[LanguageServer]:
    """Start the language server for this checkout."""
    fcntl = pytest.importorskip("fcntl", reason="installing needs file locks, as POSIX has them")
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("the language server of editors needs node and npm")
    with (HERE / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the workers of pytest-xdist install one at a time
        install(npm)
    with LanguageServer([node, SERVER, "--stdio"], ROOT, SETTINGS) as running:
        yield running
