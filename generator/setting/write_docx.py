"""Document → DOCX bytes.

What all reports of a form share is made once per process: the skeleton (styles, page, page numbers)
by python-docx, the tables' frames here. A report puts its own texts between them, escaped in one
place; no tree is copied or walked. The same document gives the same bytes on any day.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

from generator.setting.docx_skeleton import (
    DATE,
    LANGUAGE,
    OFFICE,
    characters,
    skeleton_of,
)
from generator.setting.docx_table import table_xml
from generator.setting.signature import distances
from generator.setting.table_layout import TWIPS
from generator.values.document import Document, Heading, Paragraph, SignOff, Style, Table

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
    return _archive(own, fixed)


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What is the same in every document: the parts packed, the main part around its content."""

    packed: bytes
    entries: tuple[zipfile.ZipInfo, ...]
    head: bytes
    tail: bytes


@lru_cache(maxsize=16)
def _fixed(style: Style, draft: str) -> _Fixed:
    parts = dict(skeleton_of(style, draft))
    head, start, tail = parts.pop(_DOCUMENT).partition(b"<w:body>")
    del parts[_CORE]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _pack(archive, parts)
        packed = buffer.getvalue()  # without the directory, which is written at the end
        return _Fixed(packed, tuple(archive.infolist()), head + start, tail)


def _body(document: Document) -> Iterator[bytes]:
    """Yield the document's blocks as UTF-8: tables, the most of it, are never anything else."""
    yield _paragraph("Title", _run(*document.title)).encode()
    style = document.style
    signed = bool(document.sign_off.office or document.sign_off.date)
    around = (None, *document.items, None)
    for before, item, after in zip(around, document.items, around[2:], strict=False):
        keep = signed and after is None
        if isinstance(item, Table):
            yield table_xml(item, style, keep=keep)
        elif isinstance(item, Heading):
            space = _space(style, isinstance(before, Table), isinstance(after, Table))
            yield _paragraph(f"Heading{item.level}", _run(item.number + item.text), space).encode()
        else:
            yield _prose(item, keep=keep, last=after is None).encode()
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


@lru_cache(maxsize=64)
def _space(style: Style, after_table: bool, before_table: bool) -> str:
    """Return the white space that parts a heading from the tables around it."""
    space = ""
    if after_table:
        space += f' w:before="{round(style.below_table * style.pitch * TWIPS)}"'
    if before_table:
        space += f' w:after="{round(style.above_table * style.pitch * TWIPS)}"'
    return f"<w:spacing{space}/>" if space else ""


def _prose(item: Paragraph, *, keep: bool, last: bool) -> str:
    """Return a paragraph of prose; a run-in heading is set in its level's typeface.

    ``keep`` it on the page of what follows: no sign-off stands alone on a page. The ``last`` of all
    leaves no single line for the last page; elsewhere that would leave pages of fewer lines.
    """
    lead = _run(item.lead, style=f"Heading{item.level}Char") if item.lead else ""
    text = _run(item.text) if item.text or not lead else ""
    properties = "<w:keepNext/>" * keep + "<w:widowControl/>" * last + _FLUSH * item.flush
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{lead}{text}</w:p>"


_FLUSH = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'


def _sign_off(signed: SignOff, style: Style) -> Iterator[str]:
    """Set the office's name and the date."""
    place = style.sign_off
    office, date = distances(signed, style)
    lines, twips = (round(place.above * unit) for unit in (100, style.pitch * TWIPS))
    space = f'<w:spacing w:beforeLines="{lines}" w:before="{twips}"/>'
    for text, from_right, name in (
        (signed.office, office, OFFICE),
        (signed.date, date, DATE),
    ):
        if text:
            indent = f"<w:ind {characters('right', from_right, style.fonts['body'])}/>"
            yield _paragraph(name, _run(text), space + indent)
            space = ""


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


def _archive(parts: Mapping[str, bytes], fixed: _Fixed) -> bytes:
    """Pack the parts behind those that are packed once and for all."""
    buffer = io.BytesIO(fixed.packed)
    buffer.seek(0, io.SEEK_END)
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.infolist().extend(fixed.entries)
        _pack(archive, parts)
    return buffer.getvalue()


def _pack(archive: zipfile.ZipFile, parts: Mapping[str, bytes]) -> None:
    """Pack the parts in a fixed order with a fixed date."""
    for name, content in parts.items():
        entry = zipfile.ZipInfo(name, _ARCHIVE_DATE)
        entry.create_system = 0
        archive.writestr(entry, content, zipfile.ZIP_DEFLATED, _DEFLATION)
