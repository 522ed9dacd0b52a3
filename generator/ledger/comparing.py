"""What a ledger comes to beside what a report says, and the report with the ledger's figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.drafting.edits import set_figures
from generator.ledger.counting import Tally
from generator.report.report import Report
from generator.values import keys
from generator.values.grid import FigurePath, Number
from generator.values.numerals import digits


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is another in the report; ``typed`` is what stands there."""

    path: FigurePath
    label: str
    counted: int
    typed: Number | None
    cases: tuple[str, ...]

    @property
    def said(self) -> str:
        """What the report says."""
        return keys.UNFILLED if self.typed is None else digits(self.typed)


def differences(tally: Tally, report: Report) -> list[Difference]:
    """Return every figure that the report has otherwise, in the form's order."""
    found = []
    for path, cases in tally.cases.items():
        typed = report.figures.get(path)
        if typed != len(cases):
            label = report.form.label(path)
            found.append(Difference(path, label, len(cases), typed, tuple(cases)))
    return found


def with_figures_of(tally: Tally, report: Report) -> str:
    """Return the report's text with the figures of the ledger, typed totals following.

    Raises:
        CannotEdit: the file is written in a way that does not allow the change.
    """
    return set_figures(report.source.text, report.form, _edits(tally, report))


def _edits(tally: Tally, report: Report) -> Iterator[tuple[FigurePath, str]]:
    changed = {
        path: str(tally.count(path)) for path in (d.path for d in differences(tally, report))
    }
    yield from changed.items()
    values: dict[FigurePath, Any] = {
        path: value for path, value in report.figures.values.items() if path not in tally.cases
    }
    values |= {path: tally.count(path) for path in tally.cases}
    for table in report.form.tables.values():
        for total, addends in table.addends.items():
            if all(part in values for part in addends):
                was = values.get(total)
                values[total] = sum(values[part] for part in addends)
                if total in report.figures.typed and was != values[total]:
                    yield total, digits(values[total])
