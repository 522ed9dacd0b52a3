"""What the last build found in a report, as long as nothing that it stands on has changed.

Content decides, as it does for a build (``inputs``): a report that was edited since is not known.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from generator.building.inputs import FileCache, Sets, contents_of, inputs_of
from generator.building.plan import name_of
from generator.building.state import State, StateError
from generator.building.stored_figures import NO_FIGURES, StoredFigures, figures_of
from generator.building.stored_figures import recalled as recalled_figures
from generator.building.stored_findings import recalled as recalled_findings
from generator.form.form import Forms
from generator.judging.examine import Examined
from generator.reading.workspace import ReportFile
from generator.values.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a report, and its figures."""

    findings: tuple[Diagnostic, ...] = ()
    figures: StoredFigures = NO_FIGURES


def found_in(examined: Examined) -> Found:
    """Return what is kept of a report that was examined just now."""
    return Found(examined.findings, figures_of(examined.report))


class Known:
    """What the builds into one output folder have found; nothing is written. Close it."""

    def __init__(self, forms: Forms, output: Path | None) -> None:
        """Open the state of an output folder; one that is missing or of no use knows nothing."""
        self._cache = FileCache()
        self._state: State | None = None
        if output is not None:
            with contextlib.suppress(StateError):
                self._state = State(output, write=False)
        if self._state:
            self._sets = Sets(forms, contents_of(forms.root))

    def close(self) -> None:
        """Let go of the state."""
        if self._state:
            self._state.close()

    def found(self, at: ReportFile) -> Found | None:
        """Return what was found in a report; ``None`` where it has to be examined."""
        name = name_of(at)
        record = self._state.record(name) if self._state else None
        if self._state is None or record is None or record.outlived:
            return None
        digest = record.inputs.digest
        now = inputs_of(at, self._sets, self._cache, record.inputs)
        figures = self._state.figures(name, digest) if now.digest == digest else ""
        if not figures:
            return None
        return Found(recalled_findings(record.findings, at.folder), recalled_figures(figures))
