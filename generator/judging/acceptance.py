"""Findings that an office has accepted with a reason (``接受``, contract §4).

An entry names a rule and a place; it accepts what the rule finds there or below. An entry that
matches nothing, has expired, or names what cannot be accepted is itself a warning at its line.
Nothing here changes a document: only whether a finding still keeps it from being written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from generator.form.names import UnknownName
from generator.report.report import Report
from generator.values import keys
from generator.values.dates import day_of
from generator.values.diagnostics import Diagnostic, KeyPath, Place, dotted
from generator.values.nearest import nearest

TODAY: Final = "NIANBAO_TODAY"
"""An environment variable that stands for today's date (2025-06-30), for trying out expiry."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One accepted finding as the office wrote it."""

    path: KeyPath
    rule: str
    place: str
    reason: str
    approver: str
    approved_on: str
    until: str

    @property
    def text(self) -> str:
        """The reason with whoever approved it, on which day and until when."""
        parts = []
        if self.approver:
            parts.append(f"{keys.ACCEPTED_BY}：{self.approver}")
        if self.approved_on:
            parts.append(f"{keys.ACCEPTED_ON} {self.approved_on}")
        if self.until:
            parts.append(f"{keys.ACCEPTED_UNTIL} {self.until}")
        return self.reason + (f"（{'，'.join(parts)}）" if parts else "")

    def means(self, finding: Diagnostic, report: Report) -> bool:
        """Whether this entry speaks of ``finding``: same rule, at its place or below it."""
        path = finding.place.path
        if finding.code != self.rule or finding.place.file != report.at.file:
            return False
        if self.place in ("", keys.WHOLE_FILE):
            return not path
        return any(
            name == self.place or name.startswith(f"{self.place}.") for name in _names(path, report)
        )

    def has_expired(self, today: date) -> bool:
        """Whether the entry's last day has passed, or is none that could pass."""
        last = day_of(self.until)
        return bool(self.until) and (last is None or last < today)


def accept(
    report: Report,
    findings: Iterable[Diagnostic],
    acceptable: Callable[[str], bool],
    judged: Callable[[str], bool],
) -> list[Diagnostic]:
    """Mark what the office has accepted, and add what is wrong with its entries.

    What ``office.yaml`` accepts is a question that is answered once: it holds for every year, at
    every place. ``acceptable`` tells which rules may be accepted at all. Only entries for rules
    that are ``judged`` now are looked at: rules that compare offices have their turn later.
    """
    entries = [entry for entry in _entries(report.data) if judged(entry.rule)]
    answers = list(_entries(report.office.source.data))
    now = today()
    marked = []
    used: set[KeyPath] = set()
    for finding in findings:
        mine = [entry for entry in entries if entry.means(finding, report)]
        used |= {entry.path for entry in mine}
        mine += [answer for answer in answers if answer.rule == finding.code]
        valid = [e for e in mine if acceptable(e.rule) and not e.has_expired(now)]
        marked.append(replace(finding, accepted=valid[0].text) if valid else finding)
    known = [rule.id for rule in report.form.all_rules]
    for entry in entries:
        marked += _complaints(entry, report, known, acceptable, now, entry.path in used)
    return marked


def accepts_any(report: Report, judged: Callable[[str], bool]) -> bool:
    """Whether a report has entries for rules that are ``judged``."""
    return any(judged(entry.rule) for entry in _entries(report.data))


def _complaints(
    entry: _Entry,
    report: Report,
    known: list[str],
    acceptable: Callable[[str], bool],
    today: date,
    is_used: bool,
) -> Iterable[Diagnostic]:
    def found(code: str, message: str, hint: str, key: str) -> Diagnostic:
        place = Place(report.at.file, (*entry.path, key))
        return Diagnostic.coded(code, place, message, hint)

    if not acceptable(entry.rule) and (is_used or entry.rule in known):
        message = f"{entry.rule} 不能接受，必须改正"
        yield found("A-3", message, "改正后删去这一条", keys.ACCEPTED_RULE)
    elif entry.until and day_of(entry.until) is None:
        if not report.is_misshapen((*entry.path, keys.ACCEPTED_UNTIL)):
            message = f"「{keys.ACCEPTED_UNTIL}」的 {entry.until} 在日历上没有"
            yield found("S-7", message, "核对后改正", keys.ACCEPTED_UNTIL)
    elif entry.has_expired(today):
        message = f"对 {entry.rule} 的接受已经过期（{keys.ACCEPTED_UNTIL} {entry.until}）"
        hint = f"改正问题，或重新核批后改写「{keys.ACCEPTED_UNTIL}」"
        yield found("A-2", message, hint, keys.ACCEPTED_UNTIL)
    elif not is_used:
        where = entry.place or keys.WHOLE_FILE
        near = "" if entry.rule in known else nearest(entry.rule, known, 0.6)
        meant = f"；规则是不是 {near}？" if near else ""
        message = f"{entry.rule} 在「{where}」没有检查结果可以接受"
        meant += _unknown_place(entry.place, report)
        hint = f"已经改好的，删去这一条；写错的，改正规则或位置{meant}"
        yield found("A-1", message, hint, keys.ACCEPTED_RULE)


def _unknown_place(place: str, report: Report) -> str:
    """Say that nothing in a table is called so, and what probably was meant."""
    names = report.form.names
    if names.find(place.split(".")[:1]) is None:
        return ""  # a label, or a part that is prose
    try:
        names.resolve(place)
    except UnknownName as error:
        return f"；{error}"
    return ""


def _entries(data: Any) -> Iterable[_Entry]:
    """Yield the entries that can be read; what is wrong with the others the schema has said."""
    written = data.get(keys.ACCEPTED) if isinstance(data, dict) else None
    for index, item in enumerate(written if isinstance(written, list) else ()):
        if not isinstance(item, dict):
            continue

        def text(key: str, item: dict[str, Any] = item) -> str:
            value = item.get(key)
            return value.strip() if isinstance(value, str) else ""

        if text(keys.ACCEPTED_RULE) and text(keys.ACCEPTED_REASON):
            yield _Entry(
                path=(keys.ACCEPTED, index),
                rule=text(keys.ACCEPTED_RULE),
                place=text(keys.ACCEPTED_PLACE),
                reason=text(keys.ACCEPTED_REASON),
                approver=text(keys.ACCEPTED_BY),
                approved_on=text(keys.ACCEPTED_ON),
                until=text(keys.ACCEPTED_UNTIL),
            )


def _names(path: KeyPath, report: Report) -> Iterable[str]:
    """Yield what a place may be called: its keys, the table's name and keys, its printed label."""
    yield dotted(path)
    named = report.form.names.find([str(step) for step in path])
    if named:
        yield from (named.name, named.label, report.form.label(path))


def last_days(report: Report) -> list[str]:
    """Return the last days of a report's entries: when one has passed, other things are found."""
    days = {day_of(entry.until) for entry in _entries(report.data)}
    return sorted(f"{day}" for day in days if day)


def today() -> date:
    """Return today's date, or the day that ``NIANBAO_TODAY`` puts in its place."""
    try:
        return date.fromisoformat(os.environ.get(TODAY, ""))
    except ValueError:
        return date.today()
