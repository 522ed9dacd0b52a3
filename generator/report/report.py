"""Reads one report with everything it stands on: its office, its form, last year's report."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from generator.form.form import Form, Forms
from generator.reading.source import Source, Unreadable, parse, read
from generator.reading.syntax import slips_of
from generator.reading.workspace import ReportFile, offices_below
from generator.report.figures import Figures, expand
from generator.report.office import Existence, Office, RollUp, existence_of, roll_up_of
from generator.report.unfilled import typed
from generator.values import keys
from generator.values.diagnostics import Diagnostic, KeyPath, Place, Position
from generator.values.grid import FigurePath, Number


@dataclass
class Report:
    """A report whose file could be read. ``findings`` hold what is wrong with its shape."""

    at: ReportFile
    office: Office
    form: Form
    source: Source
    figures: Figures
    previous: Report | None = None
    findings: list[Diagnostic] = field(default_factory=list)
    members: tuple[Member, ...] = ()
    """The offices below, where the office's reports are added up over them."""

    @property
    def data(self) -> dict[str, Any]:
        """The file's content as typed."""
        data: dict[str, Any] = self.source.data
        return data

    @property
    def year(self) -> int:
        """The reporting year, by the file's name."""
        return self.at.year

    def as_far_as_certain(self) -> Report:
        """Return the report without the sums that lack a member's figure: nothing is to judge them.

        A draft prints them, and says which members they lack.
        """
        before = self.previous and self.previous.as_far_as_certain()
        sums = added_up(self.form, self.members) if self.office.roll_up else {}
        whole = {path: value for path, value in sums.items() if _is_whole(path, self)}
        if len(whole) == len(sums) and before is self.previous:
            return self
        figures = expand(self.form, self.data, whole) if self.office.roll_up else self.figures
        return replace(self, figures=figures, previous=before)

    def is_misshapen(self, path: KeyPath) -> bool:
        """Whether the shape of what stands at a place is complained of already."""
        return any(finding.place.path == path for finding in self.findings)

    def is_computed(self, path: FigurePath) -> bool:
        """Whether a figure is a total that was not typed but added up."""
        return path in self.figures.computed

    @cached_property
    def wrong_figures(self) -> frozenset[FigurePath]:
        """Figures that are not what the form allows, and the totals computed from them."""
        figures = set(self.form.figures)
        wrong = {tuple(map(str, f.place.path)) for f in self.findings if not f.place.on_key}
        wrong &= figures
        for table in self.form.tables.values() if wrong else ():
            for total, addends in table.addends.items():
                if total not in self.figures.typed and wrong.intersection(addends):
                    wrong.add(total)
        return frozenset(wrong)

    def locate(self, place: Place) -> Position:
        """Return where ``place`` stands, in this report's file, its office's or last year's."""
        for source in self._sources():
            if source.file == place.file:
                return source.locate(place)
        return Position()

    def _sources(self) -> Iterator[Source]:
        yield self.source
        yield self.office.source
        if self.previous:
            yield self.previous.source
        for member in self.members:
            if member.report:
                yield member.report.source


@dataclass(frozen=True, slots=True)
class Member:
    """An office below a roll-up in one year.

    ``report`` is ``None`` where there is none, or none that can be read; ``apart`` says why the
    office does not count, and is empty for one that does.
    """

    at: ReportFile
    name: str
    report: Report | None
    existence: Existence
    apart: str = ""

    def folder_in(self, report: Report) -> str:
        """Return the office's folder as the roll-up that ``report`` is would write it."""
        return self.at.folder.relative_to(report.at.folder).as_posix()


def counted(members: Iterable[Member]) -> list[Member]:
    """Return the members that count and whose report could be read."""
    return [member for member in members if not member.apart and member.report]


def added_up(form: Form, members: Iterable[Member]) -> dict[FigurePath, Number]:
    """Return every figure of ``form`` added up over the members under the same form.

    Sums are exact. What a member has not filled in counts nothing here: that the member is not
    finished is a finding (R-2), and keeps the sum from being published. What no member has filled
    in has no sum.
    """
    reports = [m.report for m in counted(members) if m.report and m.report.form is form]
    sums: dict[FigurePath, Number] = {}
    for path in form.figures:
        known = [value for report in reports if (value := report.figures.get(path)) is not None]
        if known:
            sums[path] = sum(known, start=0)
    return sums


def _is_whole(path: FigurePath, report: Report) -> bool:
    """Whether every member that counts has a figure, so that their sum says what it should."""
    return all(
        member.report is not None
        and member.report.form is report.form
        and path in member.report.figures.values
        for member in report.members
        if not member.apart
    )


