"""Everything that can be said of a form without an office: for those who write forms.

Its files are loaded and verified, every rule is tried on its own counter-example, every case beside
it is tried, and what is missing is named: whoever writes a form elsewhere has what we have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.form import files
from generator.form.cases import Case, Expected, complete_office, path_of, read_cases
from generator.form.catalogue import catalogue
from generator.form.form import Form, Forms
from generator.form.gaps import gaps
from generator.form.letters import letter_words
from generator.form.rules import Rule
from generator.judging.trials import CannotChange, CompleteOffice, Trial, complete
from generator.reading.source import Unreadable
from generator.reading.workspace import reports_in
from generator.values.diagnostics import Diagnostic, KeyPath, Place, ordered

SILENT, WRONG = "E-6", "E-7"


@dataclass(frozen=True, slots=True)
class FormChecked:
    """What was found in a form, and how many rules and cases were tried."""

    form: int
    findings: tuple[Diagnostic, ...]
    rules: int = 0
    cases: int = 0


def check_forms(forms: Forms) -> Iterator[FormChecked]:
    """Yield what is found in each form, oldest first.

    Raises:
        source.Unreadable: what all forms share is wrong, or the head of one of them.
    """
    for name in files.LETTERS:
        letter_words(forms.shared, name)
    for number in forms.first_years:
        yield _checked(forms, number)


def _checked(forms: Forms, number: int) -> FormChecked:
    try:
        form = forms.load(number)
        cases = read_cases(form, set(catalogue(forms).entries))
        found = [*gaps(forms, form, cases)]
        if len(reports_in(complete_office(form))) < 2:
            place = Place(complete_office(form))
            message = "没有两个年度的完整示例（office.yaml 和两份报告），规则的反例没有试"
            return _of(forms, number, [*found, forms.known.finding(SILENT, place, message)])
        with complete(forms, form) as office:
            found += _Tried(forms, form, office).findings(cases)
    except Unreadable as error:
        return _of(forms, number, error.findings)
    return _of(forms, number, found, len(form.rules), len(cases))


def _of(
    forms: Forms,
    number: int,
    found: list[Diagnostic] | tuple[Diagnostic, ...],
    rules: int = 0,
    cases: int = 0,
) -> FormChecked:
    return FormChecked(number, tuple(ordered(forms.completed(found))), rules, cases)


class _Tried:
    """The trials of one form."""

    def __init__(self, forms: Forms, form: Form, office: CompleteOffice) -> None:
        self.form = form
        self.office = office
        self.finding = forms.known.finding

    def findings(self, cases: list[Case]) -> Iterator[Diagnostic]:
        yield from self._complete()
        for rule in self.form.rules:
            yield from self._counter_example(rule)
        for case in cases:
            yield from self._case(case)

    def _complete(self) -> Iterator[Diagnostic]:
        for examined in self.office.as_it_is():
            for found in _open(examined.findings):
                message = f"完整的示例上不应当有检查结果，现有 {found.code}：{found.message}"
                yield self.finding(WRONG, found.place, message)
            figures = examined.report.figures.values if examined.report else {}
            if absent := [path for path in self.form.figures if path not in figures]:
                named = "、".join(self.form.label(path) for path in absent[:3])
                message = f"完整的示例缺 {len(absent)} 个数：{named}{'……' if absent[3:] else ''}"
                yield self.finding(WRONG, Place(examined.at.file), message)

    def _counter_example(self, rule: Rule) -> Iterator[Diagnostic]:
        trial, refused = self._tried(rule.violated_by)
        found = [f for f in trial.examined.findings if f.code == rule.id] if trial else []
        if trial and found and _is_hit(found, trial.changed):
            return
        others = sorted({f.code for f in _open(trial.examined.findings)}) if trial else []
        said = f"只报告了 {'、'.join(others)}" if others else "什么也没有报告"
        where = "报告的却不是改动的地方" if found else said
        message = f"「{rule.id}」的反例没有引起它报告：{refused or where}"
        yield self.finding(SILENT, rule.place, message)

    def _case(self, case: Case) -> Iterator[Diagnostic]:
        trial, refused = self._tried(case.changes)
        if not trial:
            yield self.finding(WRONG, case.place, refused)
            return
        found = _open(trial.examined.findings)
        for expected in case.expected:
            if not any(self._is_expected(each, expected) for each in found):
                where = f"在「{expected.at}」" if expected.at else ""
                says = f"说「{expected.says}」的" if expected.says else ""
                message = f"应当{where}报告{says} {expected.rule}，没有报告"
                yield self.finding(WRONG, expected.place, message)
        for each in found:
            if not any(self._is_expected(each, expected) for expected in case.expected):
                message = f"不应当有的结果 {each.code}：{each.message}"
                yield self.finding(WRONG, case.place, message)

    def _tried(self, changes: object) -> tuple[Trial | None, str]:
        try:
            assert isinstance(changes, dict)
            return self.office.tried(changes), ""
        except CannotChange as error:
            return None, str(error)

    def _is_expected(self, found: Diagnostic, expected: Expected) -> bool:
        path = path_of(self.form, expected.at) if expected.at else ()
        return (
            found.code == expected.rule
            and found.place.path[: len(path)] == path
            and expected.says in found.message
        )


def _open(findings: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    return [finding for finding in findings if not finding.accepted]


def _is_hit(found: list[Diagnostic], changed: tuple[KeyPath, ...]) -> bool:
    """Whether findings speak of a place that was changed, or of one above or below it."""
    named = {f.place.path for f in found} | {item.place.path for f in found for item in f.related}
    return any(a[: len(b)] == b or b[: len(a)] == a for a in changed for b in named)
