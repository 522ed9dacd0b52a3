"""Document → DOCX bytes, with python-docx.

What all reports of a form share (styles, page, page numbers, the tables' frames) is built once per
process; a report copies it, fills in its figures and adds its prose. East Asian typefaces, the
document grid, odd and even footers and repeated header rows have no API in python-docx: that XML
stands here and nowhere else. The same document gives the same bytes on any day.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from generator.document import Document, Font, Grid, Heading, Paragraph, Style, Table
from generator.width import columns

TWIPS_PER_MM = 1440 / 25.4
LANGUAGE = "zh-CN"
# The oldest date a ZIP archive can carry: the clock is not an input.
_ARCHIVE_DATE = (1980, 1, 1, 0, 0, 0)
_DOCUMENT, _CORE = "word/document.xml", "docProps/core.xml"

# Role of a paragraph → the style's name, as Word knows it, and its identifier.
_HEADINGS = {level: f"Heading {level}" for level in (1, 2, 3, 4)}
_CELL, _OFFICE, _DATE = "Table Text", "Signature", "Date"


def write_docx(document: Document) -> bytes:
    """Return ``document`` as a DOCX file."""
    skeleton = _skeleton(document.style, document.draft)
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


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """An empty document of a style: the tree of its main part, and all its parts as bytes."""

    root: Any
    parts: Mapping[str, bytes]


@lru_cache(maxsize=16)
def _skeleton(style: Style, draft: str) -> _Skeleton:
    template = docx.Document()
    _drop_leftovers(template)
    _add_styles(template, style)
    _set_page(template, style, draft)
    buffer = io.BytesIO()
    template.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return _Skeleton(template.element, parts)


def _drop_leftovers(template: Any) -> None:
    """Take out of python-docx's template what no report uses: 790 KB of styles, a thumbnail, …"""
    package = template.part.package
    keep = ("officeDocument", "core-properties", "styles", "settings", "fontTable")
    for relations in (package.rels, template.part.rels):
        for name, relation in list(relations.items()):
            if not relation.reltype.endswith(keep):
                del relations[name]
    styles = template.styles.element
    for child in list(styles):
        styles.remove(child)
    body = template.element.body
    for child in list(body)[:-1]:
        body.remove(child)
    settings = template.settings.element
    for child in list(settings):
        settings.remove(child)


def _fonts(font: Font) -> str:
    return (
        f'<w:rFonts w:ascii="{font.latin}" w:hAnsi="{font.latin}" '
        f'w:eastAsia="{font.east_asian}" w:cs="{font.latin}"/>'
    )


def _character_format(font: Font, extra: str = "") -> str:
    bold = "<w:b/>" if font.bold else ""
    size = round(font.size * 2)
    return (
        f"<w:rPr {nsdecls('w')}>{_fonts(font)}{bold}{extra}"
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        f'<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="{LANGUAGE}"/></w:rPr>'
    )


