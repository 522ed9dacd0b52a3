"""Finds, loads and verifies the statutory forms. The only module that knows where they live.

A form is data: the folder ``templates/<form>/`` and what all forms share beside it. What this
module makes of them is checked once, here, so that everybody else may rely on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from generator.form import files
from generator.form.files import Files, data_folder
from generator.form.known import KnownFindings, completed, read_known
from generator.form.model import Form as Form
from generator.form.model import Section as Section
from generator.form.names import FigureNames
from generator.form.offices import OfficeWords, read_office_words
from generator.form.prose_rules import read_prose_rules
from generator.form.report_schema import report_schema
from generator.form.rules import read_rules
from generator.form.style import style_of
from generator.form.succession import Step, joined, step_between
from generator.form.tables import TableForm, read_table
from generator.form.verified import verify
from generator.form.vocabulary import read_vocabulary
from generator.reading.shape import Shape
from generator.reading.source import Source, Unreadable
from generator.values import keys
from generator.values.diagnostics import Diagnostic
from generator.values.nearest import meant


class Forms:
    """The forms under one folder; each is loaded when it is first asked for."""

    def __init__(self, root: Path | None = None) -> None:
        """Look for forms under ``root``, by default those that come with the program."""
        self.root = root or data_folder()
        self._loaded: dict[int, Form] = {}

    @cached_property
    def first_years(self) -> dict[int, int]:
        """Form → the first year whose reports it is made for, oldest first."""
        heads = (self.root / "templates").glob(f"*/{files.HEAD}")
        read = [files.read_file(file, files.NEEDED[files.HEAD]) for file in heads]
        for head in read:
            if str(head.data["edition"]) != head.file.parent.name:
                message = f"编号与文件夹「{head.file.parent.name}」不同"
                raise files.wrong(head, ("edition",), message)
        found = {head.data["edition"]: head.data["first_year"] for head in read}
        return dict(sorted(found.items(), key=lambda item: item[1]))

    def for_year(self, year: int) -> int | None:
        """Return the form that reports of ``year`` are made under, ``None`` before the first."""
        fitting = [form for form, first in self.first_years.items() if first <= year]
        return fitting[-1] if fitting else None

    def load(self, form: int) -> Form:
        """Return a form.

        Raises:
            source.Unreadable: a file of the form is missing or wrong; findings name the line.
        """
        if form not in self._loaded:
            found = self._read(form)
            verify(found, self._names(found.predecessor), self.offices)
            self._loaded[form] = found
        return self._loaded[form]

    @cached_property
    def known(self) -> KnownFindings:
        """What is known of the findings that belong to no form.

        Raises:
            source.Unreadable: the file is missing or wrong; the finding names the line.
        """
        return read_known(self.shared[files.FINDINGS])

    @cached_property
    def shared(self) -> Files:
        """The files that all forms share.

        Raises:
            source.Unreadable: one of them is missing or wrong; findings name the line.
        """
        return files.shared_files(self.root / "templates")

    def completed(
        self, findings: Iterable[Diagnostic], form: Form | None = None
    ) -> list[Diagnostic]:
        """Return findings with the level, the basis and the way out that are known of their codes.

        ``form`` is the one whose rules may have found them.
        """
        rules = {rule.id: rule for rule in form.all_rules} if form else {}
        return [
            finding if finding.basis else completed(finding, rules, self.known)
            for finding in findings
        ]

    @cached_property
    def office_shape(self) -> Shape:
        """The shape of ``office.yaml``, the same under every form."""
        return Shape(files.office_schema(self.root / "schemas" / "office.schema.json"))

    @cached_property
    def offices(self) -> OfficeWords:
        """What is known of offices by their names.

        Raises:
            source.Unreadable: the file is missing or wrong; the finding names the line.
        """
        kinds = tuple(self.office_shape.schema["properties"][keys.KIND]["enum"])
        return read_office_words(self.shared[files.KINDS], kinds)

    def step(self, older: int, newer: int) -> Step | None:
        """Return the step from one form to another, ``None`` between a form and itself.

        Forms further apart are joined step by step along their predecessors.
        """
        if older == newer:
            return None
        after = self.load(newer)
        if after.predecessor in (older, None) or after.predecessor not in self.first_years:
            return step_between(self.load(older), after)
        first = self.step(older, after.predecessor)
        last = step_between(self.load(after.predecessor), after)
        return last if first is None else joined(first, last)

    def _names(self, form: int | None) -> FigureNames | None:
        """Return the names of a form's figures without loading the rest of it."""
        if form not in self.first_years:
            return None
        if form in self._loaded:
            return self._loaded[form].names
        folder = self.root / "templates" / str(form)
        head = files.read_file(folder / files.HEAD, files.NEEDED[files.HEAD])
        return FigureNames(_tables(folder, _sections(head), head, self.shared[files.REPORT]))

    def _read(self, form: int) -> Form:
        folder = self.root / "templates" / str(form)
        own, shared = files.form_files(folder), self.shared
        head, page = own[files.HEAD].data, own[files.STYLE].data
        sections = _sections(own[files.HEAD])
        tables = _tables(folder, sections, own[files.HEAD], shared[files.REPORT])
        names = FigureNames(tables)
        texts = tuple(section.key for section in sections if not section.table)
        later = [first for first in self.first_years.values() if first > head["first_year"]]
        rules = read_rules(own[files.CHECKS], names, texts)
        return Form(
            id=form,
            folder=folder,
            first_year=head["first_year"],
            last_year=min(later) - 1 if later else None,
            predecessor=head["predecessor"],
            basis=head["basis"],
            title=head["title"],
            sections=sections,
            tables=tables,
            names=names,
            style=style_of(page),
            numbering=tuple(page["numbering"]),
            title_words=tuple(page["title_words"]),
            rules=rules,
            prose_rules=(
                *read_prose_rules(own.get(files.PROSE), names, texts),
                *read_prose_rules(shared.get(files.PROSE), names, texts),
            ),
            shape=Shape(
                report_schema(head, tables, shared[files.REPORT], page["numbering"][0]),
                {
                    path: rule.id
                    for rule in rules
                    if rule.kind == "figures"
                    for path in tables[rule.table].grid.figures
                },
            ),
            vocabulary=read_vocabulary(shared[files.WORDS], own.get(files.WORDS), names),
            files=own,
            shared=shared,
        )


def _sections(head: Source) -> tuple[Section, ...]:
    return tuple(
        Section(entry["key"], entry["heading"], entry.get("table"))
        for entry in head.data["sections"]
    )


def _tables(
    folder: Path, sections: Sequence[Section], head: Source, shared: Source
) -> dict[str, TableForm]:
    """Read the tables that the parts name, and refuse all that are wrong together."""
    found: dict[str, TableForm] = {}
    faults: list[Diagnostic] = []
    for index, section in enumerate(sections):
        if section.table is None:
            continue
        file = folder / "tables" / f"{section.table}.yaml"
        try:
            if not file.is_file():
                near = meant(section.table, (known.stem for known in file.parent.glob("*.yaml")))
                message = f"没有 tables/{file.name} 这个文件{near}"
                raise files.wrong(head, ("sections", index, "table"), message)
            found[section.table] = read_table(
                file, section.key, section.heading, shared.data["definitions"]
            )
        except Unreadable as error:
            faults += error.findings
    if faults:
        raise Unreadable(*faults)
    return found
