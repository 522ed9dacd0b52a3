"""What can only be seen when several offices are read together: other names, shared sentences.

Runs in ``nianbao check`` over everything that was examined; a document never depends on another
office's files. One pass to index, one to look up: linear in the number of reports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from generator import keys
from generator.acceptance import accept
from generator.diagnostics import Diagnostic, KeyPath, Place, Related
from generator.examine import Examined
from generator.narrative import texts_of
from generator.prose.passages import Passages
from generator.prose.rules import ProseRule
from generator.prose.similarity import Sentence, sentences
from generator.report import Office, Report

_MOST_NAMED = 3
_MOST_LISTED = 20


def compare_offices(examined: Sequence[Examined]) -> list[Diagnostic]:
    """Return what the reports of a workspace show about each other, each finding with its line."""
    read = [each for each in examined if each.report is not None]
    names = _Names(read)
    written = _Sentences(read)
    found: list[Diagnostic] = []
    for each in read:
        report = each.report
        assert report is not None
        mine: list[Diagnostic] = []
        for rule in report.edition.prose_rules:
            if rule.kind == "other_names":
                mine += _other_names(rule, each, report, names)
            elif rule.kind == "shared":
                mine += _shared(rule, report, written)
        edition = report.edition
        accepted = accept(report, mine, edition.is_acceptable, edition.compares_offices)
        found += [finding.at(report.locate) for finding in accepted]
    return found


class _Names:
    """The names of all offices, to be found in a text in one pass over it."""

    def __init__(self, examined: Sequence[Examined]) -> None:
        self.offices: dict[str, list[tuple[tuple[str, ...], Office]]] = {}
        seen: set[tuple[str, ...]] = set()
        for each in examined:
            assert each.report is not None
            path = each.at.office_path.parts
            if path in seen:
                continue
            seen.add(path)
            office = each.report.office
            for name in set(office.names):
                self.offices.setdefault(name, []).append((path, office))
        self._heads = {name[:2] for name in self.offices}
        self._lengths = sorted({len(name) for name in self.offices}, reverse=True)

    def found_in(self, text: str) -> Iterator[tuple[int, str]]:
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


def _other_names(
    rule: ProseRule, each: Examined, report: Report, names: _Names
) -> Iterator[Diagnostic]:
    """Find names of offices of the same kind that stand neither above nor below this one."""
    if not each.prose:
        return
    passages = Passages(report, each.prose)
    own_path = each.at.office_path.parts
    own = report.office
    told: set[str] = set()
    for start, name in names.found_in(passages.masked):
        if name in told or name in own.name or name in own.short_name:
            continue
        others = [
            office
            for path, office in names.offices[name]
            if office.kind == own.kind and not _is_related(path, own_path)
        ]
        if len(others) < len(names.offices[name]):
            continue
        if rule["within"].search(passages.masked, max(0, start - 20), start):
            continue
        told.add(name)
        yield rule.finding(
            passages.place(start, start + len(name)),
            f"「{name}」是另一个机关（{others[0].name}），本报告是{own.name}的",
        )


def _is_related(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether an office is the other one, or stands above or below it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


@dataclass
class _Written:
    """Who wrote a sentence: the first report of every office that did."""

    by: dict[tuple[str, ...], tuple[Report, Place, str]] = field(default_factory=dict)


class _Sentences:
    """The sentences of all reports by what they say, less names, years and figures."""

    def __init__(self, examined: Sequence[Examined]) -> None:
        self.all: dict[str, _Written] = {}
        for each in sorted(examined, key=lambda each: each.at.year):
            report = each.report
            assert report is not None
            office = each.at.office_path.parts
            for path, text, sentence in _sentences_of(report):
                written = self.all.setdefault(sentence.key, _Written())
                if office not in written.by:
                    place = _place(report, path, sentence)
                    written.by[office] = (report, place, text)


def _sentences_of(report: Report) -> Iterator[tuple[KeyPath, str, Sentence]]:
    for path, text in texts_of(report):
        if path[0] not in (keys.TITLE, keys.LEAD) and path[-1] != keys.HEADING:
            for sentence in sentences(text, report.office.names):
                yield path, text, sentence


def _place(report: Report, path: KeyPath, sentence: Sentence) -> Place:
    return Place(report.at.file, path, offset=sentence.start, length=sentence.end - sentence.start)


def _shared(rule: ProseRule, report: Report, written: _Sentences) -> Iterator[Diagnostic]:
    """Find the sentences that another office wrote as well, in the same year or before."""
    own = report.at.office_path.parts
    first: Place | None = None
    related: list[Related] = []
    with_whom: dict[str, int] = {}
    count = 0
    for path, _text, sentence in _sentences_of(report):
        if len(sentence.key) < rule["shortest"] or rule["boilerplate"].search(sentence.key):
            continue
        others = _others(written.all[sentence.key], own, report.year)
        if not others:
            continue
        count += 1
        first = first or _place(report, path, sentence)
        for other, place, text in others:
            with_whom[other.office.name] = with_whom.get(other.office.name, 0) + 1
            if len(related) < _MOST_LISTED:
                said = text[place.offset or 0 : (place.offset or 0) + place.length]
                placed = replace(place, position=other.locate(place))
                label = f"{other.office.name} {other.year}"
                related.append(Related(placed, label, said))
    if first is None:
        return
    most = sorted(with_whom.items(), key=lambda item: -item[1])
    whom = "、".join(f"「{name}」（{shared} 句）" for name, shared in most[:_MOST_NAMED])
    more = "等" if len(most) > _MOST_NAMED else ""
    message = f"有 {count} 句与别的机关的报告相同：{whom}{more}"
    yield rule.finding(first, message, related=tuple(related))


def _others(written: _Written, own: tuple[str, ...], year: int) -> list[tuple[Report, Place, str]]:
    """Return a few of the other offices that wrote the sentence; never look at all of them."""
    found = []
    for office, (report, place, text) in written.by.items():
        if office != own and report.year <= year:
            found.append((report, place, text))
        if len(found) == _MOST_NAMED or report.year > year:
            break
    return found
