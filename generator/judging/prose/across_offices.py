"""What can only be seen when several offices are read together: other names, shared sentences.

Runs in ``nianbao check`` over everything that was examined; a document never depends on another
office's files. One pass to index, one to look up: linear in the number of reports. Only those that
name another office, or accept what is found here, are read once more.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from generator.form.prose_rules import ProseRule
from generator.judging.acceptance import accept, accepts_any
from generator.judging.faults import fault
from generator.judging.prose.passages import Passages
from generator.judging.prose.similarity import kept, sentences
from generator.reading.workspace import ReportFile
from generator.report.narrative import Prose, narrate, texts_of
from generator.report.report import Reader, Report
from generator.values import keys
from generator.values.diagnostics import Diagnostic, KeyPath, Place, Position, Related

_MOST_NAMED = 3
_MOST_LISTED = 20
_MOST_TOLD = 10
"""Sentences that are named in the finding's own words."""
_LONGEST = 60
"""Characters of one of them."""


class Said(NamedTuple):
    """A sentence that nobody else should have written: a digest of what it says, and its place."""

    digest: int
    written: str
    path: KeyPath
    offset: int
    position: Position

    def place(self, file: Path) -> Place:
        """Return its place in the file it was written in."""
        length = len(self.written)
        return Place(file, self.path, offset=self.offset, length=length, position=self.position)


@dataclass(frozen=True, slots=True)
class Voice:
    """What is heard of a report when offices are compared: little enough to keep a province's.

    ``text`` is its prose without quotations, ``said`` are its sentences by the rule that looks at
    them, ``accepts`` tells whether it accepts findings of this kind.
    """

    at: ReportFile
    name: str
    short_name: str
    kind: str
    form: int
    text: str
    said: Mapping[str, tuple[Said, ...]]
    accepts: bool


def voice_of(report: Report, prose: Mapping[KeyPath, Prose]) -> Voice:
    """Return what is heard of a report."""
    form, office = report.form, report.office
    return Voice(
        report.at,
        office.name,
        office.short_name,
        office.kind,
        form.id,
        Passages(report, prose).masked,
        {r.id: tuple(_own_words(r, report)) for r in form.prose_rules if r.kind == "shared"},
        accepts_any(report, form.compares_offices),
    )


def compare_offices(voices: Sequence[Voice], reader: Reader) -> Iterator[Diagnostic]:
    """Yield what the reports of a workspace show about each other, each finding with its line."""
    names = _Names(voices)
    writers = _Writers(voices)
    for voice in voices:
        try:
            yield from _heard(voice, names, writers, reader)
        except Exception as error:  # noqa: BLE001 - one report's fault is not to end the others' turn
            yield from fault(error, voice.at.file, reader.forms)


def _heard(voice: Voice, names: _Names, writers: _Writers, reader: Reader) -> list[Diagnostic]:
    """Return what one report shows about others."""
    mine: list[Diagnostic] = []
    form = reader.forms.load(voice.form)
    for rule in form.prose_rules:
        if rule.kind == "other_names":
            mine += _other_names(rule, voice, names, reader)
        elif rule.kind == "shared":
            mine += _shared(rule, voice, writers)
    if voice.accepts:
        report = reader.report(voice.at)
        mine = accept(report, mine, form.is_acceptable, form.compares_offices)
        mine = [finding.at(report.locate) for finding in mine]
    return mine


@dataclass(frozen=True, slots=True)
class _Foreign:
    """The name of another office at its place in a report's text."""

    start: int
    name: str
    other: Voice


class _Names:
    """The names of all offices, to be found in a text in one pass over it."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        offices: dict[Path, Voice] = {}
        for voice in voices:
            offices.setdefault(voice.at.office_path, voice)
        self.offices: dict[str, list[Voice]] = {}
        for voice in offices.values():
            for name in {voice.name, voice.short_name}:
                self.offices.setdefault(name, []).append(voice)
        self._heads = {name[:2] for name in self.offices}
        self._lengths = sorted({len(name) for name in self.offices}, reverse=True)

    def foreign_to(self, voice: Voice) -> Iterator[_Foreign]:
        """Find names of offices of the same kind that stand neither above nor below this one."""
        own_path = voice.at.office_path.parts
        for start, name in self._found_in(voice.text):
            if name in voice.name or name in voice.short_name:
                continue
            others = self.offices[name]
            if all(
                other.kind == voice.kind and not _is_related(other.at.office_path.parts, own_path)
                for other in others
            ):
                yield _Foreign(start, name, others[0])

    def _found_in(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield every name in ``text``, the longest at each place, none inside another."""
        end = 0
        for start in range(len(text) - 1):
            if start < end or text[start : start + 2] not in self._heads:
                continue
            for length in self._lengths:
                name = text[start : start + length]
                if name in self.offices:
                    yield start, name
                    end = start + length
                    break


