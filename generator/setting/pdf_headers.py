"""Labels of a PDF's tables as header cells, and for every figure the labels it stands under.

Typst marks only the head of a table, yet a screen reader is to say what a figure's row is too. The
structure tree names the cells in reading order, as a grid does (ISO 32000-1, 14.8.4.3.4, 14.8.5.7).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from generator.values.grid import Grid


def with_headers(content: bytes, grids: Sequence[Grid]) -> bytes:
    """Return a PDF whose tables, one for each grid, have all their labels as header cells."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        tree = pdf.Root.StructTreeRoot
        ids: dict[str, Any] = {}
        tables = _elements(tree, {Name.Table})
        for number, (table, grid) in enumerate(zip(tables, grids, strict=True)):
            cells = list(_elements(table, {Name.TD, Name.TH}))
            names = [f"t{number}c{index}" for index in range(len(cells))]
            for index, cell in enumerate(cells):
                _mark(cell, grid, index, names)
                if cell.S == Name.TH:
                    cell.ID = String(names[index])
                    ids[names[index]] = cell
                elif Name.ID in cell:
                    del cell.ID
        listed = [part for name in sorted(ids) for part in (String(name), ids[name])]
        tree.IDTree = pdf.make_indirect(Dictionary(Names=Array(listed)))
        done = io.BytesIO()
        pdf.save(done, deterministic_id=True, fix_metadata_version=False)
    return done.getvalue()


def _mark(cell: Any, grid: Grid, index: int, names: Sequence[str]) -> None:
    """Say what a cell is the head of, or which heads it has."""
    attributes = Dictionary({"/O": Name.Table})
    others = []
    for each in _listed(cell.get(Name.A)):
        if each.get(Name.O) != Name.Table:
            others.append(each)
            continue
        for key, value in each.items():
            if key not in ("/Scope", "/Headers"):
                attributes[key] = value
    cell.S = Name.TD
    path = grid.cells[index].path
    if path is not None:
        heads = grid.heads[path]
        attributes.Headers = Array([String(names[i]) for i in (*heads.row, *heads.column)])
    elif index in grid.heads_of_rows or index in grid.heads_of_columns:
        cell.S = Name.TH
        attributes.Scope = Name.Row if index in grid.heads_of_rows else Name.Column
    cell.A = Array([*others, attributes])


def _elements(root: Any, kinds: set[Name]) -> Iterator[Any]:
    """Yield the elements of some kinds below an element, in reading order."""
    for child in _listed(root.get(Name.K)):
        if isinstance(child, Dictionary):
            if child.get(Name.S) in kinds:
                yield child
            else:
                yield from _elements(child, kinds)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]
