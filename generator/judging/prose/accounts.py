"""Settles what every mention is: a figure of the tables, a change, a share, another's, or loose.

One pass over the mentions of a report, sentence by sentence. The words around a mention name a
topic and, within it, a row and columns; what a mention leaves unsaid it takes over from those
before it. The result is looked at by judges, by the listing of unchecked counts and by rollover;
nobody changes it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby

from generator.form.vocabulary import Row, Senses, Topic, Vocabulary, Word
from generator.judging.prose.mentions import Mention, Mentions
from generator.judging.prose.numerals import PERCENT, TIMES

_EXPRESSION = re.compile(r"\{\{\s*([^\s|}]+)\s*(?:\||\}\})")
_CASES = re.compile(r"件次?|份|宗|起|条|项|个|例|次|")
_LOOSE_UNITS = "个项条次"
_VALUE_OF = re.compile(r"[\s的为是有：:（(约近仅]*\Z")
_CHANGED_BY = re.compile(r"[\s了约近超逾过达为：:率近]*\Z")
_OWN = "我本全该各"
_UNKNOWN = "unknown"
YEARS = ("last_year", "this_year", "next_year", "elsewhere")


class Kind(Enum):
    """What a mention can be."""

    COMPUTED = auto()
    FIGURE = auto()
    BEFORE = auto()
    CHANGE = auto()
    MULTIPLE = auto()
    SHARE = auto()
    RATE = auto()
    ELSEWHERE = auto()
    LOOSE = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """What a mention is.

    ``figures`` is the family that its words allow, as expressions; ``rule`` the rule that judges
    it. ``of`` is what a change, a share or last year's count is said of, or ``or_of`` behind a
    list; for a share, ``wholes`` are the figures it may be a share of.
    """

    mention: Mention
    kind: Kind
    figures: tuple[str, ...] = ()
    rule: str = ""
    scale: int = 1
    last_year: bool = False
    rises: bool | None = None
    of: Account | None = None
    or_of: Account | None = None
    wholes: tuple[str, ...] = ()
    topic: str = ""

    def fitting(self, mentions: Mentions) -> str:
        """Return the member of the family that agrees with the count, empty if none does."""
        for figure in self.figures:
            value = mentions.value(figure, last_year=self.last_year)
            if value is not None and self.mention.count.agrees(value * self.scale):
                return figure
        return ""


@dataclass(slots=True)
class _Frame:
    """What the mentions of a sentence have said so far, for those that leave it out."""

    topic: str = ""
    row: Row | None = None
    year: str = ""
    compared: bool = False
    subject: Account | None = None
    changed: Account | None = None
    head: Account | None = None
    listed: bool = False
    taken_over: bool = False


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
        office = mentions.report.office
        self.names = tuple(name for name in (office.name, office.short_name) if name)

    def run(self) -> Iterator[Account]:
        frame, paragraph = _Frame(), -1
        for _, group in groupby(self.mentions.all, key=lambda mention: mention.sentence):
            mentions = list(group)
            here = self.mentions.paragraph(mentions[0].count.start)
            kept = frame if here == paragraph else _Frame()
            frame = _Frame(kept.topic, kept.row, subject=kept.subject, taken_over=True)
            paragraph = here
            if all(mention.computed for mention in mentions):
                yield from map(self.computed, mentions)  # nothing in it is to be judged
                continue
            for mention in mentions:
                account = self.account(mention, frame)
                self.remember(account, frame)
                yield account

    def remember(self, account: Account, frame: _Frame) -> None:
        """Let what comes behind a count refer to it."""
        if account.kind is Kind.BEFORE:
            frame.compared = True
        if account.kind in (Kind.COMPUTED, Kind.FIGURE, Kind.LOOSE, Kind.ELSEWHERE):
            frame.subject, frame.changed = account, None
            frame.head = frame.head or account

    def account(self, mention: Mention, frame: _Frame) -> Account:
        """Settle one mention."""
        count = mention.count
        opened = self.words(mention, mention.open, count.start)
        self.compare(opened, frame)
        self.begin(opened, frame)
        frame.listed |= mention.bracketed or any("among" in word.senses for word in opened)
        change = self.change(mention, opened, frame)
        if change is not None:
            return change
        if count.unit == PERCENT:
            return self.percentage(mention, opened, frame)
        lead = [word for word in opened if word.start >= mention.lead]
        behind = self.words(mention, count.end, mention.tail)
        return self.figure(mention, opened, lead, behind, frame)

    def begin(self, opened: list[Word], frame: _Frame) -> None:
        """Drop what the sentence before was about, unless this one goes on with its parts."""
        goes_on = any(word.senses & {"among", "rest"} for word in opened)
        if frame.taken_over and not goes_on and frame.topic != self.bare:
            frame.topic = _UNKNOWN if frame.topic else ""
            frame.row = None
        frame.taken_over = False

    def words(self, mention: Mention, start: int, end: int) -> list[Word]:
        return self.mentions.words_between(mention.sentence, start, end)

    # Changes

    def compare(self, words: list[Word], frame: _Frame) -> None:
        """Note whether the sentence compares with last year; take such years off the words."""
        for word, after in zip(list(words), [*words[1:], None], strict=False):
            if "against" in word.senses:
                frame.compared = True
            if "than" in word.senses and after and after.start - word.end <= 1:
                years = after.senses.intersection(YEARS)
                if years:
                    frame.compared = "last_year" in years
                    words[words.index(after)] = Word(after.start, after.end, frozenset({"against"}))

    def change(self, mention: Mention, opened: list[Word], frame: _Frame) -> Account | None:
        """Return a change against last year, or last year's count that is compared with."""
        text, start = self.mentions.text, mention.count.start
        if (
            mention.count.unit == TIMES
            and opened
            and "last_year" in opened[-1].senses
            and text[opened[-1].end : start].strip() == "的"
        ):
            named = self.named(opened[:-1], mention, frame)
            of = named if named and named.figures else frame.changed or frame.subject
            return Account(mention, Kind.MULTIPLE, of=of)
        if not frame.compared:
            return None
        for at in range(len(opened) - 1, -1, -1):
            word = opened[at]
            gap = text[word.end : start]
            senses = word.senses
            if senses & {"more", "less", "rate_of_change"} and _CHANGED_BY.match(gap):
                rises = True if "more" in senses else False if "less" in senses else None
                return self.changed(mention, opened[:at], frame, rises)
            if "against" in senses and text[word.start : word.end] and _VALUE_OF.match(gap):
                of = frame.subject
                return Account(mention, Kind.BEFORE, of=of, last_year=True) if of else None
        return None

    def changed(
        self, mention: Mention, before: list[Word], frame: _Frame, rises: bool | None
    ) -> Account:
        named = self.named(before, mention, frame)
        of = named if named and named.figures else frame.changed or frame.subject
        frame.changed = of
        other = frame.head if frame.listed and of is frame.subject else None
        return Account(mention, Kind.CHANGE, rises=rises, of=of, or_of=other)

    def named(self, words: list[Word], mention: Mention, frame: _Frame) -> Account | None:
        """Return the figure that words name which have no count of their own (申请量增长…)."""
        told = [
            word for word in words if "against" not in word.senses and "than" not in word.senses
        ]
        senses = _union(told)
        topic = self.topic_of(told, [], _Frame())
        if topic not in self.vocabulary.by_topic:
            topic = frame.topic or self.bare
            if not any(row.says and row.says <= senses for row in self.rows(topic)):
                return None
        return self.in_topic(mention, self.vocabulary.by_topic[topic], senses, frame, said=True)

    def rows(self, topic: str) -> Sequence[Row]:
        found = self.vocabulary.by_topic.get(topic)
        return found.rows if found else ()

    # Shares

    def percentage(self, mention: Mention, opened: list[Word], frame: _Frame) -> Account:
        """Settle what a percentage is a share of."""
        senses = _union(opened)
        topic = self.topic_of(opened, [], frame)
        for rate in self.vocabulary.rates:
            if rate.sense in senses and self.is_bare(topic, mention):
                return Account(mention, Kind.RATE, figures=(rate.part,), wholes=rate.whole)
        at = next((i for i, word in enumerate(opened) if "share" in word.senses), None)
        if at is None:
            return Account(mention, Kind.LOOSE)
        part = self.named(opened[:at], mention, frame) or frame.subject
        whole = self.named(opened[at + 1 :], mention, frame)
        if part is None:
            return Account(mention, Kind.LOOSE)
        wholes = whole.figures if whole else ()
        subject = self.vocabulary.by_topic.get(part.topic)
        if subject and not wholes:
            rows = [subject.rows[-1], *([frame.row] if frame.row else [])]
            wholes = tuple(f for row in rows for f in subject.expand(row.figures, frozenset()))
        return Account(mention, Kind.SHARE, of=part, wholes=wholes, topic=part.topic)

    def is_bare(self, topic: str, mention: Mention) -> bool:
        """Whether a topic, or its being left out, may mean the one that reports are about."""
        found = self.vocabulary.by_topic.get(topic or self.bare)
        return bool(
            found and found.bare and self.mentions.is_about(found.context, mention.count.start)
        )

    @property
    def bare(self) -> str:
        """The topic that is meant where none is named."""
        return next((topic.of for topic in self.vocabulary.topics if topic.bare), "")

    # Figures

    def figure(
        self,
        mention: Mention,
        opened: list[Word],
        lead: list[Word],
        behind: list[Word],
        frame: _Frame,
    ) -> Account:
        """Settle which figures of the tables a count may be."""
        by_topic = self.vocabulary.by_topic
        words = [*lead, *behind]
        topic = self.topic_of(lead, behind, frame)
        if not self.says_something(words, topic):
            words = [*opened, *behind]
            topic = self.topic_of(opened, behind, frame)
        year = self.year_of(opened, frame)
        said = any(topic in word.senses for word in words) or topic == "other"
        frame.topic = topic or frame.topic
        if mention.computed:
            return self.computed(mention, topic)
        if topic == "other":
            return Account(mention, Kind.LOOSE, topic=topic)
        found = by_topic.get(topic or self.bare)
        if found is None:
            return Account(mention, Kind.LOOSE)
        senses = _union(words)
        if year == "elsewhere" or self.is_elsewhere(mention, opened, senses, found):
            return Account(mention, Kind.ELSEWHERE, topic=topic)
        if not self.counts_cases(mention, found, behind):
            return Account(mention, Kind.LOOSE, topic=topic)
        row = found.row(senses)
        if row and row.says.intersection(YEARS):
            year = frame.year = ""  # the year belongs to the row's own name
        if _union(opened) & {"more", "less"} and not (row and row.says):
            return Account(mention, Kind.LOOSE, topic=topic)  # a change against nothing named
        if year == "last_year" and not said and frame.subject and not (row and row.says):
            return Account(mention, Kind.BEFORE, of=frame.subject, last_year=True)
        if not self.mentions.is_about(found.context, mention.count.start):
            return Account(mention, Kind.LOOSE, topic=topic)
        account = self.in_topic(mention, found, senses, frame, said=said)
        if account is None:
            return Account(mention, Kind.LOOSE, topic=topic)
        return replace(account, last_year=year == "last_year")

    def counts_cases(self, mention: Mention, topic: Topic, behind: list[Word]) -> bool:
        """Whether the unit, and a noun right behind it, can be the topic's (not 两个单位)."""
        count = mention.count
        if topic.units:
            return count.unit == topic.units
        if not _CASES.fullmatch(count.unit):
            return False
        after = self.mentions.text[count.end : count.end + 1]
        is_loose = count.unit in _LOOSE_UNITS and "\u4e00" <= after <= "\u9fff"
        return not is_loose or bool(
            behind and behind[0].start == count.end and behind[0].senses & topic.senses
        )

    def in_topic(
        self, mention: Mention, topic: Topic, senses: Senses, frame: _Frame, *, said: bool
    ) -> Account | None:
        """Return the account of a count within a topic, ``None`` when its words name no row."""
        row = topic.row(senses)
        columns = [sense for sense in topic.columns if sense in senses]
        if row is None:
            return None
        if "part" in senses and not columns and not self.is_outcome(row, senses):
            return None
        figures: tuple[str, ...]
        if row.says:
            frame.row = row
            figures = topic.expand(row.figures, senses)
        elif columns:
            own = topic.expand(row.figures, senses)
            above = frame.row if frame.row in topic.rows else None
            nested = topic.expand(above.figures, senses) if above else ()
            figures = nested if above and (mention.bracketed or "among" in senses) else nested + own
        elif said:
            figures = topic.expand(row.figures, senses)
        else:
            return None
        figures = tuple(dict.fromkeys(figures))
        return Account(mention, Kind.FIGURE, figures, topic.rule, topic.scale, topic=topic.of)

    def is_outcome(self, row: Row, senses: Senses) -> bool:
        """Whether a row is named besides a channel or a field (涉及商业秘密的…)."""
        return len(row.figures) == 1 and bool(row.says)

    def says_something(self, words: list[Word], topic: str) -> bool:
        """Whether words name a row, a column or a topic on their own."""
        if any(t in word.senses for word in words for t in (*self.vocabulary.by_topic, "other")):
            return True
        found = self.vocabulary.by_topic.get(topic) or self.vocabulary.topics[0]
        senses = _union(words)
        row = found.row(senses)
        return bool(row and row.says) or any(sense in senses for sense in found.columns)

    def topic_of(self, lead: list[Word], behind: list[Word], frame: _Frame) -> str:
        """Return the topic named nearest before a count, else behind it, else taken over."""
        for words in (list(reversed(lead)), behind):
            for word in words:
                for topic in (*self.vocabulary.by_topic, "other"):
                    if topic in word.senses:
                        return self.unless_strange(word, topic)
        return frame.topic

    def unless_strange(self, word: Word, topic: str) -> str:
        """Return ``other`` where another thing is applied for (低保申请)."""
        text = self.mentions.text
        if word.end - word.start > 2 or not self.vocabulary.by_topic.get(topic, None):
            return topic
        if not self.vocabulary.by_topic[topic].bare:
            return topic
        sentence = self.mentions.words_between
        before = text[word.start - 1 : word.start]
        if not "\u4e00" <= before <= "\u9fff" or before in "的了件份条网上函面被均":
            return topic
        number = bisect_right(self.mentions.sentence_ends, word.start)
        known = sentence(number, max(0, word.start - 12), word.start)
        if known and known[-1].end == word.start and "other" not in known[-1].senses:
            return topic
        return "other"

    def year_of(self, words: list[Word], frame: _Frame) -> str:
        """Return the year that a count belongs to, empty for the reporting year."""
        for word, before in zip(reversed(words), [*reversed(words[:-1]), None], strict=False):
            years = [year for year in YEARS if year in word.senses]
            if not years or years == ["next_year"]:
                continue
            if (
                years[0] != "this_year"
                and before
                and "cause" in before.senses
                and before.end == word.start
            ):
                frame.year = "elsewhere"
            else:
                frame.year = "" if years[0] == "this_year" else years[0]
            break
        return frame.year

    def is_elsewhere(
        self, mention: Mention, opened: list[Word], senses: Senses, topic: Topic
    ) -> bool:
        """Whether a count is said of another body, another time or another kind of thing."""
        if senses & topic.unless or "elsewhere" in senses:
            return True
        text = self.mentions.text
        for word in opened:
            if "body" not in word.senses or word.start < mention.lead:
                continue
            head = text[mention.lead : word.end].strip(" 、其中另外")
            own = any(name in head or head in name for name in self.names)
            if not own and word.start > mention.lead and not set(head[:-1]) & set(_OWN):
                before = text[word.start - 1]
                if "\u4e00" <= before <= "\u9fff" and len(head) > word.end - word.start:
                    return True
        return False

    def computed(self, mention: Mention, topic: str = "") -> Account:
        """Return the account of a count that an expression produced."""
        found = _EXPRESSION.match(self.mentions.passages.expression_at(mention.count.start))
        figures = (found[1],) if found else ()
        return Account(mention, Kind.COMPUTED, figures, scale=mention.count.scale, topic=topic)


def _union(words: Sequence[Word]) -> Senses:
    return frozenset().union(*(word.senses for word in words))


def is_rate(account: Account) -> bool:
    """Whether a change is told by a percentage or a multiple."""
    return account.mention.count.unit in (PERCENT, TIMES)
