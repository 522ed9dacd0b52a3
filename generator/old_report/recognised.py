"""What was found of a report in an old document."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from generator.form.spellings import Spellings
from generator.old_report.blocks import Line, Note, RawTable
from generator.old_report.form_rows import FormRows


@dataclass
class Recognised:
    """A report found in an old document; ``year`` is 0 and ``office`` empty where it names none."""

    spellings: Spellings
    title: str = ""
    office: str = ""
    year: int = 0
    lead: list[Line] = field(default_factory=list)
    headings: dict[str, Line] = field(default_factory=dict)
    """The headings of the parts that were found, by their keys."""
    parts: dict[str, list[Line]] = field(default_factory=dict)
    tables: list[RawTable] = field(default_factory=list)
    below: dict[str, list[RawTable]] = field(default_factory=dict)
    """Tables that stand as such below the heading of a part, by its key."""
    signed_office: str = ""
    signed_date: str = ""
    contact: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    stray: dict[str, list[Line]] = field(default_factory=dict)
    """Prose that stands in a part for which the form has only a table, by the part's key."""

    @cached_property
    def rows(self) -> FormRows:
        """The rows of the report's form, to find labels among."""
        return FormRows(self.spellings)
