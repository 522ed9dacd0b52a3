"""A statutory table in WordprocessingML, its lines and heights as planned in ``table_layout``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

from generator.setting.docx_skeleton import CELL
from generator.setting.table_layout import FIGURE, TWIPS, Layout, layout_of
from generator.values.document import Style, Table
from generator.values.grid import Cell


def table_xml(table: Table, style: Style, *, keep: bool) -> bytes:
    """Return a table: its frame, with a report's figures put in.

    ``keep`` its end on the page of what follows.
    """
    layout = layout_of(table.grid, style)
    frame = _frame(layout, table.title, table.description, layout.size_of(table.values), keep)
    if not table.values:
        return frame % ()
    return frame % tuple(escape(FIGURE.join(table.values)).encode().split(FIGURE.encode()))


@lru_cache(maxsize=256)
def _frame(layout: Layout, title: str, description: str, size: float, keep: bool) -> bytes:
    """Return a table with ``%s`` for each figure, which are set in ``size``."""
    widths = layout.widths
    grid_columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_Row(layout, row, size, keep).xml() for row in range(len(layout.grid.slots)))
    title, description = (escape(text, {'"': "&quot;"}) for text in (title, description))
    xml = (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/>'
        f'<w:tblCaption w:val="{title}"/><w:tblDescription w:val="{description}"/></w:tblPr>'
        f"<w:tblGrid>{grid_columns}</w:tblGrid>{rows}</w:tbl>"
    )
    return xml.replace("%", "%%").replace(FIGURE, "%s").encode()


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table; ``size`` is that of its figures."""

    layout: Layout
    number: int
    size: float
    keep: bool

    def xml(self) -> str:
        header = "<w:tblHeader/>" if self.number < self.layout.grid.header else ""
        height = self.layout.heights[self.number]
        cells = "".join(map(self.cell, dict.fromkeys(self.layout.grid.slots[self.number])))
        return (
            f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>'
            f"{header}</w:trPr>{cells}</w:tr>"
        )

    def is_kept(self) -> bool:
        """Whether what follows the row stands on the same page."""
        if self.number == len(self.layout.heights) - 1:
            return self.keep
        return self.number + 1 not in self.layout.parts

    def cell(self, index: int) -> str:
        grid = self.layout.grid
        cell = grid.cells[index]
        properties = [f'<w:tcW w:w="{self.layout.width(cell)}" w:type="dxa"/>']
        if cell.columns > 1:
            properties.append(f'<w:gridSpan w:val="{cell.columns}"/>')
        if cell.rows > 1:
            merge = ' w:val="restart"' if cell.row == self.number else ""
            properties.append(f"<w:vMerge{merge}/>")
        properties.append('<w:vAlign w:val="center"/>')
        paragraph = f'<w:pStyle w:val="{CELL.replace(" ", "")}"/>'
        paragraph += "" if self.is_kept() else '<w:keepNext w:val="0"/>'
        if self.layout.is_flush(cell):
            beside = round(self.layout.style.label_indent * TWIPS)
            paragraph += f'<w:ind w:left="{beside}" w:right="{beside}"/><w:jc w:val="left"/>'
        run = self.run(cell, self.layout.lines[index]) if cell.row == self.number else ""
        return (
            f"<w:tc><w:tcPr>{''.join(properties)}</w:tcPr>"
            f"<w:p><w:pPr>{paragraph}</w:pPr>{run}</w:p></w:tc>"
        )

    def run(self, cell: Cell, lines: tuple[str, ...]) -> str:
        size = self.layout.grid.size if cell.path is None else self.size
        properties = ""
        if size != self.layout.style.fonts["table"].size:
            half_points = round(2 * size)
            properties = (
                f'<w:rPr><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
            )
        shown = "</w:t><w:br/><w:t>".join(map(escape, lines))
        return f"<w:r>{properties}<w:t>{shown}</w:t></w:r>"
