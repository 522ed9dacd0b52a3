"""Compares the counts that may be figures of the tables with those figures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from generator.form.prose_rules import ProseRule
from generator.judging.prose.accounts import Account, Kind
from generator.judging.prose.mentions import Mentions, label_of, operand
from generator.judging.prose.understanding import Understanding
from generator.values import keys
from generator.values.diagnostics import Diagnostic
from generator.values.numerals import digits


def figures(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Judge every count whose words name figures, by the family of them."""
    own = [account for account in read.accounts if account.rule == rule.id]
    parts_told = _parts_told(read.mentions, own)
    for account in own:
        if account.kind is Kind.FIGURE and account not in parts_told:
            finding = _compared(rule, read.mentions, account)
            if finding:
                yield finding
    parts = [account for account in own if account.kind is Kind.PART]
    for _, group in groupby(parts, key=lambda part: (part.mention.sentence, part.figures)):
        yield from _parts(rule, read.mentions, list(group))


def _parts_told(mentions: Mentions, accounts: list[Account]) -> set[Account]:
    """Return the counts of a sentence that make up one before them, which is a figure.

    「答复18件，其中书面答复15件，口头答复3件」: parts that no table has, and they add up.
    """
    found: set[Account] = set()
    for _, group in groupby(accounts, key=lambda account: account.mention.sentence):
        whole, left, parts = None, Decimal(0), list[Account]()
        for account in group:
            if account.kind not in (Kind.FIGURE, Kind.PART):
                continue
            if account.kind is Kind.FIGURE and account.fitting(mentions):
                whole, left, parts = account, account.mention.count.value, []
            elif whole and set(account.figures) & set(whole.figures):
                left -= account.mention.count.value
                parts.append(account)
                found.update(parts if left == 0 and len(parts) > 1 else ())
    return found


def _parts(rule: ProseRule, mentions: Mentions, parts: list[Account]) -> Iterator[Diagnostic]:
    """Judge parts that the tables do not have (网上11件，信函19件): not more than their whole."""
    parts = [part for part in parts if part.mention.count.is_exact and not part.mention.bracketed]
    values = family(mentions, parts[0]) if parts else {}
    added = sum((part.mention.count.value for part in parts), Decimal(0))
    if not values or added <= max(values.values()):
        return
    figure = max(values, key=lambda figure: values[figure])
    terms = " + ".join(digits(part.mention.count.value) for part in parts)
    yield rule.finding(
        mentions.place(parts[-1].mention),
        f"正文写的各部分 {terms}{f' = {digits(added)}' if len(parts) > 1 else ''}，"
        f"超过「{label_of(mentions.report, figure)}」{digits(values[figure])}",
        rule.hint,
        (operand(mentions.report, figure, values[figure]),),
    )


def _compared(rule: ProseRule, mentions: Mentions, account: Account) -> Diagnostic | None:
    count = account.mention.count
    values = family(mentions, account)
    if not values or any(count.agrees(value * account.scale) for value in values.values()):
        return None
    report = mentions.report.previous if account.last_year else mentions.report
    assert report is not None
    nearest = min(values, key=lambda figure: abs(values[figure] * account.scale - count.value))
    prefix, year = (f"{keys.PREVIOUS}.", "上年") if account.last_year else ("", "")
    year = "两年合计" if account.both_years else year
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
        value = account.value(mentions, figure)
        if value is not None and value not in found.values():
            found[figure] = value
    return found
