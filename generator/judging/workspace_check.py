"""Everything that is found in a workspace: in each report, and between the reports of its offices.

Reports are examined in several processes. What comes back of each is little, its findings and what
other reports are compared with, so that a province does not have to fit into memory.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from generator.form.form import Forms
from generator.judging.checks import Skipped
from generator.judging.deadlines import MISSING, check_deadline, remark
from generator.judging.examine import examine
from generator.judging.faults import fault
from generator.judging.prose.across_offices import Voice, compare_offices, voice_of
from generator.judging.prose.checks import unchecked_numbers
from generator.reading.workspace import ReportFile, place_of
from generator.report.report import Reader
from generator.system.parallel import chunks, in_order
from generator.values.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one report, and which checks of it were passed over."""

    findings: tuple[Diagnostic, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked at beside what every report is judged by."""

    today: date
    numbers: bool


class Check:
    """One check of a workspace: first of its reports, then of what they show about each other."""

    def __init__(self, forms: Forms, today: date, *, list_numbers: bool = False) -> None:
        """``list_numbers`` adds the counts in the prose that nothing confirms."""
        self.forms = forms
        self.wanted = Wanted(today, list_numbers)
        self._voices: list[Voice] = []

    def reports(self, reports: Sequence[ReportFile], workers: int) -> Iterator[Checked]:
        """Yield what is found in each report, in their order.

        Raises:
            ChildProcessError: a process was killed from outside; the message is for users.
        """
        look = partial(_look, self.forms, self.wanted)
        work = in_order(look, chunks(reports, workers), workers)
        with contextlib.closing(work):
            for checked, voice in itertools.chain.from_iterable(work):
                if voice:
                    self._voices.append(voice)
                yield checked

    def bare(self, offices: Iterable[Path]) -> Iterator[Diagnostic]:
        """Yield what is to be said of offices that have no report yet."""
        reader, today = Reader(self.forms), self.wanted.today
        for folder in offices:
            yield from remark(place_of(folder, today.year - 1), MISSING, reader, today)

    def offices(self) -> Iterator[Diagnostic]:
        """Yield what the reports that were checked show about each other."""
        return compare_offices(self._voices, Reader(self.forms))


def _look(
    forms: Forms, wanted: Wanted, reports: Sequence[ReportFile]
) -> list[tuple[Checked, Voice | None]]:
    """Examine a chunk of reports; this is what runs in several processes."""
    reader = Reader(forms)
    return [_look_at(at, reader, wanted) for at in reports]


def _look_at(at: ReportFile, reader: Reader, wanted: Wanted) -> tuple[Checked, Voice | None]:
    examined = examine(at, reader)
    found, voice = list(examined.findings), None
    report, prose = examined.report, examined.prose
    try:
        found += check_deadline(examined, reader, wanted.today)
        if report is not None and prose is not None:
            found += unchecked_numbers(report, prose) if wanted.numbers else ()
            voice = voice_of(report, prose)
    except Exception as error:  # noqa: BLE001 - one report's fault is not to end the others' turn
        found += fault(error, at.file, reader.forms)
    return Checked(tuple(found), examined.skipped), voice
