"""Settles what every mention is, in one pass over the mentions of a report, sentence by sentence.

The words around a mention name a topic and, within it, a row and columns; what a mention leaves
unsaid it takes over from those before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby, takewhile

from generator.form.vocabulary import Senses, Topic, Vocabulary, Word
from generator.judging.prose.accounts import Account, Kind
from generator.judging.prose.comparing import Comparing
from generator.judging.prose.mentions import Mention, Mentions
from generator.judging.prose.naming import UNKNOWN, YEARS, Frame, Naming, is_han, union
from generator.judging.prose.numerals import PERCENT, TIMES

_EXPRESSION = re.compile(r"\{\{\s*([^\s|}]+)\s*(?:\||\}\})")
_SUBJECTS = (Kind.COMPUTED, Kind.FIGURE, Kind.PART, Kind.LOOSE, Kind.ELSEWHERE)
_RATE = re.compile(r"([\u4e00-\u9fff]{2})率(?:为|达到|达|是)?\Z")
_TOTAL = frozenset({"whole", "this_year", "last_year", "both_years", "among", "joins"})
_MOST = 300
"""Counts of one sentence that are read; what has more is no sentence."""
_NEAR = 6
_FARTHEST = 6
"""Characters between a share and the word for what it is a share of (三成的信息公开申请)."""


def settle(mentions: Mentions) -> list[Account]:
    """Return an account of every mention, in their order."""
    if mentions.vocabulary is None:
        return [Account(mention, Kind.LOOSE) for mention in mentions.all]
    return list(_Settling(mentions, mentions.vocabulary).run())


class _Settling:
    """One pass over the mentions of a report."""

    def __init__(self, mentions: Mentions, vocabulary: Vocabulary) -> None:
        self.mentions = mentions
        self.vocabulary = vocabulary
        self.naming = Naming(mentions, vocabulary)
        self.comparing = Comparing(self.naming)

    def run(self) -> Iterator[Account]:
        frame, paragraph = Frame(), -1
        for _, group in groupby(self.mentions.all, key=lambda mention: mention.sentence):
            mentions = list(group)
            here = self.mentions.paragraph(mentions[0].count.start)
            kept = frame if here == paragraph else Frame()
            frame = Frame(kept.topic, kept.row, subject=kept.subject, taken_over=True)
            paragraph = here
            if all(mention.computed for mention in mentions):
                yield from map(self.computed, mentions)  # nothing in it is to be judged
                continue
            for mention in mentions[:_MOST]:
                account = self.account(mention, frame)
                _remember(account, frame)
                yield account
            for mention in mentions[_MOST:]:
                yield Account(mention, Kind.LOOSE)

    def account(self, mention: Mention, frame: Frame) -> Account:
        """Settle one mention."""
        if frame.outer and not mention.bracketed:
            frame.subject, frame.outer = frame.outer, None
        opened = self.naming.words(mention, mention.open, mention.count.start)
        self.comparing.begin(opened, frame)
        self.begin(opened, frame)
        if portions := self.naming.portions(mention, opened):
            at = next(i for i, word in enumerate(opened) if "respectively" in word.senses)
            frame.portions, opened = portions, opened[at + 1 :]
        if frame.portions:
            portion = frame.portions.pop(0)
            if frame.of_each and not opened:  # 分别比上年增加3件、4件
                return self.comparing.changed(mention, portion, frame, rises=frame.of_each.rises)
            opened = [*portion, *opened]
        frame.listed |= mention.bracketed or any("among" in word.senses for word in opened)
        change = self.comparing.change(mention, opened, frame)
        if change is not None:
            if frame.portions and change.kind is Kind.CHANGE:
                frame.of_each = change
            return change
        if mention.count.unit in (PERCENT, TIMES):
            return self.percentage(mention, opened, frame)
        return self.figure(mention, opened, frame)

    def begin(self, opened: list[Word], frame: Frame) -> None:
        """Drop what the sentence before was about, unless this one goes on with its parts."""
        goes_on = any(word.senses & {"among", "rest"} for word in opened)
        if frame.taken_over and not goes_on and frame.topic != self.naming.bare:
            frame.topic = UNKNOWN if frame.topic else ""
            frame.row = None
        frame.taken_over = False

    # Shares

    def percentage(self, mention: Mention, opened: list[Word], frame: Frame) -> Account:
        """Settle what a percentage, or a multiple, is a share of."""
        senses = union(opened)
        topic = self.naming.topic_of(opened, [], frame.topic)
        frame.topic = topic
        for rate in self.vocabulary.rates:
            named = topic == rate.of if rate.of else self.naming.is_bare(topic, mention)
            if rate.sense in senses and named and not self.is_strange(opened, rate.sense):
                year = _year_of(mention, opened, frame)
                if year == "elsewhere":
                    break
                rated = Account(mention, Kind.RATE, figures=rate.part, wholes=rate.whole)
                return self.of_year(rated, year)
        by = "share" if mention.count.unit == PERCENT else "times_of"
        at = next((i for i, word in enumerate(opened) if by in word.senses), None)
        if at is None and (behind := self.words_behind_last(mention)):
            at = next((i for i, word in enumerate(behind) if by in word.senses), None)
            opened = behind[at:] if at is not None else opened
            at = at and 0  # 62件企业申请占新收的19%
        if at is None:
            return self.told_rate(mention, frame) or self.share_of_what_follows(mention, frame)
        part = self.naming.named(opened[:at], mention, frame) or frame.subject
        whole = self.naming.named(opened[at + 1 :], mention, frame)
        said = union(opened[at + 1 :])
        if part and whole and whole.topic not in (part.topic, *said) and "whole" not in said:
            whole = None  # 占已审结案件的: of something that nothing here names
        if part is None or (mention.count.unit == TIMES and not whole):
            return Account(mention, Kind.LOOSE)
        return self.share(mention, part, whole, frame)

    def words_behind_last(self, mention: Mention) -> list[Word]:
        """Return the words between a percentage and the count before it, if that has them all."""
        last = self.mentions.all[mention.index - 1] if mention.index else None
        if last is None or last.tail != mention.count.start or last.sentence != mention.sentence:
            return []
        return self.naming.words(mention, last.count.end, mention.count.start)

    def is_strange(self, opened: list[Word], rate: str) -> bool:
        """Whether a rate is another thing's (承诺件办结率): something unknown stands before it."""
        at = next(i for i, word in enumerate(opened) if rate in word.senses)
        start = opened[at].start
        known = at > 0 and opened[at - 1].end == start
        return not known and is_han(self.mentions.text[start - 1 : start])

    def told_rate(self, mention: Mention, frame: Frame) -> Account | None:
        """Settle 「征集86条，采纳62条，采纳率72.1%」: the count that the rate is named after."""
        text = self.mentions.text
        found = _RATE.search(text, max(0, mention.count.start - 12), mention.count.start)
        # What is told first is what a rate is of, or there is nothing that it is of.
        for part in frame.told[1:][-_NEAR:] if found else ():
            if found and found[1] in text[part.mention.lead : part.mention.count.start]:
                return Account(mention, Kind.SHARE, of=part)
        return None

    def share_of_what_follows(self, mention: Mention, frame: Frame) -> Account:
        """Settle 「三分之一的申请由企业提出」: the whole and its part behind the share."""
        naming, end = self.naming, mention.count.end
        loose = Account(mention, Kind.LOOSE)
        behind = naming.words(mention, end, mention.tail)
        if self.mentions.text[end : end + 1] != "的" and not (behind and behind[0].start == end):
            return loose
        at = next((i for i, word in enumerate(behind) if self.begins_whole(word)), None)
        if at is None or behind[at].start - end > _FARTHEST:
            return loose
        part = naming.named(behind[at:], mention, frame)
        whole = naming.named(behind[at : at + 1], mention, frame)
        if part is None or whole is None or part.figures == whole.figures:
            return loose
        return self.share(mention, part, whole, frame)

    def begins_whole(self, word: Word) -> bool:
        """Whether a word names a topic, or a row of the one that reports are about (答复)."""
        naming = self.naming
        return bool(word.senses.intersection(naming.topics)) or naming.is_said(
            naming.bare, word.senses
        )

    def share(
        self, mention: Mention, part: Account, whole: Account | None, frame: Frame
    ) -> Account:
        """Return the account of a share of ``part`` in ``whole``, or in what it belongs to."""
        wholes = whole.figures if whole else ()
        subject = self.vocabulary.by_topic.get(part.topic)
        if subject and not wholes:
            rows = [subject.rows[-1], *([frame.row] if frame.row else [])]
            wholes = tuple(f for row in rows for f in subject.expand(row.figures, frozenset()))
        return Account(mention, Kind.SHARE, of=part, wholes=wholes, topic=part.topic)

    # Figures

    def figure(self, mention: Mention, opened: list[Word], frame: Frame) -> Account:
        """Settle which figures of the tables a count may be."""
        naming = self.naming
        lead = [word for word in opened if word.start >= mention.lead]
        behind = naming.words(mention, mention.count.end, mention.tail)
        if "或" in self.mentions.text[mention.count.end : mention.tail]:  # 20件均已答复或结转
            behind = list(takewhile(lambda word: "all" not in word.senses, behind))
        words = [*lead, *behind]
        if any("average" in word.senses for word in lead):
            return Account(mention, Kind.AVERAGE)
        topic = naming.topic_of(lead, behind, frame.topic)
        if naming.says_something(words, topic):
            topic = topic or naming.topic_of(opened, behind, "")
        elif naming.is_among_unknown(mention, lead):
            return Account(mention, Kind.LOOSE)
        else:
            words = [*opened, *behind]
            topic = naming.topic_of(opened, behind, frame.topic)
        year = _year_of(mention, opened, frame)
        said = topic == "other" or any(topic in word.senses for word in words)
        frame.topic = topic or frame.topic
        if mention.computed:
            return self.computed(mention, topic)
        found = self.vocabulary.by_topic.get(topic or naming.bare)
        if topic == "other" or found is None:
            return Account(mention, Kind.LOOSE, topic=topic)
        senses = union(naming.without_examples(words))
        if excepted := naming.excepted(mention, lead, found):
            return excepted
        last = frame.told[-1] if frame.told and not opened else None
        if last and last.kind is Kind.ELSEWHERE and last.mention.tail == mention.count.start:
            return Account(mention, Kind.ELSEWHERE, topic=topic)  # 一名申请人先后提出3件
        if year == "elsewhere" or naming.is_elsewhere(mention, opened, senses, found):
            frame.foreign = found.of if senses & found.unless else ""
            return Account(mention, Kind.ELSEWHERE, topic=topic)
        if frame.foreign == found.of and not said:
            return Account(mention, Kind.ELSEWHERE, topic=topic)  # 工伤认定复议8件，维持7件
        frame.foreign = ""
        loose = Account(mention, Kind.LOOSE, topic=topic)
        if naming.is_of_unknown(mention, opened, found):
            return loose
        if not naming.counts_cases(mention, found, behind, said=said):
            return loose
        row = naming.row(found, senses)
        says = row.says if row else frozenset()
        if says.intersection(YEARS):
            year = frame.year = ""  # the year belongs to the row's own name
        if union(lead) & {"more", "less"} and not says:
            return loose  # a change against nothing named
        names = says or senses.intersection(found.columns)
        is_said_here = year == "last_year" and "last_year" in union(opened)
        said = said or _is_total(union(words), year, frame)
        if is_said_here and not said and not names and frame.subject:
            return Account(mention, Kind.BEFORE, of=frame.subject, last_year=True)
        if not self.mentions.is_about(found.context, mention.count.start):
            return loose
        account = naming.in_topic(mention, found, senses, frame, said=said)
        if account is None and "to" in union(lead):
            account = self.reached(mention, found, frame)
        return self.of_year(self.added(account, found, lead), year) if account else loose

    def added(self, account: Account, topic: Topic, lead: list[Word]) -> Account:
        """Return an account that may be a sum of the rows named before it."""
        joined = self.naming.joined(topic, lead)
        if not joined:
            return account
        senses = union(lead)
        figures = topic.expand((joined,), senses)
        own = () if senses & {"whole", "together"} else account.figures
        return account._replace(figures=(*figures, *own))

    def reached(self, mention: Mention, topic: Topic, frame: Frame) -> Account | None:
        """Return the account of what was reached: of what rose, or of the topic (达到326件)."""
        start, _ = self.mentions.span(mention.sentence)
        told = frame.subject.mention.count.end if frame.subject else 0
        said = self.naming.words(mention, max(start, told), mention.lead)
        if not frame.changed and any(topic.of in word.senses for word in said):
            return self.naming.in_topic(mention, topic, union(said), frame, said=True)
        known = frame.changed or frame.subject
        return known._replace(mention=mention) if known else None

    def of_year(self, account: Account, year: str) -> Account:
        """Return an account of the year, or the two years, that are spoken of."""
        return account._replace(last_year=year == "last_year", both_years=year == "both_years")

    def computed(self, mention: Mention, topic: str = "") -> Account:
        """Return the account of a count that an expression produced."""
        figures = _figure_of(self.mentions.passages.expression_at(mention.count.start))
        return Account(mention, Kind.COMPUTED, figures, scale=mention.count.scale, topic=topic)


