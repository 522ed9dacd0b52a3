"""Judges what is said in words alone: nothing received, all answered (没有收到申请, 均已办结)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from generator.form.prose_rules import ProseRule
from generator.form.vocabulary import Denial, Senses, Topic, Vocabulary, Word
from generator.judging.prose.mentions import Mentions, label_of, operand
from generator.judging.prose.naming import union
from generator.judging.prose.understanding import Understanding
from generator.values.diagnostics import Diagnostic
from generator.values.numerals import digits

_CLAUSE = re.compile(r"[，,。；;：:（）()！!？?\n]")
_FARTHEST = 60
_ONLY_A_FEW = 2
"""Of what may have a cause of its own (因…无法…), nothing more is passed over."""
_PLAIN = frozenset({"plain", "all"})
_YEARS = frozenset({"last_year", "this_year"})
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
                *_denied(vocabulary, mentions, clause, rule),
                *_all(vocabulary, mentions, words, clause, rule),
            ):
                if (denial.figure, start) in told:
                    continue
                told.add((denial.figure, start))
                years = [w for w in words if w.start < first.start and w.senses & _YEARS]
                year = bool(years) and "last_year" in years[-1].senses
                yield from _judged(
                    rule, mentions, denial, (first, last), vocabulary, last_year=year
                )


def _sentences(mentions: Mentions, vocabulary: Vocabulary) -> Iterator[int]:
    """Yield the numbers of the sentences that hold a word for something that can be denied."""
    seen = -1
    for found in vocabulary.quantifiers.finditer(mentions.text):
        number = bisect_right(mentions.sentence_ends, found.start())
        if number > seen:
            seen = number
            sentence = mentions.text[slice(*mentions.span(number))]
            if any(word in sentence for word in vocabulary.triggers):
                yield number


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
    vocabulary: Vocabulary, mentions: Mentions, clause: list[Word], rule: ProseRule
) -> Iterator[tuple[Denial, Word, Word]]:
    """Yield what a clause denies, from the word that denies to what is denied."""
    at = next((i for i, word in enumerate(clause) if "none" in word.senses), None)
    if at is None or union(clause) & {"elsewhere", "except"} or union(clause[:at]) & {"should"}:
        return
    before, behind = clause[:at], clause[at + 1 :]
    is_before = all(word.senses <= _PLAIN for word in behind) and _ends(mentions, clause)
    said = before if is_before else behind  # 申请量为零
    first = said[0] if is_before and said else clause[at]
    if not said or mentions.between(first.start, clause[-1].end):
        return
    senses = union(clause)
    for denial in vocabulary.none:
        last = next((w for w in reversed(said) if denial.says <= w.senses), None)
        if last is None and not is_before:
            about = next((w for w in reversed(before) if denial.says <= w.senses), None)
            topic = vocabulary.by_topic.get(denial.of)
            if about and topic and said[-1].senses.intersection(topic.columns):
                yield denial, about, said[-1]  # 行政复议零纠错
                continue
        if last is None or senses & denial.unless or last.end - first.end > _FARTHEST:
            continue
        if not is_before and _strange(first, said, last) > _most_strange(denial, senses):
            continue
        answers = rule["answers"] if denial.says != {denial.of} and "cause" not in senses else None
        if not _goes_on(mentions, last, answers):
            yield denial, first, clause[at] if is_before else last


def _most_strange(denial: Denial, senses: Senses) -> int:
    """Return how many characters that no word explains may stand before what is denied."""
    return denial.strange + 10 * ("cause" in senses and denial.strange > _ONLY_A_FEW)


def _ends(mentions: Mentions, clause: list[Word]) -> bool:
    """Whether nothing is said in a clause behind its words."""
    found = _CLAUSE.search(mentions.text, clause[-1].end)
    return not found or found.start() - clause[-1].end <= 1


def _strange(first: Word, behind: Sequence[Word], last: Word) -> int:
    """Count the characters between two words that no word explains."""
    known = sum(word.end - word.start for word in behind if word.end <= last.start)
    return last.start - first.end - known


def _goes_on(mentions: Mentions, last: Word, answers: re.Pattern[str] | None) -> bool:
    """Whether what is denied is only named on the way to something else (申请的投诉).

    ``answers`` are no such thing: who gave no answer of a kind denies the outcome.
    """
    after = mentions.text[last.end : last.end + 6]
    found = re.match(r"(?:的|被)(?!情况|情形|现象|事项|案件|事件)([\u4e00-\u9fff]{1,2})", after)
    return bool(found and not (answers and answers.fullmatch(found[1])))


def _all(
    vocabulary: Vocabulary,
    mentions: Mentions,
    words: Sequence[Word],
    clause: list[Word],
    rule: ProseRule,
) -> Iterator[tuple[Denial, Word, Word]]:
    """Yield what a clause claims of all."""
    at = next((i for i, word in enumerate(clause) if "all" in word.senses), None)
    if at is None or "none" in union(clause) or union(clause[:at]) & _YEARS_AWAY:
        return
    said = union(words)
    for denial in (*vocabulary.all, *vocabulary.some):
        done = [word for word in clause[at:] if denial.says & word.senses]
        if not done or said & denial.unless or {"except", "should"} & said:
            continue
        if mentions.text[done[0].end : done[0].end + 1] in ("的", "率"):
            continue
        last = done[-1]
        before = mentions.between(mentions.sentence(clause[0].start)[0], last.start)
        if denial.but and before and _can_be(mentions, denial.but, before[-1].index):
            continue
        if not _is_topic(vocabulary, mentions, words, denial.of, last):
            continue
        yield denial, clause[0], last


def _can_be(mentions: Mentions, figure: str, index: int) -> bool:
    """Whether as many as a count says can have been done (18件均已办结)."""
    value = mentions.value(figure)
    return value is not None and mentions.all[index].count.value <= value


def _is_topic(
    vocabulary: Vocabulary, mentions: Mentions, words: Sequence[Word], topic: str, last: Word
) -> bool:
    """Whether the topic named nearest before a claim is the one it must be of."""
    names = (*vocabulary.by_topic, "other")
    for word in reversed([w for w in words if w.end <= last.start]):
        for name in names:
            if name in word.senses:
                return name == topic
    found = vocabulary.by_topic.get(topic)
    if mentions.between(words[0].start, last.start):
        return False
    return bool(found and found.bare and last.senses.intersection(found.columns))


def _judged(
    rule: ProseRule,
    mentions: Mentions,
    denial: Denial,
    words: tuple[Word, Word],
    vocabulary: Vocabulary,
    *,
    last_year: bool,
) -> Iterator[Diagnostic]:
    start, end = words[0].start, words[1].end
    topic = vocabulary.by_topic.get(denial.of)
    if topic and not mentions.is_about(topic.context, start):
        return
    if denial in vocabulary.all and last_year:
        return
    figures: tuple[str, ...] = (denial.figure,)
    if topic and denial in vocabulary.none:
        figures = _named(mentions, topic, words, denial) or figures
    values = {f: v for f in figures if (v := mentions.value(f, last_year=last_year)) is not None}
    wants_zero = denial not in vocabulary.some
    if not values or any((value == 0) == wants_zero for value in values.values()):
        return
    report = mentions.report.previous if last_year else mentions.report
    assert report is not None
    figure, value = next(iter(values.items()))
    yield rule.finding(
        mentions.passages.place(start, end),
        f"正文写「{mentions.text[start:end].strip()}」，"
        f"「{label_of(report, figure)}」是 {digits(value)}",
        "",
        (operand(report, figure, value),),
    )


def _named(
    mentions: Mentions, topic: Topic, words: tuple[Word, Word], denial: Denial
) -> tuple[str, ...]:
    """Return the figures of the rows and columns that a denial names, none if it names none."""
    first, last = words
    number = bisect_right(mentions.sentence_ends, first.start)
    end = _CLAUSE.search(mentions.text, last.end)
    said = mentions.words_between(number, first.start, end.start() if end else len(mentions.text))
    senses = union(word for word in said if "none" not in word.senses)
    row = topic.row(senses)
    group = denial.figure.split(f".{topic.total}")[0]
    is_other = row and row.says and denial.says.isdisjoint({*row.says, topic.of})
    if row and is_other and not any(figure.startswith(group) for figure in row.figures):
        return ()  # 无不予公开、无法提供情形
    return topic.expand(row.figures, senses) if row else ()
