"""The last day for a report: the competent office's, the office's own, or the notice's."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from generator.reading.source import Unreadable
from generator.reading.workspace import ReportFile
from generator.report.office import Office
from generator.report.report import Reader
from generator.values import keys


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day, and the key of ``office.yaml`` that it is called by."""

    day: date
    key: str

    def days_late(self, today: date) -> int:
        """Return how many days ago the day was, 0 where it is still to come."""
        return max(0, (today - self.day).days)


def office_of(at: ReportFile, reader: Reader) -> Office | None:
    """Return an office, ``None`` where its file cannot be read: its report's findings say why."""
    try:
        return reader.office(at)
    except Unreadable:
        return None


def is_apart(at: ReportFile, reader: Reader) -> bool:
    """Whether an office has nothing to report for the year: it did not exist, or does not count."""
    office, around = office_of(at, reader), at.around()
    if office and not office.existence.covers(at.year):
        return True
    above = office_of(around, reader) if around else None
    if around is None or above is None or above.roll_up is None:
        return False
    return at.office_path.relative_to(around.office_path).as_posix() in above.roll_up.excluded


def deadline(at: ReportFile, reader: Reader) -> Deadline:
    """Return the last day for the report at ``at``, whether there is one or not."""
    office, around = office_of(at, reader), at.around()
    above = office_of(around, reader) if around else None
    key = keys.DEADLINE
    if above and above.roll_up:
        said, key = above.roll_up.due, keys.DUE
    elif office and office.deadline:
        said = office.deadline
    else:
        said = reader.forms.offices.due["roll_up" if office and office.roll_up else "own"]
    month, day = map(int, said.split("-"))
    return Deadline(_day(at.year + 1, month, day), key)


def _day(year: int, month: int, day: int) -> date:
    """Return a day; 29 February is the last of that month in other years too."""
    year = min(year, date.max.year)  # a file may be named 9999.yaml
    return date(year, month, min(day, monthrange(year, month)[1]))
