"""The figures of a report: declared zeros spread over their cells, totals computed.

Nothing is assumed. A cell that is neither typed nor declared by something around it has no value,
and a typed total stays as typed, for the checks to compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from generator import keys
from generator.document import FigurePath
from generator.edition import Edition
from generator.tables import TableForm

Number = int | Decimal

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Figures:
    """The values of a report's figures by path, and which of them were typed or left to fill in."""

    values: Mapping[FigurePath, Number]
    typed: frozenset[FigurePath]
    unfilled: frozenset[FigurePath]

    def get(self, path: FigurePath) -> Number | None:
        """Return the figure, ``None`` when it is missing, unfilled or not a number."""
        return self.values.get(path)

    def printed(self, path: FigurePath) -> str:
        """Return the figure as it is set: digits as typed, or the mark of an unfilled one."""
        value = self.values.get(path)
        return keys.UNFILLED if value is None else str(value)


def expand(edition: Edition, data: Mapping[str, Any]) -> Figures:
    """Work out every figure of the form from what an office typed."""
    values: dict[FigurePath, Number] = {}
    typed: set[FigurePath] = set()
    unfilled: set[FigurePath] = set()
    rows: dict[FigurePath, tuple[Any, bool]] = {}
    for table in edition.tables.values():
        for path in table.grid.figures:
            row, column = path[:-1], path[-1]
            if row not in rows:
                rows[row] = _typed(data, row)
            left_out = 0 if len(row) > 1 and column != table.total else _ABSENT
            value, is_typed = _below(*rows[row], column, left_out)
            if value == keys.UNFILLED:
                unfilled.add(path)
            elif isinstance(value, int | Decimal) and not isinstance(value, bool):
                values[path] = value
                if is_typed:
                    typed.add(path)
            elif value is not _ABSENT:
                typed.add(path)  # something that is no number: not to be replaced by a sum
        for path, addends in table.addends.items():
            if path in values or path in typed or path in unfilled:
                continue
            parts = [values[part] for part in addends if part in values]
            if len(parts) == len(addends):
                values[path] = sum(parts)
            elif any(part in unfilled for part in addends):
                unfilled.add(path)
    return Figures(values, frozenset(typed), frozenset(unfilled))


def _typed(data: Mapping[str, Any], path: FigurePath) -> tuple[Any, bool]:
    """Follow ``path`` into what was typed; return what it says, and whether it says it itself."""
    node: Any = data
    is_typed = True
    for step in path:
        node, is_typed = _below(node, is_typed, step, _ABSENT)
    return node, is_typed


def _below(node: Any, is_typed: bool, step: str, left_out: Any) -> tuple[Any, bool]:
    """Return what stands below ``node``, and whether it stands there itself.

    A declared zero or an unfilled mark answers for everything below it. ``left_out`` is the value
    of a step that is not there: zero for a column in a row's own mapping, unless it is a total.
    """
    if not is_typed:
        return node, False
    if isinstance(node, dict):
        return (node[step], True) if step in node else (left_out, False)
    if node in (0, keys.NONE) and not isinstance(node, bool):
        return 0, False
    return (keys.UNFILLED if node == keys.UNFILLED else _ABSENT), False


def tree(table: TableForm, figures: Figures) -> dict[str, Any]:
    """Return a table's figures nested by key, for expressions in prose.

    Every group gets a total of its own, column by column, even where the form prints none, and the
    table's ``sums`` are added. A figure without a value shows as unfilled.
    """
    root: dict[str, Any] = {}
    for path in table.grid.figures:
        node = root
        for step in path[1:-1]:
            node = node.setdefault(step, {})
        value = figures.get(path)
        node[path[-1]] = keys.UNFILLED if value is None else value
    for child in root.values():
        if isinstance(child, dict) and _is_group(child):
            _add_totals(child, table.total)
    for name, parts in table.sums.items():
        root[name] = _added([root[part] for part in parts])
    return root


def named(table: TableForm, figures: Figures, steps: tuple[str, ...]) -> Number | None:
    """Return the figure that :func:`tree` holds at ``steps``, without building the tree."""
    value = figures.get((table.key, *steps))
    if value is not None:
        return value
    if steps[0] in table.sums:
        parts = [(table.key, part, *steps[1:]) for part in table.sums[steps[0]]]
    elif table.total in steps[:-1]:
        group = (table.key, *steps[: steps.index(table.total)])
        parts = [
            path
            for path in table.grid.figures
            if path[: len(group)] == group
            and path[-1] == steps[-1]
            and table.total not in path[len(group) : -1]
        ]
    else:
        return None
    values = [figures.get(path) for path in parts]
    known = [value for value in values if value is not None]
    return sum(known) if values and len(known) == len(values) else None


def _add_totals(group: dict[str, Any], total: str) -> None:
    """Give a group of rows, and every group within it, the total that it does not print."""
    for child in group.values():
        if _is_group(child):
            _add_totals(child, total)
    if total not in group:
        group[total] = _added([c[total] if _is_group(c) else c for c in group.values()])


def _is_group(node: Mapping[str, Any]) -> bool:
    for child in node.values():  # noqa: SIM110 - asked of every row of every report
        if isinstance(child, dict):
            return True
    return False


def _added(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Add rows column by column; a column with anything unfilled in it stays unfilled."""
    added = {}
    for column in rows[0]:
        values = [row[column] for row in rows]
        added[column] = keys.UNFILLED if keys.UNFILLED in values else sum(values)
    return added
