"""A table to fill in, as a page shows it: the form's own grid with a field at every figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.form.tables import TableForm
from generator.judging.equations import Equations
from generator.report.report import Report
from generator.serving.findings import Listed, Shown
from generator.values import keys
from generator.values.grid import Cell, FigurePath
from generator.values.numerals import digits


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of the grid: a printed label, or a field for the figure that ``path`` leads to."""

    rows: int
    columns: int
    text: str = ""
    """A label's words."""
    scope: str = ""
    path: FigurePath | None = None
    label: str = ""
    """A figure's name, as the form prints it."""
    typed: str = ""
    """What stands in the field; nothing for one to be filled in, or a total that is added up."""
    computed: str = ""
    """What a total that was not typed comes to."""
    last: str = ""
    """Last year's figure."""
    is_total: bool = False
    is_rolled_up: bool = False
    """Whether it is added up over the offices below."""
    is_blank: bool = False
    is_wrong: bool = False
    mends: str = ""
    """What would mend every broken relation, if it stood here."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to fill in, with what is broken in it."""

    id: str
    title: str
    widths: tuple[int, ...]
    head: tuple[tuple[Box, ...], ...]
    body: tuple[tuple[Box, ...], ...]
    blanks: int
    note: str
    broken: tuple[Shown, ...]
    has_last: bool


def sheet_of(report: Report, table: TableForm, found: Listed, note: str) -> Sheet:
    """Return a table of a report as it is to be filled in."""
    broken = tuple(shown for shown in found.open if any(p[0] == table.key for p in shown.figures))
    wrong = {path for shown in broken if shown.level != "info" for path in shown.figures}
    sure = [shown.mends[0] for shown in broken if len(shown.mends) == 1]
    maker = _Maker(report, table, wrong, {mend.path: mend.new for mend in sure})
    rows = [
        tuple(maker.box(index, cell) for index, cell in table.grid.starting_in(row))
        for row in range(len(table.grid.slots))
    ]
    total = sum(table.grid.widths)
    return Sheet(
        table.id,
        table.title,
        tuple(round(1000 * width / total) for width in table.grid.widths),
        tuple(rows[: table.grid.header]),
        tuple(rows[table.grid.header :]),
        sum(box.is_blank for row in rows for box in row),
        note,
        broken,
        report.previous is not None,
    )


class _Maker:
    """Makes the boxes of one table."""

    def __init__(
        self,
        report: Report,
        table: TableForm,
        wrong: set[FigurePath],
        mends: dict[FigurePath, str],
    ) -> None:
        self.report = report
        self.table = table
        self.wrong = wrong
        self.mends = mends

    def box(self, index: int, cell: Cell) -> Box:
        if cell.path is None:
            return Box(cell.rows, cell.columns, text=cell.text, scope=self.scope(index, cell))
        path, figures = cell.path, self.report.figures
        value = figures.get(path)
        is_total = path in self.table.addends
        shown = "" if value is None else digits(value)
        rolled_up = not is_total and _is_rolled_up(self.report, path)
        own = path in figures.typed or not (is_total or rolled_up)
        return Box(
            cell.rows,
            cell.columns,
            path=path,
            label=self.report.form.label(path),
            typed=shown if own else "",
            computed="" if own else shown,
            last=last_years(self.report, path),
            is_total=is_total,
            is_rolled_up=rolled_up,
            is_blank=not is_total and value is None,
            is_wrong=path in self.wrong,
            mends=self.mends.get(path, ""),
        )

    def scope(self, index: int, cell: Cell) -> str:
        if index in self.table.grid.heads_of_rows:
            return "rowgroup" if cell.rows > 1 else "row"
        if index in self.table.grid.heads_of_columns:
            return "colgroup" if cell.columns > 1 else "col"
        return ""


def _is_rolled_up(report: Report, path: FigurePath) -> bool:
    node: object = report.data
    for step in path:
        node = node.get(step) if isinstance(node, dict) else node
    return node == keys.ROLL_UP


def last_years(report: Report, path: FigurePath) -> str:
    """Return last year's figure, under whatever form it was; empty where there is none."""
    previous = report.previous
    if previous is None:
        return ""
    if previous.form is not report.form:
        named = previous.form.names.find(report.form.names.steps_of(path))
        if named is None or named.path not in previous.form.figures:
            return ""
        path = named.path
    value = previous.figures.get(path)
    return "" if value is None else digits(value)


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to know of a figure: its sum, its relations, last year's."""

    label: str
    value: str
    last: str
    lines: tuple[str, ...]
    relations: tuple[tuple[bool, str], ...]
    """Whether each relation that it stands in holds, and how it reads."""
    name: str


def told(report: Report, path: FigurePath) -> Told:
    """Return what there is to know of a figure."""
    value = report.figures.get(path)
    name = report.form.names.name_of(path)
    return Told(
        label=report.form.label(path),
        value=keys.UNFILLED if value is None else digits(value),
        last=last_years(report, path),
        lines=tuple(_sum(report, path)),
        relations=tuple(_relations(report, path)),
        name=name,
    )


def _sum(report: Report, path: FigurePath) -> Iterator[str]:
    """Yield the addends of a total, those that are not zero one by one."""
    addends = report.form.table_by_key[path[0]].addends.get(path, ())
    shown = [part for part in addends if report.figures.get(part) != 0]
    for part in shown:
        value = report.figures.get(part)
        yield f"{report.form.label(part)}：{keys.UNFILLED if value is None else digits(value)}"
    if len(shown) < len(addends):
        yield f"{'其余 ' if shown else ''}{len(addends) - len(shown)} 项都是 0"


def _relations(report: Report, path: FigurePath) -> Iterator[tuple[bool, str]]:
    equations = Equations(report)
    for rule in report.form.rules:
        for judged in equations.judge(rule):
            comparison = judged.comparison
            paths = {term.path for term in comparison.terms if not term.previous}
            if judged.holds is None or path not in paths:
                continue
            left = equations.short(comparison.left, judged.left)
            right = equations.short(comparison.right, judged.right)
            yield judged.holds, f"{rule.title}：左边 {left}，右边 {right}"
