"""Compares the counts that may be figures of the tables with those figures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from generator.form.prose_rules import ProseRule
from generator.judging.prose.accounts import Account, Kind
from generator.judging.prose.mentions import Mentions, label_of, operand
from generator.judging.prose.understanding import Understanding
from generator.values import keys
from generator.values.diagnostics import Diagnostic
from generator.values.numerals import digits


def figures(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Judge every count whose words name figures, by the family of them."""
    for account in read.accounts:
        if account.kind is Kind.FIGURE and account.rule == rule.id:
            finding = _compared(rule, read.mentions, account)
            if finding:
                yield finding


def _compared(rule: ProseRule, mentions: Mentions, account: Account) -> Diagnostic | None:
    count = account.mention.count
    if not count.is_exact:
        return None
    values = family(mentions, account)
    if not values or any(count.agrees(value * account.scale) for value in values.values()):
        return None
    report = mentions.report.previous if account.last_year else mentions.report
    assert report is not None
    nearest = min(values, key=lambda figure: abs(values[figure] * account.scale - count.value))
    prefix, year = (f"{keys.PREVIOUS}.", "上年") if account.last_year else ("", "")
    unit = count.unit if account.scale == 1 else "（以万元计）"
    shown = [f"「{label_of(report, nearest)}」是 {digits(values[nearest])}{unit}"]
    shown += [f"「{label_of(report, f)}」是 {digits(v)}" for f, v in values.items() if f != nearest]
    named = " + ".join(f"{prefix}{one.strip()}" for one in nearest.split("+"))
    return rule.finding(
        mentions.place(account.mention),
        f"正文写的是 {mentions.written(account.mention)}，{year}{'；'.join(shown)}",
        f"改用 {{{{ {named} }}}} 取数，或更正表中的数；{rule.hint}",
        tuple(operand(report, figure, value) for figure, value in values.items()),
    )


def family(mentions: Mentions, account: Account) -> dict[str, Decimal]:
    """Return the known members of an account's family with their values, no value twice."""
    found: dict[str, Decimal] = {}
    for figure in account.figures:
        value = mentions.value(figure, last_year=account.last_year)
        if value is not None and value not in found.values():
            found[figure] = value
    return found
