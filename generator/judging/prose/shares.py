"""Recomputes shares (占44.4%) and rates (办结率90%)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from generator.form.prose_rules import ProseRule
from generator.judging.prose.accounts import Account, Kind
from generator.judging.prose.against_tables import family
from generator.judging.prose.mentions import label_of, operand
from generator.judging.prose.numerals import PERCENT, TIMES, Count
from generator.judging.prose.understanding import Understanding
from generator.values.diagnostics import Diagnostic
from generator.values.numerals import digits

_FARTHEST = 12
"""Mentions before and behind a share among which its whole is looked for."""


def shares(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Judge every share whose part is known by every whole that it may be of."""
    for account in read.accounts:
        of = account.of
        if account.kind is not Kind.SHARE or of is None or account.mention.computed:
            continue
        parts = _parts(read, of)
        if _is_of_several(read, account):
            parts = [_added(read, account)]
        wholes = _wholes(read, account, of)
        count = account.mention.count
        most = 1 if count.unit == PERCENT else count.value * 10
        choices = [(p, w) for p in parts for w in wholes if w > 0 and p <= w * most]
        if not choices or any(_is(count, p, w) for p, w in choices):
            continue
        nearest = min(choices, key=lambda c: abs(c[0] * 100 / c[1] - count.value))
        part, whole = choices[0] if account.wholes else nearest
        yield rule.finding(
            read.mentions.place(account.mention),
            f"正文写的是 {read.mentions.written(account.mention)}，"
            f"{digits(part)} {_to(count, part, whole)}",
        )


def rates(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Judge every rate by the figures that it is made of."""
    mentions = read.mentions
    for account in read.accounts:
        count = account.mention.count
        if account.kind is not Kind.RATE or account.mention.computed:
            continue
        (figure,) = account.figures
        part = account.value(mentions, figure)
        wholes = {f: v for f in account.wholes if (v := account.value(mentions, f))}
        if part is None or not wholes or any(_is(count, part, w) for w in wholes.values()):
            continue
        name, whole = next(iter(wholes.items()))
        report = read.report.previous if account.last_year else read.report
        assert report is not None
        yield rule.finding(
            mentions.place(account.mention),
            f"正文写的是 {mentions.written(account.mention)}，"
            f"按「{label_of(report, figure)}」{digits(part)} "
            f"和「{label_of(report, name)}」{digits(whole)}，应是 {part * 100 / whole:.1f}%",
            "",
            (operand(report, figure, part), operand(report, name, whole)),
        )


def _is(count: Count, part: Decimal, whole: Decimal) -> bool:
    """Whether a share is right; it may be rounded or cut off at its last digit."""
    times = 1 if count.unit == TIMES else 100
    if not count.is_exact:
        return count.agrees(part * times / whole)
    return abs(count.value - part * times / whole) < Decimal(1).scaleb(-count.decimals)


def _is_of_several(read: Understanding, account: Account) -> bool:
    """Whether a share is of the counts before it together (二者合计占51.7%)."""
    mention = account.mention
    words = read.mentions.words_between(mention.sentence, mention.open, mention.count.start)
    return any("together" in word.senses for word in words)


def _added(read: Understanding, account: Account) -> Decimal:
    """Return the sum of the last counts of one unit before a share."""
    index = account.mention.index
    before = [each.mention for each in read.accounts[max(0, index - 2) : index]]
    return sum((m.count.value for m in before if m.count.unit == before[-1].count.unit), Decimal(0))


def _is_whole_before(other: Account, share: Account) -> bool:
    """Whether a count may be the whole of a share whose part is only named behind it."""
    one, two = other.mention, share.mention
    told = other.kind is Kind.FIGURE and other.topic == share.topic
    return told and one.index < two.index and one.sentence == two.sentence


def _to(count: Count, part: Decimal, whole: Decimal) -> str:
    if count.unit == TIMES:
        return f"是 {digits(whole)} 的 {part / whole:.2f} 倍"
    return f"占 {digits(whole)} 是 {part * 100 / whole:.1f}%"


def _parts(read: Understanding, of: Account) -> list[Decimal]:
    """Return what a share may be the share of: the count itself, or the figures named."""
    if of.mention.count.unit and of.mention.count.unit not in (PERCENT, TIMES):
        return [of.mention.count.value] if of.mention.count.is_exact else []
    return list(family(read.mentions, of).values())


def _wholes(read: Understanding, account: Account, of: Account) -> list[Decimal]:
    found = [v for f in account.wholes if (v := read.mentions.value(f)) is not None]
    index = account.mention.index
    here = read.mentions.paragraph(account.mention.count.start)
    siblings = Decimal(0)
    for other in read.accounts[max(0, index - _FARTHEST) : index + _FARTHEST]:
        count = other.mention.count
        if other is of or not count.is_exact:
            continue
        if of.mention is account.mention and _is_whole_before(other, account):
            found.append(count.value)  # 不予处理的25件里，重复申请占20%
        if count.unit != of.mention.count.unit:
            continue
        if read.mentions.paragraph(count.start) == here and other.kind is not Kind.CHANGE:
            found.append(count.value)
            if other.mention.sentence == account.mention.sentence:
                siblings += count.value
    if found and siblings:
        found.append(siblings + of.mention.count.value)
    return found
