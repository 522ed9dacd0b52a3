"""Runs a form's cross-checks on this year's and last year's figures.

A rule is data (``checks.yaml``); this module knows kinds of rules and none by its name. A rule
whose operand is missing is skipped with the reason: never passed, never failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from generator.diagnostics import Diagnostic, Place, Related
from generator.document import FigurePath
from generator.edition import Edition, Rule
from generator.report import Report

Number = int | Decimal

_RELATIONS: dict[str, tuple[Callable[[Number, Number], bool], str]] = {
    "equals": (lambda left, right: left == right, "应当等于"),
    "at_least": (lambda left, right: left >= right, "应当不小于"),
    "at_most": (lambda left, right: left <= right, "应当不大于"),
}
_PREVIOUS = "previous:"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A binding of a rule that could not be judged, and why."""

    rule: str
    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class _Term:
    """One addend of a side: where it stands, its value, ``None`` where it has none."""

    report: Report | None
    path: FigurePath
    value: Number | None

    def label(self) -> str:
        """Name the figure; a plain number names itself."""
        if self.report is None:
            return str(self.value)
        return self.report.edition.label(self.path)

    def place(self) -> Place:
        """Return where the figure stands in its own report's file."""
        assert self.report is not None
        return Place(self.report.at.file, self.path)


def check_figures(report: Report) -> tuple[list[Diagnostic], list[Skipped]]:
    """Return what the form's rules find in a report's figures, and which bindings were skipped."""
    findings: list[Diagnostic] = []
    skipped: list[Skipped] = []
    for rule in report.edition.rules:
        if rule.kind == "relation":
            for finding in _relation(rule, report):
                if isinstance(finding, Skipped):
                    skipped.append(finding)
                else:
                    findings.append(finding)
    return findings, skipped


def _relation(rule: Rule, report: Report) -> Iterator[Diagnostic | Skipped]:
    holds, words = _RELATIONS[rule.parameters["relation"]]
    for binding in _bindings(rule, report.edition):
        left = list(_terms(rule.parameters["left"], binding, report))
        right = list(_terms(rule.parameters["right"], binding, report))
        missing = [term for term in (*left, *right) if term.value is None]
        if missing:
            reason = f"「{missing[0].label()}」没有数"
            yield Skipped(rule.id, _first(left, right).place(), reason)
            continue
        total_left, total_right = _sum(left), _sum(right)
        if not holds(total_left, total_right):
            yield Diagnostic(
                rule.id,
                rule.level,
                _first(left, right).place(),
                f"{rule.title}：左边 {_equation(left)}；右边 {_equation(right)}；"
                f"{words}而相差 {abs(total_left - total_right)}",
                rule.hint,
                rule.basis,
                tuple(
                    Related(term.place(), term.label(), str(term.value))
                    for term in (*left, *right)
                    if term.report is not None
                ),
            )


def _first(left: list[_Term], right: list[_Term]) -> _Term:
    return next(term for term in (*left, *right) if term.report is not None)


def _sum(terms: list[_Term]) -> Number:
    return sum(term.value for term in terms if term.value is not None)


def _equation(terms: list[_Term]) -> str:
    """Write a side out: 12 + 0 = 12; zeros are left out of a long sum."""
    shown = [term for term in terms if term.value] if len(terms) > 4 else terms
    values = " + ".join(str(term.value) for term in shown) or "0"
    return values if len(shown) < 2 else f"{values} = {_sum(terms)}"


def _bindings(rule: Rule, edition: Edition) -> Iterator[Mapping[str, str]]:
    """Yield what ``each`` lets the rule's variable stand for, one after the other."""
    each: Mapping[str, Any] = rule.parameters.get("each", {})
    if not each:
        yield {}
        return
    ((name, domain),) = each.items()
    if isinstance(domain, list):
        values = [str(value) for value in domain]
    else:
        table_id, _, what = domain.partition(".")
        table = edition.tables[table_id]
        if what == "each":
            values = list(table.each)
        else:
            values = [".".join((table_id, *row[1:])) for row in table.rows]
    for value in values:
        yield {name: value}


def _terms(side: list[Any], binding: Mapping[str, str], report: Report) -> Iterator[_Term]:
    for written in side:
        if isinstance(written, int | Decimal):
            yield _Term(None, (), written)
            continue
        text = str(written)
        for name, value in binding.items():
            text = text.replace(f"${name}", value)
        subject: Report | None = report
        if text.startswith(_PREVIOUS):
            text = text.removeprefix(_PREVIOUS)
            subject = report.previous
        for path in expanded(text, (subject or report).edition):
            yield _Term(subject or report, path, subject.figures.get(path) if subject else None)


def expanded(text: str, edition: Edition) -> list[FigurePath]:
    """Return the figures that ``表三.本年新收.*`` means: ``*`` is every key but the total's."""
    table_id, *steps = text.split(".")
    table = edition.tables[table_id]
    found = [
        path
        for path in table.grid.figures
        if len(path) == len(steps) + 1
        and all(
            want == step or (want == "*" and step != table.total)
            for want, step in zip(steps, path[1:], strict=True)
        )
    ]
    return found or [(table.key, *steps)]
