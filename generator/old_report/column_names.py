"""The names of columns above figures in lines of text, where the head is scattered over lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from generator.form.spellings import plain
from generator.old_report.blocks import Line
from generator.old_report.column_order import orders
from generator.old_report.form_rows import FormRow, FormRows

_FEWEST = 2
"""Characters of a name's beginning at least."""


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a space between them, and where they stand in the line."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class WordLine:
    """A line that ends in figures, and the label words before them."""

    line: Line
    label: tuple[Word, ...]
    figures: tuple[Word, ...]


def parted(word: Word, names: Collection[str]) -> list[Word]:
    """Part a word that is several names, or their beginnings, without a space between them.

    Heads of columns that touch each other are copied so.
    """
    beginnings = Counter(name[:end] for name in names for end in range(_FEWEST, len(name)))
    known = {*names, *(piece for piece, count in beginnings.items() if count == 1)}
    parts: list[Word] = []
    at = 0
    while at < len(word.text):
        ends = range(len(word.text), at + _FEWEST - 1, -1)
        end = next((end for end in ends if word.text[at:end] in known), 0)
        if not end:
            return [word]
        parts.append(Word(word.text[at:end], word.start + at, word.start + end))
        at = end
    return parts


class ColumnNames:
    """What the lines of a part call their columns."""

    def __init__(self, lines: Sequence[WordLine], rows: Sequence[FormRow], known: FormRows) -> None:
        """Look at ``lines`` for the columns of ``rows``."""
        self.read = lines
        self.rows = rows
        self.known = known

    def blocks_in_order(self, row: FormRow) -> bool:
        """Whether the outer labels stand in the form's order; depths may be mixed on the page."""
        seen = [
            name
            for line in self.read
            if not line.figures
            for word in line.label
            if (name := self.known.column_labels.find(word.text))
        ]
        for depth in {len(chain) for chain in row.chains}:
            outer = dict.fromkeys(c[-2] for c in row.chains if len(c) == depth and depth > 1)
            printed = [name for name in seen if name in outer]
            if printed != [name for name in outer if name in printed]:
                return False
        return True

    def orders(self, row: FormRow) -> list[list[int]]:
        """Return the orders that the labels without figures beside them may mean."""
        found = (
            self.known.column_labels.find(word.text)
            for line in self.read
            if not line.figures
            for word in line.label
        )
        return orders(row.chains, [name for name in found if name])

    def agree(self, row: FormRow, *, by_line: bool = True) -> bool:
        """Whether pieces of all the row's column labels stand above it, in the form's order.

        Within a line, or ``by_line=False`` where a line holds one cell, those of the same depth.
        """
        lines = self.pieces(row)
        if {name for line in lines for name in line} != set(row.columns):
            return False
        if not by_line:
            first = list(dict.fromkeys(name for line in lines for name in line))
            return len(set(row.columns)) == len(row.columns) and all(
                [name for name in first if name in columns] == columns for columns in _by_depth(row)
            )
        if len(set(row.columns)) < len(row.columns):
            return self.blocks_in_order(row) and all(_is_within(ns, row.columns) for ns in lines)
        return all(names == sorted(names, key=row.columns.index) for names in lines)

    def pieces(self, row: FormRow) -> list[list[str]]:
        """Return, by line of the head, the columns that words can only be a piece of."""
        lines = []
        labels = {plain(name): name for name in row.columns}
        for line in self.read:
            names = []
            for word in line.label:
                piece = plain(word.text)
                whole = labels.get(piece) or self.known.column_labels.find(word.text)
                of = [name for label, name in labels.items() if piece and piece in label]
                if whole in row.columns:
                    names.append(str(whole))
                elif len(of) == 1:
                    names.append(of[0])
            if line.figures and names:
                break
            lines.append(names)
        return lines

    def stand_side_by_side(self, row: FormRow) -> bool:
        """Whether the names that a row repeats stand in one line in order, and nowhere else out."""
        several = any(len(set(names)) > len(set(row.columns)) / 2 for names in self.pieces(row))
        return several and self.agree(row)

    def order_above(self, row: FormRow, line: int) -> list[int] | None:
        """Return the order of a row's columns by the nearest line above that spells them out."""
        for above in reversed(self.read[:line]):
            found = [self.known.column_labels.find(word.text) for word in above.label]
            names = [name for name in found if name][-len(row.columns) :]
            if sorted(names) == sorted(row.columns) and len(set(names)) == len(names):
                return [names.index(name) for name in row.columns]
            if names and not above.figures:
                return None
        return None

    def spelt_out(self, row: FormRow) -> bool:
        """Whether the lines name all of a row's columns, those of a depth in the form's order."""
        found = [
            name
            for line in self.read
            if not line.figures
            and (name := self.known.column_labels.find(line.line.text)) in row.columns
        ]
        if len(row.columns) == 1:
            return bool(found)
        if len(set(row.columns)) < len(row.columns):
            return found == list(row.columns)
        first = found[: len(row.columns)]
        return Counter(first) == Counter(row.columns) and all(
            [name for name in first if name in columns] == columns for columns in _by_depth(row)
        )


def _by_depth(row: FormRow) -> list[list[str]]:
    """Return a row's columns parted by how many labels stand above each other."""
    depths = {len(chain) for chain in row.chains}
    return [[c[-1] for c in row.chains if len(c) == depth and c] for depth in depths]


def _is_within(names: Sequence[str | None], columns: Sequence[str]) -> bool:
    """Whether names stand among the columns in this order, others in between."""
    rest = iter(columns)
    return all(any(name == column for column in rest) for name in names)
