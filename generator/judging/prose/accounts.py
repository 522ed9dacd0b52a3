"""What a mention can be: a figure of the tables, a change, a share, another's, or loose.

``settling`` makes an account of every mention; judges, the listing of unchecked counts, rollover
and ``explain`` look at them, and nobody changes them.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum, auto
from typing import NamedTuple

from generator.judging.prose.mentions import Mention, Mentions
from generator.judging.prose.numerals import PERCENT, TIMES


class Kind(Enum):
    """What a mention can be."""

    COMPUTED = auto()
    FIGURE = auto()
    PART = auto()
    BEFORE = auto()
    CHANGE = auto()
    MULTIPLE = auto()
    SHARE = auto()
    RATE = auto()
    AVERAGE = auto()
    ELSEWHERE = auto()
    LOOSE = auto()


class Account(NamedTuple):
    """What a mention is.

    ``figures`` is the family that its words allow, as expressions, or, for a part that the tables
    do not have (收到网上申请6件), what it is a part of; ``rule`` the rule that judges it. ``of`` is
    what a change, a share or last year's count is said of, or ``or_of`` behind a list; for a share,
    ``wholes`` are the figures it may be a share of.
    """

    mention: Mention
    kind: Kind
    figures: tuple[str, ...] = ()
    rule: str = ""
    scale: int = 1
    last_year: bool = False
    both_years: bool = False
    rises: bool | None = None
    of: Account | None = None
    or_of: Account | None = None
    wholes: tuple[str, ...] = ()
    topic: str = ""

    def fitting(self, mentions: Mentions) -> str:
        """Return the member of the family that agrees with the count, empty if none does."""
        for figure in self.figures:
            value = self.value(mentions, figure)
            if value is not None and self.mention.count.agrees(value * self.scale):
                return figure
        return ""

    def value(self, mentions: Mentions, figure: str) -> Decimal | None:
        """Return what a member of the family is in the year, or both years, spoken of."""
        value = mentions.value(figure, last_year=self.last_year)
        if not self.both_years or value is None:
            return value
        before = mentions.value(figure, last_year=True)
        return None if before is None else value + before

    @property
    def is_rate(self) -> bool:
        """Whether a change is told by a percentage or a multiple."""
        return self.mention.count.unit in (PERCENT, TIMES)
