"""Reads a PDF back as a screen reader does, by its structure; needs the extras for PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument

from reading import Block


def pdf_blocks(file: Path) -> list[Block]:
    """Return the paragraphs and tables that a PDF's structure names, in order."""
    blocks: list[Block] = []
    with pikepdf.open(file) as pdf:
        marked = _marked_texts(file)
        pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
        for element in _structure(pdf.Root.StructTreeRoot):
            if element.S == "/Table":
                cells = (each for each in _structure(element) if each.S in ("/TD", "/TH"))
                blocks.append([_said(cell, pages, marked) for cell in cells])
            elif re.fullmatch("/(P|Title|H[1-6])", str(element.S)):
                blocks.append(_said(element, pages, marked))
    return blocks


def _marked_texts(file: Path) -> dict[tuple[int, int], str]:
    """Return what a PDF shows, by page and by the number it is marked with (ISO 32000-1, 14.6)."""
    texts: dict[tuple[int, int], str] = {}
    with PdfDocument(file) as pdf:
        for number, page in enumerate(pdf):
            shown = page.get_textpage()
            for at in range(shown.count_chars()):
                if not pdfium.FPDFText_IsGenerated(shown, at):  # a wide gap is no space
                    piece = pdfium.FPDFText_GetTextObject(shown, at)
                    place = (number, pdfium.FPDFPageObj_GetMarkedContentID(piece))
                    said = chr(pdfium.FPDFText_GetUnicode(shown, at))
                    texts[place] = texts.get(place, "") + said
    return texts


def _structure(element: Any) -> Iterator[Any]:
    """Yield the elements below one in reading order, of tables the table alone."""
    for child in _children(element):
        if hasattr(child, "keys") and "/S" in child:
            yield child
            if child.S != "/Table":
                yield from _structure(child)


def _said(
    element: Any, pages: dict[tuple[int, int], int], marked: dict[tuple[int, int], str]
) -> str:
    """Return what an element and those below it show."""
    said = ""
    for child in _children(element):
        if isinstance(child, int):
            said += marked.get((pages[element.Pg.objgen], child), "")
        elif "/MCID" in child:
            page = child.get("/Pg", element.get("/Pg"))
            said += marked.get((pages[page.objgen], int(child.MCID)), "")
        else:
            said += _said(child, pages, marked)
    return said


def _children(element: Any) -> Iterator[Any]:
    below = element.get("/K", [])
    yield from below if isinstance(below, pikepdf.Array) else [below]
