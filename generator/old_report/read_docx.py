"""DOCX, as Word, WPS and LibreOffice write it → lines and raw tables.

The XML is read directly: merged cells from the cells' properties, tracked changes as accepted,
text boxes where they are anchored, numbers that Word generates in front of their paragraphs.
Headers and footers are page furniture and not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from generator.old_report.blocks import (
    MOST_SLOTS,
    PICTURE,
    Block,
    Blocks,
    Kind,
    Line,
    RawCell,
    RawTable,
    Refused,
    integer,
    raised,
)
from generator.old_report.docx_numbering import Numbering
from generator.old_report.docx_parts import WORD, DocxParts

_W = f"{{{WORD}}}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DEEPEST = 60
"""Nesting of elements around a paragraph. Tables within tables within boxes stay below 30."""
_MOST_BLOCKS = 50_000
_WIDEST_SPAN = 100

_GONE = frozenset(f"{_W}{name}" for name in ("del", "moveFrom"))
_OF_PARAGRAPH = frozenset(
    f"{_W}{name}" for name in ("pPr", "rPr", "instrText", "delText", "footnotePr", "sectPr")
)
_LOOKS = {"r": "rPr", "p": "pPr", "tc": "tcPr", "tbl": "tblPr"}
_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-9])( char| 字符)?\Z", re.IGNORECASE)


def read_docx(content: bytes) -> Blocks:
    """Read a DOCX.

    Raises:
        Refused: it is broken, no DOCX, or made to do harm.
    """
    parts = DocxParts(content)
    root = parts.tree(parts.main)
    body = None if root is None else root.find(f"{_W}body")
    if body is None:
        raise Refused("DOCX 文件里没有正文", "用 Word 打开看看；需要时另存为 DOCX 后再导入")
    reader = _DocxReader(
        _Styles(parts.beside("styles.xml")), Numbering(parts.beside("numbering.xml"))
    )
    reader.blocks.items.extend(reader.content(body, 0))
    reader.finish()
    return reader.blocks


@dataclass(frozen=True, slots=True)
class _Style:
    level: int = 0
    number: str = ""
    number_level: int = 0


class _Styles:
    """What the styles say of a paragraph: its heading level, its list."""

    def __init__(self, root: Any | None) -> None:
        self._found: dict[str, _Style] = {}
        self.run_in: set[str] = set()
        self.hidden: set[str] = set()
        based_on: dict[str, str] = {}
        if root is None:
            return
        for style in root.iter(f"{_W}style"):
            name = str(style.get(f"{_W}styleId", ""))
            title = _val(style.find(f"{_W}name"))
            heading = _HEADING_STYLE.match(title)
            if style.get(f"{_W}type") == "character":
                if heading:
                    self.run_in.add(name)
                continue
            level = int(heading[1]) if heading else _outline(style.find(f"{_W}pPr"))
            number, number_level = _list_of(style.find(f"{_W}pPr"))
            self._found[name] = _Style(level, number, number_level)
            based_on[name] = _val(style.find(f"{_W}basedOn"))
        for name in list(self._found):
            self._inherit(name, based_on)

    def _inherit(self, name: str, based_on: dict[str, str]) -> None:
        style, parent = self._found[name], based_on.get(name, "")
        for _ in range(10):
            if parent not in self._found:
                break
            above = self._found[parent]
            style = replace(
                style,
                level=style.level or above.level,
                number=style.number or above.number,
                number_level=style.number_level or above.number_level,
            )
            parent = based_on.get(parent, "")
        self._found[name] = style

    def of(self, name: str) -> _Style:
        return self._found.get(name, _Style())


def _val(element: Any) -> str:
    return "" if element is None else str(element.get(f"{_W}val", ""))


def _is_on(properties: Any, name: str) -> bool:
    """Whether a property that is either on or off is set."""
    found = properties.find(f"{_W}{name}")
    return found is not None and _val(found) not in ("0", "false", "off", "none")


def _is_white(run: Any, properties: Any) -> bool:
    """Whether a run is white and nothing behind it is shaded: nobody sees it."""
    if _val(properties.find(f"{_W}color")).upper() != "FFFFFF":
        return False
    if properties.find(f"{_W}highlight") is not None:
        return False
    around = (run, *run.iterancestors())
    return not any(of is not None and of.find(f"{_W}shd") is not None for of in map(_look, around))


def _look(element: Any) -> Any:
    """Return the properties of a run, a paragraph, a cell or a table."""
    name = str(element.tag).removeprefix(_W)
    return element.find(f"{_W}{_LOOKS[name]}") if name in _LOOKS else None


def _outline(properties: Any) -> int:
    """Return the heading level that paragraph properties give themselves, 0 for body text."""
    if properties is None:
        return 0
    level = integer(_val(properties.find(f"{_W}outlineLvl")), 9)
    return level + 1 if level < 9 else 0


def _list_of(properties: Any) -> tuple[str, int]:
    found = None if properties is None else properties.find(f"{_W}numPr")
    if found is None:
        return "", 0
    return _val(found.find(f"{_W}numId")), integer(_val(found.find(f"{_W}ilvl")))


class _DocxReader:
    """Walks the main part once; recursion is bounded by the nesting of its elements."""

    def __init__(self, styles: _Styles, numbering: Numbering) -> None:
        self.styles = styles
        self.numbering = numbering
        self.blocks = Blocks()
        self.revisions = 0
        self.hidden = 0
        self.white = 0
        self.struck = 0
        self.footnotes = 0
        self.paragraphs = 0
        self.tables = 0
        self.waiting = ""
        """Text of a paragraph whose mark was deleted: it runs on into the next."""

    def finish(self) -> None:
        """Say what was done that the text alone does not show."""
        told = (
            (self.revisions, "处修订（插入、删除、移动）没有接受，按已接受的读"),
            (self.hidden, "处隐藏文字没有读入"),
            (self.white, "处白底上的白字没有读入"),
            (self.struck, "处画了删除线的文字没有读入"),
            (self.footnotes, "条脚注或尾注没有读入，请自行补到正文"),
        )
        for count, message in told:
            if count:
                self.blocks.note(Kind.READING, f"{count} {message}")

    def content(self, parent: Any, depth: int) -> Iterator[Block]:
        """Yield what a body, a cell, a text box or a content control holds."""
        if depth > _DEEPEST:
            raise Refused("DOCX 文件的嵌套深得不正常", "用 Word 打开，把正文复制到新文件后另存")
        for child in parent:
            if child.tag == f"{_W}p":
                yield from self.paragraph(child, depth)
            elif child.tag == f"{_W}tbl":
                yield from self.table(child, depth)
            elif child.tag in _GONE:
                self.revisions += 1
            elif child.tag == f"{_COMPATIBILITY}AlternateContent":
                yield from self.content(_chosen(child), depth + 1)
            elif child.tag not in (f"{_W}sdtPr", f"{_W}sdtEndPr", f"{_W}sectPr", f"{_W}tcPr"):
                self.revisions += child.tag in (f"{_W}ins", f"{_W}moveTo")
                yield from self.content(child, depth + 1)

    def paragraph(self, paragraph: Any, depth: int) -> Iterator[Block]:
        """Yield a paragraph's lines, then what its text boxes hold."""
        self.paragraphs += 1
        if self.paragraphs > _MOST_BLOCKS:
            raise Refused("段落多得不像一份年度报告", "把年度报告单独存为一个 DOCX 后再导入")
        origin = f"第 {self.paragraphs} 段"
        pieces: list[tuple[str, bool]] = []
        boxes: list[Any] = []
        self.runs(paragraph, pieces, boxes, depth)
        properties = paragraph.find(f"{_W}pPr")
        style = self.styles.of("" if properties is None else _val(properties.find(f"{_W}pStyle")))
        text = self.waiting + "".join(piece for piece, _ in pieces)
        if self.runs_on(properties):
            self.waiting = text
        else:
            self.waiting = ""
            number = self.number(properties, style) if text.strip() else ""
            lead = 0
            for piece, run_in in pieces:
                if not run_in:
                    break
                lead += len(piece)
            level = _outline(properties) or style.level
            first, *others = (number + text).split("\n")
            yield Line(first, origin, level, len(number) + lead if lead else 0)
            for other in others:
                yield Line(other, origin, level)
        for box in boxes:
            yield from self.content(box, depth + 1)

    def runs_on(self, properties: Any) -> bool:
        """Whether the paragraph's mark was deleted in a tracked change."""
        mark = None if properties is None else properties.find(f"{_W}rPr")
        deleted = mark is not None and mark.find(f"{_W}del") is not None
        self.revisions += deleted
        return deleted

    def number(self, properties: Any, style: _Style) -> str:
        """Return the number that Word prints before the paragraph."""
        number, level = _list_of(properties)
        if not number:
            number, level = style.number, style.number_level
        return self.numbering.next(number, level) if number not in ("", "0") else ""

    def runs(
        self, parent: Any, pieces: list[tuple[str, bool]], boxes: list[Any], depth: int
    ) -> None:
        """Collect the text below ``parent`` and the text boxes anchored in it."""
        if depth > _DEEPEST:
            raise Refused("DOCX 文件的嵌套深得不正常", "用 Word 打开，把正文复制到新文件后另存")
        for child in parent:
            tag = child.tag
            if tag == f"{_W}r":
                self.run(child, pieces, boxes, depth)
            elif tag in _GONE:
                self.revisions += 1
            elif tag == f"{_COMPATIBILITY}AlternateContent":
                self.runs(_chosen(child), pieces, boxes, depth + 1)
            elif tag == f"{_W}txbxContent":
                boxes.append(child)
            elif tag not in _OF_PARAGRAPH:
                self.revisions += tag in (f"{_W}ins", f"{_W}moveTo")
                self.runs(child, pieces, boxes, depth + 1)

    def run(self, run: Any, pieces: list[tuple[str, bool]], boxes: list[Any], depth: int) -> None:
        """Collect one run: its text, and what is drawn in it."""
        properties = run.find(f"{_W}rPr")
        run_in = is_raised = False
        if properties is not None:
            if _is_on(properties, "strike") or _is_on(properties, "dstrike"):
                self.struck += 1
                return
            is_raised = _val(properties.find(f"{_W}vertAlign")) == "superscript"
            if _is_on(properties, "vanish"):
                self.hidden += 1
                return
            if _is_white(run, properties):
                self.white += 1
                return
            run_in = _val(properties.find(f"{_W}rStyle")) in self.styles.run_in
        for child in run:
            name = child.tag.removeprefix(_W)
            if name == "t":
                text = child.text or ""
                pieces.append((raised(text) if is_raised else text, run_in))
            elif name in ("br", "cr"):
                if child.get(f"{_W}type") not in ("page", "column"):
                    pieces.append(("\n", run_in))
            elif name in ("tab", "ptab"):
                pieces.append(("\t", run_in))
            elif name == "noBreakHyphen":
                pieces.append(("-", run_in))
            elif name in ("footnoteReference", "endnoteReference"):
                self.footnotes += 1
            elif name not in ("rPr", "instrText", "delText"):
                if name in ("drawing", "pict") and child.find(f".//{_W}txbxContent") is None:
                    pieces.append((PICTURE, False))
                chosen = (
                    _chosen(child) if child.tag == f"{_COMPATIBILITY}AlternateContent" else child
                )
                self.runs(chosen, pieces, boxes, depth + 1)

    # Tables

    def table(self, table: Any, depth: int) -> Iterator[Block]:
        """Yield a table; one that holds tables, or a single column, is only layout."""
        rows = [row for row in _wrapped(table, "tr", depth) if not self.deleted(row)]
        cells = [list(_wrapped(row, "tc", depth)) for row in rows]
        inner = [[list(self.content(cell, depth + 1)) for cell in row] for row in cells]
        nested = any(isinstance(b, RawTable) for row in inner for c in row for b in c)
        if nested or all(len(row) < 2 for row in cells):
            for row in inner:
                for cell in row:
                    yield from cell
            return
        self.tables += 1
        yield RawTable(tuple(_cells(rows, cells, inner)), f"表格 {self.tables}")

    def deleted(self, row: Any) -> bool:
        """Whether a tracked change deletes the row."""
        properties = row.find(f"{_W}trPr")
        gone = properties is not None and properties.find(f"{_W}del") is not None
        self.revisions += gone
        return gone


