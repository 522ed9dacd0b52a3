"""A remark where the last day for a report is near or past, and the report is not fit for it.

The Regulations (article 50) and the notice give every report a last day; an office that has none
of the year in question yet would otherwise hear nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from generator.judging.examine import Examined
from generator.judging.faults import has_fault
from generator.judging.standing import standing
from generator.reading.workspace import ReportFile
from generator.report.deadline import Deadline, deadline, is_apart, office_of
from generator.report.report import Reader
from generator.values import keys
from generator.values.diagnostics import Diagnostic, Place

CODE: Final = "S-11"
MISSING: Final = "还没有报告"


def check_deadline(examined: Examined, reader: Reader, today: date) -> Iterator[Diagnostic]:
    """Yield what is to be said of the last day for a report, or for the one that should follow it.

    An office whose reports end earlier than the year before is asked for more only where its
    ``office.yaml`` names a last day: old reports are kept in order too.
    """
    if has_fault(examined.findings):
        return  # not the office's own
    at, state = examined.at, standing(examined.findings)
    for year in (today.year - 1, today.year):
        if at.year == year and state:
            yield from remark(at, state, reader, today)
        elif at.year < year and _is_asked_for(year, at, reader):
            yield from remark(at.in_year(year), MISSING, reader, today)


def _is_asked_for(year: int, newest: ReportFile, reader: Reader) -> bool:
    """Whether an office whose ``newest`` report this may be has not gone on to the ``year``."""
    later = range(newest.year + 1, year + 1)
    if any(newest.in_year(each).file.exists() for each in later):
        return False
    office = office_of(newest, reader)
    return len(later) == 1 or bool(office and office.deadline)


def remark(wanted: ReportFile, state: str, reader: Reader, today: date) -> Iterator[Diagnostic]:
    """Yield what is to be said of the last day for a report that is in this ``state``.

    It is said where there is something to read: at the report, else at the office's own file.
    """
    due = deadline(wanted, reader)
    left = (due.day - today).days
    if left > reader.forms.offices.days_to_remind or is_apart(wanted, reader):
        return
    when = f"还有 {left} 天" if left > 0 else f"已过 {-left} 天" if left else "就是今天"
    message = f"{wanted.year} 年度报告的{due.key}是 {due.day}，{when}：{state}"
    found = Diagnostic.coded(CODE, Place(wanted.file), message, "改完后重新检查")
    if not wanted.file.exists():
        hint = f"运行 nianbao rollover {wanted.year} 写出，再填"
        found = _at_office(replace(found, hint=hint), wanted, due, reader)
    yield from reader.forms.completed([found])


def _at_office(found: Diagnostic, at: ReportFile, due: Deadline, reader: Reader) -> Diagnostic:
    office = office_of(at, reader)
    if office is None:
        return replace(found, place=Place(at.office_file))
    is_said = bool(office.deadline) and due.key == keys.DEADLINE
    place = Place(at.office_file, (keys.DEADLINE,) if is_said else ())
    return replace(found, place=place).at(office.source.locate)
