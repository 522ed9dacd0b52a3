"""What all DOCX files of a form share: styles, page, line grid, page numbers.

It is built once per process with python-docx, from a template stripped of everything a report does
not use. East Asian typefaces, the document grid and odd and even footers have no API in
python-docx: that XML stands here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from generator.setting.table_layout import TWIPS
from generator.values.document import Face, Font, Style

LANGUAGE = "zh-CN"
LATIN_LANGUAGE = "en-US"
"""Of digits and letters: called Chinese, LibreOffice breaks lines within 2.9% and 2024年."""

# Roles of paragraphs → names of styles as Word knows them; headings are Heading 1, 2, …
CELL, OFFICE, DATE = "Table Text", "Signature", "Date"


@lru_cache(maxsize=16)
def skeleton_of(style: Style, draft: str) -> Mapping[str, bytes]:
    """Return the parts of a style's empty document; ``draft`` is the mark on every page."""
    template = docx.Document()
    _drop_leftovers(template)
    _add_styles(template, style)
    _set_page(template, style, draft)
    _add_faces(template, style)
    buffer = io.BytesIO()
    template.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _drop_leftovers(template: Any) -> None:
    """Take out of python-docx's template what no report uses: 790 KB of styles, a thumbnail, …"""
    package = template.part.package
    keep = ("officeDocument", "core-properties", "styles", "settings")
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
        f'<w:lang w:val="{LATIN_LANGUAGE}" w:eastAsia="{LANGUAGE}"/></w:rPr>'
    )


def _add_styles(template: Any, style: Style) -> None:
    """Add the dozen styles of a report, every one with its East Asian typeface and language."""
    styles = template.styles
    fonts = style.fonts
    pitch = round(style.pitch * TWIPS)
    tracking = f'<w:spacing w:val="{round(style.tracking * TWIPS)}"/>'
    line = f'<w:spacing w:before="0" w:after="0" w:line="{pitch}" w:lineRule="exact"/>'
    indented = f"<w:ind {characters('firstLine', style.indent, fonts['body'])}/>"
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
        '<w:widowControl w:val="0"/><w:kinsoku/><w:overflowPunct/><w:autoSpaceDE/><w:autoSpaceDN/>'
    )
    add("Normal", "body", f'{flow}{line}{indented}<w:jc w:val="both"/>', tracking)
    styles["Normal"].element.set(qn("w:default"), "1")
    # Lines of another pitch than the grid's would take one line of the grid, or two: fonts decide.
    off_grid = '<w:snapToGrid w:val="0"/>'
    title_line = round(fonts["title"].size * style.title_pitch * TWIPS)
    title_space = round(style.below_title * style.pitch * TWIPS)
    add(
        "Title",
        "title",
        f'<w:keepNext/>{off_grid}<w:spacing w:before="0" w:after="{title_space}" '
        f'w:line="{title_line}" w:lineRule="exact"/>{flush}<w:jc w:val="center"/>',
    )
    for level in style.levels:
        name = f"Heading {level}"
        outline = f'<w:keepNext/><w:outlineLvl w:val="{level - 1}"/>'
        add(name, f"heading{level}", outline, tracking)
        run_in = styles.add_style(f"{name} Char", WD_STYLE_TYPE.CHARACTER, builtin=True)
        run_in.element.append(parse_xml(_character_format(fonts[f"heading{level}"], tracking)))
    cell_pitch = round(style.table_pitch * TWIPS)
    cell_line = f'<w:spacing w:before="0" w:after="0" w:line="{cell_pitch}" w:lineRule="exact"/>'
    add(CELL, "table", f'<w:keepNext/>{off_grid}{cell_line}{flush}<w:jc w:val="center"/>')
    add(OFFICE, "body", f'<w:keepNext/>{flush}<w:jc w:val="right"/>', tracking)
    add(DATE, "body", f'{flush}<w:jc w:val="right"/>', tracking)
    number_line = round(fonts["page_number"].size * TWIPS)
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
    table.element.append(parse_xml(_character_format(style.fonts["table"])))
    above, beside = (round(margin * TWIPS) for margin in style.cell_margin)
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


def _add_faces(template: Any, style: Style) -> None:
    """Name the typefaces and what may stand for them; without it Word takes 等线 in silence."""
    xml = (
        f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<w:fonts {nsdecls('w')}>"
        f"{''.join(map(_face, style.faces))}</w:fonts>"
    )
    main = template.part
    part = Part(PackURI("/word/fontTable.xml"), CT.WML_FONT_TABLE, xml.encode(), main.package)
    main.relate_to(part, RT.FONT_TABLE)


def _face(face: Face) -> str:
    """Return a typeface's entry, with the best of its substitutes.

    The standard allows a list, Word takes the whole of it for one name ([MS-OE376], altName).
    """
    other_names = f'<w:altName w:val="{face.substitutes[0]}"/>' if face.substitutes else ""
    return (
        f'<w:font w:name="{face.name}">{other_names}<w:charset w:val="{_GB2312}"/>'
        f'<w:family w:val="{face.family}"/><w:pitch w:val="{face.pitch}"/></w:font>'
    )


_GB2312 = "86"
"""The character set of Chinese typefaces, as Windows numbers them."""


def _set_page(template: Any, style: Style, draft: str) -> None:
    """Set the paper, the type area, the line grid, the page numbers and the mark of a draft."""
    section = template.sections[0]
    section.page_width, section.page_height = (Mm(length) for length in style.page)
    top, right, bottom, left = style.margins
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    number = style.fonts["page_number"]
    section.footer_distance = Mm(bottom - style.page_number) - Pt(number.size)
    section.header_distance = Mm(top / 2)
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    # Type linesAndChars makes LibreOffice set every character over two cells: 14 in a line.
    pitch = round(style.pitch * TWIPS)
    properties.append(
        parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{pitch}"/>')
    )
    template.settings.odd_and_even_pages_header_footer = True
    _add_settings(template.settings.element)
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        footer._element.append(_page_number(side, style.page_number_indent, number))
        footer._element.remove(footer._element[0])
    for header in (section.header, section.even_page_header) if draft else ():
        header.is_linked_to_previous = False
        header.paragraphs[0].style = template.styles["Header"]
        header.paragraphs[0].text = draft


def _add_settings(settings: Any) -> None:
    """Say which Word the file is made for; without it Word opens it in compatibility mode."""
    settings.insert(0, parse_xml(f'<w:zoom {nsdecls("w")} w:percent="100"/>'))
    settings.append(
        parse_xml(
            f'<w:compat {nsdecls("w")}><w:compatSetting w:name="compatibilityMode" '
            'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        )
    )
    settings.append(
        parse_xml(
            f'<w:themeFontLang {nsdecls("w")} w:val="{LATIN_LANGUAGE}" w:eastAsia="{LANGUAGE}"/>'
        )
    )


def characters(side: str, count: float, font: Font) -> str:
    """Return the attributes of ``w:ind`` that indent a side by ``count`` characters of a font."""
    return f'w:{side}Chars="{round(count * 100)}" w:{side}="{round(count * font.size * TWIPS)}"'


def _page_number(side: str, indent: float, font: Font) -> Any:
    """Return the line ``— 1 —``, ``indent`` characters from the outer edge."""
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
        f"<w:ind {characters(side, indent, font)}/>"
        f'<w:jc w:val="{side}"/></w:pPr>{field}</w:p>'
    )
