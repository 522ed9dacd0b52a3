"""PDF → lines of text in which every word stands in its column, page by page.

Only positions are taken from the file: ``read_text`` and what follows read the lines as they read
any text with columns. Needs the extra ``pdf-import`` (pypdfium2).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generator.old_report.blocks import Refused
from generator.system.extras import install_line
from generator.values.width import columns

_MOST_PAGES = 100
_MOST_CHARACTERS = 300_000
_FEWEST_CHARACTERS = 100
"""Characters of a report at least; a scan has none, or a stamp's."""
_SAME_LINE = 0.4
"""Share of a character's size by which those of a line may stand higher or lower."""
_GAP = 0.45
"""Share of a character's size that parts two words; between 汉字 and digits there is 0.25."""
_WIDEST = 400
_THIN = 2.0
"""A rule is narrower than this, in pt, and higher."""
_MOST_RULES = 20_000
_PATH = 2
"""PDFium's FPDF_PAGEOBJ_PATH."""

_WITH_WORD = "用 Word 或 WPS 打开这个 PDF，「另存为」DOCX，核对表格后再导入"
_SCANNED = "找当时的 Word 原文（DOCX）或网页（HTML）；只有扫描件的，先做文字识别，核对后另存为 DOCX"


@dataclass(frozen=True, slots=True)
class _Character:
    """A character, where it stands and its size in pt; ``foot`` is its line above the page's."""

    text: str
    left: float
    right: float
    foot: float
    size: float


@dataclass(frozen=True, slots=True)
class _Rule:
    """A vertical line between cells: where it stands, its foot and its head, in pt."""

    at: float
    foot: float
    head: float


@dataclass(frozen=True, slots=True)
class _Page:
    """What is taken from a page."""

    characters: list[_Character]
    rules: list[_Rule]


def text_of_pdf(content: bytes) -> str:
    """Return the text of a PDF, pages parted by form feeds.

    Raises:
        Refused: the extra is missing, the file is broken, locked, scanned or far too large.
    """
    pages = list(_pages(content))
    if sum(len(page.characters) for page in pages) < _FEWEST_CHARACTERS:
        raise Refused("这个 PDF 是扫描件：页面是图片，没有文字", _SCANNED)
    return "\f".join("\n".join(_lines(page)) for page in pages)


def _pages(content: bytes) -> Iterator[_Page]:
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
            yield _Page(list(_characters(text)), list(_rules(page)))
    finally:
        document.close()


def _characters(page: Any) -> Iterator[_Character]:
    """Yield what a page writes. Boxes drawn tight around a comma say nothing: its origin counts."""
    from ctypes import byref, c_double

    from pypdfium2 import raw

    x, y, matrix = c_double(), c_double(), raw.FS_MATRIX()
    for index in range(page.count_chars()):
        text = page.get_text_range(index, 1)
        if not text.strip() or not raw.FPDFText_GetCharOrigin(page, index, byref(x), byref(y)):
            continue
        raw.FPDFText_GetMatrix(page, index, byref(matrix))
        size = raw.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d)
        right = page.get_charbox(index, loose=True)[2]
        if columns(text) > 1:
            right = max(right, x.value + size)
        if size > 0:
            yield _Character(text, x.value, right, y.value, size)


def _rules(page: Any) -> Iterator[_Rule]:
    """Yield the thin upright strokes and boxes of a page; most programs draw borders so."""
    for count, element in enumerate(page.get_objects(filter=[_PATH], max_depth=3)):
        if count > _MOST_RULES:
            return
        left, bottom, right, top = element.get_bounds()
        if right - left < _THIN < top - bottom:
            yield _Rule((left + right) / 2, bottom, top)


def _lines(page: _Page) -> Iterator[str]:
    """Yield the lines of a page from the top; a column is half a 汉字 wide."""
    if not page.characters:
        return
    unit = statistics.median(c.size for c in page.characters) / 2
    margin = min(c.left for c in page.characters)
    for line in _by_line(page.characters):
        rules = [
            rule.at
            for rule in page.rules
            if rule.foot < line[0].foot + line[0].size / 3 < rule.head
        ]
        written = ""
        before = -unit * 10
        for character in sorted(line, key=lambda c: c.left):
            is_apart = character.left - before > _GAP * character.size or any(
                before - _THIN < rule < character.left + _THIN for rule in rules
            )
            if is_apart:
                column = min(_WIDEST, round((character.left - margin) / unit))
                written += " " * max(column - len(written), 1 if written else 0)
            written += character.text
            before = character.right
        yield written


def _by_line(characters: Sequence[_Character]) -> list[list[_Character]]:
    lines: list[list[_Character]] = []
    for character in sorted(characters, key=lambda c: -c.foot):
        if lines and abs(lines[-1][0].foot - character.foot) < _SAME_LINE * character.size:
            lines[-1].append(character)
        else:
            lines.append([character])
    return lines
