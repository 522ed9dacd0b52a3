"""Compares the counts that name a figure of the tables with that figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from generator.form.prose_rules import ProseRule
from generator.judging.prose.numbers import Number, Numbers, label_of, operand
from generator.values import keys
from generator.values.diagnostics import Diagnostic
from generator.values.numerals import digits

_YEAR = re.compile(r"(?<!\d)(\d{4})[ \u3000]?年")


def named_figures(rule: ProseRule, numbers: Numbers) -> Iterator[Diagnostic]:
    """Judge every count that stands behind (or before) the words for a figure."""
    for number in numbers.all:
        count = number.count
        if number.computed or number.figure or not rule["units"].fullmatch(count.unit):
            continue
        entry = _entry_named(rule, numbers, number)
        if entry is None or not numbers.is_about(rule["context"], count.start):
            continue
        last_year = _speaks_of_last_year(rule, numbers, number)
        if last_year is None:
            continue
        if not last_year:
            number.figure = entry["figure"]
            number.per = Decimal(rule["scale"] or 1)
        if not count.is_exact:
            continue
        finding = _compared(rule, numbers, number, entry, last_year)
        if finding is not None:
            yield finding


def _entry_named(rule: ProseRule, numbers: Numbers, number: Number) -> Mapping[str, Any] | None:
    """Return the entry of the rule whose words stand before the count, around it or after it."""
    text, start, end = numbers.text, number.lead_start, number.count.start
    for entry in rule["figures"]:
        if words := entry["named"].search(text, start, end) or _around(entry, text, number):
            if rule["joined"] and rule["joined"].search(text, start, words.start()):
                return None
            if rule["unless"] and rule["unless"].search(_without_own_name(numbers, start, end)):
                return None
            return entry  # type: ignore[no-any-return]
    for entry in rule["figures"]:
        if "then" in entry and entry["then"].match(text, number.count.end):
            return entry  # type: ignore[no-any-return]
    return None


def _around(entry: Mapping[str, Any], text: str, number: Number) -> re.Match[str] | None:
    """Match a verb before the count and its object after it: 收到 12 件政府信息公开申请."""
    if "verb" not in entry or not entry["object"].match(text, number.count.end):
        return None
    found: re.Match[str] | None = entry["verb"].search(text, number.lead_start, number.count.start)
    return found


def _without_own_name(numbers: Numbers, start: int, end: int) -> str:
    office = numbers.report.office
    lead = numbers.text[start:end]
    return lead.replace(office.name, "").replace(office.short_name, "")


def _speaks_of_last_year(rule: ProseRule, numbers: Numbers, number: Number) -> bool | None:
    """Whether the count is last year's; ``None`` when it belongs to yet another time."""
    year = numbers.report.year
    start = max(number.lead_start, numbers.sentence(number.count.start)[0])
    years = {int(found[1]) for found in _YEAR.finditer(numbers.text, start, number.count.start)}
    if years - {year, year - 1}:
        return None
    if rule["last_year"] and rule["last_year"].search(numbers.text, start, number.count.start):
        return True
    return years == {year - 1}


def _compared(
    rule: ProseRule, numbers: Numbers, number: Number, entry: Mapping[str, Any], last_year: bool
) -> Diagnostic | None:
    figure = entry["figure"]
    scale = Decimal(rule["scale"] or 1)
    value = numbers.value(figure, last_year=last_year)
    if value is None:
        return None
    number.accounted = True
    choices = [value]
    for also in entry.get("also", ()):
        other = numbers.value(also, last_year=last_year)
        if other is not None:
            choices.append(other)
    if any(number.count.agrees(choice * scale) for choice in choices):
        return None
    report = numbers.report.previous if last_year else numbers.report
    assert report is not None
    prefix, year = (f"{keys.PREVIOUS}.", "上年") if last_year else ("", "")
    unit = number.count.unit if scale == 1 else "（以万元计）"
    name = label_of(report, figure)
    return rule.finding(
        numbers.place(number),
        f"正文写的是 {numbers.written(number)}，{year}「{name}」是 {digits(value)}{unit}",
        f"改用 {{{{ {prefix}{figure} }}}} 取数，或更正表中的数；{rule.hint}",
        (operand(report, figure, value),),
    )
