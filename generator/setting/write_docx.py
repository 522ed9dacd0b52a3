"""Document → DOCX bytes.

What all reports of a form share is made once per process: the skeleton (styles, page, page numbers)
by python-docx, the tables' frames here. A report puts its own texts between them, escaped in one
place; no tree is copied or walked. The same document gives the same bytes on any day.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

from generator.setting.docx_skeleton import (
    CELL,
    DATE,
    LANGUAGE,
    OFFICE,
    TWIPS,
    characters,
    skeleton_of,
)
from generator.values.document import Document, Heading, Paragraph, SignOff, Style, Table
from generator.values.grid import Grid
from generator.values.width import columns

# The oldest date a ZIP archive can carry: the clock is not an input.
_ARCHIVE_DATE = (1980, 1, 1, 0, 0, 0)
# A third of the time of the usual level 6, for files that are a tenth larger.
_DEFLATION = 3
_DOCUMENT, _CORE = "word/document.xml", "docProps/core.xml"
_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"


def write_docx(document: Document) -> bytes:
    """Return ``document`` as a DOCX file."""
    fixed = _fixed(document.style, document.draft)
    own = {
        _CORE: _core_properties(document).encode(),
        _DOCUMENT: b"".join((fixed.head, *_body(document), fixed.tail)),
    }
    return _archive(own, fixed.archive)


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What is the same in every document: the parts packed, the main part around its content."""

    archive: bytes
    head: bytes
    tail: bytes


@lru_cache(maxsize=16)
def _fixed(style: Style, draft: str) -> _Fixed:
    parts = dict(skeleton_of(style, draft))
    head, start, tail = parts.pop(_DOCUMENT).partition(b"<w:body>")
    del parts[_CORE]
    return _Fixed(_archive(parts), head + start, tail)


def _body(document: Document) -> Iterator[bytes]:
    """Yield the document's blocks as UTF-8: tables, the most of it, are never anything else."""
    yield _paragraph("Title", _run(*document.title)).encode()
    style = document.style
    above = f'<w:spacing w:before="{round(style.below_table * style.pitch * TWIPS)}"/>'
    after_table = False
    for item in document.items:
        if isinstance(item, Table):
            yield _table(item, style)
        elif isinstance(item, Heading):
            space = above if after_table else ""
            yield _paragraph(f"Heading{item.level}", _run(item.number + item.text), space).encode()
        else:
            yield _prose(item).encode()
        after_table = isinstance(item, Table)
    yield from map(str.encode, _sign_off(document.sign_off, style))


# Paragraphs


