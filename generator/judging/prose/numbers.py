"""The counts in a report's prose, and what is known about each of them.

A count is accounted for when an expression computed it, when it names a figure of the tables and
agrees with it, when it is part of a sum that comes out, or when it is a change against last year
that can be recomputed. What is left over is listed on request, never judged.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.form.names import UnknownName
from generator.form.prose_rules import ProseRule
from generator.judging.prose.numerals import Count, counts
from generator.judging.prose.passages import Passages
from generator.report.report import Report
from generator.values.diagnostics import Diagnostic, Place, Related
from generator.values.grid import FigurePath
from generator.values.numerals import digits

BOUNDARY: Final = re.compile(r"[，,。；;！!？?\n]")
_SENTENCE_ENDS: Final = "。！!？?\n"


@dataclass
class Number:
    """A count in the prose: what stands before it in its clause, and what is known about it."""

    count: Count
    lead_start: int
    computed: bool
    figure: str = ""
    """The figure it names, as an expression would."""
    per: Decimal = Decimal(1)
    """How many single units the figure counts in: 10000 where it is in 万元."""
    is_change: bool = False
    accounted: bool = False


class Numbers:
    """The counts of a report's prose, with the figures that they may be compared with."""

    def __init__(self, passages: Passages, units: re.Pattern[str]) -> None:
        """Read the counts of ``passages`` that are followed by one of ``units``."""
        self.passages = passages
        self.text = passages.masked
        self.report = passages.report
        text = self.text
        boundaries = [found.end() for found in BOUNDARY.finditer(text)]
        self.sentence_ends = [end for end in boundaries if text[end - 1] in _SENTENCE_ENDS]
        self._breaks = [end for end in self.sentence_ends if text[end - 1] == "\n"]
        # A context is looked for once in a paragraph, however many counts stand in it.
        self._spoken_of: dict[tuple[re.Pattern[str], int], bool] = {}
        self.all: list[Number] = []
        before = 0
        for count in counts(self.text, units.pattern):
            index = bisect_right(boundaries, count.start) - 1
            lead = max(before, boundaries[index] if index >= 0 else 0)
            computed = passages.is_computed(count.start, count.number_end)
            self.all.append(Number(count, lead, computed, accounted=computed))
            before = count.end
        self.starts = [number.count.start for number in self.all]

    def value(self, figure: str, *, last_year: bool = False) -> Decimal | None:
        """Return the figure, or the sum, that an expression names; ``None`` if unknown."""
        report = self.report.previous if last_year else self.report
        if report is None:
            return None
        try:
            value = report.form.names.number(figure).value(report.figures.values)
        except UnknownName:
            return None  # last year's form has no such figure
        return None if value is None else Decimal(value)

    def sentence(self, offset: int) -> tuple[int, int]:
        """Return where the sentence around ``offset`` begins and ends."""
        index = bisect_right(self.sentence_ends, offset)
        start = self.sentence_ends[index - 1] if index else 0
        end = self.sentence_ends[index] if index < len(self.sentence_ends) else len(self.text)
        return start, end

    def is_about(self, context: re.Pattern[str] | None, offset: int) -> bool:
        """Whether the paragraph around ``offset``, or a heading above it, speaks of ``context``."""
        if context is None:
            return True
        paragraph = bisect_right(self._breaks, offset)
        key = context, paragraph
        if key not in self._spoken_of:
            start = self._breaks[paragraph - 1] if paragraph else 0
            end = self._breaks[paragraph] if paragraph < len(self._breaks) else len(self.text)
            self._spoken_of[key] = bool(context.search(self.text, start, end))
        return self._spoken_of[key] or bool(context.search(self.passages.headings_above(offset)))

    def between(self, start: int, end: int) -> list[Number]:
        """Return the counts that begin between two places."""
        return self.all[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def written(self, number: Number) -> str:
        """Return a count as it stands in the text, its unit included."""
        return self.text[number.count.start : number.count.end]

    def place(self, number: Number) -> Place:
        """Return where a count stands in the office file."""
        return self.passages.place(number.count.start, number.count.end)

    def related(self, number: Number) -> Related:
        """Return a count as an operand of a finding."""
        return Related(self.place(number), "正文", self.written(number))


def unaccounted(rule: ProseRule, numbers: Numbers) -> Iterator[Diagnostic]:
    """List the counts that nothing in the report confirms, once the others are accounted for."""
    for number in numbers.all:
        if not number.accounted:
            about = "" if number.count.is_exact else "（约数）"
            message = f"「{numbers.written(number)}」{about}没有表中的数可以核对"
            yield rule.finding(numbers.place(number), message)


def path_of(report: Report, figure: str) -> FigurePath:
    """Return the keys of the figure that an expression names; of a sum, its first term's."""
    return report.form.names.number(figure).path


def label_of(report: Report, figure: str) -> str:
    """Name the figure by its printed labels."""
    return report.form.names.number(figure).label


def operand(report: Report, figure: str, value: Decimal) -> Related:
    """Return a figure of ``report`` as an operand of a finding."""
    place = Place(report.at.file, path_of(report, figure))
    return Related(place, label_of(report, figure), digits(value))
