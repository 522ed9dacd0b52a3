"""Plain text, as copied from a page → lines and raw tables.

Four shapes of tables are known: cells parted by tabs, one cell a line behind a tab, cells between
``|``, and the drawing of ``write_text``. Cells on lines of their own without any mark look like
paragraphs; ``recognise`` finds them by the labels around them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from generator.old_report.blocks import Block, Blocks, Line, RawCell, RawTable, Refused, unspanned
from generator.old_report.ruled import Slots, cells_between
from generator.old_report.wrapped import without_page_numbers, wrapping_of
from generator.values.width import columns

_MOST_LINES = 50_000
_WIDEST_LINE = 2_000
"""Columns of a line of a drawing at most; ours have 125."""
_TALLEST = 2_000

_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+")
_OF_A_RULE = frozenset("|-:+ \t")
_BORDER = re.compile(r"\+-{2,}|-{2,}\+")
_NUMBER = re.compile(r"[-+]?[0-9０-９][0-9０-９,，. ]*\Z")
_LONGEST_CELL = 80


def read_text(text: str, blocks: Blocks) -> None:
    """Read a text into ``blocks``; form feeds part its pages.

    Raises:
        Refused: more lines than any report has.
    """
    text = text.replace("\u2028", "\n").replace("\x0b", "\n").replace("\n\x0c", "\x0c")
    pages = without_page_numbers([page.split("\n") for page in text.split("\x0c")])
    lines = [line for page in pages for line in page]
    _read(_TextReader(lines), blocks, in_pages=len(pages) > 1)


def read_pages(pages: Sequence[Sequence[str | RawTable]], blocks: Blocks) -> None:
    """Read pages of lines and tables into ``blocks``; origins count lines page by page.

    Raises:
        Refused: more lines than any report has.
    """
    written = [[item if isinstance(item, str) else "" for item in page] for page in pages]
    lines = [line for page in without_page_numbers(written) for line in page]
    items = enumerate(item for page in pages for item in page)
    tables = {at: item for at, item in items if isinstance(item, RawTable)}
    _read(_TextReader(lines, [len(page) for page in pages], tables), blocks, in_pages=True)


def _read(reader: _TextReader, blocks: Blocks, *, in_pages: bool) -> None:
    if len(reader.lines) > _MOST_LINES:
        raise Refused("文件的行数多得不像一份年度报告", "把年度报告单独存为一个文件后再导入")
    while reader.at < len(reader.lines):
        blocks.items += reader.drawing() or reader.pipes() or reader.cell_a_line()
        blocks.items += reader.tabs() or reader.line()
    prose = [item.text for item in blocks.items if isinstance(item, Line)]
    blocks.wrapping = wrapping_of(prose, in_pages=in_pages)


class _TextReader:
    """Takes the shapes of a text one after the other, each from the line it has reached."""

    def __init__(
        self,
        lines: Sequence[str],
        lengths: Sequence[int] = (),
        tables: Mapping[int, RawTable] = MappingProxyType({}),
    ) -> None:
        """Read lines; ``lengths`` are those of pages, ``tables`` stand in place of some lines."""
        self.lines = lines
        self.lengths = lengths
        self.tables = tables
        self.at = 0
        self.no_cells_until = 0

    def origin(self) -> str:
        line = self.at
        for page, length in enumerate(self.lengths, start=1):
            if line < length:
                return f"第 {page} 页第 {line + 1} 行"
            line -= length
        return f"第 {self.at + 1} 行"

    def line(self) -> list[Block]:
        """Take one line of prose, or the table in its place."""
        if self.at >= len(self.lines):
            return []
        text, origin = self.lines[self.at], self.origin()
        self.at += 1
        if table := self.tables.get(self.at - 1):
            return [table]
        spaced = text.replace("\xa0", " ").rstrip()
        text = spaced.strip()
        if not text:
            return []
        marked = _MARKDOWN_HEADING.match(text)
        level = len(marked[1]) if marked else 0
        indent = len(spaced) - len(spaced.lstrip())
        return [Line(text[marked.end() :] if marked else text, origin, level, indent=indent)]

    def tabs(self) -> list[Block]:
        """Take lines with tabs between cells; a single one may be a paragraph."""
        end = self.at
        while end < len(self.lines) and "\t" in self.lines[end].strip(" \u3000"):
            if "\t" not in self.lines[end].strip():
                # Only a tab in front or behind: a cell in the first or last column, if not alone.
                alone = end == self.at and not self.is_tabbed(end + 1)
                if alone or len(self.lines[end]) > _LONGEST_CELL:
                    break
            end += 1
        if end == self.at:
            return []
        rows = [line.split("\t") for line in self.lines[self.at : end]]
        table = self.table([[cell.strip() for cell in row] for row in rows])
        self.at = end
        return [table]

    def is_tabbed(self, at: int) -> bool:
        return at < len(self.lines) and "\t" in self.lines[at].strip()

    def table(self, rows: Sequence[Sequence[str]]) -> RawTable:
        """Make a table; where all rows have as many cells, they stand in columns."""
        is_even = len({len(row) for row in rows}) == 1
        return RawTable(unspanned(rows), f"{self.origin()}起的表格", aligned=is_even)

    def pipes(self) -> list[Block]:
        """Take a table whose cells stand between ``|``, as Markdown writes it."""
        end = self.at
        while end < len(self.lines) and _has_pipes(self.lines[end]):
            end += 1
        if end - self.at < 2:
            return []
        rows = [
            [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
            for line in self.lines[self.at : end]
            if "---" not in line or not _OF_A_RULE.issuperset(line)
        ]
        table = self.table(rows)
        self.at = end
        return [table]

    def cell_a_line(self) -> list[Block]:
        """Take a table with one cell a line, each behind a tab, and an empty line after a row."""
        if self.at < self.no_cells_until or not self.is_cell(self.at):
            return []
        rows: list[list[str]] = [[]]
        at = self.at
        while self.is_cell(at):
            end = at + 1
            while end < len(self.lines) and not self.lines[end].startswith("\t"):
                end += 1
            text, taken, ends_row = _cell([self.lines[at][1:], *self.lines[at + 1 : end]])
            rows[-1].append(text)
            at += taken
            if ends_row:
                rows.append([])
            if at < end:
                break
        if at - self.at > _LONGEST_CELL:
            self.no_cells_until = at  # a run as long as this is not tried again from every line
        rows = [row for row in rows if row]
        cells = [cell for row in rows for cell in row]
        if len(cells) < 4 or not any(map(_NUMBER.match, cells)):
            return []
        if max(map(len, cells)) > _LONGEST_CELL:
            return []
        table = self.table(rows)
        self.at = at
        return [table]

    def is_cell(self, at: int) -> bool:
        return (
            at < len(self.lines)
            and self.lines[at].startswith("\t")
            and "\t" not in self.lines[at].strip()
            and self.lines[at].count("\t") <= 2
        )

    def drawing(self) -> list[Block]:
        """Take a table drawn with ``+-|``, its spans from where the lines meet."""
        end = self.at
        if not self.lines[end].lstrip().startswith("+-"):
            return []
        while end < len(self.lines) and self.lines[end].strip()[:1] in ("+", "|"):
            end += 1
        drawn = [line.strip() for line in self.lines[self.at : end]]
        if len(drawn) < 3:
            return []
        if max(map(len, drawn)) > _WIDEST_LINE or len(drawn) > _TALLEST:
            raise Refused("有一个表格大得不像年度报告里的表", "删去无关的表格后再导入")
        table = RawTable(_drawn_cells(drawn), f"{self.origin()}起的表格")
        self.at = end
        return [table]


def _has_pipes(line: str) -> bool:
    """Whether a line is a row of a table; a band over all columns has one mark, at its end."""
    return line.count("|") >= 2 or line.rstrip().endswith("|")


def _cell(lines: list[str]) -> tuple[str, int, bool]:
    """Return a cell's text, how many lines it takes, and whether its row ends behind it.

    A cell may begin with empty lines (a label pushed down to the middle of its rows) and may run
    over several. Behind its text, an empty line ends the row, and what follows is no cell.
    """
    first = next((i for i, line in enumerate(lines) if line.strip()), len(lines))
    if first > 1 and first < len(lines) and lines[0].strip() == "" and _is_prose(lines[first]):
        return "", first, True
    end = next((i for i in range(first, len(lines)) if not lines[i].strip()), len(lines))
    text = "".join(line.strip() for line in lines[first:end])
    rest = next((i for i in range(end, len(lines)) if lines[i].strip()), len(lines))
    return text, rest, end < len(lines)


def _is_prose(line: str) -> bool:
    return len(line.strip()) > _LONGEST_CELL or line.rstrip().endswith("。")


# A drawing is taken apart by display columns, in which its lines meet.


def _drawn_cells(drawn: list[str]) -> tuple[RawCell, ...]:
    """Rebuild cells and spans: borders give the grid, a cell is what no border parts."""
    pictures = [_spread(line) for line in drawn]
    width = max(map(len, pictures))
    pictures = [picture + [" "] * (width - len(picture)) for picture in pictures]
    edges_y = [y for y, line in enumerate(drawn) if _BORDER.search(line)]
    edges_x = sorted({x for y in edges_y for x, sign in enumerate(pictures[y]) if sign == "+"})
    if len(edges_x) < 2 or len(edges_y) < 2:
        return ()

    def to_the_right(row: int, column: int) -> bool:
        return pictures[edges_y[row] + 1][edges_x[column + 1]] in ("|", "+")

    def below(row: int, column: int) -> bool:
        return _is_ruled(pictures[edges_y[row + 1]], edges_x[column], edges_x[column + 1])

    found = cells_between(len(edges_y) - 1, len(edges_x) - 1, to_the_right, below)
    return tuple(_drawn_cell(pictures, edges_x, edges_y, each) for each in found)


def _drawn_cell(
    pictures: list[list[str]], edges_x: list[int], edges_y: list[int], slots: Slots
) -> RawCell:
    left, right = edges_x[slots.column], edges_x[slots.column + slots.columns]
    inside = pictures[edges_y[slots.row] + 1 : edges_y[slots.row + slots.rows]]
    text = "".join("".join(picture[left + 1 : right]).strip() for picture in inside)
    return RawCell(slots.row, slots.column, slots.rows, slots.columns, text)


def _is_ruled(picture: list[str], left: int, right: int) -> bool:
    return set(picture[left + 1 : right]) <= {"-", "+"}


def _spread(line: str) -> list[str]:
    """Return what stands in each display column; a wide character leaves the next one empty."""
    spread: list[str] = []
    for character in line:
        width = columns(character)
        if width == 0 and spread:
            spread[-1] += character
        else:
            spread += [character, *[""] * (width - 1)]
    return spread
