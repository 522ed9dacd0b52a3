"""Lists the counts that nothing in a report confirms.

A count is confirmed when an expression computed it, when it names a figure of the tables, when it
is part of a sum that comes out, or when it is a change that can be recomputed.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.form.prose_rules import ProseRule
from generator.judging.prose.accounts import Account, Kind
from generator.judging.prose.sums import sums_of
from generator.judging.prose.understanding import Understanding
from generator.values.diagnostics import Diagnostic


def unchecked(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """List the counts that are left over."""
    mentions = read.mentions
    added = set(_added_up(read))
    for account in read.accounts:
        mention = account.mention
        if mention.count.value == 0 or mention.index in added or _is_confirmed(account, read):
            continue
        about = "" if mention.count.is_exact else "（约数）"
        message = f"「{mentions.written(mention)}」{about}没有表中的数可以核对"
        yield rule.finding(mentions.place(mention), message)


def _added_up(read: Understanding) -> Iterator[int]:
    for rule in read.report.form.prose_rules:
        if rule.kind == "sums":
            for each in sums_of(rule, read):
                if each.comes_out:
                    yield from (a.mention.index for a in (each.whole, *each.parts))


def _is_confirmed(account: Account, read: Understanding) -> bool:
    """Whether the tables of this or last year say what a count ought to be."""
    if account.mention.computed:
        return True
    if account.kind is Kind.FIGURE:
        return any(account.value(read.mentions, f) is not None for f in account.figures)
    of = account.of
    if account.kind in (Kind.CHANGE, Kind.BEFORE) and of is not None:
        return any(read.mentions.value(f, last_year=True) is not None for f in of.figures)
    return account.kind in (Kind.SHARE, Kind.RATE)