def _wrapped(parent: Any, name: str, depth: int) -> Iterator[Any]:
    """Yield a table's rows or a row's cells, also those within content controls."""
    if depth > _DEEPEST:
        return
    for child in parent:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins"):
            yield from _wrapped(child, name, depth + 1)


def _chosen(alternatives: Any) -> Any:
    """Return one of the alternatives that say the same: the first choice, else the fallback."""
    for name in ("Choice", "Fallback"):
        found = alternatives.find(f"{_COMPATIBILITY}{name}")
        if found is not None:
            return found
    return ()


def _cells(
    rows: list[Any], cells: list[list[Any]], inner: list[list[list[Block]]]
) -> Iterator[RawCell]:
    """Lay out a table's cells by the grid columns they span; merged ones become one."""
    open_cells: dict[tuple[int, int], int] = {}
    found: list[RawCell] = []
    for number, row in enumerate(rows):
        column = _grid_offset(row)
        merged: dict[tuple[int, int], int] = {}
        for cell, content in zip(cells[number], inner[number], strict=True):
            properties = cell.find(f"{_W}tcPr")
            span, merge = _merge_of(properties)
            text = "\n".join(block.text for block in content if isinstance(block, Line)).strip()
            index = open_cells.get((column, span)) if merge == "continue" else None
            if index is None:
                index = len(found)
                found.append(RawCell(number, column, 1, span, text))
            else:
                above = found[index]
                more = f"\n{text}" if text and text != above.text else ""
                found[index] = replace(above, rows=above.rows + 1, text=above.text + more)
            if merge:
                merged[column, span] = index
            column += span
        open_cells = merged
    if sum(cell.rows * cell.columns for cell in found) > MOST_SLOTS:
        raise Refused("有一个表格大得不像年度报告里的表", "删去无关的表格，另存后再导入")
    yield from found


def _grid_offset(row: Any) -> int:
    properties = row.find(f"{_W}trPr")
    skipped = None if properties is None else properties.find(f"{_W}gridBefore")
    return min(integer(_val(skipped)), _WIDEST_SPAN)


def _merge_of(properties: Any) -> tuple[int, str]:
    """Return how many columns a cell spans, and its part in a vertical merge."""
    if properties is None:
        return 1, ""
    span = integer(_val(properties.find(f"{_W}gridSpan")), 1)
    vertical = properties.find(f"{_W}vMerge")
    merge = "" if vertical is None else _val(vertical) or "continue"
    return min(max(span, 1), _WIDEST_SPAN), merge
