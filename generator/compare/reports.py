"""Two reports side by side: every figure with its change, every sentence kept or not.

Reports under different forms are compared where a figure has a counterpart (``succession``); what
has none is shown alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rapidfuzz import fuzz, process

from generator.form.form import Form, Forms
from generator.form.succession import Pair
from generator.judging.examine import Examined
from generator.judging.prose.similarity import Sentence, kept, length, sentences
from generator.report.filters import percentage
from generator.report.report import Report
from generator.values import keys
from generator.values.grid import FigurePath, Number

_NEAR = 0.5
"""Sentences at least so alike are the same one rewritten, others are new."""
_MOST_PAIRS = 1_000_000
"""Pairs of sentences that are looked at in one part; a long report's part has 10,000."""


class Change(StrEnum):
    """How a figure went from one report to the other."""

    CHANGED = "有变化"
    ALONE = "无对应"
    SAME = "相同"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of both reports; a side without it, or with a blank, is ``None``."""

    label: str
    first: Number | None
    second: Number | None
    in_first: bool
    in_second: bool

    @property
    def change(self) -> Change:
        """Whether the figure changed."""
        if not (self.in_first and self.in_second):
            return Change.ALONE
        return Change.SAME if self.first == self.second else Change.CHANGED

    @property
    def difference(self) -> Number | None:
        """The second less the first."""
        if self.first is None or self.second is None:
            return None
        return self.second - self.first

    @property
    def percent(self) -> str:
        """The difference in per cent of the first, empty where that is nothing."""
        if self.difference is None or not self.first:
            return ""
        sign = "+" if self.difference > 0 else "-" if self.difference < 0 else ""
        return sign + percentage(
            Decimal(self.difference).copy_abs(), Decimal(self.first).copy_abs()
        )


@dataclass(frozen=True, slots=True)
class SectionRow:
    """The prose of one part of both reports, sentence by sentence."""

    heading: str
    similarity: Decimal
    """The share of the second's text that stood in the first, 0 to 1."""
    kept: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything that two reports have in common and apart; ``names`` say whose they are."""

    names: tuple[str, str]
    figures: tuple[FigureRow, ...]
    """Changed ones first, each group in the order of the form."""
    sections: tuple[SectionRow, ...]


def compare(first: Examined, second: Examined, forms: Forms) -> Compared:
    """Compare two reports that could be read."""
    assert first.report is not None and second.report is not None
    rows = list(_figures(first.report, second.report, forms))
    order = list(Change)
    return Compared(
        names=(_name(first.report), _name(second.report)),
        figures=tuple(sorted(rows, key=lambda row: order.index(row.change))),
        sections=tuple(_sections(first, second)),
    )


def _name(report: Report) -> str:
    return f"{report.office.short_name} {report.year}"


def _figures(first: Report, second: Report, forms: Forms) -> Iterator[FigureRow]:
    """Yield the figures in the order of the newer form, those of the older alone at the end."""
    older, newer = sorted((first, second), key=lambda report: report.form.first_year)
    step = forms.step(older.form.id, newer.form.id)
    pairs = step.pairs if step else tuple(Pair((p,), (p,)) for p in newer.form.figures)
    place = {path: index for index, path in enumerate(newer.form.figures)}
    olds = {path for pair in pairs for path in pair.old}
    news = {path for pair in pairs for path in pair.new}
    alone = [Pair((), (path,)) for path in newer.form.figures if path not in news]
    gone = [Pair((path,), ()) for path in older.form.figures if path not in olds]
    for pair in (*sorted((*pairs, *alone), key=lambda pair: place[pair.new[0]]), *gone):
        sides = (
            (_sum(older, pair.old), bool(pair.old)),
            (_sum(newer, pair.new), bool(pair.new)),
        )
        (one, in_first), (two, in_second) = sides if older is first else sides[::-1]
        yield FigureRow(_label(pair, older.form, newer.form), one, two, in_first, in_second)


def _sum(report: Report, paths: tuple[FigurePath, ...]) -> Number | None:
    values = [report.figures.get(path) for path in paths]
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _label(pair: Pair, older: Form, newer: Form) -> str:
    """Name a figure by the newer form; a sum that is one figure in the older form by that."""
    if len(pair.new) == 1:
        return newer.label(pair.new[0])
    label = older.label(pair.old[0])
    return f"{label}（{len(pair.new)} 项之和）" if pair.new else f"{label}（{older.id} 年表式）"


def _sections(first: Examined, second: Examined) -> Iterator[SectionRow]:
    assert first.report is not None and second.report is not None
    headings = {
        section.key: section.heading
        for report in (second.report, first.report)
        for section in report.form.sections
        if section.table is None
    }
    for key, heading in headings.items():
        before, after = _prose(first, key), _prose(second, key)
        if before or after:
            yield _section(heading, _read(first, before), _read(second, after))


def _prose(examined: Examined, key: str) -> str:
    """Return the text of a part, headings left out: they are to be the same every year."""
    prose = examined.prose or {}
    return "\n".join(
        text.text for path, text in prose.items() if path[0] == key and path[-1] != keys.HEADING
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """A text taken apart into sentences."""

    text: str
    sentences: tuple[Sentence, ...]

    def words(self, sentence: Sentence) -> str:
        return self.text[sentence.start : sentence.end]


def _read(examined: Examined, text: str) -> _Read:
    assert examined.report is not None
    office = examined.report.office
    return _Read(text, sentences(text, (office.name, office.short_name)))


def _section(heading: str, before: _Read, after: _Read) -> SectionRow:
    stayed = kept(after.sentences, before.sentences)
    is_kept = {sentence.start for sentence in stayed}
    still_there = {sentence.start for sentence in kept(before.sentences, after.sentences)}
    left = [s for s in before.sentences if s.start not in still_there]
    new = [s for s in after.sentences if s.start not in is_kept]
    pairs = _nearest(left, new)
    partners = {old.start for old in pairs.values()}
    whole = length(after.sentences)
    return SectionRow(
        heading=heading,
        similarity=Decimal(length(stayed)) / whole if whole else Decimal(0),
        kept=tuple(after.words(sentence) for sentence in stayed),
        changed=tuple(
            (before.words(pairs[s.start]), after.words(s)) for s in new if s.start in pairs
        ),
        added=tuple(after.words(s) for s in new if s.start not in pairs),
        removed=tuple(before.words(s) for s in left if s.start not in partners),
    )


def _nearest(left: Sequence[Sentence], new: Sequence[Sentence]) -> dict[int, Sentence]:
    """Return for new sentences, by their starts, what each was made of: every old one once.

    In a text far longer than any report's part nothing is looked for.
    """
    pairs: dict[int, Sentence] = {}
    if len(left) * len(new) > _MOST_PAIRS:
        return pairs
    keys_left = dict(enumerate(sentence.key for sentence in left))
    for sentence in new:
        cutoff = 100 * _NEAR
        found = process.extractOne(sentence.key, keys_left, scorer=fuzz.ratio, score_cutoff=cutoff)
        if found:
            pairs[sentence.start] = left[found[2]]
            del keys_left[found[2]]
    return pairs
