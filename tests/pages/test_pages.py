"""Every example's page as published, judged by axe-core in a browser and by the Nu checker."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from generator.form.form import Forms
from generator.setting.write_html import write_html
from generator.values.document import Document, Paragraph, SignOff
from npm import installed
from pages import needs_fonts

HERE = Path(__file__).parent
CHARACTERS = 28
"""In a line of the page."""


def browsed(pages: list[Path]) -> dict[str, dict[str, Any]]:
    """Return what axe-core finds, by page, width and colours."""
    found: dict[str, dict[str, Any]] = json.loads(in_a_browser("judge.mjs", pages))
    return found


def in_a_browser(script: str, pages: list[Path]) -> str:
    """Run a script on pages and return what it prints."""
    node = installed(HERE)
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("pages are shown by chromium")
    command = [node, HERE / script, chromium, *pages]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


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


@needs_fonts
@pytest.mark.parametrize(
    ("signed", "least"),
    [(SignOff("某镇人民政府", "2025年1月15日", "2025-01-15"), 1), (SignOff(), CHARACTERS + 1)],
    ids=["signed", "unsigned"],
)
def test_nothing_stands_alone_on_the_last_page_printed(
    forms: Forms, tmp_path: Path, signed: SignOff, least: int
) -> None:
    """Neither the sign-off nor a single line, wherever the text ends."""
    pdfium = pytest.importorskip("pypdfium2", reason="the extra pdf-import is not installed")
    style = forms.load(2021).style
    pages = []
    for count in range(14, 24):
        items = (*[Paragraph("政")] * count, Paragraph("政" * 70))
        document = Document(("标题",), "某镇", 2024, items, style, sign_off=signed)
        pages.append(tmp_path / f"{count}.html")
        pages[-1].write_bytes(write_html(document))
    in_a_browser("print.mjs", pages)
    for page in pages:
        with pdfium.PdfDocument(page.with_suffix(".pdf")) as pdf:
            texts = [each.get_textpage().get_text_range().replace("政府", "") for each in pdf]
        assert len(texts) == 1 or texts[-1].count("政") >= least, page.name
    assert len(texts) == 2


def spoilt(pages: list[Path], folder: Path, old: str, new: str) -> Path:
    page = next(page for page in pages if page.name == "yanshi-2024.html")
    text = page.read_text(encoding="utf-8")
    assert old in text
    copy = folder / "spoilt.html"
    copy.write_text(text.replace(old, new), encoding="utf-8")
    return copy
