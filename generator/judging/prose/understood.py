"""Tells what a rule understood of a report's prose: the sentence, the count, what it may be.

The answer to a clerk's question "why this?"; the judges look at the same accounts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.judging.prose.accounts import Account, Kind
from generator.judging.prose.mentions import label_of
from generator.judging.prose.understanding import Understanding, understand
from generator.report.narrative import Prose
from generator.report.report import Report
from generator.values.diagnostics import KeyPath
from generator.values.numerals import digits

_LONGEST = 60
_KINDS = {
    "changes": (Kind.CHANGE, Kind.BEFORE, Kind.MULTIPLE),
    "shares": (Kind.SHARE,),
    "statements": (Kind.RATE,),
}
_SAID = {
    Kind.CHANGE: "与上年相比的变化",
    Kind.BEFORE: "上年的数",
    Kind.MULTIPLE: "上年的倍数",
    Kind.SHARE: "占比",
    Kind.RATE: "比率",
}


def understood(code: str, report: Report, prose: Mapping[KeyPath, Prose]) -> Iterator[str]:
    """Yield, for every count that a rule judges, its sentence and what it was taken for."""
    rule = next((rule for rule in report.form.prose_rules if rule.id == code), None)
    read = understand(report, prose) if rule else None
    if rule is None or read is None:
        return
    for account in read.accounts:
        if account.rule == code or account.kind in _KINDS.get(rule.kind, ()):
            yield from _told(read, account)


def _told(read: Understanding, account: Account) -> Iterator[str]:
    mentions, mention = read.mentions, account.mention
    start, end = mentions.span(mention.sentence)
    start = max(start, mention.count.start - _LONGEST)
    end = min(end, mention.count.end + _LONGEST // 2)
    line = read.report.locate(mentions.place(mention)).line
    yield f"  第 {line} 行：{read.passages.text[start:end].strip()}"
    yield f"    「{mentions.written(mention)}」看作{_SAID.get(account.kind, '表中的数')}"
    fits = account.fitting(mentions) if account.kind is Kind.FIGURE else ""
    known = account if account.kind in (Kind.FIGURE, Kind.RATE) else account.of
    if known is None:
        return
    years = (False, True) if account.kind in _KINDS["changes"] else (known.last_year,)
    for figure in known.figures:
        for last_year in years:
            value = mentions.value(figure, last_year=last_year)
            if value is None:
                continue
            year = "上年" if last_year else ""
            mark = " ✓" if figure == fits else ""
            yield f"      {year}「{label_of(read.report, figure)}」{digits(value)}{mark}"
