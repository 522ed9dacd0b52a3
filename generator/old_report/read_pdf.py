"""PDF → lines of text and the tables that lines draw, page by page.

Only positions are taken from the file. Where no lines are drawn around cells, a table stands in
lines of text, every word in its column, and is read as any text with columns is. Needs the extra
``pdf-import`` (pypdfium2).
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from generator.old_report.blocks import Blocks, Kind, RawTable, Refused
from generator.old_report.pdf_page import Character, Page, by_line, page_of, written
from generator.old_report.pdf_tables import joined, table_on_page
from generator.old_report.read_text import read_pages
from generator.old_report.ruled import ruled_tables
from generator.system.extras import install_line

_MOST_PAGES = 100
_MOST_CHARACTERS = 300_000
_FEWEST_CHARACTERS = 100
"""Characters of a report at least; a scan has none, or a stamp's."""
_FEWEST_IN_A_TABLE = 2
"""Cells with text that make a table of what lines draw; others are a box around prose."""

_WITH_WORD = "用 Word 或 WPS 打开这个 PDF，「另存为」DOCX，核对表格后再导入"
_SCANNED = "找当时的 Word 原文（DOCX）或网页（HTML）；只有扫描件的，先做文字识别，核对后另存为 DOCX"


def read_pdf(content: bytes) -> Blocks:
    """Read a PDF.

    Raises:
        Refused: the extra is missing, the file is broken, locked, scanned or far too large.
    """
    pages = list(_pages(content))
    characters = [each for page in pages for each in page.characters]
    if len(characters) < _FEWEST_CHARACTERS:
        raise Refused("这个 PDF 是扫描件：页面是图片，没有文字", _SCANNED)
    margin = min(each.left for each in characters)
    unit = statistics.median(each.size for each in characters) / 2
    blocks = Blocks()
    read_pages([_items(page, number, margin, unit) for number, page in enumerate(pages, 1)], blocks)
    blocks.items = list(joined(blocks.items))
    if unseen := sum(page.unseen for page in pages):
        blocks.note(Kind.READING, f"{unseen} 处白底上的白字没有读入")
    return blocks


def _pages(content: bytes) -> Iterator[Page]:
    try:
        import pypdfium2  # type: ignore[import-untyped]
    except ImportError as error:
        raise Refused(
            "读 PDF 要另装 pypdfium2", f"{install_line('pdf-import')}；或者{_WITH_WORD}"
        ) from error
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Refused("PDF 打不开：文件已损坏，或者加了密码", _WITH_WORD) from error
    try:
        if len(document) > _MOST_PAGES:
            raise Refused("PDF 的页数多得不像一份年度报告", "把年度报告的几页单独存为一个文件")
        left = _MOST_CHARACTERS
        for page in document:
            text = page.get_textpage()
            left -= text.count_chars()
            if left < 0:
                raise Refused("PDF 的文字多得不像一份年度报告", "把年度报告单独存为一个文件")
            yield page_of(page, text)
    finally:
        document.close()


def _items(page: Page, number: int, margin: float, unit: float) -> list[str | RawTable]:
    """Return the lines and the tables of a page from its top, a column being ``unit`` pt wide."""
    tables = ruled_tables(page.upright, page.level)
    within: list[dict[tuple[int, int], list[Character]]] = [{} for _ in tables]
    outside: list[Character] = []
    for character in page.characters:
        for table, cells in zip(tables, within, strict=True):
            if slot := table.slot(*character.middle):
                cells.setdefault(slot, []).append(character)
                break
        else:
            outside.append(character)
    placed: list[tuple[float, str | RawTable]] = []
    for table, cells in zip(tables, within, strict=True):
        raw = table_on_page(table, cells, number)
        if sum(bool(cell.text) for cell in raw.cells) >= _FEWEST_IN_A_TABLE:
            placed.append((table.top, raw))
        else:
            outside += [each for inside in cells.values() for each in inside]
    placed += [(line[0].foot, written(line, margin, unit)) for line in by_line(outside)]
    return [item for _, item in sorted(placed, key=lambda each: -each[0])]
