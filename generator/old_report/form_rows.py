"""A form's tables row by row, as old tables are compared with them; derived from the grids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from generator.form.spellings import Labels, Spellings
from generator.form.tables import TableForm
from generator.values.grid import FigurePath, Grid, Number

Sums = Mapping[FigurePath, Sequence[FigurePath]]
"""Totals with the figures that each adds up."""


@dataclass(frozen=True)
class FormRow:
    """One row of figures: what stands to its left, and above each of its figures."""

    table: TableForm
    paths: tuple[FigurePath, ...]
    labels: tuple[str, ...]
    """From the outermost to the innermost; empty where the row has none."""
    chains: tuple[tuple[str, ...], ...]
    """The column labels of each figure, from the outermost to the innermost."""

    @property
    def name(self) -> str:
        """What the row is called: its labels, or the table where it has none."""
        return " ".join((self.table.id, *self.labels))

    @cached_property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """The shortest ends of the column labels that tell the figures apart."""
        for length in range(1, 1 + max(map(len, self.chains), default=0)):
            ends = tuple(chain[-length:] for chain in self.chains)
            if len(set(ends)) == len(ends):
                return ends
        return self.chains

    @cached_property
    def sums(self) -> Sums:
        """The totals of the row's own figures, with the figures that each adds up."""
        return {t: p for t, p in self.table.addends.items() if {t, *p} <= set(self.paths)}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The innermost column label of each figure."""
        return tuple(chain[-1] if chain else "" for chain in self.chains)


@dataclass(frozen=True)
class Group:
    """Rows under one label, which an older or newer form may print as a single row."""

    label: str
    rows: tuple[FormRow, ...]


class FormRows:
    """All rows of a form, found by their labels."""

    def __init__(self, spellings: Spellings) -> None:
        """Derive the rows from the grids of the form's tables."""
        self.spellings = spellings
        self.rows = [
            row for table in spellings.form.tables.values() for row in _rows(table, table.grid)
        ]
        self.by_label: dict[str, list[FormRow]] = {}
        for row in self.rows:
            if row.labels:
                self.by_label.setdefault(row.labels[-1], []).append(row)
        self.unlabelled = [row for row in self.rows if not row.labels]
        self.groups = self._groups()
        self.outer = spellings.known(
            dict.fromkeys(label for row in self.rows for label in row.labels[:-1])
        )
        self.row_labels = spellings.known([*self.by_label, *self.groups])
        self.column_labels = spellings.known(
            dict.fromkeys(label for row in self.rows for chain in row.chains for label in chain)
        )
        self.added = Labels()
        self._added_to: dict[str, FigurePath] = {}
        for path, labels in spellings.added.items():
            for label in labels:
                self.added.add(label, ())
                self._added_to.setdefault(label, path)

    def added_row(self, label: str) -> FormRow | None:
        """Return the row that a part named ``label`` is added to."""
        path = self._added_to.get(label)
        return next((row for row in self.rows if row.paths[0][:-1] == path), None)

    def _groups(self) -> dict[str, Group]:
        """Return the labels over several rows that are no row's own."""
        found: dict[str, list[FormRow]] = {}
        for row in self.rows:
            for label in row.labels[:-1]:
                if label not in self.by_label:
                    found.setdefault(label, []).append(row)
        same_length = {
            label: rows
            for label, rows in found.items()
            if len({row.columns for row in rows}) == 1
            and len({row.labels[: row.labels.index(label) + 1] for row in rows}) == 1
            and all(row.labels[-2] == label for row in rows)
        }
        return {label: Group(label, tuple(rows)) for label, rows in same_length.items()}


def _rows(table: TableForm, grid: Grid) -> list[FormRow]:
    rows: list[FormRow] = []
    for number in range(len(grid.slots)):
        paths = tuple(cell.path for _, cell in grid.starting_in(number) if cell.path is not None)
        if paths:
            labels = grid.labels[paths[0]].row
            chains = tuple(grid.labels[path].column for path in paths)
            rows.append(FormRow(table, paths, labels, chains))
    return rows


def adds_up(sums: Sums, values: Mapping[FigurePath, Number | None]) -> bool:
    """Whether there are totals and each is the sum of its figures; what is not known is none."""

    def holds(total: FigurePath, parts: Sequence[FigurePath]) -> bool:
        numbers = [number for part in parts if (number := values.get(part)) is not None]
        return len(numbers) == len(parts) and values.get(total) == sum(numbers)

    return bool(sums) and all(holds(total, parts) for total, parts in sums.items())


def doubled(names: Counter[str], expected: Counter[str]) -> dict[str, int]:
    """Return the columns that a header prints more often than the form, and how often each."""
    return {
        name: names[name] // expected[name]
        for name in expected
        if names[name] > expected[name] and names[name] % expected[name] == 0
    }
