"""One statutory table as data: its grid, and how its figures hang together.

A table is a file with one line per printed row (``templates/<form>/tables/``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from generator.form import files
from generator.reading import source
from generator.values.grid import Cell, FigurePath, Grid, LayoutError, tile
from generator.values.nearest import meant


@dataclass(frozen=True)
class Filling:
    """How a table is filled in, for the schema that editors and ``explain`` show it from."""

    unit: str
    """What follows the note of every row."""
    notes: Mapping[tuple[str, ...], str]
    """Of rows and groups, by their keys below the table's own."""
    columns: Mapping[str, str]
    """Of the columns, by their keys."""
    kinds: Mapping[str, str]
    """By its last key, the kind of a figure that is no count."""


@dataclass(frozen=True)
class TableForm:
    """One statutory table: its grid, and how its figures hang together.

    ``each`` are the columns that rows repeat, ``total`` the word that means the sum of its
    siblings, ``sums`` groups that have no cell of their own but may be named in prose.
    """

    id: str
    key: str
    title: str
    description: str
    grid: Grid
    each: tuple[str, ...]
    total: str
    sums: Mapping[str, tuple[str, ...]]
    filling: Filling

    @cached_property
    def rows(self) -> tuple[FigurePath, ...]:
        """The paths of the rows that repeat ``each``, in the form's order."""
        return tuple(dict.fromkeys(path[:-1] for path in self.grid.figures if len(path) > 2))

    @cached_property
    def figures_by_row(self) -> dict[FigurePath, tuple[FigurePath, ...]]:
        """The figures of every row, and of what is no row, by the path that they share."""
        found: dict[FigurePath, list[FigurePath]] = {}
        for path in self.grid.figures:
            found.setdefault(path[:-1], []).append(path)
        return {row: tuple(figures) for row, figures in found.items()}

    @cached_property
    def addends(self) -> dict[FigurePath, tuple[FigurePath, ...]]:
        """Every total with the figures whose sum it is, in an order in which they can be computed.

        A total as a column adds up the other columns of its row; as a row, the same column of every
        row of its group. Totals over rows come first, since their own row is added up afterwards.
        """
        leaves = [path for path in self.grid.figures if self.total not in path]
        found: dict[FigurePath, tuple[FigurePath, ...]] = {}
        for path in self.grid.figures:
            if self.total in path[:-1] and path[-1] != self.total:
                group = path[: path.index(self.total)]
                found[path] = tuple(
                    p for p in leaves if p[: len(group)] == group and p[-1] == path[-1]
                )
        for path in self.grid.figures:
            if path[-1] == self.total:
                found[path] = tuple(
                    p for p in self.grid.figures if p[:-1] == path[:-1] and p[-1] != self.total
                )
        return found

    @cached_property
    def unprinted(self) -> dict[tuple[str, ...], tuple[FigurePath, ...]]:
        """What expressions may name although no cell shows it, each with the figures it adds up.

        These are ``sums`` and, column by column, the totals of groups; the keys are those below
        the table's own.
        """
        printed = self.grid.labels
        found: dict[tuple[str, ...], list[FigurePath]] = {}
        for path in self.grid.figures:
            steps = path[1:]
            if self.total not in steps[:-1]:
                for depth in range(1, len(steps) - 1):
                    total = (*steps[:depth], self.total, steps[-1])
                    if (self.key, *total) not in printed:
                        found.setdefault(total, []).append(path)
            for name, parts in self.sums.items():
                if steps[0] in parts:
                    found.setdefault((name, *steps[1:]), []).append(path)
        return {steps: tuple(parts) for steps, parts in found.items()}

    @cached_property
    def branches(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """Every group of figures that expressions may name with the keys right below it."""
        found: dict[tuple[str, ...], dict[str, None]] = {}
        for steps in (*(path[1:] for path in self.grid.figures), *self.unprinted):
            for depth, key in enumerate(steps):
                found.setdefault(steps[:depth], {})[key] = None
        return {steps: tuple(below) for steps, below in found.items()}

    def label(self, path: FigurePath) -> str:
        """Name a figure as one would read it out of the form: table, row, column."""
        return " ".join(self.label_parts(path))

    def label_parts(self, path: FigurePath) -> tuple[str, ...]:
        """Return the words of a figure's name, from the table to the column."""
        labels = self.grid.labels.get(path)
        if labels is None:
            return (self.id, *path[1:])
        return (self.id, *labels.row, *(labels.column[-1:] if labels.row else labels.column))


def read_tables(head: source.Source, counted: Collection[str]) -> dict[str, TableForm]:
    """Read the tables that the parts of a form name, by their identifiers.

    ``head`` is the form's ``edition.yaml``, ``counted`` are the kinds of figures that there are.

    Raises:
        source.Unreadable: with all that is missing or wrong in any of them.
    """

    def reader(index: int, part: Mapping[str, Any]) -> TableForm:
        file = head.file.parent / "tables" / f"{part['table']}.yaml"
        if not file.is_file():
            near = meant(part["table"], (known.stem for known in file.parent.glob("*.yaml")))
            message = f"没有 tables/{file.name} 这个文件{near}"
            raise files.wrong(head, ("sections", index, "table"), message)
        return read_table(file, part["key"], part["heading"], counted)

    parts = enumerate(head.data["sections"])
    found = files.read_each([partial(reader, i, part) for i, part in parts if "table" in part])
    return {table.id: table for table in found}


def read_table(file: Path, key: str, title: str, counted: Collection[str]) -> TableForm:
    """Read one table's layout; ``counted`` are the kinds of figures that there are.

    Raises:
        source.Unreadable: it does not fit its schema, or the cells leave a hole or overlap.
    """
    read = files.read_file(file, "tables")
    layout = read.data
    if layout["id"] != file.stem:
        raise files.wrong(read, ("id",), f"表名与文件名「{file.stem}」不同")
    each = tuple(layout.get("each", ()))
    rows = []
    for index, row in enumerate(layout["rows"]):
        for place, cell in enumerate(row):
            if isinstance(cell, dict) and sum(kind in cell for kind in _KINDS_OF_CELL) != 1:
                message = f"一格写 {'、'.join(_KINDS_OF_CELL)} 之一"
                raise files.wrong(read, ("rows", index, place), message)
        rows.append([cell for entry in row for cell in _cells(entry, key, each)])
    try:
        grid = tile(
            rows,
            layout["widths"],
            layout["header"],
            layout["align"],
            float(layout["size"]),
            float(layout["row_height"]),
        )
    except LayoutError as error:
        raise files.wrong(read, ("rows", error.row), str(error)) from error
    return TableForm(
        id=layout["id"],
        key=key,
        title=title,
        description=layout["description"],
        grid=grid,
        each=each,
        total=layout["total"],
        sums={name: tuple(parts) for name, parts in layout.get("sums", {}).items()},
        filling=_filling(read, grid, counted),
    )


def _filling(read: source.Source, grid: Grid, counted: Collection[str]) -> Filling:
    """Read how the table is filled in; a note on what the table has not is a fault at its line."""
    layout = read.data
    steps = [path[1:] for path in grid.figures]
    known = {path[:depth] for path in steps for depth in range(1, len(path) + 1)}
    last = {path[-1] for path in steps}
    notes = {
        tuple(entry[key].split(".")): entry["note"]
        for row in layout["rows"]
        for entry in row
        if isinstance(entry, dict) and "note" in entry
        for key in ("value", "values")
        if key in entry
    }
    for key, found in (("notes", known), ("columns", last), ("kinds", last)):
        for name in layout.get(key, {}):
            if (tuple(name.split(".")) if key == "notes" else name) not in found:
                message = f"「{name}」不是这张表的行、组或栏"
                raise files.wrong(read, (key, name), message)
    for name, kind in layout.get("kinds", {}).items():
        if kind not in counted:
            raise files.wrong(read, ("kinds", name), f"没有「{kind}」这种数{meant(kind, counted)}")
    notes |= {tuple(name.split(".")): note for name, note in layout.get("notes", {}).items()}
    return Filling(
        unit=layout.get("unit", ""),
        notes=notes,
        columns=layout.get("columns", {}),
        kinds=layout.get("kinds", {}),
    )


_KINDS_OF_CELL = ("text", "value", "values")


def _cells(entry: Any, key: str, each: tuple[str, ...]) -> Iterator[Cell]:
    """Turn one entry of a layout row into cells: a label, a figure, or a figure for each column."""
    if isinstance(entry, str):
        yield Cell(0, 0, 1, 1, entry)
    elif "text" in entry:
        yield Cell(0, 0, entry.get("rows", 1), entry.get("cols", 1), entry["text"])
    elif "value" in entry:
        path = (key, *entry["value"].split("."))
        yield Cell(0, 0, entry.get("rows", 1), entry.get("cols", 1), path=path)
    else:
        row = (key, *entry["values"].split("."))
        for column in entry.get("each", each):
            yield Cell(0, 0, 1, 1, path=(*row, column))
