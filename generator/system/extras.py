"""Optional parts of the distribution, and the line that installs one from where this copy came.

The program is on no index: a line with a bare name would install nothing, or somebody else's.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

_NAME = "nianbao"


class MissingExtra(Exception):
    """A library of an optional part is missing; the message says how to install it."""

    def __init__(self, what: str, extra: str) -> None:
        """Say ``what`` needs it, in Chinese, and name the part."""
        super().__init__(f"{what}，请运行 {install_line(extra)}")


def install_line(extra: str) -> str:
    """Return the line that installs an optional part; quoted as both cmd and shells read it."""
    return f'pip install "{_requirement(extra, origin())}"'


def _requirement(extra: str, came_from: dict[str, Any]) -> str:
    """Return what pip is to install: PEP 610 tells where a distribution came from."""
    url = str(came_from.get("url", ""))
    if not url:
        return f"{_NAME}[{extra}]"
    if "dir_info" in came_from:
        from urllib.request import url2pathname  # a tenth of a short run, for a line rarely said

        return f"{url2pathname(unquote(urlsplit(url).path))}[{extra}]"
    if vcs := came_from.get("vcs_info"):
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    return f"{_NAME}[{extra}] @ {url}"


@cache
def origin() -> dict[str, Any]:
    """Return what pip noted of where this copy came from; nothing where it came from an index."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        noted = distribution(_NAME).read_text("direct_url.json")
    except PackageNotFoundError:
        return {}
    found: dict[str, Any] = json.loads(noted) if noted else {}
    return found
