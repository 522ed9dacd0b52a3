"""Who has reported and what is wrong: one entry for every office of a year.

The competent office reviews the reports of its members before they are published (国办公开办函
〔2021〕30号, 二(三)); this is the list it works from.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path

from generator.building.known import Found, Known, found_in
from generator.form.form import Forms
from generator.judging.examine import examine
from generator.judging.faults import fault, has_fault
from generator.judging.workspace_check import Check
from generator.reading.workspace import ReportFile
from generator.report.deadline import deadline, is_apart, office_of
from generator.report.report import Reader
from generator.system.parallel import chunks, in_order
from generator.values.diagnostics import Diagnostic, Severity
from generator.values.grid import Number


class State(StrEnum):
    """How far an office is, in the order in which it needs attention."""

    MISSING = "未报"
    UNFILLED = "未填完"
    WRONG = "有错"
    PASSED = "通过"


@dataclass(frozen=True, slots=True)
class Entry:
    """One office of the register in one year.

    ``due`` is the last day for its report, ``days_late`` how many days ago that was while the
    report does not pass; 0 where there is no hurry. ``figures`` are those of ``form``,
    in its order and without their paths: a province's are kept at once.
    """

    at: ReportFile
    name: str
    kind: str
    state: State
    due: date
    days_late: int
    above: str = ""
    """The path of the office around, empty where there is none."""
    competent: str = ""
    """Who reviews the offices below, where its report is added up over them."""
    findings: tuple[Diagnostic, ...] = ()
    form: int | None = None
    figures: tuple[Number | None, ...] = ()

    @property
    def office(self) -> str:
        """The office's path within the workspace."""
        return self.at.office_path.as_posix()

    @property
    def rolls_up(self) -> bool:
        """Whether its report is added up over the offices below."""
        return bool(self.competent)

    @property
    def late(self) -> bool:
        """Whether the day has passed and the report does not pass."""
        return self.days_late > 0

    def count(self, severity: Severity) -> int:
        """Count the findings of a level that nobody has accepted."""
        return sum(f.severity is severity and not f.accepted for f in self.findings)

    @property
    def unfilled(self) -> int:
        """Count the places that are still to be filled in."""
        return sum(f.is_blank and f.blocks for f in self.findings)

    @property
    def is_fault(self) -> bool:
        """Whether the program failed at its report: the office has done nothing wrong."""
        return has_fault(self.findings)

    @property
    def accepted(self) -> int:
        """Count the findings that the office has accepted."""
        return sum(bool(f.accepted) for f in self.findings)


def register(
    places: Sequence[ReportFile], forms: Forms, today: date, workers: int, built: Path | None = None
) -> Iterator[Entry | None]:
    """Yield an entry for each place, ``None`` for an office that does not report in that year.

    What the last build into ``built`` has found is not looked for again; those reports come first.

    Raises:
        ChildProcessError: a process was killed from outside; the message is for users.
    """
    reader, to_read = Reader(forms), list[ReportFile]()
    with contextlib.closing(Known(forms, built)) as known:
        for at in places:
            found = known.found(at) if at.file.is_file() else Found()
            if found is None:
                to_read.append(at)
            else:
                yield _look_at(at, reader, today, found)
    look = partial(_look, forms, today)
    work = in_order(look, chunks(to_read, workers), workers)
    yield from itertools.chain.from_iterable(work)


def with_others(entries: Sequence[Entry], forms: Forms, today: date, workers: int) -> list[Entry]:
    """Return entries with what their reports show about each other added, such as shared sentences.

    Raises:
        ChildProcessError: a process was killed from outside; the message is for users.
    """
    check = Check(forms, today)
    for _ in check.reports([e.at for e in entries if e.state is not State.MISSING], workers):
        pass
    found: dict[Path, list[Diagnostic]] = {}
    for finding in check.offices():
        found.setdefault(finding.place.file, []).append(finding)
    return [
        replace(entry, findings=(*entry.findings, *found.get(entry.at.file, ())))
        for entry in entries
    ]


def by_need(entries: Iterable[Entry]) -> list[Entry]:
    """Sort entries by what needs doing, then by office."""
    order = list(State)
    return sorted(entries, key=lambda e: (order.index(e.state), e.at.office_path.parts))


def roll_ups(entries: Iterable[Entry]) -> list[tuple[Entry, str]]:
    """Return the roll-ups among entries, each with who reviews its members."""
    found = [(entry, entry.competent) for entry in entries if entry.rolls_up]
    return sorted(found, key=lambda pair: pair[0].at.office_path.parts)


def members_of(folder: Path, entries: Sequence[Entry]) -> list[Entry]:
    """Return the members of a roll-up's folder by office; of any other, all that are no roll-ups.

    A member that is itself a roll-up stands for the offices below it, so that nobody counts twice.
    """
    tops = [e.office for e in entries if e.rolls_up and e.at.folder.resolve() == folder.resolve()]
    chosen = [e for e in entries if (e.above == tops[0] if tops else not e.rolls_up)]
    return sorted(chosen, key=lambda entry: entry.at.office_path.parts)


def _look(forms: Forms, today: date, places: Sequence[ReportFile]) -> list[Entry | None]:
    """Examine a chunk of reports; this is what runs in several processes."""
    reader = Reader(forms)
    return [_look_at(at, reader, today) for at in places]


def _look_at(
    at: ReportFile, reader: Reader, today: date, found: Found | None = None
) -> Entry | None:
    try:
        return _entry(at, reader, today, found)
    except Exception as error:  # noqa: BLE001 - one office's fault is not to end the others' turn
        around = at.around()
        above = around.office_path.as_posix() if around else ""
        faults = fault(error, at.file, reader.forms)
        return Entry(at, at.folder.name, "", State.WRONG, today, 0, above, findings=faults)


def _entry(at: ReportFile, reader: Reader, today: date, found: Found | None) -> Entry | None:
    if is_apart(at, reader):
        return None
    office, around = office_of(at, reader), at.around()
    due = deadline(at, reader)
    late = due.days_late(today)
    name, kind = (office.name, office.kind) if office else (at.folder.name, "")
    top = around.office_path.as_posix() if around else ""
    competent = office.roll_up.competent if office and office.roll_up else ""
    if not at.file.is_file():
        return Entry(at, name, kind, State.MISSING, due.day, late, top, competent)
    found = found or found_in(examine(at, reader))
    blocking = [finding for finding in found.findings if finding.blocks]
    state = State.WRONG if blocking else State.PASSED
    if any(finding.is_blank for finding in blocking):
        state = State.UNFILLED
    return Entry(
        at,
        name,
        kind,
        state,
        due.day,
        0 if state is State.PASSED else late,
        top,
        competent,
        found.findings,
        *found.figures,
    )
