"""Judges what is said in words alone: nothing received, all answered (没有收到申请, 均已办结)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from generator.form.prose_rules import ProseRule
from generator.form.vocabulary import Denial, Senses, Vocabulary, Word
from generator.judging.prose.mentions import Mentions, label_of, operand
from generator.judging.prose.understanding import Understanding
from generator.values.diagnostics import Diagnostic
from generator.values.numerals import digits

_CLAUSE = re.compile(r"[，,。；;：:（）()！!？?\n]")
_MOST_STRANGE = 6
"""Characters that no word explains between a denial and what it denies."""
_YEARS_AWAY = frozenset({"elsewhere", "should"})


def claims(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Judge every denial, and every claim of completeness, by the figure it speaks of."""
    vocabulary = read.report.form.vocabulary
    if vocabulary is None:
        return
    mentions = read.mentions
    told: set[tuple[str, int]] = set()
    for sentence in _sentences(mentions, vocabulary):
        words = mentions.words(sentence)
        for start, clause in _clauses(mentions, words):
            for denial, first, last in (
                *_denied(vocabulary, mentions, clause),
                *_all(vocabulary, mentions, words, clause, rule),
            ):
                if (denial.figure, start) in told:
                    continue
                told.add((denial.figure, start))
                year = any("last_year" in word.senses for word in words if word.start < first.start)
                yield from _judged(
                    rule, mentions, denial, (first, last), vocabulary, last_year=year
                )


def _sentences(mentions: Mentions, vocabulary: Vocabulary) -> Iterator[int]:
    """Yield the numbers of the sentences that hold a word for something that can be denied."""
    seen = -1
    for found in _pattern(vocabulary.triggers).finditer(mentions.text):
        number = bisect_right(mentions.sentence_ends, found.start())
        if number > seen:
            seen = number
            if _pattern(vocabulary.quantifiers).search(mentions.text, *mentions.span(number)):
                yield number


@lru_cache(maxsize=8)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)))


def _clauses(mentions: Mentions, words: Sequence[Word]) -> Iterator[tuple[int, list[Word]]]:
    """Yield the words of every clause of a sentence."""
    clause: list[Word] = []
    for word in words:
        if clause and _CLAUSE.search(mentions.text, clause[-1].end, word.start):
            yield clause[0].start, clause
            clause = []
        clause.append(word)
    if clause:
        yield clause[0].start, clause


def _denied(
    vocabulary: Vocabulary, mentions: Mentions, clause: list[Word]
) -> Iterator[tuple[Denial, Word, Word]]:
    """Yield what a clause denies, from the word that denies to what is denied."""
    at = next((i for i, word in enumerate(clause) if "none" in word.senses), None)
    if at is None or _union(clause) & _YEARS_AWAY:
        return
    behind = clause[at + 1 :]
    end = _CLAUSE.search(mentions.text, clause[at].end)
    if not behind and (not end or end.start() - clause[at].end <= 1):
        behind = clause[:at]  # 申请量为零
        first = behind[0] if behind else clause[at]
    else:
        first = clause[at]
    if not behind or mentions.between(first.start, behind[-1].end):
        return
    senses = _union(clause)
    for denial in vocabulary.none:
        last = next((w for w in reversed(behind) if denial.says <= w.senses), None)
        if last is None or senses & denial.unless:
            continue
        if behind is not clause[:at] and _strange(first, behind, last) > _MOST_STRANGE + 10 * bool(
            {"cause"} & senses
        ):
            continue
        if last.end - first.start > 60 or _goes_on(mentions, last):
            continue
        yield denial, first, last if first.start < last.start else clause[at]


def _strange(first: Word, behind: Sequence[Word], last: Word) -> int:
    """Count the characters between two words that no word explains."""
    known = sum(word.end - word.start for word in behind if word.end <= last.start)
    return last.start - first.end - known


def _goes_on(mentions: Mentions, last: Word) -> bool:
    """Whether what is denied is only named on the way to something else (申请的投诉)."""
    after = mentions.text[last.end : last.end + 6]
    return bool(re.match(r"(?:的|被)(?!情况|情形|现象|事项|案件|事件)[\u4e00-\u9fff]", after))


def _all(
    vocabulary: Vocabulary,
    mentions: Mentions,
    words: Sequence[Word],
    clause: list[Word],
    rule: ProseRule,
) -> Iterator[tuple[Denial, Word, Word]]:
    """Yield what a clause claims of all."""
    at = next((i for i, word in enumerate(clause) if "all" in word.senses), None)
    if at is None or "none" in _union(clause) or _union(clause[:at]) & _YEARS_AWAY:
        return
    said = _union(words)
    for denial in (*vocabulary.all, *vocabulary.some):
        done = [word for word in clause[at:] if denial.says & word.senses]
        if not done or said & denial.unless or {"except", "should"} & said:
            continue
        if mentions.text[done[0].end : done[0].end + 1] in ("的", "率"):
            continue
        last = done[-1]
        before = mentions.between(mentions.sentence(clause[0].start)[0], last.start)
        if denial.but and before and _agrees(mentions, denial.but, before[-1].index):
            continue
        if not _is_topic(vocabulary, mentions, words, denial.of, last):
            continue
        yield denial, clause[0], last


def _agrees(mentions: Mentions, figure: str, index: int) -> bool:
    value = mentions.value(figure)
    return value is not None and mentions.all[index].count.agrees(value)


def _is_topic(
    vocabulary: Vocabulary, mentions: Mentions, words: Sequence[Word], topic: str, last: Word
) -> bool:
    """Whether the topic named nearest before a claim is the one it must be of."""
    names = (*vocabulary.by_topic, "other")
    for word in reversed([w for w in words if w.end <= last.start]):
        for name in names:
            if name in word.senses:
                return name == topic
    return False


def _judged(
    rule: ProseRule,
    mentions: Mentions,
    denial: Denial,
    words: tuple[Word, Word],
    vocabulary: Vocabulary,
    *,
    last_year: bool,
) -> Iterator[Diagnostic]:
    value = mentions.value(denial.figure, last_year=last_year)
    start, end = words[0].start, words[1].end
    topic = vocabulary.by_topic.get(next(iter(denial.says)))
    if value is None or (value == 0) == (denial not in vocabulary.some):
        return
    if denial in vocabulary.all and last_year:
        return
    if topic and not mentions.is_about(topic.context, start):
        return
    report = mentions.report.previous if last_year else mentions.report
    assert report is not None
    label = label_of(report, denial.figure)
    yield rule.finding(
        mentions.passages.place(start, end),
        f"正文写「{mentions.text[start:end].strip()}」，「{label}」是 {digits(value)}",
        "",
        (operand(report, denial.figure, value),),
    )


def _union(words: Sequence[Word]) -> Senses:
    return frozenset().union(*(word.senses for word in words))
