"""A folder of reports taken in at once: what became of each, and what a check of it finds.

In January a county's offices send their reports as files, which are reviewed as they come in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generator.form.form import Forms
from generator.judging.examine import examine
from generator.old_report.job import Attempt
from generator.reading.workspace import find_reports
from generator.report.report import Reader
from generator.values.diagnostics import Diagnostic, Severity


@dataclass(frozen=True)
class Taken:
    """One file of the folder: what became of it, and what a check of the report finds."""

    outcome: Attempt
    findings: tuple[Diagnostic, ...] = ()

    @property
    def read(self) -> int:
        """How many figures were read."""
        return self.outcome.imported.settled.read if self.outcome.imported else 0

    @property
    def asked(self) -> int:
        """How many figures and texts are left to be filled in."""
        imported = self.outcome.imported
        return imported.settled.unfilled + len(imported.missing_texts) if imported else 0

    @property
    def errors(self) -> int:
        """How many errors the report has, besides what is to be filled in."""
        return sum(
            each.severity is Severity.ERROR and not each.accepted and not each.is_blank
            for each in self.findings
        )

    @property
    def done(self) -> bool:
        """Whether the report is in its place, whole and without errors."""
        return self.outcome.done and not self.errors

    def as_data(self) -> dict[str, Any]:
        """Return what there is to know about the file, for programs."""
        outcome, imported = self.outcome, self.outcome.imported
        return {
            "file": str(outcome.file),
            "part": outcome.part,
            "office": imported.office if imported else "",
            "year": imported.year if imported else None,
            "form": imported.form.id if imported else None,
            "read": self.read,
            "figures": imported.settled.total if imported else 0,
            "asked": self.asked,
            "unplaced": len(imported.unplaced) if imported else 0,
            "errors": self.errors,
            "written": [str(path) for path in outcome.written],
            "refused": outcome.refusal.message if outcome.refusal else "",
            "hint": outcome.refusal.hint if outcome.refusal else "",
            "remarks": outcome.remarks,
        }


def checked(outcomes: Sequence[Attempt], forms: Forms) -> Iterator[Taken]:
    """Yield the files with the findings of their reports, all of which are in their places."""
    reader = Reader(forms)
    for outcome in outcomes:
        if outcome.report is None:
            yield Taken(outcome)
            continue
        (at,) = find_reports([outcome.report])
        yield Taken(outcome, tuple(examine(at, reader).findings))