MOST_KEPT = 200
"""Reports that a reader keeps at hand, 150 KB each: the next year's soon asks for it."""


class Reader:
    """Reads reports, keeping the offices and last years it has already read.

    Make a new reader for a new look at the files.
    """

    def __init__(self, forms: Forms, unsaved: Mapping[Path, bytes] | None = None) -> None:
        """Read reports under these forms; ``unsaved`` holds what stands in place of some files."""
        self.forms = forms
        self._unsaved = unsaved or {}
        self._offices: dict[Path, tuple[Office | None, tuple[Diagnostic, ...]]] = {}
        self._reports: dict[Path, Report] = {}

    def report(self, at: ReportFile) -> Report:
        """Return the report at ``at``, with last year's beside it when that can be read.

        Raises:
            Unreadable: nothing can be made of the file or of its office's.
        """
        report = self._report(at)
        if report.previous is None:
            report.previous = self._previous(at)
        return report

    def office(self, at: ReportFile) -> Office:
        """Return the office that the report at ``at`` belongs to.

        Raises:
            Unreadable: there is no ``office.yaml``, or it is wrong.
        """
        office, faults = self._office(at)
        if office is None:
            raise Unreadable(*faults)
        return office

    def _previous(self, at: ReportFile) -> Report | None:
        before = at.in_year(at.year - 1)
        if not os.path.isfile(before.file):  # noqa: PTH113 - also false where we may not look
            return None
        try:
            return self._report(before)
        except Unreadable:
            return None  # its own check says why

    def _report(self, at: ReportFile) -> Report:
        if at.file not in self._reports:
            if len(self._reports) > MOST_KEPT:
                self._reports.clear()
            self._reports[at.file] = self._read(at)
        return self._reports[at.file]

    def _read(self, at: ReportFile) -> Report:
        office, faults = self._office(at)
        try:
            source = self._read_inside(at, at.file)
        except Unreadable as error:
            raise Unreadable(*faults, *error.findings) from error
        faults += tuple(_not_a_mapping(source))
        if office is None or not isinstance(source.data, dict):
            raise Unreadable(*faults)
        form, wrong_form = self._form(at, source)
        if form is None:
            raise Unreadable(*faults, *wrong_form)
        shape = _less_the_slips(form.shape.findings(source.data, at.file), source)
        findings = [
            *faults,
            *source.findings,
            *wrong_form,
            *_wrong_year(at, source),
            *(shape if not wrong_form else _less_the_form(shape)),
            *typed(source, partial(_label, form), form.shape.takes_zero),
        ]
        members = self._members(at, office.roll_up)
        sums = added_up(form, members) if office.roll_up else None
        figures = expand(form, source.data, sums)
        return Report(at, office, form, source, figures, findings=findings, members=members)

    def _members(self, at: ReportFile, roll_up: RollUp | None) -> tuple[Member, ...]:
        """Return the offices below a roll-up with their reports of the year."""
        if roll_up is None:
            return ()
        below = offices_below(at.folder)
        return tuple(self._member(at, roll_up, folder) for folder in below)

    def _member(self, above: ReportFile, roll_up: RollUp, folder: Path) -> Member:
        name = folder.relative_to(above.folder).as_posix()
        at = above.below(name)
        office, _ = self._office(at)
        existence = office.existence if office else Existence()
        apart = roll_up.excluded.get(name, "")
        if not apart and not existence.covers(at.year):
            apart = f"{at.year} 年度不在{keys.EXISTENCE}的年度内"
        report = None
        if not apart and at.file.is_file():
            with contextlib.suppress(Unreadable):  # its own check says why
                report = self._report(at)
        return Member(at, office.name if office else name, report, existence, apart)

    def _office(self, at: ReportFile) -> tuple[Office | None, tuple[Diagnostic, ...]]:
        file = at.office_file
        if file not in self._offices:
            try:
                self._offices[file] = self._read_office(at)
            except Unreadable as error:
                self._offices[file] = None, error.findings
        return self._offices[file]

    def _read_office(self, at: ReportFile) -> tuple[Office | None, tuple[Diagnostic, ...]]:
        file = at.office_file
        if not _stands(file):
            hint = f"在 {at.folder} 建一个 {file.name}，写上 {keys.NAME} 和 {keys.KIND}"
            place = Place(at.file)
            message = f"这个文件夹里没有 {file.name}，不知道是哪个机关"
            return None, (Diagnostic.coded("F-7", place, message, hint),)
        source = self._read_inside(at, file)
        faults = [*_not_a_mapping(source), *source.findings]
        if isinstance(source.data, dict):
            faults += self.forms.office_shape.findings(source.data, file)
            shape = self.forms.office_shape
            faults += typed(source, shape.title, shape.takes_zero)
        located = tuple(fault.at(source.locate) for fault in faults)
        if located:
            return None, located
        data = source.data
        office = Office(
            name=data[keys.NAME],
            short_name=data.get(keys.SHORT_NAME, data[keys.NAME]),
            kind=data.get(keys.KIND, ""),
            makes_rules=data.get(keys.MAKES_RULES, self.forms.offices.makes_rules(data[keys.NAME])),
            source=source,
            roll_up=roll_up_of(data),
            existence=existence_of(data),
            deadline=data.get(keys.DEADLINE, ""),
        )
        return office, ()

    def _read_inside(self, at: ReportFile, file: Path) -> Source:
        """Read a file of an office, unless it is a link out of the workspace."""
        if at.leaves(file):
            message = "这是一个链接，指向工作区以外的地方，不读"
            hint = "把文件本身放进机关的文件夹，不要用链接"
            raise Unreadable(Diagnostic.coded("F-11", Place(file), message, hint))
        return parse(self._unsaved[file], file) if file in self._unsaved else read(file)

    def _form(self, at: ReportFile, source: Source) -> tuple[Form | None, list[Diagnostic]]:
        """Choose the form that the file names, else the one for its year."""
        typed = source.data.get(keys.FORM)
        by_year = self.forms.for_year(at.year)
        known = self.forms.first_years
        place = Place(at.file, (keys.FORM,))
        if by_year is None:
            first = min(known.values())
            message = f"{at.year} 年度的报告早于本程序所知的表式（{first} 年度起）"
            hint = "请检查文件名；更早的报告不能用本程序生成"
            return None, [Diagnostic.coded("F-9", place, message, hint).at(source.locate)]
        if typed == by_year or type(typed) not in (int, str) or typed not in known:
            # Not a form at all: the schema of the year's form says so at its place.
            return self.forms.load(by_year), []
        chosen, right = self.forms.load(typed), self.forms.load(by_year)
        message = f"{at.year} 年度的报告应当用 {by_year} 年格式，这里是 {typed} 年格式"
        hint = f"改为「{keys.FORM}: {by_year}」，并按该格式（{right.basis}）补齐各行"
        wrong_form = Diagnostic.coded("F-9", place, message, hint)
        # Often only this one line is wrong: then the rest is not to be judged by another form.
        corrected = {**source.data, keys.FORM: by_year}
        fits = not right.shape.findings(corrected, at.file)
        return right if fits else chosen, [wrong_form]


