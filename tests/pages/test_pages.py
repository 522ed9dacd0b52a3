"""Every example's page as published, judged by axe-core in a browser and by the Nu checker."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from npm import installed
from pages import needs_fonts

HERE = Path(__file__).parent


def browsed(pages: list[Path]) -> dict[str, dict[str, Any]]:
    """Return what axe-core finds, by page, width and colours."""
    node = installed(HERE)
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("axe-core needs chromium")
    command = [node, HERE / "judge.mjs", chromium, *pages]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def checked(pages: list[Path]) -> str:
    """Return what the Nu checker says."""
    installed(HERE)
    java = shutil.which("java")
    if not java:
        pytest.skip("the Nu checker needs java")
    jar = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    done = subprocess.run(
        [java, "-jar", jar, *pages], capture_output=True, encoding="utf-8", timeout=300
    )
    return done.stderr


def test_every_page_is_accessible_wide_narrow_and_dark(pages: list[Path]) -> None:
    found = browsed(pages)
    pasted = [page for page in pages if "-pasted" in page.name]
    assert len(found) == 3 * (len(pages) - len(pasted)) + len(pasted)
    assert {place: view["wrong"] for place, view in found.items() if view["wrong"]} == {}
    own = {place: view for place, view in found.items() if "-pasted" not in place}
    assert [place for place, view in own.items() if view["sideways"]] == []


def test_every_page_is_valid(pages: list[Path]) -> None:
    assert checked(pages) == ""


@needs_fonts
@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (' lang="zh-CN"', "", "html-has-lang"),
        ('headers="t1-5 ', 'headers="t1-1 ', "td-headers-attr"),
        ("--ink: #1a1a1a", "--ink: #c8c8c8", "color-contrast"),
        ("</style>", "[colspan] { background: #444; }</style>", "color-contrast"),
        ("<h2>一、", "<h5>一、", "heading-order"),
        ('tabindex="0"', "", "scrollable-region-focusable"),
    ],
)
def test_a_spoilt_page_is_caught_by_axe(
    pages: list[Path], tmp_path: Path, old: str, new: str, rule: str
) -> None:
    found = browsed([spoilt(pages, tmp_path, old, new)])
    assert rule in " ".join(wrong for view in found.values() for wrong in view["wrong"])


def test_a_page_that_is_not_valid_is_caught(pages: list[Path], tmp_path: Path) -> None:
    page = spoilt(pages, tmp_path, 'colspan="4"', 'colspan="5"')
    assert "colspan" in checked([page]) or "row" in checked([page])


def spoilt(pages: list[Path], folder: Path, old: str, new: str) -> Path:
    page = next(page for page in pages if page.name == "yanshi-2024.html")
    text = page.read_text(encoding="utf-8")
    assert old in text
    copy = folder / "spoilt.html"
    copy.write_text(text.replace(old, new), encoding="utf-8")
    return copy
