"""From a report's file to finished documents that wait to be put in their place.

This is what runs in several processes. It writes into the build's own folder and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.building.inputs import Contents, FileCache, Inputs, Seen, Sets, digest_of, inputs_of
from generator.building.plan import Plan
from generator.building.stored_figures import NO_FIGURES, StoredFigures, figures_of
from generator.form.form import Forms
from generator.setting.materials import CannotSet, Materials
from generator.system.files import HOPELESS, reason, write_new
from generator.values.diagnostics import Diagnostic, Place
from generator.values.document import Document

_SUBSTITUTE = "E-5"


@dataclass(frozen=True, slots=True)
class Workshop:
    """What all jobs of a build share; ``folder`` is where finished documents wait."""

    forms: Forms
    contents: Contents
    folder: Path
    draft: bool
    materials: Materials


@dataclass(frozen=True, slots=True)
class Made:
    """A finished document of a format that waits at ``file``."""

    format_name: str
    file: str
    digest: str


@dataclass(slots=True)
class Result:
    """What became of one report: what it stands on, what was found in it, what was made of it.

    ``withheld`` is a report of which no document was to be made, because of its errors.
    ``last_days`` are the days after which other things will be found in it, ``figures`` its own.
    ``fault`` says why a document could not be written, ``hopeless`` that no other can be either.
    """

    plan: Plan
    inputs: Inputs
    findings: tuple[Diagnostic, ...]
    has_errors: bool
    withheld: bool
    last_days: list[str]
    figures: StoredFigures = NO_FIGURES
    made: list[Made] = field(default_factory=list)
    setting: tuple[Diagnostic, ...] = ()
    """What was found when the documents were set: it is so of one format, not of the report."""
    fault: str = ""
    hopeless: bool = False

    @property
    def failed(self) -> bool:
        """Whether something that was asked for was not made."""
        unset = any(finding.blocks for finding in self.setting)
        return self.withheld or unset or bool(self.fault or self.plan.kept)


def work(workshop: Workshop, plans: Sequence[Plan]) -> list[Result]:
    """Examine reports and make their documents, one after the other."""
    bench = _Bench(workshop)
    return [bench.result(plan) for plan in plans]


class _Bench:
    """The tools for a chunk of work: reports are read once, and nothing is remembered after it."""

    def __init__(self, workshop: Workshop) -> None:
        from generator.report.report import Reader

        self.workshop = workshop
        self.forms = workshop.forms
        self.sets = Sets(self.forms, workshop.contents)
        self.reader = Reader(self.forms)
        self.cache = FileCache()

    def result(self, plan: Plan) -> Result:
        """Return what becomes of a report; a fault of the program at it is a finding too."""
        from generator.judging.faults import fault

        try:
            return self._result(plan)
        except Exception as error:  # noqa: BLE001 - one report's fault is not to end the others'
            found = fault(error, plan.at.file, self.forms)
            inputs = Inputs({plan.at.file.name: Seen("?")}, {})
            return Result(plan, inputs, found, has_errors=True, withheld=True, last_days=[])

    def _result(self, plan: Plan) -> Result:
        from generator.judging.acceptance import last_days
        from generator.judging.examine import examine
        from generator.judging.faults import has_fault
        from generator.setting.compose import compose, draft_mark

        at = plan.at
        inputs_of(at, self.sets, self.cache)  # looks at the files before they are read
        examined = examine(at, self.reader)
        report = examined.report
        used = [part.form.id for part in (report, report and report.previous) if part]
        rolls_up = bool(report and report.office.roll_up)
        inputs = inputs_of(at, self.sets, self.cache, used=used, rolls_up=rolls_up)
        if has_fault(examined.findings) or not self.cache.unchanged(at.folder, inputs):
            inputs = inputs.in_doubt()
        document = None
        if report and examined.prose is not None and (self.workshop.draft or not examined.blocked):
            draft = draft_mark(examined.lacking) if self.workshop.draft else ""
            document = compose(report, examined.prose, draft=draft)
        days = last_days(report) if report else []
        figures = figures_of(report)
        blocked, withheld = examined.blocked, document is None
        result = Result(plan, inputs, examined.findings, blocked, withheld, days, figures)
        if document:
            self.make_all(result, document)
        return result

    def make_all(self, result: Result, document: Document) -> None:
        """Make a report's documents; one that cannot be set keeps none of the others back."""
        plan, materials, known = result.plan, self.workshop.materials, self.forms.known
        try:
            for format_name in plan.formats:
                try:
                    result.made.append(self.make(plan, format_name, document))
                except CannotSet as error:
                    place = Place(plan.at.file)
                    result.setting += (known.finding(error.code, place, str(error)),)
                    continue
                for name, used in materials.substitutes(format_name, document.style):
                    message = f"{format_name} 用 {used} 代替{name}"
                    place = Place(self.forms.root / "templates")
                    result.setting += (known.finding(_SUBSTITUTE, place, message),)
        except OSError as error:
            result.fault, result.hopeless = reason(error), error.errno in HOPELESS

    def make(self, plan: Plan, format_name: str, document: Document) -> Made:
        """Write a document into the waiting room, under a name that no other has."""
        content = self.workshop.materials.writer(format_name)(document)
        name = digest_of(f"{plan.name}.{format_name}".encode("utf-8", "surrogateescape"))
        file = f"{self.workshop.folder}{os.sep}{name}"
        write_new(file, content)
        return Made(format_name, file, digest_of(content))
