"""Letters of the competent office to its members, as documents: what to mend, and reminders.

Wording is data (``templates/letters/``) that a county may change. A letter is to be worked from
without this program: it names parts, rows and columns as the form prints them, and no codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from generator.county.output import what_to_do
from generator.county.register import Entry, State
from generator.form.files import LETTERS
from generator.form.form import Form, Forms
from generator.form.letters import filled, letter_words
from generator.judging.deadlines import UNFILLED
from generator.setting.compose import broken_title
from generator.values.dates import printed_day
from generator.values.diagnostics import Diagnostic, Severity
from generator.values.document import Document, Heading, Item, Paragraph, SignOff
from generator.values.numerals import han_number, numbered
from generator.values.printable import printable

MOST_PLACES = 30
"""Unfilled places that a letter names one by one."""


class Letters:
    """Writes the letters of one competent office about one year."""

    def __init__(self, forms: Forms, competent: str, year: int, today: date) -> None:
        """``competent`` signs, ``today`` is the date of all letters.

        Raises:
            source.Unreadable: a file of ``templates/letters/`` is missing or wrong.
        """
        self.forms = forms
        self.competent = printable(competent)
        self.year = year
        self.today = today
        form = forms.for_year(year)
        assert form is not None, "a register holds only years that a form covers"
        self.form: Form = forms.load(form)
        self.words = {name: letter_words(forms.shared, name) for name in LETTERS}

    def letter(self, entry: Entry) -> Document | None:
        """Return the letter to an office, ``None`` where it has nothing to do.

        Where the program failed there is none either: the office has done nothing wrong.
        """
        if entry.state is State.PASSED or entry.is_fault:
            return None
        return self._reminder(entry) if entry.state is State.MISSING else self._return(entry)

    # One letter

    def _return(self, entry: Entry) -> Document:
        words = self.words["return"]
        known = self._known(entry, words)
        findings = [f for f in entry.findings if not f.accepted and f.severity is not Severity.INFO]
        groups = self._by_part(findings, words)
        items: list[Item] = []
        count = 0
        for number, (heading, found) in enumerate(groups.items(), start=1):
            items.append(Heading(1, numbered(self.form.numbering[0], number), heading))
            for text in self._points(found, words):
                count += 1
                items.append(Paragraph(printable(f"{count}.{text}")))
        return self._document(words, known | {"处数": count}, known["单位"], items)

    def _reminder(self, entry: Entry) -> Document:
        words = self.words["reminder"]
        known = self._known(entry, words)
        return self._document(words, known, known["单位"], ())

    def _points(self, found: Sequence[Diagnostic], words: Mapping[str, Any]) -> Iterator[str]:
        """Yield a sentence for each point: what is not filled in first, in one; then the others."""
        unfilled = [finding for finding in found if finding.code in UNFILLED]
        if unfilled:
            places = list(dict.fromkeys(self._label(finding) for finding in unfilled))
            named = "、".join(places[:MOST_PLACES])
            about = {"处数": len(places), "位置": named, "不止": len(places) > MOST_PLACES}
            yield filled(words["unfilled"], about)
        rest = [finding for finding in found if finding.code not in UNFILLED]
        rest.sort(key=lambda finding: finding.severity is not Severity.ERROR)
        for point in self._mended_at_once(rest):
            doubt = words["doubt"] if point[0].severity is Severity.WARNING else ""
            text = filled(words["point"], self._point(point))
            yield doubt + self._worded(text, words.get("wording", ()))

    def _mended_at_once(self, found: Iterable[Diagnostic]) -> list[list[Diagnostic]]:
        """Put those together that one figure mends: it is asked for once."""
        points: dict[str, list[Diagnostic]] = {}
        for number, finding in enumerate(found):
            mend = finding.hint.partition("。")[0]
            points.setdefault(mend if self._codes.search(mend) else str(number), []).append(finding)
        return list(points.values())

    def _point(self, findings: Sequence[Diagnostic]) -> dict[str, Any]:
        first = findings[0]
        entries = self._catalogue.get(first.code, ())
        return {
            "位置": self._label(first),
            "问题": "；".join(dict.fromkeys(map(self._subject, findings))),
            "算式": "；".join(_sentence("；".join(f.detail)) for f in findings if f.detail),
            "要求": _sentence(first.hint or (entries[0].hint if entries else "")),
            "依据": "；".join(dict.fromkeys(_sentence(f.basis) for f in findings if f.basis)),
        }

    def _subject(self, finding: Diagnostic) -> str:
        """Say what is wrong; where both sides are written out, the title says the rest."""
        entries = self._catalogue.get(finding.code, ())
        is_figure = finding.place.path[:1] and finding.place.path[0] in self.form.table_by_key
        where = f"（{self._label(finding)}）" if is_figure else ""
        told = f"{entries[0].title}{where}" if finding.detail and entries else ""
        return _sentence(told or finding.message)

    @cached_property
    def _catalogue(self) -> Mapping[str, Sequence[Any]]:
        from generator.form.catalogue import catalogue

        return catalogue(self.forms).entries

    def _by_part(
        self, findings: Iterable[Diagnostic], words: Mapping[str, Any]
    ) -> dict[str, list[Diagnostic]]:
        """Group findings by the part of the report, in its order; the whole report comes last."""
        headings = {
            section.key: filled(
                words["part"], {"序号": han_number(number), "标题": section.heading}
            )
            for number, section in enumerate(self.form.sections, start=1)
        }
        found: dict[str, list[Diagnostic]] = {heading: [] for heading in headings.values()}
        found[words["whole"]] = []
        for finding in findings:
            key = str(finding.place.path[0]) if finding.place.path else ""
            found[headings.get(key, words["whole"])].append(finding)
        return {heading: part for heading, part in found.items() if part}

    def _label(self, finding: Diagnostic) -> str:
        """Name a place as the form prints it: a figure by its row and column, prose by its part."""
        path = finding.place.path
        headings = {section.key: section.heading for section in self.form.sections}
        if path and path[0] in headings and path[0] not in self.form.table_by_key:
            return filled(self.words["return"]["text"], {"标题": headings[str(path[0])]})
        return self.form.label(path)

    # The list

    def overview(self, entries: Sequence[Entry]) -> Document:
        """Return the list of all: who was written to, and why."""
        entries = [entry for entry in entries if not entry.is_fault]
        words = self.words["list"]
        groups = {
            "returned": [e for e in entries if e.state in (State.UNFILLED, State.WRONG)],
            "reminded": [e for e in entries if e.state is State.MISSING],
            "passed": [e for e in entries if e.state is State.PASSED],
        }
        known = {
            "年度": self.year,
            "总数": len(entries),
            "退回": len(groups["returned"]),
            "催报": len(groups["reminded"]),
            "通过": len(groups["passed"]),
        }
        items: list[Item] = []
        for number, (kind, found) in enumerate(
            ((kind, found) for kind, found in groups.items() if found), start=1
        ):
            items.append(Heading(1, numbered(self.form.numbering[0], number), words[kind]))
            for count, entry in enumerate(found, start=1):
                about = {"单位": entry.name, "情况": what_to_do(entry) or entry.state.value}
                items.append(Paragraph(printable(f"{count}.{filled(words['entry'], about)}")))
        return self._document(words, known, "", items)

    # What all have

    def _known(self, entry: Entry, words: Mapping[str, Any]) -> dict[str, Any]:
        due = {"期限日": printed_day(entry.due.isoformat())}
        is_over = entry.due <= self.today
        return {
            "单位": printable(entry.name),
            "年度": self.year,
            "主管部门": self.competent,
            "期限": filled(words["overdue" if is_over else "due"], due),
            **due,
        }

    def _document(
        self, words: Mapping[str, Any], known: Mapping[str, Any], to: str, items: Sequence[Item]
    ) -> Document:
        title = filled(words["title"], known)
        head = [Paragraph(filled(words["to"], known), flush=True)] if to else []
        paragraphs = {
            name: [Paragraph(line) for line in filled(words.get(name, ""), known).splitlines()]
            for name in ("opening", "closing")
        }
        return Document(
            title=broken_title(title, to, self.form.title_words, self.form.style),
            office=self.competent,
            year=self.year,
            items=(*head, *paragraphs["opening"], *items, *paragraphs["closing"]),
            style=self.form.style,
            sign_off=SignOff(self.competent, printed_day(self.today.isoformat())),
        )

    def _worded(self, point: str, wording: Iterable[Mapping[str, str]]) -> str:
        """Take the codes out of a point, and put an office's words for the program's."""
        point = self._codes.sub("", point)
        for change in wording:
            point = point.replace(change["from"], change["to"])
        return point

    @cached_property
    def _codes(self) -> re.Pattern[str]:
        """Codes in brackets: 「（T3-1、Y-1）」."""
        codes = "|".join(map(re.escape, sorted(self._catalogue, key=len, reverse=True)))
        return re.compile(f"（(?:{codes})(?:、(?:{codes}))*）")


def _sentence(text: str) -> str:
    """Return a text without the stop at its end: the letter's own wording sets it."""
    return text.rstrip("。；， ")
