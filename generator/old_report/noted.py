"""An import as findings: what was refused, and every note under the code of its kind."""

from __future__ import annotations

from collections.abc import Iterator

from generator.form.known import KnownFindings
from generator.old_report.blocks import Kind
from generator.old_report.job import Attempt
from generator.values.diagnostics import Diagnostic, Place


def findings(outcome: Attempt, known: KnownFindings) -> Iterator[Diagnostic]:
    """Yield what there is to know about the import of a file, in the order of its notes.

    The place is the old file; where in it a note stands is told in its words, as a document has no
    lines.
    """
    place = Place(outcome.file)
    if outcome.imported is None:
        if outcome.refusal:
            yield outcome.refusal
        return
    for note in outcome.imported.notes:
        where = f"（{note.origin}）" if note.origin else ""
        yield known.finding(note.kind.code, place, f"{note.message}{where}")
    for remark in outcome.remarks:
        yield known.finding(Kind.OFFICE.code, place, remark)
