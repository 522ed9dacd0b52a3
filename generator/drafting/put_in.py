"""Figures that came from elsewhere, a workbook or a ledger, put into a report in place.

Only those that the report has otherwise are touched. A total that was typed follows the figures
that it adds up; one that was left to the program stays so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.drafting.edits import set_figures
from generator.report.report import Report
from generator.values import keys
from generator.values.grid import FigurePath, Number
from generator.values.numerals import digits


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is another; ``None`` stands for one that is not filled in."""

    path: FigurePath
    label: str
    before: Number | None
    after: Number | None

    def __str__(self) -> str:
        """Say what it was and what it is."""
        return f"{self.label}：{shown(self.before)} → {shown(self.after)}"


def shown(value: Number | None) -> str:
    """Write a figure, or the mark of one that is not filled in."""
    return keys.UNFILLED if value is None else digits(value)


def changes(report: Report, figures: Mapping[FigurePath, Number | None]) -> list[Change]:
    """Return the figures that ``report`` has otherwise; totals are none of them."""
    totals = {path for table in report.form.tables.values() for path in table.addends}
    return [
        Change(path, report.form.label(path), report.figures.get(path), value)
        for path, value in figures.items()
        if path not in totals and report.figures.get(path) != value
    ]


def with_figures(report: Report, changed: list[Change]) -> str:
    """Return the report's text with the changes made.

    Raises:
        CannotEdit: the file is written in a way that does not allow one of them.
    """
    edits = [(change.path, shown(change.after)) for change in changed]
    return set_figures(report.source.text, report.form, [*edits, *_totals(report, changed)])


def _totals(report: Report, changed: list[Change]) -> Iterator[tuple[FigurePath, str]]:
    """Yield the typed totals that the changes upset, with what they come to now."""
    values: dict[FigurePath, Number | None] = dict(report.figures.values)
    values |= {change.path: change.after for change in changed}
    upset = {change.path for change in changed}
    for table in report.form.tables.values():
        for total, addends in table.addends.items():
            if not upset.intersection(addends):
                continue
            upset.add(total)
            parts = [values.get(part) for part in addends]
            known = [part for part in parts if part is not None]
            values[total] = sum(known) if len(known) == len(parts) else None
            if total in report.figures.typed:
                yield total, shown(values[total])
