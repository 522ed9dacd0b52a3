"""Letters of the competent office to its members, as documents: what to mend, and reminders.

Wording is data (``templates/letters/``) that a county may change. A letter is to be worked from
without this program: it names parts, rows and columns as the form prints them, and no codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.county.register import Entry, State
from generator.form.files import LETTERS
from generator.form.form import Form, Forms
from generator.form.letters import filled, letter_words
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

    def __init__(
        self, forms: Forms, competent: str, year: int, today: date, county: Path | None = None
    ) -> None:
        """``competent`` signs, ``today`` is the date; a ``county``'s folder may have own wording.

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
        self.words = {name: letter_words(forms.shared, name, county) for name in LETTERS}

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
        items: list[Item] = []
        count = 0
        for number, (heading, points) in enumerate(self._points(entry).items(), start=1):
            items.append(Heading(1, numbered(self.form.numbering[0], number), heading))
            for text in points:
                count += 1
                items.append(Paragraph(printable(f"{count}.{text}")))
        known["处数"] = count
        return self._document(words, known, known["单位"], items)

    def _reminder(self, entry: Entry) -> Document:
        words = self.words["reminder"]
        known = self._known(entry, words)
        return self._document(words, known, known["单位"], ())

    def _points(self, entry: Entry) -> dict[str, list[str]]:
        """Return what a letter asks for, a sentence each, by the part of the report."""
        words = self.words["return"]
        findings = [f for f in entry.findings if not f.accepted and f.severity is not Severity.INFO]
        groups = self._by_part(_each_once(findings), words)
        return {heading: list(self._sentences(found, words)) for heading, found in groups.items()}

    def _sentences(self, found: Sequence[Diagnostic], words: Mapping[str, Any]) -> Iterator[str]:
        """Yield a sentence for each point: what is not filled in first, in one; then the others."""
        unfilled = [finding for finding in found if finding.is_blank]
        if unfilled:
            places = list(dict.fromkeys(self._label(finding) for finding in unfilled))
            named = "、".join(places[:MOST_PLACES])
            about = {"处数": len(places), "位置": named, "不止": len(places) > MOST_PLACES}
            yield filled(words["unfilled"], about)
        rest = [finding for finding in found if not finding.is_blank]
        rest.sort(key=lambda finding: finding.severity is not Severity.ERROR)
        for point in self._mended_at_once(rest):
            doubt = words["doubt"] if point[0].severity is Severity.WARNING else ""
            text = filled(words["point"], self._point(point))
            yield doubt + self._worded(text)

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
        written_out = [f for f in findings if f.code in self._rules]
        quoted = [f for f in findings if f.code not in self._rules]
        return {
            "位置": self._label(first),
            "问题": "；".join(dict.fromkeys(map(self._subject, findings))),
            "算式": "；".join(_sentence("；".join(f.detail)) for f in written_out if f.detail),
            "引文": "；".join(_sentence("；".join(f.detail)) for f in quoted if f.detail),
            "要求": self._asked(first.hint or (entries[0].hint if entries else "")),
            "依据": "；".join(dict.fromkeys(_sentence(f.basis) for f in findings if f.basis)),
        }

    def _asked(self, hint: str) -> str:
        """Say what is to be done; a clause about the program's own files says nothing to others."""
        clauses = _sentence(self._worded(hint)).split("；")
        return "；".join(clause for clause in clauses if not _OF_OURS.search(clause))

    def _subject(self, finding: Diagnostic) -> str:
        """Say what is wrong and, of a figure, where; an equation names its figures itself."""
        is_figure = finding.place.path[:1] and finding.place.path[0] in self.form.table_by_key
        if not is_figure or finding.detail:
            return _sentence(finding.message)
        return _sentence(f"{self._label(finding)}：{_KEY.sub('', finding.message)}")

    @cached_property
    def _rules(self) -> frozenset[str]:
        """The codes of equations: their message has both sides, their detail every addend."""
        return frozenset(rule.id for rule in self.form.rules)

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
        groups: dict[str, list[Entry]] = {
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
                about = filled(words[f"{kind}_entry"], self._about(entry))
                items.append(Paragraph(printable(f"{count}.{about}")))
        return self._document(words, known, "", items)

    def _about(self, entry: Entry) -> dict[str, Any]:
        """Return what the list may say of an office; a number that is 0 is not said."""
        points = sum(map(len, self._points(entry).values()))
        due = printed_day(entry.due.isoformat())
        late = entry.days_late
        return {"单位": entry.name, "处数": points, "期限日": due, "逾期天数": late}

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

    def _worded(self, point: str) -> str:
        """Take the codes out of a point, and put an office's words for the program's."""
        words: Mapping[str, Any] = self.words["return"]
        point = _EXPRESSION.sub(words["expression"], self._codes.sub("", point))
        for change in words.get("wording", ()):
            point = point.replace(change["from"], change["to"])
        return point

    @cached_property
    def _codes(self) -> re.Pattern[str]:
        """Codes in brackets: 「（T3-1、Y-1）」."""
        codes = "|".join(map(re.escape, sorted(self._catalogue, key=len, reverse=True)))
        return re.compile(f"（(?:{codes})(?:、(?:{codes}))*）")


_KEY = re.compile(r"^「[^」]*」：")
"""The key of a figure at the head of a message; its label says more."""
_OF_OURS = re.compile(r"nianbao|\.yaml")
"""What only a user of the program has."""
_EXPRESSION = re.compile(r"[^，；。]*\{\{[^}]*\}\}[^，；。]*")
"""A clause that tells how to write an expression: who has a letter has no program."""
_STOP = re.compile(r"。(?![^「]*」)")
"""A full stop that is not within a quotation."""


def _sentence(text: str) -> str:
    """Return a text as part of a sentence, whose stop the letter's own wording sets."""
    return _STOP.sub("；", text.rstrip("。；， "))


def _each_once(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Leave out what says the same of the same figures with fewer words of the report."""
    found: dict[tuple[object, ...], Diagnostic] = {}
    for number, finding in enumerate(findings):
        operands = tuple((item.label, item.value) for item in finding.related)
        key = (finding.code, finding.place.path, operands) if operands else (number,)
        if key not in found or len(found[key].message) < len(finding.message):
            found[key] = finding
    return list(found.values())
