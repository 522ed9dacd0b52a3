"""Document → DOCX bytes, with python-docx.

What all reports of a form share, the skeleton and the tables' frames, is built once per process; a
report copies it, fills in its figures and adds its prose. The same document gives the same bytes on
any day.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from generator.document import Document, Grid, Heading, Paragraph, Style, Table
from generator.docx_skeleton import CELL, DATE, LANGUAGE, OFFICE, skeleton_of
from generator.width import columns

TWIPS_PER_MM = 1440 / 25.4
# The oldest date a ZIP archive can carry: the clock is not an input.
_ARCHIVE_DATE = (1980, 1, 1, 0, 0, 0)
_DOCUMENT, _CORE = "word/document.xml", "docProps/core.xml"


def write_docx(document: Document) -> bytes:
    """Return ``document`` as a DOCX file."""
    skeleton = skeleton_of(document.style, document.draft)
    root = deepcopy(skeleton.root)
    body = root[0]
    end = body[-1]  # the section's properties come last
    add = end.addprevious
    add(_lines("Title", document.title))
    after_table = False
    for item in document.items:
        if isinstance(item, Table):
            add(_table(item, document.style))
        elif isinstance(item, Heading):
            add(_heading(item, after_table))
        elif item.kind == "body":
            add(_body(item))
        after_table = isinstance(item, Table)
    for paragraph in _sign_off([i for i in document.items if isinstance(i, Paragraph)]):
        add(paragraph)
    parts = dict(skeleton.parts)
    parts[_DOCUMENT] = _serialised(root)
    parts[_CORE] = _core_properties(document)
    return _archive(parts)


# Paragraphs


@lru_cache(maxsize=64)
def _prototype(style: str) -> Any:
    return parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr></w:p>'
        if style
        else f"<w:p {nsdecls('w')}/>"
    )


def _paragraph(style: str, text: str) -> Any:
    paragraph = deepcopy(_prototype(style))
    paragraph.append(_run(text))
    return paragraph


def _heading(item: Heading, after_table: bool) -> Any:
    paragraph = _paragraph(f"Heading{item.level}", item.number + item.text)
    if after_table:
        paragraph[0].append(parse_xml(_SPACE_ABOVE))
    return paragraph


_SPACE_ABOVE = f'<w:spacing {nsdecls("w")} w:before="290"/>'


def _run(text: str, style: str = "") -> Any:
    run = OxmlElement("w:r")
    if style:
        properties = OxmlElement("w:rPr")
        named = OxmlElement("w:rStyle")
        named.set(qn("w:val"), style)
        properties.append(named)
        run.append(properties)
    run.append(_text(text))
    return run


def _text(text: str) -> Any:
    element = OxmlElement("w:t")
    element.text = text
    if text != text.strip() or "  " in text:
        element.set(qn("xml:space"), "preserve")
    return element


def _body(item: Paragraph) -> Any:
    """Return a paragraph of prose; a run-in heading is set in its level's typeface."""
    if not item.lead:
        return _paragraph("", item.text)
    paragraph = deepcopy(_prototype(""))
    paragraph.append(_run(item.lead, f"Heading{item.level}Char"))
    if item.text:
        paragraph.append(_run(item.text))
    return paragraph


def _lines(style: str, lines: tuple[str, ...]) -> Any:
    paragraph = deepcopy(_prototype(style))
    run = OxmlElement("w:r")
    for index, line in enumerate(lines):
        if index:
            run.append(OxmlElement("w:br"))
        run.append(_text(line))
    paragraph.append(run)
    return paragraph


