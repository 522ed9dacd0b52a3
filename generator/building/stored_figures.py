"""The figures of a report as text and back: whoever adds up thousands need not read them again.

They stand in the order of their form, without their paths; an amount stays as it was typed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from generator.report.report import Report
from generator.values.grid import Number


class StoredFigures(NamedTuple):
    """Figures in the order of ``form``; both are empty for a report that could not be read."""

    form: int | None = None
    values: tuple[Number | None, ...] = ()


NO_FIGURES = StoredFigures()


def figures_of(report: Report | None) -> StoredFigures:
    """Return what is stored of a report's figures."""
    if report is None:
        return NO_FIGURES
    return StoredFigures(report.form.id, tuple(map(report.figures.get, report.form.figures)))


def stored(figures: StoredFigures) -> str:
    """Return figures as JSON: a count is a number, an amount a string of its digits."""
    return json.dumps([figures.form, *map(_plain, figures.values)], separators=(",", ":"))


def recalled(text: str) -> StoredFigures:
    """Return stored figures as they were."""
    form, *values = json.loads(text)
    return StoredFigures(form, tuple(_values(values)))


def _plain(value: Number | None) -> int | str | None:
    return str(value) if isinstance(value, Decimal) else value


def _values(plain: Iterable[int | str | None]) -> Iterable[Number | None]:
    return (Decimal(value) if isinstance(value, str) else value for value in plain)
