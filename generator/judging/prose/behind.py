"""Judges what the clause behind a count says of all of it: 5件，均来自企业; 1件，法院维持."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.form.prose_rules import ProseRule
from generator.form.vocabulary import Senses, Topic, Vocabulary
from generator.judging.prose.accounts import Account, Kind
from generator.judging.prose.mentions import Mentions, label_of, operand
from generator.judging.prose.naming import YEARS, union
from generator.judging.prose.understanding import Understanding
from generator.values.diagnostics import Diagnostic
from generator.values.numerals import digits

_CLAUSE = re.compile(r"[^，,。；;：:（）()！!？?\n]{2,24}(?=[，,。；;）)！!\n]|\Z)")
_OR = "或"
_SAYS_ELSE = frozenset(
    {"none", "except", "should", "other", "elsewhere", "rest", "among", "against", "than"}
    | {"more", "less", "share", "respectively", "from", *YEARS}
)


def behind_counts(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Judge every figure's count behind which something is said of all that were counted."""
    vocabulary = read.report.form.vocabulary
    if vocabulary is None:
        return
    for account in read.accounts:
        if account.kind is not Kind.FIGURE or account.last_year or account.both_years:
            continue
        clause = _clause_behind(read.mentions, account)
        if clause and (finding := _judged(rule, read.mentions, vocabulary, account, clause)):
            yield finding


def _clause_behind(mentions: Mentions, account: Account) -> re.Match[str] | None:
    """Return the clause right behind a count's own, where no other count stands in it."""
    tail = account.mention.tail
    if mentions.text[tail : tail + 1] not in ("，", ","):
        return None
    clause = _CLAUSE.match(mentions.text, tail + 1)
    return clause if clause and not mentions.between(clause.start(), clause.end()) else None


def _judged(
    rule: ProseRule,
    mentions: Mentions,
    vocabulary: Vocabulary,
    account: Account,
    clause: re.Match[str],
) -> Diagnostic | None:
    """Compare a count with the figure of what is said of all of it: that can be no smaller."""
    mention, count = account.mention, account.mention.count
    said = union(mentions.words_between(mention.sentence, clause.start(), clause.end()))
    if _OR in clause[0]:
        return None
    if said & _SAYS_ELSE or not ("all" in said or count.value == 1) or not count.is_exact:
        return None
    own = union(mentions.words_between(mention.sentence, mention.lead, clause.start()))
    figures = _figures(vocabulary.by_topic[account.topic], own, said)
    values = {f: v for f in figures if (v := mentions.value(f)) is not None}
    if not values or any(value >= count.value for value in values.values()):
        return None
    figure, value = next(iter(values.items()))
    return rule.finding(
        mentions.passages.place(count.start, clause.end()),
        f"正文写 {mentions.written(mention)}，{clause[0].strip()}；"
        f"「{label_of(mentions.report, figure)}」是 {digits(value)}",
        "",
        (operand(mentions.report, figure, value),),
    )


def _figures(topic: Topic, own: Senses, said: Senses) -> tuple[str, ...]:
    """Return the figures that a clause names of a count's topic, none where it names no one."""
    row = topic.row(own | said)
    narrows = row is not None and bool(row.says & said) and len(row.figures) == 1 and not row.whole
    if row is None or not (narrows or said.intersection(topic.columns)):
        return ()
    return topic.expand(row.figures, own | said)
