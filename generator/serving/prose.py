"""A part that is written, as a page shows it: its headings and paragraphs, figures as they print.

What is typed and what comes out of a table stand apart in every paragraph: an expression is one
piece that shows what it will print, and is moved and taken out as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from generator.drafting.edit_prose import DEEPEST
from generator.form.form import Section
from generator.judging.examine import Examined
from generator.judging.prose.length import characters
from generator.report.narrative import Prose
from generator.report.report import Report
from generator.values import keys
from generator.values.diagnostics import Diagnostic, KeyPath
from generator.values.numerals import numbered


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph: as typed, or what the ``expression`` in its place prints.

    ``mark`` is how much a finding about it weighs, or that it is a blank; ``says`` what it says.
    """

    text: str
    expression: str = ""
    mark: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text to write in: the path of its value, and its paragraphs."""

    path: KeyPath
    label: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    is_blank: bool
    mark: str = ""
    says: tuple[str, ...] = ()
    """What is found in the text as a whole."""


@dataclass(frozen=True, slots=True)
class Item:
    """A heading with what stands below it."""

    path: KeyPath
    number: str
    heading: str
    level: int
    below: Body
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Body:
    """A text, and the items below it; ``can_nest`` tells whether it may have any."""

    path: KeyPath
    text: Text | None
    items: tuple[Item, ...]
    can_nest: bool


@dataclass(frozen=True, slots=True)
class Length:
    """How long a part is, in 字, and how long or short it should be at most or least."""

    written: int
    most: int
    least: int

    @property
    def is_over(self) -> bool:
        """Whether it is longer than it should be."""
        return bool(self.most) and self.written > self.most


class Writer:
    """Shows the written parts of one report."""

    def __init__(self, examined: Examined) -> None:
        """Show the parts of a report that could be read."""
        assert examined.report is not None and examined.prose is not None
        self.report: Report = examined.report
        self.prose: Mapping[KeyPath, Prose] = examined.prose
        self.findings: dict[KeyPath, list[Diagnostic]] = {}
        for finding in examined.findings:
            if finding.place.file == examined.at.file and not finding.accepted:
                self.findings.setdefault(finding.place.path, []).append(finding)

    def part(self, section: Section) -> Body:
        """Return a part with all that stands in it."""
        return self._body((section.key,), self.report.data.get(section.key), section.heading, 1)

    def text(self, path: KeyPath, value: object, label: str) -> Text:
        """Return one text to write in."""
        found = self.findings.get(path, [])
        whole = [finding for finding in found if finding.place.offset is None]
        is_blank = value in (None, keys.UNFILLED)
        said = tuple(finding.message for finding in whole if not finding.is_blank)
        prose = self.prose.get(path)
        pieces = _paragraphs(prose, found) if prose and not is_blank else ()
        paragraphs = tuple(line for line in pieces if any(piece.text.strip() for piece in line))
        return Text(path, label, paragraphs, is_blank, str(whole[0].severity) if said else "", said)

    def length(self, section: Section) -> Length | None:
        """Return how long a part is, where a rule says how long it should be."""
        part = section.key
        rules = [
            rule.parameters
            for rule in self.report.form.prose_rules
            if rule.kind == "length" and rule.parameters.get("part") == part
        ]
        if not rules:
            return None
        texts = (
            prose.text
            for path, prose in self.prose.items()
            if path[0] == part and path[-1] != keys.HEADING
        )
        most = next((rule["most"] for rule in rules if rule.get("most")), 0)
        least = next((rule["least"] for rule in rules if rule.get("least")), 0)
        return Length(sum(map(characters, texts)), most, least)

    def _body(self, path: KeyPath, value: object, label: str, level: int) -> Body:
        can_nest = path.count(keys.ITEMS) < DEEPEST
        if not isinstance(value, dict):
            return Body(path, self.text(path, value, label), (), can_nest)
        items = value.get(keys.ITEMS)
        items = items if isinstance(items, list) else []
        summary = (*path, keys.SUMMARY)
        own = self.text(summary, value.get(keys.SUMMARY, ""), label)
        listed = tuple(self._items(path, items, level))
        return Body(path, own, listed, can_nest)

    def _items(self, path: KeyPath, items: list[object], level: int) -> Iterator[Item]:
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                continue
            here = (*path, keys.ITEMS, index)
            heading = str(item.get(keys.HEADING, ""))
            yield Item(
                here,
                numbered(self.report.form.numbering[level], index + 1),
                heading,
                level,
                self._body((*here, keys.BODY), item.get(keys.BODY), heading, level + 1),
                index == 0,
                index == len(items) - 1,
            )


def _paragraphs(prose: Prose, findings: Iterable[Diagnostic]) -> Iterator[tuple[Piece, ...]]:
    """Yield the paragraphs of a text, each in pieces; empty lines are none."""
    marks = [_Mark.of(finding) for finding in findings if finding.place.offset is not None]
    pieces: list[Piece] = []
    for segment in prose.segments:
        if segment.expression:
            mark = _mark_at(marks, segment.start, segment.start + len(segment.expression))
            pieces.append(Piece(segment.text, segment.expression, *mark))
            continue
        offset = segment.start
        for count, line in enumerate(segment.text.split("\n")):
            if count:
                yield tuple(pieces)
                pieces = []
            pieces += _cut(line, offset, marks)
            offset += len(line) + 1
    yield tuple(pieces)


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    name: str
    says: str

    @classmethod
    def of(cls, finding: Diagnostic) -> _Mark:
        start = finding.place.offset or 0
        name = "blank" if finding.is_blank else str(finding.severity)
        return cls(start, start + finding.place.length, name, finding.message)


def _cut(line: str, offset: int, marks: Iterable[_Mark]) -> Iterator[Piece]:
    """Cut what was typed where marks begin and end."""
    end = offset + len(line)
    marks = list(marks)
    edges = {offset, end}
    edges.update(e for mark in marks for e in (mark.start, mark.end) if offset < e < end)
    for a, b in pairwise(sorted(edges)):
        yield Piece(line[a - offset : b - offset], "", *_mark_at(marks, a, b))


def _mark_at(marks: Iterable[_Mark], start: int, end: int) -> tuple[str, str]:
    found = [mark for mark in marks if mark.start < end and start < mark.end]
    return (found[0].name, "；".join(mark.says for mark in found)) if found else ("", "")
