"""The line that installs a missing part names where this copy came from."""

from __future__ import annotations

from typing import Any

import pytest

from generator.system.extras import _requirement, install_line
from support import ROOT

ORIGINS: dict[str, tuple[dict[str, Any], str]] = {
    "a clone": ({"url": "file:///home/a/nianbao", "dir_info": {}}, "/home/a/nianbao[xlsx]"),
    "an editable clone": (
        {"url": "file:///home/a%20b/n", "dir_info": {"editable": True}},
        "/home/a b/n[xlsx]",
    ),
    "a wheel": (
        {"url": "file:///srv/wheels/nianbao-0.2.0-py3-none-any.whl", "archive_info": {}},
        "nianbao[xlsx] @ file:///srv/wheels/nianbao-0.2.0-py3-none-any.whl",
    ),
    "a repository": (
        {"url": "https://example.org/n.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
        "nianbao[xlsx] @ git+https://example.org/n.git@abc",
    ),
    "an index": ({}, "nianbao[xlsx]"),
}


@pytest.mark.parametrize("origin", ORIGINS)
def test_where_it_came_from_is_what_is_installed_again(origin: str) -> None:
    came_from, line = ORIGINS[origin]
    assert _requirement("xlsx", came_from) == line


def test_this_copy_came_from_this_checkout() -> None:
    assert install_line("pdf") == f'pip install "{ROOT}[pdf]"'
