"""Finds, loads and verifies the statutory forms. The only module that knows where they live.

A form is data: the folder ``templates/<form>/`` and what all forms share beside it. What this
module makes of them is checked once, here, so that everybody else may rely on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.form import files
from generator.form.files import Files, data_folder
from generator.form.known import KnownFindings, completed, read_known
from generator.form.names import FigureNames, Kind
from generator.form.prose_rules import ProseRule, read_prose_rules
from generator.form.report_schema import report_schema
from generator.form.rules import Rule, read_rules
from generator.form.tables import TableForm, read_table
from generator.form.vocabulary import Vocabulary, read_vocabulary
from generator.reading.shape import Shape
from generator.reading.source import Unreadable
from generator.values.diagnostics import Diagnostic, KeyPath
from generator.values.document import Face, Font, SignOffStyle, Style
from generator.values.grid import FigurePath
from generator.values.nearest import meant


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
            self._loaded[form] = self._read(form)
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
    def due(self) -> Mapping[str, str]:
        """The dates, month and day, by which an ``own`` report and a ``roll_up`` are due."""
        dates: Mapping[str, str] = self._office_words["due"]
        return dates

    @cached_property
    def _office_words(self) -> Mapping[str, Any]:
        words: Mapping[str, Any] = self.shared[files.KINDS].data
        return words

    def makes_rules(self, name: str) -> bool | None:
        """Whether an office may make rules of its own; ``None`` if its name does not tell."""
        for entry in self._office_words.get("rules", ()):
            if re.search(rf"(?:{entry['ends']})\Z", name):
                return True if entry.get("makes") else None
        return False

    def _read(self, form: int) -> Form:
        folder = self.root / "templates" / str(form)
        own, shared = files.form_files(folder), self.shared
        head, page = own[files.HEAD].data, own[files.STYLE].data
        sections = tuple(
            Section(entry["key"], entry["heading"], entry.get("table"))
            for entry in head["sections"]
        )
        tables = _tables(folder, sections, own)
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
            style=_style(page),
            numbering=tuple(page["numbering"]),
            title_words=tuple(page["title_words"]),
            rules=rules,
            prose_rules=(
                *read_prose_rules(own.get(files.PROSE), names, texts),
                *read_prose_rules(shared.get(files.PROSE), names, texts),
            ),
            shape=Shape(
                report_schema(head, tables, shared[files.REPORT].data, page["numbering"][0]),
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


def _tables(folder: Path, sections: Sequence[Section], own: Files) -> dict[str, TableForm]:
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
                raise files.wrong(own[files.HEAD], ("sections", index, "table"), message)
            found[section.table] = read_table(file, section.key, section.heading)
        except Unreadable as error:
            faults += error.findings
    if faults:
        raise Unreadable(*faults)
    return found


def _style(page: Mapping[str, Any]) -> Style:
    def numbers(name: str) -> tuple[float, ...]:
        return tuple(float(value) for value in page[name])

    fonts = {
        role: Font(font["east_asian"], font["latin"], float(font["size"]), font.get("bold", False))
        for role, font in page["fonts"].items()
    }
    faces = tuple(
        Face(
            name,
            tuple(face["substitutes"]),
            tuple(face["files"]),
            face["family"],
            face["pitch"],
        )
        for name, face in page["faces"].items()
    )
    width, height = numbers("page")
    top, right, bottom, left = numbers("margins")
    above, beside = numbers("cell_margin")
    return Style(
        page=(width, height),
        margins=(top, right, bottom, left),
        lines=page["lines"],
        characters=page["characters"],
        pitch=float(page["pitch"]),
        tracking=float(page["tracking"]),
        indent=float(page["indent"]),
        title_pitch=float(page["title_pitch"]),
        below_title=float(page["below_title"]),
        above_table=float(page["above_table"]),
        below_table=float(page["below_table"]),
        sign_off=SignOffStyle(**page["sign_off"]),
        page_number=float(page["page_number"]),
        page_number_indent=float(page["page_number_indent"]),
        table_pitch=float(page["table_pitch"]),
        row_height=float(page["row_height"]),
        cell_margin=(above, beside),
        label_indent=float(page["label_indent"]),
        text_table=(page["text_table"]["width"], page["text_table"]["column"]),
        label_words=tuple(page["label_words"]),
        faces=faces,
        fonts=fonts,
    )
