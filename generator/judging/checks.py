"""Runs a form's cross-checks on this year's and last year's figures.

A rule is data (``rules``); this module knows kinds of rules and none by its name. A rule whose
operand is missing is skipped with the reason: never passed, never failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from generator.form.rules import Rule
from generator.judging.equations import Equations, Judged
from generator.judging.mending import Mend, mends
from generator.report.report import Report
from generator.values import keys
from generator.values.diagnostics import Diagnostic, Place, Severity
from generator.values.grid import FigurePath
from generator.values.numerals import digits


@dataclass(frozen=True, slots=True)
class Skipped:
    """A binding of a rule that could not be judged, and why."""

    rule: str
    place: Place
    reason: str


def check_figures(report: Report) -> tuple[list[Diagnostic], list[Skipped]]:
    """Return what the form's rules find in a report's figures, and which bindings were skipped."""
    equations = Equations(report)
    findings: list[Diagnostic] = []
    judged: list[Judged] = []
    for rule in report.form.rules:
        if rule.kind == "relation":
            judged += equations.judge(rule)
        elif rule.kind == "text":
            findings += _text(rule, equations)
        elif rule.kind == "predecessor":
            findings += _predecessor(rule, report)
    skipped = [
        Skipped(each.rule.id, _place(each, equations), each.reason)
        for each in judged
        if each.reason
    ]
    if any(each.holds is False for each in judged):
        reported = _Failures(judged, equations)
        findings += reported.findings()
        skipped += reported.skipped
    return findings, skipped


class _Failures:
    """The equations that fail, each reported once."""

    def __init__(self, judged: list[Judged], equations: Equations) -> None:
        self.judged = judged
        self.equations = equations
        self.report = equations.report
        certain = (each.rule.level is Severity.ERROR for each in judged if each.holds is False)
        self.mends = mends(judged, self.report) if any(certain) else {}
        self.fired: list[tuple[Judged, Mend | None]] = []
        self.skipped: list[Skipped] = []

    def findings(self) -> list[Diagnostic]:
        """Return the findings, and note what is passed over because it says the same."""
        found = []
        failing = [(each, self.mends.get(i)) for i, each in enumerate(self.judged)]
        for each, mend in failing:
            if each.holds is not False:
                continue
            if reason := self._said_before(each, mend):
                place = _place(each, self.equations)
                self.skipped.append(Skipped(each.rule.id, place, reason))
                continue
            self.fired.append((each, mend))
            found.append(self._finding(each, mend))
        return found

    def _said_before(self, each: Judged, mend: Mend | None) -> str:
        """Name the rule that has reported the same mistake already, if there is one."""
        for other, its_mend in self.fired:
            if other.rule.id in each.rule.after and (
                mend == its_mend if mend and its_mend else _paths(each) & _paths(other)
            ):
                return f"{other.rule.id} 已报告同一处"
            if other.rule is each.rule and all(map(self.report.is_computed, _paths(each))):
                return "各项都由程序计算，已在所填的数处报告"
        return ""

    def _finding(self, each: Judged, mend: Mend | None) -> Diagnostic:
        rule = each.rule
        place = _place(each, self.equations)
        hint = rule.hint
        if mend:
            place = replace(place, path=mend.path)
            label = self.report.form.label(mend.path)
            codes = dict.fromkeys(
                other.rule.id
                for i, other in enumerate(self.judged)
                if self.mends.get(i) == mend and other.holds is False
            )
            hint = (
                f"只改一个数就都能平衡（{'、'.join(codes)}）：「{label}」由 {digits(mend.old)} "
                f"改为 {digits(mend.new)}。先与台账核对；{hint}"
            )
        return Diagnostic(
            rule.id,
            rule.level,
            place,
            self.equations.message(each),
            hint,
            rule.basis,
            self.equations.related(each.comparison),
            detail=self.equations.working(each),
        )


def _paths(judged: Judged) -> set[FigurePath]:
    """Return the figures of this year that an equation is about."""
    return {term.path for term in judged.comparison.terms if term.path and not term.previous}


def _place(judged: Judged, equations: Equations) -> Place:
    """Return the first typed figure of an equation, or else the first one."""
    report = equations.report
    paths = [t.path for t in judged.comparison.terms if t.path and not t.previous]
    typed = [path for path in paths if path in report.figures.typed]
    return Place(report.at.file, (*typed, *paths, ())[0])


def _text(rule: Rule, equations: Equations) -> Iterator[Diagnostic]:
    """Compare what a part of the report says with figures that oblige it to say something."""
    report = equations.report
    if not all(equations.holds(condition) for condition in rule.conditions):
        return
    text = "\n".join(_strings(report.data.get(rule.part)))
    silent = not any(pattern.search(text) for pattern in rule.must_mention)
    wrong = next((m for pattern in rule.must_not_say if (m := pattern.search(text))), None)
    if (rule.must_mention and silent) or wrong:
        related = tuple(item for each in rule.conditions for item in equations.related(each))
        figures = "，".join(f"「{item.label}」是 {item.value}" for item in related)
        said = f"，文中却说「{wrong[0]}」" if wrong else "，文中没有提到"
        place = Place(report.at.file, (rule.part,))
        message = f"{rule.title}：{figures}{said}"
        yield Diagnostic(rule.id, rule.level, place, message, rule.hint, rule.basis, related)


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _predecessor(rule: Rule, report: Report) -> Iterator[Diagnostic]:
    """Say once which rules do not compare with last year because it was under another form."""
    previous = report.previous
    if previous and previous.form is not report.form:
        message = (
            f"{rule.title}：{previous.year} 年度用的是 {previous.form.id} 年格式，"
            f"{'、'.join(rule.not_compared)} 不作比较"
        )
        place = Place(report.at.file, (keys.FORM,), on_key=True)
        yield Diagnostic(rule.id, rule.level, place, message, rule.hint, rule.basis)
