"""Document → PDF by Typst: the page of the DOCX, tagged (PDF/UA-1) and made to last (PDF/A-2a).

One fixed template sets every report; the report is data to it. The same document gives the same
bytes on any day. A character that no typeface has is an error, never an empty box.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from generator.setting.pdf_headers import with_headers
from generator.setting.signature import distances
from generator.setting.table_layout import TWIPS, Layout, layout_of
from generator.setting.typefaces import Typefaces
from generator.values.document import (
    Document,
    Heading,
    Item,
    Paragraph,
    Style,
    Table,
)
from generator.values.grid import Cell

LANGUAGE = ("zh", "cn")
_STANDARDS: list[Any] = ["ua-1", "a-2a"]
_NOT_DISPLAYED = re.compile(r'the text `"(.+?)"` could not be displayed with font `"(.+?)"`')
_END_OF_YEAR = (12, 31)
"""Month and day of a report that is not dated: PDF/A asks for a date, the clock is no input."""


_AS_IT_IS = (
    "page",
    "margins",
    "pitch",
    "tracking",
    "indent",
    "title_pitch",
    "below_title",
    "above_table",
    "below_table",
    "page_number",
    "page_number_indent",
)
"""What the template takes from a style by the same name."""


class Undisplayable(Exception):
    """Characters that the typefaces lack, each with the typeface that was to show it."""

    def __init__(self, missing: tuple[tuple[str, str], ...]) -> None:
        """Carry what is missing."""
        super().__init__("、".join(f"{text}（{font}）" for text, font in missing))
        self.missing = missing


def write_pdf(document: Document, typefaces: Typefaces) -> bytes:
    """Return ``document`` as a PDF.

    Raises:
        NoTypeface: none of the style's typefaces or their substitutes is there.
        Undisplayable: a character is in none of them.
    """
    data = json.dumps(_data(document, typefaces), ensure_ascii=False)
    try:
        content = _compiler(typefaces).compile(
            format="pdf", sys_inputs={"report": data}, pdf_standards=_STANDARDS, timestamp=0
        )
    except typst.TypstError as error:
        missing = tuple(dict.fromkeys(_NOT_DISPLAYED.findall(error.diagnostic)))
        if missing:
            raise Undisplayable(missing) from error
        raise
    assert isinstance(content, bytes)
    grids = [item.grid for item in document.items if isinstance(item, Table)]
    return with_headers(content, grids)


@lru_cache(maxsize=4)
def _compiler(typefaces: Typefaces) -> typst.Compiler:
    """Return a typesetter that has read the template and the typefaces once."""
    template = Path(__file__).parent / "page" / "report.typ"
    return typst.Compiler(template, font_paths=typefaces.fonts, ignore_system_fonts=True)


def _data(document: Document, typefaces: Typefaces) -> dict[str, Any]:
    """Return what the template is to set, as plain values."""
    style, signed = document.style, document.sign_off
    lines = zip((signed.office, signed.date), distances(signed, style), strict=True)
    return {
        "language": LANGUAGE,
        "title": document.title,
        "office": document.office,
        "date": _date(document),
        "draft": document.draft,
        "items": [_item(item, style) for item in document.items],
        "signature": [{"text": text, "right": right} for text, right in lines if text],
        "style": _style(style, typefaces),
    }


def _date(document: Document) -> tuple[int, ...]:
    if document.sign_off.day:
        return tuple(int(part) for part in document.sign_off.day.split("-"))
    return document.year, *_END_OF_YEAR


def _style(style: Style, typefaces: Typefaces) -> dict[str, Any]:
    found = typefaces.found(style)
    fonts = {
        role: {
            "families": tuple(dict.fromkeys((*found[font.latin], *found[font.east_asian]))),
            "size": font.size,
            "bold": font.bold,
        }
        for role, font in style.fonts.items()
    }
    return {
        **{name: getattr(style, name) for name in _AS_IT_IS},
        "sign_off": {"above": style.sign_off.above},
        "fonts": fonts,
    }


def _item(item: Item, style: Style) -> dict[str, Any]:
    if isinstance(item, Heading):
        return {"kind": "heading", "level": item.level, "text": item.number + item.text}
    if isinstance(item, Paragraph):
        return {"kind": "paragraph", "lead": item.lead, "level": item.level, "text": item.text}
    return _table(item, layout_of(item.grid, style))


def _table(table: Table, layout: Layout) -> dict[str, Any]:
    grid, style = table.grid, layout.style
    size = layout.size_of(table.values)
    figures = iter(table.values)
    cells = [_cell(layout, index, cell, size) for index, cell in enumerate(grid.cells)]
    for cell, entry in zip(grid.cells, cells, strict=True):
        if cell.path is not None:
            entry["lines"] = [next(figures)]
    heights = [height / TWIPS for height in layout.heights]
    head = sum(cell.row < grid.header for cell in grid.cells)
    return {
        "kind": "table",
        "widths": [width / TWIPS for width in layout.widths],
        "heights": heights,
        "leading": style.table_pitch - grid.size,
        "size": grid.size,
        "whole": layout.fits_page,
        "head": cells[:head],
        "body": cells[head:],
    }


def _cell(layout: Layout, index: int, cell: Cell, figure_size: float) -> dict[str, Any]:
    flush = layout.is_flush(cell)
    style = layout.style
    return {
        "rows": cell.rows,
        "columns": cell.columns,
        "flush": flush,
        "beside": style.cell_margin[1] + (style.label_indent if flush else 0),
        "size": layout.grid.size if cell.path is None else figure_size,
        "lines": layout.lines[index],
    }
