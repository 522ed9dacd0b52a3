"""Recomputes what the prose says of changes against last year (较上年增加3件，增长15.8%)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from generator.form.prose_rules import ProseRule
from generator.judging.prose.accounts import Account, Kind
from generator.judging.prose.mentions import Mentions, label_of, operand
from generator.judging.prose.numerals import PERCENT, TIMES
from generator.judging.prose.understanding import Understanding
from generator.values import keys
from generator.values.diagnostics import Diagnostic, Related
from generator.values.numerals import digits

_ABOUT_THE_SAME = 10
"""Percent of change that 基本持平 may pass over; ours to say."""


@dataclass(frozen=True, slots=True)
class _Years:
    """A figure of this and last year in single units; ``figure`` is empty when only inferred.

    ``stated``: both counts stand in the text.
    """

    now: Decimal
    was: Decimal
    figure: str = ""
    stated: bool = False


def changes(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Judge every change, and every count of last year, that is said of another count."""
    mentions = read.mentions
    for index, account in enumerate(read.accounts):
        if account.mention.computed or account.of is None:
            continue
        if account.kind is Kind.BEFORE:
            yield from _last_year(rule, mentions, account)
        elif account.kind is Kind.CHANGE:
            yield from _change(rule, mentions, account, _others(read.accounts, index))
        elif account.kind is Kind.MULTIPLE:
            yield from _multiple(rule, mentions, account)
    yield from _stated(rule, read)


def _years(mentions: Mentions, account: Account) -> list[_Years]:
    """Return this and last year's values of the figures that an account may be."""
    found = []
    count = account.mention.count
    for figure in () if account.both_years else account.figures:
        now, was = mentions.value(figure), mentions.value(figure, last_year=True)
        if now is None or was is None:
            continue
        found.append(_Years(now * account.scale, was * account.scale, figure))
    named = [years for years in found if count.agrees(years.now)]
    return named or found


def _others(accounts: list[Account], index: int) -> list[Account]:
    """Return the changes that are said of the same count, this one included."""
    account = accounts[index]
    near = accounts[max(0, index - 2) : index + 3]
    kinds = (Kind.CHANGE, Kind.BEFORE)
    return [each for each in near if each.kind in kinds and each.of is account.of]


def _last_year(rule: ProseRule, mentions: Mentions, account: Account) -> Iterator[Diagnostic]:
    """Judge 「663件（上年629件）」."""
    count, of = account.mention.count, account.of
    assert of is not None
    yield from _direction(rule, mentions, account, of)
    years = _years(mentions, of)
    if not years or count.unit not in ("", of.mention.count.unit):
        return
    if any(count.agrees(each.was) for each in years):
        return
    year = years[0]
    name = label_of(mentions.report, year.figure)
    yield rule.finding(
        mentions.place(account.mention),
        f"正文写上年是 {mentions.written(account.mention)}，"
        f"上年的报告里「{name}」是 {digits(year.was)}",
        f"改用 {{{{ {keys.PREVIOUS}.{year.figure} }}}} 取数",
        _related(mentions, year),
    )


def _direction(
    rule: ProseRule, mentions: Mentions, account: Account, of: Account
) -> Iterator[Diagnostic]:
    """Judge 「由16件增加到20件」 by its own two counts."""
    was, now = account.mention.count, of.mention.count
    if account.rises is None or now.unit != was.unit or now.value == was.value:
        return
    if (now.value > was.value) != account.rises:
        yield rule.finding(
            mentions.place(account.mention),
            f"由 {mentions.written(account.mention)} 到 {mentions.written(of.mention)} "
            f"是{'减少' if account.rises else '增加'}",
        )


def _change(
    rule: ProseRule, mentions: Mentions, account: Account, together: list[Account]
) -> Iterator[Diagnostic]:
    """Judge 「较上年增加 N 件，增长 M%」 by last year's figure, or else by its own two numbers."""
    of = account.of
    assert of is not None
    rises = account.rises
    if rises is None:
        rises = next((each.rises for each in together if each.rises is not None), None)
    bases = [of, account.or_of] if account.or_of else [of]
    choices = [
        years for base in bases for years in _years(mentions, base) or _inferred(base, together)
    ]
    choices = [years for years in choices if years.was >= 0 and _can_be_judged(account, years)]
    if not choices or any(_holds(account, years, rises) for years in choices):
        return
    years = choices[0]
    said = "" if rises is None else "增加 " if rises else "减少 "
    yield rule.finding(
        mentions.place(account.mention),
        f"正文写{said}{mentions.written(account.mention)}，"
        f"由 {digits(years.was)} 到 {digits(years.now)} {_is_so(account, years)}",
        _way_out(years),
        _related(mentions, years),
    )


