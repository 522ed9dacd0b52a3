"""What a report that is not filled in asks for: the keys of a table, and a mark at each."""

from __future__ import annotations

from typing import Any

from generator.form.form import Form
from generator.values import keys
from generator.values.grid import FigurePath

Skeleton = dict[str, Any]
"""The keys of a table nested as in an office file, totals left out; a figure is ``None``."""


def skeleton_of(form: Form, part: str) -> Skeleton:
    """Return the keys that a table of a form asks for."""
    table = form.table_by_key[part]
    root: Skeleton = {}
    for path in table.grid.figures:
        if table.total in path:
            continue
        node = root
        for step in path[1:-1]:
            node = node.setdefault(step, {})
        node[path[-1]] = None
    return root


def blank(form: Form, path: FigurePath, rows: Skeleton | None) -> Any:
    """Return what asks for everything below ``path``: a mark for a figure or a uniform row.

    A row whose columns are its own shows them, so that a clerk sees what to count.
    """
    if rows is None:
        return keys.UNFILLED
    table = form.table_by_key[path[0]]
    if tuple(rows) == tuple(column for column in table.each if column != table.total):
        return keys.UNFILLED
    return {key: blank(form, (*path, key), inner) for key, inner in rows.items()}
