"""Finds, loads and verifies the statutory forms. The only module that knows where they live.

A form is data: the folder ``templates/<form>/`` and what all forms share beside it. What this
module makes of them is checked once, here, so that everybody else may rely on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

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
from generator.form.tables import TableForm, read_tables
from generator.form.verified import verify
from generator.form.vocabulary import read_vocabulary
from generator.reading.shape import Shape
from generator.reading.source import Source
from generator.values import keys
from generator.values.diagnostics import Diagnostic


class Forms:
    """The forms under one folder; each is loaded when it is first asked for."""

    def __init__(self, root: Path | None = None) -> None:
        """Look for forms under ``root``, by default those that come with the program."""
        self.root = root or data_folder()
        self._loaded: dict[int, Form] = {}
        _HERE[self.root] = self

    def __reduce__(self) -> tuple[Callable[[Path], Forms], tuple[Path]]:
        """Travel to another process as a folder: there the forms are loaded once."""
        return _arrived, (self.root,)

    @cached_property
    def first_years(self) -> dict[int, int]:
        """Form → the first year whose reports it is made for, oldest first."""
        found = {form: head.data["first_year"] for form, head in self._heads.items()}
        return dict(sorted(found.items(), key=lambda item: item[1]))

    @cached_property
    def _heads(self) -> dict[int, Source]:
        heads = (self.root / "templates").glob(f"*/{files.HEAD}")
        read = [files.read_file(file, files.NEEDED[files.HEAD]) for file in heads]
        for head in read:
            if str(head.data["edition"]) != head.file.parent.name:
                message = f"编号与文件夹「{head.file.parent.name}」不同"
                raise files.wrong(head, ("edition",), message)
        return {head.data["edition"]: head for head in read}

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
        if form in self._loaded:
            return self._loaded[form].names
        return FigureNames(self._tables(form)) if form in self._heads else None

    def _tables(self, form: int) -> dict[str, TableForm]:
        counted: Mapping[str, Any] = self.shared[files.REPORT].data["definitions"]
        return read_tables(self._heads[form], counted)

    def _read(self, form: int) -> Form:
        folder, shared = self.root / "templates" / str(form), self.shared
        if form not in self._heads:
            files.read_file(
                folder / files.HEAD, files.NEEDED[files.HEAD]
            )  # says that it is missing
        parts: list[Any] = files.read_each(
            (lambda: files.form_files(folder), lambda: self._tables(form))
        )
        own: Files = parts[0]
        tables: dict[str, TableForm] = parts[1]
        head, page = own[files.HEAD].data, own[files.STYLE].data
        sections = _sections(own[files.HEAD])
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


_HERE: WeakValueDictionary[Path, Forms] = WeakValueDictionary()
"""The forms in use by their folders: a process that was forked has what was loaded before."""


@lru_cache(maxsize=1)
def _arrived(root: Path) -> Forms:
    return _HERE.get(root) or Forms(root)
