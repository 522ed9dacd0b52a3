"""The real YAML language server, installed once and started once for all tests of an editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from language_server import LanguageServer
from npm import installed

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


@pytest.fixture(scope="session")
def server() -> Iterator[LanguageServer]:
    """Start the language server for this checkout."""
    node = installed(HERE)
    with LanguageServer([node, SERVER, "--stdio"], ROOT, SETTINGS) as running:
        yield running
