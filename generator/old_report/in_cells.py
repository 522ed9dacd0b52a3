"""What ``check`` finds in a report that was filled in as a workbook, with the cells to go to.

Who works in a spreadsheet is told of cells and sheets, and of no line of a file never looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.findings.printing import NAMES
from generator.form.model import Form
from generator.values.diagnostics import Diagnostic, KeyPath, Severity
from generator.workbook.layout import COVER, PROSE, Layout, prose_parts

_SHOWN = 10
"""Unfilled places that are named one by one."""


def in_cells(findings: Iterable[Diagnostic], form: Form) -> Iterator[str]:
    """Yield what is still to be filled in, in one line, then every other error and warning."""
    layout = Layout(form)
    open_ = [f for f in findings if not f.accepted and f.severity is not Severity.INFO]
    blanks = list(dict.fromkeys(_where(layout, f.place.path) for f in open_ if f.is_blank))
    if blanks:
        more = f" 等 {len(blanks)} 处" if len(blanks) > _SHOWN else ""
        yield f"待填：{'、'.join(blanks[:_SHOWN])}{more}"
    for finding in open_:
        if finding.is_blank:
            continue
        where = _where(layout, finding.place.path)
        yield f"{where} {NAMES[finding.severity]} {finding.code} {finding.message}"
        yield f"  改法：{finding.hint}"


def _where(layout: Layout, path: KeyPath) -> str:
    """Return the cell of a figure, the first of a row or a group, or the sheet of a text."""
    steps = tuple(str(step) for step in path)
    if steps:
        for figure, spot in layout.figures.items():
            if figure[: len(steps)] == steps:
                return spot.address
        parts = dict(prose_parts(layout.form))
        if steps[0] in parts:
            return f"{PROSE}（{parts[steps[0]]}）"
    return COVER
