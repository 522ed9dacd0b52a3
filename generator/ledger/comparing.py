"""What a ledger comes to beside what a report says."""

from __future__ import annotations

from generator.drafting.put_in import Change, changes
from generator.ledger.counting import Tally
from generator.report.report import Report


def differences(tally: Tally, report: Report) -> list[Change]:
    """Return every figure that the report has otherwise, in the form's order."""
    return changes(report, {path: len(cases) for path, cases in tally.cases.items()})
