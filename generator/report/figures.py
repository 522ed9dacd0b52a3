"""The figures of a report: declared zeros spread over their cells, totals computed.

Nothing is assumed. A cell that is neither typed nor declared by something around it has no value,
and a typed total stays as typed, for the checks to compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from generator.form.form import Form
from generator.form.names import FigureNames, Kind
from generator.values import keys
from generator.values.grid import FigurePath, Number
from generator.values.numerals import digits

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Figures:
    """The values of a report's figures by path, and which of them were typed or left to fill in."""

    values: Mapping[FigurePath, Number]
    typed: frozenset[FigurePath]
    unfilled: frozenset[FigurePath]
    computed: frozenset[FigurePath]
    """Totals that were not typed and are the sum of their parts, all of which are known."""

    def get(self, path: FigurePath) -> Number | None:
        """Return the figure, ``None`` when it is missing, unfilled or not a number."""
        return self.values.get(path)

    def printed(self, paths: Iterable[FigurePath]) -> tuple[str, ...]:
        """Return figures as they are set: digits as typed, or the mark of an unfilled one."""
        values = self.values
        return tuple(digits(values.get(path, keys.UNFILLED)) for path in paths)


def expand(
    form: Form, data: Mapping[str, Any], sums: Mapping[FigurePath, Number] | None = None
) -> Figures:
    """Work out every figure of the form from what an office typed.

    ``sums`` are those over the members of a roll-up, for what is declared to be added up; a figure
    that is not among them has no value.
    """
    values: dict[FigurePath, Number] = {}
    typed: set[FigurePath] = set()
    unfilled: set[FigurePath] = set()
    computed: set[FigurePath] = set()
    for table in form.tables.values():
        for row, figures in table.figures_by_row.items():
            node, says_so = _typed(data, row)
            for path in figures:
                column = path[-1]
                left_out = 0 if len(row) > 1 and column != table.total else _ABSENT
                value, is_typed = _below(node, says_so, column, left_out)
                if value == keys.ROLL_UP:
                    if sums is None:
                        unfilled.add(path)
                    elif path in sums and path not in table.addends:  # totals: as everywhere
                        values[path] = sums[path]
                elif type(value) in (int, Decimal):  # not bool, which is an int besides
                    values[path] = value
                    if is_typed:
                        typed.add(path)
                elif value == keys.UNFILLED:
                    unfilled.add(path)
                elif value is not _ABSENT:
                    typed.add(path)  # something that is no number: not to be replaced by a sum
        for path, addends in table.addends.items():
            if path in typed or path in unfilled:
                continue
            parts = [values[part] for part in addends if part in values]
            if len(parts) == len(addends):
                total = sum(parts)
                if values.setdefault(path, total) == total:
                    computed.add(path)
            elif path not in values and any(part in unfilled for part in addends):
                unfilled.add(path)
    return Figures(values, frozenset(typed), frozenset(unfilled), frozenset(computed))


def _typed(data: Mapping[str, Any], path: FigurePath) -> tuple[Any, bool]:
    """Follow ``path`` into what was typed; return what it says, and whether it says it itself."""
    node: Any = data
    is_typed = True
    for step in path:
        node, is_typed = _below(node, is_typed, step, _ABSENT)
    return node, is_typed


def _below(node: Any, is_typed: bool, step: str, left_out: Any) -> tuple[Any, bool]:
    """Return what stands below ``node``, and whether it stands there itself.

    A declared zero, an unfilled mark or a declared roll-up answers for everything below it.
    ``left_out`` is the value of a step that is not there: zero for a column in a row's own mapping,
    unless it is a total.
    """
    if not is_typed:
        return node, False
    if isinstance(node, dict):
        return (node[step], True) if step in node else (left_out, False)
    if node in (0, keys.NONE) and not isinstance(node, bool):
        return 0, False
    return (node if node in (keys.UNFILLED, keys.ROLL_UP) else _ABSENT), False


class Branch(Mapping[str, Any]):
    """A group of figures by key, for expressions in prose; each worked out when asked for.

    Every group has a total of its own, column by column, even where the form prints none, and so
    have the table's ``sums``. A figure without a value shows as unfilled.
    """

    __slots__ = ("_figures", "_keys", "_names", "_steps")

    def __init__(self, names: FigureNames, figures: Figures, *steps: str) -> None:
        """Take what stands below ``steps``, of which the first is a table's identifier."""
        self._names = names
        self._figures = figures
        self._steps = steps
        self._keys = names.below(steps)

    def __getitem__(self, key: str) -> Any:
        """Return the figure or the branch that ``key`` names."""
        steps = (*self._steps, key)
        found = self._names.find(steps)
        if found is None:
            raise KeyError(key)
        if found.kind is Kind.GROUP:
            return Branch(self._names, self._figures, *steps)
        value = found.value(self._figures.values)
        return keys.UNFILLED if value is None else value

    def __contains__(self, key: object) -> bool:
        """Whether ``key`` names a figure or a branch."""
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys in the form's order, totals that it does not print last."""
        return iter(self._keys)

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._keys)
