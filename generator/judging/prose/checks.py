"""Runs a form's rules on prose over one report.

A rule is data (``prose.yaml``); its kind says which function reads it. Rules never see a quotation
or a title, and none of them is an error: a published report of good faith must build. Rules that
compare offices are run by ``across_offices``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from generator.form.form import Form
from generator.form.prose_rules import ProseRule
from generator.judging.prose.changes import changes
from generator.judging.prose.figures import named_figures
from generator.judging.prose.fitness import patterns
from generator.judging.prose.kept import kept_from_last_year
from generator.judging.prose.numbers import Numbers, unaccounted
from generator.judging.prose.passages import Passages
from generator.judging.prose.sums import sums
from generator.judging.prose.wording import (
    charges,
    echoes,
    jumps,
    mentions,
    repetitions,
    statements,
    unfinished,
)
from generator.judging.prose.years import years
from generator.report.narrative import Prose
from generator.report.report import Report
from generator.values.diagnostics import Diagnostic, KeyPath

Reading = Callable[[ProseRule, Numbers], Iterator[Diagnostic]]

MOST_OF_A_RULE = 50
"""Findings of one rule in one report. Nobody reads more, and a hostile text has thousands."""

# In this order: a change may speak of a figure that was named, and a sum leaves changes out.
_ACCOUNTING: dict[str, Reading] = {
    "named_figures": named_figures,
    "changes": changes,
    "sums": sums,
}
_OTHERS: dict[str, Reading] = {
    "mentions": mentions,
    "statements": statements,
    "charges": charges,
    "jumps": jumps,
    "years": years,
    "patterns": patterns,
    "repetitions": repetitions,
    "echoes": echoes,
    "unfinished": unfinished,
    "kept": kept_from_last_year,
}


def check_prose(report: Report, rendered: Mapping[KeyPath, Prose]) -> list[Diagnostic]:
    """Return what the form's rules find in a report's rendered prose."""
    return list(_run({**_ACCOUNTING, **_OTHERS}, report, _numbers(report, rendered)))


def on_request(form: Form) -> list[str]:
    """Return the codes of what is listed only for those who ask for it."""
    return [rule.id for rule in form.prose_rules if rule.is_on_request]


def unchecked_numbers(report: Report, rendered: Mapping[KeyPath, Prose]) -> list[Diagnostic]:
    """Return the counts of a report's prose that nothing in the report confirms, with lines."""
    numbers = _numbers(report, rendered)
    for _finding in _run(_ACCOUNTING, report, numbers):
        pass  # reported by check_prose; here the counts are only to be accounted for
    found = _run({"numbers": unaccounted}, report, numbers)
    return [finding.at(report.locate) for finding in found]


def _numbers(report: Report, rendered: Mapping[KeyPath, Prose]) -> Numbers | None:
    """Read the counts of a report, ``None`` when it has no prose or its form no rules on it."""
    rule = next((rule for rule in report.form.prose_rules if rule.kind == "numbers"), None)
    return Numbers(Passages(report, rendered), rule["units"]) if rule and rendered else None


def _run(
    readings: Mapping[str, Reading], report: Report, numbers: Numbers | None
) -> Iterator[Diagnostic]:
    if numbers is None:
        return
    for kind, read in readings.items():
        for rule in report.form.prose_rules:
            if rule.kind == kind:
                yield from islice(read(rule, numbers), MOST_OF_A_RULE)
