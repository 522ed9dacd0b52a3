"""Recomputes what the prose says of changes against last year (较上年增加3件，增长15.8%)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from generator.form.prose_rules import ProseRule
from generator.judging.prose.numbers import BOUNDARY, Number, Numbers, label_of, operand
from generator.judging.prose.numerals import PERCENT, Count
from generator.values import keys
from generator.values.diagnostics import Diagnostic, Related

_EXPRESSION = re.compile(r"\{\{\s*([^\s|}]+)\s*(?:\||\}\})")
_FARTHEST = 40
"""Characters between a count and the change that is said of it."""


@dataclass(frozen=True, slots=True)
class _Years:
    """A figure of this and last year, in its own unit; ``figure`` is empty when only inferred."""

    now: Decimal
    was: Decimal
    figure: str = ""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A number that is said to be a change, and whether it is said to be a rise."""

    number: Number
    rises: bool

    @property
    def is_rate(self) -> bool:
        """Whether the change is a percentage."""
        return self.number.count.unit == PERCENT


def changes(rule: ProseRule, numbers: Numbers) -> Iterator[Diagnostic]:
    """Judge every change, and every figure of last year, that follows a count."""
    subject: Number | None = None
    for base, number in pairwise(numbers.all):
        gap = (base.count.end, number.count.start)
        if gap[1] - gap[0] > _FARTHEST:
            continue
        if base.is_change:
            if subject and (claim := _further(rule, numbers, gap, number)):
                yield from _change(rule, numbers, subject, [claim])
            continue
        subject = base
        if _earlier(rule, numbers.report.year).match(numbers.text, *gap):
            yield from _last_year(rule, numbers, base, number)
        elif found := _opening(rule).match(numbers.text, *gap):
            claims = [_Claim(number, bool(found["more"]))]
            index = bisect_left(numbers.starts, number.count.end)
            for third in numbers.all[index : index + 1]:
                end = third.count.start
                if more := _going_on(rule).match(numbers.text, number.count.end, end):
                    rises = bool(more["more"]) or (claims[0].rises and not more["less"])
                    claims.append(_Claim(third, rises))
            yield from _change(rule, numbers, base, claims)
    yield from _stated(rule["same"], "与上年持平", lambda y: y.now == y.was, rule, numbers)
    yield from _stated(rule["from_zero"], "上年为零", lambda y: y.was == 0, rule, numbers)


def _further(
    rule: ProseRule, numbers: Numbers, gap: tuple[int, int], number: Number
) -> _Claim | None:
    """Return the percentage in 「120件，上年100件，增长20%」, which speaks of the first count."""
    found = _going_on(rule).match(numbers.text, *gap)
    if not found or number.is_change or number.count.unit != PERCENT:
        return None
    return _Claim(number, bool(found["more"])) if found["more"] or found["less"] else None


def _opening(rule: ProseRule) -> re.Pattern[str]:
    """What stands between a count and its change: 「，较上年增加」."""
    return re.compile(
        rf"[^。；;\n]{{0,12}}?(?:{rule['compared'].pattern})[，,]?"
        rf"(?:(?P<more>{rule['more'].pattern})|(?P<less>{rule['less'].pattern}))"
        r"[^\d。；;，,]{0,4}\Z"
    )


def _going_on(rule: ProseRule) -> re.Pattern[str]:
    """What stands between a change and its percentage: 「，增长」."""
    return re.compile(
        rf"[，,、（(]?(?:{rule['compared'].pattern})?(?:(?P<more>{rule['more'].pattern})|(?P<less>{rule['less'].pattern})"
        rf"|{rule['rate'].pattern})[^\d。；;，,]{{0,4}}\Z"
    )


def _earlier(rule: ProseRule, year: int) -> re.Pattern[str]:
    """What stands between a count and last year's: 「（上年为」, 「，2023年为」."""
    last_year = rf"{rule['before'].pattern}|{year - 1} ?年度?(?:同期)?(?:为|是|有)"
    return re.compile(rf"[^。；;\n]{{0,8}}?(?:{last_year})\Z")


def _by_tables(numbers: Numbers, base: Number) -> _Years | None:
    """Return this and last year's value of the figure that a count names or was computed from."""
    figure = base.figure
    if not figure and base.computed:
        found = _EXPRESSION.match(numbers.passages.expression_at(base.count.start))
        if found and numbers.value(found[1]) is not None:
            figure = found[1]
            base.per = Decimal(base.count.scale)
    now = numbers.value(figure) if figure else None
    was = numbers.value(figure, last_year=True) if figure else None
    return None if now is None or was is None else _Years(now, was, figure)


