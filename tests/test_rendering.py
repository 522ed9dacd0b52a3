"""Pages as LibreOffice sets them: lines, characters, whole tables, nothing clipped."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.form.form import Forms
from generator.setting.write_docx import write_docx
from generator.values.document import Document, Heading, Paragraph, Table
from support import EXAMPLES

pytestmark = [
    pytest.mark.skipif(
        not (shutil.which("soffice") and shutil.which("pdftotext")),
        reason="LibreOffice (libreoffice-writer) or poppler-utils is not installed",
    ),
    pytest.mark.skipif(
        not subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout
        if shutil.which("fc-list")
        else True,
        reason="no Chinese font is installed (for example fonts-noto-cjk)",
    ),
]

Pages = Callable[[bytes], list[list[str]]]


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    """Convert a DOCX file to PDF and return the lines of its pages, without spaces."""

    def convert(content: bytes) -> list[list[str]]:
        file = tmp_path / "report.docx"
        file.write_bytes(content)
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, file],
            check=True,
            capture_output=True,
            timeout=120,
        )
        text = subprocess.run(
            ["pdftotext", "-layout", file.with_suffix(".pdf"), "-"],
            check=True,
            capture_output=True,
        ).stdout.decode("utf-8")
        return [
            [squeezed for line in page.split("\n") if (squeezed := "".join(line.split()))]
            for page in text.split("\f")[:-1]
        ]

    return convert


def test_a_full_page_has_22_lines_of_28_characters(pages: Pages, forms: Forms) -> None:
    style = forms.load(2021).style
    text = Paragraph("政" * 28 * 22 * 3)
    found = pages(write_docx(Document(("标题",), "某机关", 2024, (text,), style)))
    full = found[1]
    assert full[-1] == "—2—"
    assert [len(line) for line in full[:-1]] == [28] * 22


def test_page_numbers_stand_on_both_sides(pages: Pages, forms: Forms) -> None:
    style = forms.load(2021).style
    text = Paragraph("政" * 28 * 22 * 3)
    found = pages(write_docx(Document(("标题",), "某机关", 2024, (text,), style)))
    assert [page[-1] for page in found] == [f"—{n}—" for n in range(1, len(found) + 1)]


@pytest.mark.parametrize("form", [2019, 2021])
def test_six_digits_fit_every_cell_and_each_table_its_page(
    pages: Pages, forms: Forms, form: int
) -> None:
    form = forms.load(form)
    items: list[Heading | Table] = []
    count = 0
    for table in form.tables.values():
        figures = tuple(str(100_000 + count + n) for n in range(len(table.grid.figures)))
        count += len(figures)
        items += [
            Heading(1, "一、", table.title),
            Table(table.grid, figures, table.title, table.description),
        ]
    found = pages(write_docx(Document(("标题",), "某机关", 2024, tuple(items), form.style)))
    everything = "".join(line for page in found for line in page)
    for number in range(count):
        assert str(100_000 + number) in everything  # on one line: not broken, not clipped
    for table in form.tables.values():
        heading = [n for n, page in enumerate(found) if any(table.title in line for line in page)]
        last = str(100_000 + sum_of_figures(form.tables, table.id) - 1)
        end = [n for n, page in enumerate(found) if any(last in line for line in page)]
        assert heading == end


def sum_of_figures(tables: dict[str, object], upto: str) -> int:
    total = 0
    for name, table in tables.items():
        total += len(table.grid.figures)  # type: ignore[attr-defined]
        if name == upto:
            break
    return total


def test_a_real_example_opens_and_keeps_its_order(pages: Pages, tmp_path: Path) -> None:
    from generator.commands.cli import run

    assert run(["build", str(EXAMPLES / "yanshi" / "2024.yaml"), "-o", str(tmp_path / "o")]) == 0
    found = pages((tmp_path / "o" / "yanshi" / "2024.docx").read_bytes())
    assert found[0][:2] == ["演示县人民政府", "2024年政府信息公开工作年度报告"]
    heads = [line for page in found for line in page if line[:2] in ("一、", "二、", "三、")]
    assert "三、收到和处理政府信息公开申请情况" in heads
