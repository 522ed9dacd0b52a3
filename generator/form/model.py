"""A statutory form as it is when everything in its folder has been read and verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from generator.form import files
from generator.form.files import Files
from generator.form.names import FigureNames, Kind
from generator.form.prose_rules import ProseRule
from generator.form.rules import Rule
from generator.form.tables import TableForm
from generator.form.vocabulary import Vocabulary
from generator.reading.shape import Shape
from generator.values.diagnostics import KeyPath
from generator.values.document import Style
from generator.values.grid import FigurePath


@dataclass(frozen=True, slots=True)
class Section:
    """One of the numbered parts of a report: prose, or the table that ``table`` names."""

    key: str
    heading: str
    table: str | None = None
    note: str = ""
    """How the part is written or filled in."""


@dataclass(frozen=True)
class Form:
    """A statutory form, loaded and verified."""

    id: int
    folder: Path
    first_year: int
    last_year: int | None
    predecessor: int | None
    basis: str
    title: str
    sections: tuple[Section, ...]
    tables: Mapping[str, TableForm]
    names: FigureNames
    style: Style
    numbering: tuple[str, ...]
    title_words: tuple[str, ...]
    rules: tuple[Rule, ...]
    prose_rules: tuple[ProseRule, ...]
    """Rules that read the prose: those of this form and those that every form shares."""
    vocabulary: Vocabulary | None
    shape: Shape
    files: Files
    """The files of the form as they were read, for whoever makes something more of one."""
    shared: Files
    """The files that all forms share."""

    @cached_property
    def table_by_key(self) -> dict[str, TableForm]:
        """The tables by the key of the part they fill."""
        return {table.key: table for table in self.tables.values()}

    @cached_property
    def figures(self) -> tuple[FigurePath, ...]:
        """Every figure of the form in printed order (200 in the form of 2021)."""
        return tuple(path for table in self.tables.values() for path in table.grid.figures)

    def label(self, path: KeyPath) -> str:
        """Name the value at ``path`` by its printed labels."""
        figure = tuple(str(step) for step in path)
        named = self.names.find(figure)
        if named and named.kind is not Kind.GROUP:
            return named.label
        return self.shape.title(path)

    def label_parts(self, path: FigurePath) -> tuple[str, ...]:
        """Return the words of a figure's name, from the table to the column."""
        table = self.table_by_key.get(path[0])
        return table.label_parts(path) if table else path

    @cached_property
    def all_rules(self) -> tuple[Rule | ProseRule, ...]:
        """The form's rules on figures, then those on prose."""
        rules: list[Rule | ProseRule] = [*self.rules, *self.prose_rules]
        return tuple(rules)

    @cached_property
    def given_texts(self) -> tuple[str, ...]:
        """The texts that the program writes into a new report (``new.yaml``): nobody's own words.

        Raises:
            source.Unreadable: the file is wrong; the finding names the line.
        """
        read = self.files.get(files.NEW)
        found = read.walk() if read else ()
        return tuple(
            text for path, text in found if path[:1] == ("texts",) and isinstance(text, str)
        )

    def is_acceptable(self, rule: str) -> bool:
        """Whether an office may accept what a rule finds."""
        return rule in self._acceptable

    def compares_offices(self, rule: str) -> bool:
        """Whether a rule needs the reports of several offices."""
        return any(known.id == rule and known.compares_offices for known in self.prose_rules)

    @cached_property
    def _acceptable(self) -> frozenset[str]:
        return frozenset(rule.id for rule in self.all_rules if rule.acceptable)

    def covers(self, year: int) -> bool:
        """Whether reports of ``year`` are made under this form."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)