def _add_styles(template: Any, style: Style) -> None:
    """Add the dozen styles of a report, every one with its East Asian typeface and language."""
    styles = template.styles
    fonts = style.fonts
    pitch = round(style.pitch * 20)
    tracking = f'<w:spacing w:val="{round(style.tracking * 20)}"/>'
    line = f'<w:spacing w:before="0" w:after="0" w:line="{pitch}" w:lineRule="exact"/>'
    indent = round(2 * fonts["body"].size * 20)
    indented = f'<w:ind w:firstLineChars="200" w:firstLine="{indent}"/>'
    flush = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
    styles.element.append(
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault>{_character_format(fonts['body'])}"
            "</w:rPrDefault><w:pPrDefault><w:pPr/></w:pPrDefault></w:docDefaults>"
        )
    )

    def add(
        name: str, role: str, paragraph: str, character: str = "", based_on: str = "Normal"
    ) -> None:
        kind = WD_STYLE_TYPE.PARAGRAPH
        added = styles.add_style(name, kind, builtin=True)
        if name != based_on:
            added.base_style = styles[based_on]
        added.quick_style = True
        added.element.append(parse_xml(f"<w:pPr {nsdecls('w')}>{paragraph}</w:pPr>"))
        added.element.append(parse_xml(_character_format(fonts[role], character)))

    flow = (
        '<w:widowControl w:val="0"/><w:kinsoku/><w:overflowPunct/>'
        '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
    )
    add("Normal", "body", f'{flow}{line}{indented}<w:jc w:val="both"/>', tracking)
    styles["Normal"].element.set(qn("w:default"), "1")
    title_line = round(fonts["title"].size * 1.6 * 20)
    add(
        "Title",
        "title",
        f'<w:keepNext/><w:spacing w:before="0" w:after="{pitch}" w:line="{title_line}" '
        f'w:lineRule="exact"/>{flush}<w:jc w:val="center"/>',
    )
    for level, name in _HEADINGS.items():
        outline = f'<w:keepNext/><w:outlineLvl w:val="{level - 1}"/>'
        add(name, f"heading{level}", outline, tracking)
        run_in = styles.add_style(f"Heading {level} Char", WD_STYLE_TYPE.CHARACTER, builtin=True)
        run_in.element.append(parse_xml(_character_format(fonts[f"heading{level}"], tracking)))
    cell_line = '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
    off_grid = '<w:snapToGrid w:val="0"/>'  # else every line of a cell takes a line of body text
    add(_CELL, "table", f'{off_grid}{cell_line}{flush}<w:jc w:val="center"/>')
    add(_OFFICE, "body", f'<w:keepNext/>{flush}<w:jc w:val="right"/>', tracking)
    add(_DATE, "body", f'{flush}<w:jc w:val="right"/>', tracking)
    number_line = round(fonts["page_number"].size * 20)
    number = (
        f'<w:spacing w:before="0" w:after="0" w:line="{number_line}" w:lineRule="exact"/>{flush}'
    )
    add("Footer", "page_number", number)
    add("Header", "draft", f'{number}<w:jc w:val="center"/>', '<w:color w:val="C00000"/>')
    _add_table_style(styles, style)


def _add_table_style(styles: Any, style: Style) -> None:
    table = styles.add_style("Table Grid", WD_STYLE_TYPE.TABLE, builtin=True)
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    above, beside = (round(margin * 20) for margin in style.cell_margin)
    margins = "".join(
        f'<w:{side} w:w="{margin}" w:type="dxa"/>'
        for side, margin in (("top", above), ("left", beside), ("bottom", above), ("right", beside))
    )
    table.element.append(
        parse_xml(
            f"<w:tblPr {nsdecls('w')}><w:tblBorders>{edges}</w:tblBorders>"
            f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        )
    )


def _set_page(template: Any, style: Style, draft: str) -> None:
    """Set the paper, the type area, the line grid, the page numbers and the mark of a draft."""
    section = template.sections[0]
    section.page_width, section.page_height = (Mm(length) for length in style.page)
    top, right, bottom, left = style.margins
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    number = style.fonts["page_number"].size
    section.footer_distance = Mm(bottom - style.page_number) - Pt(number)
    section.header_distance = Mm(top / 2)
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    # Type linesAndChars makes LibreOffice set every character over two cells: 14 in a line.
    pitch = round(style.pitch * 20)
    properties.append(
        parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{pitch}"/>')
    )
    template.settings.odd_and_even_pages_header_footer = True
    _zoom_and_language(template.settings.element)
    character = round(number * 20)
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        footer._element.append(_page_number(side, character))
        footer._element.remove(footer._element[0])
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        header.paragraphs[0].style = template.styles["Header"]
        header.paragraphs[0].text = draft


def _zoom_and_language(settings: Any) -> None:
    settings.insert(0, parse_xml(f'<w:zoom {nsdecls("w")} w:percent="100"/>'))
    settings.append(
        parse_xml(f'<w:themeFontLang {nsdecls("w")} w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}"/>')
    )


def _page_number(side: str, character: int) -> Any:
    """Return the line ``— 1 —``, one character (``character`` twips) from the outer edge."""
    field = "".join(
        f"<w:r>{content}</w:r>"
        for content in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    return parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Footer"/>'
        f'<w:ind w:{side}Chars="100" w:{side}="{character}"/>'
        f'<w:jc w:val="{side}"/></w:pPr>{field}</w:p>'
    )


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
    for kind, style in (("office", _OFFICE), ("date", _DATE)):
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
        paragraph = f'<w:pStyle w:val="{_CELL.replace(" ", "")}"/>'
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
