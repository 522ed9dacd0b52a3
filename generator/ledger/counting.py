"""Cases → figures with their cases, and what contradicts in the ledger.

An application is carried over if it was received before the year and not answered before it,
carried on if it was received by the end of the year and not answered by then; its outcome counts in
the year of the answer. One case has one outcome. What contradicts is a finding with its row; a row
that cannot be counted for sure is not counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from generator.form.ledger import LedgerForm
from generator.form.model import Form
from generator.ledger.rows import Case, Ledger, case_key, date_key
from generator.values.diagnostics import Diagnostic, Place, Position, Severity
from generator.values.grid import FigurePath

_PARTS = re.compile(r"[、，,;；/＋+\n]|以及|及|和|并")
_DAY = re.compile(r"(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))")
_NUMBERED_BY_ROW = "第 {row} 行"


@dataclass
class Tally:
    """The figures that a ledger comes to: the numbers of the cases of each, zeros included."""

    cases: dict[FigurePath, list[str]]
    findings: list[Diagnostic] = field(default_factory=list)
    counted: int = 0
    skipped: int = 0
    """Rows that could not be counted for sure."""

    def count(self, path: FigurePath) -> int:
        """Return a figure."""
        return len(self.cases[path])

    @property
    def blocked(self) -> bool:
        """Whether errors keep the figures from being put into a report."""
        return any(finding.blocks for finding in self.findings)


def tally(ledger: Ledger, form: Form, words: LedgerForm, year: int, today: date) -> Tally:
    """Count a ledger for a year; nothing is said of terms that ``today`` has not seen end."""
    return _Counter(ledger, form, words, year, today).count()


@dataclass(frozen=True, slots=True)
class _Read:
    """A case as it is understood."""

    case: Case
    kind: str
    received: date
    answered: date | None
    outcome: FigurePath | None


class _Counter:
    """Counts one ledger."""

    def __init__(
        self, ledger: Ledger, form: Form, words: LedgerForm, year: int, today: date
    ) -> None:
        self.ledger = ledger
        self.form = form
        self.words = words
        self.year = year
        self.today = today
        self.tally = Tally({path: [] for path in self._figures()})

    def _figures(self) -> Iterator[FigurePath]:
        """Yield the figures that a ledger tells: totals are added up, not counted."""
        rows = {self.words.received, self.words.carried_over, self.words.carried_on}
        rows |= set(self.words.outcome_rows)
        rows |= {
            case.row
            for index, case in enumerate(self.words.cases)
            if case_key(index) in self.ledger.columns
        }
        for path in self.form.figures:
            if path[:-1] in rows and path not in self.form.table_by_key[path[0]].addends:
                yield path

    def count(self) -> Tally:
        for case in self._once(self.ledger.cases):
            read = self._read(case)
            if read is None:
                self.tally.skipped += 1
                continue
            self._application(read)
            self._follows(read)
        return self.tally

    def _once(self, cases: Iterable[Case]) -> Iterator[Case]:
        """Yield each case once; a number that comes again is another outcome of the same case."""
        seen: dict[str, Case] = {}
        for case in cases:
            first = seen.setdefault(case.number, case) if case.number else case
            if first is case:
                yield case
                continue
            message = (
                f"编号 {case.number} 在第 {first.row} 行已经有了：一件申请只能有一行、一个结果"
            )
            self._finding("L-2", case, "case", message)
            self.tally.skipped += 1

    # One row

    def _read(self, case: Case) -> _Read | None:
        """Return what a row says, ``None`` after findings where that is not sure."""
        before = len(self.tally.findings)
        kind = self._kind(case)
        received, answered = self._day(case, "received"), self._day(case, "answered")
        outcome = self._outcome(case)
        if not case["received"]:
            self._finding("L-5", case, "received", f"没有{self._title('received')}")
        if received and answered and answered < received:
            message = f"{answered} 办结，却在 {received} 才收到"
            self._finding("L-1", case, "answered", message)
        if outcome and not case["answered"]:
            self._finding("L-6", case, "answered", "有结果，没有办结的日期，不知道计入哪一年")
        if answered and (not case["outcome"] or self.words.pending.find(case["outcome"])):
            self._finding("L-6", case, "outcome", f"{answered} 已经办结，没有写结果")
        if len(self.tally.findings) > before or kind is None or received is None:
            return None
        return _Read(case, kind, received, answered, outcome)

    def _kind(self, case: Case) -> str | None:
        said = case["kind"]
        if not said:
            self._finding("L-5", case, "kind", f"没有{self._title('kind')}")
            return None
        found: str | None = self.words.kinds.find(said)
        if found is None:
            self._unknown(case, "kind", said, self.words.kinds.near(said))
        return found

    def _outcome(self, case: Case) -> FigurePath | None:
        said = case["outcome"]
        if not said or self.words.pending.find(said):
            return None
        words = self.words.outcomes
        found: FigurePath | None = words.find(said)
        if found is not None:
            return found
        parts = {path for part in _PARTS.split(said) if (path := words.find(part))}
        if len(parts) > 1:
            named = "、".join(self.words.outcome_rows[path] for path in sorted(parts))
            message = f"写了 {len(parts)} 个结果（{named}）：一件只计一个"
            self._finding("L-2", case, "outcome", message)
        else:
            self._unknown(case, "outcome", said, words.near(said))
        return None

    def _day(self, case: Case, key: str) -> date | None:
        said = case[key]
        if not said or self.words.none.find(said):
            return None
        found = day_of(said)
        if found is None:
            self._finding("L-5", case, key, f"「{said[:20]}」不是日期，应当写成 {self.year}-03-05")
        return found

    def _title(self, key: str) -> str:
        return self.ledger.columns.get(key, key)

    # What it counts in

    def _application(self, read: _Read) -> None:
        year, kind = self.year, read.kind
        answered_in = read.answered.year if read.answered else None
        if read.received.year > year or (answered_in is not None and answered_in < year):
            return
        self.tally.counted += 1
        came = self.words.received if read.received.year == year else self.words.carried_over
        self._add((*came, kind), read.case)
        if answered_in == year and read.outcome:
            self._add((*read.outcome, kind), read.case)
        else:
            self._add((*self.words.carried_on, kind), read.case)
            self._overdue(read)

    def _follows(self, read: _Read) -> None:
        """Count reviews and suits: by their date, or where there is none with the application."""
        for index, column in enumerate(self.words.cases):
            said = read.case[case_key(index)]
            result = self.words.results.find(said) if said else None
            if not said or (result is None and self.words.none.find(said)):
                continue
            if result is None:
                self._unknown(read.case, case_key(index), said, self.words.results.near(said))
                continue
            day = self._day(read.case, date_key(index))
            answered_before = read.answered is not None and read.answered.year < self.year
            in_scope = not answered_before and read.received.year <= self.year
            if day.year == self.year if day else in_scope:
                self._add((*column.row, result), read.case)

    def _add(self, path: FigurePath, case: Case) -> None:
        number = case.number or _NUMBERED_BY_ROW.format(row=case.row)
        self.tally.cases[path].append(number)

    def _overdue(self, read: _Read) -> None:
        """Ask about a case whose longest term has passed.

        Days are counted Monday to Friday: which of them were holidays is not known here, and the
        time that others were asked does not count, so that the case may yet be within its term.
        """
        extended = (
            self.words.extended.find(read.case["extended"]) if read.case["extended"] else None
        )
        days = self.words.days + (0 if extended is False else self.words.extension)
        last = working_day(read.received, days)
        end = min(self.today, date(self.year, 12, 31))
        if last < end:
            message = (
                f"{read.received} 收到，到 {end} 没有结果，已过 {days} 个工作日"
                f"（到 {last}，没有扣除节假日和征求意见的时间）"
            )
            self._finding("L-3", read.case, "answered", message, Severity.WARNING)

    # Findings

    def _unknown(self, case: Case, key: str, said: str, near: str) -> None:
        meant = f"，是不是「{near}」？" if near else ""
        self._finding("L-4", case, key, f"不认识「{said[:30]}」{meant}")

    def _finding(
        self,
        code: str,
        case: Case,
        key: str,
        message: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        which = f"（{case.number}）" if case.number else ""
        head = f"第 {case.row} 行{which}{self._title(key)}："
        place = Place(self.ledger.file, position=Position(case.row))
        self.tally.findings.append(Diagnostic(code, severity, place, head + message))


def day_of(said: str) -> date | None:
    """Return the day that a cell writes, ``None`` if it is none."""
    text = unicodedata.normalize("NFKC", said).strip().partition("T")[0].partition(" ")[0]
    found = _DAY.fullmatch(text)
    if not found:
        return None
    year, *rest = (int(part) for part in found.groups() if part)
    try:
        return date(year, *rest)
    except (ValueError, TypeError):
        return None


def working_day(start: date, days: int) -> date:
    """Return the day that lies so many days from Monday to Friday after ``start``."""
    weeks, rest = divmod(days, 5)
    day = start + timedelta(weeks=weeks)
    while rest:
        day += timedelta(1)
        rest -= day.weekday() < 5
    return day