def _is_related(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether an office is the other one, or stands above or below it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _other_names(
    rule: ProseRule, voice: Voice, names: _Names, reader: Reader
) -> Iterator[Diagnostic]:
    """Point at the first place of every foreign name, unless it is spoken of as another's."""
    first: dict[str, _Foreign] = {}
    for found in names.foreign_to(voice):
        if not rule["within"].search(voice.text, max(0, found.start - 20), found.start):
            first.setdefault(found.name, found)
    if not first:
        return
    report = reader.report(voice.at)
    passages = Passages(report, narrate(report)[0])
    for name, found in first.items():
        place = passages.place(found.start, found.start + len(name))
        message = f"「{name}」是另一个机关（{found.other.name}），本报告是{voice.name}的"
        yield rule.finding(place, message).at(report.locate)


class _Writers:
    """Who wrote a sentence, by what it says, less names, years and figures.

    Kept are the first reports of a few offices: more are never named.
    """

    def __init__(self, voices: Sequence[Voice]) -> None:
        self._by: dict[int, list[tuple[Voice, Said]]] = {}
        for voice in sorted(voices, key=lambda voice: voice.at.year):
            for said in itertools.chain(*voice.said.values()):
                writers = self._by.setdefault(said.digest, [])
                offices = [writer.at.office_path for writer, _ in writers]
                if len(writers) <= _MOST_NAMED and voice.at.office_path not in offices:
                    writers.append((voice, said))

    def others(self, said: Said, at: ReportFile) -> list[tuple[Voice, Said]]:
        """Return a few of the other offices that wrote the same, in the same year or before."""
        return [
            (writer, same)
            for writer, same in self._by[said.digest]
            if writer.at.office_path != at.office_path and writer.at.year <= at.year
        ][:_MOST_NAMED]


def _own_words(rule: ProseRule, report: Report) -> Iterator[Said]:
    """Yield the sentences of a report that nobody else should have written.

    What the program wrote into the file when it was new says nothing of whoever kept it.
    """
    file = report.at.file
    given = [given for text in report.form.given_texts for given in sentences(text)]
    for path, text in texts_of(report):
        if path[0] in (keys.TITLE, keys.LEAD) or path[-1] == keys.HEADING:
            continue
        mine = sentences(text, report.office.names)
        ours = {id(each) for each in kept(mine, given)}
        for each in mine:
            if id(each) in ours:
                continue
            if len(each.key) >= rule["shortest"] and not rule["boilerplate"].search(each.key):
                place = Place(file, path, offset=each.start, length=each.end - each.start)
                written = text[each.start : each.end]
                yield Said(_digest(each.key), written, path, each.start, report.locate(place))


def _digest(key: str) -> int:
    """Return 64 bits of what a sentence says, the same in every process."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")


def _shared(rule: ProseRule, voice: Voice, writers: _Writers) -> Iterator[Diagnostic]:
    """Find the sentences that another office wrote as well, in the same year or before."""
    copied = [
        (said, others) for said in voice.said[rule.id] if (others := writers.others(said, voice.at))
    ]
    if not copied:
        return
    related = [
        Related(same.place(other.at.file), f"{other.name} {other.at.year}", same.written)
        for _, others in copied
        for other, same in others
    ]
    with_whom = Counter(other.name for _, others in copied for other, _ in others)
    most = with_whom.most_common(_MOST_NAMED)
    whom = "、".join(f"「{name}」（{shared} 句）" for name, shared in most)
    more = "等" if len(with_whom) > _MOST_NAMED else ""
    message = f"有 {len(copied)} 句与别的机关的报告相同：{whom}{more}"
    first = copied[0][0].place(voice.at.file)
    found = rule.finding(first, message, related=tuple(related[:_MOST_LISTED]))
    yield replace(found, detail=tuple(_told(copied[:_MOST_TOLD])))


def _told(copied: Sequence[tuple[Said, list[tuple[Voice, Said]]]]) -> Iterator[str]:
    """Yield each shared sentence with the offices and years that have it."""
    for said, others in copied:
        whom = "、".join(f"{other.name} {other.at.year} 年度报告" for other, _ in others)
        yield f"「{_cut(said.written)}」也在：{whom}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