def _multiple(rule: ProseRule, mentions: Mentions, account: Account) -> Iterator[Diagnostic]:
    """Judge 「是上年的 N 倍」."""
    count, of = account.mention.count, account.of
    assert of is not None
    choices = [years for years in _years(mentions, of) if years.was > 0]
    by = 1 if count.unit == TIMES else 100
    if not choices or any(count.agrees(y.now * by / y.was) for y in choices):
        return
    years = choices[0]
    yield rule.finding(
        mentions.place(account.mention),
        f"正文写是上年的 {mentions.written(account.mention)}，"
        f"由 {digits(years.was)} 到 {digits(years.now)} 是 {years.now / years.was:.2f} 倍",
        "",
        _related(mentions, years),
    )


def _can_be_judged(account: Account, years: _Years) -> bool:
    if account.is_rate:
        return years.was != 0 or account.mention.count.value == 0
    return bool(years.figure) or years.stated


def _holds(account: Account, years: _Years, rises: bool | None) -> bool:
    count = account.mention.count
    if rises is not None and years.now != years.was and (years.now > years.was) != rises:
        return False
    right = _right(account, years)
    if not count.is_exact:
        about = count.agrees(right / 100 if count.unit == TIMES else right)
        return about or (count.value == 0 and right <= _ABOUT_THE_SAME)
    if account.is_rate:
        value = count.value * 100 if count.unit == TIMES else count.value
        step = Decimal(1).scaleb(-count.decimals) * (100 if count.unit == TIMES else 1)
        return abs(value - right) < (step if count.unit == PERCENT else step / 2)
    return count.agrees(right)


def _right(account: Account, years: _Years) -> Decimal:
    difference = abs(years.now - years.was)
    return difference * 100 / (years.was or 1) if account.is_rate else difference


def _is_so(account: Account, years: _Years) -> str:
    if years.now == years.was:
        return "是持平"
    right = _right(account, years)
    if years.was == 0:
        return "不是持平"
    shown = f"{right:.1f}%" if account.is_rate else f"{right:f}{account.mention.count.unit}"
    return f"应是{'增加' if years.now > years.was else '减少'} {shown}"


def _inferred(of: Account, together: list[Account]) -> list[_Years]:
    """Take last year's count from the text, or work it out from a count and its own change."""
    base = of.mention.count
    for each in together:
        change = each.mention.count
        if each.kind is Kind.BEFORE:
            if each.mention is of.mention or change.unit != base.unit:
                continue
            if base.is_exact and change.is_exact:
                return [_Years(base.value, change.value, stated=True)]
        elif not each.is_rate and change.unit == base.unit and each.rises is not None:
            if not (base.is_exact and change.is_exact):
                return []
            was = base.value - change.value if each.rises else base.value + change.value
            return [_Years(base.value, was)]
    return []


def _stated(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Judge 「3件，上年为0」: what is said without a unit of the count before."""
    mentions = read.mentions
    for found in rule["from_zero"].finditer(mentions.text):
        before = mentions.between(mentions.sentence(found.start())[0], found.start())
        subject = read.accounts[before[-1].index] if before else None
        if subject is None or mentions.passages.is_computed(found.start(), found.end()):
            continue
        between = mentions.text[subject.mention.count.end : found.start()]
        if subject.kind is Kind.CHANGE or len(between.strip("，,（( ")) > 2:
            continue
        years = _years(mentions, subject)
        if years and all(each.was for each in years):
            name = label_of(mentions.report, years[0].figure)
            yield rule.finding(
                mentions.passages.place(found.start(), found.end()),
                f"正文写上年为零，「{name}」上年是 {digits(years[0].was)}，"
                f"本年是 {digits(years[0].now)}",
                _way_out(years[0]),
                _related(mentions, years[0]),
            )


def _way_out(years: _Years) -> str:
    """Return the expression to write instead; the rule's own hint where there is no figure."""
    if not years.figure or "+" in years.figure:
        return ""
    return f"改用 {{{{ {years.figure} | 同比({keys.PREVIOUS}.{years.figure}) }}}}，由程序计算"


def _related(mentions: Mentions, years: _Years) -> tuple[Related, ...]:
    previous = mentions.report.previous
    if not years.figure or previous is None:
        return ()
    return (
        operand(mentions.report, years.figure, years.now),
        operand(previous, years.figure, years.was),
    )