def _paragraph(style: str, runs: str, extra: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{runs}</w:p>'


def _run(*lines: str, style: str = "") -> str:
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f"<w:r>{properties}{'<w:br/>'.join(map(_text, lines))}</w:r>"


def _text(text: str) -> str:
    keep = ' xml:space="preserve"' if text != text.strip() or "  " in text else ""
    return f"<w:t{keep}>{escape(text)}</w:t>"


def _prose(item: Paragraph) -> str:
    """Return a paragraph of prose; a run-in heading is set in its level's typeface."""
    lead = _run(item.lead, style=f"Heading{item.level}Char") if item.lead else ""
    text = _run(item.text) if item.text or not lead else ""
    return f"<w:p>{lead}{text}</w:p>"


def _sign_off(signed: SignOff, style: Style) -> Iterator[str]:
    """Set the office's name and the date (GB/T 9704—2012, 7.3.5.2, without a seal).

    The longer of the two ends where the style says; the date begins behind the name's beginning.
    """
    place = style.sign_off
    behind = (columns(signed.office) - columns(signed.date)) / 2
    from_right = {"office": place.right, "date": place.right}
    if signed.office and signed.date:
        from_right["office"] += max(0.0, place.behind - behind)
        from_right["date"] += max(0.0, behind - place.behind)
    lines, twips = (round(place.above * unit) for unit in (100, style.pitch * TWIPS))
    space = f'<w:spacing w:beforeLines="{lines}" w:before="{twips}"/>'
    for text, role, name in (
        (signed.office, "office", OFFICE),
        (signed.date, "date", DATE),
    ):
        if text:
            indent = f"<w:ind {characters('right', from_right[role], style.fonts['body'])}/>"
            yield _paragraph(name, _run(text), space + indent)
            space = ""


# Tables


def _table(table: Table, style: Style) -> bytes:
    """Return a table: its frame, with a report's figures put in."""
    frame = _frame(table.grid, style, table.title, table.description)
    return frame % tuple(escape(_FIGURE.join(table.values)).encode().split(_FIGURE.encode()))


@lru_cache(maxsize=64)
def _frame(grid: Grid, style: Style, title: str, description: str) -> bytes:
    """Return a table with ``%s`` for each figure; its cells are merged, its widths in twips."""
    widths = _scaled(grid.widths, style)
    height = round(style.row_height * TWIPS)
    beside = round(style.label_indent * TWIPS)
    label = f'<w:ind w:left="{beside}" w:right="{beside}"/><w:jc w:val="left"/>'
    grid_columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = (_row(grid, number, widths, height, label) for number in range(len(grid.slots)))
    title, description = (escape(text, {'"': "&quot;"}) for text in (title, description))
    xml = (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/>'
        f'<w:tblCaption w:val="{title}"/><w:tblDescription w:val="{description}"/></w:tblPr>'
        f"<w:tblGrid>{grid_columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    return xml.replace("%", "%%").replace(_FIGURE, "%s").encode()


_FIGURE = "\0"
"""Marks the place of a figure, and parts figures; no text of a document can hold it."""


def _scaled(widths: tuple[int, ...], style: Style) -> list[int]:
    """Scale relative column widths to the type area, in whole twips that add up to it."""
    room = round(style.room * TWIPS)
    total = sum(widths)
    edges = [round(room * sum(widths[:i]) / total) for i in range(len(widths) + 1)]
    return [after - before for before, after in itertools.pairwise(edges)]


def _row(grid: Grid, number: int, widths: list[int], height: int, label: str) -> str:
    header = "<w:tblHeader/>" if number < grid.header else ""
    half_points = round(grid.size * 2)
    size = f'<w:rPr><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
    together = number < len(grid.slots) - 1  # a table that fits on a page is not split
    cells = []
    for index in dict.fromkeys(grid.slots[number]):
        cell = grid.cells[index]
        width = sum(widths[cell.column : cell.column + cell.columns])
        properties = [f'<w:tcW w:w="{width}" w:type="dxa"/>']
        if cell.columns > 1:
            properties.append(f'<w:gridSpan w:val="{cell.columns}"/>')
        if cell.rows > 1:
            merge = ' w:val="restart"' if cell.row == number else ""
            properties.append(f"<w:vMerge{merge}/>")
        properties.append('<w:vAlign w:val="center"/>')
        left = cell.path is None and number >= grid.header and grid.align == "left"
        paragraph = f'<w:pStyle w:val="{CELL.replace(" ", "")}"/>'
        paragraph += "<w:keepNext/>" * together + label * left
        shown = _FIGURE if cell.path is not None else escape(cell.text)
        run = f"<w:r>{size}<w:t>{shown}</w:t></w:r>" if cell.row == number else ""
        cells.append(
            f"<w:tc><w:tcPr>{''.join(properties)}</w:tcPr>"
            f"<w:p><w:pPr>{paragraph}</w:pPr>{run}</w:p></w:tc>"
        )
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>{header}'
        f"</w:trPr>{''.join(cells)}</w:tr>"
    )


# The archive


def _core_properties(document: Document) -> str:
    """Return the file's properties, all of them from the report: no clock, no user name."""
    return (
        f"{_DECLARATION}<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(''.join(document.title))}</dc:title>"
        f"<dc:creator>{escape(document.office)}</dc:creator>"
        f"<dc:language>{LANGUAGE}</dc:language></cp:coreProperties>"
    )


def _archive(parts: Mapping[str, bytes], start: bytes = b"") -> bytes:
    """Pack the parts in a fixed order with a fixed date, behind those of the archive ``start``."""
    buffer = io.BytesIO(start)
    with zipfile.ZipFile(buffer, "a") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _ARCHIVE_DATE)
            entry.create_system = 0
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, _DEFLATION)
    return buffer.getvalue()
