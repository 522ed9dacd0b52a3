"""Figures as published → as written: blanks as the user says, totals only where they differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from generator.form.form import Form
from generator.form.tables import TableForm
from generator.old_report.blocks import Kind, Note
from generator.old_report.emit import Value
from generator.old_report.match import Found
from generator.values import keys
from generator.values.grid import FigurePath


@dataclass
class Settled:
    """The figures to be written, and how many were read how."""

    values: dict[FigurePath, Value] = field(default_factory=dict)
    total: int = 0
    read: int = 0
    blank: int = 0
    missing: int = 0
    notes: list[Note] = field(default_factory=list)

    @property
    def unfilled(self) -> int:
        """How many figures are left to be filled in."""
        return sum(value == keys.UNFILLED for value in self.values.values())


def settle(
    form: Form,
    found: Mapping[FigurePath, Found],
    *,
    blank_is_zero: bool,
    told: Collection[FigurePath] = (),
) -> Settled:
    """Return what to write for every figure of the form.

    ``told`` are figures of which the user already knows why they could not be read.
    """
    settled = Settled()
    for table in form.tables.values():
        _settle(table, found, settled, blank_is_zero=blank_is_zero)
        settled.notes += _missing(table, {*found, *told})
    return settled


def _settle(
    table: TableForm,
    found: Mapping[FigurePath, Found],
    settled: Settled,
    *,
    blank_is_zero: bool,
) -> None:
    values: dict[FigurePath, Value] = {}
    blank_totals: set[FigurePath] = set()
    for path in table.grid.figures:
        settled.total += 1
        cell = found.get(path)
        if cell is None:
            settled.missing += 1
        elif cell.value is not None:
            settled.read += 1
            values[path] = cell.value
            continue
        elif not cell.unusable:
            settled.blank += 1
            message = f"「{table.label(path)}」是空白（{cell.text.strip() or '空格'}）"
            settled.notes.append(Note(Kind.BLANK, message, cell.origin))
            if path in table.addends:
                blank_totals.add(path)
            elif blank_is_zero:
                values[path] = 0
                continue
        values[path] = keys.UNFILLED
    needless = _needless_totals(table, values, blank_totals, settled)
    settled.values.update({p: v for p, v in values.items() if p not in needless})


def _missing(table: TableForm, known: Collection[FigurePath]) -> Iterator[Note]:
    """Yield a note for every figure without a cell, one for a whole row or table."""
    labels = table.grid.labels
    if not any(path in known for path in table.grid.figures):
        message = f"{table.id} 的数一个也没有读出，写成待填"
        yield Note(Kind.MISSING, message, part=table.key)
        return
    rows: dict[tuple[str, ...], list[FigurePath]] = {}
    for path in table.grid.figures:
        rows.setdefault(labels[path].row, []).append(path)
    for row, paths in rows.items():
        missing = [path for path in paths if path not in known]
        if len(missing) == len(paths):
            name = " ".join((table.id, *row))
            yield Note(Kind.MISSING, f"「{name}」这一行的数原文里没有，写成待填")
            continue
        for path in missing:
            yield Note(Kind.MISSING, f"「{table.label(path)}」原文里没有，写成待填")


def _needless_totals(
    table: TableForm,
    values: Mapping[FigurePath, Value],
    blank_totals: set[FigurePath],
    settled: Settled,
) -> set[FigurePath]:
    """Return the totals that need not be written: the program computes the same.

    A row of totals is left out as a whole or written as a whole, as a column left out of a row
    that is written would mean zero.
    """
    needless: set[FigurePath] = set()
    kept_rows: set[FigurePath] = set()
    for path, addends in table.addends.items():
        parts = [values[part] for part in addends]
        numbers = [part for part in parts if not isinstance(part, str)]
        typed = values[path]
        if len(numbers) == len(parts) and typed == sum(numbers):
            needless.add(path)
        elif typed == keys.UNFILLED:
            needless.add(path)
            if path in blank_totals:
                settled.notes.append(
                    Note(Kind.TOTALS, f"「{table.label(path)}」原文空白，由程序计算")
                )
        else:
            if path[-1] != table.total:
                kept_rows.add(path[:-1])
            is_known = len(numbers) == len(parts)
            computed = f"相加是 {sum(numbers)}" if is_known else "有待填，加不出来"
            message = f"「{table.label(path)}」原文是 {typed}，{computed}，照原文保留"
            settled.notes.append(Note(Kind.TOTALS, message))
    for path in list(needless):
        if path[:-1] in kept_rows and path[-1] != table.total:
            needless.discard(path)
    for path in table.addends:
        # A total of totals cannot stand alone in its row either.
        alone = path[-1] == table.total and table.total in path[:-1] and path not in needless
        if alone and path[:-1] not in kept_rows:
            needless -= {p for p in needless if p[:-1] == path[:-1] and p != path}
    return needless
