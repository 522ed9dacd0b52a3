"""Labels of published tables against the form's: what a site has changed in them.

A table of the form's own shape is compared cell by cell. Of any other only those can be
missed that stand nowhere in the file: sites part tables, join them, repeat merged cells, and set
labels between the pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from generator.form.form import Form
from generator.form.tables import TableForm
from generator.old_report.blocks import RawCell, RawTable
from generator.old_report.outline import number_of
from generator.values.grid import Cell, Grid
from generator.verifying.sentences import Unit, differences, plain


@dataclass(frozen=True, slots=True)
class ChangedLabel:
    """A label of the form, and what a table says in its place; empty where it says nothing."""

    table: str
    ours: str
    theirs: str = ""
    origin: str = ""


def by_form(tables: Sequence[RawTable], form: Form) -> Iterator[tuple[str, RawTable]]:
    """Yield tables, each with the part of the form that it, or the piece before it, is from.

    That is the part with whose table it has most labels in common; none where it has none.
    """
    belongs = ""
    for table in tables:
        said = {_bare(cell.text) for cell in table.cells}
        common = {each.key: len(said & _ours(each.grid).keys()) for each in form.tables.values()}
        best = max(common, key=lambda key: common[key])
        belongs = best if common[best] else belongs
        yield belongs, table


def compare_labels(
    tables: Sequence[RawTable], form: Form, everything: Iterable[str]
) -> tuple[list[RawTable], list[ChangedLabel]]:
    """Return what differs, and the tables with the form's labels where theirs are none of them.

    So one label that was changed is one difference, and the figures beside it are still compared.
    ``everything`` are all texts of the file.
    """
    whole = "".join(map(plain, everything))
    read: list[RawTable] = []
    changed: list[ChangedLabel] = []
    known = {table.key: table for table in form.tables.values()}
    for key, some in groupby(by_form(tables, form), key=lambda pair: pair[0]):
        pieces = [table for _, table in some]
        if key not in known:
            read += pieces
            continue
        pairs = _pairs(pieces, known[key].grid)
        changed += _cell_by_cell(pieces[0], pairs, known[key])
        if not pairs:
            changed += _nowhere(pieces, known[key], whole)
        read += [_with_our_labels(piece, pairs, known[key].grid) for piece in pieces]
    return read, changed


_Pairs = Mapping[RawCell, str]
"""A label of the form by the cell in whose place it should stand."""


def _pairs(pieces: Sequence[RawTable], grid: Grid) -> _Pairs:
    """Return the form's labels by the cells of a table of its shape, none for any other."""
    cells = pieces[0].cells
    same = len(pieces) == 1 and list(map(_place, cells)) == list(map(_place, grid.cells))
    pairs = zip(grid.cells, cells, strict=True) if same else ()
    return {theirs: ours.text for ours, theirs in pairs if ours.path is None}


def _place(cell: Cell | RawCell) -> tuple[int, int, int, int]:
    return cell.row, cell.column, cell.rows, cell.columns


def _cell_by_cell(table: RawTable, pairs: _Pairs, known: TableForm) -> Iterator[ChangedLabel]:
    for cell, ours in pairs.items():
        if _bare(ours) != _bare(cell.text):
            yield ChangedLabel(known.id, ours, cell.text, _origin(table, cell))


def _with_our_labels(table: RawTable, pairs: _Pairs, grid: Grid) -> RawTable:
    ours = _ours(grid)
    cells = (
        replace(cell, text=pairs[cell]) if cell in pairs and _bare(cell.text) not in ours else cell
        for cell in table.cells
    )
    return replace(table, cells=tuple(cells))


def _nowhere(pieces: Sequence[RawTable], known: TableForm, whole: str) -> Iterator[ChangedLabel]:
    """Yield the labels that stand nowhere, each with the cell of a table that is most like it."""
    ours = _ours(known.grid)
    missing = [Unit(text, bare) for bare, text in ours.items() if bare not in whole]
    strange = [
        Unit(cell.text, bare, _origin(piece, cell))
        for piece in pieces
        for cell in piece.cells
        if (bare := _bare(cell.text)) and bare not in ours
    ]
    for mine, other in differences(missing, strange):
        if mine is not None and other is not None:
            yield ChangedLabel(known.id, mine.text, other.text, other.origin)
        elif mine is not None:
            yield ChangedLabel(known.id, mine.text)


def _ours(grid: Grid) -> dict[str, str]:
    """Return the labels of a table, by what is compared of them."""
    return {_bare(cell.text): cell.text for cell in grid.cells if cell.path is None and cell.text}


def _bare(text: str) -> str:
    """Return a label without its number and what else makes no difference."""
    return plain(text[len(number_of(text)[1]) :])


def _origin(table: RawTable, cell: RawCell) -> str:
    return table.cell_origin(cell, table.row_origin(cell.row))
