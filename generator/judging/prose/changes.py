"""Recomputes what the prose says of changes against last year (较上年增加3件，增长15.8%)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from generator.form.prose_rules import ProseRule
from generator.judging.prose.accounts import Account, Kind, is_rate
from generator.judging.prose.mentions import Mentions, label_of, operand
from generator.judging.prose.numerals import PERCENT, TIMES
from generator.judging.prose.understanding import Understanding
from generator.values import keys
from generator.values.diagnostics import Diagnostic, Related
from generator.values.numerals import digits


@dataclass(frozen=True, slots=True)
class _Years:
    """A figure of this and last year in single units; ``figure`` is empty when only inferred."""

    now: Decimal
    was: Decimal
    figure: str = ""


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
    for figure in account.figures:
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
    return [each for each in near if each.kind is Kind.CHANGE and each.of is account.of]


def _last_year(rule: ProseRule, mentions: Mentions, account: Account) -> Iterator[Diagnostic]:
    """Judge 「663件（上年629件）」."""
    count, of = account.mention.count, account.of
    assert of is not None
    years = _years(mentions, of)
    if not years or not count.is_exact or count.unit not in ("", of.mention.count.unit):
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
    said = "" if rises is None else "增加" if rises else "减少"
    yield rule.finding(
        mentions.place(account.mention),
        f"正文写{said} {mentions.written(account.mention)}，"
        f"由 {digits(years.was)} 到 {digits(years.now)} {_is_so(account, years)}",
        _way_out(years),
        _related(mentions, years),
    )


def _multiple(rule: ProseRule, mentions: Mentions, account: Account) -> Iterator[Diagnostic]:
    """Judge 「是上年的 N 倍」."""
    count, of = account.mention.count, account.of
    assert of is not None
    choices = [years for years in _years(mentions, of) if years.was > 0]
    if not choices or not count.is_exact or any(count.agrees(y.now / y.was) for y in choices):
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
    if is_rate(account):
        return years.was != 0
    return bool(years.figure) and account.of is not None


def _holds(account: Account, years: _Years, rises: bool | None) -> bool:
    count = account.mention.count
    if rises is not None and years.now != years.was and (years.now > years.was) != rises:
        return False
    right = _right(account, years)
    if not count.is_exact:
        return years.now != years.was
    if is_rate(account):
        value = count.value * 100 if count.unit == TIMES else count.value
        step = Decimal(1).scaleb(-count.decimals) * (100 if count.unit == TIMES else 1)
        return abs(value - right) < (step if count.unit == PERCENT else step / 2)
    return count.agrees(right)


def _right(account: Account, years: _Years) -> Decimal:
    difference = abs(years.now - years.was)
    return difference * 100 / years.was if is_rate(account) else difference


def _is_so(account: Account, years: _Years) -> str:
    if years.now == years.was:
        return "是持平"
    right = _right(account, years)
    shown = f"{right:.1f}%" if is_rate(account) else f"{right:f}{account.mention.count.unit}"
    return f"应是{'增加' if years.now > years.was else '减少'} {shown}"


def _inferred(of: Account, together: list[Account]) -> list[_Years]:
    """Work last year's value out from a count and its own change, to check the percentage."""
    base = of.mention.count
    for each in together:
        change = each.mention.count
        if not is_rate(each) and change.unit == base.unit and each.rises is not None:
            if not (base.is_exact and change.is_exact):
                return []
            was = base.value - change.value if each.rises else base.value + change.value
            return [_Years(base.value, was)]
    return []


def _stated(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Judge 「3件，与上年持平」 and 「3件，上年为0」: what is said in words of a count."""
    mentions = read.mentions
    for pattern, says, holds in (
        (rule["same"], "与上年持平", _is_same),
        (rule["from_zero"], "上年为零", _is_from_zero),
    ):
        for found in pattern.finditer(mentions.text):
            before = mentions.between(mentions.sentence(found.start())[0], found.start())
            subject = read.accounts[before[-1].index] if before else None
            if subject is None or mentions.passages.is_computed(found.start(), found.end()):
                continue
            between = mentions.text[subject.mention.count.end : found.start()]
            if len(between.strip("，,（( ")) > 2:
                continue
            years = _years(mentions, subject) if subject.kind is not Kind.CHANGE else []
            if years and not any(holds(each) for each in years):
                name = label_of(mentions.report, years[0].figure)
                yield rule.finding(
                    mentions.passages.place(found.start(), found.end()),
                    f"正文写{says}，「{name}」上年是 {digits(years[0].was)}，"
                    f"本年是 {digits(years[0].now)}",
                    _way_out(years[0]),
                    _related(mentions, years[0]),
                )


def _is_same(years: _Years) -> bool:
    return years.now == years.was


def _is_from_zero(years: _Years) -> bool:
    return years.was == 0


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
