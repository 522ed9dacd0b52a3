"""The one figure that was mistyped: where a row sum and a column sum both fail, they cross in it.

Every equation of level error is taken as a linear form over the typed figures, computed totals
being replaced by what they add up. A figure whose change mends every failing equation that it
stands in, by the same amount, and upsets none that holds, explains all of them at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.judging.equations import Judged
from generator.report.report import Report
from generator.values.diagnostics import Severity
from generator.values.grid import FigurePath, Number

Coefficients = dict[FigurePath, Number]
"""Figure → how the difference of the two sides changes with it."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A figure, what it says and what it would have to say; ``mended`` counts the equations."""

    path: FigurePath
    old: Number
    new: Number
    mended: int


def mends(judged: Sequence[Judged], report: Report) -> dict[int, Mend]:
    """Return, by its place in ``judged``, the mend of every failing equation that has just one.

    A figure counts only where it mends two equations or more: one sum that fails says nothing
    about which of its addends is wrong.
    """
    asked = {
        index: equation
        for index, equation in enumerate(judged)
        if equation.rule.level is Severity.ERROR
        and equation.comparison.relation == "equals"
        and equation.holds is not None
    }
    if all(equation.holds for equation in asked.values()):
        return {}
    sums = {index: _form(equation, report) for index, equation in asked.items()}
    standing_in: dict[FigurePath, list[int]] = defaultdict(list)
    for index, coefficients in sums.items():
        for path in coefficients:
            standing_in[path].append(index)
    found: dict[int, list[Mend]] = defaultdict(list)
    for path, indices in standing_in.items():
        if any(judged[i].holds for i in indices):
            continue
        if mend := _mend(path, [(judged[i], sums[i][path]) for i in indices], report):
            for index in indices:
                found[index].append(mend)
    return {index: best for index, candidates in found.items() if (best := _only_best(candidates))}


def each_mend(equation: Judged, report: Report) -> list[Mend]:
    """Return every typed figure whose change alone would let one failing equation hold."""
    if equation.comparison.relation != "equals" or equation.holds is not False:
        return []
    coefficients = _form(equation, report)
    found = []
    for path, coefficient in coefficients.items():
        change = Fraction(equation.right - equation.left) / Fraction(coefficient)
        new = report.figures.values[path] + int(change)
        if change.denominator == 1 and new >= 0:
            found.append(Mend(path, report.figures.values[path], new, 1))
    return found


def _mend(
    path: FigurePath, equations: Iterable[tuple[Judged, Number]], report: Report
) -> Mend | None:
    changes = [
        Fraction(equation.right - equation.left) / Fraction(coefficient)
        for equation, coefficient in equations
    ]
    change, old = changes[0], report.figures.values[path]
    if len(changes) < 2 or set(changes) != {change} or not change or change.denominator != 1:
        return None
    new = old + int(change)
    return Mend(path, old, new, len(changes)) if new >= 0 else None


def _only_best(candidates: list[Mend]) -> Mend | None:
    most = max(mend.mended for mend in candidates)
    best = [mend for mend in candidates if mend.mended == most]
    return best[0] if len(best) == 1 else None


def _form(equation: Judged, report: Report) -> Coefficients:
    coefficients: Coefficients = defaultdict(int)
    for sign, terms in ((1, equation.comparison.left), (-1, equation.comparison.right)):
        for term in terms:
            if term.path and not term.previous:
                for path in _typed_parts(term.path, report):
                    coefficients[path] += sign * term.times
    return {path: coefficient for path, coefficient in coefficients.items() if coefficient}


def _typed_parts(path: FigurePath, report: Report) -> Iterable[FigurePath]:
    """Return the typed figures that a computed total adds up, or the figure itself."""
    if not report.is_computed(path):
        return (path,)
    addends = report.form.table_by_key[path[0]].addends[path]
    return (part for addend in addends for part in _typed_parts(addend, report))
