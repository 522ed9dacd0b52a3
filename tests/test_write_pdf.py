"""The PDF: tagged, the page of the DOCX, the same on any day, and no character lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.values.document import Document, Heading, Paragraph, Table
from support import EXAMPLES, NAMES, Outcome, example_documents

pikepdf = pytest.importorskip("pikepdf", reason="PDF is an extra: nianbao[pdf]")
typefaces = pytest.importorskip("generator.setting.typefaces", reason="PDF is an extra")
write_pdf = pytest.importorskip("generator.setting.write_pdf", reason="PDF is an extra")

DOCUMENTS = example_documents()
DOCUMENT = DOCUMENTS["yanshi/2024"]
NOTO = Path("/usr/share/fonts/opentype/noto")
FONTS = typefaces.typefaces(NOTO)
each = pytest.mark.parametrize("name", NAMES)
Call = Callable[..., Outcome]
needs_noto = pytest.mark.skipif(not NOTO.is_dir(), reason="needs Debian's fonts-noto-cjk")
pytestmark = needs_noto


def pdf(document: Document) -> Any:
    return pikepdf.open(io.BytesIO(write_pdf.write_pdf(document, FONTS)))


@each
def test_it_says_what_it_is(name: str) -> None:
    document = DOCUMENTS[name]
    with pdf(document) as file, file.open_metadata() as metadata:
        assert (metadata["pdfuaid:part"], metadata["pdfaid:part"]) == ("1", "2")
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["dc:title"] == "".join(document.title)
        assert str(file.Root.Lang) == "zh-CN" and bool(file.Root.MarkInfo.Marked)
        headings = [item for item in document.items if isinstance(item, Heading)]
        with file.open_outline() as outline:
            titles = [entry.title for entry in entries(outline.root)]
        assert titles == [heading.number + heading.text for heading in headings]


def entries(outline: Any) -> Any:
    for entry in outline:
        yield entry
        yield from entries(entry.children)


@each
def test_every_figure_names_its_labels_and_no_others(name: str) -> None:
    """By the texts of the cells, which the page's own test compares with the grid's labels."""
    document = DOCUMENTS[name]
    grids = [item.grid for item in document.items if isinstance(item, Table)]
    with pdf(document) as file:
        tree = file.Root.StructTreeRoot
        names = list(tree.IDTree.Names)
        by_name = dict(zip(map(str, names[::2]), names[1::2], strict=True))
        tables = list(elements(tree, "/Table"))
        for table, grid in zip(tables, grids, strict=True):
            cells = list(elements(table, "/TD", "/TH"))
            assert len(cells) == len(grid.cells)
            places = {cell.objgen: index for index, cell in enumerate(cells)}
            for cell, drawn in zip(grid.cells, cells, strict=True):
                (attributes,) = (a for a in drawn.A if a.O == "/Table")
                if cell.path is None:
                    continue
                heads = [by_name[str(head)] for head in attributes.Headers]
                assert all(head.S == "/TH" and head.A[-1].Scope for head in heads)
                texts = [grid.cells[places[head.objgen]].text for head in heads]
                labels = grid.labels[cell.path]
                assert texts == [*labels.row, *labels.column]


def elements(root: Any, *kinds: str) -> Any:
    below = root.get("/K", [])
    for child in list(below) if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(child, pikepdf.Dictionary):
            if child.get("/S") in kinds:
                yield child
            else:
                yield from elements(child, *kinds)


def test_what_an_office_writes_is_never_markup() -> None:
    evil = '#panic() = *x* $y$ `z` \\ @ref <label> // "'
    hostile = replace(
        DOCUMENT,
        title=(evil,),
        office=evil,
        items=(Heading(1, "", evil), Paragraph(evil, lead=evil, level=2)),
    )
    with pdf(hostile) as file, file.open_metadata() as metadata:
        assert metadata["dc:title"] == evil


def test_a_missing_character_is_named_with_its_typeface(workspace: Path, nianbao: Call) -> None:
    report = workspace / "songzhuang" / "2024.yaml"
    text = report.read_text("utf-8")
    report.write_text(text.replace("。\n", "\U00031350。\n"), "utf-8")
    out = workspace.parent / "out"
    outcome = nianbao("build", report, "-o", out, "--to", "pdf,txt")
    assert outcome.code == 1
    assert (
        "E-3" in outcome.err and "\U00031350" in outcome.err and "Noto Serif CJK SC" in outcome.err
    )
    assert [file.name for file in out.rglob("2024.*")] == ["2024.txt"]
    assert nianbao("build", report, "-o", out, "--to", "txt").code == 0


def test_substitutes_are_remarks_said_once(tmp_path: Path, nianbao: Call) -> None:
    outcome = nianbao("build", EXAMPLES, "-o", tmp_path, "--to", "pdf", "--fonts", NOTO)
    assert outcome.code == 0
    assert outcome.err.count("用 Noto Sans CJK SC 代替黑体") == 1


def test_a_folder_without_typefaces_is_an_error(tmp_path: Path, nianbao: Call) -> None:
    (tmp_path / "none").mkdir()
    arguments = ("--to", "pdf", "--fonts", tmp_path / "none")
    outcome = nianbao("build", EXAMPLES / "songzhuang", "-o", tmp_path / "out", *arguments)
    assert outcome.code == 1 and "E-4" in outcome.err and "仿宋" in outcome.err


def test_other_typefaces_are_a_reason_to_build_pdf_and_nothing_else(
    tmp_path: Path, nianbao: Call
) -> None:
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    for file in NOTO.glob("*Regular.ttc"):
        (fonts / file.name).symlink_to(file)
    office, out = EXAMPLES / "songzhuang", tmp_path / "out"
    arguments = ("build", office, "-o", out, "--to", "pdf,txt", "--why")
    nianbao(*arguments, "--fonts", fonts)
    assert nianbao(*arguments, "--fonts", fonts).out == ""
    (fonts / "NotoSerifCJK-Bold.ttc").symlink_to(NOTO / "NotoSerifCJK-Bold.ttc")
    again = nianbao(*arguments, "--fonts", fonts).out
    assert again == f"{out}/songzhuang/2024.pdf  字体或换行的选项有改动\n"
