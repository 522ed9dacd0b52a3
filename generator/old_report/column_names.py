"""The names of columns above figures in lines of text, where the head is scattered over lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from generator.old_report.blocks import Line
from generator.old_report.form_rows import FormRow, FormRows

_LONGEST_LABEL = 60


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


class ColumnNames:
    """What the lines of a part call their columns."""

    def __init__(self, lines: Sequence[WordLine], rows: Sequence[FormRow], known: FormRows) -> None:
        """Look at ``lines`` for the columns of ``rows``."""
        self.read = lines
        self.rows = rows
        self.known = known

    def by_blocks(self, row: FormRow, names: list[str]) -> list[int] | None:
        """Return the order where names repeat: within each block, the blocks as in the form."""
        blocks: dict[tuple[str, ...], list[int]] = {}
        for place, chain in enumerate(row.chains):
            blocks.setdefault(chain[:-1], []).append(place)
        order: list[int] = []
        for places in blocks.values():
            printed = [names[place] for place in places]
            wanted = [row.columns[place] for place in places]
            if sorted(printed) != sorted(wanted):
                return None
            order += [places[printed.index(name)] for name in wanted]
        return order if self.blocks_in_order(row) else None

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

    def names_above(self, spans: Sequence[tuple[int, int]]) -> list[str | None]:
        """Return what the words above the first figures say, column by column."""
        inner = {chain[-1] for row in self.rows for chain in row.chains if chain}
        pieces: list[list[str]] = [[] for _ in spans]
        for line in self.read:
            if line.figures:
                break
            for word in line.label:
                name = self.known.column_labels.find(word.text)
                if (name and name not in inner) or len(word.text) > _LONGEST_LABEL:
                    continue
                centre = (word.start + word.end) / 2
                place = min(range(len(spans)), key=lambda i: abs(sum(spans[i]) / 2 - centre))
                pieces[place].append(word.text)
        return [self.name_in(words, inner) for words in pieces]

    def name_in(self, words: Sequence[str], inner: set[str]) -> str | None:
        """Return the innermost label that words from top to bottom end in."""
        for start in range(len(words)):
            name = self.known.column_labels.find("".join(words[start:]))
            if name in inner:
                return name
        return None

    def in_order(self, row: FormRow) -> bool:
        """Whether the labels that a line of the head spells out stand in the form's order."""
        for line in self.read:
            names = [self.known.column_labels.find(word.text) for word in line.label]
            known = [name for name in names if name in row.columns]
            if len(set(row.columns)) == len(row.columns):
                if known != sorted(known, key=row.columns.index):
                    return False
            elif not _is_within(known, row.columns):
                return False
        return True

    def is_named(self, row: FormRow) -> bool:
        """Whether one line of the head spells out all of the row's columns in order."""
        return any(
            [self.known.column_labels.find(word.text) for word in line.label][-len(row.columns) :]
            == list(row.columns)
            for line in self.read
        )

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
            [name for name in first if name in columns] == columns
            for depth in {len(chain) for chain in row.chains}
            for columns in [[c[-1] for c in row.chains if len(c) == depth]]
        )


def _is_within(names: Sequence[str | None], columns: Sequence[str]) -> bool:
    """Whether names stand among the columns in this order, others in between."""
    rest = iter(columns)
    return all(any(name == column for column in rest) for name in names)
