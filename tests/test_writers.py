"""Every writer: it takes every kind of item, and all lengths from the style."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import docx
import pytest
from lxml import html

from generator.form.form import Forms
from generator.setting.typefaces import NoTypeface
from generator.setting.writers import USUAL, WRITERS
from generator.values.document import Document, Heading, Item, Paragraph, SignOff, Style, Table
from generator.values.grid import Cell, tile

GRID = tile(
    [
        [Cell(0, 0, 1, 2, "表头带"), Cell(0, 0, 2, 1, "合并列")],
        [Cell(0, 0, 1, 1, "左栏"), Cell(0, 0, 1, 1, "右栏")],
        [Cell(0, 0, 1, 1, path=("部分", name)) for name in "甲乙丙"],
    ],
    [2, 1, 1],
    header=2,
)


def document(style: Style) -> Document:
    """Return a document with every kind of item, every text of which is found once."""
    headings = [Heading(level, f"{level}号", f"第{level}级标题") for level in style.levels]
    items: list[Item] = [
        *headings,
        Paragraph("普通的一段 A<B&C。"),
        Paragraph("后面的话。", "插入的标题。", 2),
        Paragraph("", "只有标题。", 2),
        Table(GRID, ("100001", "200002", "72701.2578"), "表题", "说明"),
        Heading(1, "二、", "表格之后的标题"),
    ]
    signed = SignOff("署名的机关", "2025年1月5日")
    return Document(("第一行", "第二行"), "某机关", 2024, tuple(items), style, signed, "草稿")


def texts(of: Document) -> list[str]:
    """Return everything that a reader of a document should see, in order."""
    found = ["".join(of.title)]
    for item in of.items:
        if isinstance(item, Table):
            figures = iter(item.values)
            found += [next(figures) if c.path else c.text for c in item.grid.cells]
        elif isinstance(item, Heading):
            found.append(item.number + item.text)
        else:
            found.append(item.lead + item.text)
    return [*found, of.sign_off.office, of.sign_off.date]


def of_docx(content: bytes) -> str:
    read = docx.Document(io.BytesIO(content))
    shown = "".join(node.text or "" for node in read.element.iter("{*}t"))
    return read.sections[0].header.paragraphs[0].text + shown


def of_html(content: bytes) -> str:
    return str(html.document_fromstring(content.decode()).text_content())


def of_pdf(content: bytes) -> str:
    """Return the text that the structure names, in order, then that which the pages show."""
    from reading_pdf import pdf_blocks

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "document.pdf")
        file.write_bytes(content)
        named = str(pdf_blocks(file))
        shown = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True)
    return named + shown.stdout.decode("utf-8")


READERS: dict[str, Callable[[bytes], str]] = {
    "docx": of_docx,
    "txt": bytes.decode,
    "html": of_html,
    "fragment": of_html,
    "pdf": of_pdf,
}
"""How a document of each format is read back: a new format says so here."""


def read_back(name: str, of: Document) -> str:
    """Write a document in a format and return what a reader finds in it."""
    if name == "pdf":
        pytest.importorskip("typst", reason="PDF is an extra: nianbao[pdf]")
        if not (shutil.which("pdfinfo") and shutil.which("pdftotext")):
            pytest.skip("poppler-utils is not installed")
    try:
        return READERS[name](WRITERS[name](of))
    except NoTypeface as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize("name", WRITERS)
def test_it_writes_every_kind_of_item(forms: Forms, name: str) -> None:
    whole = document(forms.load(2021).style)
    assert {type(item) for item in whole.items} == set(get_args(Item))
    shown = re.sub(r"\s", "", read_back(name, whole))
    assert whole.draft in shown
    at = 0
    for text in texts(whole):
        found = shown.find(re.sub(r"\s", "", text), at)
        assert found >= 0, f"{text} is missing or stands before what should precede it"
        at = found


@pytest.mark.parametrize("name", WRITERS)
def test_an_empty_document_is_written(forms: Forms, name: str) -> None:
    empty = Document(("标题",), "某机关", 2024, (), forms.load(2021).style)
    assert "标题" in read_back(name, empty)


def test_the_usual_formats_have_writers() -> None:
    assert set(USUAL) <= set(WRITERS)


SMALL = 12
PITCH = 22


def small(style: Style) -> Style:
    """Return a style whose body text is smaller and closer than ours."""
    fonts = {
        role: dataclasses.replace(font, size=SMALL) if font.size == 16 else font
        for role, font in style.fonts.items()
    }
    return dataclasses.replace(style, pitch=PITCH, characters=36, fonts=fonts)


def twips(content: bytes) -> set[int]:
    """Return every length of a DOCX file that belongs to lines and indents, in 1/20 pt."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("word/document.xml") + archive.read("word/styles.xml")
    name = rb"firstLine|left|right|line|before|after"
    return {int(value) for value in re.findall(rb'w:(?:%b)="(\d+)"' % name, xml)}


def test_lines_and_indents_of_a_docx_follow_the_style(forms: Forms) -> None:
    style = forms.load(2021).style
    line, half_a_line, two_characters = 579, 290, 640
    assert {line, half_a_line, two_characters} <= twips(WRITERS["docx"](document(style)))
    found = twips(WRITERS["docx"](document(small(style))))
    assert {PITCH * 20, PITCH * 10, 2 * SMALL * 20} <= found
    assert not found & {line, half_a_line, two_characters}


def test_lines_of_text_follow_the_style(forms: Forms) -> None:
    style = small(forms.load(2021).style)
    last = bytes.decode(WRITERS["txt"](document(style))).split("\n\n")[-2].rstrip("\n")
    assert last.endswith("2025年1月5日") and len(last) + 3 == 2 * 36 - 4