def _sign_off(paragraphs: list[Paragraph]) -> list[Any]:
    """Set the office's name and the date (GB/T 9704—2012, 7.3.5.2, without a seal).

    The longer of the two stands two characters from the right; the date begins two characters
    behind the beginning of the name.
    """
    signed: dict[str, str] = {p.kind: p.text for p in paragraphs if p.kind != "body"}
    name, date = signed.get("office", ""), signed.get("date", "")
    behind = (columns(name) - columns(date)) / 2
    from_right = {"office": 2.0, "date": 2.0}
    if name and date:
        from_right = {"office": max(2.0, 4 - behind), "date": max(2.0, behind)}
    made: list[Any] = []
    for kind, style in (("office", OFFICE), ("date", DATE)):
        if not signed.get(kind):
            continue
        paragraph = _paragraph(style, signed[kind])
        indent = OxmlElement("w:ind")
        indent.set(qn("w:rightChars"), str(round(from_right[kind] * 100)))
        indent.set(qn("w:right"), str(round(from_right[kind] * 320)))
        paragraph[0].append(indent)
        if not made:
            paragraph[0].insert(1, parse_xml(_LINE_ABOVE))
        made.append(paragraph)
    return made


_LINE_ABOVE = f'<w:spacing {nsdecls("w")} w:beforeLines="100" w:before="579"/>'


# Tables


def _table(table: Table, style: Style) -> Any:
    """Copy the frame of a table and put a report's figures into it."""
    frame = deepcopy(_frame(table.grid, style, table.title, table.description))
    figures = iter(table.values)
    for text in frame.iter(qn("w:t")):
        if text.text is None:
            text.text = next(figures)
    return frame


@lru_cache(maxsize=64)
def _frame(grid: Grid, style: Style, title: str, description: str) -> Any:
    """Build a table without its figures: merged cells, repeated header, widths in twips."""
    widths = _scaled(grid.widths, style)
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/>'
        "<w:tblCaption/><w:tblDescription/></w:tblPr><w:tblGrid/></w:tbl>"
    )
    properties, columns_ = table[0], table[1]
    for element, text in zip(list(properties)[-2:], (title, description), strict=True):
        element.set(qn("w:val"), text)
    for width in widths:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(width))
        columns_.append(column)
    height = round(style.row_height * 20)
    for number in range(len(grid.slots)):
        table.append(_row(grid, number, widths, height))
    return table


# A row's label stands a little away from the border.
_LABEL = '<w:ind w:left="40" w:right="40"/><w:jc w:val="left"/>'


def _scaled(widths: tuple[int, ...], style: Style) -> list[int]:
    """Scale relative column widths to the type area, in whole twips that add up to it."""
    room = round((style.page[0] - style.margins[1] - style.margins[3]) * TWIPS_PER_MM)
    total = sum(widths)
    edges = [round(room * sum(widths[:i]) / total) for i in range(len(widths) + 1)]
    return [after - before for before, after in itertools.pairwise(edges)]


def _row(grid: Grid, number: int, widths: list[int], height: int) -> Any:
    header = "<w:tblHeader/>" if number < grid.header else ""
    row = parse_xml(
        f'<w:tr {nsdecls("w")}><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" '
        f'w:hRule="atLeast"/>{header}</w:trPr></w:tr>'
    )
    half_points = round(grid.size * 2)
    size = f'<w:rPr><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
    together = number < len(grid.slots) - 1  # a table that fits on a page is not split
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
        paragraph += "<w:keepNext/>" * together + _LABEL * left
        text = f"<w:r>{size}<w:t/></w:r>" if cell.row == number else ""
        element = parse_xml(
            f"<w:tc {nsdecls('w')}><w:tcPr>{''.join(properties)}</w:tcPr>"
            f"<w:p><w:pPr>{paragraph}</w:pPr>{text}</w:p></w:tc>"
        )
        if cell.path is None and cell.row == number:
            next(element.iter(qn("w:t"))).text = cell.text
        row.append(element)
    return row


# The archive


def _core_properties(document: Document) -> bytes:
    """Return the file's properties, all of them from the report: no clock, no user name."""
    namespaces = (
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    root = parse_xml(
        f"<cp:coreProperties {namespaces}><dc:title/><dc:creator/><dc:language/>"
        "</cp:coreProperties>"
    )
    for element, text in zip(
        root, ("".join(document.title), document.office, LANGUAGE), strict=True
    ):
        element.text = text
    return _serialised(root)


def _serialised(root: Any) -> bytes:
    from lxml import etree

    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def _archive(parts: Mapping[str, bytes]) -> bytes:
    """Pack the parts in a fixed order with a fixed date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _ARCHIVE_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, content)
    return buffer.getvalue()
