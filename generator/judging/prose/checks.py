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
from generator.judging.prose.against_tables import figures
from generator.judging.prose.behind import behind_counts
from generator.judging.prose.changes import changes
from generator.judging.prose.claims import claims
from generator.judging.prose.fitness import patterns
from generator.judging.prose.kept import kept_from_last_year
from generator.judging.prose.length import length_of_part
from generator.judging.prose.pasted import lists, numbering
from generator.judging.prose.shares import rates, shares
from generator.judging.prose.speaker import speakers
from generator.judging.prose.sums import sums
from generator.judging.prose.unchecked import unchecked
from generator.judging.prose.understanding import Understanding, understand
from generator.judging.prose.wording import (
    charges,
    echoes,
    jumps,
    mentions,
    repetitions,
    unfinished,
)
from generator.judging.prose.years import years
from generator.report.narrative import Prose
from generator.report.report import Report
from generator.values.diagnostics import Diagnostic, KeyPath

Reading = Callable[[ProseRule, Understanding], Iterator[Diagnostic]]

MOST_OF_A_RULE = 50
"""Findings of one rule in one report. Nobody reads more, and a hostile text has thousands."""

_JUDGES: dict[str, tuple[Reading, ...]] = {
    "named_figures": (figures,),
    "changes": (changes,),
    "sums": (sums,),
    "shares": (shares,),
    "statements": (claims, behind_counts, rates),
    "mentions": (mentions,),
    "charges": (charges,),
    "jumps": (jumps,),
    "years": (years,),
    "patterns": (patterns,),
    "repetitions": (repetitions,),
    "echoes": (echoes,),
    "unfinished": (unfinished,),
    "lists": (lists,),
    "numbering": (numbering,),
    "length": (length_of_part,),
    "speaker": (speakers,),
    "kept": (kept_from_last_year,),
}


def check_prose(report: Report, rendered: Mapping[KeyPath, Prose]) -> list[Diagnostic]:
    """Return what the form's rules find in a report's rendered prose."""
    read = understand(report, rendered)
    return [] if read is None else list(_judged(read))


def _judged(read: Understanding) -> Iterator[Diagnostic]:
    for rule in read.report.form.prose_rules:
        for judge in _JUDGES.get(rule.kind, ()):
            yield from islice(judge(rule, read), MOST_OF_A_RULE)


def on_request(form: Form) -> list[str]:
    """Return the codes of what is listed only for those who ask for it."""
    return [rule.id for rule in form.prose_rules if rule.is_on_request]


def unchecked_numbers(report: Report, rendered: Mapping[KeyPath, Prose]) -> list[Diagnostic]:
    """Return the counts of a report's prose that nothing in the report confirms, with lines."""
    read = understand(report, rendered)
    if read is None:
        return []
    rules = [rule for rule in report.form.prose_rules if rule.is_on_request]
    found = [each for rule in rules for each in islice(unchecked(rule, read), MOST_OF_A_RULE)]
    return [finding.at(report.locate) for finding in found]