def _last_year(
    rule: ProseRule, numbers: Numbers, base: Number, number: Number
) -> Iterator[Diagnostic]:
    """Judge 「663件（上年629件）」."""
    number.is_change = True
    years = _by_tables(numbers, base)
    if number.computed or years is None or number.count.unit != base.count.unit:
        return
    number.accounted = True
    if number.count.is_exact and not number.count.agrees(years.was * base.per):
        name = label_of(numbers.report, years.figure)
        yield rule.finding(
            numbers.place(number),
            f"正文写上年是 {numbers.written(number)}，上年的报告里「{name}」是 {years.was}",
            f"改用 {{{{ {keys.PREVIOUS}.{years.figure} }}}} 取数",
            _related(numbers, years),
        )


def _change(
    rule: ProseRule, numbers: Numbers, base: Number, claims: list[_Claim]
) -> Iterator[Diagnostic]:
    """Judge 「较上年增加 N 件，增长 M%」 by last year's figure, or else by its own two numbers."""
    for claim in claims:
        claim.number.is_change = True
    years = _by_tables(numbers, base)
    if years is None and not _ends_a_list(rule, numbers, base):
        years = _inferred(base, claims)
    if years is None or years.was < 0:
        return
    for claim in claims:
        number = claim.number
        can_be_judged = years.was != 0 if claim.is_rate else bool(years.figure)
        if number.computed or not can_be_judged:
            continue
        number.accounted = True
        right = _right(claim, base, years)
        says_so = years.now == years.was or (years.now > years.was) == claim.rises
        if says_so and (not number.count.is_exact or _is_near(number.count, right)):
            continue
        shown = f"{right:.1f}%" if claim.is_rate else f"{right:f}{number.count.unit}"
        said = "增加" if claim.rises else "减少"
        yield rule.finding(
            numbers.place(number),
            f"正文写{said} {numbers.written(number)}，"
            f"由 {years.was} 到 {years.now} {_is_so(years, shown)}",
            _way_out(years),
            _related(numbers, years),
        )


def _ends_a_list(rule: ProseRule, numbers: Numbers, base: Number) -> bool:
    """Whether a count is one of several parts; a change behind them may speak of the whole."""
    start, _ = numbers.sentence(base.count.start)
    return bool(rule["listed"].search(numbers.text, start, base.count.start))


def _is_so(years: _Years, shown: str) -> str:
    if years.now == years.was:
        return "是持平"
    return f"应是{'增加' if years.now > years.was else '减少'} {shown}"


def _inferred(base: Number, claims: list[_Claim]) -> _Years | None:
    """Work last year's value out from a count and its own change, to check the percentage."""
    for claim in claims:
        change = claim.number.count
        if not claim.is_rate and change.unit == base.count.unit:
            if not (base.count.is_exact and change.is_exact):
                return None
            now = base.count.value
            return _Years(now, now - change.value if claim.rises else now + change.value)
    return None


def _right(claim: _Claim, base: Number, years: _Years) -> Decimal:
    difference = abs(years.now - years.was)
    return difference * 100 / years.was if claim.is_rate else difference * base.per


def _is_near(count: Count, right: Decimal) -> bool:
    """Whether a claim is right; a percentage may be rounded or cut off at its last digit."""
    if count.unit == PERCENT:
        return abs(count.value - right) < Decimal(1).scaleb(-count.decimals)
    return count.agrees(right)


def _stated(
    pattern: re.Pattern[str],
    says: str,
    holds: Callable[[_Years], bool],
    rule: ProseRule,
    numbers: Numbers,
) -> Iterator[Diagnostic]:
    """Judge 「3件，与上年持平」 and 「3件，上年为0」: what is said in words of a count."""
    for found in pattern.finditer(numbers.text):
        index = bisect_left(numbers.starts, found.start()) - 1
        if index < 0 or numbers.passages.is_computed(found.start(), found.end()):
            continue
        base = numbers.all[index]
        if base.is_change or BOUNDARY.search(numbers.text, base.count.end + 1, found.start()):
            continue
        years = _by_tables(numbers, base)
        if years and not holds(years):
            name = label_of(numbers.report, years.figure)
            yield rule.finding(
                numbers.passages.place(found.start(), found.end()),
                f"正文写{says}，「{name}」上年是 {years.was}，本年是 {years.now}",
                _way_out(years),
                _related(numbers, years),
            )


def _way_out(years: _Years) -> str:
    """Return the expression to write instead; the rule's own hint where there is no figure."""
    if not years.figure:
        return ""
    return f"改用 {{{{ {years.figure} | 同比({keys.PREVIOUS}.{years.figure}) }}}}，由程序计算"


def _related(numbers: Numbers, years: _Years) -> tuple[Related, ...]:
    previous = numbers.report.previous
    if not years.figure or previous is None:
        return ()
    return (
        operand(numbers.report, years.figure, years.now),
        operand(previous, years.figure, years.was),
    )
