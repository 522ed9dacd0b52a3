"""Rows of a table out of lines of text, as a PDF or a viewer gives them: only what is proved.

Three things prove where a figure belongs: the label that stands in the same line, its column below
the labels, and the sums that the form prints. What is proved by none of them is left as lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from generator.form.spellings import plain
from generator.form.tables import TableForm
from generator.old_report.blocks import Kind, Line, Note, RawTable, unspanned
from generator.old_report.clean import without_furniture
from generator.old_report.column_names import ColumnNames, Word, WordLine, parted
from generator.old_report.column_order import labels_by_block
from generator.old_report.form_rows import FormRow, FormRows, adds_up
from generator.old_report.reading import Says, read_figure, says
from generator.values.grid import Number

_WORD = re.compile(r"\S+")
_MOST_OF_A_LABEL = 0.6
_LARGEST_PART = 1_000
"""Lines of a part at most that are looked at as a table."""


@dataclass(frozen=True)
class _Placed:
    """A row of the form with its figures as printed, and the lines that they stand in."""

    row: FormRow
    figures: list[str]
    lines: tuple[int, ...]
    why: str = ""


_Table = dict[int, _Placed]
"""Rows by their place in the form."""


@dataclass
class Recovered:
    """What lines gave: tables of a row each, the lines that are left, what is to be known."""

    tables: list[RawTable] = field(default_factory=list)
    left: list[Line] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def rows_of_lines(lines: Sequence[Line], table_id: str, rows: FormRows) -> Recovered:
    """Read the lines of a part that is a table; ``left`` holds those without a sure place."""
    return _Recovering(lines[:_LARGEST_PART], table_id, rows).recovered(lines[_LARGEST_PART:])


class _Recovering:
    """The lines of one part, split in words, against the rows of its table."""

    def __init__(self, lines: Sequence[Line], table_id: str, rows: FormRows) -> None:
        self.known = rows
        self.spellings = rows.spellings
        self.table: TableForm = rows.spellings.form.tables[table_id]
        self.rows = [row for row in rows.rows if row.table is self.table]
        self.column_names = {name for row in self.rows for chain in row.chains for name in chain}
        self.notes: list[Note] = []
        self.lines = [line for line in lines if not self.is_furniture(line)]
        self.read = [self.split(line) for line in self.lines]
        self.names = ColumnNames(self.read, self.rows, rows)
        self.with_figures = [row for row in self.read if row.figures]
        self.at = {id(row): at for at, row in enumerate(self.read)}
        self.printed = "".join(plain(cell.text) for cell in self.table.grid.cells)

    def recovered(self, beyond: Sequence[Line]) -> Recovered:
        """Return the table, by the columns of its lines or by the order of its cells."""
        if not self.with_figures:
            return Recovered([], [*self.lines, *beyond], self.notes)
        beside = sum(bool(row.label) or len(row.figures) > 1 for row in self.with_figures)
        has_lines = 2 * beside > len(self.with_figures)
        placed = self.by_lines() if has_lines else self.by_order()
        if len(placed) < len(self.rows):
            self.ask(placed)
        tables = []
        for each in placed.values():
            # What the columns are is known by now: the head says so, block by block.
            cells = [labels_by_block(each.row.chains), [*each.row.labels, *each.figures]]
            origin = self.read[each.lines[0]].line.origin
            tables.append(RawTable(unspanned(cells), origin, aligned=False, why=each.why))
        return Recovered(tables, [*self.left(placed), *beyond], self.notes)

    def left(self, placed: _Table) -> list[Line]:
        """Return the lines that are no part of what was placed."""
        if not placed:
            return self.lines
        used = {line for each in placed.values() for line in each.lines}
        return [
            row.line
            for at, row in enumerate(self.read)
            if at not in used and (row.figures or not _is_piece(row, self.printed))
        ]

    # Words

    def is_furniture(self, line: Line) -> bool:
        """Whether a line is of the page and not a figure."""
        if says(line.text, self.spellings) is Says.FIGURE:
            return False
        return not without_furniture([line], self.spellings, self.notes)

    def split(self, line: Line) -> WordLine:
        """Part a line into the words of its label and the figures at its end."""
        words = [
            Word(found[0], line.indent + found.start(), line.indent + found.end())
            for found in _WORD.finditer(line.text)
        ]
        count = 0
        while count < len(words) and self.is_figure(words[-1 - count].text):
            count += 1
        label, figures = words[: len(words) - count], words[len(words) - count :]
        if not figures:
            label = [part for word in label for part in parted(word, self.column_names)]
        return WordLine(line, tuple(label), tuple(figures))

    def is_figure(self, text: str) -> bool:
        return says(text, self.spellings) is not Says.TEXT

    def label_of(self, words: Sequence[Word]) -> str | None:
        """Return the row's label that words end in; outer labels may stand before it."""
        for start in range(len(words) - 1, max(-1, len(words) - 5), -1):
            text = "".join(word.text for word in words[start:])
            label = self.known.row_labels.find(text)
            if label and any(row.labels[-1:] == (label,) for row in self.rows):
                return label
        return None

    # By lines

    def by_lines(self) -> _Table:
        """Return what stands in lines of label and figures, by the row's place in the form."""
        spans = self.columns()
        anchors = self.anchors()
        placed: _Table = {}
        between: dict[int, int] = {}
        for at, row in enumerate(self.with_figures):
            index = anchors.get(at)
            if index is None:
                index = self.between(at, anchors)
                if index is not None:
                    between[index] = at
            if index is None or index in placed:
                continue
            figures = self.in_columns(self.rows[index], row, spans)
            if figures is not None:
                placed[index] = _Placed(self.rows[index], figures, (self.at[id(row)],))
        is_proved = bool(between) and self.proves(placed)
        for index, at in between.items():
            if index in placed and not (is_proved or self.is_around(at, self.rows[index])):
                del placed[index]
            elif index in placed:
                why = "标签断成几行，按前后的标签认出"
                placed[index] = replace(placed[index], why=why)
        if kept := [self.rows[index].name for index in between if index in placed]:
            message = f"{self.table.id}有 {len(kept)} 行的标签断成几行，按前后的标签认出"
            self.notes.append(Note(Kind.PLACED, message, self.place()))
        return self.with_columns(placed)

    def anchors(self) -> dict[int, int]:
        """Return, by line, the place in the form of the row whose label stands in the line."""
        found: dict[int, int] = {}
        if not any(row.labels for row in self.rows):
            whole = [
                at
                for at, row in enumerate(self.with_figures)
                if len(row.figures) == len(self.rows[0].paths)
            ]
            return {whole[0]: 0} if len(whole) == 1 else {}
        for at, row in enumerate(self.with_figures):
            label = self.label_of(row.label)
            indices = [i for i, each in enumerate(self.rows) if each.labels[-1] == label]
            free = [i for i in indices if i not in found.values()]
            later = [i for i in free if i > max(found.values(), default=-1)]
            if label and free:
                found[at] = (later or free)[0]
        return found

    def between(self, at: int, anchors: dict[int, int]) -> int | None:
        """Return the row that a line without label is, as many stand between as the form has."""
        before = max((a for a in anchors if a < at), default=-1)
        after = min((a for a in anchors if a > at), default=len(self.with_figures))
        first = anchors.get(before, -1)
        last = anchors.get(after, len(self.rows))
        return first + at - before if last - first == after - before else None

    def is_around(self, at: int, row: FormRow) -> bool:
        """Whether most of a row's label stands in pieces before and behind its figures."""
        label = plain(row.labels[-1]) if row.labels else ""
        here = self.at[id(self.with_figures[at])]
        first = self.at[id(self.with_figures[at - 1])] + 1 if at else 0
        behind = self.with_figures[at + 1 :]
        last = self.at[id(behind[0])] if behind else len(self.read)
        pieces = {
            piece
            for line in (*self.read[first:here], *self.read[here:last])
            for word in line.label
            if (piece := plain(word.text)) and piece in label
        }
        return sum(map(len, pieces)) >= _MOST_OF_A_LABEL * len(label) > 0

    def columns(self) -> list[tuple[int, int]]:
        """Return what the columns of the longest rows span; empty where lines have none."""
        count = max((len(row.paths) for row in self.rows), default=0)
        whole = [row.figures for row in self.with_figures if len(row.figures) == count]
        if not whole:
            return []
        spans = [
            (min(word.start for word in column), max(word.end for word in column))
            for column in zip(*whole, strict=True)
        ]
        # A single space parts words as well as columns.
        apart = all(left[1] + 1 < right[0] for left, right in pairwise(spans))
        return spans if apart else []

    def in_columns(
        self, row: FormRow, line: WordLine, spans: Sequence[tuple[int, int]]
    ) -> list[str] | None:
        """Return a row's cells, blanks where a column of the page has no figure."""
        words = line.figures
        if len(words) == len(row.paths):
            return [word.text for word in words]
        if len(words) > len(row.paths) or len(spans) != len(row.paths):
            return None
        cells = [""] * len(spans)
        for word in words:
            under = [i for i, (a, b) in enumerate(spans) if word.start < b and a < word.end]
            if len(under) != 1 or cells[under[0]]:
                return None
            cells[under[0]] = word.text
        return cells

    # Columns by their names

    def with_columns(self, placed: _Table) -> _Table:
        """Put figures under the names printed above them; leave out what these do not settle."""
        kept: _Table = {}
        for index, each in placed.items():
            row = each.row
            order = self.order_of(each)
            if order is not None:
                why = each.why if order == sorted(order) else "栏目次序与表式不同，按栏目名对应"
                figures = [each.figures[place] for place in order]
                kept[index] = replace(each, figures=figures, why=why)
                if order != sorted(order):
                    message = f"「{row.name}」栏目次序与表式不同，按栏目名对应"
                    self.notes.append(Note(Kind.PLACED, message, self.place()))
        return kept

    def order_of(self, placed: _Placed) -> list[int] | None:
        """Return where each of the row's columns stands in the line, ``None`` if that is open."""
        row, figures = placed.row, placed.figures
        as_printed = list(range(len(figures)))
        if len(figures) < 2 or self.is_zero(figures):
            return as_printed
        if not self.table.addends:
            return self.names.order_above(row, placed.lines[0])
        proved = self.names.agree(row) and self.adds_up(row, figures)
        if proved:
            return as_printed
        named = self.names.orders(row)
        fitting = [o for o in named if self.adds_up(row, [figures[place] for place in o])]
        return fitting[0] if len(fitting) == 1 else None

    # By order

    def by_order(self) -> _Table:
        """Return rows of cells that stand a line each, where their order proves itself."""
        cells = [(word.text, self.at[id(row)]) for row in self.with_figures for word in row.figures]
        gaps = self.labels_between()
        placed: _Table = {}
        begins: list[int] = []
        for index, row in enumerate(self.rows):
            begins.append(sum(len(each.paths) for each in self.rows[:index]))
            taken = cells[begins[-1] : begins[-1] + len(row.paths)]
            lines = tuple(line for _, line in taken)
            placed[index] = _Placed(row, [text for text, _ in taken], lines)
        starts = {labels[0]: count for count, labels in gaps if len(labels) == 1}
        if len(cells) != sum(len(row.paths) for row in self.rows):
            return self.beginning(placed, starts, len(cells))
        labelled = all(starts.get(i) == begins[i] or not r.labels for i, r in enumerate(self.rows))
        if labelled and all(self.names.spelt_out(row) for row in self.rows):
            return placed
        if self.agreeing(gaps, begins) and self.proves(placed) and self.is_named_right(placed):
            message = f"{self.table.id}的栏目没有分开，按各格的次序读，合计全部相符"
            self.notes.append(Note(Kind.PLACED, message, self.place()))
            return {index: replace(each, why=message) for index, each in placed.items()}
        return self.beginning(placed, starts, len(cells))

    def is_named_right(self, placed: _Table) -> bool:
        """Whether the head names the columns in order; of zeros that does not matter."""
        return all(
            self.is_zero(each.figures)
            or self.names.agree(each.row, by_line=False)
            or self.names.stand_side_by_side(each.row)
            for each in placed.values()
        )

    def agreeing(self, gaps: Sequence[tuple[int, list[int]]], begins: Sequence[int]) -> bool:
        """Whether labels stand before their figures, half of them at least, and none before others.

        Labels that come late, behind their figures, say nothing.
        """
        agreed = 0
        for count, labels in gaps:
            if all(begins[index] < count for index in labels):
                continue
            if begins[labels[0]] != count:
                return False
            agreed += len(labels)
        return 2 * agreed >= sum(bool(row.labels) for row in self.rows)

    def labels_between(self) -> list[tuple[int, list[int]]]:
        """Return the rows named between figures, and how many figures stand before them."""
        gaps: list[tuple[int, list[int]]] = []
        seen: set[int] = set()
        count = 0
        words: list[Word] = []
        named: list[int] = []
        for row in self.read:
            words = [*words, *row.label][-4:]
            label = self.label_of(words) if row.label else None
            same = [i for i, each in enumerate(self.rows) if label and each.labels[-1:] == (label,)]
            if free := [i for i in same if i not in seen]:
                named.append(free[0])
                words = []
            if row.figures:
                run = _run_at_the_end(named)
                seen.update(run)
                if run:
                    gaps.append((count, run))
                count += len(row.figures)
                words, named = [], []
        return gaps

    def beginning(self, placed: _Table, starts: dict[int, int], count: int) -> _Table:
        """Return the rows from the first on whose label and number of figures leave no doubt."""
        kept: _Table = {}
        at = 0
        for index, each in placed.items():
            end = at + len(each.row.paths)
            follows = starts.get(index + 1, count if index + 1 == len(self.rows) else -1)
            if starts.get(index) != at or follows != end or not self.names.spelt_out(each.row):
                break
            kept[index] = each
            at = end
        return kept

    # Proof

    def is_zero(self, figures: Sequence[str]) -> bool:
        return all(self.number(text) == 0 for text in figures)

    def number(self, text: str) -> Number | None:
        reading = read_figure(text, self.spellings, "")
        return reading.value if reading else None

    def adds_up(self, row: FormRow, figures: Sequence[str]) -> bool:
        """Whether the totals of one row are the sums of its other figures."""
        return adds_up(row.sums, dict(zip(row.paths, map(self.number, figures), strict=True)))

    def proves(self, placed: _Table) -> bool:
        """Whether every total of the table is the sum of its parts."""
        values = {
            path: self.number(text)
            for each in placed.values()
            if len(each.figures) == len(each.row.paths)
            for path, text in zip(each.row.paths, each.figures, strict=True)
        }
        return adds_up(self.table.addends, values)

    # What is said

    def place(self) -> str:
        first, last = self.read[0].line.origin, self.read[-1].line.origin
        return f"{first}至{last}的表格" if first != last else f"{first}的表格"

    def ask(self, placed: _Table) -> None:
        missing = len(self.rows) - len(placed)
        message = f"{self.table.id}有 {missing} 行的数分不清是哪一行哪一栏，写成待填，原文写成注释"
        self.notes.append(Note(Kind.MISSING, message, self.place()))


def _run_at_the_end(indices: Sequence[int]) -> list[int]:
    """Return the last of ``indices`` that follow each other: 1, 7, 8 gives 7, 8."""
    run = list(indices[-1:])
    for index in reversed(indices[:-1]):
        if index != run[0] - 1:
            break
        run.insert(0, index)
    return run


def _is_piece(row: WordLine, printed: str) -> bool:
    """Whether every word of a line is a piece of a printed label."""
    return all(plain(word.text) in printed for word in row.label)