def _is_total(senses: Senses, year: str, frame: Frame) -> bool:
    """Whether a count is the whole of those before it, or a year's of two (上半年9件，全年20件)."""
    if not frame.told or not senses or senses - _TOTAL:
        return False
    if (frame.head and frame.head.both_years) or year == "both_years":
        return True
    return not year and frame.told[-1].kind is Kind.ELSEWHERE


@lru_cache(maxsize=256)
def _figure_of(expression: str) -> tuple[str, ...]:
    """Return the figure that an expression begins with, none where it is no figure's."""
    found = _EXPRESSION.match(expression)
    return (found[1],) if found else ()


def _remember(account: Account, frame: Frame) -> None:
    """Let what comes behind a count refer to it."""
    if account.kind is Kind.BEFORE:
        frame.compared = True
    if account.kind in _SUBJECTS and not account.is_rate:
        if account.mention.bracketed and not frame.outer:
            frame.outer = frame.subject
        frame.subject, frame.changed = account, None
        frame.head = frame.head or account
        frame.told.append(account)


def _year_of(mention: Mention, words: list[Word], frame: Frame) -> str:
    """Return the year that a count belongs to, empty for the reporting year."""
    said = frame.year
    for word, before in zip(reversed(words), [*reversed(words[:-1]), None], strict=False):
        years = [year for year in (*YEARS, "both_years") if year in word.senses]
        if not years or years == ["next_year"]:
            continue
        if before and before.end == word.start and before.senses.intersection(YEARS):
            continue  # 2023年全年
        is_cause = before and "cause" in before.senses and before.end == word.start
        said = "" if years[0] == "this_year" else "elsewhere" if is_cause else years[0]
        break
    if not mention.bracketed:
        frame.year = said
    return said
