"""The foot of a report: who signed it, and on a day after what it reports on has ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from generator.report.report import Report
from generator.values import keys
from generator.values.dates import day_of
from generator.values.diagnostics import Diagnostic, Place

_DAY = (keys.SIGN_OFF, keys.SIGN_OFF_DATE)


def check_sign_off(report: Report) -> Iterator[Diagnostic]:
    """Yield what is wrong with 落款; what has the wrong shape the schema has said."""
    signed = report.data.get(keys.SIGN_OFF)
    if not isinstance(signed, dict):
        return
    said, written = signed.get(keys.SIGN_OFF_OFFICE), signed.get(keys.SIGN_OFF_DATE)
    if isinstance(said, str) and not _is_named(said, report):
        message = f"落款的单位是「{said.strip()}」，本机关是「{report.office.name}」"
        yield _finding("S-9", report, keys.SIGN_OFF_OFFICE, message)
    day = day_of(written) if isinstance(written, str) else None
    if isinstance(written, str) and day is None and not report.is_misshapen(_DAY):
        place = Place(report.at.file, _DAY)
        message, hint = f"落款的日期 {written} 在日历上没有", "核对后改正"
        yield Diagnostic.coded("S-7", place, message, hint)
    if day and day < date(report.year, 12, 31):
        message = f"落款的日期是 {written}，早于 {report.year} 年度的统计期限结束"
        yield _finding("S-10", report, keys.SIGN_OFF_DATE, message)
    if day and day.year > report.year + 1:
        message = (
            f"落款的日期是 {written}，在 {report.year} 年度报告应当公布的 {report.year + 1} 年之后"
        )
        yield _finding("S-10", report, keys.SIGN_OFF_DATE, message)


def _is_named(said: str, report: Report) -> bool:
    """Whether the foot names the office, its body that acts for it, or a part of its name."""
    office = report.office
    names = [*office.names, *([office.roll_up.competent] if office.roll_up else [])]
    plain = "".join(said.split())
    if plain in (keys.UNFILLED, ""):
        return True
    return any(name in plain or plain in name for name in names)


def _finding(code: str, report: Report, key: str, message: str) -> Diagnostic:
    place = Place(report.at.file, (keys.SIGN_OFF, key))
    return Diagnostic.coded(code, place, message)
