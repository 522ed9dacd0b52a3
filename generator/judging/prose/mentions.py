"""The counts in a report's prose, each at its place: paragraph, sentence, clause, list, brackets.

This is what is read before anything is understood. ``accounts`` settles what each mention is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.form.names import UnknownName
from generator.form.vocabulary import Vocabulary, Word
from generator.judging.prose.numerals import Count, counts
from generator.judging.prose.passages import Passages
from generator.report.report import Report
from generator.values.diagnostics import Place, Related
from generator.values.grid import FigurePath
from generator.values.numerals import digits

_BREAKS: Final = re.compile(r"[，,。；;：:（）()！!？?\n]")
_SAYS_NOTHING: Final = re.compile(r"[、其中有的\s]*")
_SENTENCE_ENDS: Final = "。！!？?\n"


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """A count in the prose, with the stretches of text that belong to it.

    ``lead`` is where its own words before it begin, ``open`` where those begin that no mention has
    yet used, ``tail`` where its words behind it end; ``sentence`` numbers the sentence.
    """

    index: int
    count: Count
    computed: bool
    lead: int
    open: int
    tail: int
    sentence: int
    bracketed: bool


class Mentions:
    """The counts of a report's prose, with the words and the figures that explain them."""

    def __init__(
        self,
        passages: Passages,
        units: re.Pattern[str],
        bare: re.Pattern[str] | None = None,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        """Read the counts of ``passages``: with one of ``units`` behind, or found by ``bare``."""
        self.passages = passages
        self.text = passages.masked
        self.report = passages.report
        self.vocabulary = vocabulary
        text = self.text
        self._breaks = [found.start() for found in _BREAKS.finditer(text)]
        self.sentence_ends = [at + 1 for at in self._breaks if text[at] in _SENTENCE_ENDS]
        self._lines = [end for end in self.sentence_ends if text[end - 1] == "\n"]
        # A context is looked for once in a paragraph, however many counts stand in it.
        self._spoken_of: dict[tuple[re.Pattern[str], int], bool] = {}
        self._words: dict[int, list[Word]] = {}
        self.all = self._read(list(filter(self._is_count, counts(text, units.pattern, bare))))
        self.starts = [mention.count.start for mention in self.all]

    def _is_count(self, count: Count) -> bool:
        """Whether a count is one: 两项合计10件 only refers to what stands before it."""
        words = self.vocabulary.words if self.vocabulary else {}
        said = self.text[count.start : count.end]
        if "together" not in words.get(said, ()):
            return True
        after = (self.text[count.end : count.end + length] for length in (1, 2))
        return not any("whole" in words.get(word, ()) for word in after)

    def _read(self, found: list[Count]) -> list[Mention]:
        """Give every count its stretches of text; one pass, each character looked at twice."""
        text, breaks = self.text, self._breaks
        mentions: list[Mention] = []
        used = 0
        for index, count in enumerate(found):
            number = bisect_right(self.sentence_ends, count.start)
            first = self.sentence_ends[number - 1] if number else 0
            at = bisect_left(breaks, count.start)
            clause = breaks[at - 1] + 1 if at else 0
            used = max(used, first)
            after = bisect_left(breaks, count.end)
            tail = breaks[after] if after < len(breaks) else len(text)
            comma = text.find("、", count.end, min(tail, count.end + 40))
            tail = comma if comma >= 0 else tail
            follows = found[index + 1].start if index + 1 < len(found) else len(text)
            if text[count.start - 1 : count.start] in ("）", ")"):
                clause = self._before_brackets(first, count.start, clause)
            lead = max(clause, used)
            if follows < tail:
                tail = follows if _SAYS_NOTHING.fullmatch(text, lead, count.start) else count.end
            mentions.append(
                Mention(
                    index,
                    count,
                    self.passages.is_computed(count.start, count.number_end),
                    lead,
                    used,
                    tail,
                    number,
                    bool(at) and text[breaks[at - 1]] in "（(",
                )
            )
            used = tail
        return mentions

    def _before_brackets(self, first: int, end: int, clause: int) -> int:
        """Return where the clause of a count right behind brackets begins (公开（含…）5件)."""
        opening = max(self.text.rfind(c, first, end) for c in "（(")
        at = bisect_left(self._breaks, opening) if opening >= 0 else 0
        return max(first, self._breaks[at - 1] + 1) if at else first if opening >= 0 else clause

    def words(self, sentence: int) -> list[Word]:
        """Return the known words of a sentence, by its number; read when first asked for."""
        if sentence not in self._words:
            found: list[Word] = []
            if self.vocabulary:
                start, end = self.span(sentence)
                found = self.vocabulary.read(self.text, start, end, self.report.year)
            self._words[sentence] = found
        return self._words[sentence]

    def words_between(self, sentence: int, start: int, end: int) -> list[Word]:
        """Return the known words of a sentence that lie between two places."""
        words = self.words(sentence)
        first = bisect_left(words, start, key=lambda word: word.start)
        last = bisect_left(words, end, key=lambda word: word.start)
        return [word for word in words[first:last] if word.end <= end]

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

    def span(self, sentence: int) -> tuple[int, int]:
        """Return where a sentence begins and ends, by its number."""
        ends = self.sentence_ends
        start = ends[sentence - 1] if sentence else 0
        return start, ends[sentence] if sentence < len(ends) else len(self.text)

    def sentence(self, offset: int) -> tuple[int, int]:
        """Return where the sentence around ``offset`` begins and ends."""
        return self.span(bisect_right(self.sentence_ends, offset))

    def paragraph(self, offset: int) -> int:
        """Return the number of the paragraph around ``offset``."""
        return bisect_right(self._lines, offset)

    def is_about(self, context: re.Pattern[str] | None, offset: int) -> bool:
        """Whether the paragraph around ``offset``, or a heading above it, speaks of ``context``."""
        if context is None:
            return True
        paragraph = self.paragraph(offset)
        key = context, paragraph
        if key not in self._spoken_of:
            start = self._lines[paragraph - 1] if paragraph else 0
            end = self._lines[paragraph] if paragraph < len(self._lines) else len(self.text)
            self._spoken_of[key] = bool(
                context.search(self.text, start, end)
                or context.search(self.passages.headings_above(offset))
            )
        return self._spoken_of[key]

    def between(self, start: int, end: int) -> list[Mention]:
        """Return the counts that begin between two places."""
        return self.all[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def written(self, mention: Mention) -> str:
        """Return a count as it stands in the text, its unit included."""
        return self.text[mention.count.start : mention.count.end]

    def place(self, mention: Mention) -> Place:
        """Return where a count stands in the office file."""
        return self.passages.place(mention.count.start, mention.count.end)

    def related(self, mention: Mention) -> Related:
        """Return a count as an operand of a finding."""
        return Related(self.place(mention), "正文", self.written(mention))


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
