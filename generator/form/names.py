"""The names of a form's figures: one grammar for prose, rules, charts, acceptance and explanations.

A name is a table and keys joined by full stops. It may mean

- a figure that the form prints: ``table.row.column``;
- a total that it does not print: ``table.group.total.column``, and whatever a table's ``sums`` add
  up, as if it were a row of the table;
- a group, which is no number: a row, several rows, a whole table;
- the sum of several of them: ``table.row.column + table.row.column``;
- for rules, the figures of several rows or columns: ``*`` stands for every key but the total's.

A table may also be called by the key of the part that it fills, as places in an office file are.
Where figures of two years meet, the word for last year may stand in front: :func:`parse` takes it
off. :class:`FigureNames` knows what a name means under a form; one that means nothing is refused
with the nearest that does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Final, NamedTuple

from generator.form.tables import TableForm
from generator.values import keys
from generator.values.grid import FigurePath, Number
from generator.values.nearest import meant

PREVIOUS: Final = "previous:"
"""What stands before a figure of last year in the files of a form; prose has a word for it."""

ANY: Final = "*"
_PREFIXES: Final = (PREVIOUS, f"{keys.PREVIOUS}.")


class UnknownName(ValueError):
    """A name that means nothing, or not what is asked for; the message is for the user."""


class Kind(Enum):
    """What a name means: a printed figure, a total that is not printed, or several figures."""

    FIGURE = auto()
    TOTAL = auto()
    GROUP = auto()


class Name(NamedTuple):
    """A name less the word for last year, and whether that stood in front."""

    text: str
    previous: bool


@dataclass(frozen=True, slots=True)
class Named:
    """What a name means under a form."""

    name: str
    """The name itself, by the table's identifier."""
    kind: Kind
    path: FigurePath
    """The keys in an office file, the part's first; of a sum of several, the first one's."""
    figures: tuple[FigurePath, ...]
    """The printed figures that it stands for or adds up."""
    label: str
    """Its printed labels, from the table to the column."""

    def value(self, values: Mapping[FigurePath, Number]) -> Number | None:
        """Return the figure or the sum; ``None`` where a part of it is missing."""
        total: Number = 0
        for path in self.figures:
            value = values.get(path)
            if value is None:
                return None
            total += value
        return total


def parse(text: str) -> Name:
    """Tell whose year a name means; what it means, the form of that year knows."""
    text = text.strip()
    for prefix in _PREFIXES:
        if text.startswith(prefix):
            return Name(text.removeprefix(prefix), previous=True)
    return Name(text, previous=False)


class FigureNames:
    """Everything that can be named in the tables of one form."""

    def __init__(self, tables: Mapping[str, TableForm]) -> None:
        """Name the figures of ``tables``, which are known by their identifiers."""
        self.tables = tables
        self._by_key = {table.key: table for table in tables.values()}
        self._found: dict[tuple[str, ...], Named] = {}
        self._read: dict[str, Named] = {}

    def __iter__(self) -> Iterator[str]:
        """Iterate over all names: the figures of each table in printed order, totals, groups."""
        for table in self.tables.values():
            figures = (path[1:] for path in table.grid.figures)
            groups = (steps for steps in table.branches if steps not in table.unprinted)
            for steps in dict.fromkeys((*figures, *table.unprinted, *groups)):
                yield ".".join((table.id, *steps))

    def resolve(self, text: str) -> Named:
        """Return what ``text`` means.

        Raises:
            UnknownName: it means nothing under this form.
        """
        if text not in self._read:
            terms = [self._term(term) for term in text.split("+")]
            self._read[text] = terms[0] if len(terms) == 1 else _sum(terms)
        return self._read[text]

    def number(self, text: str) -> Named:
        """Return the figure or the total that ``text`` means.

        Raises:
            UnknownName: it means nothing, or a group.
        """
        found = self.resolve(text)
        if found.kind is Kind.GROUP:
            example = self.name_of(found.figures[0])
            raise UnknownName(f"「{text}」是一组数，不是表中的数；写到数为止，例如 {example}")
        return found

    def place(self, text: str) -> Named:
        """Return the figure or the group at the place that ``text`` means in an office file.

        Raises:
            UnknownName: it means nothing, or what has no place of its own.
        """
        found = self.resolve(text)
        if any(path[: len(found.path)] != found.path for path in found.figures):
            raise UnknownName(f"「{text}」是几个数之和，表中没有它的位置")
        return found

    def matching(self, text: str) -> tuple[FigurePath, ...]:
        """Return the printed figures that ``text`` means or adds up, all that match its ``*``.

        Raises:
            UnknownName: there is none.
        """
        table_id, *steps = text.split(".")
        if ANY not in steps:
            return self.number(text).figures
        table = self._table(table_id)
        found = tuple(path for path in table.grid.figures if _fits(path[1:], steps, table.total))
        if not found:
            raise UnknownName(f"「{text}」不是表中的数")
        return found

    def find(self, path: Sequence[str]) -> Named | None:
        """Return what stands at a path, which may begin with a table's identifier or its key."""
        steps = tuple(path)
        found = self._found.get(steps)
        if found is None and steps:
            table = self.tables.get(steps[0]) or self._by_key.get(steps[0])
            found = _named(table, steps[1:]) if table else None
            if found:
                self._found[steps] = found
        return found

    def below(self, steps: Sequence[str]) -> tuple[str, ...]:
        """Return the keys right below a group, in the form's order; none below a figure."""
        return self._table(steps[0]).branches.get(tuple(steps[1:]), ())

    def name_of(self, path: Sequence[str]) -> str:
        """Return the name of what stands at a path in an office file."""
        return ".".join(self.steps_of(path))

    def steps_of(self, path: Sequence[str]) -> tuple[str, ...]:
        """Return the name of what stands at a path step by step, the table's identifier first."""
        return (self._table(path[0]).id, *path[1:])

    def _term(self, text: str) -> Named:
        text = text.strip()
        found = self.find(text.split("."))
        if found is None:
            raise UnknownName(f"「{text}」不是表中的数{meant(text, self._all, 0.6)}")
        return found

    def _table(self, name: str) -> TableForm:
        table = self.tables.get(name) or self._by_key.get(name)
        if table is None:
            raise UnknownName(f"没有「{name}」这张表；有的是 {'、'.join(self.tables)}")
        return table

    @cached_property
    def _all(self) -> tuple[str, ...]:
        return tuple(self)


