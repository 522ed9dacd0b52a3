"""Settles what is said against last year: changes, multiples, last year's count itself."""

from __future__ import annotations

import re

from generator.form.vocabulary import Senses, Word
from generator.judging.prose.accounts import Account, Kind
from generator.judging.prose.mentions import Mention
from generator.judging.prose.naming import YEARS, Frame, Naming, union
from generator.judging.prose.numerals import PERCENT, TIMES

_NEAR = 4
"""Counts before a change among which last year's is looked for."""
_VALUE_OF = re.compile(r"[\s的为是有：:（(约近仅]*\Z")
_CHANGED_BY = re.compile(r"[\s了约近超逾过达为：:率]*\Z")


class Comparing:
    """Tells comparisons with last year among the mentions of a report."""

    def __init__(self, naming: Naming) -> None:
        """Read words by ``naming``."""
        self.naming = naming
        self.mentions = naming.mentions
        self._reached: dict[int, Account] = {}

    def begin(self, words: list[Word], frame: Frame) -> None:
        """Note whether the sentence compares with last year; take such years off the words."""
        for at, (word, after) in enumerate(zip(list(words), [*words[1:], None], strict=False)):
            if "against" in word.senses:
                frame.compared = True
            if "than" not in word.senses or not after:
                continue
            if self.mentions.text[word.end : after.start].strip():
                continue  # 与上年相比，2024年…
            years = after.senses.intersection(YEARS)
            if "start_of_year" in after.senses:
                years = Senses({"last_year"})
            if years:
                frame.compared = "last_year" in years
                words[at + 1] = Word(after.start, after.end, frozenset({"against"}))

    def change(self, mention: Mention, opened: list[Word], frame: Frame) -> Account | None:
        """Return a change against last year, or last year's count that is compared with."""
        if mention.index in self._reached:
            return self._reached[mention.index]
        told = (
            self.multiple(mention, opened, frame)
            or self.risen(mention, opened, frame)
            or self.before_of_each(mention, opened, frame)
        )
        if told:
            return told
        if not (frame.compared or self.follows_last_year(mention, opened, frame)):
            return None
        text, start = self.mentions.text, mention.count.start
        if mention.count.unit == PERCENT and mention.count.value == 0:
            return self.changed(mention, opened, frame, rises=None)  # 持平
        if text[start] == "翻":
            return self.changed(mention, opened, frame, rises=True)
        for at in range(len(opened) - 1, -1, -1):
            word = opened[at]
            gap = text[word.end : start]
            senses = word.senses
            if senses & {"more", "less", "rate_of_change"} and _CHANGED_BY.match(gap):
                rises = True if "more" in senses else False if "less" in senses else None
                return self.changed(mention, opened[:at], frame, rises=rises)
            if "against" in senses and _VALUE_OF.match(gap):
                return self.before(mention, opened[:at], frame)
            if self.is_changed_thing(opened, at, start):
                rises = not senses & {"less"}
                return self.changed(mention, opened, frame, rises=rises)
        return None

    def is_changed_thing(self, opened: list[Word], at: int, start: int) -> bool:
        """Whether a word for a change stands before what has changed (较上年新增申请55件)."""
        word, behind = opened[at], opened[at + 1 :]
        newly = "newly" in word.senses and at and opened[at - 1].end == word.start
        if not behind and not newly:
            return False
        if newly and not opened[at - 1].senses & {"against"}:
            return False
        if not newly and not word.senses & {"more", "less"}:
            return False
        text, gap, end = self.mentions.text, "", word.end
        for each in behind:
            if not each.senses & self.naming.vocabulary.own | each.senses & {"plain"}:
                return False
            gap, end = gap + text[end : each.start], each.end
        return bool(_CHANGED_BY.match(gap + text[end:start]))

    def before_of_each(self, mention: Mention, opened: list[Word], frame: Frame) -> Account | None:
        """Return last year's count of one of several (4件、1件，上年分别为2件和0件)."""
        said = union(opened)
        if {"respectively", "last_year"} <= said and not said & {"more", "less", "rate_of_change"}:
            counts = self._changes_from(mention)
            frame.each_before = frame.told[-counts:] if 1 < counts <= len(frame.told) else []
        if not frame.each_before:
            return None
        return Account(mention, Kind.BEFORE, of=frame.each_before.pop(0), last_year=True)

    def follows_last_year(self, mention: Mention, opened: list[Word], frame: Frame) -> bool:
        """Whether a change follows its count, or last year's figure (2023年16件，增加6件)."""
        if not frame.told or union(opened).intersection(YEARS):
            return False
        end = frame.told[-1].mention.count.end
        follows = self.mentions.text[end : end + 1] in ("，", ",")
        is_rate = mention.count.unit == PERCENT and follows and len(opened) == 1
        return is_rate or any(each.last_year for each in frame.told[-_NEAR:])

    def multiple(self, mention: Mention, opened: list[Word], frame: Frame) -> Account | None:
        """Return the account of 「是上年的2倍」, or 200%."""
        if mention.count.unit not in (TIMES, PERCENT) or not opened:
            return None
        if "last_year" not in opened[-1].senses:
            return None
        if self.mentions.text[opened[-1].end : mention.count.start].strip() != "的":
            return None
        named = self.naming.named(opened[:-1], mention, frame)
        of = named if named and named.figures else frame.changed or frame.subject
        return Account(mention, Kind.MULTIPLE, of=of)

    def risen(self, mention: Mention, opened: list[Word], frame: Frame) -> Account | None:
        """Return the account of the first count of 「由16件增加到20件」, and keep the second's."""
        at = next((i for i in range(len(opened) - 1, -1, -1) if "from" in opened[i].senses), None)
        after = self.mentions.all[mention.index + 1 : mention.index + 2]
        if at is None or not after or after[0].sentence != mention.sentence:
            return None
        words = [word for word in opened[at + 1 :] if not word.senses.intersection(YEARS)]
        moves = self.naming.words(mention, mention.count.end, after[0].count.start)
        moves = [word for word in moves if not word.senses.intersection(YEARS)]
        if words or not moves or "to" not in moves[-1].senses:
            return None
        way = union(moves)
        if not way & {"more", "less"} or any(c in "，；。" for c in self._text(mention, after[0])):
            return None
        named = self.naming.named(opened[:at], mention, frame) or frame.subject
        of = named._replace(mention=after[0]) if named else Account(after[0], Kind.LOOSE)
        self._reached[after[0].index] = of
        return Account(mention, Kind.BEFORE, of=of, last_year=True, rises="more" in way)

    def _text(self, first: Mention, last: Mention) -> str:
        return self.mentions.text[first.count.end : last.count.start]

    def before(self, mention: Mention, words: list[Word], frame: Frame) -> Account | None:
        """Return the account of last year's count, said of what stands before it, else behind."""
        of = frame.subject if frame.told else None
        if of is None and (of := self.naming.named(words, mention, frame)):
            frame.changed = of
        if of is None:
            end = self.mentions.span(mention.sentence)[1]
            behind = self.naming.words(mention, mention.count.end, end)
            of = self.naming.named(behind, mention, frame) or self._aim(mention, end)
            of = of or frame.subject
            frame.subject = frame.changed = of
        return Account(mention, Kind.BEFORE, of=of, last_year=True) if of else None

    def _aim(self, mention: Mention, end: int) -> Account | None:
        """Return the count that last year's became (比去年的2000条增加…达到2480条)."""
        for other in self.mentions.between(mention.count.end, end):
            words = self.naming.words(other, other.open, other.count.start)
            is_aim = (
                words
                and words[-1].senses & {"to", "whole"}
                and other.count.unit == mention.count.unit
            )
            if is_aim and _VALUE_OF.match(self.mentions.text[words[-1].end : other.count.start]):
                return self._reached.setdefault(other.index, Account(other, Kind.LOOSE))
        return None

    def changed(
        self, mention: Mention, before: list[Word], frame: Frame, *, rises: bool | None
    ) -> Account:
        """Return the account of a change of what the words before it name, or of a count."""
        named = self.naming.named(before, mention, frame)
        if any("respectively" in word.senses for word in before):
            frame.respective = frame.told[-self._changes_from(mention) :]
        if named and named.figures:
            of: Account | None = named
        elif frame.respective:
            of = frame.respective.pop(0)
        else:
            of = frame.changed or frame.subject
        frame.changed = of
        other = frame.head if frame.listed and of is frame.subject else None
        return Account(mention, Kind.CHANGE, rises=rises, of=of, or_of=other)

    def _changes_from(self, mention: Mention) -> int:
        """Return how many counts stand from this one to the end of its clause."""
        listed = self.mentions.between(mention.count.start, self.naming.clause_end(mention))
        return sum(each.count.unit == mention.count.unit for each in listed)
