"""What every reader makes of an old report: lines and raw tables in reading order, and notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from generator.system.spreadsheets import address

MOST_SLOTS = 60_000
"""Slots of a table at most. The largest of the form has 280."""


_INTEGER = re.compile(r"[0-9]{1,6}")


class Refused(Exception):
    """A file that cannot be imported (I-13): why, and the way out. Nothing is written."""

    def __init__(self, reason: str, way_out: str) -> None:
        """Carry both halves of the message."""
        super().__init__(reason)
        self.way_out = way_out


class Kind(Enum):
    """What a note is about: the code of its finding, and what heads its group in the report."""

    FORM = ("I-1", "表式")
    READING = ("I-2", "读取")
    UNPLACED = ("I-3", "没有位置的内容")
    MISSING = ("I-4", "缺少的内容")
    BLANK = ("I-5", "空白")
    CONVERTED = ("I-6", "换算与写法")
    PLACED = ("I-7", "移位与并栏")
    TOTALS = ("I-8", "合计")
    NUMBERING = ("I-9", "编号")
    RESIDUE = ("I-10", "清除的残留")
    FURNITURE = ("I-11", "略去的页面文字")
    OFFICE = ("I-12", "机关")
    LABEL = ("I-14", "标签与位置")
    CELL = ("I-15", "填数的格")

    @property
    def code(self) -> str:
        """The code of its findings."""
        code, _ = self.value
        return code

    def __str__(self) -> str:
        """Return the heading of its group."""
        _, heading = self.value
        return heading


PICTURE: Final = "\ufffc"
"""What stands in a line for a picture (Unicode's object replacement character)."""

REFUSED: Final = "I-13"
"""The code of a file that was not imported at all."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something the user is to know; ``origin`` says where in the old document.

    ``part`` is the key of the part that it belongs to, where there is one.
    """

    kind: Kind
    message: str
    origin: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of an old report.

    ``level`` is the level of a heading that the document marks as such, else 0. ``lead`` counts the
    characters at the start that are set as a run-in heading. ``trail`` are the elements of the page
    around it, from the outermost: what does not lie in the same as the report is page furniture.
    ``indent`` counts the spaces before a line of plain text.
    """

    text: str
    origin: str
    level: int = 0
    lead: int = 0
    trail: tuple[int, ...] = ()
    indent: int = 0


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as published: where it begins, what it spans, what it says."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as published.

    ``aligned`` says whether columns can be trusted: a table of DOCX or HTML, or one drawn with
    lines. In copied text a cell's column says little. ``why`` says what its rows were known by,
    where that took judgement.
    """

    cells: tuple[RawCell, ...]
    origin: str
    aligned: bool = True
    trail: tuple[int, ...] = ()
    why: str = ""
    sheet: str = ""
    """The sheet of a workbook that it stands on, where its cells have addresses."""
    corner: tuple[int, int] = (0, 0)
    """The row and the column of its first cell there."""

    def row_origin(self, row: int) -> str:
        """Say which row is meant, counted from 0."""
        if self.sheet:
            return f"{self.sheet}!第 {self.corner[0] + row + 1} 行"
        return f"{self.origin}，第 {row + 1} 行"

    def cell_origin(self, cell: RawCell, row_origin: str) -> str:
        """Say which cell is meant; one on a sheet by its address."""
        if self.sheet:
            top, left = self.corner
            return address(self.sheet, top + cell.row, left + cell.column)
        return f"{row_origin}第 {cell.column + 1} 栏"

    @property
    def height(self) -> int:
        """How many rows there are."""
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    def rows(self) -> list[list[RawCell]]:
        """Return, for every row, the cells that cover it, from left to right."""
        covering: list[list[RawCell]] = [[] for _ in range(self.height)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.rows):
                covering[row].append(cell)
        for row_cells in covering:
            row_cells.sort(key=lambda cell: cell.column)
        return covering


Block = Line | RawTable


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How long full lines are, how lines are measured, and what a full one may lack.

    Pages break lines by their width; programs that fold text, every so many characters.
    """

    full: int
    measure: Callable[[str], int]
    ragged: int


@dataclass
class Blocks:
    """An old report as a reader leaves it."""

    items: list[Block] = field(default_factory=list)
    wrapping: Wrapping | None = None
    """How paragraphs are broken into lines, where lines end with the page."""
    notes: list[Note] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    """What a page says of itself where nobody sees it: its title, its entries for machines."""

    def note(self, kind: Kind, message: str, origin: str = "") -> None:
        """Add something the user is to know."""
        self.notes.append(Note(kind, message, origin))


@dataclass(frozen=True, slots=True)
class Spanned:
    """A cell before it is laid out: its text and its spans."""

    text: str
    rows: int = 1
    columns: int = 1


def lay_out(rows: Sequence[Sequence[Spanned]]) -> tuple[RawCell, ...]:
    """Lay out rows as browsers do: a cell takes the next slots that nothing above covers.

    Crooked spans are cut: a cell ends at the table's last row, and two cells may overlap.

    Raises:
        Refused: the table is larger than any report's could be.
    """
    covered: set[tuple[int, int]] = set()
    cells: list[RawCell] = []
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in covered:
                column += 1
            height = min(cell.rows, len(rows) - number)
            if len(covered) + height * cell.columns > MOST_SLOTS:
                raise Refused("有一个表格大得不像年度报告里的表", "删去无关的表格，另存后再导入")
            covered.update(
                (r, c)
                for r in range(number, number + height)
                for c in range(column, column + cell.columns)
            )
            cells.append(RawCell(number, column, height, cell.columns, cell.text))
            column += cell.columns
    return tuple(cells)


def unspanned(rows: Iterable[Sequence[str]]) -> tuple[RawCell, ...]:
    """Lay out rows of plain texts, a slot each."""
    return lay_out([[Spanned(text) for text in row] for row in rows])


def texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield every text of the blocks, cell by cell."""
    for block in blocks:
        if isinstance(block, Line):
            yield block.text
        else:
            yield from (cell.text for cell in block.cells)


def integer(written: str, default: int = 0) -> int:
    """Return the number an attribute gives; a file may write anything there."""
    return int(written) if _INTEGER.fullmatch(written.strip()) else default


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(text: str) -> str:
    """Return superscript text so that the number of a footnote is no digit of the figure before."""
    return text.translate(_RAISED)
