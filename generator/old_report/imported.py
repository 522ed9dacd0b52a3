"""What an import is asked for, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.form.form import Form
from generator.old_report.blocks import Kind, Note
from generator.old_report.match import Found
from generator.old_report.settle import Settled
from generator.values import keys
from generator.values.diagnostics import dotted
from generator.values.grid import FigurePath


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user says of a file beyond what stands in it."""

    year: int | None = None
    name: str = ""
    blank_is_zero: bool = False


@dataclass
class Imported:
    """An old report read: the text to write, and what the user is to know."""

    source: Path
    form: Form
    year: int
    office: str
    text: str
    settled: Settled
    found: dict[FigurePath, Found]
    notes: list[Note] = field(default_factory=list)
    missing_texts: list[str] = field(default_factory=list)
    kind: str = ""
    """The kind of the office, where the file says it."""
    contact: dict[str, str] = field(default_factory=dict)
    """How the office is reached, by the keys of ``office.yaml``."""
    folder: str = ""
    """The path of the office's folder, where the file says it."""
    is_ours: bool = False
    """Whether the file is a workbook of ours, in which texts stand as an office file has them."""

    @property
    def unplaced(self) -> list[Note]:
        """What stands in the old report and has no place in ours."""
        return [note for note in self.notes if note.kind is Kind.UNPLACED]

    @property
    def complete(self) -> bool:
        """Whether everything has its place and nothing is left to fill in."""
        has_doubts = keys.DOUBT in self.text
        return not (self.unplaced or self.missing_texts or self.settled.unfilled or has_doubts)

    def provenance(self) -> dict[str, Any]:
        """Return where each figure comes from, by its path."""
        return {
            dotted(path): {"值": _said(cell), "原文": cell.text, "出处": cell.origin}
            | ({"依据": cell.why} if cell.why else {})
            for path, cell in self.found.items()
        }


def _said(cell: Found) -> str:
    return keys.UNFILLED if cell.value is None else str(cell.value)