def _named(table: TableForm, steps: tuple[str, ...]) -> Named | None:
    path = (table.key, *steps)
    figures: tuple[FigurePath, ...] = (path,)
    if path in table.grid.labels:
        kind = Kind.FIGURE
    elif steps in table.unprinted:
        kind, figures = Kind.TOTAL, table.unprinted[steps]
    elif steps in table.branches:
        kind, figures = Kind.GROUP, _below(table, steps)
    else:
        return None
    label = _label(table, kind, steps, figures)
    return Named(".".join((table.id, *steps)), kind, path, figures, label)


def _below(table: TableForm, steps: tuple[str, ...]) -> tuple[FigurePath, ...]:
    """Return the figures of a group; of a group of totals only, what they add up."""
    depth = len(steps)
    printed = tuple(path for path in table.grid.figures if path[1 : depth + 1] == steps)
    totals = (parts for total, parts in table.unprinted.items() if total[:depth] == steps)
    return printed or tuple(dict.fromkeys(path for parts in totals for path in parts))


def _label(
    table: TableForm, kind: Kind, steps: tuple[str, ...], figures: tuple[FigurePath, ...]
) -> str:
    """Name a figure by its labels, anything else by those that its figures have in common."""
    names = [table.label_parts(path) for path in figures]
    if kind is Kind.FIGURE:
        return " ".join(names[0])
    first, last = shared_ends(names)
    front, end = names[0][:first], names[0][len(names[0]) - last :]
    if kind is Kind.GROUP:
        return " ".join(front if len(names) > 1 else front[:-1])
    is_row = table.total in steps[:-1] and steps[-1] != table.total
    return " ".join((*front, *((table.total,) if is_row else ()), *end))


def _sum(terms: Sequence[Named]) -> Named:
    """Return the sum of what several names mean."""
    return Named(
        name=" + ".join(term.name for term in terms),
        kind=Kind.GROUP if any(term.kind is Kind.GROUP for term in terms) else Kind.TOTAL,
        path=terms[0].path,
        figures=tuple(path for term in terms for path in term.figures),
        label=" + ".join(term.label for term in terms),
    )


def _fits(steps: FigurePath, wanted: Sequence[str], total: str) -> bool:
    if len(steps) != len(wanted):
        return False
    for want, step in zip(wanted, steps, strict=True):  # asked ten thousand times a start
        if want != step and (want != ANY or step == total):
            return False
    return True


def shared_ends(names: Sequence[tuple[str, ...]]) -> tuple[int, int]:
    """Count the words that all names share at their beginning and at their end."""
    sets = list(dict.fromkeys(names))
    if len(sets) < 2:
        return len(sets[0]) if sets else 0, 0
    shortest = min(map(len, sets))
    first = _shared(sets, range(shortest))
    return first, _shared(sets, range(-1, first - shortest - 1, -1))


def _shared(sets: Sequence[tuple[str, ...]], positions: Iterable[int]) -> int:
    """Count the positions, from the first on, at which all of ``sets`` say the same."""
    count = 0
    for position in positions:
        if len({parts[position] for parts in sets}) > 1:
            break
        count += 1
    return count
