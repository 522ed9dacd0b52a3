"""Finds what words name: a topic and, within it, a row and columns, hence figures of the tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from generator.form.vocabulary import Row, Senses, Topic, Vocabulary, Word
from generator.judging.prose.accounts import Account, Kind
from generator.judging.prose.mentions import Mention, Mentions

YEARS = ("last_year", "this_year", "next_year", "elsewhere")
UNKNOWN = "unknown"
"""The topic of a sentence that follows one with a topic and names none itself."""

_CASES = re.compile(r"件次?|份|宗|起|条|项|个|例|次|")
_LOOSE_UNITS = "个项条次"
_OWN = "我本全该各"
_JOINS = re.compile(r"[、和与及]")
_ALONE_JOINS = re.compile(r"(?:的|类|信息)?(?:、|和|与|及|以及)")
_AND = "和与及、"
_LEADS_ON = " 、其中另外以对由向经"
_AMONG = ("中，", "里，", "中,", "里,")
_FEW = 2
"""Characters without meaning of their own (的, 有) between words and a count."""
_LONGEST_CLAUSE = 160
_ENDS = re.compile(r"[，,。；;！!？?\n]")


@dataclass(slots=True)
class Frame:
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
    told: list[Account] = field(default_factory=list)
    respective: list[Account] = field(default_factory=list)
    portions: list[list[Word]] = field(default_factory=list)
    of_each: Account | None = None
    columns: Senses = frozenset()
    outer: Account | None = None
    foreign: str = ""
    each_before: list[Account] = field(default_factory=list)


class Naming:
    """Reads the words around the mentions of a report."""

    def __init__(self, mentions: Mentions, vocabulary: Vocabulary) -> None:
        """Read with the words of ``vocabulary``."""
        self.mentions = mentions
        self.vocabulary = vocabulary
        self.topics = (*vocabulary.by_topic, "other")
        office = mentions.report.office
        self.names = tuple(map(_plainly, filter(None, (office.name, office.short_name))))
        self._rows: dict[tuple[str, Senses], Row | None] = {}
        self.bare = next((topic.of for topic in vocabulary.topics if topic.bare), "")

    def words(self, mention: Mention, start: int, end: int) -> list[Word]:
        """Return the words of a mention's sentence between two places."""
        return self.mentions.words_between(mention.sentence, start, end)

    def without_examples(self, words: list[Word]) -> list[Word]:
        """Leave out what is named as an example only (信息不存在等原因)."""
        text = self.mentions.text
        return [word for word in words if text[word.end : word.end + 1] != "等"] or words

    def row(self, topic: Topic, senses: Senses) -> Row | None:
        """Return the row of a topic that senses name; asked for again and again."""
        key = topic.of, senses
        if key not in self._rows:
            self._rows[key] = topic.row(senses)
        return self._rows[key]

    def named(self, words: list[Word], mention: Mention, frame: Frame) -> Account | None:
        """Return the figure that words name which have no count of their own (申请量增长…)."""
        told = self.without_examples(
            [word for word in words if not word.senses & {"against", "than"}]
        )
        senses = union(told)
        topic = self.topic_of(told, [], "")
        if topic not in self.vocabulary.by_topic:
            likely = (frame.topic, self.bare)
            topic = next((name for name in likely if self.is_said(name, senses)), "")
            if not topic:
                return None
        return self.in_topic(mention, self.vocabulary.by_topic[topic], senses, frame, said=True)

    def is_said(self, topic: str, senses: Senses) -> bool:
        """Whether senses name a row or a column of a topic that is not itself named."""
        found = self.vocabulary.by_topic.get(topic)
        if found is None:
            return False
        row = self.row(found, senses)
        return bool(row and row.says) or bool(senses.intersection(found.columns))

    def in_topic(
        self, mention: Mention, topic: Topic, senses: Senses, frame: Frame, *, said: bool
    ) -> Account | None:
        """Return the account of a count within a topic, ``None`` when its words name no row."""
        row = self.row(topic, senses)
        if row is None:
            return None
        columns = [sense for sense in topic.columns if sense in senses]
        is_part = not columns and not _is_outcome(row)
        if is_part and "part" in senses:
            return None
        kind = Kind.PART if is_part and "channel" in senses else Kind.FIGURE
        own = topic.expand(row.figures, senses)
        if row.says:
            frame.row = row
            figures = own
            if not columns and frame.columns:  # 企业申请办结5件，结转1件
                figures += topic.expand(row.figures, frame.columns)
        elif columns and self.is_of_columns(mention, topic, said=said):
            above = frame.row if frame.row in topic.rows else None
            nested = topic.expand(above.figures, senses) if above else ()
            own += self.behind_columns(mention, topic, senses)
            figures = nested if above and (mention.bracketed or "among" in senses) else nested + own
        elif said:
            figures = own + self.behind_list(mention, topic, row)
        else:
            return None
        figures = tuple(dict.fromkeys(figures))
        frame.columns = frozenset(columns) or frame.columns
        return Account(mention, kind, figures, topic.rule, topic.scale, topic=topic.of)

    def is_of_columns(self, mention: Mention, topic: Topic, *, said: bool) -> bool:
        """Whether nothing else is counted of those that a column names (企业岗位5条)."""
        if said:
            return True
        if mention.count.unit in _LOOSE_UNITS and mention.count.unit:
            return False
        words = self.words(mention, mention.lead, mention.count.start)
        at = next((i for i, w in enumerate(words) if w.senses.intersection(topic.columns)), None)
        if at is None:
            return True
        gap = self.mentions.text[words[at].end : mention.count.start]
        known = sum(word.end - word.start for word in words[at + 1 :])
        return sum(map(is_han, gap)) - known <= 1

    def behind_list(self, mention: Mention, topic: Topic, row: Row) -> tuple[str, ...]:
        """Return what a count may be by words behind a list (1件复议、3件诉讼未审结)."""
        if not topic.columns:
            return ()
        text, start = self.mentions.text, mention.count.end
        end = self.clause_end(mention)
        others = self.mentions.between(start, end)
        if not others or "、" not in text[start : others[-1].count.start]:
            return ()
        senses = union(self.words(mention, others[-1].count.end, end))
        return topic.expand(row.figures, senses) if senses.intersection(topic.columns) else ()

    def behind_columns(self, mention: Mention, topic: Topic, senses: Senses) -> tuple[str, ...]:
        """Return what a column may be by the total behind the list (企业2件、…，共9件结转下年)."""
        others = self.mentions.between(mention.count.end, self.mentions.span(mention.sentence)[1])
        if not others or others[-1].count.start - mention.count.end > _LONGEST_CLAUSE:
            return ()
        said = union(self.words(mention, others[-1].lead, others[-1].tail))
        row = self.row(topic, said) if "whole" in said else None
        return topic.expand(row.figures, senses) if row and row.says else ()

    def joined(self, topic: Topic, words: list[Word]) -> str:
        """Return the sum of the rows that words name one by one (两类共54件)."""
        rows: list[Row] = []
        before: Word | None = None
        for word in words:
            row = self.row(topic, word.senses)
            if row is None or not row.says or row.whole or not _is_plain(row):
                continue
            if before and _ALONE_JOINS.fullmatch(self.mentions.text, before.end, word.start):
                rows.append(row)
            else:
                rows = [row]
            before = word
        if len(rows) < 2 or len(set(map(id, rows))) < len(rows):
            return ""
        return " + ".join(figure for row in rows for figure in row.figures)

    def portions(self, mention: Mention, opened: list[Word]) -> list[list[Word]]:
        """Give each count of a clause its own words of a list (许可、处罚分别为5件、3件).

        Empty where there is no such list, or not as many items as counts.
        """
        at = next((i for i, word in enumerate(opened) if "respectively" in word.senses), None)
        if at is None:
            return []
        both = next((word for word in opened[:at] if "both_years" in word.senses), None)
        text = self.mentions.text
        items: list[list[Word]] = [[]]
        for before, word in zip([None, *opened[:at]], opened[:at], strict=False):
            if before and _JOINS.search(text, before.end, word.start):
                items.append([])
            if "joins" in word.senses:
                items.append([])
            else:
                items[-1].append(word)
        if both:
            years = (frozenset({"last_year"}), frozenset({"this_year"}))
            others = [word for word in opened[:at] if word is not both]
            items = [[Word(both.start, both.end, year), *others] for year in years]
        counts = self.mentions.between(mention.count.start, self.clause_end(mention))
        alike = [each for each in counts if each.count.unit == mention.count.unit]
        wanted = [item for item in items if item]
        if len(wanted) < 2 or len(wanted) != len(alike):
            return []
        return wanted

    def excepted(self, mention: Mention, lead: list[Word], topic: Topic) -> Account | None:
        """Return the account of a count that is taken out of all (除2件需延期外均已答复)."""
        if not any("except" in word.senses for word in lead):
            return None
        end = self.mentions.span(mention.sentence)[1]
        senses = union(self.words(mention, mention.count.end, end))
        for denial in self.vocabulary.all if senses & {"all", "rest"} else ():
            if denial.of == topic.of and denial.but and denial.says <= senses:
                figures = (denial.figure,)
                return Account(mention, Kind.FIGURE, figures, topic.rule, topic=topic.of)
        return None

    def clause_end(self, mention: Mention) -> int:
        """Return where the clause of a mention ends, a list of 、 being one."""
        start = mention.count.end
        found = _ENDS.search(self.mentions.text, start, start + _LONGEST_CLAUSE)
        return found.start() if found else start + _LONGEST_CLAUSE

    def says_something(self, words: list[Word], topic: str) -> bool:
        """Whether words name a row, a column or a topic on their own."""
        senses = union(words)
        if senses.intersection(self.topics):
            return True
        if not senses & self.vocabulary.own:
            return False
        named = self.vocabulary.by_topic.get(topic)
        for found in (named,) if named else self.vocabulary.topics:
            row = self.row(found, senses)
            if (row and row.says) or any(sense in senses for sense in found.columns):
                return True
        return False

    def topic_of(self, lead: Sequence[Word], behind: Sequence[Word], before: str) -> str:
        """Return the topic named nearest before a count, else behind it, else ``before``."""
        for words in (reversed(lead), behind):
            for word in words:
                for topic in self.topics:
                    if topic in word.senses:
                        return self._unless_strange(word, topic)
        return before

    def _unless_strange(self, word: Word, topic: str) -> str:
        """Return ``other`` where another thing is applied for (低保申请)."""
        text = self.mentions.text
        found = self.vocabulary.by_topic.get(topic)
        if word.end - word.start > 2 or not found or (found.context and not found.bare):
            return topic
        before = text[word.start - 1 : word.start]
        if not is_han(before) or before in "的了件份条网上函面被均零成":
            return topic
        number = bisect_right(self.mentions.sentence_ends, word.start)
        known = self.mentions.words_between(number, max(0, word.start - 12), word.start)
        if known and known[-1].end == word.start and "other" not in known[-1].senses:
            return topic
        return "other"

    def is_bare(self, topic: str, mention: Mention) -> bool:
        """Whether a topic, or its being left out, may mean the one that reports are about."""
        found = self.vocabulary.by_topic.get(topic or self.bare)
        return bool(
            found and found.bare and self.mentions.is_about(found.context, mention.count.start)
        )

    def is_among_unknown(self, mention: Mention, lead: list[Word]) -> bool:
        """Whether something unknown is counted among what is known (办结申请中，属于…的5件)."""
        text, start = self.mentions.text, mention.lead
        if text[max(0, start - 2) : start] not in _AMONG:
            return False
        known = sum(word.end - word.start for word in lead)
        return sum(map(is_han, text[start : mention.count.start])) - known > _FEW

    def is_of_unknown(self, mention: Mention, opened: list[Word], topic: Topic) -> bool:
        """Whether a count alone in brackets is of something unknown before them (征地（9件）)."""
        text, start = self.mentions.text, mention.lead
        alone = text[mention.count.end : mention.count.end + 1] in ("）", ")")
        if not (mention.bracketed and alone) or text[start : mention.count.start].strip():
            return False
        known = topic.senses.union(YEARS)
        named = any(word.end == start - 1 and word.senses & known for word in opened)
        return not named and is_han(text[start - 2])

    def counts_cases(
        self, mention: Mention, topic: Topic, behind: list[Word], *, said: bool
    ) -> bool:
        """Whether the unit, and a noun right behind it, can be the topic's (not 两个单位)."""
        count = mention.count
        if topic.units:
            return count.unit == topic.units
        if not _CASES.fullmatch(count.unit):
            return False
        after = self.mentions.text[count.end : count.end + 1]
        is_loose = count.unit and count.unit in _LOOSE_UNITS and (is_han(after) or not said)
        return not is_loose or bool(
            behind and behind[0].start == count.end and behind[0].senses & topic.senses
        )

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
            if text[word.start - 1 : word.start] in _AND:
                continue  # 县政府及部门
            head = _plainly(text[mention.lead : word.end].strip(_LEADS_ON))
            own = any(name in head or head in name for name in self.names)
            if not own and word.start > mention.lead and not set(head[:-1]) & set(_OWN):
                before = text[word.start - 1]
                if is_han(before) and len(head) > word.end - word.start:
                    return True
        return False


def _plainly(name: str) -> str:
    """Return a government's name as it is used within a sentence (镇政府)."""
    return name.replace("人民政府", "政府")


def _is_outcome(row: Row) -> bool:
    """Whether a row is named besides a channel or a field (涉及商业秘密的…)."""
    return len(row.figures) == 1 and bool(row.says) and not row.whole


def _is_plain(row: Row) -> bool:
    """Whether a row is one figure of the tables, and no sum."""
    return len(row.figures) == 1 and "+" not in row.figures[0]


def is_han(character: str) -> bool:
    """Whether ``character`` is one of the script's, and there is one."""
    return "\u4e00" <= character <= "\u9fff"


def union(words: Iterable[Word]) -> Senses:
    """Return all that words may mean."""
    return frozenset().union(*(word.senses for word in words))