def _stands(file: Path) -> bool:
    """Whether there is anything at a path; what may not be looked at is there for the reader."""
    try:
        file.lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def _not_a_mapping(source: Source) -> Iterator[Diagnostic]:
    if source.data is None:
        message = "文件是空的"
    elif not isinstance(source.data, dict):
        message = "文件内容不是一组「键: 值」"
    else:
        return
    hint = "照 nianbao new 写出的文件，从头一行写起：键、半角冒号、空格、内容"
    yield Diagnostic.coded("F-10", Place(source.file), message, hint)


def _less_the_slips(findings: list[Diagnostic], source: Source) -> list[Diagnostic]:
    """Name the slip of hand behind a wrong shape, where its line has one: ｛键：3｝."""
    if not findings:
        return findings
    located = [finding.at(source.locate) for finding in findings]
    lines = {finding.position.line for finding in located}
    named = [slip for slip in slips_of(source.file, source.lines) if slip.position.line in lines]
    explained = {finding.position.line for finding in named}
    return [*named, *(f for f in located if f.position.line not in explained)]


def _less_the_form(findings: list[Diagnostic]) -> list[Diagnostic]:
    """Leave out what the shape says of the line that names the form: it has been said."""
    return [finding for finding in findings if finding.place.path != (keys.FORM,)]


def _wrong_year(at: ReportFile, source: Source) -> Iterator[Diagnostic]:
    typed = source.data.get(keys.YEAR)
    if isinstance(typed, int) and typed != at.year:
        message = f"{keys.YEAR}是 {typed}，文件名却是 {at.file.name}"
        hint = f"改成「{keys.YEAR}: {at.year}」，或把文件改名为 {typed}.yaml"
        yield Diagnostic.coded("F-8", Place(at.file, (keys.YEAR,)), message, hint)


def _label(form: Form, path: KeyPath) -> str:
    return form.label(path) or str(path[-1])
